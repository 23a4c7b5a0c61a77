"""Tables of the report: what stands in them, and what a reader has to be told beneath them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from scrutiny import markdown
from scrutiny.analysis.captions import source_note
from scrutiny.analysis.phrases import figure_cell
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.statistics import csv_text, wording
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import LEGEND, Datum, Origin
from scrutiny.statistics.value import formulas


@dataclass(frozen=True)
class Cell:
    """A cell's text, and the data that it shows, by what each is beside the head of the column."""

    text: str
    data: Mapping[str, Datum] = field(default_factory=dict)

    @classmethod
    def figure(cls, measure: ReportedMeasure, window: str) -> Cell:
        """Show a measure's figure of a window."""
        return cls.datum(measure, measure.figure(window))

    @classmethod
    def datum(cls, measure: ReportedMeasure, datum: Datum) -> Cell:
        """Show a figure of a measure."""
        return cls(_unbroken(figure_cell(measure, datum)), {"": datum})

    @classmethod
    def change(cls, comparison: Comparison) -> Cell:
        """Show a change in brief: direction, percentage, difference."""
        data = {"%": comparison.percent_change, "difference": comparison.change}
        # The numbers stay on one line, the direction above them where the column is narrow.
        direction, bracket, numbers = comparison.in_brief.partition("(")
        text = f"{direction}{bracket}{_unbroken(numbers)}"
        return cls(text, {name: datum for name, datum in data.items() if datum in comparison.shown})


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
    """

    columns: Sequence[str]
    rows: Sequence[Row]

    @property
    def data(self) -> tuple[Datum, ...]:
        """All data shown."""
        return tuple(datum for row in self.rows for cell in row.cells for datum in cell.data.values())

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return Origin.union(datum.origin for datum in self.data)

    @property
    def formula(self) -> str:
        """How its figures came about, in words."""
        return formulas(self.data)

    @property
    def legend(self) -> str:
        """What the symbols that occur mean; empty if none does."""
        occurring = {symbol for datum in self.data for symbol in datum.symbols}
        return "; ".join(f"[{symbol}] {LEGEND[symbol]}" for symbol in LEGEND if symbol in occurring)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader is told beneath: the sources, and the legend of the symbols, a sentence or two each."""
        # Made-up figures do not come from the system whose figures they stand in for.
        police = [datum.origin for datum in self.data if not datum.origin.illustrative]
        told = [source_note(Origin.union(police))] if police or not self.data else []
        return (*told, f"{self.legend}.") if self.legend else tuple(told)

    def to_markdown(self) -> str:
        """Give the table, totals in bold and parts set in, and its notes beneath."""
        text = markdown.table(
            [[row.head, *(cell.text for cell in row.cells)] for row in self.rows],
            headers=list(self.columns),
            words=self.columns_of_words,
            strong=self._of(Level.TOTAL),
            parts=self._of(Level.PART),
        )
        notes = "\n\n".join(map(markdown.escape, self.notes))
        return f"{text}\n\n::: {{.notes}}\n{notes}\n:::"

    def to_csv(self) -> str:
        """Give the table for a program: what a cell says, and beside it, unrounded, the figures it says.

        Where all that a column says is plain figures, these alone stand.
        """
        header, columns = [self.columns[0]], [[row.head for row in self.rows]]
        for position, head in enumerate(self.columns[1:]):
            cells = [row.cells[position] for row in self.rows]
            if not all(_is_plain(cell) for cell in cells):
                header.append(head)
                columns.append([cell.text for cell in cells])
            for name in dict.fromkeys(name for cell in cells for name in cell.data):
                header.append(f"{head}, {name}" if name else f"{head}, figure" if head in header else head)
                columns.append([csv_text.figure(cell.data[name]) if name in cell.data else "" for cell in cells])
        return csv_text.to_csv(header, list(zip(*columns, strict=True)))

    @property
    def columns_of_words(self) -> list[int]:
        """Positions of the columns that hold words, from 0, but for the first."""
        return [
            column
            for column in range(1, len(self.columns))
            if not any(row.cells[column - 1].data for row in self.rows)
        ]

    def _of(self, level: Level) -> list[int]:
        return [position for position, row in enumerate(self.rows) if row.level is level]


def _unbroken(text: str) -> str:
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def _is_plain(cell: Cell) -> bool:
    """Whether a cell says its one figure, rounded perhaps, or the symbol in its place, and nothing else."""
    if list(cell.data) != [""]:
        return False
    datum = cell.data[""]
    if datum.number is None:
        return True
    text = cell.text.replace(",", "").replace(wording.MINUS, "-")
    try:
        return abs(Fraction(text) - datum.number) < 1
    except ValueError:
        return False
