"""What is right cell by cell in an extract, but implausible as a whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal

from scrutiny.errors import Location, Problem
from scrutiny.importers.extract.cell_values import states_percent
from scrutiny.importers.extract.mapping import PERIOD, MappingFile
from scrutiny.importers.extract.parse import WITH_POINTS
from scrutiny.importers.files.cells import CellValue, as_text
from scrutiny.importers.offer import OfferedRow
from scrutiny.inputs.datapackage import FIGURE_FIELDS
from scrutiny.statistics.periods import Period, Quarter, missing_months

_SHOWN = 3
_FAR = 20  # times a percentage: what is so far above it in its series makes it look like a fraction
_DECIMAL_COMMA = re.compile(r"[-+−]?[0-9.]+,(?![0-9]{3}(?:\D|$))[0-9]+.*|.*\..*,.*|0,.*")
Doubt = tuple[Problem, Sequence[OfferedRow]]
"""What is wrong, and the rows that are not offered because of it."""


def missing_periods(
    mapping: MappingFile, quarter: Quarter | None, periods: Mapping[tuple[str, ...], Set[Period]], place: Location
) -> Iterator[Problem]:
    """Find months that are missing between others, and a quarter for which an extract of months has nothing.

    `periods` are those of each series, by its key without the period.
    """
    if mapping.period not in ("month", "quarter"):
        return
    missing: dict[tuple[Period, ...], list[str]] = defaultdict(list)
    for series, found in periods.items():
        if gap := missing_months({month for period in found for month in period.months}):
            missing[gap].append(" ".join(part for part in series if part))
    for gap, of in missing.items():
        months = ", ".join(month.label for month in gap)
        what = f"{months} {'is' if len(gap) == 1 else 'are'} missing between other months of {_some(of)}"
        yield Problem(what, place, "export these months as well")
    newest = max((period.end for found in periods.values() for period in found), default=None)
    if quarter and newest and newest < quarter.period.start:
        what = f"no figure is for the quarter {quarter}: the newest is for {Period.of_months(newest, 1)}"
        yield Problem(what, place, "export that quarter, or give the quarter of the file")


def incomplete(
    mapping: MappingFile, quarter: Quarter | None, periods: Mapping[tuple[str, ...], Set[Period]]
) -> Iterator[str]:
    """Note months at either end that some series lack and others have, and months of the quarter that all lack."""
    if mapping.period not in ("month", "quarter"):
        return
    months = {series: {month for period in found for month in period.months} for series, found in periods.items()}
    every = set().union(*months.values())
    lacking: dict[tuple[Period, ...], list[str]] = defaultdict(list)
    for series, own in months.items():
        if without := tuple(month for month in sorted(every) if month < min(own) or month > max(own)):
            lacking[without].append(" ".join(part for part in series if part))
    for without, of in lacking.items():
        yield f"no figure for {', '.join(month.label for month in without)}, which other series have: {_some(of)}"
    ends = quarter and every and max(every).end >= quarter.period.start
    if quarter and ends and (without := tuple(month for month in quarter.period.months if month > max(every))):
        yield f"no figure for {', '.join(month.label for month in without)}, with which {quarter} ends"


def unused_labels(mapping: MappingFile, rows: Sequence[OfferedRow]) -> Iterator[str]:
    """Note what the mapping translates labels into, and no row is of."""
    for target, translations in mapping.values.items():
        if target in FIGURE_FIELDS and target != "area":
            continue
        labels: dict[str, list[str]] = defaultdict(list)
        for label, value in translations.items():
            labels[value].append(label)
        given = {row.cells.get(target) for row in rows}
        if missing := [f"{value} ({', '.join(of)})" for value, of in labels.items() if value not in given]:
            yield f"no figure has these values of {target}, for which the mapping has labels: {_some(missing)}"


def _some(names: Sequence[str]) -> str:
    return "; ".join(names[:_SHOWN]) + ("; …" if len(names) > _SHOWN else "")


@dataclass(frozen=True)
class _Figure:
    row: OfferedRow
    place: Location
    cell: CellValue
    stated: bool
    """Whether the cell itself says that it is a percentage."""

    @property
    def size(self) -> Decimal:
        return abs(Decimal(self.row.cells["value"]))

    @property
    def may_be_fraction(self) -> bool:
        return not self.stated and 0 < self.size <= 1


@dataclass
class Doubts:
    """Figures that are right each for itself, but not beside the others of their column."""

    mapping: MappingFile
    key: Sequence[str]
    """The columns of the dataset that identify a figure."""
    _figures: list[_Figure] = field(default_factory=list)
    _files_with_decimal_commas: set[str] = field(default_factory=set)

    def add(self, row: OfferedRow, place: Location, cell: CellValue) -> None:
        """Take note of a figure, where it stands and what its cell has."""
        if row.cells["value"]:
            self._figures.append(_Figure(row, place, cell, states_percent(cell, self.mapping)))

    def add_refused(self, place: Location, cell: CellValue) -> None:
        """Take note of a cell that is not a figure."""
        if isinstance(cell, str) and _DECIMAL_COMMA.fullmatch(as_text(cell)):
            self._files_with_decimal_commas.add(str(place.file))

    def judge(self) -> Iterator[Doubt]:
        """Give what is doubtful, and the rows that are refused with it."""
        yield from self._commas()
        by_column: dict[tuple[str, ...], list[_Figure]] = defaultdict(list)
        for figure in self._figures if self.mapping.scale is None else ():
            if (statistic := figure.row.cells["statistic"]).startswith(("percent", "point")):
                column = "" if self.mapping.wide_to == PERIOD else str(figure.place.column)
                by_column[str(figure.place.file), statistic, column].append(figure)
        for (_, statistic, _), figures in by_column.items():
            yield from self._fractions(statistic, figures)

    def _commas(self) -> Iterator[Doubt]:
        for figure in self._figures:
            if str(figure.place.file) in self._files_with_decimal_commas and "," in as_text(figure.cell):
                what = f"{as_text(figure.cell)!r} may have a decimal comma, as other figures of this file have"
                yield Problem(what, figure.place, WITH_POINTS), [figure.row]

    def _fractions(self, statistic: str, figures: Sequence[_Figure]) -> Iterator[Doubt]:
        """Find fractions, as a spreadsheet stores what it shows as 45%, among percentages."""
        doubtful = [figure for figure in figures if figure.may_be_fraction]
        if any(figure.stated for figure in figures):
            for figure in doubtful:
                what = f"{as_text(figure.cell)} may be {figure.size:f}% or {(figure.size * 100).normalize():f}%"
                instead = "write it with its %, as others here are, or set scale in the mapping to 1 or 100"
                yield Problem(what, figure.place, instead), [figure.row]
        elif statistic.startswith("percent") and not any(figure.size > 1 for figure in figures):
            if any(figure.size % 1 for figure in figures):
                what = "no percentage is above 1: these look like fractions, 0.45 for 45%"
                instead = "set scale in the mapping to 100, or to 1 if they are percentages"
                place = replace(figures[0].place, line=None, column=None)
                yield Problem(what, place, instead), [figure.row for figure in figures]
        elif statistic == "percent":
            highest: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
            for figure in figures:
                highest[self._series(figure)] = max(highest[self._series(figure)], figure.size)
            for figure in doubtful:
                if highest[self._series(figure)] >= _FAR * figure.size:
                    what = f"{as_text(figure.cell)} may be a fraction: others of its series are as high as "
                    what += f"{highest[self._series(figure)]:f}"
                    yield Problem(what, figure.place, "set scale in the mapping to 1 if it is right"), [figure.row]

    def _series(self, figure: _Figure) -> tuple[str, ...]:
        return tuple(figure.row.cells.get(name, "") for name in self.key if not name.startswith("period_"))
