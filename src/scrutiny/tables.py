"""Tables of the report: what stands in them, and what a reader has to be told beneath them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrutiny import markdown
from scrutiny.comparison import Comparison
from scrutiny.datum import LEGEND, Datum, Origin
from scrutiny.periods import long_date
from scrutiny.phrases import figure_cell
from scrutiny.report import Report, ReportedMeasure


@dataclass(frozen=True)
class Cell:
    """A cell's text, and the data that it shows."""

    text: str
    data: tuple[Datum, ...] = ()

    @classmethod
    def figure(cls, measure: ReportedMeasure, window: str) -> Cell:
        """Show a measure's figure of a window."""
        datum = measure.figure(window)
        return cls(figure_cell(measure, datum), (datum,))

    @classmethod
    def change(cls, comparison: Comparison) -> Cell:
        """Show a change in brief: direction, percentage, difference."""
        return cls(comparison.in_brief, comparison.shown)


@dataclass(frozen=True)
class Table:
    """A table: the first column names the rows, the others hold figures.

    Parameters
    ----------
    columns : sequence of str
        Heads of the columns.
    rows : sequence of (str, sequence of Cell)
        The head of a row and its cells.
    """

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]

    @property
    def data(self) -> tuple[Datum, ...]:
        """All data shown."""
        return tuple(datum for _, cells in self.rows for cell in cells for datum in cell.data)

    @property
    def origin(self) -> Origin:
        """Where its figures come from."""
        return Origin.union(datum.origin for datum in self.data)

    @property
    def legend(self) -> str:
        """What the symbols that occur mean; empty if none does."""
        occurring = {symbol for datum in self.data for symbol in datum.symbols}
        return "; ".join(f"[{symbol}] {LEGEND[symbol]}" for symbol in LEGEND if symbol in occurring)

    def to_markdown(self) -> str:
        """Give the table, and beneath it the legend of its symbols."""
        text = markdown.table(
            [[head, *(cell.text for cell in cells)] for head, cells in self.rows], headers=list(self.columns)
        )
        if not self.legend:
            return text
        return f"{text}\n\n::: {{.notes}}\n{markdown.escape(self.legend)}.\n:::"


def annual_and_quarterly_changes(report: Report, measures: Sequence[str], row_head: str) -> Table:
    """Tabulate each measure's change over the year before, the last year, and the quarter.

    Parameters
    ----------
    report : Report
    measures : sequence of str
        A row each.
    row_head : str
        Head of the first column.
    """
    reported = [report.measure(name) for name in measures]
    columns = [
        row_head,
        *(f"Annual change to {long_date(report.period(window).end)}" for window in ("year_before", "year")),
        f"Change, {report.quarter.year_before.short_label} to {report.quarter.short_label}",
    ]
    windows = ("year_before", "year", "quarter")
    rows = [(one.title, [Cell.change(one.comparison(window)) for window in windows]) for one in reported]
    return Table(columns, rows)


def performance(report: Report, measures: Sequence[str]) -> Table:
    """Tabulate each measure's previous 12 months, the change, and the latest 12 months."""
    reported = [report.measure(name) for name in measures]
    columns = [
        "Measure",
        f"Previous 12 months ({report.period('year_before').short_label})",
        "Change",
        f"Latest 12 months ({report.period('year').short_label})",
    ]
    rows = [
        (
            one.title,
            [Cell.figure(one, "year_before"), Cell.change(one.comparison("year")), Cell.figure(one, "year")],
        )
        for one in reported
    ]
    return Table(columns, rows)
