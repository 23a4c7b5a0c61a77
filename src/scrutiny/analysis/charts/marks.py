"""What is drawn into charts: axes, labels, events, and the marks of made-up figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import matplotlib.dates as mdates
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.text import Annotation
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from scrutiny.analysis.charts import placement, style
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.events import FILE
from scrutiny.inputs.measures import Baseline, Measure
from scrutiny.statistics import wording

DASHES = (0, (5, 3))
"""How limits are told from the mean."""

# Points.
_GAP = 4
_CLEAR = 1.5
_FARTHEST = 150
_MOVED = 4
_LEADER = 14
_FLAG_WIDTH = 180
_HIGHEST_FLAGS = 230
_LINE_TO_LABEL = {"arrowstyle": "-", "color": style.MID_GREY, "linewidth": 0.8, "shrinkA": 1, "shrinkB": 1,
                  "relpos": (0, 0.5)}  # fmt: skip


def label_above(axes: Axes, text: str, note: str, room: float) -> None:
    """Write the label of the vertical axis horizontally above it, and a note on the figures on a line below.

    `room` is the width of its lines in points.
    """
    lines = [placement.wrapped(line, room, style.TITLE_TEXT) for line in (text, note) if line]
    axes.set_title("\n".join(lines))


def value_axis(
    axes: Axes, levels: Iterable[float], measure: Measure, *, steps: int = 6, headroom: float = 0.07
) -> None:
    """Begin the vertical axis at 0 or the lowest level, and end it at a tick that no level exceeds.

    A percentage has no tick beyond 100, and a count none between whole numbers.

    Parameters
    ----------
    steps : int
        Ticks above the first, at most.
    headroom : float
        Space beyond the farthest level, as a part of all levels.
    """
    known = [level for level in levels if not pd.isna(level)]
    low, high = min([0.0, *known]), max([0.0, *known])
    if low == high:
        high = 1.0
    whole = measure.statistic == "count"
    locator = MaxNLocator(nbins=steps, integer=whole, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2)
    most = 100 if measure.statistic == "percent" else float("inf")
    ticks = [float(tick) for tick in locator.tick_values(low, high) if tick <= most]
    space = headroom * (high - low)
    axes.set(xlabel="", ylabel="")
    axes.set_yticks(ticks, _tick_labels(ticks, measure.statistic))
    axes.set_ylim(min(ticks[0], low - space) if low else 0, max(ticks[-1], high + space))


def _tick_labels(ticks: Sequence[float], statistic: str) -> list[str]:
    """Write ticks with as many decimal places as they have."""
    places = next((at for at in range(6) if all(abs(round(tick, at) - tick) < 1e-9 for tick in ticks)), 6)
    # The label above the axis has the unit, unless it is one that always stands beside its figure.
    shown = statistic if statistic in ("percent", "gbp_million") else "count"
    return [wording.amount(round(tick, places), shown, places) for tick in ticks]


def draw_limits(axes: Axes, data: pd.DataFrame) -> None:
    """Draw mean and limits, each stretch of months from the first day of its first to the end of its last."""
    levels = data[["upper", "mean", "lower"]].apply(pd.to_numeric)
    anew = levels.fillna(-1).diff().ne(0).any(axis="columns").cumsum()
    for _, part in levels.groupby(anew):
        months = data["period_start"][part.index]
        ends = mdates.date2num([months.iloc[0], months.iloc[-1] + pd.offsets.MonthBegin()])
        for name, level in part.iloc[0].dropna().items():
            axes.plot(
                ends, [level, level], color=style.MID_GREY, linewidth=1,
                linestyle="-" if name == "mean" else DASHES, zorder=1,
            )  # fmt: skip


def mark_step(axes: Axes, step: Baseline) -> None:
    """Draw a line, without a label, where limits begin anew."""
    axes.axvline(mdates.date2num(step.start), color=style.DARK_GREY, linewidth=1, linestyle=":", zorder=0.5)


def annotate(
    axes: Axes, text: str, point: tuple[float, float], offset: tuple[float, float], **options: Any
) -> Annotation:
    """Write a text beside a point, at an offset in points (1/72 inch)."""
    return axes.annotate(
        text, point, xytext=offset, textcoords="offset points", color=style.DARK_GREY, annotation_clip=False,
        **options,
    )  # fmt: skip


def flag_days(axes: Axes, days: Sequence[tuple[float, str, float]]) -> None:
    """Draw lines at places (x, text, lowest level), with their texts beside them, above all that is drawn.

    Where the texts would meet, numbers stand beside the lines, and the texts below the label of the axis. The
    axes have to have all else that is in them; the figure becomes higher by what is added.

    Raises
    ------
    WrongInput
        If a page has no room for so many.
    """
    if not days:
        return
    days = sorted(days)
    figure = figure_of(axes)
    figure.draw_without_rendering()
    scale = 72 / figure.dpi
    lines = [axes.transData.transform((where, 0))[0] * scale for where, *_ in days]
    title = axes.get_title(loc="left")
    texts = [placement.wrapped(text, _FLAG_WIDTH) for _, text, _ in days]
    ends = axes.bbox.x0 * scale, axes.bbox.x1 * scale
    added = 0.0
    if (flags := placement.flags(lines, _sizes(texts), *ends)) is None:
        numbers = [str(number) for number in range(1, len(days) + 1)]
        key = [f"{number}  {text}" for number, (_, text, _) in zip(numbers, days, strict=True)]
        title, texts, added = "\n".join([title, *key]), numbers, len(key) * style.TITLE_TEXT * 1.4
        flags = placement.flags(lines, _sizes(texts), *ends)
    tops = [flag.height + height for flag, (_, height) in zip(flags or (), _sizes(texts), strict=False)]
    added += max(tops, default=0)
    if flags is None or added > _HIGHEST_FLAGS:
        what = f"{len(days)} events are to be marked in one chart, which is more than it has room for"
        raise WrongInput(Problem(what, Location(f"data/{FILE}"), "keep fewer, or give them `topics`"))
    axes.set_title(title, pad=style.TITLE_GAP + max(tops))
    figure.set_figheight(figure.get_figheight() + added / 72)
    figure.draw_without_rendering()
    plot = axes.bbox.height * scale
    bottom, top = axes.get_ylim()
    for (where, _, lowest), text, flag, flag_top in zip(days, texts, flags, tops, strict=True):
        annotate(
            axes, text, (where, 1), (_GAP if flag.to_right else -_GAP, flag.height + _GAP),
            xycoords=("data", "axes fraction"), va="bottom", ha="left" if flag.to_right else "right",
        )  # fmt: skip
        axes.axvline(
            where, ymin=(lowest - bottom) / (top - bottom), ymax=1 + flag_top / plot, color=style.DARK_GREY,
            linewidth=1, linestyle=":", zorder=0.5, clip_on=False,
        )  # fmt: skip


def _sizes(texts: Sequence[str]) -> list[tuple[float, float]]:
    """Give the width and height that the texts of flags take, with the space beside them."""
    return [(placement.width(text) + 2 * _GAP, placement.height([text])) for text in texts]


def label_beyond(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write labels (level, text, weight) to the right of the axes, moved up or down where they would overlap.

    Of equal levels the first is the lowest. One that had to be moved is joined to its level by a line. The axes
    have to have their final limits.
    """
    figure = figure_of(axes)
    scale = 72 / figure.dpi
    # The layout decides how far apart two levels are.
    figure.draw_without_rendering()
    low, high = axes.bbox.y0 * scale, axes.bbox.y1 * scale
    levels = [axes.transData.transform((0, level))[1] * scale for level, *_ in labels]
    places = placement.spread(levels, placement.LINE_HEIGHT, low, high)
    moved = [abs(place - at) > _MOVED for at, place in zip(levels, places, strict=True)]
    beside = _LEADER if any(moved) else 7
    for (level, text, weight), at, place, joined in zip(labels, levels, places, moved, strict=True):
        annotate(
            axes, text, (1, level), (beside, place - at), va="center", fontweight=weight,
            xycoords=("axes fraction", "data"), arrowprops=_LINE_TO_LABEL if joined else None,
        )  # fmt: skip


def label_ends(axes: Axes, ends: Sequence[tuple[float, float, str]]) -> None:
    """Write labels beside the last points (x, y, text) of lines, each at the nearest height that is free.

    The axes have to have their final limits.
    """
    labels = [annotate(axes, text, (x, y), (7, 0), va="center", fontweight="bold") for x, y, text in sorted(ends)]
    figure = figure_of(axes)
    figure.draw_without_rendering()
    pixels = figure.dpi / 72
    paths = [line.get_transform().transform_path(line.get_path()) for line in axes.lines]
    taken = [
        Bbox.from_bounds(x, y, 0, 0).padded(line.get_markersize() / 2 * pixels)
        for line in axes.lines
        for x, y in axes.transData.transform(line.get_xydata())
    ]
    lowest, highest = axes.bbox.y0, axes.bbox.y1 + style.TITLE_GAP * pixels
    for label in labels:
        box = label.get_window_extent()
        for step in sorted(range(-_FARTHEST, _FARTHEST), key=abs):
            place = box.translated(0, step * pixels).padded(_CLEAR * pixels)
            inside = lowest <= place.y0 and place.y1 <= highest
            if inside and not (
                place.count_overlaps(taken) or any(path.intersects_bbox(place, False) for path in paths)
            ):
                break
        label.set_position((7, step))
        taken.append(place)


def points(axes: Axes, data: pd.DataFrame, x: str, **options: Any) -> None:
    """Draw points of the columns `x` and "value", whole at the edge of the axes too."""
    # The layout would make room for an empty line at the corner of the picture.
    if not data["value"].isna().all():
        axes.plot(data[x], data["value"], linestyle="none", clip_on=False, **options)


def hollow_points(axes: Axes, data: pd.DataFrame, x: str, colour: str, marker: str = "o") -> None:
    """Hollow the points of a line whose figures are made up."""
    points(
        axes, data[data["illustrative"]], x, marker=marker, markersize=5, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.2, zorder=4,
    )  # fmt: skip


def hatch(bar: Patch, colour: str, lines: str = "////") -> None:
    """Hatch a bar whose figure is made up."""
    bar.set(facecolor="white", edgecolor=colour, hatch=lines, linewidth=0.8)


def figure_of(axes: Axes) -> Figure:
    """Give the figure that axes stand in."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes of a chart are in no figure")
    return figure
