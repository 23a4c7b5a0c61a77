"""What all charts have in common: what a drawn one holds, and how its figures are put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from scrutiny import chart_style, wording
from scrutiny.datum import Datum, Origin
from scrutiny.events import Event
from scrutiny.periods import Period, long_date

Key = TypeVar("Key")

NOTHING = "An empty chart: no figures were supplied for it."
"""Alternative text of a chart without figures."""


@dataclass(frozen=True)
class Chart:
    """A drawn chart.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    headline : str
        What it shows, in a sentence without a full stop; neutral where the figures are illustrative.
    period : str
        From the first to the last figure.
    alternative_text : str
        What a reader who does not see it has to know.
    data : pandas.DataFrame
        What is drawn.
    origin : Origin
        Where it comes from.
    illustrative_mark : str
        How made-up figures among others are told apart.
    """

    figure: Figure
    headline: str
    period: str
    alternative_text: str
    data: pd.DataFrame
    origin: Origin
    illustrative_mark: str = "Hollow points"


def say_nothing_to_show(axes: Axes) -> None:
    """Say in the place of a chart that there are no figures, on a strip as high as two lines."""
    axes.set_axis_off()
    if figure := axes.get_figure(root=True):
        figure.set_size_inches(chart_style.WIDTH, 0.6)
    axes.text(0.5, 0.5, "No figures were supplied", ha="center", va="center", transform=axes.transAxes)


def count_axis(axes: Axes) -> None:
    """Let the vertical axis begin at 0, with whole numbers and thousands commas; the other one explains itself."""
    axes.set_ylim(bottom=0)
    axes.set_xlabel("")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda level, _: wording.number(round(level))))


def mark_event(axes: Axes, event: Event, where: float, at: float) -> None:
    """Draw a line where an event falls, and its label to the left of it.

    Parameters
    ----------
    axes : Axes
    event : Event
    where : float
        Place on the horizontal axis; of a day, by `matplotlib.dates.date2num`.
    at : float
        Place of the label on the vertical axis, from 0 to 1.
    """
    axes.axvline(where, color=chart_style.DARK_GREY, linewidth=1, linestyle=":", zorder=1)
    axes.annotate(
        f"{event.label}\n{long_date(event.day)}",
        (where, at),
        xycoords=("data", "axes fraction"),
        xytext=(-5, 0),
        textcoords="offset points",
        ha="right",
        va="bottom" if at < 0.5 else "top",
        fontsize=9,
        color=chart_style.DARK_GREY,
    )


def hollow_points(axes: Axes, made_up: pd.DataFrame, x: str, colour: str) -> None:
    """Hollow the points of a line that are made up.

    Parameters
    ----------
    axes : Axes
    made_up : pandas.DataFrame
        Their rows, with the columns `value` and the one named by `x`.
    x : str
    colour : str
        That of the line.
    """
    axes.plot(
        made_up[x], made_up["value"], linestyle="none", marker="o", markersize=4.5, markerfacecolor="white",
        markeredgecolor=colour, markeredgewidth=1.2, zorder=4,
    )  # fmt: skip


def say_illustrative(axes: Axes, data: pd.DataFrame) -> None:
    """Say inside a chart that its figures, or its hollow points, are made up; nothing if none is.

    Parameters
    ----------
    axes : Axes
    data : pandas.DataFrame
        What is drawn, with the columns `value` and `illustrative`.
    """
    if data["illustrative"].any():
        every = data.loc[data["value"].notna(), "illustrative"].all()
        axes.text(
            0.01,
            0.03,
            "Illustrative: not police figures" if every else "Hollow points are illustrative: not police figures",
            transform=axes.transAxes,
            fontsize=9,
            fontstyle="italic",
            color=chart_style.DARK_GREY,
        )


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
        return "not supplied"
    return wording.amount(datum.number, statistic, places) + (
        " (illustrative)" if datum.origin.illustrative else ""
    )


def uncapitalised(title: str) -> str:
    """Begin a title with a small letter, unless its first word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
