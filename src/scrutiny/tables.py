"""Tables of the report: what stands in them, and what a reader has to be told beneath them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from scrutiny import markdown
from scrutiny.comparison import Comparison
from scrutiny.datum import LEGEND, Datum, Origin
from scrutiny.phrases import figure_cell
from scrutiny.report import ReportedMeasure


@dataclass(frozen=True)
class Cell:
    """A cell's text, and the data that it shows."""

    text: str
    data: tuple[Datum, ...] = ()

    @classmethod
    def figure(cls, measure: ReportedMeasure, window: str) -> Cell:
        """Show a measure's figure of a window."""
        return cls.datum(measure, measure.figure(window))

    @classmethod
    def datum(cls, measure: ReportedMeasure, datum: Datum) -> Cell:
        """Show a figure of a measure."""
        return cls(figure_cell(measure, datum), (datum,))

    @classmethod
    def change(cls, comparison: Comparison) -> Cell:
        """Show a change in brief: direction, percentage, difference."""
        # The numbers stay on one line, the direction above them where the column is narrow.
        return cls(comparison.in_brief.replace(", ", ",\N{NO-BREAK SPACE}"), comparison.shown)


class Level(Enum):
    """What a row is among the others of its table."""

    ROW = "row"
    PART = "part of the row above it that is no part"
    TOTAL = "total, or a group with its parts below"


@dataclass(frozen=True)
class Row:
    """A row: its head, its cells, and its level."""

    head: str
    cells: Sequence[Cell]
    level: Level = Level.ROW


@dataclass(frozen=True)
class Table:
    """A table: the first column names the rows, the others hold figures.

    Parameters
    ----------
    columns : sequence of str
        Heads of the columns.
    rows : sequence of Row
    """

    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def data(self) -> tuple[Datum, ...]:
        """All data shown."""
        return tuple(datum for row in self.rows for cell in row.cells for datum in cell.data)

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
        """Give the table, totals in bold and parts set in, and beneath it the legend of its symbols."""
        text = markdown.table(
            [[row.head, *(cell.text for cell in row.cells)] for row in self.rows],
            headers=list(self.columns),
            strong=self._of(Level.TOTAL),
            indented=self._of(Level.PART),
        )
        if not self.legend:
            return text
        return f"{text}\n\n::: {{.notes}}\n{markdown.escape(self.legend)}.\n:::"

    def _of(self, level: Level) -> list[int]:
        return [position for position, row in enumerate(self.rows) if row.level is level]
