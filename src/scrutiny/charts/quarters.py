"""A measure by quarter, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

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
    figure_in_words,
    from_first_figure,
    mark_event,
    say_nothing_to_show,
    uncapitalised,
)
from scrutiny.datum import Origin
from scrutiny.periods import Period, Quarter
from scrutiny.phrases import headline
from scrutiny.report import ReportedMeasure


def quarter_bars(measure: ReportedMeasure, quarters: int = 8) -> Chart:
    """Draw a measure by quarter as bars with their figures; illustrative ones are hatched.

    Parameters
    ----------
    measure : ReportedMeasure
        A count.
    quarters : int
        How many quarters up to this one; those before the first figure are left out.

    Returns
    -------
    Chart
        `data` has the columns quarter, value and illustrative, a row a quarter.
    """
    series = from_first_figure(measure.quarters(quarters))
    data = pd.DataFrame(
        {
            "quarter": [_quarter_tick(quarter) for quarter, _ in series],
            "value": [as_number(datum) for _, datum in series],
            "illustrative": [datum.origin.illustrative for _, datum in series],
        }
    ).astype({"value": "float64"})
    chart_style.use_style()
    figure, axes = plt.subplots()
    periods = [quarter.period for quarter, _ in series]
    events = measure.events_in(Period(periods[0].start, periods[-1].end)) if periods else ()
    if data.empty:
        say_nothing_to_show(axes)
    else:
        # Above the bars is room for what happened between them.
        _draw_bars(axes, data, headroom=0.25 if events else 0.1)
        for event in events:
            mark_event(axes, event, _between_bars(event.day, periods), at=0.98)
        chart_style.label_vertical_axis(axes, f"{measure.title}, {measure.measure.unit} a quarter")
    listing = "; ".join(f"{quarter.period.label} {figure_in_words(datum)}" for quarter, datum in series)
    text = f"Bar chart of {uncapitalised(measure.title)} by quarter: {listing}.{events_in_words(events)}"
    comparison = measure.comparison_with_previous_quarter()
    told = headline(measure, comparison) + (", on the quarter before" if comparison.telling else "")
    text = text if series else NOTHING
    return Chart(
        figure,
        told,
        covered(periods),
        text,
        data,
        Origin.union(datum.origin for _, datum in series),
        "Hatched bars",
    )


def _draw_bars(axes: Axes, data: pd.DataFrame, headroom: float) -> None:
    sns.barplot(
        data=data, x="quarter", y="value", ax=axes, errorbar=None, width=0.7, saturation=1,
        color=chart_style.DARK_BLUE,
    )  # fmt: skip
    # seaborn draws no bar where there is no figure.
    bars = iter(axes.patches)
    for position, (value, illustrative) in enumerate(zip(data["value"], data["illustrative"], strict=True)):
        if pd.isna(value):
            _above(axes, position, 0, "not\nsupplied")
            continue
        bar = next(bars)
        if illustrative:
            bar.set(facecolor="white", edgecolor=chart_style.DARK_BLUE, hatch="////", linewidth=0.8)
        _above(axes, position, value, wording.number(round(value)))
    axes.margins(y=headroom)
    count_axis(axes)


def _above(axes: Axes, position: float, level: float, text: str) -> None:
    axes.annotate(
        text,
        (position, level),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        color=chart_style.DARK_GREY,
        # No line of the grid is to cross a figure.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )


def _between_bars(day: date, periods: Sequence[Period]) -> float:
    """Give the place of a day where each bar stands for a period, the first at 0."""
    position, period = next((at, one) for at, one in enumerate(periods) if one.start <= day <= one.end)
    return position - 0.5 + (day - period.start) / (period.end - period.start)


def _quarter_tick(quarter: Quarter) -> str:
    months = quarter.period
    return f"{months.start:%b} to {months.end:%b}\n{months.end.year}"
