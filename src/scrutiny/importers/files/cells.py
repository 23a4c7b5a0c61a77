"""Tables of cells as a source file has them, before a mapping says what they mean."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrutiny.errors import Location, Problem, WrongInput

MOST_COLUMNS = 1_000
"""Columns that a table may have; a stray cell at the right edge of a sheet makes 16,384 of it."""


@dataclass(frozen=True)
class Flaw:
    """A cell that has no usable value: a formula without a stored value, or an error."""

    message: str
    hint: str

    def __str__(self) -> str:
        return ""


class CellError(ValueError):
    """A cell that cannot be read, with what to write instead; its column where the caller cannot know it."""

    def __init__(self, message: str, hint: str, column: str = "") -> None:
        super().__init__(message)
        self.message, self.hint, self.column = message, hint, column

    def at(self, place: Location) -> Problem:
        """Give the problem at a place."""
        return Problem(self.message, place, self.hint)


CellValue = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | Flaw
"""What a cell may contain; an empty one is ""."""


@dataclass(frozen=True)
class SourceTable:
    """A CSV file or a sheet of a workbook."""

    name: str
    """As its user would name it, with the sheet: ``extract.xlsx, sheet Data``."""
    rows: Sequence[tuple[int, Sequence[CellValue]]]
    """The rows that are not empty: the line or row of the file, counted from 1, and its cells."""
    sheet: str | None = None
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = field(default=(), repr=False)
    """First and last row and column of merged cells, counted from 0."""

    def place(self, row: int | None = None, column: str | None = None) -> Location:
        """Give a place in it."""
        return Location(self.name, row, column)


def cell_at(cells: Sequence[CellValue], column: int) -> CellValue:
    """Give a cell of a row, which may be shorter than its table."""
    return cells[column] if column < len(cells) else ""


def as_text(cell: CellValue) -> str:
    """Write a cell as visible text; see `visible`."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return visible(cell) if isinstance(cell, str) else str(cell)


def visible(text: str) -> str:
    """Give a text with single spaces, also in place of control characters and those that change its direction."""
    seen = (" " if unicodedata.category(character) in ("Cc", "Cf") else character for character in text)
    return " ".join("".join(seen).split())


def plain(text: str) -> str:
    """Give a text for comparison: regardless of capitals and kinds of dash and quotation mark."""
    return text.translate(_ALIKE).casefold()


_ALIKE = {ord(sign): "-" for sign in "‐‑‒–—−"} | {ord(sign): "'" for sign in "‘’`"}


def is_empty(cell: CellValue) -> bool:
    """Whether a cell has nothing visible in it."""
    return not isinstance(cell, Flaw) and as_text(cell) == ""


def require_columns(width: int, place: Location) -> None:
    """Refuse a table with more columns than `MOST_COLUMNS`; raises WrongInput."""
    if width > MOST_COLUMNS:
        what = f"this has {width:,} columns, but a table may have at most {MOST_COLUMNS:,}"
        raise WrongInput(Problem(what, place, "delete what is far to the right of the table"))
