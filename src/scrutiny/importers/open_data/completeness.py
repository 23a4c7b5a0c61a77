"""Whether the Home Office's tables have all records: each force and quarter is held against the others.

The tables have a record for each force, quarter and code, also for a count of none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from scrutiny.importers.open_data.home_office_records import CODE
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter

When = tuple[str, Quarter]
"""Area and quarter."""
Labels = tuple[str, ...]
"""What a record counts: code, description, subgroup and group, as far as the table has them."""
Sheet = tuple[str, tuple[str, ...]]
"""A table's name, and the columns of labels that it has."""
_Year = tuple[tuple[str, ...], int]
"""Columns of labels, and the calendar year in which a financial year begins."""
_LISTED = 5


@dataclass
class Grid:
    """The records of all territorial forces, wanted or not."""

    _units: dict[Sheet, dict[When, Counter[Labels]]] = field(default_factory=lambda: defaultdict(dict))
    _last: dict[Sheet, When] = field(default_factory=dict)

    def add(self, sheet: Sheet, when: When, labels: Labels) -> None:
        """Add a record; the records of a table come in its order. Called before anything is asked."""
        units = self._units[sheet]
        if when not in units:
            units[when] = Counter()
        units[when][labels] += 1
        self._last[sheet] = when

    @cached_property
    def _expected(self) -> dict[_Year, dict[Labels, int]]:
        """How many records of the same labels most forces and quarters of a year have, by layout and year.

        Of two that are equally common, the greater: a record that one has and the other has not is missing.
        """
        times: dict[_Year, defaultdict[Labels, Counter[int]]] = {}
        units: Counter[_Year] = Counter()
        for (_, layout), of_sheet in self._units.items():
            for (_, quarter), records in of_sheet.items():
                key = layout, quarter.year
                units[key] += 1
                for labels, count in records.items():
                    times.setdefault(key, defaultdict(Counter))[labels][count] += 1
        expected: dict[_Year, dict[Labels, int]] = {}
        for key, of_year in times.items():
            expected[key] = {}
            for labels, counts in of_year.items():
                counts[0] = units[key] - counts.total()
                most = max(counts.values())
                expected[key][labels] = max(count for count, often in counts.items() if often == most)
        return expected

    def lacking(self, sheet: Sheet, when: When) -> list[Labels]:
        """Give the labels of which most others have more records."""
        records = self._units[sheet].get(when, Counter())
        expected = self._expected.get((sheet[1], when[1].year), {})
        return sorted(labels for labels, count in expected.items() if records[labels] < count)

    def beyond(self, sheet: Sheet, when: When) -> list[Labels]:
        """Give the labels of which most others have no record."""
        expected = self._expected.get((sheet[1], when[1].year), {})
        return sorted(labels for labels in self._units[sheet].get(when, {}) if not expected[labels])

    @cached_property
    def quarters(self) -> dict[str, set[Quarter]]:
        """The quarters of each area."""
        found: dict[str, set[Quarter]] = defaultdict(set)
        for area, quarter in (when for units in self._units.values() for when in units):
            found[area].add(quarter)
        return found

    @property
    def years(self) -> dict[int, set[Quarter]]:
        """The quarters of each financial year, by the calendar year in which it begins."""
        found: dict[int, set[Quarter]] = defaultdict(set)
        for quarter in set().union(*self.quarters.values()):
            found[quarter.year].add(quarter)
        return found

    def codes(self, year: int) -> set[str]:
        """Give the codes of a financial year; none if its tables have no codes."""
        return {
            labels[layout.index(CODE)]
            for (layout, of), found in self._expected.items()
            if of == year and CODE in layout
            for labels in found
        }

    def absent(self, area: str) -> dict[Quarter, str]:
        """Give the quarters that an area should have and does not, and why it should."""
        own, of_all = self.quarters.get(area, set()), set().union(*self.quarters.values())
        between = {
            Quarter(quarter.year, number)
            for quarter in own
            for last in own
            if quarter.year == last.year
            for number in range(quarter.number, last.number)
        }
        around = dict.fromkeys(between - own, "although there are the quarters around it")
        return around | dict.fromkeys(of_all - own, "although there are some of other forces")

    def short(self, wanted: Collection[str]) -> list[str]:
        """Name the other forces and quarters that lack records."""
        return sorted(
            f"{area} ({quarter})"
            for sheet, units in self._units.items()
            for area, quarter in units
            if area not in wanted and self.lacking(sheet, (area, quarter))
        )

    def cut_off(self) -> Iterator[tuple[str, When]]:
        """Give the tables that end in the middle of a force or a quarter, and where."""
        for sheet, (area, quarter) in self._last.items():
            units = self._units[sheet]
            order = list(dict.fromkeys(one for one, _ in units))
            after = order[order.index(area) + 1 :]
            if self.lacking(sheet, (area, quarter)) or any((one, quarter) not in units for one in after):
                yield sheet[0], (area, quarter)


def imported(project: Project, dataset: str, source: str) -> Mapping[When, Set[str]]:
    """Give the offences that a dataset has from a source, by area and quarter."""
    resource = project.datapackage.resource(dataset)
    names = [column.name for column in resource.fields]
    header, records, _ = read_records(project.data / resource.path, f"data/{resource.path}", names)
    found: dict[When, set[str]] = defaultdict(set)
    for row in (dict(zip(header, cells, strict=True)) for _, cells in records):
        if row["source"] != source:
            continue
        quarter = Quarter.containing(date.fromisoformat(row["period_start"]))
        if row["period_end"] == quarter.period.end.isoformat():
            found[row["area"], quarter].add(row["offence"])
    return found


def listed(names: Iterable[str]) -> str:
    """Write the first of several names, and how many others there are."""
    first = list(names)
    more = len(first) - _LISTED
    return ", ".join(first[:_LISTED]) + (f" and {more:,} more" if more > 0 else "")
