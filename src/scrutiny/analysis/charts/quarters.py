"""A measure by quarter, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from textwrap import fill

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.charts.chart import HATCHED, Chart, covered, draw, figure_columns, figure_headings
from scrutiny.analysis.phrases import headline
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.statistics import wording
from scrutiny.statistics.datum import LEGEND
from scrutiny.statistics.periods import Period

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
        How many quarters up to this one; those before the first figure are dropped.

    Returns
    -------
    Chart
        `data` has the columns quarter, tick and those of `figure_columns`, a row a quarter.
    """
    series = measure.by_quarter(quarters)
    periods, figures = [quarter.period for quarter, _ in series], [datum for _, datum in series]
    data = pd.DataFrame(
        {
            "quarter": [str(quarter) for quarter, _ in series],
            "tick": [f"{period.start:%b} to {period.end:%b}\n{period.end.year}" for period in periods],
            **figure_columns(figures),
        }
    )
    events = measure.events_in(periods)
    listing = "; ".join(f"{quarter.period.label}: {words.figure(datum)}" for quarter, datum in series)
    text = f"Bar chart of {words.uncapitalised(measure.title)} by quarter. {listing}.{words.marked(events)}"
    comparison = measure.comparison_with_previous_quarter()
    return Chart(
        draw(data, words.axis_label(measure, "quarter"), HATCHED, _draw_bars, periods, events),
        headline(measure, comparison) + (", on the quarter before" if comparison.conclusive else ""),
        covered(periods),
        text if series else words.NOTHING,
        data,
        figures,
        {"quarter": "Quarter", **figure_headings(words.heading(measure))},
        HATCHED,
    )


def _draw_bars(axes: Axes, data: pd.DataFrame, periods: Sequence[Period], events: Sequence[Event]) -> None:
    sns.barplot(
        data=data, x="tick", y="value", ax=axes, errorbar=None, width=0.7, saturation=1,
        color=style.DARK_BLUE,
    )  # fmt: skip
    # seaborn draws no bar where there is no figure.
    bars = iter(axes.patches)
    rows = data[["value", "figure", "illustrative"]].to_numpy()
    for position, (value, figure, illustrative) in enumerate(rows):
        if pd.isna(value):
            level, text = 0, fill(LEGEND[figure.strip("[]")], width=9)
        else:
            level, text, bar = value, wording.number(round(value)), next(bars)
            if illustrative:
                marks.hatch(bar, style.DARK_BLUE)
        marks.annotate(axes, text, (position, level), (0, 2), ha="center", va="bottom", bbox=marks.on_white(0.5))
    # Above the bars and their figures is room for what happened between them.
    marks.count_axis(axes, headroom=1 / (0.9 - _EVENT_HEIGHT * min(len(events), _MOST_EVENTS)) - 1)
    # The bars carry their figures.
    axes.grid(visible=False)
    for row, event in enumerate(events):
        at = 0.98 - _EVENT_HEIGHT * (row % _MOST_EVENTS)
        marks.mark_event(axes, event, _between_bars(event.day, periods), at)


def _between_bars(day: date, periods: Sequence[Period]) -> float:
    """Give the place of a day where each bar stands for a period, the first at 0."""
    position, period = next((at, one) for at, one in enumerate(periods) if one.start <= day <= one.end)
    return position - 0.5 + (day - period.start) / (period.end - period.start)
