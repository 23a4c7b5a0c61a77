"""A measure by quarter, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
from matplotlib.axes import Axes

from scrutiny.analysis.charts import marks, placement, style, words
from scrutiny.analysis.charts.chart import HATCHED, Chart, covered_by, draw, figure_columns, figure_headings
from scrutiny.analysis.phrases import headline
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure
from scrutiny.statistics.datum import LEGEND
from scrutiny.statistics.periods import Period, long_date

# Points, about.
_BARS_WIDTH = 390
_BARS_HEIGHT = 100
_NARROW = 26
"""A year is as wide."""


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
    pairs = [(quarter.period, datum) for quarter, datum in series]
    periods, figures = [period for period, _ in pairs], [datum for _, datum in pairs]
    data = pd.DataFrame(
        {
            "quarter": [str(quarter) for quarter, _ in series],
            "tick": [f"{period.start:%b} to {period.end:%b}\n{period.end.year}" for period in periods],
            **figure_columns(figures),
        }
    )
    events = measure.events_in(periods)
    listing = "; ".join(f"{period.label}: {words.figure(datum, measure.measure)}" for period, datum in pairs)
    text = f"Bar chart of {words.uncapitalised(measure.title)} by quarter. {listing}.{words.marked(events)}"
    comparison = measure.comparison_with_previous_quarter()
    return Chart(
        draw(data, words.axis_label(measure, "quarter"), HATCHED, _draw_bars, measure.measure, periods, events),
        headline(measure, comparison) + (", on the quarter before" if comparison.conclusive else ""),
        covered_by(pairs),
        text if series else words.NOTHING,
        data,
        figures,
        {"quarter": "Quarter", **figure_headings(words.heading(measure))},
        HATCHED,
    )


def _draw_bars(
    axes: Axes, data: pd.DataFrame, measure: Measure, periods: Sequence[Period], events: Sequence[Event]
) -> None:
    bars = axes.bar(data.index, data["value"].fillna(0), width=0.7, color=style.DARK_BLUE)
    room = _BARS_WIDTH / len(data)
    texts = [
        placement.wrapped(LEGEND[figure.strip("[]")], room) if pd.isna(value) else words.amount(value, measure)
        for value, figure in data[["value", "figure"]].to_numpy()
    ]
    # Narrow bars have their figures upright.
    upright = any(placement.width(text) > room for text in texts)
    for bar, text, value, illustrative in zip(bars, texts, data["value"], data["illustrative"], strict=True):
        if illustrative:
            marks.hatch(bar, style.DARK_BLUE)
        down = value < 0
        end = (bar.get_x() + bar.get_width() / 2, 0 if pd.isna(value) else value)
        marks.annotate(
            axes, text, end, (0, -2 if down else 2), ha="center", va="top" if down else "bottom",
            rotation=90 if upright else 0,
        )  # fmt: skip
    ticks = [placement.wrapped(tick, room) for tick in data["tick"]]
    if sideways := room < _NARROW:
        ticks = [" ".join(tick.split()) for tick in data["tick"]]
    axes.set_xticks(data.index, ticks, rotation=90 if sideways else 0)
    lines = placement.width(ticks[0]) if sideways else placement.height(ticks)
    axes.set_xlim(-0.5, len(data) - 0.5)
    figure = marks.figure_of(axes)
    figure.set_figheight(figure.get_figheight() + max(0, lines - 2 * placement.LINE_HEIGHT) / 72)
    tallest = max(placement.width(text) if upright else placement.LINE_HEIGHT for text in texts)
    above = min(tallest + 6, 0.7 * _BARS_HEIGHT)
    marks.value_axis(axes, data["value"], measure, headroom=above / (_BARS_HEIGHT - above))
    # The bars carry their figures.
    axes.grid(visible=False)
    low, high = axes.get_ylim()
    above_label = 1.3 * tallest / _BARS_HEIGHT * (high - low)
    values = data["value"].fillna(0)
    beside = [max(0.37, 0.55 * placement.width(text) / room) for text in texts]
    marks.flag_days(
        axes,
        [
            (
                where,
                words.flag(event.label, long_date(event.day)),
                max(0, values[bar]) + above_label if abs(where - bar) < beside[bar] else low,
            )
            for event in events
            for where, bar in [_place(event.day, periods)]
        ],
    )


def _place(day: date, periods: Sequence[Period]) -> tuple[float, int]:
    """Give the place of a day where each bar stands for a period, the first at 0, and the bar."""
    bar, period = next((at, one) for at, one in enumerate(periods) if one.start <= day <= one.end)
    return bar - 0.5 + (day - period.start) / (period.end - period.start), bar
