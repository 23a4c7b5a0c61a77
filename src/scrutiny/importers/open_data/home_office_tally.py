"""What the Home Office's tables count, and whether it can be taken: nothing short, and as their totals say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from scrutiny.errors import Problem
from scrutiny.importers.files.cells import SourceTable
from scrutiny.importers.open_data.completeness import Grid, Sheet, When, imported, listed
from scrutiny.importers.open_data.home_office_records import CODE, SUBGROUP, UNCHANGED, Header
from scrutiny.importers.open_data.lookups import Lookups, Offence, alike

SOURCE = "home-office-prc"
DATASETS = ("recorded_crime", "sexual_offences")

Unsure = tuple[str, int | None, int | None]
"""Area, financial year and quarter of a refused record; None for what is unknown."""


@dataclass
class Tally:
    """What one table counts, quarter by quarter."""

    table: SourceTable
    header: Header
    sheet: Sheet
    counts: Counter[tuple[When, Offence]] = field(default_factory=Counter)
    first: dict[tuple[When, Offence], int] = field(default_factory=dict)
    offences: defaultdict[When, set[Offence]] = field(default_factory=lambda: defaultdict(set))
    records: Counter[tuple[object, ...]] = field(default_factory=Counter)
    stated: list[tuple[When, str, int]] = field(default_factory=list)
    """Totals that the table itself has: the group or the label of all, and the count."""
    unsure: set[Unsure] = field(default_factory=set)
    """To what refused records may belong."""

    def is_unsure(self, when: When) -> bool:
        """Whether a refused record may belong to this quarter."""
        area, quarter = when
        known = ((None, None), (quarter.year, None), (quarter.year, quarter.number))
        return any((area, year, number) in self.unsure for year, number in known)


class Judgement:
    """Judges tallies by each other, by all forces of the tables and by what the datasets have."""

    def __init__(self, lookups: Lookups, grid: Grid, tallies: Sequence[Tally], wanted: Collection[str]) -> None:
        self.grid, self.tallies, self.wanted = grid, tallies, wanted
        self._lookups = lookups
        self._before = {dataset: imported(lookups.project, dataset, SOURCE) for dataset in DATASETS}
        known = lookups.offences.values()
        self._groups = {offence for offence in known if offence.level == "group" and offence.counted_as}
        self._fraud = {offence for offence in known if offence.level == "group" and not offence.counted_as}

    def why_not(self, tally: Tally, when: When) -> str:
        """Say why a quarter cannot be taken; empty if it can."""
        if tally.is_unsure(when):
            return "a record that may belong to it was refused"
        if lacking := self.grid.lacking(tally.sheet, when):
            named = listed(labels[0] for labels in lacking)
            return f"it lacks records that other forces or quarters have: {named}"
        if gone := self._gone(tally, when):
            return f"these were imported before and are not in it: {listed(gone)}"
        return next(self._wrong_totals(tally, when), "")

    def lacking_groups(self, tally: Tally, when: When) -> list[str]:
        """Name the groups without which all offences cannot be added up."""
        return sorted(offence.name for offence in self._groups - tally.offences[when])

    def _gone(self, tally: Tally, when: When) -> list[str]:
        """Name the offences that a dataset has of a quarter, and a table of such columns should have."""
        of_table = {
            offence for other in self.tallies for offences in other.offences.values() for offence in offences
        }
        by_code = CODE in tally.header.columns
        expected = {
            counted
            for offence in self._lookups.offences.values()
            if by_code or offence in self._groups or (SUBGROUP in tally.header.columns and offence in of_table)
            for counted in offence.counted_as
        }
        has = {counted for offence in tally.offences[when] for counted in offence.counted_as}
        gone = expected - has
        before = {(dataset, name) for dataset, found in self._before.items() for name in found.get(when, ())}
        return sorted(name for _, name in gone & before)

    def _wrong_totals(self, tally: Tally, when: When) -> Iterator[str]:
        """Say which totals of the table are not the sums of its records."""
        groups = sum(tally.counts[when, offence] for offence in self._groups)
        fraud = sum(tally.counts[when, offence] for offence in self._fraud)
        for of, label, stated in tally.stated:
            offence = self._lookups.offences.get(("group", alike(label)))
            sums = {tally.counts[when, offence]} if offence else {groups, groups + fraud}
            if of == when and stated not in sums:
                yield f"{label} is {stated:,} in the table, but its records add up to {min(sums):,}"

    def _group(self, name: str) -> str:
        offence = self._lookups.offences.get(("group", alike(name)))
        return offence.name if offence else ""

    def missing(self) -> Iterator[Problem]:
        """Tell which quarters the tables should have and do not."""
        first = self.tallies[0].table if self.tallies else None
        for area in self.wanted:
            before = {when for found in self._before.values() for when in found if when[0] == area}
            absent = self.grid.absent(area) if area in self.grid.quarters else {}
            for _, quarter in before:
                if quarter.year in self.grid.years and quarter not in self.grid.quarters.get(area, ()):
                    absent[quarter] = "although it was imported before"
            for quarter, why in sorted(absent.items()):
                if first and not any(tally.is_unsure((area, quarter)) for tally in self.tallies):
                    yield Problem(f"there is no record of {area} in {quarter}, {why}", first.place(), UNCHANGED)
        tables = {tally.table.name: tally.table for tally in self.tallies}
        for name, (area, quarter) in self.grid.cut_off():
            what = f"this table seems to be cut off: it ends in the middle of {quarter}, at {area}"
            yield Problem(what, tables[name].place(), UNCHANGED)

    def notes(self) -> Iterator[str]:
        """Tell what the tables have more or less than is expected, and may be right."""
        counted = {offence.name for offence in self._groups}
        codes = {code for code, (group, _) in self._lookups.codes.items() if self._group(group) in counted}
        lacking: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for _, numbers in sorted(self.grid.years.items()):
            quarters = sorted(numbers)
            if len(quarters) < 4:
                named = ", ".join(str(quarter) for quarter in quarters)
                yield f"of the financial year there is only {named}"
            if found := self.grid.codes(quarters[0].year):
                lacking[tuple(sorted(codes - found))].append(quarters[0].financial_year)
        for missing, years in lacking.items():
            if missing:
                yield f"codes without a record in {', '.join(years)}: {listed(missing)}"
        for area in self.wanted:
            if self.grid.quarters and area not in self.grid.quarters:
                yield f"there is no record of {area}"
        for tally in self.tallies:
            for area, quarter in tally.offences:
                if more := self.grid.beyond(tally.sheet, (area, quarter)):
                    named = listed(labels[0] for labels in more)
                    yield f"included: records of {area} in {quarter} that others do not have: {named}"
        if short := self.grid.short(self.wanted):
            yield f"other forces lack records: {listed(short)}"
