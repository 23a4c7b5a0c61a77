"""Tables of cells as a source file has them, before a mapping says what they mean."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import groupby
from typing import Literal

from scrutiny.errors import Location, Problem, WrongInput

MOST_COLUMNS = 1_000
"""Columns that a table may have; a stray cell at the right edge of a sheet makes 16,384 of it."""
SIGNIFICANT = 15
"""Digits of a number that a spreadsheet shows; it keeps 33.8 as 33.799999999999997."""

TimeForm = Literal["m:ss", "h:mm", "h:mm:ss"]


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


@dataclass(frozen=True)
class Time:
    """A time in a workbook, which keeps 10:12 as 10 hours and 12 minutes whatever its typist meant."""

    seconds: Decimal
    shown: TimeForm | None
    """The form in which the sheet shows the whole of it; None if it hides a part, or shows it in another form."""
    text: str
    """As the sheet shows it; its hours, minutes and seconds if that is not known."""

    def __str__(self) -> str:
        return self.text


class Serial1904(int):
    """A whole number in a workbook that counts its days from 1 January 1904: not a day as others have it."""


CellValue = str | int | float | bool | dt.date | dt.datetime | Time | Flaw
"""What a cell may contain; an empty one is "", and a percentage of a workbook text, as shown: 67.2%."""


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
    hidden_rows: frozenset[int] = field(default=frozenset(), repr=False)
    """Rows with data that the sheet does not show, because of a filter or otherwise, counted from 1."""
    hidden_columns: frozenset[int] = field(default=frozenset(), repr=False)
    """Columns that the sheet does not show, counted from 0."""
    file_notes: tuple[str, ...] = field(default=(), repr=False)
    """What has to be told of the file it is in, whatever the table is taken for."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell of hidden rows and columns, for a reader who takes them all the same, and of the file."""
        hidden = [
            f"{what} ({len(found)})"
            for found, what in ((self.hidden_rows, "rows"), (self.hidden_columns, "columns"))
            if found
        ]
        return (
            *self.file_notes,
            *([f"read, though hidden in {self.name}: {', '.join(hidden)}"] if hidden else []),
        )

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


def as_shown(number: Decimal) -> Decimal:
    """Round to the digits that a spreadsheet shows: 33.799999999999997 is 33.8."""
    return Context(prec=SIGNIFICANT, rounding=ROUND_HALF_UP).plus(number)


def joined(runs: Iterable[tuple[str, str]]) -> str:
    """Join the runs of a rich text, each with "superscript", "subscript" or "", its marks set apart: "104 [2]".

    Not apart are "1st", and what is lowered behind a letter, as in H2O.
    """
    text = ""
    for place, group in groupby(runs, key=lambda run: run[1]):
        part = "".join(run for run, _ in group)
        mark, before = part.strip(), text.rstrip()
        if not mark or not place:
            text += part
        elif not before:
            text = f"{part} "  # the number of a footnote, before its text
        elif (before[-1].isdigit() and mark in _ORDINAL) or (place == "subscript" and before[-1].isalpha()):
            text += part
        else:
            text = f"{before} {mark if mark[0] in '([' else f'[{mark}]'}"
    return text


_ORDINAL = ("st", "nd", "rd", "th")


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
