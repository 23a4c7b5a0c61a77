"""The data of two tables or figures compared cell by cell, by row head and column head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from scrutiny.review.diff import words
from scrutiny.review.diff.amounts import figure_of
from scrutiny.review.diff.contents import Grid

Cell = tuple[str, str, str | None, str | None]
"""Where it is, the head of its column, and what it says on either side; None where a side has no such thing."""

_Key = tuple[tuple[str, ...], int]


def compared(before: Grid, after: Grid) -> Iterator[Cell]:
    """Give the cells that differ, and the rows and columns that only one side has.

    Parameters
    ----------
    before, after : Grid
        Rows are found again by what their first columns say, as many of them as tell them apart.
    """
    heads = [list(grid[0]) if grid else [] for grid in (before, after)]
    columns, renamed = _columns(*heads)
    for old, new in renamed:
        yield "head of a column", "", old, new
    for position, side in enumerate((before, after)):
        there = {pair[position] for pair in columns}
        for column, head in enumerate(heads[position]):
            if column not in there:
                told = "; ".join(row[column] for row in side[1:])
                yield f"column {head}", head, *_on_side(position, told)
    width = _width(before, after)
    rows = [_by_key(grid[1:], width) for grid in (before, after)]
    shared = [key for key in rows[0] if key in rows[1]]
    again = [key for key in rows[1] if key in rows[0]]
    if shared != again:
        yield "order of the rows", "", "; ".join(map(_named, shared)), "; ".join(map(_named, again))
    places = [{key: place for place, key in enumerate(side)} for side in rows]
    # In one order from either side.
    for key in sorted(
        {*rows[0], *rows[1]}, key=lambda one: (min(side[one] for side in places if one in side), one)
    ):
        if key not in rows[0] or key not in rows[1]:
            position = 0 if key in rows[0] else 1
            told = "; ".join(rows[position][key][width:])
            yield f"row {_named(key)}", "", *_on_side(position, told)
            continue
        for column, other in columns:
            old, new = rows[0][key][column], rows[1][key][other]
            if old != new:
                head = " / ".join(sorted({heads[0][column], heads[1][other]}))
                yield f"row {_named(key)}, column {head}", head, old, new


def _on_side(position: int, text: str) -> tuple[str | None, str | None]:
    return (text, None) if position == 0 else (None, text)


def _columns(before: Sequence[str], after: Sequence[str]) -> tuple[list[tuple[int, int]], list[tuple[str, str]]]:
    """Pair columns by their heads; of those left, the ones whose heads are much alike, and the first two."""
    known, others = _counted(before), _counted(after)
    pairs = [(column, others[head]) for head, column in known.items() if head in others]
    left = {head: column for head, column in known.items() if head not in others}
    over = {head: column for head, column in others.items() if head not in known}
    renamed = []
    if left and over and 0 in left.values() and 0 in over.values():
        renamed.append((left.pop(before[0]), over.pop(after[0])))
    for head, other in words.paired(list(left), list(over)):
        if head is not None and other is not None:
            renamed.append((left[head], over[other]))
    return sorted([*pairs, *renamed]), [(before[one], after[other]) for one, other in renamed]


def _counted(heads: Sequence[str]) -> dict[str, int]:
    """Find the columns of heads; one that has occurred before is numbered."""
    seen: Counter[str] = Counter()
    found = {}
    for column, head in enumerate(heads):
        seen[head] += 1
        found[f"{head} ({seen[head]})" if seen[head] > 1 else head] = column
    return found


def _width(*grids: Grid) -> int:
    """Give how many of the first columns tell the rows of each apart, none of figures; one, where none do."""
    for width in range(1, min(map(_words, grids)) + 1):
        if all(len({row[:width] for row in grid[1:]}) == len(grid[1:]) for grid in grids):
            return width
    return 1


def _words(grid: Grid) -> int:
    """Give how many columns stand before the first that has a figure."""
    columns = zip(*grid[1:], strict=True)
    return sum(1 for _ in takewhile(lambda cells: not any(map(figure_of, cells)), columns))


def _by_key(rows: Sequence[tuple[str, ...]], width: int) -> dict[_Key, tuple[str, ...]]:
    seen: Counter[tuple[str, ...]] = Counter()
    found = {}
    for row in rows:
        head = row[:width]
        found[head, seen[head]] = row
        seen[head] += 1
    return found


def _named(key: _Key) -> str:
    head, earlier = key
    name = ", ".join(head)
    return f"{name} ({earlier + 1})" if earlier else name
