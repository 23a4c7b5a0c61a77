"""CSV for readers: the data of a table or figure, to open in a spreadsheet or to read by a program."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from scrutiny.statistics.arithmetic import Number, round_half_away
from scrutiny.statistics.datum import Datum

_FORMULA = re.compile(r"[=+@-]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_PLACES = 6
"""Enough decimal places to tell figures apart in any unit of the report."""


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Write cells of text as CSV, with commas and "\n"; numbers have to be as `number` writes them.

    White space becomes single blanks, so that a row is a line; what a spreadsheet would take for a formula is
    preceded by an apostrophe.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_inert(cell) for cell in row] for row in (header, *rows))
    return text.getvalue()


def number(figure: Number) -> str:
    """Write a number for a program, rounded to six decimal places at most: "159838", "-0.5"."""
    return f"{round_half_away(figure, _PLACES):f}".rstrip("0").rstrip(".")


def figure(datum: Datum) -> str:
    """Write a figure for a program, or the symbol in its place: "[x]"."""
    return datum.marked("") if datum.number is None else number(datum.number)


def _inert(cell: str) -> str:
    text = " ".join(cell.split())
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
