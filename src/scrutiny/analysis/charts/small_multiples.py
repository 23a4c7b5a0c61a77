"""Several measures by month side by side, each with its mean and limits, small."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.charts.chart import (
    LIMIT_HEADINGS,
    Chart,
    covered,
    figure_headings,
    limit_columns,
    month_columns,
    not_all,
    unbroken,
)
from scrutiny.analysis.charts.signals import draw_key, draw_signals, signal_columns, told
from scrutiny.analysis.judgement import Judgement, real_series
from scrutiny.inputs.measures import Measure
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import LIMITS, signals

_IN_A_ROW = 2
_PANEL_HEIGHT = 1.7
"""Inches."""
_BESIDE = 60
"""Points of a panel's width that its labels take."""
_DASHES = (0, (5, 3))


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
    signalled_points = [signals([datum.as_float for _, datum in series], limits) for _, series, limits in drawn]
    panels = [
        pd.DataFrame(
            {
                "measure": one.measure.title,
                "unit": one.measure.measure.unit,
                **month_columns(series),
                **limit_columns(limits),
                **signal_columns(found, len(series), "none"),
            }
        )
        for (one, series, limits), found in zip(drawn, signalled_points, strict=True)
    ]
    style.use_style()
    columns = min(_IN_A_ROW, len(drawn))
    rows = ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(style.WIDTH, _PANEL_HEIGHT * rows))
    for axes, panel, (judgement, *_) in zip(grid.flat, panels, drawn, strict=False):
        _draw_panel(axes, panel, judgement.measure.measure, style.WIDTH * 72 / columns - _BESIDE)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    everything = pd.concat(panels, ignore_index=True)
    draw_key(
        figure,
        everything,
        [
            Line2D([], [], color=style.MID_GREY, linewidth=1, dashes=dashes, label=name)
            for name, dashes in (("Mean", (None, None)), ("Limits", _DASHES[1]))
        ],
    )
    signalled = [one.measure.title for one, *_ in drawn if one.material]
    named = signalled or [one.measure.title for one, *_ in drawn]
    months = sorted(month for _, series, _ in drawn for month, _ in series)
    notes = [f"{one.measure.title}{note}" for one, series, _ in drawn if (note := not_all(series))]
    return Chart(
        figure,
        f"{wording.listed(named)}: {'a' if signalled else 'no'} signal in the quarter",
        "; ".join([covered(months), *notes]),
        " ".join(
            words.line_by_month(one.measure, series)
            + words.mean_and_limits(limits, one.measure.measure)
            + told(found, series)
            for (one, series, limits), found in zip(drawn, signalled_points, strict=True)
        ),
        everything,
        [datum for _, series, _ in drawn for _, datum in series],
        {
            "measure": "Measure",
            "unit": "Unit",
            "month": "Month",
            **figure_headings("Figure"),
            **LIMIT_HEADINGS,
            "signals": "Signal",
        },
        method=LIMITS,
    )


def _draw_panel(axes: Axes, data: pd.DataFrame, measure: Measure, room: float) -> None:
    sns.lineplot(
        data=data, x="middle", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.4,
        color=style.DARK_BLUE, clip_on=False,
    )  # fmt: skip
    first, last = data.iloc[0], data.iloc[-1]
    for name in ("mean", "lower", "upper"):
        # No longer than the series, so that none crosses the label of its end.
        axes.hlines(
            float(first[name]), first["middle"], last["middle"], color=style.MID_GREY,
            linewidth=1, linestyles="-" if name == "mean" else _DASHES, zorder=1,
        )  # fmt: skip
    draw_signals(axes, data, 6)
    axes.plot(last["middle"], last["value"], marker="o", markersize=5, color=style.DARK_BLUE, clip_on=False)
    levels = [float(first[name]) for name in LIMIT_HEADINGS]
    marks.value_axis(axes, [*data["value"], *levels], measure, steps=3)
    axes.set_xlim(first["period_start"], last["period_start"] + pd.offsets.MonthBegin())
    ends = [first["middle"], last["middle"]]
    axes.set_xticks([mdates.date2num(end) for end in ends], [f"{end:%b %Y}" for end in ends])
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
    marks.label_above(axes, data["measure"].iloc[0], "", room)
    marks.label_beyond(axes, [(last["value"], words.amount(last["value"], measure), "normal")])
