"""What is drawn into charts: axes, labels, events, and the marks of made-up figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scrutiny.analysis.charts import style
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Baseline
from scrutiny.statistics import wording
from scrutiny.statistics.periods import long_date


def count_axis(axes: Axes, headroom: float = 0.08) -> None:
    """Begin the vertical axis at 0, with whole numbers and thousands commas, and drop the labels of both axes.

    `headroom` is the space above the highest figure, as a part of it.
    """
    axes.margins(y=headroom)
    axes.set_ylim(bottom=0)
    axes.set(xlabel="", ylabel="")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.number(round(level))))


def draw_limits(axes: Axes, data: pd.DataFrame, until: float | None = None) -> dict[str, float]:
    """Draw mean and limits, each stretch of months from its first point to where the next begins.

    The last stretch ends with its last point, or at `until` on the horizontal axis.

    Returns
    -------
    dict of str to float
        Those of the last month by name; none if it has no limits.
    """
    levels = data[["upper", "mean", "lower"]].apply(pd.to_numeric)
    dates = mdates.date2num(data["period_start"])
    anew = levels.fillna(-1).diff().ne(0).any(axis="columns").cumsum()
    for _, part in levels.groupby(anew):
        is_last = part.index[-1] == data.index[-1]
        begin, end = dates[part.index[0]], dates[part.index[-1] + (not is_last)]
        for name, level in part.iloc[0].dropna().items():
            axes.plot(
                [begin, until if until and is_last else end], [level, level], color=style.MID_GREY, linewidth=1,
                linestyle="-" if name == "mean" else (0, (5, 3)), zorder=1,
            )  # fmt: skip
    if until:
        axes.set_xlim(right=until)
    named = {"upper": "Upper limit", "mean": "Mean", "lower": "Lower limit"}
    return {named[str(name)]: level for name, level in levels.iloc[-1].dropna().items()}


def annotate(
    axes: Axes, text: str, point: tuple[float, float], offset: tuple[float, float], **options: Any
) -> None:
    """Write a text beside a point, at an offset in points (1/72 inch)."""
    axes.annotate(text, point, xytext=offset, textcoords="offset points", color=style.DARK_GREY, **options)


def on_white(pad: float) -> dict[str, Any]:
    """Give the box of a text that no line is to cross."""
    return {"facecolor": "white", "edgecolor": "none", "pad": pad}


def mark_event(axes: Axes, event: Event, where: float, at: float) -> None:
    """Draw a line where an event falls on the horizontal axis, and its label on the side that has more room.

    The label's height `at` is a part of the vertical axis, from 0 to 1.
    """
    axes.axvline(where, color=style.DARK_GREY, linewidth=1, linestyle=":", zorder=1)
    left, right = axes.get_xlim()
    late = where > (left + right) / 2
    annotate(
        axes,
        f"{event.label}\n{long_date(event.day)}",
        (where, at),
        (-5 if late else 5, 0),
        xycoords=("data", "axes fraction"),
        ha="right" if late else "left",
        va="bottom" if at < 0.5 else "top",
        bbox=on_white(1),
    )


def mark_step(axes: Axes, step: Baseline) -> None:
    """Draw a line, without a label, where limits begin anew."""
    axes.axvline(mdates.date2num(step.start), color=style.DARK_GREY, linewidth=1, linestyle=":", zorder=1)


def label_points(axes: Axes, points: Sequence[tuple[float, float, str]], *, weight: str = "normal") -> None:
    """Write labels to the right of points (x, y, label), moved up or down where they would overlap.

    The axes have to have their final limits.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    # The layout decides how far apart two levels are.
    figure.draw_without_rendering()
    columns = defaultdict(list)
    for x, y, text in points:
        columns[x].append((y, text))
    for x, column in columns.items():
        levels = [axes.transData.transform((x, y))[1] * 72 / figure.dpi for y, _ in column]
        places = spread(levels, gap=style.SMALLEST_TEXT * 1.3)
        for (y, text), level, place in zip(column, levels, places, strict=True):
            annotate(axes, text, (x, y), (7, place - level), va="center", fontweight=weight, annotation_clip=False)


def spread(levels: Sequence[float], gap: float) -> list[float]:
    """Move levels as little as leaves a gap between each and the next, by pooling adjacent violators."""
    order = sorted(range(len(levels)), key=levels.__getitem__)
    pools: list[list[float]] = []
    for rank, position in enumerate(order):
        pools.append([levels[position] - rank * gap])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    placed = [fmean(pool) for pool in pools for _ in pool]
    return [placed[rank] + rank * gap for rank in sorted(range(len(order)), key=order.__getitem__)]


def hollow_points(axes: Axes, made_up: pd.DataFrame, x: str, colour: str, marker: str = "o") -> None:
    """Hollow the points of a line whose figures are made up, in the columns `x` and "value"."""
    axes.plot(
        made_up[x], made_up["value"], linestyle="none", marker=marker, markersize=5, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.2, zorder=4,
    )  # fmt: skip


def hatch(bar: Patch, colour: str, lines: str = "////") -> None:
    """Hatch a bar whose figure is made up."""
    bar.set(facecolor="white", edgecolor=colour, hatch=lines, linewidth=0.8)
