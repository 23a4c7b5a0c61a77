"""Several measures by month side by side, each with its mean and limits, small."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from math import ceil

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.charts.chart import (
    LIMIT_HEADINGS,
    Chart,
    covered,
    figure_headings,
    limit_columns,
    month_columns,
    unbroken,
)
from scrutiny.analysis.judgement import Judgement, real_series
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import LIMITS

_IN_A_ROW = 2
_PANEL_HEIGHT = 1.7
"""Inches."""
_LINE = 72
"""Characters of the titles of one row of panels."""


def small_multiples(judged: Sequence[Judgement], standing: str) -> Chart | None:
    """Draw the real monthly series of the measures of one group, a small chart each.

    Parameters
    ----------
    standing : str
        The group, a value of `Standing`.

    Returns
    -------
    Chart or None
        None where no measure of the group has a real series of 12 months or more. `data` has the columns
        measure, unit, and those of `month_columns` and `limit_columns`, a row a month of each measure.
    """
    drawn = [(one, *real) for one in judged if one.standing == standing and (real := real_series(one.measure))]
    if not drawn:
        return None
    panels = [
        pd.DataFrame(
            {
                "measure": one.measure.title,
                "unit": one.measure.measure.unit,
                **month_columns(series),
                **limit_columns(limits),
            }
        )
        for one, series, limits in drawn
    ]
    style.use_style()
    columns = min(_IN_A_ROW, len(drawn))
    rows = ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(style.WIDTH, _PANEL_HEIGHT * rows))
    for axes, panel in zip(grid.flat, panels, strict=False):
        _draw_panel(axes, panel, textwrap.fill(panel["measure"].iloc[0], _LINE // columns))
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    signalled = [one.measure.title for one, *_ in drawn if one.material]
    named = signalled or [one.measure.title for one, *_ in drawn]
    months = sorted(month for _, series, _ in drawn for month, _ in series)
    missing = [f"{one.measure.title} without {gaps}" for one, series, _ in drawn if (gaps := words.gaps(series))]
    return Chart(
        figure,
        f"{wording.listed(named)}: {'a' if signalled else 'no'} signal in the quarter",
        "; ".join([covered(months), *missing]),
        " ".join(
            words.line_by_month(one.measure.title, series) + words.mean_and_limits(limits)
            for one, series, limits in drawn
        ),
        pd.concat(panels, ignore_index=True),
        [datum for _, series, _ in drawn for _, datum in series],
        {"measure": "Measure", "unit": "Unit", "month": "Month", **figure_headings("Figure"), **LIMIT_HEADINGS},
        method=LIMITS,
    )


def _draw_panel(axes: Axes, data: pd.DataFrame, title: str) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.4,
        color=style.DARK_BLUE,
    )  # fmt: skip
    first, last = data.iloc[0], data.iloc[-1]
    for name in ("mean", "lower", "upper"):
        # No longer than the series, so that none crosses the label of its end.
        axes.hlines(
            float(first[name]), first["period_start"], last["period_start"], color=style.MID_GREY,
            linewidth=1, linestyles="-" if name == "mean" else (0, (5, 3)), zorder=1,
        )  # fmt: skip
    beyond = data[(data["value"] > float(first["upper"])) | (data["value"] < float(first["lower"]))]
    axes.plot(
        beyond["period_start"], beyond["value"], linestyle="none", marker="D", markersize=4,
        color=style.DARK_PINK,
    )  # fmt: skip
    axes.plot(last["period_start"], last["value"], marker="o", markersize=5, color=style.DARK_BLUE, clip_on=False)
    marks.annotate(
        axes,
        wording.number(round(last["value"])),
        (last["period_start"], last["value"]),
        (6, 0),
        va="center",
        annotation_clip=False,
    )
    marks.count_axis(axes)
    axes.locator_params(axis="y", nbins=3)
    axes.margins(x=0.01)
    ends = [first["period_start"], last["period_start"]]
    axes.set_xticks([mdates.date2num(end) for end in ends], [f"{end:%b %Y}" for end in ends])
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
    style.label_vertical_axis(axes, title)
