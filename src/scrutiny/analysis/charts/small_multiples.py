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
from scrutiny.analysis.judgement import Judgement
from scrutiny.analysis.process import process_of
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import LIMITS, MONTHS, SignalRule

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
                "signal": [next(iter(process.rules_at(at)), "") for at in shown],
            }
        )
        for one, process, shown in drawn
    ]
    style.use_style()
    columns = min(_IN_A_ROW, len(drawn))
    rows = ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(style.WIDTH, _PANEL_HEIGHT * rows))
    for axes, panel, (_, process, shown) in zip(grid.flat, panels, drawn, strict=False):
        _draw_panel(axes, panel, textwrap.fill(panel["measure"].iloc[0], _LINE // columns))
        for _, step in process.stretches_in(shown):
            if step:
                marks.mark_step(axes, step)
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    signalled = [one.measure.title for one, process, _ in drawn if process.latest]
    named = signalled or [one.measure.title for one, *_ in drawn]
    all_series = {one.measure.title: [process.months[at] for at in shown] for one, process, shown in drawn}
    months = sorted(month for series in all_series.values() for month, _ in series)
    missing = [f"{title} without {gaps}" for title, series in all_series.items() if (gaps := words.gaps(series))]
    notes = {one.measure.title: words.limits_note(process, shown) for one, process, shown in drawn}
    return Chart(
        figure,
        f"{wording.listed(named)}: {'a' if signalled else 'no'} signal in the quarter",
        "; ".join([covered(months), *missing]),
        " ".join(
            words.line_by_month(one.measure.title, all_series[one.measure.title])
            + words.limits(process, shown, one.measure.measure.places)
            for one, process, shown in drawn
        ),
        pd.concat(panels, ignore_index=True),
        [datum for series in all_series.values() for _, datum in series],
        {"measure": "Measure", "unit": "Unit", "month": "Month", **figure_headings("Figure"), **LIMIT_HEADINGS},
        method=LIMITS,
        note=" ".join(f"{title}: {note}" if len(notes) > 1 else note for title, note in notes.items()),
    )


def _draw_panel(axes: Axes, data: pd.DataFrame, title: str) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.4,
        color=style.DARK_BLUE,
    )  # fmt: skip
    first, last = data.iloc[0], data.iloc[-1]
    marks.draw_limits(axes, data)
    beyond = data[data["signal"] == SignalRule.OUTSIDE_LIMITS]
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
