"""Source files of all kinds at once: each is recognised by the mapping, or the open data, whose columns it has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cached_property
from itertools import combinations
from pathlib import Path

from scrutiny.errors import Location, Problem, ScrutinyError, WrongInput, WrongUse
from scrutiny.importers import EXTRACT, reader
from scrutiny.importers.extract.header import fits
from scrutiny.importers.extract.mapping import MappingFile, load_mapping
from scrutiny.importers.files.archives import SourceFile, all_files
from scrutiny.importers.files.cells import SourceTable, as_text, plain, visible
from scrutiny.importers.files.workbooks import CSV, WORKBOOKS, read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data import home_office, ons, police_uk, stop_and_search, street
from scrutiny.importers.proposal import Proposal, propose
from scrutiny.inputs.project import Project
from scrutiny.suggest import nearest

_BY_COLUMNS = {
    "home-office-prc": home_office.recognises,
    "ons-pfa": ons.recognises,
    "police-uk-stop-and-search": stop_and_search.recognises,
    "police-uk-street": street.recognises,
}
_BY_NAME = {"street": "police-uk-street", "stop-and-search": "police-uk-stop-and-search"}
_OUTCOMES = "outcomes"
_OF_SYSTEMS = ("thumbs.db", "desktop.ini")
_HEADS = 50
"""Rows in which the names of columns are sought."""
_SHOWN = 3


@dataclass(frozen=True)
class Way:
    """A way to read a file: as open data of a kind, or as an extract by a mapping."""

    kind: str
    path: Path | None = None
    mapping: MappingFile | None = None

    def __str__(self) -> str:
        return str(self.path) if self.path else self.kind

    @property
    def name(self) -> str:
        """By which `together_with` names it."""
        return self.path.stem if self.path else self.kind


@dataclass(frozen=True)
class Batch:
    """What files are, and what an import of them would do; nothing is written while there are problems."""

    readings: Mapping[str, Sequence[str]]
    """Files, by the mapping or the kind of open data that reads them."""
    left_out: Sequence[str]
    problems: Sequence[Problem]
    """Files that are not recognised, or cannot be read at all."""
    proposal: Proposal


@dataclass
class _Contents:
    """The tables of a file, read when they are needed."""

    source: SourceFile
    _sheets: dict[str, list[SourceTable]] = field(default_factory=dict)

    @cached_property
    def tables(self) -> list[SourceTable]:
        return list(read_tables([self.source]))

    def of(self, mapping: MappingFile) -> list[SourceTable]:
        """Give the tables that the reader of a mapping gets; raises WrongInput if there is no such sheet."""
        if mapping.sheet is None or self.source.suffix in CSV:
            return self.tables
        if mapping.sheet not in self._sheets:
            wanted = plain(visible(mapping.sheet))
            shown = [table for table in self.tables if plain(table.sheet or "") == wanted]
            # A hidden sheet is read only by name.
            self._sheets[mapping.sheet] = shown or list(read_tables([self.source], mapping.sheet))
        return self._sheets[mapping.sheet]

    @cached_property
    def heads(self) -> set[str]:
        """The texts that may be names of columns."""
        rows = [row for table in self.tables for row in table.rows[:_HEADS]]
        return {plain(as_text(cell)) for _, cells in rows for cell in cells if isinstance(cell, str) and cell}


def take_in(project: Project, paths: Sequence[Path], options: Options, leave_out: Sequence[str] = ()) -> Batch:
    """Recognise the files in what a user named, read them, and compare all with the datasets; nothing is written.

    Raises WrongUse if there is no such file, or a day or quarter is needed, and WrongInput if a mapping of the
    project, or a dataset, is wrong.
    """
    ways = mappings(project)
    readings: dict[Way, list[SourceFile]] = defaultdict(list)
    omitted, problems = [], []
    sources = [source for source in all_files(paths) if not _is_of_system(source)]
    if not sources:
        raise WrongInput(Problem("there is no file here", Location(paths[0]), "look inside"))
    _require_matches(leave_out, sources)
    for source in sources:
        named = police_uk.kind_of(source.name)
        if any(_is_named(source, pattern) for pattern in leave_out) or named == _OUTCOMES:
            omitted.append(source.name)
            continue
        try:
            for way in [Way(_BY_NAME[named])] if named else recognise(source, ways):
                readings[way].append(source)
        except WrongInput as error:
            problems += error.problems
    offers, unread = _read(project, readings, options)
    names = {str(way): [source.name for source in files] for way, files in readings.items()}
    return Batch(names, omitted, [*problems, *unread], propose(project, combined(offers)))


def mappings(project: Project) -> list[Way]:
    """Read all mappings of `data/mappings/`; raises WrongInput with all their mistakes."""
    ways, problems = [], []
    here = Path.cwd()
    folder = project.data / "mappings"
    for path in sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml")):
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        try:
            ways.append(Way(EXTRACT, shown, load_mapping(shown, project.datapackage)[0]))
        except WrongInput as error:
            problems += error.problems
    names = [*(way.name for way in ways), *_BY_COLUMNS]
    for way in ways:
        for name in way.mapping.together_with if way.mapping else ():
            if name not in names or name == way.name:
                what = f"there is no other mapping or kind of open data {name!r}"
                problems.append(Problem(what, Location(str(way), column="together_with"), nearest(name, names)))
    if problems:
        raise WrongInput(problems)
    return ways


def recognise(source: SourceFile, mapped: Sequence[Way]) -> list[Way]:
    """Give the ways to read a file: one, or several that say themselves that they belong together.

    Raises WrongInput if there is none, with what differs from the nearest mapping, or if it is not clear which.
    """
    place = Location(source.name)
    if source.suffix not in (*CSV, *WORKBOOKS):
        ending = f"its name ends in {source.suffix}" if source.suffix else "its name has no ending"
        instead = f"save it as CSV or XLSX, or {_leave_out(source)}"
        raise WrongInput(Problem(f"this kind of file cannot be read: {ending}", place, instead))
    contents = _Contents(source)
    found = [Way(kind) for kind, recognises in _BY_COLUMNS.items() if recognises(contents.tables)]
    differences = {way: _differences(way.mapping, contents) for way in mapped if way.mapping}
    fitting = [way for way, wrong in differences.items() if not wrong]
    # A mapping that names the file is for it, whatever others have the same columns.
    by_name = [way for way in fitting if way.mapping and way.mapping.files]
    found = by_name or [*found, *fitting]
    if not found:
        raise WrongInput(_unknown(contents, differences))
    unclear = [pair for pair in combinations(found, 2) if not _belong_together(*pair)]
    if unclear:
        raise WrongInput(_unclear(source, found, unclear[0]))
    return found


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


def _differences(mapping: MappingFile, contents: _Contents) -> list[Problem]:
    """Say what keeps a file from being read by a mapping; nothing if it has its columns."""
    source = contents.source
    place = Location(source.name)
    try:
        filled = [table for table in contents.of(mapping) if table.rows]
        if not filled:
            return [Problem("this workbook is empty, or has only hidden sheets", place, "export it again")]
        if len(filled) > 1:
            names = ", ".join(table.sheet or "" for table in filled)
            what = f"this workbook has {len(filled)} sheets: {names}"
            return [Problem(what, place, "name the one to read in the mapping, as sheet: …")]
    except WrongInput as error:
        return list(error.problems)
    if problems := fits(filled[0], mapping):
        return problems
    if mapping.files and not any(_is_named(source, pattern) for pattern in mapping.files):
        what = f"its columns fit, but the mapping is for files named {' or '.join(mapping.files)}"
        return [Problem(what, place, "add its name to files in the mapping")]
    if not mapping.files and not mapping.columns and not mapping.values.get(mapping.wide_to):
        what = "its columns fit, but the mapping names none, so that other figures could look the same"
        return [Problem(what, place, f"add files to the mapping, such as files: [{_name(source)!r}]")]
    return []


def _unknown(contents: _Contents, differences: Mapping[Way, Sequence[Problem]]) -> list[Problem]:
    """Say that no mapping fits, and what differs from the nearest."""
    source = contents.source
    what = "this file is not recognised"
    instead = f"begin a mapping with scrutiny mapping {source.name}, or {_leave_out(source)}"

    def closeness(way: Way) -> tuple[int, int]:
        names = {plain(name) for name in (*way.mapping.columns, *way.mapping.leave_out)} if way.mapping else set()
        common = len(names & contents.heads) or not names
        return common, -len(differences[way]) - len(names - contents.heads)

    way = max(differences, key=closeness, default=None)
    if way is None or not closeness(way)[0]:
        what += "; no mapping in data/mappings/ has one of its columns"
        return [Problem(what, Location(source.name), instead)]
    told = [Problem(f"{what}; nearest is {way}, but:", Location(source.name), instead)]
    return [*told, *differences[way]]


def _unclear(source: SourceFile, found: Sequence[Way], pair: tuple[Way, Way]) -> Problem:
    """Say that several ways fit, and in what two of them differ."""
    what = f"this file fits {' and '.join(str(way) for way in found)}"
    if all(way.mapping for way in pair):
        one, other = (way.mapping.model_dump() if way.mapping else {} for way in pair)
        differing = [name for name in one if one[name] != other[name] and name != "description"]
        what += f", which differ in {', '.join(differing)}" if differing else ", which say the same"
    instead = (
        f"say which is for it (files: [{_name(source)!r}] in the mapping) or that both are "
        f"(together_with: [{pair[1].name}]), or {_leave_out(source)}"
    )
    return Problem(what, Location(source.name), instead)


def _belong_together(one: Way, other: Way) -> bool:
    return any(
        b.name in a.mapping.together_with for a, b in ((one, other), (other, one)) if a.mapping is not None
    )


def _require_matches(patterns: Sequence[str], sources: Sequence[SourceFile]) -> None:
    names = [_name(source) for source in sources]
    if problems := [
        Problem(f"--leave-out {pattern}: there is no such file among those named", hint=nearest(pattern, names))
        for pattern in patterns
        if not any(_is_named(source, pattern) for source in sources)
    ]:
        raise WrongUse(problems)


def _is_named(source: SourceFile, pattern: str) -> bool:
    """Whether a pattern, such as ``crime*.csv``, is for a file, by its name or its whole path."""
    names = (_name(source).casefold(), source.name.casefold())
    return any(name == pattern.casefold() or fnmatch(name, pattern.casefold()) for name in names)


def _name(source: SourceFile) -> str:
    return re.split(r"[/\\]|: ", source.name)[-1]


def _is_of_system(source: SourceFile) -> bool:
    return _name(source).casefold() in _OF_SYSTEMS


def _leave_out(source: SourceFile) -> str:
    return f'leave it out with --leave-out "{_name(source)}"'
