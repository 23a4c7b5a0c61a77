"""A measure by month with the limits of ordinary variation: an XmR chart."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.dates as mdates
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.charts.chart import (
    HOLLOW,
    LIMIT_HEADINGS,
    Chart,
    covered_by,
    draw,
    figure_headings,
    limit_columns,
    month_columns,
    unbroken,
    up_to_last_figure,
)
from scrutiny.analysis.charts.signals import STYLES, draw_key, draw_signals, joined, signal_columns, told, when
from scrutiny.analysis.judgement import limits_of
from scrutiny.analysis.report import Months, ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure
from scrutiny.statistics.control_chart import (
    LIMITS,
    MINIMUM_POINTS,
    MONTHS,
    Limits,
    Signal,
    signals,
)
from scrutiny.statistics.periods import MONTHS_OF_YEAR


def control_chart(measure: ReportedMeasure, months: int = MONTHS) -> Chart:
    """Draw a measure by month with its mean, its XmR limits and their signals.

    Parameters
    ----------
    measure : ReportedMeasure
        A count.
    months : int
        How many months up to the end of the quarter; those before the first figure are dropped.

    Returns
    -------
    Chart
        `data` has the columns of `month_columns` and `limit_columns`, signal (the rule by which a point is marked)
        and signals (all rules in words), a row a month up to the last with a figure.
    """
    to_quarter_end = measure.by_month(months)
    series = up_to_last_figure(to_quarter_end)
    periods, figures = [month for month, _ in series], [datum for _, datum in series]
    values = [datum.as_float for datum in figures]
    limits = limits_of(figures)
    # A signal of made-up figures would be a conclusion from them.
    conclusive = not any(datum.illustrative for datum in figures)
    found = signals(values, limits) if limits and conclusive else ()
    none = "none" if limits and conclusive else ""
    data = pd.DataFrame(
        {
            **month_columns(series),
            **limit_columns(limits),
            **signal_columns(found, len(series), none),
        }
    )
    events = measure.events_in(periods)
    # What the last figure shows is news only if it is of the quarter's last month.
    up_to_date = bool(series) and len(series) == len(to_quarter_end)
    headings = figure_headings(words.heading(measure)) | LIMIT_HEADINGS
    return Chart(
        draw(data, words.axis_label(measure, "month"), HOLLOW, _draw_months, measure.measure, limits, events),
        _headline(measure, series, found, conclusive=up_to_date and conclusive)
        if limits
        else f"{measure.title} by month",
        covered_by(to_quarter_end),
        _describe(measure, to_quarter_end, limits, found, events),
        data,
        figures,
        {"month": "Month", **headings, "signals": "Signal"},
        method=LIMITS if limits else "",
    )


def _draw_months(
    axes: Axes, data: pd.DataFrame, measure: Measure, limits: Limits | None, events: Sequence[Event]
) -> None:
    sns.lineplot(
        data=data, x="middle", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.6,
        color=style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0, clip_on=False,
    )  # fmt: skip
    marks.hollow_points(axes, data, "middle", style.DARK_BLUE)
    levels = words.levels(limits, measure) if limits else {}
    for name, (level, _) in levels.items():
        dashes = "-" if name == "Mean" else (0, (5, 3))
        axes.axhline(level, color=style.MID_GREY, linewidth=1, linestyle=dashes, zorder=1)
    draw_signals(axes, data, 7)
    draw_key(marks.figure_of(axes), data)
    _month_ticks(axes, data)
    marks.value_axis(axes, [*data["value"], *(level for level, _ in levels.values())], measure)
    latest = data.iloc[-1]
    text = f"{latest['period_start']:%b %Y}: {words.amount(latest['value'], measure)}"
    labels = [(level, f"{name} {written}", "normal") for name, (level, written) in levels.items()]
    marks.label_beyond(axes, [(latest["value"], text, "bold"), *labels])
    lowest = axes.get_ylim()[0]
    marks.flag_days(axes, [(mdates.date2num(event.day), words.flag(event), lowest) for event in events])


def _month_ticks(axes: Axes, data: pd.DataFrame) -> None:
    """Put ticks at months with room for their names, the year under the first and each January."""
    months = data["period_start"]
    every = next(step for step in (1, 3, 6, 12) if len(months) <= step * MONTHS_OF_YEAR or step == MONTHS_OF_YEAR)
    ticks = [at for at, month in enumerate(months) if (month.month - 1) % every == 0]
    labels = [
        f"{months[at]:%b}\n{months[at].year}" if at == ticks[0] or months[at].month == 1 else f"{months[at]:%b}"
        for at in ticks
    ]
    axes.set_xticks([mdates.date2num(data["middle"][at]) for at in ticks], labels)
    # A month is as wide as its days, so that an event stands at its day.
    axes.set_xlim(months.iloc[0], months.iloc[-1] + pd.offsets.MonthBegin())


def _headline(measure: ReportedMeasure, series: Months, found: Sequence[Signal], *, conclusive: bool) -> str:
    if not conclusive:
        return f"{measure.title} by month against its mean and limits"
    latest = next((signal for signal in joined(found) if signal.points[-1] == len(series) - 1), None)
    if latest is None:
        return f"{measure.title} was within its expected range in {series[-1][0]}"
    return f"{measure.title}: {when(latest, series)}, {STYLES[latest.rule][2]}"


def _describe(
    measure: ReportedMeasure,
    series: Months,
    limits: Limits | None,
    found: Sequence[Signal],
    events: Sequence[Event],
) -> str:
    text = words.line_by_month(measure, series) + words.marked(events)
    if not series:
        return text
    if not limits:
        if sum(datum.number is not None for _, datum in series) < MINIMUM_POINTS:
            return f"{text} No limits are drawn, because there are fewer than {MINIMUM_POINTS} months."
        return f"{text} No limits are drawn, because the months are rounded to more than they vary by."
    text += words.mean_and_limits(limits, measure.measure)
    if any(datum.illustrative for _, datum in series):
        return text
    return text + told(found, series)
