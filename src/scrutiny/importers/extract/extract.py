"""A force's own extract, CSV or workbook, read by a mapping file into rows of a dataset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.importers.extract.cell_values import absent, read_as_at, read_field, read_figure
from scrutiny.importers.extract.header import Header, find_header
from scrutiny.importers.extract.layout import require_shown, split_off_second
from scrutiny.importers.extract.mapping import LEAVE_OUT, MappingFile, load_mapping
from scrutiny.importers.extract.plausible import Doubts, missing_periods
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at, is_empty, plain
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, OfferedRow, Options, period_cells
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period, window


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read extracts of one dataset.

    Raises WrongUse if no mapping is named, or a day or quarter that it needs, and WrongInput if a file or the
    mapping cannot be used at all; the offer has what is wrong with rows.
    """
    if options.mapping is None:
        instead = "add --mapping data/mappings/…; see docs/reference/import.md"
        raise WrongUse(Problem("an extract needs a mapping", hint=instead))
    mapping, resource = load_mapping(options.mapping, project.datapackage)
    _require_options(mapping, options)
    reader = _Reader(mapping, resource, options)
    tables = list(read_tables(files, mapping.sheet))
    filled = [table for table in tables if table.rows]
    if not filled:
        place = tables[0].place() if tables else Location(files[0])
        raise WrongInput(Problem("this workbook is empty, or has only hidden sheets", place, "export it again"))
    _require_one_sheet_each(filled)
    problems: list[Problem] = []
    for table in filled:
        try:
            reader.read(table)
        except WrongInput as error:
            problems += error.problems
    if problems:
        raise WrongInput(problems)
    return [reader.offer(filled[0].place())]


def _require_options(mapping: MappingFile, options: Options) -> None:
    given = "as_at" in (*mapping.columns.values(), *mapping.constants) or mapping.as_at_cell
    if not given and options.as_at is None:
        what = "the date on which the figures were drawn is not given"
        raise WrongUse(Problem(what, hint="add --as-at 2020-10-05, or as_at to the mapping"))
    if given and options.as_at is not None:
        what = "the date on which the figures were drawn is given by the mapping and by --as-at"
        raise WrongUse(Problem(what, hint="leave one of the two out"))
    if mapping.window and options.quarter is None:
        what = f"the figures are of the window {mapping.window}, but its quarter is not given"
        raise WrongUse(Problem(what, hint="add --quarter 2020-21-Q2"))


def _require_one_sheet_each(tables: Sequence[SourceTable]) -> None:
    sheets: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if table.sheet is not None:
            sheets[table.name.removesuffix(f", sheet {table.sheet}")].append(table.sheet)
    instead = "name the one to read in the mapping, as sheet: …"
    if problems := [
        Problem(f"this workbook has {len(names)} sheets: {', '.join(names)}", Location(file), instead)
        for file, names in sheets.items()
        if len(names) > 1
    ]:
        raise WrongInput(problems)


@dataclass
class _Reader:
    """Reads tables into rows, and keeps what was refused and skipped, and the periods of each series."""

    mapping: MappingFile
    resource: Resource
    options: Options
    rows: list[OfferedRow] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    periods: dict[tuple[str, ...], set[Period]] = field(default_factory=lambda: defaultdict(set))
    doubts: Doubts = field(init=False)

    def __post_init__(self) -> None:
        self.doubts = Doubts(self.mapping, self.resource.table_schema.primary_key)

    def read(self, table: SourceTable) -> None:
        """Read a table; raises WrongInput if its header or its as-at date is wrong."""
        header = find_header(table, self.mapping)
        if header.body == len(table.rows):
            raise WrongInput(Problem("there is no row below the header", table.place(), "export it again"))
        require_shown(table, header, self.mapping)
        table, below = split_off_second(table, header, self.mapping)
        self.refused += [below] if below else []
        common = self._common_fields(table)
        above: dict[str, CellValue] = {}
        for row, cells in table.rows[header.body :]:
            if reason := self._reason_to_skip(cells, header):
                self.skipped[reason] += 1
                continue
            width = len(header.names)
            if not all(is_empty(cell) for cell in cells[width:]):
                what = f"this row has {len(cells)} cells, but the header has {width}"
                instead = 'a cell with a comma in it needs a " at either end'
                self.refused.append(Problem(what, table.place(row), instead))
                continue
            named = {name: cell_at(cells, at) for name, at in header.position.items()}
            for name in self.mapping.fill_down:
                above[name] = named[name] = above.get(name, "") if is_empty(named[name]) else named[name]
            draft = self._draft(table, row, common, named)
            if draft is None:
                continue
            for name, target in self.mapping.columns.items():
                if target == "value":
                    self._read_figure(table.place(row, name), named[name], draft)
            for column, of in header.wide.items():
                fields = period_cells(of) if isinstance(of, Period) else {self.mapping.wide_to: of}
                place = table.place(row, header.names[column])
                self._read_figure(place, cell_at(cells, column), draft | fields)

    def _common_fields(self, table: SourceTable) -> dict[str, str]:
        """Give what all rows of a table have in common."""
        draft = {"status": "supplied", **self.mapping.constants}
        if self.mapping.as_at_cell is not None:
            draft["as_at"] = read_as_at(table, self.mapping.as_at_cell, self.mapping)
        elif self.options.as_at is not None:
            draft["as_at"] = self.options.as_at.isoformat()
        if self.mapping.window and self.options.quarter:
            draft |= period_cells(window(self.options.quarter, self.mapping.window))
        return draft

    def _reason_to_skip(self, cells: Sequence[CellValue], header: Header) -> str:
        """Say why a row is skipped; empty if it is not."""
        texts = [as_text(cell) for cell in cells]
        first = next((text for text in texts if text), "")
        if any(plain(first).startswith(plain(start)) for start in self.mapping.notes):
            return "notes below or between the rows"
        if [plain(text) for text in texts[: len(header.names)]] == [plain(name) for name in header.names]:
            return "repeated headers"
        for name, values in self.mapping.leave_out.items():
            at = header.position[name]
            if at < len(texts) and plain(texts[at]) in {plain(value) for value in values}:
                return f"rows with {texts[at]!r} in {name}"
        return ""

    def _draft(
        self, table: SourceTable, row: int, common: Mapping[str, str], named: Mapping[str, CellValue]
    ) -> dict[str, str] | None:
        """Read all of a row but its figures; None if part of it is refused."""
        draft = dict(common)
        problems: list[Problem] = []
        for name, target in self.mapping.columns.items():
            if target != "value":
                try:
                    draft |= read_field(named[name], target, self.mapping)
                except CellError as error:
                    problems.append(error.at(table.place(row, name)))
        self.refused += problems
        return None if problems else draft

    def _read_figure(self, place: Location, cell: CellValue, draft: Mapping[str, str]) -> None:
        symbol = absent(cell, self.mapping)
        if symbol == LEAVE_OUT:
            self.skipped["cells without a figure"] += 1
            return
        quarter = self.options.quarter
        period = Period(*(date.fromisoformat(draft[name]) for name in ("period_start", "period_end")))
        if quarter and period.end > quarter.period.end:
            what = f"{period} is after the quarter {quarter}"
            self.refused.append(Problem(what, place, "give the quarter of the file, or take the figure out"))
            return
        key = self.resource.table_schema.primary_key
        series = tuple(draft.get(name, "") for name in key if not name.startswith("period_"))
        self.periods[series].add(period)
        value = ""
        try:
            if symbol is None:
                value, symbol = read_figure(cell, draft["statistic"], self.mapping)
        except CellError as error:
            self.refused.append(error.at(place))
            self.doubts.add_refused(place, cell)
            return
        cells = {**draft, "value": value} | ({"symbol": symbol} if symbol else {})
        row = OfferedRow(cells, replace(place, column=None))
        self.rows.append(row)
        self.doubts.add(row, place, cell)

    def offer(self, place: Location) -> Offer:
        """Offer all rows read; what is wrong with the extract as a whole is refused at `place`."""
        notes = [f"skipped: {what} ({count:,})" for what, count in self.skipped.items()]
        doubtful, unsure = self.doubts.judge()
        gaps = missing_periods(self.mapping, self.options.quarter, self.periods, place)
        rows = tuple(row for row in self.rows if id(row) not in unsure)
        return Offer(self.resource.name, rows, (*self.refused, *gaps, *doubtful), tuple(notes))
