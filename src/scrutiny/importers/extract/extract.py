"""A force's own extract, CSV or workbook, read by a mapping file into rows of a dataset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput, WrongUse
from scrutiny.importers.extract.cell_values import (
    Record,
    absent,
    period_fields,
    read_as_at,
    read_field,
    read_figure,
)
from scrutiny.importers.extract.header import Header, find_header
from scrutiny.importers.extract.mapping import LEAVE_OUT, MappingFile, load_mapping
from scrutiny.importers.extract.parse import NotReadError
from scrutiny.importers.extract.plausible import fractions, missing_periods
from scrutiny.importers.files.cells import Cell, Table, as_text, is_empty, plain
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import FILE, ROW, Offer, Options, offered_rows
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period, window


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read extracts of one dataset.

    Raises
    ------
    WrongUse
        If no mapping is named, or the day or quarter is missing that it needs.
    WrongInput
        If a file or the mapping cannot be used at all; what is wrong with rows stands in the offer.
    """
    if options.mapping is None:
        raise WrongUse(
            Problem("an extract needs a mapping", instead="add --mapping data/mappings/…; see docs/import.md")
        )
    mapping, resource = load_mapping(options.mapping, project.datapackage)
    _require_options(mapping, options)
    reading = _Reading(mapping, resource, options)
    tables = list(read_tables(files, mapping.sheet))
    filled = [table for table in tables if table.rows]
    if not filled:
        place = tables[0].place() if tables else Place(files[0])
        raise WrongInput(Problem("nothing stands in it, or only in hidden sheets", place, "export it again"))
    _require_one_sheet_each(filled)
    problems: list[Problem] = []
    for table in filled:
        try:
            reading.take(table)
        except WrongInput as error:
            problems += error.problems
    if problems:
        raise WrongInput(problems)
    return [reading.offer(filled[0].place())]


def _require_options(mapping: MappingFile, options: Options) -> None:
    says = "as_at" in (*mapping.columns.values(), *mapping.constants) or mapping.as_at_cell
    if not says and options.as_at is None:
        what = "nothing says on which day the figures were drawn"
        raise WrongUse(Problem(what, instead="add --as-at 2020-10-05, or as_at to the mapping"))
    if says and options.as_at is not None:
        what = "the mapping says as well as --as-at on which day the figures were drawn"
        raise WrongUse(Problem(what, instead="leave one of the two out"))
    if mapping.window and options.quarter is None:
        what = f"the figures are of the window {mapping.window}, and nothing says of which quarter's"
        raise WrongUse(Problem(what, instead="add --quarter 2020-21-Q2"))


def _require_one_sheet_each(tables: Sequence[Table]) -> None:
    sheets: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if table.sheet is not None:
            sheets[table.name.removesuffix(f", sheet {table.sheet}")].append(table.sheet)
    problems = [
        Problem(
            f"there are {len(names)} sheets in it: {', '.join(names)}",
            Place(file),
            "say in the mapping which to read, sheet: …",
        )
        for file, names in sheets.items()
        if len(names) > 1
    ]
    if problems:
        raise WrongInput(problems)


@dataclass
class _Reading:
    """What has been read so far."""

    mapping: MappingFile
    resource: Resource
    options: Options
    records: list[Record] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    periods: dict[tuple[str, ...], set[Period]] = field(default_factory=lambda: defaultdict(set))

    def take(self, table: Table) -> None:
        """Read a table; raises WrongInput if its header or its as-at date is wrong."""
        header = find_header(table, self.mapping)
        if header.body == len(table.rows):
            raise WrongInput(Problem("no row stands below the header", table.place(), "export it again"))
        of_all = self._of_all(table)
        above: dict[str, Cell] = {}
        for row, cells in table.rows[header.body :]:
            if passed := self._passed_over(cells, header):
                self.counted[passed] += 1
                continue
            width = len(header.names)
            if not all(is_empty(cell) for cell in cells[width:]):
                what = f"this row has {len(cells)} cells, and the header {width}"
                instead = 'a cell with a comma in it stands between two "'
                self.refused.append(Problem(what, table.place(row), instead))
                continue
            full = [*cells, *[""] * (width - len(cells))]
            named = {name: full[at] for name, at in header.position.items()}
            for name in self.mapping.fill_down:
                above[name] = named[name] = above.get(name, "") if is_empty(named[name]) else named[name]
            record = self._record(table, row, of_all, named)
            if record is not None:
                self._take_figures(table, row, record, named, full, header)

    def _of_all(self, table: Table) -> Record:
        """Give what is the same in all rows of a table."""
        record: Record = {"status": "supplied", **self.mapping.constants, FILE: table.name}
        if self.mapping.as_at_cell is not None:
            record["as_at"] = read_as_at(table, self.mapping.as_at_cell, self.mapping)
        elif self.options.as_at is not None:
            record["as_at"] = self.options.as_at.isoformat()
        if self.mapping.window and self.options.quarter:
            record |= period_fields(window(self.options.quarter, self.mapping.window))
        return record

    def _passed_over(self, cells: Sequence[Cell], header: Header) -> str:
        """Say why a row is passed over; empty if it is not."""
        texts = [as_text(cell) for cell in cells]
        first = next((text for text in texts if text), "")
        if any(plain(first).startswith(plain(start)) for start in self.mapping.notes):
            return "notes below or between the rows"
        if [plain(text) for text in texts[: len(header.names)]] == [plain(name) for name in header.names]:
            return "headers repeated"
        for name, values in self.mapping.leave_out.items():
            at = header.position[name]
            if at < len(texts) and plain(texts[at]) in {plain(value) for value in values}:
                return f"rows with {texts[at]!r} in {name}"
        return ""

    def _record(self, table: Table, row: int, of_all: Record, named: Mapping[str, Cell]) -> Record | None:
        """Read all of a row but its figures; None if something of it is refused."""
        record = {**of_all, ROW: row}
        problems: list[Problem] = []
        for name, target in self.mapping.columns.items():
            if target != "value":
                try:
                    record |= read_field(named[name], target, self.mapping)
                except NotReadError as error:
                    problems.append(Problem(error.what, table.place(row, name), error.instead))
        self.refused += problems
        return None if problems else record

    def _take_figures(
        self,
        table: Table,
        row: int,
        record: Record,
        named: Mapping[str, Cell],
        cells: Sequence[Cell],
        header: Header,
    ) -> None:
        for name, target in self.mapping.columns.items():
            if target == "value":
                self._take_figure(table.place(row, name), named[name], record)
        for column, of in header.wide.items():
            fields = period_fields(of) if isinstance(of, Period) else {self.mapping.wide_to: of}
            self._take_figure(table.place(row, header.names[column]), cells[column], record | fields)

    def _take_figure(self, place: Place, cell: Cell, record: Record) -> None:
        symbol = absent(cell, self.mapping)
        if symbol == LEAVE_OUT:
            self.counted["cells without a figure"] += 1
            return
        quarter = self.options.quarter
        period = Period(*(date.fromisoformat(str(record[name])) for name in ("period_start", "period_end")))
        if quarter and period.end > quarter.period.end:
            what = f"{period} is after the quarter {quarter}"
            self.refused.append(Problem(what, place, "name the quarter of the file, or take it out"))
            return
        self.periods[self._group(record)].add(period)
        if symbol is not None:
            self.records.append(record | {"value": "", "symbol": symbol})
            return
        try:
            value, symbol = read_figure(cell, str(record["statistic"]), self.mapping)
        except NotReadError as error:
            self.refused.append(Problem(error.what, place, error.instead))
            return
        self.records.append(record | {"value": value} | ({"symbol": symbol} if symbol else {}))

    def _group(self, record: Record) -> tuple[str, ...]:
        names = [name for name in self.resource.table_schema.primary_key if not name.startswith("period_")]
        return tuple(str(record.get(name, "")) for name in names)

    def offer(self, place: Place) -> Offer:
        rows = offered_rows(self.resource, self.records)
        notes = [f"{count:,} {what} passed over" for what, count in self.counted.items()]
        refused = (
            *self.refused,
            *missing_periods(self.mapping, self.options.quarter, self.periods, place),
            *fractions(self.mapping, self.records, place),
        )
        return Offer(self.resource.name, rows, refused, tuple(notes))
