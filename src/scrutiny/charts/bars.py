"""Several percentages, each as a pair of bars: the year before and the latest year."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from scrutiny import chart_style, wording
from scrutiny.charts.chart import NOTHING, Chart, as_number, figure_in_words, say_nothing_to_show
from scrutiny.datum import Origin
from scrutiny.phrases import directions
from scrutiny.report import ReportedMeasure

_WINDOWS = ("year_before", "year")
_COLOURS = (chart_style.LIGHT_PURPLE, chart_style.DARK_BLUE)


def paired_bars(measures: Mapping[str, ReportedMeasure], what: str, label: str) -> Chart:
    """Draw percentages as pairs of horizontal bars, the year before above the latest year.

    Parameters
    ----------
    measures : mapping of str to ReportedMeasure
        Percentages by the name that stands beside their bars.
    what : str
        Plural of what is compared, such as "satisfaction rates".
    label : str
        What the bars are, above them.

    Returns
    -------
    Chart
        `data` has the columns name, period and value, two rows a measure.
    """
    figures = [
        (name, measure, measure.period(window).short_label, measure.figure(window))
        for name, measure in measures.items()
        for window in _WINDOWS
    ]
    data = pd.DataFrame(
        {
            "name": [name for name, *_ in figures],
            "period": [period for _, _, period, _ in figures],
            "value": [as_number(datum) for *_, datum in figures],
        }
    ).astype({"value": "float64"})
    chart_style.use_style()
    figure, axes = plt.subplots(figsize=(chart_style.WIDTH, 0.9 + 0.58 * len(measures)))
    nothing = bool(data["value"].isna().all())
    if nothing:
        say_nothing_to_show(axes)
    else:
        _draw_pairs(axes, data)
        chart_style.label_vertical_axis(axes, label)
    headline = directions([measure.comparison("year") for measure in measures.values()], what)
    told = "; ".join(
        f"{name}, {period}: {figure_in_words(datum, measure.measure.statistic, measure.measure.places)}"
        for name, measure, period, datum in figures
    )
    first = next(iter(measures.values()))
    period = f"{first.period('year').label} compared with the 12 months before"
    text = NOTHING if nothing else f"Bar chart in pairs. {told}."
    origin = Origin.union(datum.origin for *_, datum in figures)
    return Chart(figure, headline, period, text, data, origin)


def _draw_pairs(axes: Axes, data: pd.DataFrame) -> None:
    periods = list(dict.fromkeys(data["period"]))
    sns.barplot(
        data=data, x="value", y="name", hue="period", hue_order=periods, ax=axes, errorbar=None, width=0.78,
        saturation=1, palette=list(_COLOURS), legend=False,
    )  # fmt: skip
    for period, bars in zip(periods, axes.containers, strict=True):
        values = data.loc[data["period"] == period, "value"]
        for position, (bar, value) in enumerate(zip(bars, values, strict=True)):
            at = (bar.get_width() if not pd.isna(value) else 0, bar.get_y() + bar.get_height() / 2)
            text = wording.percent(value) if not pd.isna(value) else "not supplied"
            axes.annotate(
                # The first pair says which bar is which, so that no key is needed.
                f"{text}, {period}" if position == 0 else text,
                at,
                xytext=(4, 0),
                textcoords="offset points",
                va="center",
                color=chart_style.DARK_GREY,
                # No line of the grid is to cross a figure.
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
                annotation_clip=False,
            )
    axes.set(xlim=(0, 100), xlabel="", ylabel="")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.percent(round(level))))
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.tick_params(axis="y", labelsize=10, left=False)
