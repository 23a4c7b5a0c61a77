"""Tables of the report: their cells, and the notes beneath them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from scrutiny import markdown
from scrutiny.analysis.captions import rounding_note, source_note
from scrutiny.analysis.phrases import figure_cell
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.analysis.supplies import is_missing
from scrutiny.inputs.figures import Category
from scrutiny.inputs.relations import OVER_CATEGORIES, divisions
from scrutiny.statistics import csv_text, wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import LEGEND, NOT_APPLICABLE, Datum, provenance_of
from scrutiny.statistics.provenance import Provenance
from scrutiny.statistics.stated import COUNTS


@dataclass(frozen=True)
class TableCell:
    """A cell's text and the data that it shows, by what each adds to the column's head in the CSV."""

    text: str
    data: Mapping[str, Datum] = field(default_factory=dict)
    shown: Decimal | None = None
    """The figure, or the difference, as the text has it."""
    unit: Decimal = Decimal(0)
    """To a multiple of what it is rounded; 0 if it is exact, as counts are."""
    note: str = ""
    """What a reader has to know of it, as a sentence beneath the table without its full stop."""

    @classmethod
    def figure(cls, measure: ReportedMeasure, window: str) -> TableCell:
        """Show a measure's figure of a window."""
        return cls.datum(measure, measure.figure(window))

    @classmethod
    def datum(cls, measure: ReportedMeasure, datum: Datum) -> TableCell:
        """Show a figure of a measure."""
        text = wording.unbroken(figure_cell(measure, datum))
        return cls(text, {"": datum}, *_rounded(datum, measure.measure.statistic, measure.measure.places))

    @classmethod
    def plain(cls, datum: Datum, places: int) -> TableCell:
        """Show a figure that is no count, without its unit, which is in the head of its column."""
        text = "" if datum.number is None else wording.number(datum.number, datum.places(places))
        return cls(datum.marked(text), {"": datum}, *_rounded(datum, "", places))

    @classmethod
    def change(cls, comparison: Comparison) -> TableCell:
        """Show a change in brief: direction, percentage, difference."""
        data = {"%": comparison.percent_change, "difference": comparison.change}
        # The numbers stay on one line, the direction above them where the column is narrow.
        direction, bracket, numbers = comparison.in_brief.partition("(")
        text = f"{direction}{bracket}{wording.unbroken(numbers)}"
        shown = {name: datum for name, datum in data.items() if datum in comparison.shown}
        places = wording.visible_places(comparison.change.number or 0, comparison.places_of_change)
        return cls(text, shown, *_rounded(comparison.change, comparison.statistic, places))


Sum = tuple[TableCell, Sequence[TableCell]]
"""A total, and what adds up to it."""


def _rounded(datum: Datum, statistic: str, places: int) -> tuple[Decimal | None, Decimal]:
    """Give a number as a table shows it, and to a multiple of what it is rounded."""
    if datum.number is None:
        return None, Decimal(0)
    places = datum.places(places)
    exact = statistic in COUNTS and not datum.rounding
    return round_half_away(datum.number, places), Decimal(0) if exact else max(
        Decimal(1).scaleb(-places), Decimal(datum.rounding)
    )


class Level(Enum):
    """What a row is among the others of its table."""

    ROW = "row"
    PART = "part of the row above it that is no part"
    TOTAL = "total, or a group with its parts below"


@dataclass(frozen=True)
class TableRow:
    """A row: its head, its cells, its level, and the measures that it shows, if it is theirs alone."""

    head: str
    cells: Sequence[TableCell]
    level: Level = Level.ROW
    measures: tuple[ReportedMeasure, ...] = ()

    @property
    def data(self) -> tuple[Datum, ...]:
        """All data shown."""
        return tuple(datum for cell in self.cells for datum in cell.data.values())


@dataclass(frozen=True)
class Table:
    """A table whose first column names the rows; `columns` are the heads."""

    columns: Sequence[str]
    rows: Sequence[TableRow]
    sums: Sequence[Sum] = ()
    changes: Sequence[Sum] = ()
    """Figures, and the earlier one with the change that led to them."""

    @property
    def texts(self) -> list[list[str]]:
        """The text of each row, its head included."""
        return [[row.head, *(cell.text for cell in row.cells)] for row in self.rows]

    @property
    def data(self) -> tuple[Datum, ...]:
        """All data shown."""
        return tuple(datum for row in self.rows for datum in row.data)

    @property
    def supplied(self) -> Table:
        """What of it is shown: no row of measures that were not supplied, and none if no figure was."""
        rows = [
            row
            for row in self.rows
            if not (row.measures and _none_supplied(row.data) and all(map(is_missing, row.measures)))
        ]
        return replace(self, rows=() if _none_supplied(self.data) else rows)

    @property
    def provenance(self) -> Provenance:
        """Where its figures come from."""
        return provenance_of(self.data)

    @property
    def legend(self) -> str:
        """The meaning of the symbols that occur; empty if none does."""
        occurring = {symbol for datum in self.data for symbol in datum.symbols}
        return "; ".join(f"[{symbol}] {LEGEND[symbol]}" for symbol in LEGEND if symbol in occurring)

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes beneath: the sources, the legend of the symbols, and what rounding does."""
        # Made-up figures do not come from the system whose figures they stand in for.
        real = [datum for datum in self.data if not datum.illustrative]
        notes = [f"{row.head}: {cell.note}." for row in self.rows for cell in row.cells if cell.note]
        notes += [source_note(provenance_of(real))] if real or not self.data else []
        notes += [f"{self.legend}."] if self.legend else []
        return (*notes, self.rounding) if self.rounding else tuple(notes)

    @property
    def rounding(self) -> str:
        """What a reader has to know who adds up what is shown; empty where all adds up."""
        sentences = rounding_note(self.provenance)
        seen = [
            what
            for what, sums in (
                ("parts may not add up to totals", self.sums),
                ("changes may not be the differences of the figures shown", self.changes),
            )
            if any(0 < differs(*one) <= by_rounding(*one) for one in sums)
        ]
        if seen:
            sentences.append(f"Because of rounding, {wording.listed(seen)}.")
        return " ".join(sentences)

    def to_markdown(self) -> str:
        """Write the table, totals in bold and parts indented, with its notes beneath."""
        text = markdown.table(
            self.texts,
            headers=list(self.columns),
            alignment=self.alignment,
            strong=self._of(Level.TOTAL),
            parts=self._of(Level.PART),
        )
        notes = "\n\n".join(map(markdown.escape, self.notes))
        return f"{text}\n\n::: {{.notes}}\n{notes}\n:::"

    def to_csv(self) -> str:
        """Write the table for a program: the text of each cell and, beside it, its figures unrounded.

        A column of plain figures has these alone.
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
    def alignment(self) -> list[str]:
        """For each column: words to the left, figures to the right."""
        with_figures = [any(row.cells[place].data for row in self.rows) for place in range(len(self.columns) - 1)]
        return ["left", *("right" if figures else "left" for figures in with_figures)]

    def _of(self, level: Level) -> list[int]:
        return [position for position, row in enumerate(self.rows) if row.level is level]


def _none_supplied(data: Sequence[Datum]) -> bool:
    """Whether none of some figures was supplied, those of months to come left out of account."""
    return bool(data) and all(datum.symbol == "x" or datum is NOT_APPLICABLE for datum in data)


def totals_among(measures: Sequence[ReportedMeasure | None]) -> Iterator[tuple[int, list[int]]]:
    """Say which of several measures are totals of others, by their positions.

    They are so by their `sum_of`, and by `partsOf` of their dataset. Only of what adds up over categories.
    """
    names = {one.name: position for position, one in enumerate(measures) if one}
    places: dict[tuple[str, int, str], dict[Category, int]] = defaultdict(dict)
    for position, one in enumerate(measures):
        if one and one.measure.statistic in OVER_CATEGORIES:
            alike = (one.measure.dataset, one.measure.lag_months, one.measure.window)
            places[alike][_category(one)] = position
            if one.measure.sum_of and names.keys() >= set(one.measure.sum_of):
                yield position, [names[part] for part in one.measure.sum_of]
    for known in places.values():
        for category, position in known.items():
            total = measures[position]
            assert total is not None  # as it has a category
            for parts in divisions(total.figures.resource, category, known):
                if known.keys() >= set(parts):
                    yield position, [known[part] for part in parts]


def by_column(rows: Sequence[TableRow], totals: Iterable[tuple[int, Sequence[int]]]) -> list[Sum]:
    """Give the sums of a table in each of its columns."""
    return [
        (cell, [rows[part].cells[place] for part in parts])
        for total, parts in totals
        for place, cell in enumerate(rows[total].cells)
    ]


def _category(measure: ReportedMeasure) -> Category:
    return tuple(measure.measure.where.get(field.name, "") for field in measure.figures.resource.category_fields)


def differs(total: TableCell, parts: Sequence[TableCell]) -> Decimal:
    """Give by how much the parts that are shown are more or less than a total; 0 where one of them is not."""
    if total.shown is None or any(part.shown is None for part in parts):
        return Decimal(0)
    return abs(total.shown - sum(part.shown or 0 for part in parts))


def by_rounding(total: TableCell, parts: Sequence[TableCell]) -> Decimal:
    """Give by how much they may be more or less because of rounding: half a unit of each."""
    return sum((part.unit for part in parts), total.unit) / 2


def _is_plain(cell: TableCell) -> bool:
    """Whether a cell says its one figure, perhaps rounded, or the symbol in its place, and nothing else."""
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
