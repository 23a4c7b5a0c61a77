"""Where text stands in a chart so that it covers nothing: computed from sizes, and the same on each run.

Lengths are in points (1/72 inch).
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import fmean

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from scrutiny.analysis.charts import style

_ROUNDING = 0.01
LINE_HEIGHT = style.SMALLEST_TEXT * 1.4


@dataclass(frozen=True)
class Flag:
    """A text beside the top of a vertical line: to its right or left, at a height above the axes."""

    to_right: bool
    height: float


def height(texts: Iterable[str]) -> float:
    """Measure the text of the most lines."""
    return max(text.count("\n") + 1 for text in texts) * LINE_HEIGHT


@cache
def width(text: str, size: float = style.SMALLEST_TEXT, weight: str = "normal") -> float:
    """Measure the longest line of a text."""
    font = FontProperties(family=style.FONT, size=size, weight=weight)
    return max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in text.split("\n"))


def wrapped(text: str, room: float, size: float = style.SMALLEST_TEXT) -> str:
    """Break a text into lines no wider than `room`, at blanks where that is possible."""
    text = re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
    for most in range(len(text), 0, -1):
        lines = textwrap.fill(text, most)
        if width(lines, size) <= room:
            break
    return lines


def spread(
    levels: Sequence[float], gap: float, low: float = float("-inf"), high: float = float("inf")
) -> list[float]:
    """Move levels as little as leaves a gap between each and the next, and all from `low` to `high`.

    By pooling adjacent violators.
    """
    order = sorted(range(len(levels)), key=levels.__getitem__)
    pools: list[list[float]] = []
    for rank, position in enumerate(order):
        pools.append([levels[position] - rank * gap])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    last = high - (len(levels) - 1) * gap
    placed = [max(low, min(fmean(pool), last)) for pool in pools for _ in pool]
    return [placed[rank] + rank * gap for rank in sorted(range(len(order)), key=order.__getitem__)]


def flags(
    lines: Sequence[float], sizes: Sequence[tuple[float, float]], left: float, right: float
) -> list[Flag] | None:
    """Place a text beside the top of each of several vertical lines, so that no line crosses a text.

    Parameters
    ----------
    lines : sequence of float
        Where they are, in ascending order.
    sizes : sequence of tuple of float
        Width and height of their texts.
    left, right : float
        Between these is room.

    Returns
    -------
    list of Flag or None
        The first to the right of their lines and the others to the left; None where that cannot be.
    """
    for firsts in range(len(lines) + 1):
        spans = [
            (line, line + wide) if at < firsts else (line - wide, line)
            for at, (line, (wide, _)) in enumerate(zip(lines, sizes, strict=True))
        ]
        if any(start < left - _ROUNDING or end > right + _ROUNDING for start, end in spans):
            continue
        rights, lefts = range(firsts), range(firsts, len(lines))
        # Of each side, from the text into which no other line of it reaches to that with the highest line.
        for below, above in ((lefts, rights[::-1]), (rights[::-1], lefts)):
            if not any(spans[low][0] <= lines[high] <= spans[low][1] for low in below for high in above):
                heights = _stacked([*below, *above], spans, sizes)
                return [Flag(at < firsts, height) for at, height in enumerate(heights)]
    return None


def _stacked(
    order: Sequence[int], spans: Sequence[tuple[float, float]], sizes: Sequence[tuple[float, float]]
) -> list[float]:
    """Put each text, in a given order, above those before it that it would overlap."""
    heights = [0.0] * len(order)
    for position, at in enumerate(order):
        under = [
            one for one in order[:position] if spans[one][0] <= spans[at][1] and spans[at][0] <= spans[one][1]
        ]
        heights[at] = max((heights[one] + sizes[one][1] for one in under), default=0.0)
    return heights
