"""Which mapping, or which kind of open data, a source file is for: the one whose columns it has."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fnmatch import fnmatch
from functools import cached_property
from itertools import combinations
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers import EXTRACT
from scrutiny.importers.extract.header import fits
from scrutiny.importers.extract.mapping import MappingFile, alike, load_mapping
from scrutiny.importers.files.archives import SourceFile
from scrutiny.importers.files.cells import SourceTable, as_text
from scrutiny.importers.files.workbooks import CSV, WORKBOOKS, read_tables
from scrutiny.importers.open_data import home_office, ons, police_uk, stop_and_search, street
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
_HEADS = 50
"""Rows in which the names of columns are sought."""
_SHOWN = 3


@dataclass(frozen=True)
class Way:
    """A way to read a file: as open data of a kind, or as an extract by a mapping."""

    kind: str
    path: Path | None = None
    mapping: MappingFile | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return str(self.path) if self.path else self.kind

    @property
    def name(self) -> str:
        """By which `together_with` names it."""
        return self.path.stem if self.path else self.kind


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
            wanted = alike(mapping.sheet)
            shown = [table for table in self.tables if alike(table.sheet or "") == wanted]
            # A hidden sheet is read only by name.
            self._sheets[mapping.sheet] = shown or list(read_tables([self.source], mapping.sheet))
        return self._sheets[mapping.sheet]

    @cached_property
    def heads(self) -> set[str]:
        """The texts that may be names of columns."""
        rows = [row for table in self.tables for row in table.rows[:_HEADS]]
        return {alike(as_text(cell)) for _, cells in rows for cell in cells if isinstance(cell, str) and cell}


def mappings(project: Project) -> list[Way]:
    """Read all mappings of `data/mappings/`; raises WrongInput with all their mistakes."""
    ways: list[Way] = []
    problems: list[Problem] = []
    here = Path.cwd()
    folder = project.data / "mappings"
    paths = sorted(path for path in folder.glob("*") if path.suffix in (".yaml", ".yml"))
    for path in paths:
        shown = path.relative_to(here) if path.is_relative_to(here) else path
        try:
            ways.append(Way(EXTRACT, shown, load_mapping(shown, project.datapackage)[0]))
        except WrongInput as error:
            problems += error.problems
    names = [*(path.stem for path in paths), *_BY_COLUMNS]
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
    if named := _BY_NAME.get(police_uk.kind_of(source.name)):
        return [Way(named)]
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
    if mapping.files and not any(is_named(source, pattern) for pattern in mapping.files):
        what = f"its columns fit, but the mapping is for files named {' or '.join(mapping.files)}"
        return [Problem(what, place, "add its name to files in the mapping")]
    if not mapping.files and not mapping.columns and not mapping.values.get(mapping.wide_to):
        what = "its columns fit, but the mapping names none, so that other figures could look the same"
        return [Problem(what, place, f"add files to the mapping, such as files: [{name_of(source)!r}]")]
    return []


def _unknown(contents: _Contents, differences: Mapping[Way, Sequence[Problem]]) -> Problem:
    """Say that no mapping fits, and what differs from the nearest."""
    source = contents.source
    what = "this file is not recognised"
    instead = f"begin a mapping with scrutiny mapping {shlex.quote(source.name)}, or {_leave_out(source)}"
    way = max(differences, key=lambda way: _closeness(way, contents, differences[way]), default=None)
    if way is None or not _closeness(way, contents, differences[way])[0]:
        what += ": no mapping in data/mappings/ has one of its columns"
        return Problem(what, Location(source.name), instead)
    wrong = [problem.message for problem in differences[way]]
    if unknown := _unknown_columns(way, contents):
        told = "the mapping does not know the column {!r}"
        wrong += [told.format(name) for name in unknown if told.format(name) not in wrong]
    shown = "; ".join(wrong[:_SHOWN]) + ("; …" if len(wrong) > _SHOWN else "")
    hints = [problem.hint for problem in differences[way] if problem.hint]
    what += f"; nearest is {way}, but {shown}"
    return Problem(what, Location(source.name), "; ".join([*hints[:1], instead]))


def _closeness(way: Way, contents: _Contents, wrong: Sequence[Problem]) -> tuple[int, int, int]:
    """Judge how near a mapping is to a file: by the columns that both have, similar names, and what differs."""
    names = _named(way)
    same = names & contents.heads
    similar = sum(bool(get_close_matches(name, contents.heads)) for name in names - same)
    return len(same) or (not names and len(wrong) == 1), similar, -len(names) - len(wrong)


def _named(way: Way) -> set[str]:
    """Give the columns that a mapping needs."""
    return {alike(name) for name in way.mapping.needed} if way.mapping else set()


def _unknown_columns(way: Way, contents: _Contents) -> list[str]:
    """Give the names in the row with the most columns of a mapping that are unknown to it."""
    if way.mapping is None or way.mapping.wide or way.mapping.header_rows > 1:
        return []
    named = _named(way)
    known = named | {alike(name) for name in way.mapping.ignore}
    rows = [[as_text(cell) for cell in cells] for table in contents.tables for _, cells in table.rows[:_HEADS]]
    header = max(rows, key=lambda row: len(named & set(map(alike, row))), default=[])
    return [name for name in header if name and alike(name) not in known]


def _unclear(source: SourceFile, found: Sequence[Way], pair: tuple[Way, Way]) -> Problem:
    """Say that several ways fit, and in what two of them differ."""
    what = f"this file fits {' and '.join(str(way) for way in found)}"
    if all(way.mapping for way in pair):
        one, other = (way.mapping.model_dump() if way.mapping else {} for way in pair)
        differing = [name for name in one if one[name] != other[name] and name != "description"]
        what += f", which differ in {', '.join(differing)}" if differing else ", which say the same"
    instead = (
        f"say which is for it (files: [{name_of(source)!r}] in the mapping) or that both are "
        f"(together_with: [{pair[1].name}]), or {_leave_out(source)}"
    )
    return Problem(what, Location(source.name), instead)


def _belong_together(one: Way, other: Way) -> bool:
    return any(b.name in a.mapping.together_with for a, b in ((one, other), (other, one)) if a.mapping is not None)


def is_named(source: SourceFile, pattern: str) -> bool:
    """Whether a pattern, such as ``crime*.csv``, is for a file, by its name or its whole path."""
    names = (name_of(source).casefold(), source.name.casefold())
    return any(name == pattern.casefold() or fnmatch(name, pattern.casefold()) for name in names)


def name_of(source: SourceFile) -> str:
    """Give the name of a file without its folder or archive."""
    return re.split(r"[/\\]|: ", source.name)[-1]


def _leave_out(source: SourceFile) -> str:
    return f'leave it out with --leave-out "{name_of(source)}"'


def is_outcomes(source: SourceFile) -> bool:
    """Whether a file is of data.police.uk, and holds outcomes, of which no report has a figure."""
    return police_uk.kind_of(source.name) == _OUTCOMES
