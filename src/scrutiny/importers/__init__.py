"""Importing data: source files of several kinds become rows of the project's datasets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.errors import Problem, WrongInput, WrongUse
from scrutiny.importers.files.archives import Given
from scrutiny.importers.offer import Offer, Options
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter
from scrutiny.suggest import nearest

if TYPE_CHECKING:
    from scrutiny.importers.proposal import Proposal


__all__ = ["KINDS", "Offer", "Options", "Reader", "parse_options", "reader", "take_in", "write"]

Reader = Callable[[Project, Sequence[Given], Options], list[Offer]]
"""Reads a project's source files of one kind; raises WrongInput if it cannot."""

EXTRACT = "extract"
KINDS: Mapping[str, str] = {
    EXTRACT: "scrutiny.importers.extract.extract",
    "home-office-prc": "scrutiny.importers.open_data.home_office",
    "police-uk-stop-and-search": "scrutiny.importers.open_data.stop_and_search",
    "police-uk-street": "scrutiny.importers.open_data.street",
    "ons-pfa": "scrutiny.importers.open_data.ons",
}
"""Kinds of source files, and the module that reads each, imported on demand."""


def reader(kind: str) -> Reader:
    """Give the reader of a kind; raises WrongUse if there is no such kind."""
    if kind not in KINDS:
        raise WrongUse(Problem(f"{kind!r} is not a kind of source file", hint=nearest(kind, KINDS)))
    found: Reader = import_module(KINDS[kind]).read

    def read(project: Project, files: Sequence[Given], options: Options) -> list[Offer]:
        return [offer.of_kind(kind) for offer in found(project, files, options)]

    return read


def parse_options(mapping: Path | None, as_at: str | None, quarter: str | None) -> Options:
    """Parse what a user typed; raises WrongUse if the day or the quarter is wrong."""
    problems: list[Problem] = []
    options = Options(mapping)
    try:
        options = replace(options, as_at=date.fromisoformat(as_at) if as_at else None)
    except ValueError:
        problems.append(Problem(f"--as-at {as_at!r} is not a date", hint="write it as 2020-10-05"))
    try:
        options = replace(options, quarter=Quarter.parse(quarter) if quarter else None)
    except ValueError as error:
        problems.append(Problem(str(error), hint="write --quarter 2020-21-Q2"))
    if problems:
        raise WrongUse(problems)
    return options


def split_kind(words: Sequence[str]) -> tuple[str | None, list[Path]]:
    """Tell the kind, if one is named, from the files; raises WrongUse if no file is named."""
    first, *others = words
    # A misspelt kind is told from a file by its look: neither a path nor a name with an ending.
    is_kind = first in KINDS or not (Path(first).exists() or re.search(r"[./\\]", first))
    if not is_kind:
        return None, [Path(word) for word in words]
    reader(first)
    if not others:
        raise WrongUse(Problem("no file is named", hint=f"write scrutiny import {first} FILE"))
    return first, [Path(word) for word in others]


def take_in(
    project: Project, kind: str, files: Sequence[Path], options: Options, leave_out: Sequence[str] = ()
) -> Proposal:
    """Read source files and compare them with the datasets; nothing is written.

    Raises WrongUse if there is no such kind or file, or an option does not fit, and WrongInput if a file cannot be
    read at all or a dataset is wrong already.
    """
    from scrutiny.importers.proposal import propose

    read = reader(kind)
    if leave_out:
        what = "--leave-out is for files that are to be recognised, and a kind is named"
        raise WrongUse(Problem(what, hint="name just the files to read"))
    if options.mapping and kind != EXTRACT:
        what = f"--mapping is for extracts; {kind} files say themselves what they hold"
        raise WrongUse(Problem(what, hint="leave it out"))
    return propose(project, read(project, files, options))


def write(
    proposal: Proposal, *, without_refused: bool, on: date | None = None, unread: Sequence[Problem] = ()
) -> tuple[Path, ...]:
    """Write what is proposed, imported on a day, today unless given, all or nothing; give the files replaced.

    Raises WrongInput if a file cannot be replaced, a source file is unread, or something is refused and the user
    did not agree to omit it.
    """
    if unread:
        count = len({str(problem.location.file) for problem in unread if problem.location})
        files = "a file is" if count == 1 else f"{count:,} files are"
        what = f"nothing is written, because {files} not taken"
        raise WrongInput(Problem(what, hint="see above; what is not needed is left out with --leave-out NAME"))
    if proposal.refused and not without_refused:
        count = len(proposal.refused)
        refused = "1 figure or row is" if count == 1 else f"{count:,} figures or rows are"
        what = f"nothing is written, because {refused} refused"
        raise WrongInput(Problem(what, hint="correct them, or add --without-refused to write the others"))
    return proposal.write(on)
