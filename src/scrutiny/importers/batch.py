"""Source files of all kinds at once: recognised, read, compared with the datasets, all or none of them written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.importers import reader
from scrutiny.importers.files.archives import SourceFile, all_files
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.proposal import Proposal, propose
from scrutiny.importers.recognise import Way, is_named, is_outcomes, mappings, name_of, recognise
from scrutiny.inputs.project import Project
from scrutiny.suggest import nearest

_OF_SYSTEMS = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Batch:
    """What files are, and what an import of them would do; nothing is written while files are unread."""

    readings: Mapping[str, Sequence[str]]
    """Files, by the mapping or the kind of open data that reads them."""
    left_out: Sequence[str]
    unread: Sequence[Problem]
    """Files that are not recognised or cannot be read, and why."""
    proposal: Proposal


def take_in(project: Project, paths: Sequence[Path], options: Options, leave_out: Sequence[str] = ()) -> Batch:
    """Recognise the files in what a user named, read them, and compare all with the datasets; nothing is written.

    Raises WrongUse if there is no such file, or a day or quarter is needed, and WrongInput if a mapping of the
    project, or a dataset, is wrong.
    """
    if options.mapping:
        what = "--mapping is for extracts, but no kind of source is named"
        raise WrongUse(Problem(what, hint="write scrutiny import extract FILE --mapping …"))
    ways = mappings(project)
    readings: dict[Way, list[SourceFile]] = defaultdict(list)
    omitted: list[str] = []
    problems: list[Problem] = []
    sources = [source for source in all_files(paths) if not _is_of_system(source)]
    if not sources:
        raise WrongInput(Problem("there is no file here", Location(paths[0]), "look inside"))
    _require_matches(leave_out, sources)
    for source in sources:
        if is_outcomes(source) or any(is_named(source, pattern) for pattern in leave_out):
            omitted.append(source.name)
            continue
        try:
            for way in recognise(source, ways):
                readings[way].append(source)
        except WrongInput as error:
            problems += error.problems
    offers, unread = _read(project, readings, options)
    names = {str(way): [source.name for source in files] for way, files in readings.items()}
    return Batch(names, omitted, [*problems, *unread], propose(project, combined(offers)))


def combined(offers: Iterable[Offer]) -> list[Offer]:
    """Make one offer for each dataset of all that are for it."""
    by_dataset: dict[str, Offer] = {}
    for offer in offers:
        first = by_dataset.get(offer.dataset)
        by_dataset[offer.dataset] = offer if first is None else replace(
            first,
            rows=(*first.rows, *offer.rows),
            refused=(*first.refused, *offer.refused),
            notes=(*first.notes, *offer.notes),
        )  # fmt: skip
    return list(by_dataset.values())


def _read(
    project: Project, readings: Mapping[Way, Sequence[SourceFile]], options: Options
) -> tuple[list[Offer], list[Problem]]:
    """Read the files by their ways, those of one way together; give what they offer, and what cannot be read."""
    offers: list[Offer] = []
    unread: list[Problem] = []
    misuse: list[Problem] = []
    for way, files in readings.items():
        says = way.mapping is not None and way.mapping.says_when
        own = replace(options, mapping=way.path, as_at=None if says else options.as_at)
        try:
            offers += reader(way.kind)(project, files, own)
        except WrongUse as error:
            misuse += [replace(problem, location=Location(str(way))) for problem in error.problems]
        except WrongInput as error:
            unread += error.problems
    if misuse:
        raise WrongUse(misuse)
    return offers, unread


def _require_matches(patterns: Sequence[str], sources: Sequence[SourceFile]) -> None:
    names = [name_of(source) for source in sources]
    if problems := [
        Problem(f"--leave-out {pattern}: there is no such file among those named", hint=nearest(pattern, names))
        for pattern in patterns
        if not any(is_named(source, pattern) for source in sources)
    ]:
        raise WrongUse(problems)


def _is_of_system(source: SourceFile) -> bool:
    return name_of(source).casefold() in _OF_SYSTEMS
