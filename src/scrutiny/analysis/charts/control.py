"""A measure by month with the limits of ordinary variation: an XmR chart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

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
    limit_levels,
    month_columns,
    unbroken,
)
from scrutiny.analysis.charts.signals import STYLES, draw_key, draw_signals, signal_columns, told
from scrutiny.analysis.process import Process, process_of
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure
from scrutiny.statistics.control_chart import LIMITS, MONTHS, Limits
from scrutiny.statistics.periods import MONTHS_OF_YEAR, long_date


def control_chart(measure: ReportedMeasure, months: int = MONTHS) -> Chart:
    """Draw a measure by month with its mean, its XmR limits and their signals.

    Parameters
    ----------
    measure : ReportedMeasure
        One with a figure a month.
    months : int
        How many months up to the end of the quarter are drawn; those before the first figure are dropped. All are
        judged, so that a month is judged alike in every chart.

    Returns
    -------
    Chart
        `data` has the columns of `month_columns` and `limit_columns`, signal (the rule by which a point is marked)
        and signals (all rules in words), a row a month up to the last with a figure.
    """
    process = process_of(measure)
    shown = process.shown(months)
    to_quarter_end = process.months[shown.start :] if shown else []
    series = [process.months[at] for at in shown]
    data = pd.DataFrame(
        {**month_columns(series), **limit_columns(process, shown), **signal_columns(process, shown)}
    )
    events = measure.events_in([month for month, _ in series])
    # A step is marked as an event is.
    flags = [(event.day, words.flag(event.label, long_date(event.day))) for event in events]
    flags += [(step.start, words.flag(step.reason, step.label)) for _, step in process.stretches_in(shown) if step]
    latest = process.limits_at(shown[-1]) if shown else None
    headings = figure_headings(words.heading(measure)) | LIMIT_HEADINGS
    return Chart(
        draw(
            data,
            words.axis_label(measure, "month"),
            HOLLOW,
            _draw_months,
            measure.measure,
            latest,
            flags,
        ),
        _headline(measure, process),
        covered_by(to_quarter_end),
        _describe(measure, process, shown, events),
        data,
        [datum for _, datum in series],
        {"month": "Month", **headings, "signals": "Signal"},
        method=LIMITS if data["mean"].any() else "",
        note=words.limits_note(process, shown),
    )


def _draw_months(
    axes: Axes, data: pd.DataFrame, measure: Measure, limits: Limits | None, flags: Sequence[tuple[date, str]]
) -> None:
    sns.lineplot(
        data=data, x="middle", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.6,
        color=style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0, clip_on=False,
    )  # fmt: skip
    marks.hollow_points(axes, data, "middle", style.DARK_BLUE)
    levels = words.levels(limits, measure) if limits else {}
    marks.draw_limits(axes, data)
    draw_signals(axes, data, 7)
    draw_key(marks.figure_of(axes), data)
    _month_ticks(axes, data)
    marks.value_axis(axes, [*data["value"], *limit_levels(data)], measure)
    latest = data.iloc[-1]
    text = f"{latest['period_start']:%b %Y}: {words.amount(latest['value'], measure)}"
    labels = [(level, f"{name} {written}", "normal") for name, (level, written) in levels.items()]
    marks.label_beyond(axes, [(latest["value"], text, "bold"), *labels])
    lowest = axes.get_ylim()[0]
    marks.flag_days(axes, [(mdates.date2num(day), text, lowest) for day, text in flags])


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


def _headline(measure: ReportedMeasure, process: Process) -> str:
    if not process.decides:
        against = " against its mean and limits" if any(part.limits for part, _ in process.stretches) else ""
        return f"{measure.title} by month{against}"
    if process.latest is None:
        return f"{measure.title}: within its expected range in {measure.period('quarter')}"
    return f"{measure.title}: {process.when(process.latest)}, {STYLES[process.latest.rule][2]}"


def _describe(measure: ReportedMeasure, process: Process, shown: range, events: Sequence[Event]) -> str:
    to_quarter_end = process.months[shown.start :] if shown else []
    text = words.line_by_month(measure, to_quarter_end) + words.marked(events)
    if not shown:
        return text
    return text + words.limits(process, shown, measure.measure) + told(process, shown)
