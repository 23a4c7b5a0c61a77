"""Tables compared cell by cell: those of Markdown that notebooks show, and those of CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from scrutiny.review.verify.findings import Difference

Grid = Sequence[Sequence[str]]
"""Rows of cells; the first holds the heads of the columns, the first cell of each the head of the row."""

_BETWEEN = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\(.)")
_DRESSED = re.compile(r"^(?:\*\*(?P<strong>.*)\*\*|\[(?P<part>.*)\]\{\.part\})$", re.DOTALL)


def of_markdown(text: str) -> tuple[Grid, str]:
    """Part a pipe table, as plain text, from what stands around it."""
    lines = text.split("\n")
    rows = [line for line in lines if line.startswith("|")]
    rest = "\n".join(line for line in lines if not line.startswith("|")).strip()
    # The second line says how columns are aligned.
    return [_cells(line) for position, line in enumerate(rows) if position != 1], rest


def of_csv(text: str) -> Grid:
    """Read CSV; what is none is one cell a line."""
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [[line] for line in text.split("\n")]


def size(grid: Grid) -> int:
    """Count the cells below the heads."""
    return sum(len(row) for row in grid[1:])


def cell_differences(here: Grid, again: Grid) -> Iterator[Difference]:
    """Name each cell that differs by the heads of its row and column."""
    if not here or not again:
        if list(here) != list(again):
            yield Difference("the table", _whole(here), _whole(again))
        return
    heads, known = here[0], again[0]
    if len(heads) != len(known):
        yield Difference("the heads of the columns", " | ".join(heads), " | ".join(known))
        return
    for position, (one, other) in enumerate(zip(heads, known, strict=True), start=1):
        if one != other:
            yield Difference(f"the head of column {position}", one, other)
    for place, row, right in _paired(here[1:], again[1:]):
        if row is None or right is None:
            whole = row or right or []
            text = " | ".join(whole)
            what = f"row {_named(whole, place)}"
            yield Difference(what, None if row is None else text, None if right is None else text)
            continue
        if len(row) != len(right):
            yield Difference(f"row {_named(right, place)}", " | ".join(row), " | ".join(right))
            continue
        for position, (one, other) in enumerate(zip(row, right, strict=True)):
            if one != other:
                column = known[position] if position < len(known) else ""
                head = f"the head of row {place}" if position == 0 else f"row {_named(right, place)}"
                yield Difference(head if position == 0 else f"{head}, column {column or position + 1}", one, other)


def _paired(here: Grid, again: Grid) -> Iterator[tuple[int, Sequence[str] | None, Sequence[str] | None]]:
    """Pair the rows: by position where there are as many, or else by their heads."""
    if len(here) == len(again):
        yield from ((place, *rows) for place, rows in enumerate(zip(here, again, strict=True), start=1))
        return
    heads = [row[:1] and row[0] for row in here], [row[:1] and row[0] for row in again]
    for _, start, end, begin, stop in SequenceMatcher(None, *heads, autojunk=False).get_opcodes():
        if end - start == stop - begin:
            yield from ((start + at + 1, here[start + at], again[begin + at]) for at in range(end - start))
            continue
        yield from ((at + 1, here[at], None) for at in range(start, end))
        yield from ((at + 1, None, again[at]) for at in range(begin, stop))


def _named(row: Sequence[str], place: int) -> str:
    return row[0] if row and row[0] else str(place)


def _whole(grid: Grid) -> str | None:
    return "\n".join(" | ".join(row) for row in grid) if grid else None


def _cells(line: str) -> list[str]:
    cells = []
    for cell in _BETWEEN.split(line.strip())[1:-1]:
        text = cell.strip()
        if dressed := _DRESSED.match(text):
            text = dressed["strong"] if dressed["strong"] is not None else dressed["part"]
        cells.append(_ESCAPED.sub(r"\1", text))
    return cells
