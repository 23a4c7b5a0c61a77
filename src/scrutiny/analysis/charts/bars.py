"""Several percentages, each as a pair of bars: the year before and the latest year."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.charts.chart import (
    HATCHED,
    NOTHING,
    Chart,
    figure_columns,
    figure_headings,
    figure_in_words,
    hatch,
    illustrative_note,
    say_nothing_to_show,
    uncapitalised,
)
from scrutiny.analysis.phrases import directions
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.statistics import wording
from scrutiny.statistics.periods import Period

_PAIR = {
    # window: (colour, hatching where it is made up)
    "year_before": (chart_style.LIGHT_PURPLE, r"\\\\"),
    "year": (chart_style.DARK_BLUE, "////"),
}
_THICKNESS = 0.39


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
        `data` has the columns name, window, period, months (that period for the CSV), those of
        `figure_columns`, and text (the figure as it stands beside its bar), two rows a measure.
    """
    figures = [(name, measure, window) for name, measure in measures.items() for window in _PAIR]
    data = pd.DataFrame(
        {
            "name": [name for name, *_ in figures],
            "window": [window for *_, window in figures],
            "period": [measure.period(window).short_label for _, measure, window in figures],
            "months": [_as_months(measure.period(window)) for _, measure, window in figures],
            **figure_columns([measure.figure(window) for _, measure, window in figures]),
            "text": [_text(measure, window) for _, measure, window in figures],
        }
    )
    chart_style.use_style()
    figure, axes = plt.subplots(figsize=(chart_style.WIDTH, 1.1 + 0.58 * len(measures)))
    nothing = bool(data["value"].isna().all())
    if nothing:
        say_nothing_to_show(axes)
    else:
        _draw_pairs(axes, data)
        chart_style.label_vertical_axis(axes, label, illustrative_note(data, HATCHED))
        # The layout takes a second round to give room to what stands beyond the bars.
        figure.draw_without_rendering()
    headline = directions([measure.comparison("year") for measure in measures.values()], what)
    first = next(iter(measures.values()))
    return Chart(
        figure,
        headline,
        f"{first.period('year').label} compared with the 12 months before",
        NOTHING if nothing else f"Bar chart in pairs: {uncapitalised(label)}. {_describe(measures)}",
        data,
        [measure.figure(window) for _, measure, window in figures],
        {"name": "Measure", "months": "Months", **figure_headings(f"{label} ({first.measure.unit})")},
        HATCHED,
    )


def _draw_pairs(axes: Axes, data: pd.DataFrame) -> None:
    rows = data[["window", "value", "illustrative", "text", "period"]].to_numpy()
    for position, (window, value, illustrative, text, period) in enumerate(rows):
        pair, place = divmod(position, len(_PAIR))
        level = pair + (place - 0.5) * _THICKNESS
        colour, lines = _PAIR[window]
        length = 0 if pd.isna(value) else value
        (bar,) = axes.barh(level, length, height=_THICKNESS, color=colour, edgecolor="white")
        if illustrative:
            hatch(bar, colour, lines)
        axes.annotate(
            # The first pair says which bar is which, so that no key is needed.
            f"{text}, {period}" if pair == 0 else text,
            (length, level),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            color=chart_style.DARK_GREY,
            annotation_clip=False,
        )
    names = list(dict.fromkeys(data["name"]))
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.set(xlim=(0, 100), xlabel="", ylabel="")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.percent(round(level))))
    axes.tick_params(axis="y", left=False)
    # The bars carry their figures.
    axes.grid(visible=False)


def _describe(measures: Mapping[str, ReportedMeasure]) -> str:
    """Tell each pair in a sentence, and in the first which is which."""
    told: list[str] = []
    for name, measure in measures.items():
        before, latest = (_text(measure, window) for window in _PAIR)
        if not told:
            before, latest = (
                f"{text} in {measure.period(window).label}"
                for text, window in zip((before, latest), _PAIR, strict=True)
            )
        told.append(f"{name}: {before}, then {latest}.")
    return " ".join(told)


def _text(measure: ReportedMeasure, window: str) -> str:
    return figure_in_words(measure.figure(window), measure.measure.statistic, measure.measure.places)


def _as_months(period: Period) -> str:
    return f"{period.start:%Y-%m} to {period.end:%Y-%m}"
