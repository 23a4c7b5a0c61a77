"""Tables of an extract read into rows of its dataset."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.extract.cell_values import absent, read_as_at, read_field, read_figure
from scrutiny.importers.extract.header import Header, find_header
from scrutiny.importers.extract.labels import is_total
from scrutiny.importers.extract.layout import first_table
from scrutiny.importers.extract.mapping import DAYS, LEAVE_OUT, PERIOD, MappingFile, adds_up, unit
from scrutiny.importers.extract.plausible import Doubts, incomplete, missing_periods, unused_labels
from scrutiny.importers.extract.rows import Body, Named, Row, dropped_notes
from scrutiny.importers.extract.sums import Sums
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at, is_empty
from scrutiny.importers.offer import Offer, OfferedRow, Options, period_cells
from scrutiny.inputs.datapackage import FIGURE_FIELDS, Resource
from scrutiny.statistics.periods import Period, window
from scrutiny.suggest import nearest
from scrutiny.text import ranges

_WHOLE = ("count", "respondents", "satisfied")
_MANY = 3
"""More labels than these that a column's translations lack are told with another advice."""
_Key = tuple[str, ...]


class _Given(NamedTuple):
    row: OfferedRow
    labels: tuple[str, ...]
    """What stands in the other columns than those of figures."""


@dataclass
class Reader:
    """Reads tables into rows, and keeps what was refused and skipped, and the periods of each series."""

    mapping: MappingFile
    resource: Resource
    options: Options
    rows: list[OfferedRow] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    dropped: dict[str, Counter[str]] = field(default_factory=dict)
    file_notes: list[str] = field(default_factory=list)
    matched: set[tuple[str, str]] = field(default_factory=set)
    untranslated: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    periods: dict[_Key, set[Period]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self.key = self.resource.table_schema.primary_key
        self.sums, self.doubts = Sums(self.mapping, self.key), Doubts(self.mapping, self.key)
        self.labels = {name: target for name, target in self.mapping.columns.items() if target != "value"}
        self.values = [name for name, target in self.mapping.columns.items() if target == "value"]
        self.free = {
            each.name
            for each in self.resource.fields
            if each.name not in FIGURE_FIELDS and each.constraints.enum is None
        } - set(self.mapping.values)
        """Columns of the dataset that take any text."""

    def read(self, table: SourceTable) -> None:
        """Read a table; raises WrongInput if a header or its as-at date is wrong."""
        header = find_header(table, self.mapping)
        if header.body == len(table.rows):
            raise WrongInput(Problem("there is no row below the header", table.place(), "export it again"))
        self.file_notes += table.file_notes
        table, others = first_table(table, header, self.mapping)
        self.refused += others
        common = self._common_fields(table)
        if above := sum(_has_figures(cells) for _, cells in table.rows[: header.first]):
            self.skipped["rows above the header, with figures"] += above
        alone: list[tuple[Row, list[int]]] = []
        same: dict[_Key, list[_Given]] = defaultdict(list)
        body = Body(table, header, self.mapping, self.skipped, self.dropped, self.matched, self._is_data)
        before = len(self.refused)
        for row in body:
            if isinstance(row, Problem):
                self._refuse(row, common)
                continue
            draft, problems = self._draft(table, row, common)
            if row.alone and (problems or self._is_free(row)):
                alone.append((row, []))
            elif row.wrong or problems:
                for problem in [row.wrong] if row.wrong else problems:
                    self._refuse(problem, common if row.wrong else draft)
            elif alone:
                alone[-1][1].append(row.line)
            else:
                labels = tuple(as_text(cell) for at, cell in enumerate(row.cells) if at not in body.figures)
                for offered in self._figures(table, header, row, draft):
                    same[tuple(offered.cells.get(name, "") for name in self.key)].append(_Given(offered, labels))
        for row, below in alone:
            self._refuse_alone(table, row, below, common)
        self._take(same, [name for at, name in enumerate(header.names) if at not in body.figures])
        if not (same or self.sums.parts or len(self.refused) > before):
            what = "nothing is taken from this table: all its rows or figures are skipped"
            instead = "check absent, keep, leave_out and notes in the mapping"
            self.refused.append(Problem(what, table.place(), instead))

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

    def _refuse(self, problem: Problem, known: Mapping[str, str]) -> None:
        """Refuse a row or figure, and sums that it may be part of, by what is known of it."""
        self.refused.append(problem)
        if self.mapping.sum:
            self.sums.refused.append((known, problem.location))

    def _is_free(self, row: Row) -> bool:
        """Whether a row has nothing in the columns of which it is known what they may say."""
        return all(is_empty(row.named[name]) or target in self.free for name, target in self.labels.items())

    def _is_data(self, named: Named) -> bool:
        """Whether all of a row but its figures can be read."""
        try:
            for name, target in self.labels.items():
                self._read_label(named[name], name, target)
        except CellError:
            return False
        return True

    def _read_label(self, cell: CellValue, name: str, target: str) -> dict[str, str]:
        text = as_text(cell)
        try:
            fields = read_field(cell, target, self.mapping)
        except CellError as error:
            if is_total(text):
                instead = f"if it is a total, write leave_out: {{{name}: [{text}]}} in the mapping"
                raise CellError(error.message, instead) from None
            if target in self.mapping.values and text:
                self.untranslated[name].add(error.message)
            raise
        if target in self.free and is_total(text):
            what = f"{text!r} seems to be a total of other rows"
            instead = f"write leave_out: {{{name}: [{text}]}} in the mapping, or add it to values.{target}"
            raise CellError(what, instead)
        return fields

    def _draft(
        self, table: SourceTable, row: Row, common: Mapping[str, str]
    ) -> tuple[dict[str, str], list[Problem]]:
        """Read all of a row but its figures; give also what is wrong with the rest."""
        draft = dict(common)
        problems: list[Problem] = []
        for name, target in self.labels.items():
            try:
                draft |= self._read_label(row.named[name], name, target)
            except CellError as error:
                problems.append(error.at(table.place(row.line, name)))
        return draft, problems

    def _figures(
        self, table: SourceTable, header: Header, row: Row, draft: Mapping[str, str]
    ) -> Iterator[OfferedRow]:
        """Read the figures of a row; those of sums go there."""
        part = tuple(as_text(row.named[name]) for name in self.mapping.sum)
        cells = [(table.place(row.line, name), row.named[name], dict(draft)) for name in self.values]
        for column, of in header.wide.items():
            fields = period_cells(of) if isinstance(of, Period) else {self.mapping.wide_to: of}
            place = table.place(row.line, header.names[column])
            cells.append((place, cell_at(row.cells, column), {**draft, **fields}))
        for place, cell, fields in cells:
            offered = self._figure(place, cell, fields)
            if offered and self.mapping.sum:
                self.sums.add(part, offered)
            elif offered:
                yield offered

    def _figure(self, place: Location, cell: CellValue, draft: Mapping[str, str]) -> OfferedRow | None:
        """Read a figure; None if it is refused, or left out."""
        symbol = absent(cell, self.mapping)
        if symbol == LEAVE_OUT:
            self.skipped["cells without a figure"] += 1
            return None
        quarter = self.options.quarter
        period = Period(*(date.fromisoformat(draft[name]) for name in ("period_start", "period_end")))
        if quarter and period.end > quarter.period.end:
            what = f"{period} is after the quarter {quarter}"
            self._refuse(Problem(what, place, "give the quarter of the file, or take the figure out"), draft)
            return None
        series = tuple(draft.get(name, "") for name in self.key if not name.startswith("period_"))
        self.periods[series].add(period)
        value = ""
        try:
            if symbol is None:
                value, symbol = read_figure(cell, draft["statistic"], self.mapping)
            if self.mapping.sum:
                self._require_part(value, draft["statistic"])
        except CellError as error:
            self._refuse(error.at(place), draft)
            self.doubts.add_refused(place, cell)
            return None
        cells = {**draft, "value": value} | ({"symbol": symbol} if symbol else {})
        row = OfferedRow(cells, replace(place, column=None))
        self.doubts.add(row, place, cell)
        return row

    def _require_part(self, value: str, statistic: str) -> None:
        """Refuse a figure that cannot be part of a sum; raises CellError."""
        if not adds_up(statistic):
            what = f"sum adds up counts, but {statistic} cannot be added up"
            raise CellError(what, "take sum out of the mapping")
        if not value:
            instead = "give the figure, or take the total from a row of its own"
            raise CellError("there is no figure here, so the sum is not known", instead)
        if statistic in _WHOLE and not value.isdigit():
            raise CellError(f"{value} is not a count, so it cannot be part of a sum", "write the count itself")

    def _refuse_alone(self, table: SourceTable, row: Row, below: Sequence[int], common: Mapping[str, str]) -> None:
        """Refuse a text between rows, and the rows to which it may be a heading."""
        text = next(as_text(cell) for cell in row.cells if not is_empty(cell))
        what = f"this row has only a text, {text[:60]!r}"
        if below:
            what += f", to which the rows below may belong: {ranges(below)}"
        instead = "if it is a note, write its beginning under notes in the mapping"
        problem = Problem(what, table.place(row.line), instead)
        self._refuse(problem, common) if below else self.refused.append(problem)

    def _take(self, same: Mapping[_Key, Sequence[_Given]], names: Sequence[str]) -> None:
        """Take figures; refuse those of one key whose rows differ in what the mapping does not use."""
        told = set()
        for given in same.values():
            if len({labels for _, labels in given}) == 1:
                self.rows += [row for row, _ in given]
                continue
            lines = [row.place.line or 0 for row, _ in given]
            columns = zip(names, *(labels for _, labels in given), strict=False)
            name, *texts = next(column for column in columns if len(set(column[1:])) > 1)
            if (*lines, name) not in told:
                told.add((*lines, name))
                values = " and ".join(dict.fromkeys(map(repr, texts)))
                what = f"rows {ranges(lines)} are of one figure, but differ in {name}: {values}"
                dated = self.labels.get(name, "") in (PERIOD, *DAYS)
                instead = "keep one" if dated else f"keep one or, if they add up, add sum: [{name}] to the mapping"
                self.refused.append(Problem(what, given[0].row.place, instead))

    def offer(self, place: Location) -> Offer:
        """Offer all rows read; what is wrong with the extract as a whole is refused at `place`."""
        unsure: set[int] = set()
        for problem, doubtful in self.doubts.judge():
            self.refused.append(problem)
            self.sums.refused += [(row.cells, problem.location) for row in doubtful]
            unsure |= {id(row) for row in doubtful}
        sums, problems, notes = self.sums.finish()
        rows = [*(row for row in self.rows if id(row) not in unsure), *sums]
        refused = (
            *map(self._with_advice, self.refused),
            *problems,
            *self._not_found(place),
            *missing_periods(self.mapping, self.options.quarter, self.periods, place),
        )
        skipped = self.file_notes + [f"skipped: {what} ({count:,})" for what, count in self.skipped.items()]
        skipped += [*dropped_notes(self.dropped), *unused_labels(self.mapping, rows)]
        skipped += [*incomplete(self.mapping, self.options.quarter, self.periods), *notes]
        for name, values in self.mapping.leave_out.items():
            if unmatched := [value for value in values if (name, value) not in self.matched]:
                skipped.append(f"nothing to leave out: no row has {' or '.join(map(repr, unmatched))} in {name}")
        return Offer(self.resource.name, tuple(rows), refused, tuple(skipped))

    def _not_found(self, place: Location) -> Iterator[Problem]:
        """Tell of rows to be kept of which there are none, and of a scale that does not suit all figures."""
        for name, values in self.mapping.keep.items():
            for value in values:
                if (name, value) not in self.matched:
                    what = f"no row has {value!r} in {name}, which the mapping keeps"
                    yield Problem(what, place, nearest(value, self.dropped.get(name, ())))
        kinds = sorted({row.cells["statistic"] for row in self.rows})
        if self.mapping.scale is not None and len(set(map(unit, kinds))) > 1:
            what = f"scale has multiplied all figures, {' and '.join(kinds)}"
            yield Problem(what, place, "take them in by two mappings")

    def _with_advice(self, problem: Problem) -> Problem:
        """Advise to keep some rows where a column has many labels that the mapping does not translate."""
        name = problem.location.column if problem.location else None
        messages = self.untranslated.get(name or "", set())
        if len(messages) <= _MANY or problem.message not in messages:
            return problem
        target = self.labels[str(name)]
        instead = f"add it to values.{target}, or write keep: {{{name}: […]}} to take only some rows"
        return replace(problem, hint=instead)


def _has_figures(cells: Sequence[CellValue]) -> bool:
    """Whether a row has two numbers or more."""
    return sum(bool(re.fullmatch(r"[0-9][0-9,]*(\.[0-9]+)?%?", as_text(cell))) for cell in cells) > 1
