"""A measure by month, one line a calendar year."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.chart import (
    HOLLOW,
    NOTHING,
    Chart,
    count_axis,
    covered,
    figure_columns,
    figure_headings,
    from_first_figure,
    hollow_points,
    illustrative_in_words,
    illustrative_note,
    label_points,
    say_nothing_to_show,
    to_last_figure,
    uncapitalised,
    with_unit,
)
from scrutiny.analysis.phrases import headline
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.statistics import wording
from scrutiny.statistics.periods import CALENDAR_YEAR_TO_DATE, MONTHS_OF_YEAR

_MARKERS = ("o", "s", "D", "^")
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
        `data` has the columns year, month, period (the two as text) and those of `figure_columns`, a row a month
        up to the last with a figure.
    """
    last = measure.period("month").end
    months = measure.months(MONTHS_OF_YEAR * (min(years, len(_MARKERS)) - 1) + last.month)
    series = to_last_figure(from_first_figure(zip(months, measure.figures_by_month(len(months)), strict=True)))
    data = pd.DataFrame(
        {
            "year": [str(month.start.year) for month, _ in series],
            "month": [month.start.month for month, _ in series],
            "period": [f"{month.start:%Y-%m}" for month, _ in series],
            **figure_columns([datum for _, datum in series]),
        }
    )
    chart_style.use_style()
    figure, axes = plt.subplots()
    if data.empty:
        say_nothing_to_show(axes)
    else:
        chart_style.label_vertical_axis(
            axes, f"{with_unit(measure, ', {}')} a month", illustrative_note(data, HOLLOW)
        )
        _draw_years(axes, data)
    comparison = measure.comparison(CALENDAR_YEAR_TO_DATE)
    told = headline(measure, comparison) if comparison.telling else f"{measure.title} by month, year by year"
    periods = [month for month, _ in series]
    text = illustrative_in_words([datum for _, datum in series]) + _describe(measure, data)
    columns = {"period": "Month", **figure_headings(with_unit(measure, " ({})"))}
    return Chart(figure, told, covered(periods), text, data, [datum for _, datum in series], columns)


def _draw_years(axes: Axes, data: pd.DataFrame) -> None:
    years = list(dict.fromkeys(data["year"]))
    # The latest year has the strongest colour, whatever the number of years.
    styles = list(zip(chart_style.CATEGORICAL, _MARKERS, _DASHES, strict=False))[: len(years)][::-1]
    sns.lineplot(
        data=data, x="month", y="value", hue="year", style="year", ax=axes, errorbar=None, legend=False,
        hue_order=years, style_order=years, palette=[colour for colour, _, _ in styles],
        markers=[marker for _, marker, _ in styles], dashes=[dash for _, _, dash in styles],
        linewidth=1.8, markersize=5, markeredgewidth=0,
    )  # fmt: skip
    made_up = data[data["illustrative"]]
    for year, (colour, marker, _) in zip(years, styles, strict=True):
        hollow_points(axes, made_up[made_up["year"] == year], "month", colour, marker)
    axes.set_xticks(range(1, 13), [pd.Timestamp(2000, month, 1).strftime("%b") for month in range(1, 13)])
    axes.set_xlim(0.8, 12.2)
    count_axis(axes)
    ends = data.dropna(subset="value").groupby("year", sort=False).tail(1)
    label_points(axes, list(zip(ends["month"], ends["value"], ends["year"], strict=True)), weight="bold")


def _describe(measure: ReportedMeasure, data: pd.DataFrame) -> str:
    if data["value"].isna().all():
        return NOTHING
    told = []
    for year, months in data.dropna(subset="value").groupby("year", sort=False):
        by_size = months.sort_values("value", kind="stable")
        told.append(
            f"{year}, {len(months)} months: lowest {_at(by_size.iloc[0])}, "
            f"highest {_at(by_size.iloc[-1])}, latest {_at(months.iloc[-1])}"
        )
    return f"Line chart of {uncapitalised(measure.title)} by month, a line a year. {'; '.join(told)}."


def _at(point: pd.Series) -> str:
    return f"{wording.number(round(point['value']))} in {pd.Timestamp(2000, point['month'], 1):%B}"
