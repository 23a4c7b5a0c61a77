"""A measure by month, one line a calendar year."""

from __future__ import annotations

import calendar

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.charts.chart import (
    HOLLOW,
    Chart,
    covered_by,
    draw,
    figure_headings,
    month_columns,
    unbroken,
    up_to_last_figure,
)
from scrutiny.analysis.phrases import headline
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.measures import Measure
from scrutiny.statistics import wording
from scrutiny.statistics.periods import CALENDAR_YEAR_TO_DATE, MONTHS_OF_YEAR

_MARKERS = ("o", "v", "X", "p")
"""None that marks a rule of process control."""
_DASHES = ("", (4, 2), (1, 1.5), (6, 1.5, 1, 1.5))


def years_by_month(measure: ReportedMeasure, years: int = 3) -> Chart:
    """Draw a measure by month, a line for each calendar year, labelled where it ends.

    Parameters
    ----------
    measure : ReportedMeasure
        A count.
    years : int
        How many calendar years, the one in which the quarter ends included; at most four, for more lines
        could not be told apart by their labels.

    Returns
    -------
    Chart
        `data` has the columns year (as text), place (the month's number in it) and those of `month_columns`, a row
        a month up to the last with a figure.
    """
    last = measure.period("month").end
    to_quarter_end = measure.by_month(MONTHS_OF_YEAR * (min(years, len(_MARKERS)) - 1) + last.month)
    series = up_to_last_figure(to_quarter_end)
    figures = [datum for _, datum in series]
    data = pd.DataFrame(
        {
            "year": [str(month.start.year) for month, _ in series],
            "place": [month.start.month for month, _ in series],
            **month_columns(series),
        }
    )
    comparison = measure.comparison(CALENDAR_YEAR_TO_DATE)
    return Chart(
        draw(data, words.axis_label(measure, "month"), HOLLOW, _draw_years, measure.measure),
        headline(measure, comparison) if comparison.conclusive else f"{measure.title} by month, year by year",
        covered_by(to_quarter_end),
        words.illustrative(figures) + _describe(measure, data) + words.without(to_quarter_end, "lines are")
        if series
        else words.NOTHING,
        data,
        figures,
        {"month": "Month", **figure_headings(words.heading(measure))},
    )


def _draw_years(axes: Axes, data: pd.DataFrame, measure: Measure) -> None:
    years = list(dict.fromkeys(data["year"]))
    # The latest year has the strongest colour, whatever the number of years.
    styles = list(zip(style.CATEGORICAL, _MARKERS, _DASHES, strict=False))[: len(years)][::-1]
    sns.lineplot(
        data=data, x="place", y="value", hue="year", style="year", ax=axes, legend=False,
        units=unbroken(data), estimator=None,
        hue_order=years, style_order=years, palette=[colour for colour, _, _ in styles],
        markers=[marker for _, marker, _ in styles], dashes=[dash for _, _, dash in styles],
        linewidth=1.8, markersize=5, markeredgewidth=0, clip_on=False,
    )  # fmt: skip
    for year, (colour, marker, _) in zip(years, styles, strict=True):
        marks.hollow_points(axes, data[data["year"] == year], "place", colour, marker)
    axes.set_xticks(range(1, 13), [calendar.month_abbr[month] for month in range(1, 13)])
    axes.set_xlim(0.8, 12.2)
    marks.value_axis(axes, data["value"], measure)
    ends = data.dropna(subset="value").groupby("year", sort=False).tail(1)
    marks.label_ends(
        axes,
        [
            (place, value, f"{year}: {words.amount(value, measure)}")
            for place, value, year in zip(ends["place"], ends["value"], ends["year"], strict=True)
        ],
    )


def _describe(measure: ReportedMeasure, data: pd.DataFrame) -> str:
    years = []
    for year, months in data.dropna(subset="value").groupby("year", sort=False):
        by_size = months.sort_values("value", kind="stable")
        years.append(
            f"{year}, {wording.counted(len(months), 'month')}: lowest {_at(by_size.iloc[0], measure)}, "
            f"highest {_at(by_size.iloc[-1], measure)}, latest {_at(months.iloc[-1], measure)}"
        )
    return f"Line chart of {words.uncapitalised(measure.title)} by month, a line a year. {'; '.join(years)}."


def _at(point: pd.Series, measure: ReportedMeasure) -> str:
    return f"{words.amount(point['value'], measure.measure)} in {calendar.month_name[point['place']]}"
