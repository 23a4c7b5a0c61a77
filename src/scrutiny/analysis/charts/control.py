"""A measure by month with the limits of ordinary variation: an XmR chart."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

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
from scrutiny.analysis.judgement import limits_of
from scrutiny.analysis.report import Months, ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import (
    LIMITS,
    MINIMUM_POINTS,
    MONTHS,
    Limits,
    Signal,
    SignalRule,
    signals,
)
from scrutiny.statistics.periods import MONTHS_OF_YEAR, Period

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
    # In the order of the key, by which the first marks the point.
    rules = [
        [
            rule
            for rule in _SIGNAL_STYLE
            if any(signal.rule is rule and position in signal.points for signal in found)
        ]
        for position in range(len(series))
    ]
    none = "none" if limits and conclusive else ""
    data = pd.DataFrame(
        {
            **month_columns(series),
            **limit_columns(limits),
            "signal": [next(iter(at), "") for at in rules],
            "signals": ["; ".join(_SIGNAL_STYLE[rule][2] for rule in at) or none for at in rules],
        }
    )
    events = measure.events_in(periods)
    # What the last figure shows is news only if it is of the quarter's last month.
    up_to_date = bool(series) and len(series) == len(to_quarter_end)
    headings = figure_headings(words.heading(measure)) | LIMIT_HEADINGS
    return Chart(
        draw(data, words.axis_label(measure, "month"), HOLLOW, _draw_months, limits, events),
        _headline(measure, series, found, conclusive=up_to_date and conclusive)
        if limits
        else f"{measure.title} by month",
        covered_by(series),
        _describe(measure, series, limits, found, events),
        data,
        figures,
        {"month": "Month", **headings, "signals": "Signal"},
        method=LIMITS if limits else "",
    )


def _draw_months(axes: Axes, data: pd.DataFrame, limits: Limits | None, events: Sequence[Event]) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", units=unbroken(data), estimator=None, ax=axes, linewidth=1.6,
        color=style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0,
    )  # fmt: skip
    marks.hollow_points(axes, data[data["illustrative"]], "period_start", style.DARK_BLUE)
    levels = {"Upper limit": limits.upper, "Mean": limits.mean, "Lower limit": limits.lower} if limits else {}
    for name, level in levels.items():
        dashes = "-" if name == "Mean" else (0, (5, 3))
        axes.axhline(level, color=style.MID_GREY, linewidth=1, linestyle=dashes, zorder=1)
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
        axes, [(right, level, f"{name} {wording.number(round(level))}") for name, level in levels.items()]
    )


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


def _headline(measure: ReportedMeasure, series: Months, found: Sequence[Signal], *, conclusive: bool) -> str:
    if not conclusive:
        return f"{measure.title} by month against its mean and limits"
    latest = next((signal for signal in _joined(found) if signal.points[-1] == len(series) - 1), None)
    if latest is None:
        return f"{measure.title} was within its expected range in {series[-1][0]}"
    return f"{measure.title}: {_when(latest, series)}, {_SIGNAL_STYLE[latest.rule][2]}"


def _describe(
    measure: ReportedMeasure,
    series: Months,
    limits: Limits | None,
    found: Sequence[Signal],
    events: Sequence[Event],
) -> str:
    text = words.line_by_month(measure.title, series) + words.marked(events)
    if not series:
        return text
    if not limits:
        if sum(datum.number is not None for _, datum in series) < MINIMUM_POINTS:
            return f"{text} No limits are drawn, because there are fewer than {MINIMUM_POINTS} months."
        return f"{text} No limits are drawn, because the months are rounded to more than they vary by."
    text += words.mean_and_limits(limits)
    if any(datum.illustrative for _, datum in series):
        return text
    if not found:
        return f"{text} No month gives a signal."
    by_rule = [
        f"{_SIGNAL_STYLE[rule][2].capitalize()}: {'; '.join(_when(signal, series) for signal in same)}"
        for rule, same in groupby(_joined(found), key=lambda signal: signal.rule)
    ]
    return f"{text} Signals. {'. '.join(by_rule)}."


def _joined(found: Sequence[Signal]) -> list[Signal]:
    """Join signals of the same rule and side that follow each other month by month."""
    joined: list[Signal] = []
    for signal in found:
        follows = (signal.rule, signal.side, signal.points[0] - 1)
        if joined and (joined[-1].rule, joined[-1].side, joined[-1].points[-1]) == follows:
            joined[-1] = Signal(signal.rule, signal.side, joined[-1].points + signal.points)
        else:
            joined.append(signal)
    return joined


def _when(signal: Signal, series: Months) -> str:
    months = Period(series[signal.points[0]][0].start, series[signal.points[-1]][0].end)
    return f"{months.label} ({signal.side})"
