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
    limit_levels,
    month_columns,
    not_all,
    unbroken,
)
from scrutiny.analysis.charts.signals import draw_key, draw_signals, signal_columns, told
from scrutiny.analysis.judgement import Judgement
from scrutiny.analysis.process import process_of
from scrutiny.inputs.measures import Measure
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import LIMITS, MONTHS

_IN_A_ROW = 2
_PANEL_HEIGHT = 1.5
"""Inches."""
_BESIDE = 60
"""Points of a panel's width that its labels take."""


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
    group = [(one, process_of(one.measure)) for one in judged if one.standing == standing]
    drawn = [(one, process, process.shown(MONTHS)) for one, process in group if process.decides]
    if not drawn:
        return None
    panels = [
        pd.DataFrame(
            {
                "measure": one.measure.title,
                "unit": one.measure.measure.unit,
                **month_columns([process.months[at] for at in shown]),
                **limit_columns(process, shown),
                **signal_columns(process, shown),
            }
        )
        for one, process, shown in drawn
    ]
    style.use_style()
    columns = min(_IN_A_ROW, len(drawn))
    rows = ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(style.WIDTH, _PANEL_HEIGHT * rows))
    for axes, panel, (judgement, process, shown) in zip(grid.flat, panels, drawn, strict=False):
        _draw_panel(axes, panel, judgement.measure.measure, style.WIDTH * 72 / columns - _BESIDE)
        for _, step in process.stretches_in(shown):
            if step:
                marks.mark_step(axes, step)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    everything = pd.concat(panels, ignore_index=True)
    draw_key(
        figure,
        everything,
        [
            Line2D([], [], color=style.MID_GREY, linewidth=1, dashes=dashes, label=name)
            for name, dashes in (("Mean", (None, None)), ("Limits", marks.DASHES[1]))
        ],
    )
    signalled = [one.measure.title for one, process, _ in drawn if process.latest]
    named = signalled or [one.measure.title for one, *_ in drawn]
    all_series = {one.measure.title: [process.months[at] for at in shown] for one, process, shown in drawn}
    months = sorted(month for series in all_series.values() for month, _ in series)
    notes = [f"{title}{note}" for title, series in all_series.items() if (note := not_all(series))]
    limits = {one.measure.title: words.limits_note(process, shown) for one, process, shown in drawn}
    return Chart(
        figure,
        f"{wording.listed(named)}: {'a' if signalled else 'no'} signal in the quarter",
        "; ".join([covered(months), *notes]),
        " ".join(
            words.line_by_month(one.measure, all_series[one.measure.title])
            + words.limits(process, shown, one.measure.measure)
            + told(process, shown)
            for one, process, shown in drawn
        ),
        everything,
        [datum for series in all_series.values() for _, datum in series],
        {
            "measure": "Measure",
            "unit": "Unit",
            "month": "Month",
            **figure_headings("Figure"),
            **LIMIT_HEADINGS,
            "signals": "Signal",
        },
        method=LIMITS,
        note=" ".join(f"{title}: {note}" if len(limits) > 1 else note for title, note in limits.items()),
    )


def _draw_panel(axes: Axes, data: pd.DataFrame, measure: Measure, room: float) -> None:
    sns.lineplot(
        data=data, x="middle", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.4,
        color=style.DARK_BLUE, clip_on=False,
    )  # fmt: skip
    marks.hollow_points(axes, data, "middle", style.DARK_BLUE)
    first, last = data.iloc[0], data.iloc[-1]
    marks.draw_limits(axes, data)
    draw_signals(axes, data, 6)
    axes.plot(last["middle"], last["value"], marker="o", markersize=5, color=style.DARK_BLUE, clip_on=False)
    marks.value_axis(axes, [*data["value"], *limit_levels(data)], measure, steps=3)
    axes.set_xlim(first["period_start"], last["period_start"] + pd.offsets.MonthBegin())
    ends = [first["middle"], last["middle"]]
    axes.set_xticks([mdates.date2num(end) for end in ends], [f"{end:%b %Y}" for end in ends])
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
    marks.label_above(axes, data["measure"].iloc[0], "", room)
    marks.label_beyond(axes, [(last["value"], words.amount(last["value"], measure), "normal")])
