"""The structure of an ONS police force area table: its areas, its columns, and the sums that hold in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from scrutiny.importers.extract.labels import letters
from scrutiny.importers.files.cells import CellValue, SourceTable, as_text, cell_at, is_empty
from scrutiny.importers.open_data.lookups import TERRITORIAL, Lookups, Offence, alike, raised

_CODE = re.compile(r"[A-Z]\d{8}")
_FORCE_CODES = ("E23", "W15")
_COUNTRIES = ("england_and_wales", "england", "wales")
_NAME_WITHIN = 3  # columns: the code may stand before the name
_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\s*\[(notes? )?[\d, ]+\])*", re.ASCII | re.IGNORECASE)
_NO_COUNTS = re.compile(r"%|per ?cent|\brates?\b|\bper 1,?000|thousand|\bchange\b|difference", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """A row of an area."""

    number: int
    cells: Sequence[CellValue]
    name: str
    code: str


@dataclass(frozen=True)
class Column:
    """The numbers of an offence."""

    position: int
    label: str
    offence: Offence


class Unclear(ValueError):
    """The table, or a part of it, does not say for certain what its figures are; with the row, if it is one."""

    def __init__(self, what: str, row: int | None = None) -> None:
        super().__init__(what)
        self.row = row


def count_in(cell: CellValue) -> int | None:
    """Read a count, which footnotes may follow; None for whatever else."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return int(cell) if cell >= 0 and float(cell).is_integer() else None
    found = _NUMBER.fullmatch(raised(as_text(cell)))
    return int(found[1].replace(",", "")) if found else None


class OnsTable:
    """A table whose areas are rows and whose offences are columns."""

    def __init__(self, table: SourceTable, lookups: Lookups, levels: Sequence[str]) -> None:
        self.table, self._lookups, self._levels = table, lookups, levels
        self.groups = len(
            {
                offence.name
                for offence in lookups.offences.values()
                if offence.level == "group" and offence.counted_as
            }
        )
        """Groups that add up to the total."""
        self._name_at = 0
        self.header: list[tuple[int, Sequence[CellValue]]] = []
        self.rows: list[Row] = []
        for number, cells in table.rows:
            at = self._position_of_name(cells)
            if self.rows:
                name, code = as_text(cell_at(cells, self._name_at)), self._code(cells)
                if code or self._known(name):
                    self.rows.append(Row(number, cells, name, code))
                elif at is not None and self._has_counts(cells):
                    self.rows.append(Row(number, cells, "", ""))
            elif at is not None and self._has_counts(cells):
                self._name_at = at
                self.rows.append(Row(number, cells, as_text(cells[at]), self._code(cells)))
            else:
                self.header.append((number, cells))

    def _known(self, name: str) -> bool:
        return alike(name) in self._lookups.forces or alike(name) in self._lookups.totals

    def _position_of_name(self, cells: Sequence[CellValue]) -> int | None:
        return next((at for at, cell in enumerate(cells[:_NAME_WITHIN]) if self._known(as_text(cell))), None)

    def _code(self, cells: Sequence[CellValue]) -> str:
        return next((text for text in map(as_text, cells[:_NAME_WITHIN]) if _CODE.fullmatch(text)), "")

    def _has_counts(self, cells: Sequence[CellValue]) -> bool:
        return any(count_in(cell) is not None for cell in cells)

    def _is_force(self, row: Row) -> bool:
        force = self._lookups.forces.get(alike(row.name))
        return row.code.startswith(_FORCE_CODES) if row.code else bool(force and force.kind == TERRITORIAL)

    def row_of(self, area: str) -> Row | None:
        """Find the row of a force; raises Unclear if it may be that of another area or is there twice."""
        forces, totals = self._lookups.forces, self._lookups.totals
        of_name = [row for row in self.rows if (force := forces.get(alike(row.name))) and force.area == area]
        sure = [row for row in of_name if row.code.startswith(_FORCE_CODES)]
        without = [row for row in of_name if not row.code]
        others = [row for row in of_name if row.code and row not in sure]
        found = sure or without
        if not sure and len(without) == 2 and alike(without[0].name) in totals:
            # A region and a force of one name: the region is the sum of the forces below it.
            found = [row for row in without if not self._is_sum(row)]
        if len(found) > 1:
            numbers = " and ".join(str(row.number) for row in found)
            raise Unclear(f"rows {numbers} are both of {found[0].name}", found[1].number)
        if found and not sure and not others and alike(found[0].name) in totals and len(without) == 1:
            regions = (totals.get(alike(row.name)) for row in self.rows if row is not found[0])
            if any(region and region not in _COUNTRIES for region in regions):
                what = f"{found[0].name} is a region and a force, and nothing says which this is"
                raise Unclear(what, found[0].number)
        if not found and others and alike(others[0].name) not in totals:
            what = f"the code {others[0].code} is not one of a police force area"
            raise Unclear(what, others[0].number)
        return found[0] if found else None

    @cached_property
    def figures(self) -> list[int]:
        """The positions of columns with cells in rows of areas."""
        width = max((len(row.cells) for row in self.rows), default=0)
        positions = range(self._name_at + 1, width)
        return [
            at
            for at in positions
            if any(
                not is_empty(cell := cell_at(row.cells, at)) and not _CODE.fullmatch(as_text(cell))
                for row in self.rows
            )
        ]

    def _labels(self, at: int) -> list[tuple[int, str]]:
        return [(row, text) for row, cells in self.header if (text := as_text(cell_at(cells, at)))]

    def _spanning(self, at: int, without: int | None = None) -> Iterator[str]:
        """Give the labels of a column, also those that begin further to the left."""
        for row, cells in self.header:
            texts = [as_text(cell_at(cells, before)) for before in range(at, self._name_at, -1)]
            if row != without and (label := next(filter(None, texts), "")):
                yield label

    def check_header(self) -> None:
        """Raise Unclear if figures have no label, because then other columns may have moved too."""
        for at in self.figures:
            # Percentages beside numbers have a label only where the numbers begin.
            cells = [cell for row in self.rows if not is_empty(cell := cell_at(row.cells, at))]
            counts = sum(count_in(cell) is not None for cell in cells)
            if counts * 2 > len(cells) and not self._labels(at):
                raise Unclear(f"column {letters(at)} has figures but no label, so that others may have moved")

    def columns(self) -> Iterator[Column]:
        """Give the columns of figures of the report; those of rates and percentages are not.

        A label in any row of the header may span several columns, of which one has the numbers.
        """
        seen: set[tuple[int, Offence]] = set()
        for row, cells in self.header:
            filled = [at for at, cell in enumerate(cells) if at > self._name_at and not is_empty(cell)]
            for at, after in zip(filled, [*filled[1:], max(self.figures, default=0) + 1], strict=False):
                label = as_text(cells[at])
                offence = self.offence(label)
                if not offence or not offence.counted_as or _NO_COUNTS.search(label):
                    continue
                for position in range(at, after):
                    no_counts = any(_NO_COUNTS.search(text) for text in self._spanning(position, row))
                    if position in self.figures and not no_counts and (position, offence) not in seen:
                        seen.add((position, offence))
                        yield Column(position, label, offence)

    def offence(self, label: str) -> Offence | None:
        """Find the offence of a label, such as "Robbery" or "Robbery: number of offences"."""
        names = (alike(label), alike(re.split(r"\s*[:|]\s*", label)[0]))
        offences = (self._lookups.offences.get((level, name)) for level in self._levels for name in names)
        return next(filter(None, offences), None)

    def unknown(self) -> list[str]:
        """Give the labels of columns with figures that are none of an offence."""
        found = []
        for at in self.figures:
            labels = [text for _, text in self._labels(at)]
            if labels and not any(self.offence(text) for text in (*labels, *self._spanning(at))):
                found.append(labels[-1])
        return found

    def apart_from_parts(self, row: Row, total: Column) -> int:
        """Give by how much the columns labelled like a total do not add up to it, if in most rows they do."""
        own = self._below(total.position)
        parts = [at for at in self.figures if at != total.position and own and self._below(at) == own]
        apart = {}
        for number, other in enumerate(self.rows):
            counts = [count_in(cell_at(other.cells, at)) for at in (total.position, *parts)]
            if None not in counts:
                whole, *known = [count or 0 for count in counts]
                apart[number] = difference(whole, known)
        hold = sum(by == 0 for by in apart.values()) * 2 > len(apart)
        return apart.get(self.rows.index(row), 0) if hold and parts else 0

    def _below(self, at: int) -> str:
        labels = self._labels(at)
        return alike(re.split(r"\s*[:|]\s*", labels[-1][1])[-1]) if labels else ""

    def _block(self, region: Row) -> list[Row]:
        return list(takewhile(self._is_force, self.rows[self.rows.index(region) + 1 :]))

    def _sums(self, region: Row, block: Sequence[Row]) -> dict[int, bool]:
        """Say for each column of counts whether a region is the sum of the forces below it."""
        found = {}
        for at in self.figures:
            counts = [count_in(cell_at(row.cells, at)) for row in (region, *block)]
            if None not in counts:
                whole, *parts = [count or 0 for count in counts]
                found[at] = whole == sum(parts)
        return found

    def _is_sum(self, row: Row) -> bool:
        holds = self._sums(row, self._block(row)).values()
        return sum(holds) * 2 > len(holds)

    def broken_sums(self, row: Row) -> Mapping[int, str]:
        """Give the columns in which a force's region is not the sum of its forces, although it is in most."""
        before = self.rows[: self.rows.index(row)]
        region = next((other for other in reversed(before) if not self._is_force(other)), None)
        if region is None or not self._is_sum(region):
            return {}
        return {at: region.name for at, holds in self._sums(region, self._block(region)).items() if not holds}


def difference(whole: int, parts: Sequence[int]) -> int:
    """Give by how much parts do not add up to a whole, beyond what the rounding of all of them explains."""
    unit = 1
    while whole and all(count % (unit * 10) == 0 for count in (whole, *parts)):
        unit *= 10
    apart = sum(parts) - whole
    return 0 if unit > 1 and abs(apart) * 2 <= unit * (len(parts) + 1) else apart


def repeated(columns: Sequence[Column]) -> set[Offence]:
    """Give the offences of which there are several columns."""
    return {offence for offence, times in Counter(column.offence for column in columns).items() if times > 1}
