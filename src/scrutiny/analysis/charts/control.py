"""A measure by month with the limits of ordinary variation: an XmR chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.chart import (
    HOLLOW,
    NOTHING,
    Chart,
    as_number,
    count_axis,
    covered,
    events_in_words,
    figure_columns,
    figure_headings,
    from_first_figure,
    hollow_points,
    illustrative_in_words,
    illustrative_note,
    label_points,
    mark_event,
    say_nothing_to_show,
    to_last_figure,
    uncapitalised,
    with_unit,
)
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.statistics import csv_text, wording
from scrutiny.statistics.control_chart import (
    LIMITS,
    MINIMUM_POINTS,
    MONTHS,
    Limits,
    Rule,
    Signal,
    signals,
    xmr,
)
from scrutiny.statistics.datum import Datum, Origin
from scrutiny.statistics.periods import MONTHS_OF_YEAR, Period

_SIGNAL_STYLE = {
    # rule: (marker, colour, how the key names it)
    Rule.OUTSIDE_LIMITS: ("D", chart_style.ORANGE, "outside the limits"),
    Rule.SHIFT: ("s", chart_style.DARK_PINK, "seven or more on one side of the mean"),
    Rule.TREND: ("^", chart_style.LIGHT_PURPLE, "seven or more rising or falling"),
    Rule.TWO_OF_THREE: ("P", chart_style.TURQUOISE, "two of three near a limit"),
}

_KEY_COLUMNS = 2
_EVENT_HEIGHT = 0.2
"""Part of the height of a chart that the label of an event takes."""
_COLUMNS = {"mean": "Mean", "lower": "Lower limit", "upper": "Upper limit", "signals": "Signal"}


def control_chart(measure: ReportedMeasure, months: int = MONTHS) -> Chart:
    """Draw a measure by month with its mean, its XmR limits and their signals.

    Parameters
    ----------
    measure : ReportedMeasure
        A count.
    months : int
        How many months up to the end of the quarter; those before the first figure are left out.

    Returns
    -------
    Chart
        `data` has the columns period_start, those of `figure_columns`, and signal (the rule by which a point
        is marked), a row a month up to the last with a figure; beside them the texts of the CSV.
    """
    asked = list(zip(measure.months(months), measure.figures_by_month(months), strict=True))
    series = to_last_figure(from_first_figure(asked))
    values = [as_number(datum) for _, datum in series]
    limits = xmr(values, counts=True)
    origin = Origin.union(datum.origin for _, datum in series)
    # A signal of made-up figures would be a conclusion from them.
    found = signals(values, limits) if limits and not origin.illustrative else ()
    data = pd.DataFrame(
        {
            "month": [f"{period.start:%Y-%m}" for period, _ in series],
            "period_start": [pd.Timestamp(period.start) for period, _ in series],
            **figure_columns([datum for _, datum in series]),
            **_limits_as_text(limits),
            "signal": [next(iter(_rules_at(position, found)), "") for position in range(len(series))],
            "signals": [
                "; ".join(_SIGNAL_STYLE[rule][2] for rule in _rules_at(position, found)) or "none"
                if limits and not origin.illustrative
                else ""
                for position in range(len(series))
            ],
        }
    )
    periods = [period for period, _ in series]
    events = measure.events_in(Period(periods[0].start, periods[-1].end)) if periods else ()
    chart_style.use_style()
    figure, axes = plt.subplots()
    if data.empty:
        say_nothing_to_show(axes)
    else:
        chart_style.label_vertical_axis(
            axes, f"{with_unit(measure, ', {}')} a month", illustrative_note(data, HOLLOW)
        )
        _draw_control_chart(axes, data, limits, events)
    # What the last figure shows is news only if it is of the quarter's last month.
    up_to_date = bool(series) and series[-1][0] == asked[-1][0]
    headline = _control_headline(measure, series, found, conclusive=up_to_date and not origin.illustrative)
    text = _describe_series(measure, series, limits, found, events)
    columns = {"month": "Month", **figure_headings(with_unit(measure, " ({})")), **_COLUMNS}
    drawn = [datum for _, datum in series]
    return Chart(figure, headline, covered(periods), text, data, drawn, columns, method=LIMITS if limits else "")


def _draw_control_chart(axes: Axes, data: pd.DataFrame, limits: Limits | None, events: Sequence[Event]) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", ax=axes, errorbar=None, linewidth=1.6,
        color=chart_style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0,
    )  # fmt: skip
    hollow_points(axes, data[data["illustrative"]], "period_start", chart_style.DARK_BLUE)
    levels = {"Upper limit": limits.upper, "Mean": limits.mean, "Lower limit": limits.lower} if limits else {}
    for name, level in levels.items():
        dashes = "-" if name == "Mean" else (0, (5, 3))
        axes.axhline(level, color=chart_style.MID_GREY, linewidth=1, linestyle=dashes, zorder=1)
    _draw_signals(axes, data)
    _quarter_ticks(axes, data["period_start"])
    count_axis(axes)
    # The labels of events stand below the line, where it leaves them room, else above it.
    low = data["value"].min() < 0.3 * axes.get_ylim()[1]
    if events and low:
        axes.set_ylim(top=axes.get_ylim()[1] * (1 + _EVENT_HEIGHT * len(events)))
    for row, event in enumerate(events):
        at = 0.98 - _EVENT_HEIGHT * row if low else 0.03 + _EVENT_HEIGHT * row
        mark_event(axes, event, mdates.date2num(event.day), at)
    right = axes.get_xlim()[1]
    label_points(
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
        figure.set_size_inches(chart_style.WIDTH, chart_style.HEIGHT + 0.2 * rows)
        figure.legend(handles, names, loc="outside lower left", ncols=_KEY_COLUMNS, handletextpad=0.2)


def _quarter_ticks(axes: Axes, months: pd.Series) -> None:
    """Put a tick at each quarter's first month (in a year, at each), the year under the first and each January."""
    ticks = [month for month in months if month.month in (1, 4, 7, 10) or len(months) <= MONTHS_OF_YEAR]
    labels = [
        f"{tick:%b}\n{tick.year}" if position == 0 or tick.month == 1 else f"{tick:%b}"
        for position, tick in enumerate(ticks)
    ]
    axes.set_xticks([mdates.date2num(tick) for tick in ticks], labels)


def _control_headline(
    measure: ReportedMeasure,
    series: Sequence[tuple[Period, Datum]],
    found: Sequence[Signal],
    *,
    conclusive: bool,
) -> str:
    if not conclusive:
        return f"{measure.title} by month against its mean and limits"
    last = len(series) - 1
    told = [signal for signal in _joined(found) if signal.points[-1] == last]
    return (
        f"{measure.title}: {_when(told[0], series)}, {_SIGNAL_STYLE[told[0].rule][2]}"
        if told
        else f"{measure.title} was within its expected range in {series[last][0]}"
    )


def _describe_series(
    measure: ReportedMeasure,
    series: Sequence[tuple[Period, Datum]],
    limits: Limits | None,
    found: Sequence[Signal],
    events: Sequence[Event],
) -> str:
    known = [(period, datum.number) for period, datum in series if datum.number is not None]
    if not known:
        return NOTHING
    lowest, highest = (pick(known, key=lambda point: point[1]) for pick in (min, max))
    last = known[-1]
    text = (
        f"{illustrative_in_words([datum for _, datum in series])}Line chart of {uncapitalised(measure.title)} by "
        f"month, {known[0][0].label} to {last[0].label}: lowest {wording.number(lowest[1])} in {lowest[0].label}, "
        f"highest {wording.number(highest[1])} in {highest[0].label}, latest {wording.number(last[1])}."
        f"{events_in_words(events)}"
    )
    if not limits:
        return f"{text} No limits are drawn, because there are fewer than {MINIMUM_POINTS} months."
    text += (
        f" Mean {wording.number(round(limits.mean))}, limits {wording.number(round(limits.lower))} to "
        f"{wording.number(round(limits.upper))}."
    )
    if any(datum.origin.illustrative for _, datum in series):
        return text
    if not found:
        return f"{text} No month gives a signal."
    told = [
        f"{_SIGNAL_STYLE[rule][2].capitalize()}: {'; '.join(_when(signal, series) for signal in same)}"
        for rule, same in groupby(_joined(found), key=lambda signal: signal.rule)
    ]
    return f"{text} Signals. {'. '.join(told)}."


def _joined(found: Sequence[Signal]) -> list[Signal]:
    """Make one signal of those of a rule and side that follow each other month by month."""
    joined: list[Signal] = []
    for signal in found:
        before = joined[-1] if joined else None
        if (
            before
            and (before.rule, before.side) == (signal.rule, signal.side)
            and before.points[-1] + 1 == signal.points[0]
        ):
            joined[-1] = Signal(signal.rule, signal.side, before.points + signal.points)
        else:
            joined.append(signal)
    return joined


def _when(signal: Signal, series: Sequence[tuple[Period, Datum]]) -> str:
    months = Period(series[signal.points[0]][0].start, series[signal.points[-1]][0].end)
    return f"{months.label} ({signal.side})"


def _rules_at(position: int, found: Sequence[Signal]) -> list[Rule]:
    """Name the rules, in the order of `_SIGNAL_STYLE`, by which a point is part of a signal."""
    return [
        rule
        for rule in _SIGNAL_STYLE
        if any(signal.rule is rule and position in signal.points for signal in found)
    ]


def _limits_as_text(limits: Limits | None) -> Mapping[str, str]:
    levels = {"mean": limits.mean, "lower": limits.lower, "upper": limits.upper} if limits else {}
    return {name: csv_text.number(levels[name]) if name in levels else "" for name in ("mean", "lower", "upper")}
