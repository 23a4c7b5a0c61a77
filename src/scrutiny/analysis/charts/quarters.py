"""A measure by quarter, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import fill

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.chart import (
    HATCHED,
    NOTHING,
    Chart,
    count_axis,
    covered,
    events_in_words,
    figure_columns,
    figure_headings,
    figure_in_words,
    from_first_figure,
    hatch,
    illustrative_note,
    mark_event,
    say_nothing_to_show,
    uncapitalised,
    with_unit,
)
from scrutiny.analysis.phrases import headline
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.statistics import wording
from scrutiny.statistics.datum import LEGEND
from scrutiny.statistics.periods import Period, Quarter

_EVENT_HEIGHT = 0.18
"""Part of the height of a chart that the label of an event takes."""
_MOST_EVENTS = 3
"""Labels of events above each other, so that they leave the bars room."""


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
        `data` has the columns quarter, tick and those of `figure_columns`, a row a quarter.
    """
    series = from_first_figure(measure.quarters(quarters))
    data = pd.DataFrame(
        {
            "quarter": [str(quarter) for quarter, _ in series],
            "tick": [_quarter_tick(quarter) for quarter, _ in series],
            **figure_columns([datum for _, datum in series]),
        }
    )
    chart_style.use_style()
    figure, axes = plt.subplots()
    periods = [quarter.period for quarter, _ in series]
    events = measure.events_in(Period(periods[0].start, periods[-1].end)) if periods else ()
    if data.empty:
        say_nothing_to_show(axes)
    else:
        # Above the bars and their figures is room for what happened between them.
        _draw_bars(axes, data, headroom=1 / (0.9 - _EVENT_HEIGHT * min(len(events), _MOST_EVENTS)) - 1)
        for row, event in enumerate(events):
            mark_event(
                axes, event, _between_bars(event.day, periods), at=0.98 - _EVENT_HEIGHT * (row % _MOST_EVENTS)
            )
        chart_style.label_vertical_axis(
            axes, f"{with_unit(measure, ', {}')} a quarter", illustrative_note(data, HATCHED)
        )
    listing = "; ".join(f"{quarter.period.label}: {figure_in_words(datum)}" for quarter, datum in series)
    text = f"Bar chart of {uncapitalised(measure.title)} by quarter. {listing}.{events_in_words(events)}"
    comparison = measure.comparison_with_previous_quarter()
    told = headline(measure, comparison) + (", on the quarter before" if comparison.telling else "")
    text = text if series else NOTHING
    return Chart(
        figure,
        told,
        covered(periods),
        text,
        data,
        [datum for _, datum in series],
        {"quarter": "Quarter", **figure_headings(with_unit(measure, " ({})"))},
        HATCHED,
    )


def _draw_bars(axes: Axes, data: pd.DataFrame, headroom: float) -> None:
    sns.barplot(
        data=data, x="tick", y="value", ax=axes, errorbar=None, width=0.7, saturation=1,
        color=chart_style.DARK_BLUE,
    )  # fmt: skip
    # seaborn draws no bar where there is no figure.
    bars = iter(axes.patches)
    rows = data[["value", "figure", "illustrative"]].to_numpy()
    for position, (value, figure, illustrative) in enumerate(rows):
        if pd.isna(value):
            _above(axes, position, 0, fill(LEGEND[figure.strip("[]")], width=9))
            continue
        bar = next(bars)
        if illustrative:
            hatch(bar, chart_style.DARK_BLUE)
        _above(axes, position, value, wording.number(round(value)))
    count_axis(axes, headroom)
    # The bars carry their figures.
    axes.grid(visible=False)


def _above(axes: Axes, position: float, level: float, text: str) -> None:
    axes.annotate(
        text,
        (position, level),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        va="bottom",
        color=chart_style.DARK_GREY,
        # No line of an event is to cross a figure.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
    )


def _between_bars(day: date, periods: Sequence[Period]) -> float:
    """Give the place of a day where each bar stands for a period, the first at 0."""
    position, period = next((at, one) for at, one in enumerate(periods) if one.start <= day <= one.end)
    return position - 0.5 + (day - period.start) / (period.end - period.start)


def _quarter_tick(quarter: Quarter) -> str:
    months = quarter.period
    return f"{months.start:%b} to {months.end:%b}\n{months.end.year}"
