"""Police recorded crime open data of the Home Office: by force, financial quarter, and offence code or group."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import Given
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, cell_at
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.completeness import Grid, Labels, When
from scrutiny.importers.open_data.counts import Count, Findings, many
from scrutiny.importers.open_data.home_office_records import (
    CODE,
    COLUMNS,
    DESCRIPTION,
    FORCE,
    GROUP,
    LABELS,
    QUARTER,
    SUBGROUP,
    UNCHANGED,
    YEAR,
    Header,
    count_of,
    find_header,
    first_year,
    is_total,
    is_total_label,
    quarter_of,
)
from scrutiny.importers.open_data.home_office_tally import DATASETS, SOURCE, Judgement, Tally
from scrutiny.importers.open_data.lookups import TERRITORIAL, Force, Lookups, Offence, alike
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter
from scrutiny.suggest import nearest


def recognises(tables: Iterable[SourceTable]) -> bool:
    """Whether a table has the columns of the open data tables."""
    return any(find_header(table) for table in tables)


def read(project: Project, files: Sequence[Given], options: Options) -> list[Offer]:
    """Read the open data tables: CSV, or workbooks with one sheet a year.

    A quarter of which a record is refused or missing is not offered, because its totals would be too low. Raises
    WrongInput if no table has the columns of the open data, or a file cannot be read.
    """
    reader = _Reader(Lookups(project))
    skipped = []
    for table in read_tables(files):
        header = find_header(table)
        if header is None:
            skipped.append(table.name)
            if table.sheet and first_year(table.sheet):
                reader.findings.refuse(f"the sheet {table.sheet} has no header", table.place(), UNCHANGED)
        elif header.problems:
            reader.findings.refused += header.problems
        else:
            reader.findings.notes += table.notes
            reader.read(table, header)
    if not reader.tallies and not reader.findings.refused:
        what = "no table has the columns of the open data: " + ", ".join(name.title() for name in COLUMNS)
        raise WrongInput(Problem(what, Location(skipped[0]), UNCHANGED))
    if skipped:
        reader.findings.notes.append(f"skipped, because they have no records: {', '.join(skipped)}")
    reader.finish()
    return reader.findings.offers(SOURCE, DATASETS, options)


class _Reader:
    """Reads the tables, and makes figures of their totals at the end."""

    def __init__(self, lookups: Lookups) -> None:
        self.lookups, self.areas = lookups, lookups.areas(DATASETS[0])
        territorial = {force.area for force in lookups.forces.values() if force.kind == TERRITORIAL}
        self.wanted = [area for area in self.areas if area in territorial]
        self.findings, self.grid = Findings(), Grid()
        self._forces: dict[CellValue, Force | None] = {}
        self._seen: dict[tuple[object, ...], tuple[Quarter, Labels] | None] = {}
        self.tallies: list[Tally] = []
        self.forces: Counter[str] = Counter()
        self.others: Counter[str] = Counter()
        self.codes: defaultdict[str, set[str]] = defaultdict(set)
        self.totals = self.negative = 0
        known = lookups.offences.values()
        self.total = [offence for offence in known if offence.level == "total"]
        self.groups = {offence for offence in known if offence.level == "group" and offence.counted_as}

    def read(self, table: SourceTable, header: Header) -> None:
        """Count a table's records."""
        tally = Tally(table, header, (table.name, tuple(name for name in LABELS if name in header.columns)))
        self.tallies.append(tally)
        names = table.rows[header.position][1]
        reported: set[tuple[str, str]] = set()
        for row, cells in table.rows[header.position + 1 :]:
            try:
                header.check(cells)
                name = cell_at(cells, header.columns[FORCE])
                force = self._force(name)
                if force and force.kind == TERRITORIAL:
                    self._see(tally, force.area, cells)
                if force and force.area not in self.areas and force.kind != "total":
                    # Most records are of other forces, and are not looked at any further.
                    (self.forces if force.kind == TERRITORIAL else self.others)[as_text(name)] += 1
                else:
                    self._count_record(tally, header.record(cells), force, row)
            except CellError as wrong:
                tally.unsure.update(self._may_belong(header, cells))
                if (wrong.column, wrong.message) not in reported:
                    reported.add((wrong.column, wrong.message))
                    column = as_text(names[header.columns[wrong.column]]) if wrong.column else None
                    self.findings.refused.append(wrong.at(table.place(row, column)))

    def _force(self, cell: CellValue) -> Force | None:
        if cell not in self._forces:
            self._forces[cell] = self.lookups.forces.get(alike(as_text(cell)))
        return self._forces[cell]

    def _see(self, tally: Tally, area: str, cells: Sequence[CellValue]) -> None:
        """Keep which records a force has, to hold it against the others."""
        columns, names = tally.header.columns, (YEAR, QUARTER, *tally.sheet[1])
        own = tuple(cell_at(cells, columns[name]) for name in names)
        if (names, own) not in self._seen:
            record = {FORCE: "", **dict(zip(names, map(as_text, own), strict=True))}
            labels = tuple(record[name] if name == CODE else alike(record[name]) for name in tally.sheet[1])
            try:
                self._seen[names, own] = None if is_total(record) else (quarter_of(record), labels)
            except CellError:
                self._seen[names, own] = None
        if seen := self._seen[names, own]:
            self.grid.add(tally.sheet, (area, seen[0]), seen[1])

    def _may_belong(
        self, header: Header, cells: Sequence[CellValue]
    ) -> Iterator[tuple[str, int | None, int | None]]:
        """Give the areas, years and quarters to which a refused record may belong; None for what is unknown.

        Its cells may have moved, so they are looked for in the whole row.
        """
        cell = {name: as_text(cell_at(cells, at)) for name, at in header.columns.items()}
        force, year = self._force(cell[FORCE]), first_year(cell[YEAR])
        named = {other.area for other in map(self._force, map(as_text, cells)) if other}
        years = {of for of in map(first_year, map(as_text, cells)) if of is not None}
        number = None
        if len(cells) >= header.width and year is not None:
            with suppress(CellError):
                number = quarter_of(cell).number
        else:
            year = next(iter(years)) if len(years) == 1 else None
        areas = [force.area] if force else named if len(named) == 1 else self.wanted
        for area in areas:
            yield area, year, number

    def _count_record(self, tally: Tally, record: Mapping[str, str], force: Force | None, row: int) -> None:
        name = record[FORCE]
        if is_total(record) or (force and force.kind == "total"):
            self.totals += 1
            if force and force.kind == TERRITORIAL:
                self._keep_total(tally, record, force.area)
            return
        if not force:
            known = nearest(name, self.lookups.forces)
            raise CellError(f"data/police_forces.csv has no force {name!r}", known, FORCE)
        self.forces[name] += 1
        self._count(tally, record, (force.area, quarter_of(record)), row)

    def _keep_total(self, tally: Tally, record: Mapping[str, str], area: str) -> None:
        """Keep a total of a group, or of all, that the table states."""
        group = record[GROUP]
        below = [record.get(name, "") for name in (SUBGROUP, DESCRIPTION, CODE)]
        stated = next((text for text in (group, *below) if is_total_label(text)), "")
        of_group = ("group", alike(group)) in self.lookups.offences
        if not of_group and group and not is_total_label(group):
            return
        if all(not text or is_total_label(text) for text in below):
            when = area, quarter_of(record)
            tally.stated.append((when, group if of_group else stated, count_of(record)))

    def _count(self, tally: Tally, record: Mapping[str, str], when: When, row: int) -> None:
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
            tally.rows[when, offence].add(row)
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
        """Make figures of what was counted, and tell what is missing and how it was read."""
        judgement = Judgement(self.lookups, self.grid, self.tallies, self.wanted)
        for tally in self.tallies:
            place = tally.table.place()
            taken = {}
            for when in sorted(tally.offences):
                if why := judgement.why_not(tally, when):
                    self.findings.refuse(f"{when[1]} of {when[0]} is not taken, because {why}", place, UNCHANGED)
                    continue
                taken[when] = lacking = judgement.lacking_groups(tally, when)
                if lacking:
                    what = (
                        f"all offences of {when[1]} cannot be added up: there is no record of {', '.join(lacking)}"
                    )
                    self.findings.refuse(what, place, UNCHANGED)
            for (when, offence), count in tally.counts.items():
                if when not in taken or (offence in self.total and taken[when]):
                    continue
                rows = tally.rows[when, offence]
                place = tally.table.place(rows.first)
                for dataset, name in offence.counted_as:
                    topic = (("offence", name),)
                    self.findings.add(Count(dataset, when[0], when[1].period, count, place, topic, str(rows)))
        self.findings.refused += judgement.missing()
        self._note()
        self.findings.notes += judgement.notes()

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
        if self.tallies and len(skipped) == len(areas):
            what = f"there is no record of {' or '.join(self.areas)}"
            self.findings.refuse(what, self.tallies[0].table.place(), "use the file of all forces")
