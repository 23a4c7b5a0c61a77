"""What a table looks like before any mapping: where its header is, and what kind of cells each column has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.header_names import names_of
from scrutiny.importers.extract.labels import is_total
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.extract.parse import PeriodForm, read_day, read_period
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at, is_empty

ABSENT = {"n/a": "x", "na": "x", "..": "x", "-": "z", "*": "c", "[x]": "x", "[z]": "z", "[c]": "c"}
"""Entries that often say that there is no figure, and what they mostly mean."""
_FIGURE = re.compile(r"£?[-−]?[0-9][0-9,]*(?:\.[0-9]+)?\s?%?(?P<mark>\s?(?:\(?[a-z]\)?|[*†‡]))?")
_TIME = re.compile(r"[0-9]+:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?")
FOOTNOTE = re.compile(r"\S.*?\s*(?P<mark>\[[0-9]+\]|\*+|[¹²³])$")
_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y")
_HEADER_WITHIN = 50
_ROWS_OF_HEADER = 3


@dataclass(frozen=True)
class Column:
    """A column: its name, its cells in the rows of data, and whether these are figures."""

    name: str
    cells: Sequence[CellValue]
    is_figures: bool

    @property
    def texts(self) -> list[str]:
        """The different texts in it, in their order."""
        return list(dict.fromkeys(filter(None, map(as_text, self.cells))))


@dataclass(frozen=True)
class Shape:
    """A table with its header found."""

    table: SourceTable
    first: int
    header_rows: int
    columns: Sequence[Column]
    below: Sequence[str]
    """Rows that have no figure but a text alone, as notes have."""

    @property
    def above(self) -> Sequence[tuple[int, Sequence[CellValue]]]:
        """The rows above the header."""
        return self.table.rows[: self.first]


def is_time(cell: CellValue) -> bool:
    """Whether a cell is a time, such as 10:12."""
    return isinstance(cell, dt.time | dt.timedelta) or bool(_TIME.fullmatch(as_text(cell)))


def is_figure(cell: CellValue) -> bool:
    """Whether a cell looks like a figure."""
    if isinstance(cell, bool | dt.date):
        return False
    return isinstance(cell, int | float) or is_time(cell) or bool(_FIGURE.fullmatch(as_text(cell)))


def mark_of(cell: CellValue) -> str:
    """Give the mark after a figure, such as (p); empty if there is none."""
    found = _FIGURE.fullmatch(cell) if isinstance(cell, str) else None
    return (found["mark"] or "").strip() if found else ""


def look_at(table: SourceTable) -> Shape:
    """Find the header of a table; raises WrongInput if it has no row of figures below names."""
    rows = [cells for _, cells in table.rows]
    body = next((at for at in range(1, min(len(rows), _HEADER_WITHIN)) if _is_data(rows, at)), None)
    if body is None:
        what = "no row of figures is below a row of names"
        raise WrongInput(Problem(what, table.place(), "keep the names of the columns, and a row of figures"))
    count = next((count for count in range(1, _ROWS_OF_HEADER + 1) if _is_whole(table, body, count)), 1)
    names = names_of(table, body - count, _stub(count))
    figures = [[is_figure(cell) or as_text(cell).casefold() in ABSENT for cell in row] for row in rows[body:]]
    data = [row for row, found in zip(rows[body:], figures, strict=True) if any(found)]
    below = [
        texts[0]
        for row, found in zip(rows[body:], figures, strict=True)
        if not any(found) and len(texts := [as_text(cell) for cell in row if not is_empty(cell)]) == 1
    ]
    columns = []
    for at, name in enumerate(names):
        cells = [cell_at(row, at) for row in data]
        filled = [cell for cell in cells if not is_empty(cell)]
        count_of = sum(is_figure(cell) or as_text(cell).casefold() in ABSENT for cell in filled)
        columns.append(Column(name, cells, bool(filled) and 2 * count_of > len(filled)))
    return Shape(table, body - count, count, columns, below)


def period_form(cells: Sequence[CellValue], name: str = "") -> tuple[PeriodForm | None, tuple[str, ...], bool]:
    """Tell how the periods in cells are written, with formats of days, and whether these could be others.

    None if not all are periods. The name of the column tells a month from the 12 months to it.
    """
    cells = [cell for cell in cells if not is_empty(cell) and not is_total(as_text(cell))]
    to_a_month = re.search(r"\byear\b|\b12 ?m|\bye\b|\bto\b|ending", name, re.IGNORECASE)
    forms = sorted(get_args(PeriodForm), key=lambda form: form == "year_to" if not to_a_month else form == "month")
    for form in forms if cells else ():
        fitting = [dates for dates in ((), *((each,) for each in _DATES)) if _are_periods(cells, form, dates)]
        if fitting:
            return form, fitting[0], len(fitting) > 1 and fitting[0] != ()
    return None, (), False


def _are_periods(cells: Sequence[CellValue], form: PeriodForm, dates: Sequence[str]) -> bool:
    try:
        for cell in cells:
            read_period(cell, form, dates)
    except CellError:
        return False
    return True


def _is_data(rows: Sequence[Sequence[CellValue]], at: int) -> bool:
    """Whether a row has a figure under a name; years, which may be names themselves, only below a text."""
    for column, cell in enumerate(rows[at]):
        above = cell_at(rows[at - 1], column)
        if is_figure(cell) and not is_empty(above) and (not _is_year(cell) or not _is_year(above)):
            return not is_figure(above) or _is_year(above)
    return False


def _is_year(cell: CellValue) -> bool:
    return bool(re.fullmatch("20[0-9]{2}", as_text(cell)))


def _is_whole(table: SourceTable, body: int, count: int) -> bool:
    """Whether so many rows of header name each column with data once, and months with their years."""
    if body < count:
        return False
    names = names_of(table, body - count, _stub(count))
    filled = [name for at, name in enumerate(names) if not is_empty(cell_at(table.rows[body][1], at))]
    bare = [name for name in filled if re.fullmatch("[A-Za-z]{3,9}", name) and period_form([f"{name} 2020"])[0]]
    return all(filled) and len(set(filled)) == len(filled) and not bare


def _stub(header_rows: int) -> MappingFile:
    return MappingFile.model_construct(header_rows=header_rows, footnotes=())


def day_of(cell: CellValue) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a cell is a day, and how it is written."""
    for dates in ((), ("%d/%m/%Y",), ("%d %B %Y",), ("%d.%m.%Y",)):
        try:
            read_day(cell, dates)
        except CellError:
            continue
        return True, dates
    return False, ()


def without_mark(text: str) -> str:
    """Give a label without the mark of a footnote."""
    found = FOOTNOTE.fullmatch(text)
    return text.removesuffix(found["mark"]).rstrip() if found else text


def beginning_of(text: str) -> str:
    """Give how a note begins: up to a colon, its mark, or what stands before a number."""
    found = re.match(r"\[[0-9]+\]|\*+|[^:0-9]{3,30}?:|[^:0-9]{3,40}?(?=\s+[0-9])", text)
    return found[0].strip() if found else text
