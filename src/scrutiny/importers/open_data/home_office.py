"""Police recorded crime open data of the Home Office: by force, financial quarter, and offence code or group."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Count, Findings, many
from scrutiny.importers.open_data.lookups import TERRITORIAL, Force, Lookups, Offence, alike, unmarked
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter
from scrutiny.suggest import nearest

YEAR, QUARTER, FORCE = "financial year", "financial quarter", "force name"
GROUP, SUBGROUP = "offence group", "offence subgroup"
CODE, DESCRIPTION = "offence code", "offence description"
COUNT = "number of offences"
COLUMNS = (YEAR, QUARTER, FORCE, GROUP, COUNT)
"""Columns that each layout has."""
_HEADER_WITHIN = 30  # rows: a sheet may begin with a title and notes
_YEAR = re.compile(r"(?P<first>\d{4})[/-](?:\d{2})?(?P<second>\d{2})")
_COUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)")
_TOTAL = re.compile(r"(sub-?)?totals?\b|all (offences|crime)", re.IGNORECASE)

SOURCE = "home-office-prc"
DATASETS = ("recorded_crime", "sexual_offences")

_When = tuple[str, Quarter]
"""Area and quarter."""


@dataclass
class _Tally:
    """What one table counts, quarter by quarter."""

    table: SourceTable
    counts: Counter[tuple[_When, Offence]] = field(default_factory=Counter)
    first: dict[tuple[_When, Offence], int] = field(default_factory=dict)
    offences: defaultdict[_When, set[Offence]] = field(default_factory=lambda: defaultdict(set))
    records: Counter[tuple[object, ...]] = field(default_factory=Counter)
    unsure: set[tuple[str, int | None, int | None]] = field(default_factory=set)
    """Area, financial year and quarter of records that were refused; None for what is unknown."""

    def is_unsure(self, when: _When) -> bool:
        """Whether a refused record may belong to this quarter."""
        area, quarter = when
        known = ((None, None), (quarter.year, None), (quarter.year, quarter.number))
        return any((area, year, number) in self.unsure for year, number in known)


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read the open data tables: CSV, or workbooks with one sheet a year.

    A quarter of which a record is refused is not offered, because its totals would be too low. Raises WrongInput
    if no table has the columns of the open data, or a file cannot be read.
    """
    reader = _Reader(Lookups(project))
    skipped = []
    for table in read_tables(files):
        header = find_header(table)
        if header is None:
            skipped.append(table.name)
        else:
            reader.findings.notes += table.hidden_note
            reader.read(table, *header)
    if not reader.tallies:
        what = "no table has the columns of the open data: " + ", ".join(name.title() for name in COLUMNS)
        raise WrongInput(Problem(what, Location(skipped[0]), "use the file from the Home Office unchanged"))
    if skipped:
        reader.findings.notes.append(f"skipped, because they have no records: {', '.join(skipped)}")
    reader.finish()
    return reader.findings.offers(SOURCE, DATASETS, options)


class _Reader:
    """Reads the tables, and makes figures of their totals at the end."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups, self.areas = lookups, lookups.areas(DATASETS[0])
        self.findings = Findings()
        self._forces: dict[CellValue, Force | None] = {}
        self.tallies: list[_Tally] = []
        self.forces: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.codes: defaultdict[str, set[str]] = defaultdict(set)
        self.totals = self.negative = 0
        known = lookups.offences.values()
        self.total = [offence for offence in known if offence.level == "total"]
        self.groups = {offence for offence in known if offence.level == "group" and offence.counted_as}

    def read(self, table: SourceTable, position: int, columns: Mapping[str, int]) -> None:
        """Count a table's records."""
        tally, header = _Tally(table), table.rows[position][1]
        self.tallies.append(tally)
        reported: set[tuple[str, str]] = set()
        for row, cells in table.rows[position + 1 :]:
            # Most records are of other forces, and are not looked at any further.
            name = cell_at(cells, columns[FORCE])
            force = self._force(name)
            if force and force.area not in self.areas and force.kind != "total":
                (self.forces if force.kind == TERRITORIAL else self.others)[as_text(name)] += 1
                continue
            record = {column: as_text(cell_at(cells, at)) for column, at in columns.items()}
            try:
                self._count_record(tally, record, force, row)
            except CellError as wrong:
                if (wrong.column, wrong.message) not in reported:
                    reported.add((wrong.column, wrong.message))
                    place = table.place(row, as_text(header[columns[wrong.column]]))
                    self.findings.refused.append(wrong.at(place))

    def _force(self, cell: CellValue) -> Force | None:
        if cell not in self._forces:
            self._forces[cell] = self.lookups.forces.get(alike(as_text(cell)))
        return self._forces[cell]

    def _count_record(self, tally: _Tally, record: Mapping[str, str], force: Force | None, row: int) -> None:
        name = record[FORCE]
        if is_total(record) or (force and force.kind == "total"):
            self.totals += 1
            return
        if not force:
            known = nearest(name, self.lookups.forces)
            raise CellError(f"data/police_forces.csv has no force {name!r}", known, FORCE)
        self.forces[name] += 1
        unsure: tuple[str, int | None, int | None] = (force.area, first_year(record[YEAR]), None)
        try:
            quarter = quarter_of(record)
            unsure = (force.area, quarter.year, quarter.number)
            self._count(tally, record, (force.area, quarter), row)
        except CellError:
            tally.unsure.add(unsure)
            raise

    def _count(self, tally: _Tally, record: Mapping[str, str], when: _When, row: int) -> None:
        offences, count = self._offences(record), count_of(record)
        if tally.table.sheet and first_year(tally.table.sheet) not in (None, when[1].year):
            what = f"a record of {record[YEAR]} on the sheet {tally.table.sheet}"
            raise CellError(what, "correct whichever is wrong", YEAR)
        code = record.get(CODE, "")
        key = (when, code, record.get(DESCRIPTION, ""), record.get(SUBGROUP, ""), record[GROUP])
        tally.records[key] += 1
        # Homicide has a row for each of its four codes, all with the same labels.
        if tally.records[key] > code.count("/") + 1:
            what = f"{code or record[GROUP]} of {when[1]} occurs twice"
            raise CellError(what, "delete one of the two", CODE if code else GROUP)
        self.negative += count < 0
        for offence in offences:
            tally.counts[when, offence] += count
            tally.first.setdefault((when, offence), row)
            tally.offences[when].add(offence)

    def _offences(self, record: Mapping[str, str]) -> list[Offence]:
        """Give the group, subgroup and total in which a record counts.

        The table of codes makes all editions alike; a code it does not have counts as the file has it.
        """
        for column in (CODE, SUBGROUP):
            if column in record and not record[column]:
                what = f"there is no {column}, and nothing marks the row as a total"
                raise CellError(what, "write it, or Total if it is one", column)
        code = record.get(CODE, "")
        stated = (record[GROUP], record.get(SUBGROUP, ""))
        named = self.lookups.codes.get(code, stated)
        found: list[Offence] = []
        for level, column, name in (("group", GROUP, named[0]), ("subgroup", SUBGROUP, named[1])):
            if level == "subgroup" and (not name or found[0] not in self.groups):
                # Fraud, which is in no total, has parts of many names.
                continue
            offence = self.lookups.offences.get((level, alike(name)))
            if offence is None:
                known = [one.name for one in self.lookups.offences.values() if one.level == level]
                what = f"data/offence_groups.csv has no {column} {name!r}"
                raise CellError(what, nearest(name, known), column)
            found.append(offence)
        if code and code not in self.lookups.codes:
            self.codes[f"not in data/offence_codes.csv, and counted as {stated[1]}"].add(code)
        elif code and stated[1] and self._differs(stated[1], found[-1]):
            self.codes[f"counted as {found[-1].name}, although the file has {stated[1]}"].add(code)
        return [*found, *self.total] if found[0] in self.groups else found

    def _differs(self, stated: str, counted: Offence) -> bool:
        """Whether the file's subgroup would be counted as something else."""
        offence = self.lookups.offences.get(("subgroup", alike(stated)))
        return offence is None or offence.counted_as != counted.counted_as

    def finish(self) -> None:
        """Make figures of what was counted, and note how."""
        for tally in self.tallies:
            lacking = {when: self._lacking(tally, when) for when in sorted(tally.offences)}
            for why in filter(None, lacking.values()):
                self.findings.refuse(why, tally.table.place(), "correct it, and import again")
            for (when, offence), count in tally.counts.items():
                area, quarter = when
                if tally.is_unsure(when) or (offence in self.total and lacking[when]):
                    continue
                place = tally.table.place(tally.first[when, offence])
                for dataset, name in offence.counted_as:
                    self.findings.add(Count(dataset, area, quarter.period, count, place, (("offence", name),)))
        self._note()

    def _lacking(self, tally: _Tally, when: _When) -> str:
        """Say why a quarter, or its total, cannot be taken; empty if it can."""
        if tally.is_unsure(when):
            return f"{when[1]} of {when[0]} is not taken, because a record that may belong to it was refused"
        if missing := sorted(offence.name for offence in self.groups - tally.offences[when]):
            return f"all offences of {when[1]} cannot be added up: there is no record of {', '.join(missing)}"
        return ""

    def _note(self) -> None:
        notes = self.findings.notes
        areas = {name: self.lookups.forces[alike(name)].area for name in self.forces}
        skipped = [name for name, area in areas.items() if area not in self.areas]
        if skipped:
            records = sum(self.forces[name] for name in skipped)
            notes.append(f"skipped: {many(records, 'record')} of {many(len(skipped), 'other force')}")
        if self.others:
            listed = ", ".join(f"{name} ({count:,})" for name, count in sorted(self.others.items()))
            notes.append(f"skipped, because they are not territorial forces: {listed}")
        names = self.lookups.first_names
        if renamed := [f"{name} is {names[area]}" for name, area in areas.items() if name != names[area]]:
            notes.append(f"forces under other names: {', '.join(sorted(renamed))}")
        if self.totals:
            notes.append(f"skipped: {many(self.totals, 'row')} of totals, which are added up again")
        if self.negative:
            notes.append(f"included: {many(self.negative, 'negative count')}, which correct earlier quarters")
        notes += [f"codes {how}: {', '.join(sorted(codes))}" for how, codes in self.codes.items()]
        if len(skipped) == len(areas):
            what = f"there is no record of {' or '.join(self.areas)}"
            self.findings.refuse(what, self.tallies[0].table.place(), "use the file of all forces")


def find_header(table: SourceTable) -> tuple[int, dict[str, int]] | None:
    """Find the position of the header among the rows, and its columns by name."""
    for position, (_, cells) in enumerate(table.rows[:_HEADER_WITHIN]):
        names = {unmarked(as_text(cell)).casefold(): column for column, cell in enumerate(cells)}
        if all(name in names for name in COLUMNS):
            return position, names
    return None


def first_year(label: str) -> int | None:
    """Give the calendar year in which a financial year begins: 2019 of 2019/20, 2019-20 or 2019/2020."""
    found = _YEAR.fullmatch(label.strip())
    if not found or (int(found["first"]) + 1) % 100 != int(found["second"]):
        return None
    return int(found["first"])


def quarter_of(record: Mapping[str, str]) -> Quarter:
    """Read the quarter of a record; raises CellError if there is none."""
    year = first_year(record[YEAR])
    if year is None:
        raise CellError(f"{record[YEAR]!r} is not a financial year", "write it like 2019/20", YEAR)
    found = re.fullmatch(r"(?:Q|Quarter )?([1-4])", record[QUARTER], re.IGNORECASE)
    if not found:
        what = f"{record[QUARTER]!r} is not a quarter of {record[YEAR]}"
        raise CellError(what, "write 1 (April to June) to 4 (January to March)", QUARTER)
    return Quarter(year, int(found[1]))


def count_of(record: Mapping[str, str]) -> int:
    """Read a count: padded, with commas, negative, or "-00" for none; raises CellError for another."""
    text = record[COUNT].replace("−", "-").strip()
    if _COUNT.fullmatch(text):
        return int(text.replace(",", ""))
    what = f"{record[COUNT]!r} is not a count" if text else "the count is missing"
    raise CellError(what, "write the count; without it the totals of the quarter would be too low", COUNT)


def is_total(record: Mapping[str, str]) -> bool:
    """Whether a record says that it is a total of others."""
    return any(_TOTAL.match(record.get(column, "")) for column in (FORCE, GROUP, SUBGROUP, DESCRIPTION, CODE))
