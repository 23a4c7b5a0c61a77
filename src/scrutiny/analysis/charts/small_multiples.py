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

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.chart import Chart, count_axis, covered, figure_columns, uncapitalised
from scrutiny.analysis.judgement import Judgement, real_series
from scrutiny.statistics import csv_text, wording
from scrutiny.statistics.control_chart import LIMITS, xmr
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.periods import Period

_IN_A_ROW = 2
_PANEL_HEIGHT = 1.7
"""Inches."""
_LINE = 72
"""Characters of titles that stand side by side across the figure."""


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
        measure, unit, month, period_start, those of `figure_columns`, mean, lower and upper, a row a month of
        each measure.
    """
    drawn = [one for one in judged if one.standing == standing and real_series(one.measure)]
    if not drawn:
        return None
    panels = {one.measure.title: real_series(one.measure) for one in drawn}
    data = pd.concat([_panel_data(one, panels[one.measure.title]) for one in drawn], ignore_index=True)
    chart_style.use_style()
    columns = min(_IN_A_ROW, len(drawn))
    rows = ceil(len(drawn) / columns)
    figure, grid = plt.subplots(rows, columns, squeeze=False, figsize=(chart_style.WIDTH, _PANEL_HEIGHT * rows))
    for axes, one in zip(grid.flat, drawn, strict=False):
        _draw_panel(
            axes, data[data["measure"] == one.measure.title], textwrap.fill(one.measure.title, _LINE // columns)
        )
    for axes in grid.flat[len(drawn) :]:
        axes.set_axis_off()
    every = [period for series in panels.values() for period, _ in series]
    text = " ".join(_describe(one, panels[one.measure.title]) for one in drawn)
    headings = {
        "measure": "Measure",
        "unit": "Unit",
        "month": "Month",
        "figure": "Figure",
        "note": "Note",
        "mean": "Mean",
        "lower": "Lower limit",
        "upper": "Upper limit",
    }
    drawn_figures = [datum for series in panels.values() for _, datum in series]
    period = covered([min(every, key=lambda month: month.start), max(every, key=lambda month: month.end)])
    signalled = [one.measure.title for one in drawn if one.material]
    told = signalled or [one.measure.title for one in drawn]
    headline = f"{wording.listed(told)}: {'a' if signalled else 'no'} signal in the quarter"
    return Chart(figure, headline, period, text, data, drawn_figures, headings, method=LIMITS)


def _panel_data(judged: Judgement, series: Sequence[tuple[Period, Datum]]) -> pd.DataFrame:
    data = pd.DataFrame(
        {
            "measure": judged.measure.title,
            "unit": judged.measure.measure.unit,
            "month": [f"{month.start:%Y-%m}" for month, _ in series],
            "period_start": [pd.Timestamp(month.start) for month, _ in series],
            **figure_columns([datum for _, datum in series]),
        }
    )
    limits = xmr(data["value"].astype(object).where(data["value"].notna(), None).tolist(), counts=True)
    levels = (limits.mean, limits.lower, limits.upper) if limits else (None, None, None)
    for name, level in zip(("mean", "lower", "upper"), levels, strict=True):
        data[name] = "" if level is None else csv_text.number(level)
    return data


def _draw_panel(axes: Axes, data: pd.DataFrame, title: str) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", ax=axes, errorbar=None, linewidth=1.4, color=chart_style.DARK_BLUE
    )
    first, last = data.iloc[0], data.iloc[-1]
    for name in ("mean", "lower", "upper"):
        # No longer than the series, so that none crosses the label of its end.
        axes.hlines(
            float(first[name]), first["period_start"], last["period_start"], color=chart_style.MID_GREY,
            linewidth=1, linestyles="-" if name == "mean" else (0, (5, 3)), zorder=1,
        )  # fmt: skip
    beyond = data[(data["value"] > float(first["upper"])) | (data["value"] < float(first["lower"]))]
    axes.plot(
        beyond["period_start"], beyond["value"], linestyle="none", marker="D", markersize=4,
        color=chart_style.DARK_PINK,
    )  # fmt: skip
    axes.plot(
        last["period_start"], last["value"], marker="o", markersize=5, color=chart_style.DARK_BLUE, clip_on=False
    )
    axes.annotate(
        wording.number(round(last["value"])),
        (last["period_start"], last["value"]),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        color=chart_style.DARK_GREY,
        annotation_clip=False,
    )
    count_axis(axes)
    axes.locator_params(axis="y", nbins=3)
    axes.margins(x=0.01)
    ends = [first["period_start"], last["period_start"]]
    axes.set_xticks([mdates.date2num(end) for end in ends], [f"{end:%b %Y}" for end in ends])
    left, right = axes.get_xticklabels()
    left.set_horizontalalignment("left")
    right.set_horizontalalignment("right")
    chart_style.label_vertical_axis(axes, title)


def _describe(judged: Judgement, series: Sequence[tuple[Period, Datum]]) -> str:
    known = [(month, datum.number) for month, datum in series if datum.number is not None]
    lowest, highest = (pick(known, key=lambda point: point[1]) for pick in (min, max))
    limits = xmr([None if datum.number is None else float(datum.number) for _, datum in series], counts=True)
    text = (
        f"Line chart of {uncapitalised(judged.measure.title)} by month, {known[0][0].label} to "
        f"{known[-1][0].label}: lowest {wording.number(lowest[1])} in {lowest[0].label}, highest "
        f"{wording.number(highest[1])} in {highest[0].label}, latest {wording.number(known[-1][1])}."
    )
    if limits:
        text += (
            f" Mean {wording.number(round(limits.mean))}, limits {wording.number(round(limits.lower))} to "
            f"{wording.number(round(limits.upper))}."
        )
    return text
