"""Tables read from CSV and Markdown, and compared by the heads of their rows and columns."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from scrutiny.review.compare import Difference, Pair, merge_order, pair_texts
from scrutiny.statistics.wording import MINUS

Grid = tuple[tuple[str, ...], ...]
"""Rows of cells, all of one length; the first row holds the heads of the columns."""
QUANTITY = re.compile(
    rf"(?P<sign>[+\-{MINUS}]?)(?P<pound>£?)(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"[ \u00a0]?(?P<unit>%|pp|min|sec|m)?(?:[ \u00a0]\[[a-z]\])*"
)
"""A number as a report prints it, with its unit and symbols such as [p]."""

_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\(.)")
_STYLED = re.compile(r"^(?:\*\*(?P<strong>.*)\*\*|\[(?P<part>.*)\]\{\.part\})$", re.DOTALL)
_Head = tuple[tuple[str, ...], int]
"""The head of a row or column, and how many before it have the same."""


def plain_caption(text: str) -> str:
    """Give a caption without its Markdown."""
    return _ESCAPED.sub(r"\1", text.replace("**", ""))


def parse_csv(text: str) -> Grid:
    """Read CSV; raises `csv.Error` if it is malformed."""
    return _grid(csv.reader(io.StringIO(text, newline=""), strict=True))


def parse_pipe_table(text: str) -> tuple[Grid, str]:
    """Read a Markdown table as plain text, and leave what stands around it as it is."""
    lines = text.split("\n")
    rows = [line for line in lines if line.startswith("|")]
    rest = "\n".join(line for line in lines if not line.startswith("|")).strip()
    # The second line gives the alignment of the columns.
    return _grid(map(_plain_cells, rows[:1] + rows[2:])), rest


def _plain_cells(line: str) -> Iterator[str]:
    for cell in _BETWEEN_CELLS.split(line.strip())[1:-1]:
        text = cell.strip()
        if styled := _STYLED.match(text):
            text = styled["part"] if styled["strong"] is None else styled["strong"]
        yield _ESCAPED.sub(r"\1", text)


def _grid(rows: Iterable[Iterable[str]]) -> Grid:
    made = [tuple(row) for row in rows]
    width = max(map(len, made), default=0)
    return tuple(row + ("",) * (width - len(row)) for row in made)


def compare_grids(before: Grid, after: Grid) -> Iterator[Difference]:
    """Name the cells that differ by the heads of row and column, and the rows and columns of one side alone.

    The head of a row is as many columns, of those before the first with figures, as it takes to tell rows apart.
    """
    if not before or not after:
        if before != after:
            old, new = ("\n".join(map(" | ".join, grid)) or None for grid in (before, after))
            yield Difference("the table", old, new)
        return
    columns, renamed = _pair_columns(before[0], after[0])
    for old, new in renamed:
        yield Difference("head of a column", old, new)
    for position, grid in enumerate((before, after)):
        paired = {pair[position] for pair in columns}
        for column, head in enumerate(grid[0]):
            if column not in paired:
                cells = "; ".join(row[column] for row in grid[1:])
                yield Difference(f"column {head}", *_on_side(position, cells), head)
    width = _head_width(before, after)
    rows = [
        dict(zip(_number_repeats(row[:width] for row in grid[1:]), grid[1:], strict=True))
        for grid in (before, after)
    ]
    orders = [[head for head in one if head in other] for one, other in (rows, reversed(rows))]
    if orders[0] != orders[1]:
        yield Difference("order of the rows", *("; ".join(map(_name, order)) for order in orders))
    for key in merge_order(*rows):
        row = f"row {_name(key)}"
        if key not in rows[0] or key not in rows[1]:
            position = 0 if key in rows[0] else 1
            yield Difference(row, *_on_side(position, "; ".join(rows[position][key][width:])))
            continue
        for column, other in columns:
            old, new = rows[0][key][column], rows[1][key][other]
            if old != new:
                head = " / ".join(sorted({before[0][column], after[0][other]}))
                yield Difference(f"{row}, column {head or column + 1}", old, new, head)


def _on_side(position: int, text: str) -> Pair:
    return (text, None) if position == 0 else (None, text)


def _pair_columns(
    before: Sequence[str], after: Sequence[str]
) -> tuple[list[tuple[int, int]], list[tuple[str, str]]]:
    """Pair columns by their heads; of the rest, the first columns, and those whose heads are similar.

    Gives the positions of paired columns, and the pairs of heads that differ.
    """
    known, others = (
        {_name(head): column for column, head in enumerate(_number_repeats((head,) for head in heads))}
        for heads in (before, after)
    )
    pairs = [(column, others[head]) for head, column in known.items() if head in others]
    left = {head: column for head, column in known.items() if head not in others}
    right = {head: column for head, column in others.items() if head not in known}
    renamed = []
    if 0 in left.values() and 0 in right.values():
        renamed.append((left.pop(before[0]), right.pop(after[0])))
    renamed += [(left[one], right[other]) for one, other in pair_texts(list(left), list(right)) if one and other]
    return sorted([*pairs, *renamed]), [(before[one], after[other]) for one, other in renamed]


def _head_width(before: Grid, after: Grid) -> int:
    """Count the columns that tell the rows of each side apart; 1 where none do."""
    for width in range(1, min(map(_columns_of_words, (before, after))) + 1):
        if all(len({row[:width] for row in grid[1:]}) == len(grid[1:]) for grid in (before, after)):
            return width
    return 1


def _columns_of_words(grid: Grid) -> int:
    """Count the columns before the first that has a figure."""
    columns = zip(*grid[1:], strict=True)
    return sum(1 for _ in takewhile(lambda cells: not any(map(QUANTITY.fullmatch, cells)), columns))


def _number_repeats(heads: Iterable[tuple[str, ...]]) -> Iterator[_Head]:
    seen: Counter[tuple[str, ...]] = Counter()
    for head in heads:
        yield head, seen[head]
        seen[head] += 1


def _name(key: _Head) -> str:
    head, earlier = key
    return f"{', '.join(head)} ({earlier + 1})" if earlier else ", ".join(head)
