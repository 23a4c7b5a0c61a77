"""A measure by month with the limits of ordinary variation: an XmR chart."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny import chart_style, wording
from scrutiny.charts.chart import (
    NOTHING,
    Chart,
    as_number,
    count_axis,
    covered,
    events_in_words,
    from_first_figure,
    hollow_points,
    illustrative_in_words,
    mark_event,
    say_illustrative,
    say_nothing_to_show,
    to_last_figure,
    uncapitalised,
)
from scrutiny.control_chart import MINIMUM_POINTS, Limits, Rule, Signal, signals, xmr
from scrutiny.datum import Datum, Origin
from scrutiny.events import Event
from scrutiny.periods import Period
from scrutiny.report import ReportedMeasure

_SIGNAL_STYLE = {
    # rule: (marker, colour, how the key names it)
    Rule.OUTSIDE_LIMITS: ("D", chart_style.ORANGE, "outside the limits"),
    Rule.SHIFT: ("s", chart_style.DARK_PINK, "seven or more in a row on one side of the mean"),
    Rule.TREND: ("^", chart_style.LIGHT_PURPLE, "seven or more in a row rising or falling"),
    Rule.TWO_OF_THREE: ("P", chart_style.TURQUOISE, "two of three near a limit"),
}


def control_chart(measure: ReportedMeasure, months: int = 36) -> Chart:
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
        `data` has the columns period_start, value, illustrative and signal, a row a month up to the last
        with a figure.
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
            "period_start": [pd.Timestamp(period.start) for period, _ in series],
            "value": pd.Series(values, dtype="float64"),
            "illustrative": [datum.origin.illustrative for _, datum in series],
            "signal": [_rule_at(position, found) for position in range(len(series))],
        }
    )
    periods = [period for period, _ in series]
    events = measure.events_in(Period(periods[0].start, periods[-1].end)) if periods else ()
    chart_style.use_style()
    figure, axes = plt.subplots()
    if data.empty:
        say_nothing_to_show(axes)
    else:
        _draw_control_chart(axes, data, limits, events)
        hollow_points(axes, data[data["illustrative"]], "period_start", chart_style.DARK_BLUE)
        say_illustrative(axes, data)
        chart_style.label_vertical_axis(axes, f"{measure.title}, {measure.measure.unit} a month")
    # What the last figure shows is news only if it is of the quarter's last month.
    up_to_date = bool(series) and series[-1][0] == asked[-1][0]
    headline = _control_headline(measure, series, found, conclusive=up_to_date and not origin.illustrative)
    text = _describe_series(measure, series, limits, found, events)
    return Chart(figure, headline, covered(periods), text, data, origin)


def _draw_control_chart(axes: Axes, data: pd.DataFrame, limits: Limits | None, events: Sequence[Event]) -> None:
    sns.lineplot(
        data=data, x="period_start", y="value", ax=axes, errorbar=None, linewidth=1.6,
        color=chart_style.DARK_BLUE, marker="o", markersize=4.5, markeredgewidth=0,
    )  # fmt: skip
    if limits:
        labelled = {"upper limit": limits.upper, "mean": limits.mean, "lower limit": limits.lower}
        for name, level in labelled.items():
            axes.axhline(
                level,
                color=chart_style.MID_GREY,
                linewidth=1,
                linestyle="-" if name == "mean" else (0, (5, 3)),
                zorder=1,
            )
            axes.annotate(
                f"{name} {wording.number(round(level))}",
                (1.01, level),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=9,
                color=chart_style.DARK_GREY,
                annotation_clip=False,
            )
    for rule, (marker, colour, name) in _SIGNAL_STYLE.items():
        marked = data[data["signal"] == rule.value]
        if not marked.empty:
            sns.scatterplot(
                data=marked, x="period_start", y="value", ax=axes, marker=marker, s=34, color=colour,
                edgecolor="white", linewidth=0.6, zorder=3, label=name,
            )  # fmt: skip
    if axes.get_legend():
        sns.move_legend(
            axes, "upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, frameon=False, fontsize=9, title=None
        )
    _quarter_ticks(axes, data["period_start"])
    count_axis(axes)
    for event in events:
        mark_event(axes, event, mdates.date2num(event.day), at=0.03)


def _quarter_ticks(axes: Axes, months: pd.Series) -> None:
    """Put a tick at each quarter's first month, and the year under the first tick and each January."""
    ticks = [month for month in months if month.month in (1, 4, 7, 10)]
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
    told = [_signal_in_words(signal, series) for signal in found if signal.points[-1] == last]
    return (
        f"{measure.title}: {told[0]}"
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
        f"Line chart of {uncapitalised(measure.title)} by month, {known[0][0].label} to {last[0].label}: "
        f"lowest {wording.number(lowest[1])} in {lowest[0].label}, highest {wording.number(highest[1])} in "
        f"{highest[0].label}, latest {wording.number(last[1])}."
    )
    text += events_in_words(events)
    if not limits:
        return f"{text} No limits are drawn, because there are fewer than {MINIMUM_POINTS} months."
    text += (
        f" Mean {wording.number(round(limits.mean))}, limits {wording.number(round(limits.lower))} to "
        f"{wording.number(round(limits.upper))}."
    )
    if made_up := illustrative_in_words([datum for _, datum in series]):
        return f"{made_up}{text}"
    told = [_signal_in_words(signal, series) for signal in found]
    return f"{text} Signals: {'; '.join(told)}." if told else f"{text} No month gives a signal."


def _signal_in_words(signal: Signal, series: Sequence[tuple[Period, Datum]]) -> str:
    first, last = (series[position][0].label for position in (signal.points[0], signal.points[-1]))
    when = first if first == last else f"{first} to {last}"
    return f"{when} {_SIGNAL_STYLE[signal.rule][2]} ({signal.side})"


def _rule_at(position: int, found: Sequence[Signal]) -> str:
    """Name the first rule, in the order of `_SIGNAL_STYLE`, by which a point is part of a signal."""
    for rule in _SIGNAL_STYLE:
        if any(signal.rule is rule and position in signal.points for signal in found):
            return rule.value
    return ""
