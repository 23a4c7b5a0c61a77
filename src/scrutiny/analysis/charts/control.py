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
)
from scrutiny.analysis.process import Process, process_of
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Baseline
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import LIMITS, MONTHS, SignalRule
from scrutiny.statistics.periods import MONTHS_OF_YEAR

_SIGNAL_STYLE = {
    # rule: (marker, colour, how the key names it)
    SignalRule.OUTSIDE_LIMITS: ("D", style.ORANGE, "outside the limits"),
    SignalRule.SHIFT: ("s", style.DARK_PINK, "seven or more on one side of the mean"),
    SignalRule.TREND: ("^", style.LIGHT_PURPLE, "seven or more rising or falling"),
    SignalRule.TWO_OF_THREE: ("P", style.TURQUOISE, "two of three near a limit"),
}

_KEY_COLUMNS = 2
_EVENT_HEIGHT = 0.2
"""Part of the height of a chart that the label of an event takes."""


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
    series = [process.months[at] for at in shown]
    figures = [datum for _, datum in series]
    rules = [process.rules_at(at) for at in shown]
    judged = [
        bool(process.conclusive and process.limits_at(at) and not datum.illustrative)
        for at, datum in zip(shown, figures, strict=True)
    ]
    data = pd.DataFrame(
        {
            **month_columns(series),
            **limit_columns(process, shown),
            "signal": [next(iter(at), "") for at in rules],
            "signals": [
                "; ".join(_SIGNAL_STYLE[rule][2] for rule in at) or "none" * one
                for at, one in zip(rules, judged, strict=True)
            ],
        }
    )
    events = measure.events_in([month for month, _ in series])
    steps = [_as_event(step) for _, step in process.stretches_in(shown) if step]
    marked = sorted([*events, *steps], key=lambda event: event.day)
    headings = figure_headings(words.heading(measure)) | LIMIT_HEADINGS
    return Chart(
        draw(data, words.axis_label(measure, "month"), HOLLOW, _draw_months, measure.measure.places, marked),
        _headline(measure, process),
        covered_by(series),
        _describe(measure, process, shown, events),
        data,
        figures,
        {"month": "Month", **headings, "signals": "Signal"},
        method=LIMITS if data["mean"].any() else "",
        note=words.limits_note(process, shown),
    )


def _draw_months(axes: Axes, data: pd.DataFrame, places: int, events: Sequence[Event]) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.6,
        color=style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0,
    )  # fmt: skip
    marks.hollow_points(axes, data[data["illustrative"]], "period_start", style.DARK_BLUE)
    latest = marks.draw_limits(axes, data, until=axes.get_xlim()[1])
    _draw_signals(axes, data)
    _quarter_ticks(axes, data["period_start"])
    marks.count_axis(axes)
    # The labels of events stand below the line, where it leaves them room, else above it.
    low = data["value"].min() < 0.3 * axes.get_ylim()[1]
    if events and low:
        axes.set_ylim(top=axes.get_ylim()[1] * (1 + _EVENT_HEIGHT * len(events)))
    for row, event in enumerate(events):
        at = 0.98 - _EVENT_HEIGHT * row if low else 0.03 + _EVENT_HEIGHT * row
        marks.mark_event(axes, event, mdates.date2num(event.day), at)
    right = axes.get_xlim()[1]
    marks.label_points(
        axes, [(right, level, f"{name} {wording.number(level, places)}") for name, level in latest.items()]
    )


def _as_event(step: Baseline) -> Event:
    """Mark a step as an event is marked."""
    return Event(step.start, step.reason, ())


def _draw_signals(axes: Axes, data: pd.DataFrame) -> None:
    """Mark the points that are part of a signal, each rule by a shape and colour, with a key beneath."""
    for rule, (marker, colour, name) in _SIGNAL_STYLE.items():
        marked = data[data["signal"] == rule.value]
        if not marked.empty:
            sns.scatterplot(
                data=marked, x="period_start", y="value", ax=axes, marker=marker, s=48, color=colour,
                edgecolor="white", linewidth=0.6, zorder=3, label=name.capitalize(), legend=False,
            )  # fmt: skip
    handles, names = axes.get_legend_handles_labels()
    figure = axes.get_figure(root=True)
    if handles and figure:
        rows = -(-len(handles) // _KEY_COLUMNS)
        figure.set_size_inches(style.WIDTH, style.HEIGHT + 0.2 * rows)
        figure.legend(handles, names, loc="outside lower left", ncols=_KEY_COLUMNS, handletextpad=0.2)


def _quarter_ticks(axes: Axes, months: pd.Series) -> None:
    """Put a tick at each quarter's first month (in a year, at each), the year under the first and each January."""
    ticks = [month for month in months if month.month in (1, 4, 7, 10) or len(months) <= MONTHS_OF_YEAR]
    labels = [
        f"{tick:%b}\n{tick.year}" if position == 0 or tick.month == 1 else f"{tick:%b}"
        for position, tick in enumerate(ticks)
    ]
    axes.set_xticks([mdates.date2num(tick) for tick in ticks], labels)


def _headline(measure: ReportedMeasure, process: Process) -> str:
    if not process.decides:
        return f"{measure.title} by month against its mean and limits"
    if process.latest is None:
        return f"{measure.title}: within its expected range in {measure.period('quarter')}"
    return f"{measure.title}: {process.when(process.latest)}, {_SIGNAL_STYLE[process.latest.rule][2]}"


def _describe(measure: ReportedMeasure, process: Process, shown: range, events: Sequence[Event]) -> str:
    text = words.line_by_month(measure.title, [process.months[at] for at in shown]) + words.marked(events)
    if not shown:
        return text
    text += words.limits(process, shown, measure.measure.places)
    if not process.conclusive or not any(process.limits_at(at) for at in shown):
        return text
    found = [signal for signal in process.signals if any(at in shown for at in signal.signalled)]
    if not found:
        return f"{text} No month gives a signal."
    by_rule = [
        f"{name.capitalize()}: {'; '.join(process.when(signal) for signal in same)}"
        for rule, (_, _, name) in _SIGNAL_STYLE.items()
        if (same := [signal for signal in found if signal.rule is rule])
    ]
    return f"{text} Signals. {'. '.join(by_rule)}."
