"""What all charts have in common: what a drawn one holds, and how its figures are put into words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.statistics import csv_text, wording
from scrutiny.statistics.datum import LEGEND, Datum, Origin
from scrutiny.statistics.periods import Period, long_date
from scrutiny.statistics.value import formulas

Key = TypeVar("Key")

NOTHING = "An empty chart: no figures were supplied for it."
"""Alternative text of a chart without figures."""

HOLLOW = "Hollow points"
HATCHED = "Hatched bars"
"""How made-up figures are told apart from the others."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart.

    Parameters
    ----------
    headline : str
        What it shows, in a sentence without a full stop; neutral where the figures are illustrative.
    period : str
        From the first to the last figure.
    alternative_text : str
        What a reader who does not see it has to know.
    data : pandas.DataFrame
        What is drawn, and the columns of text that `columns` names.
    figures : sequence of Datum
        The figures that are drawn.
    columns : mapping of str to str
        Heading of each column of `data` that a reader is given, in order. A column of text or of yes and no.
    illustrative_mark : str
        How made-up figures among others are told apart: `HOLLOW` or `HATCHED`.
    method : str
        What is drawn besides, and how it was computed, in words.
    """

    figure: Figure
    headline: str
    period: str
    alternative_text: str
    data: pd.DataFrame
    figures: Sequence[Datum]
    columns: Mapping[str, str]
    illustrative_mark: str = HOLLOW
    method: str = ""

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return Origin.union(datum.origin for datum in self.figures)

    @property
    def formula(self) -> str:
        """How what it shows came about, in words."""
        return "; ".join(filter(None, (formulas(self.figures), self.method)))

    def to_csv(self) -> str:
        """Give the data as CSV, a row a figure; a column of marks of which there is none is left out."""
        told = {
            heading: self.data[name]
            for name, heading in self.columns.items()
            if self.data.empty or self.data[name].any()
        }
        cells = [[_YES_OR_NO.get(cell, cell) for cell in column] for column in told.values()]
        return csv_text.to_csv(list(told), zip(*cells, strict=True))


_YES_OR_NO = {True: "yes", False: "no"}


def figure_columns(data: Sequence[Datum]) -> dict[str, pd.Series]:
    """Give the columns of a chart's data that say what its figures are.

    Returns
    -------
    dict of str to pandas.Series
        `value`, as it is drawn; `figure`, as it stands in the CSV, symbols of absent ones included;
        `illustrative`; `note`, whether it is provisional or revised.
    """
    return {
        "value": pd.Series([as_number(datum) for datum in data], dtype="float64"),
        "figure": pd.Series([csv_text.figure(datum) for datum in data], dtype="str"),
        "illustrative": pd.Series([datum.origin.illustrative for datum in data], dtype="bool"),
        "note": pd.Series(
            ["" if datum.number is None else LEGEND.get(datum.symbol, "") for datum in data], dtype="str"
        ),
    }


def figure_headings(figure: str) -> dict[str, str]:
    """Give the headings of these columns for `Chart.columns`, that of the figures being `figure`."""
    return {"figure": figure, "illustrative": "Illustrative", "note": "Note"}


def say_nothing_to_show(axes: Axes) -> None:
    """Say in the place of a chart that there are no figures, on a strip as high as two lines."""
    axes.set_axis_off()
    if figure := axes.get_figure(root=True):
        figure.set_size_inches(chart_style.WIDTH, 0.6)
    axes.text(0.5, 0.5, "No figures were supplied", ha="center", va="center", transform=axes.transAxes)


def count_axis(axes: Axes, headroom: float = 0.08) -> None:
    """Let the vertical axis begin at 0, with whole numbers and thousands commas.

    It is labelled above, and the other one explains itself.

    Parameters
    ----------
    headroom : float
        What is free above the highest figure, as a part of it.
    """
    axes.margins(y=headroom)
    axes.set_ylim(bottom=0)
    axes.set(xlabel="", ylabel="")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.number(round(level))))


def mark_event(axes: Axes, event: Event, where: float, at: float) -> None:
    """Draw a line where an event falls, and its label on the side that has more room.

    Parameters
    ----------
    where : float
        Place on the horizontal axis; of a day, by `matplotlib.dates.date2num`.
    at : float
        Place of the label on the vertical axis, from 0 to 1.
    """
    axes.axvline(where, color=chart_style.DARK_GREY, linewidth=1, linestyle=":", zorder=1)
    left, right = axes.get_xlim()
    late = where > (left + right) / 2
    axes.annotate(
        f"{event.label}\n{long_date(event.day)}",
        (where, at),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if late else 5, 0),
        textcoords="offset points",
        ha="right" if late else "left",
        va="bottom" if at < 0.5 else "top",
        color=chart_style.DARK_GREY,
        # No line of the grid is to cross it.
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )


def label_points(axes: Axes, points: Sequence[tuple[float, float, str]], *, weight: str = "normal") -> None:
    """Write labels to the right of points, moved up or down where they would overlap.

    Parameters
    ----------
    axes : Axes
        With its final limits.
    points : sequence of (float, float, str)
        Place on both axes, and label.
    weight : str
        Of the font.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    # The layout decides how far apart two levels are.
    figure.draw_without_rendering()
    columns = defaultdict(list)
    for x, y, text in points:
        columns[x].append((y, text))
    for x, column in columns.items():
        levels = [axes.transData.transform((x, y))[1] * 72 / figure.dpi for y, _ in column]
        places = spread(levels, gap=chart_style.SMALLEST_TEXT * 1.3)
        for (y, text), level, place in zip(column, levels, places, strict=True):
            axes.annotate(
                text,
                (x, y),
                xytext=(7, place - level),
                textcoords="offset points",
                va="center",
                color=chart_style.DARK_GREY,
                fontweight=weight,
                annotation_clip=False,
            )


def spread(levels: Sequence[float], gap: float) -> list[float]:
    """Move levels as little as leaves a gap between each and the next, by pooling adjacent violators."""
    order = sorted(range(len(levels)), key=levels.__getitem__)
    pools: list[list[float]] = []
    for rank, position in enumerate(order):
        pools.append([levels[position] - rank * gap])
        while len(pools) > 1 and fmean(pools[-2]) > fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    placed = [fmean(pool) for pool in pools for _ in pool]
    return [placed[rank] + rank * gap for rank in sorted(range(len(order)), key=order.__getitem__)]


def hollow_points(axes: Axes, made_up: pd.DataFrame, x: str, colour: str, marker: str = "o") -> None:
    """Hollow the points of a line that are made up.

    Parameters
    ----------
    made_up : pandas.DataFrame
        Their rows, with the columns `value` and the one named by `x`.
    colour, marker : str
        Those of the line.
    """
    axes.plot(
        made_up[x], made_up["value"], linestyle="none", marker=marker, markersize=5, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.2, zorder=4,
    )  # fmt: skip


def hatch(bar: Patch, colour: str, lines: str = "////") -> None:
    """Hatch a bar whose figure is made up."""
    bar.set(facecolor="white", edgecolor=colour, hatch=lines, linewidth=0.8)


def illustrative_note(data: pd.DataFrame, mark: str) -> str:
    """Say for the label of a chart that its figures, or the marked ones, are made up; empty if none is.

    Parameters
    ----------
    data : pandas.DataFrame
        What is drawn, with the columns `value` and `illustrative`.
    mark : str
        `HOLLOW` or `HATCHED`.
    """
    made_up = data.loc[data["value"].notna(), "illustrative"]
    if not made_up.any():
        return ""
    return f"{'Illustrative' if made_up.all() else f'{mark} are illustrative'}: not police figures"


def events_in_words(events: Sequence[Event]) -> str:
    """Tell the marked events in an alternative text, as a sentence after others; empty if there are none."""
    told = "; ".join(f"{event.label}, {long_date(event.day)}" for event in events)
    return f" Marked: {told}." if told else ""


def illustrative_in_words(data: Sequence[Datum]) -> str:
    """Say how many figures of a chart are made up, as the sentence that begins its alternative text."""
    known = [datum for datum in data if datum.number is not None]
    made_up = [datum for datum in known if datum.origin.illustrative]
    if not made_up:
        return ""
    if len(made_up) == len(known):
        return "Illustrative figures, not police figures. "
    return f"{len(made_up)} of {len(known)} figures are illustrative, not police figures. "


def as_number(datum: Datum) -> float | None:
    """Give a figure as it is drawn; None where there is none."""
    return None if datum.number is None else float(datum.number)


def from_first_figure(series: Iterable[tuple[Key, Datum]]) -> list[tuple[Key, Datum]]:
    """Leave out what comes before the first figure."""
    listed = list(series)
    first = next((at for at, (_, datum) in enumerate(listed) if datum.number is not None), len(listed))
    return listed[first:]


def to_last_figure(series: Sequence[tuple[Key, Datum]]) -> list[tuple[Key, Datum]]:
    """Leave out what comes after the last figure."""
    return from_first_figure(reversed(series))[::-1]


def covered(periods: Sequence[Period]) -> str:
    """Name the time from the first to the last of several periods."""
    return Period(periods[0].start, periods[-1].end).label if periods else "no period"


def figure_in_words(datum: Datum, statistic: str = "count", places: int = 0) -> str:
    """Put a figure into the words of an alternative text."""
    if datum.number is None:
        return LEGEND[datum.symbol]
    return wording.amount(datum.number, statistic, places) + (
        " (illustrative)" if datum.origin.illustrative else ""
    )


def with_unit(measure: ReportedMeasure, written: str) -> str:
    """Name a measure with its unit, unless its title ends with it.

    Parameters
    ----------
    written : str
        How the unit follows the title, such as ", {}" or " ({})".
    """
    title, unit = measure.title, measure.measure.unit
    return title if title.lower().endswith(unit.lower()) else title + written.format(unit)


def uncapitalised(title: str) -> str:
    """Begin a title with a small letter, unless its first word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
