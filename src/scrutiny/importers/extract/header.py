"""The header of an extract: where it is, and what each of its columns is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.mapping import PERIOD, MappingFile
from scrutiny.importers.extract.parse import read_period
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at, is_empty, plain
from scrutiny.statistics.periods import Period
from scrutiny.suggest import nearest

_SEARCHED = 50  # rows in which a header is sought


@dataclass(frozen=True)
class Header:
    """The header of a table."""

    body: int
    """Position of the first row below the header."""
    names: tuple[str, ...]
    position: Mapping[str, int]
    """Columns that the mapping names."""
    wide: Mapping[int, str | Period]
    """Columns of figures of a wide table, and what each is of."""


def without_footnotes(text: str, mapping: MappingFile) -> str:
    """Strip the marks of footnotes from a label."""
    before = ""
    while before != text:
        before = text
        for mark in mapping.footnotes:
            if text.endswith(mark) and text != mark:
                text = text.removesuffix(mark).rstrip(" ,")
    return text


def find_header(table: SourceTable, mapping: MappingFile) -> Header:
    """Find the header; raises WrongInput with every column that is missing, unknown, repeated or unnamed."""
    named = list(dict.fromkeys([*mapping.columns, *mapping.fill_down, *mapping.leave_out, *mapping.ignore]))
    required = [name for name in named if name not in mapping.ignore]
    first, names = _locate(table, mapping, required)
    position = _positions(table, names, named, required, first)
    problems: list[Problem] = []
    body = first + mapping.header_rows
    place = table.place(table.rows[body - 1][0])
    wide: dict[int, str | Period] = {}
    for column, name in enumerate(names):
        if column in position.values():
            continue
        if not name:
            if not all(is_empty(cell_at(cells, column)) for _, cells in table.rows[body:]):
                problems.append(_unnamed(table, column, first))
        elif mapping.wide is None:
            what = f"the mapping does not know the column {name!r}"
            problems.append(Problem(what, table.place(place.line, name), "add it to columns, or to ignore"))
        else:
            try:
                cell = table.rows[body - 1][1][column] if mapping.header_rows == 1 else name
                wide[column] = _read_wide(cell, name, mapping)
            except CellError as error:
                problems.append(error.at(table.place(place.line, name)))
    if mapping.wide and not wide and not problems:
        problems.append(Problem("there is no column of figures here", place, "check wide in the mapping"))
    if problems:
        raise WrongInput(problems)
    return Header(body, tuple(names), position, wide)


def fits(table: SourceTable, mapping: MappingFile) -> list[Problem]:
    """Say what keeps a mapping from reading a table's header; empty if it can."""
    try:
        find_header(table, mapping)
    except WrongInput as error:
        return list(error.problems)
    return []


def _locate(table: SourceTable, mapping: MappingFile, required: Sequence[str]) -> tuple[int, list[str]]:
    """Give the position of the header's first row, and the names in it."""
    count = mapping.header_rows
    if mapping.header_row is not None:
        for position, (row, _) in enumerate(table.rows):
            if row == mapping.header_row and position + count <= len(table.rows):
                return position, _names(table, position, mapping)
        what = f"row {mapping.header_row} is empty, but the mapping says the header is there"
        raise WrongInput(Problem(what, table.place(mapping.header_row), "correct header_row, or leave it out"))
    wanted = {plain(name) for name in required}

    def hits(candidate: tuple[int, list[str]]) -> int:
        return len(wanted & {plain(name) for name in candidate[1]})

    last = min(_SEARCHED, len(table.rows) - count + 1)
    candidates = ((position, _names(table, position, mapping)) for position in range(last))
    best = max(candidates, key=hits, default=None)
    if best is None or not hits(best):
        what = f"no row has the columns of the mapping: {', '.join(required)}"
        raise WrongInput(Problem(what, table.place(), "check columns in the mapping, and the file"))
    return best


def _names(table: SourceTable, first: int, mapping: MappingFile) -> list[str]:
    *above, last = table.rows[first : first + mapping.header_rows]
    width = max(len(cells) for _, cells in (*above, last))
    parts = [_spread(_texts(cells, width), table, row - 1) for row, cells in above]
    columns = zip(*parts, _texts(last[1], width), strict=True)
    return [without_footnotes(" ".join(filter(None, column)), mapping) for column in columns]


def _texts(cells: Sequence[CellValue], width: int) -> list[str]:
    return [as_text(cell_at(cells, column)) for column in range(width)]


def _spread(texts: list[str], table: SourceTable, row: int) -> list[str]:
    """Repeat the name above several columns for each: where cells are merged, or else empty."""
    spread = list(texts)
    if not table.merged:
        for column in range(1, len(spread)):
            spread[column] = spread[column] or spread[column - 1]
    for (top, left), (bottom, right) in table.merged:
        if top <= row <= bottom and left < len(texts):
            width = min(right + 1, len(texts)) - left
            spread[left : right + 1] = [texts[left] if top == row else ""] * width
    return spread


def _positions(
    table: SourceTable, names: Sequence[str], named: Sequence[str], required: Sequence[str], first: int
) -> dict[str, int]:
    """Find the columns that the mapping names; the others are checked once these are right."""
    row = table.rows[first][0]
    compared = [plain(name) for name in names]
    times = Counter(compared)
    position: dict[str, int] = {}
    problems: list[Problem] = []
    for name in named:
        if times[plain(name)] > 1:
            what = f"the column {name!r} occurs {times[plain(name)]} times"
            problems.append(Problem(what, table.place(row, name), "keep one"))
        if plain(name) in times:
            position[name] = compared.index(plain(name))
        elif name in required:
            others = [each for each in names if each]
            problems.append(Problem(f"the column {name!r} is missing", table.place(row), nearest(name, others)))
    if problems:
        raise WrongInput(problems)
    return position


def _unnamed(table: SourceTable, column: int, first: int) -> Problem:
    row = table.rows[first][0]
    where = table.place(row, f"column {letters(column)}")
    for (top, left), (_, right) in table.merged:
        if top == row - 1 and left <= column <= right:
            what = f"one name is merged over the columns {letters(left)} to {letters(right)}"
            instead = "unmerge the cells and name each column, or set header_rows if the names are below"
            return Problem(what, where, instead)
    return Problem("this column has data but no name", where, "name it, or delete what is in it")


def _read_wide(header: CellValue, name: str, mapping: MappingFile) -> str | Period:
    """Read what a column of figures is of, from its name or, in a one-row header, a real date."""
    if mapping.wide_to == PERIOD and mapping.period is not None:
        return read_period(name if isinstance(header, str) else header, mapping.period, mapping.dates)
    return translated(name, mapping.wide_to, mapping)


def translated(text: str, target: str, mapping: MappingFile) -> str:
    """Translate a label into the dataset's; raises CellError if the mapping translates others, but not it."""
    label = without_footnotes(text, mapping)
    translations = mapping.values.get(target)
    if translations is None:
        return label
    for source, value in translations.items():
        if plain(source) == plain(label):
            return value
    what = f"the mapping does not translate {label!r}"
    for source in translations:
        rest = plain(label).removeprefix(plain(source))
        if rest and rest != plain(label) and not re.search("[a-z]{2}", rest):
            raise CellError(what, f"if {rest.strip()!r} marks a footnote, add it to footnotes in the mapping")
    raise CellError(what, f"add it to values.{target}; {nearest(label, translations)}")


def letters(column: int) -> str:
    """Name a column, counted from 0, as a spreadsheet does: A, B, … AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
