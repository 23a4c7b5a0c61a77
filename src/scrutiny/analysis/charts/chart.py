"""What all charts have in common: what a drawn one holds, its data, and its frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from scrutiny.analysis.charts import marks, style, words
from scrutiny.analysis.process import Process
from scrutiny.analysis.report import Months, from_first_figure
from scrutiny.statistics import csv_text
from scrutiny.statistics.datum import LEGEND, Datum
from scrutiny.statistics.periods import Period
from scrutiny.statistics.provenance import Provenance

HOLLOW = "Hollow points"
HATCHED = "Hatched bars"
"""How made-up figures are distinguished."""
LIMIT_HEADINGS = {"mean": "Mean", "lower": "Lower limit", "upper": "Upper limit"}
"""Headings of the columns of `limit_columns`."""
_YES_OR_NO = {True: "yes", False: "no"}


@dataclass(frozen=True)
class Chart:
    """A drawn chart.

    Parameters
    ----------
    headline : str
        What it shows, in a sentence without a full stop; neutral where the figures are illustrative.
    alternative_text : str
        What a reader who does not see it has to know.
    data : pandas.DataFrame
        What is drawn, and the columns of text that `columns` names.
    columns : mapping of str to str
        Columns of `data` for readers, text or yes and no, with their headings, in order.
    illustrative_mark : str
        How made-up figures are distinguished: `HOLLOW` or `HATCHED`.
    method : str
        What else is drawn, and how it was computed, in words.
    note : str
        What else a reader has to know, as a sentence of the caption.
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
    note: str = ""

    @property
    def provenance(self) -> Provenance:
        """Where its figures come from, and how everything it shows was computed."""
        method = [Provenance(formula=self.method)] if self.method else []
        return Provenance.union([*(datum.provenance for datum in self.figures), *method])

    def to_csv(self) -> str:
        """Write the data as CSV, a row a figure, without empty columns."""
        shown = {
            heading: self.data[name]
            for name, heading in self.columns.items()
            if self.data.empty or self.data[name].any()
        }
        cells = [[_YES_OR_NO.get(cell, cell) for cell in column] for column in shown.values()]
        return csv_text.to_csv(list(shown), zip(*cells, strict=True))


def draw(
    data: pd.DataFrame,
    label: str,
    mark: str,
    draw_into: Callable[..., None],
    *details: object,
    size: tuple[float, float] = (style.WIDTH, style.HEIGHT),
    beside: float = 60,
) -> Figure:
    """Draw a chart in the report's style, or say in its place that there are no figures.

    Parameters
    ----------
    data : pandas.DataFrame
        With the columns of `figure_columns`.
    label : str
        Of the vertical axis, written above it.
    mark : str
        `HOLLOW` or `HATCHED`.
    draw_into : callable
        Draws into axes the data and `details`.
    size : tuple of float
        Width and height in inches.
    beside : float
        Points of the width that are not above the axes.
    """
    style.use_style()
    figure, axes = plt.subplots(figsize=size)
    if data["value"].isna().all():
        axes.set_axis_off()
        # A strip as high as two lines.
        figure.set_size_inches(style.WIDTH, 0.6)
        axes.text(0.5, 0.5, "No figures were supplied", ha="center", va="center", transform=axes.transAxes)
    else:
        marks.label_above(axes, label, _illustrative_note(data, mark), size[0] * 72 - beside)
        draw_into(axes, data, *details)
    return figure


def figure_columns(data: Sequence[Datum]) -> dict[str, pd.Series]:
    """Give the columns of a chart's data that say what its figures are.

    Returns
    -------
    dict of str to pandas.Series
        `value`, as drawn; `figure`, as in the CSV, symbols of absent ones included; `illustrative`; `note`,
        whether it is provisional or revised.
    """
    return {
        "value": pd.Series([datum.as_float for datum in data], dtype="float64"),
        "figure": pd.Series([csv_text.figure(datum) for datum in data], dtype="str"),
        "illustrative": pd.Series([datum.illustrative for datum in data], dtype="bool"),
        "note": pd.Series(
            ["" if datum.number is None else LEGEND.get(datum.symbol, "") for datum in data], dtype="str"
        ),
    }


def figure_headings(figure: str) -> dict[str, str]:
    """Give the headings of these columns for `Chart.columns`, that of the figures being `figure`."""
    return {"figure": figure, "illustrative": "Illustrative", "note": "Note"}


def month_columns(series: Months) -> dict[str, pd.Series]:
    """Give the columns `month`, `period_start` and `middle` of a series by month, and its `figure_columns`."""
    starts = [pd.Timestamp(month.start) for month, _ in series]
    return {
        "month": pd.Series([f"{month.start:%Y-%m}" for month, _ in series], dtype="str"),
        "period_start": pd.Series(starts, dtype="datetime64[ns]"),
        "middle": pd.Series(
            [start + (start + pd.offsets.MonthBegin() - start) / 2 for start in starts], dtype="datetime64[ns]"
        ),
        **figure_columns([datum for _, datum in series]),
    }


def limit_columns(process: Process, shown: range) -> dict[str, list[str]]:
    """Give `mean`, `lower` and `upper` of each month as in the CSV; empty without limits."""
    limits = [process.limits_at(at) for at in shown]
    return {
        name: [csv_text.number(getattr(one, name)) if one else "" for one in limits] for name in LIMIT_HEADINGS
    }


def limit_levels(data: pd.DataFrame) -> list[float]:
    """Give the numbers of `limit_columns`."""
    return [float(level) for name in LIMIT_HEADINGS for level in data[name].unique() if level]


def up_to_last_figure(series: Months) -> Months:
    """Drop the months after the last figure."""
    return from_first_figure(series[::-1])[::-1]


def covered(periods: Sequence[Period]) -> str:
    """Name the time from the first to the last of several periods."""
    return Period(periods[0].start, periods[-1].end).label if periods else "no period"


def covered_by(series: Months) -> str:
    """Name the time from the first to the last figure, and `not_all`."""
    return covered([period for period, _ in up_to_last_figure(series)]) + not_all(series)


def not_all(series: Months) -> str:
    """Name what of a series has no figure, and what is provisional, as words after others; empty if nothing."""
    inside, after = words.gaps(series)
    provisional = words.provisional(series)
    notes = {
        f" without {inside}": inside,
        f" no figure for {after}": after,
        f" {provisional} provisional": provisional,
    }
    return "".join(f",{note}" for note, named in notes.items() if named)


def unbroken(data: pd.DataFrame) -> pd.Series:
    """Give each figure the number of its run without a gap, which is drawn as a line of its own."""
    return data["value"].isna().cumsum()


def _illustrative_note(data: pd.DataFrame, mark: str) -> str:
    """Say that the figures, or the marked ones, are made up; empty if none is."""
    made_up = data.loc[data["value"].notna(), "illustrative"]
    if not made_up.any():
        return ""
    return f"{'Illustrative' if made_up.all() else f'{mark} are illustrative'}: not police figures"
