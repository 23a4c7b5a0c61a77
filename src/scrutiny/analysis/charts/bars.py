"""Several percentages, each as a pair of bars: the year before and the latest year."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from scrutiny.analysis.charts import marks, placement, style, words
from scrutiny.analysis.charts.chart import HATCHED, Chart, draw, figure_columns, figure_headings
from scrutiny.analysis.phrases import directions
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.statistics import wording

_PAIR = {
    # window: (colour, hatching where it is made up)
    "year_before": (style.LIGHT_PURPLE, r"\\\\"),
    "year": (style.DARK_BLUE, "////"),
}
_THICKNESS = 0.39
_NAMES = 150
"""Points that the names of measures take at most."""


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
    bars = [(name, measure, window) for name, measure in measures.items() for window in _PAIR]
    periods = [measure.period(window) for _, measure, window in bars]
    figures = [measure.figure(window) for _, measure, window in bars]
    data = pd.DataFrame(
        {
            "name": [name for name, *_ in bars],
            "window": [window for *_, window in bars],
            "period": [period.short_label for period in periods],
            "months": [f"{period.start:%Y-%m} to {period.end:%Y-%m}" for period in periods],
            **figure_columns(figures),
            "text": [
                words.figure(datum, measure.measure) for (_, measure, _), datum in zip(bars, figures, strict=True)
            ],
        }
    )
    first = next(iter(measures.values()))
    names = placement.height(placement.wrapped(name, _NAMES) for name in measures)
    size = (style.WIDTH, 1.1 + max(0.58, (names + placement.LINE_HEIGHT) / 72) * len(measures))
    text = f"Bar chart in pairs: {words.uncapitalised(label)}. {_describe(first, data)}"
    return Chart(
        draw(data, label, HATCHED, _draw_pairs, size=size, beside=_NAMES + 20),
        directions([measure.comparison("year") for measure in measures.values()], what),
        f"{first.period('year').label} compared with the 12 months before",
        words.NOTHING if data["value"].isna().all() else text,
        data,
        figures,
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
            marks.hatch(bar, colour, lines)
        # The first pair says which bar is which, so that no key is needed.
        beside = f"{text}, {period}" if pair == 0 else text
        marks.annotate(axes, beside, (length, level), (4, 0), va="center")
    names = list(dict.fromkeys(data["name"]))
    axes.set_yticks(range(len(names)), [placement.wrapped(name, _NAMES) for name in names])
    axes.invert_yaxis()
    axes.set(xlim=(0, 100), xlabel="", ylabel="")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.percent(round(level))))
    axes.tick_params(axis="y", left=False)
    # The bars carry their figures.
    axes.grid(visible=False)
    # The layout takes a second round to give room to what stands beyond the bars.
    marks.figure_of(axes).draw_without_rendering()


def _describe(first: ReportedMeasure, data: pd.DataFrame) -> str:
    """Describe each pair in a sentence, the first with its periods."""
    pairs: list[str] = []
    for name, (before, latest) in data.groupby("name", sort=False)["text"]:
        if not pairs:
            before, latest = (
                f"{text} in {first.period(window).label}"
                for text, window in zip((before, latest), _PAIR, strict=True)
            )
        pairs.append(f"{name}: {before}, then {latest}.")
    return " ".join(pairs)
