"""Names in the rows of a header: joined over several rows, and spread over the columns they are above."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from scrutiny.importers.extract.labels import without_footnotes
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.files.cells import CellValue, SourceTable, as_text, cell_at


def texts_of(cells: Sequence[CellValue], width: int = 0) -> list[str]:
    """Give the cells of a row as text, at least so many."""
    return [as_text(cell_at(cells, column)) for column in range(max(width, len(cells)))]


def names_of(table: SourceTable, first: int, mapping: MappingFile) -> list[str]:
    """Give the names of the columns in a header that begins at the position `first`."""
    *above, last = table.rows[first : first + mapping.header_rows]
    width = max(len(cells) for _, cells in (*above, last))
    parts = [_spread(texts_of(cells, width), table, row) for row, cells in above]
    columns = zip(*parts, texts_of(last[1], width), strict=True)
    # A name that is only spread over a column is not its own.
    own = [
        any(map(as_text, column)) for column in zip_longest(*(cells for _, cells in (*above, last)), fillvalue="")
    ]
    names = (" ".join(filter(None, column)) for column in columns)
    return [without_footnotes(name, mapping) if is_own else "" for name, is_own in zip(names, own, strict=True)]


def guessed_spans(table: SourceTable, first: int, rows: int) -> Iterator[tuple[str, range]]:
    """Give labels above the last row of a header and the columns they seem to be for, unless cells are merged."""
    above = table.rows[first : first + rows - 1]
    width = max((len(cells) for _, cells in table.rows[first : first + rows]), default=0)
    for row, cells in above:
        if _merges(table, row):
            continue
        texts = texts_of(cells, width)
        starts = [column for column, text in enumerate(texts) if text]
        for start, end in zip(starts, [*starts[1:], width], strict=True):
            yield texts[start], range(start, end)


def _merges(table: SourceTable, row: int) -> list[tuple[int, int, bool]]:
    """Give first and last columns of cells that are merged sideways in a row, and whether they begin there."""
    return [
        (left, right, top == row - 1)
        for (top, left), (bottom, right) in table.merged
        if top <= row - 1 <= bottom and left < right
    ]


def _spread(texts: list[str], table: SourceTable, row: int) -> list[str]:
    """Repeat the name above several columns for each: where cells are merged, or else empty."""
    spread = list(texts)
    merges = _merges(table, row)
    for left, right, begins in merges:
        if left < len(texts):
            width = min(right + 1, len(texts)) - left
            spread[left : right + 1] = [texts[left] if begins else ""] * width
    if not merges:
        for column in range(1, len(spread)):
            spread[column] = spread[column] or spread[column - 1]
    return spread
