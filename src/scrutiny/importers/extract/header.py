"""The header of an extract: where it is, and what each of its columns is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.header_names import names_of, texts_of
from scrutiny.importers.extract.labels import is_total, letters, translated
from scrutiny.importers.extract.mapping import PERIOD, MappingFile, alike, lettered
from scrutiny.importers.extract.parse import PeriodForm, read_period
from scrutiny.importers.extract.wide_columns import wrong_columns
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, cell_at, is_empty
from scrutiny.statistics.periods import Period
from scrutiny.suggest import nearest

_SEARCHED = 50  # rows in which a header is sought
_SHOWN = 3


@dataclass(frozen=True)
class Header:
    """The header of a table."""

    first: int
    """Position of its first row."""
    body: int
    """Position of the first row below the header."""
    names: tuple[str, ...]
    position: Mapping[str, int]
    """Columns that the mapping names."""
    wide: Mapping[int, str | Period]
    """Columns of figures of a wide table, and what each is of."""


def fits(table: SourceTable, mapping: MappingFile) -> list[Problem]:
    """Say what keeps a mapping from reading a table's header; empty if it can."""
    try:
        find_header(table, mapping)
    except WrongInput as error:
        return list(error.problems)
    return []


def find_header(table: SourceTable, mapping: MappingFile) -> Header:
    """Find the header; raises WrongInput with every column that is missing, unknown, repeated or unnamed."""
    first, names = _locate(table, mapping)
    position = _positions(table, names, mapping, first)
    known = {*position.values(), *_ignored(names, mapping)}
    body = first + mapping.header_rows
    line = table.rows[body - 1][0]
    problems: list[Problem] = []
    unknown: list[int] = []
    wide: dict[int, str | Period] = {}
    for column in (column for column in range(len(names)) if column not in known):
        name = names[column]
        if not name:
            if not all(is_empty(cell_at(cells, column)) for _, cells in table.rows[body:]):
                problems.append(_unnamed(table, column, first, body))
        elif mapping.wide is None:
            unknown.append(column)
        else:
            try:
                cell = table.rows[body - 1][1][column] if mapping.header_rows == 1 else name
                wide[column] = _read_wide(cell, name, mapping)
            except CellError as error:
                problems.append(error.at(table.place(line, name)))
    problems += _unknown(table, line, [names[column] for column in unknown], mapping)
    problems += wrong_columns(table, first, names, wide, mapping)
    if mapping.wide and not wide and not problems:
        what = "there is no column of figures here"
        problems.append(Problem(what, table.place(line), "check wide in the mapping"))
    if problems:
        raise WrongInput(problems)
    return Header(first, body, tuple(names), position, wide)


def _locate(table: SourceTable, mapping: MappingFile) -> tuple[int, list[str]]:
    """Give the position of the header's first row, and the names in it."""
    count = mapping.header_rows
    if mapping.header_row is not None:
        for position, (row, _) in enumerate(table.rows):
            if row == mapping.header_row and position + count <= len(table.rows):
                return position, names_of(table, position, mapping)
        what = f"row {mapping.header_row} is empty, but the mapping says the header is there"
        raise WrongInput(Problem(what, table.place(mapping.header_row), "correct header_row, or leave it out"))
    required = [name for name in mapping.needed if lettered(name) is None]
    wanted = {alike(name) for name in required}
    last = min(_SEARCHED, len(table.rows) - count + 1)
    candidates = [(position, names_of(table, position, mapping)) for position in range(last)]
    hits = [len(wanted & {alike(name) for name in names}) for _, names in candidates]
    most = max(hits, default=0)
    if not most:
        what = f"no row has the columns of the mapping: {', '.join(required)}"
        raise WrongInput(Problem(what, table.place(), "check columns in the mapping, and the file"))
    best = hits.index(most)
    for other in range(best - count + 1):
        if hits[other] > 1 and len(list(filter(None, candidates[other][1]))) > 2:
            one, two = table.rows[other][0], table.rows[best][0]
            what = f"two rows look like the header: {one} and {two}"
            raise WrongInput(Problem(what, table.place(one), "say in the mapping which it is, as header_row"))
    return candidates[best]


def _positions(table: SourceTable, names: list[str], mapping: MappingFile, first: int) -> dict[str, int]:
    """Find the columns that the mapping needs; the others are checked once these are right."""
    row = table.rows[first][0]
    compared = [alike(name) for name in names]
    times = Counter(compared)
    position: dict[str, int] = {}
    problems: list[Problem] = []
    for name in mapping.needed:
        at = lettered(name)
        if times[alike(name)] > 1:
            what = f"the column {name!r} occurs {times[alike(name)]} times"
            problems.append(Problem(what, table.place(row, name), "keep one"))
        elif alike(name) in times:
            position[name] = compared.index(alike(name))
        elif at is not None:
            names.extend([""] * (at + 1 - len(names)))
            position[name] = at
            if names[at]:
                what = f"the {name} has a name: {names[at]!r}"
                problems.append(Problem(what, table.place(row, name), "write that in the mapping"))
        else:
            problems.append(_missing(table, name, names, first, mapping))
    for name in mapping.join:
        if alike(name) in times:
            what = f"the file has a column {name!r}, but the mapping joins others to one of this name"
            problems.append(Problem(what, table.place(row, name), "choose another name under join"))
    if problems:
        raise WrongInput(problems)
    return position


def _missing(table: SourceTable, name: str, names: Sequence[str], first: int, mapping: MappingFile) -> Problem:
    body = first + mapping.header_rows
    what = f"the column {name!r} is missing"
    instead = nearest(name, [each for each in names if each])
    below = table.rows[body][1] if body < len(table.rows) else ()
    if alike(name) in map(alike, texts_of(below)):
        instead = f"it stands one row below: set header_rows to {mapping.header_rows + 1} in the mapping"
    return Problem(what, table.place(table.rows[first][0]), instead)


def _ignored(names: Sequence[str], mapping: MappingFile) -> set[int]:
    unwanted = {alike(name) for name in mapping.ignore}
    by_letter = {lettered(name) for name in mapping.ignore}
    return {at for at, name in enumerate(names) if (alike(name) in unwanted if name else at in by_letter)}


def _unnamed(table: SourceTable, column: int, first: int, body: int) -> Problem:
    row = table.rows[first][0]
    where = table.place(row, f"column {letters(column)}")
    for (top, left), (_, right) in table.merged:
        if top == row - 1 and left <= column <= right:
            what = f"one name is merged over the columns {letters(left)} to {letters(right)}"
            instead = "unmerge the cells and name each column, or set header_rows if the names are below"
            return Problem(what, where, instead)
    what = "this column has data but no name"
    below = texts_of(table.rows[body][1], column + 1)[column]
    if below and not any(map(str.isdigit, below)):
        instead = f"if its name is {below!r}, set header_rows to {body - first + 1} in the mapping"
    else:
        instead = f'name it, in the mapping as "column {letters(column)}", or delete what is in it'
    return Problem(what, where, instead)


def _unknown(table: SourceTable, line: int, names: Sequence[str], mapping: MappingFile) -> Iterable[Problem]:
    """Tell of columns that nothing names, together if they are periods side by side."""
    for form in get_args(PeriodForm):
        dated = [name for name in names if _is_period(name, form, mapping)]
        if len(dated) > 1:
            shown = ", ".join(dated[:_SHOWN]) + (", …" if len(dated) > _SHOWN else "")
            what = f"{len(dated)} columns are named by periods, but the mapping does not know them: {shown}"
            instead = f"if figures stand below, write wide: {{to: period}} and period: {form} in the mapping"
            yield Problem(what, table.place(line), instead)
            names = [name for name in names if name not in dated]
    for name in names:
        what = f"the mapping does not know the column {name!r}"
        yield Problem(what, table.place(line, name), "add it to columns, or to ignore")


def _is_period(name: str, form: PeriodForm, mapping: MappingFile) -> bool:
    try:
        read_period(name, form, mapping.dates)
    except CellError:
        return False
    return True


def _read_wide(header: CellValue, name: str, mapping: MappingFile) -> str | Period:
    """Read what a column of figures is of, from its name or, in a one-row header, a real date."""
    try:
        if mapping.wide_to == PERIOD and mapping.period is not None:
            return read_period(name if isinstance(header, str) else header, mapping.period, mapping.dates)
        return translated(name, mapping.wide_to, mapping)
    except CellError as error:
        if is_total(name):
            raise CellError(error.message, "if it is a total of the others, add it to ignore") from None
        raise
