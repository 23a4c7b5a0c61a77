"""Tables P1 and P4 of the ONS police force area workbooks: offences, and knife crime, of twelve months.

Editions differ in the rows of their headers and in the marks of footnotes: digits after a label, or ``[note 3]``.
Columns are found by their labels, and the months by the table's title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import Given
from scrutiny.importers.files.cells import Flaw, SourceTable, as_text, cell_at
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Count, Findings
from scrutiny.importers.open_data.lookups import TERRITORIAL, Lookups, marks, raised
from scrutiny.importers.open_data.ons_table import Column, OnsTable, Row, Unclear, count_in, difference, repeated
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import MONTHS_OF_YEAR, Period

SOURCE = "ons-pfa"
DATASETS = ("recorded_crime", "sexual_offences", "knife_crime")

_TITLE = re.compile(r"Table (?P<number>P[14])\b.*", re.IGNORECASE | re.DOTALL)
_ABOUT = {"P1": ("recorded crime", "number of offences"), "P4": ("knife", "offences")}
"""What the title of each must contain, because tables are sometimes renumbered."""
_SHEET = re.compile(r"(?:table )?(?P<number>P[14])", re.IGNORECASE)
_UNCHANGED = "use the workbook from the ONS unchanged"
_LEVELS = {"P1": ("total", "group", "subgroup"), "P4": ("knife",)}
_PARTS = ("Violence with injury", "Violence without injury", "Residential burglary")
"""The subgroups that table P1 has, of those that are in the report."""
_YEAR = re.compile(
    r"year ending (?:\d{1,2} )?(?P<month>[A-Z][a-z]+) (?P<year>(?:19|20)\d\d|\d\d)(?P<mark>\d?)", re.IGNORECASE
)
_GROUPS = 9
"""Groups that add up to the total."""
_NOTE = re.compile(r"(?:\[?note )?(?P<mark>\d+)[.\]:]?\s+(?P<text>.+)", re.IGNORECASE | re.DOTALL)
_THOUSANDS = re.compile(r"thousands?\b|\b000s\b|per 1,?000", re.IGNORECASE)


def recognises(tables: Iterable[SourceTable]) -> bool:
    """Whether one of the sheets is table P1 or P4."""
    return any(_title(table) for table in tables)


def read(project: Project, files: Sequence[Given], options: Options) -> list[Offer]:
    """Read tables P1 and P4 of the workbooks of one or more years; raises WrongInput if there are none."""
    lookups, findings = Lookups(project), Findings()
    areas = lookups.areas(DATASETS[0])
    names: list[str] = []
    found: dict[str, set[str]] = {}
    for table in read_tables(files):
        names.append(table.name)
        of_file = found.setdefault(_file(table), set())
        if title := _title(table):
            of_file.add(title["number"].upper())
            findings.notes += table.notes
            _read_table(table, title, lookups, areas, findings)
        elif named := _SHEET.fullmatch(table.sheet or ""):
            what = f"skipped: {table.name}, because no title there is that of table {named['number'].upper()}"
            findings.notes.append(what)
    if not any(found.values()):
        what = "no sheet is table P1 or P4 of the police force area tables"
        raise WrongInput(Problem(what, Location(names[0] if names else str(files[0])), _UNCHANGED))
    for file, numbers in found.items():
        findings.notes += [f"{file} has no table {number}" for number in _ABOUT if number not in numbers]
    return findings.offers(SOURCE, DATASETS, options)


def _file(table: SourceTable) -> str:
    return table.name.removesuffix(f", sheet {table.sheet}")


def _title(table: SourceTable) -> re.Match[str] | None:
    """Find the title of table P1 or P4."""
    for cell in (cell for _, cells in table.rows[:3] for cell in cells):
        title = _TITLE.fullmatch(raised(as_text(cell)))
        if title and all(word in title[0].casefold() for word in _ABOUT[title["number"].upper()]):
            return title
    return None


def _read_table(
    table: SourceTable, title: re.Match[str], lookups: Lookups, areas: Collection[str], findings: Findings
) -> None:
    number = title["number"].upper()
    try:
        ons = OnsTable(table, lookups, _LEVELS[number])
        period = _period(title[0])
        _check_units(ons, period)
        ons.check_header()
        columns = list(_columns(ons, number, lookups, findings))
    except Unclear as unclear:
        findings.refuse(str(unclear), table.place(), _UNCHANGED)
        return
    taken = []
    for area in areas:
        try:
            if row := ons.row_of(area):
                taken.append((area, row))
        except Unclear as unclear:
            findings.refuse(str(unclear), table.place(unclear.row), _UNCHANGED)
            return
    if not taken:
        findings.refuse(
            f"table {number} has no row of {' or '.join(_forces(areas, lookups))}", table.place(), _UNCHANGED
        )
    for area, row in taken:
        for column, count in _counts(ons, row, columns, findings):
            for dataset, name in column.offence.counted_as:
                topic = (("offence", name),) if name else ()
                place, rows = table.place(row.number), str(row.number)
                findings.add(Count(dataset, area, period, count, place, topic, rows))
        findings.notes += _footnotes(table, number, row, columns)


def _forces(areas: Collection[str], lookups: Lookups) -> list[str]:
    known = {force.area for force in lookups.forces.values() if force.kind == TERRITORIAL}
    return [area for area in areas if area in known]


def _period(title: str) -> Period:
    """Read the year of a title; digits of footnotes may follow it without a space: June 20191,2 or June 181,2."""
    found = {_year(stated) for stated in _YEAR.finditer(title)} - {None}
    periods = {period for period in found if period}
    if len(periods) != 1:
        raise Unclear("the title does not give the year, as year ending June 2019")
    return periods.pop()


def _year(stated: re.Match[str]) -> Period | None:
    """Give the twelve months; None for "June 201", which may be 2020 with a footnote as well as half a year."""
    year = stated["year"]
    if len(year) == 2 and year == "20" and stated["mark"]:
        return None
    try:
        last = datetime.strptime(f"{stated['month']} {year[-2:]}", "%B %y").date()
    except ValueError:
        return None
    return Period.of_months(last, MONTHS_OF_YEAR)


def _check_units(ons: OnsTable, period: Period) -> None:
    """Raise Unclear if the header has another unit or another year than the title."""
    for _, cells in ons.header:
        for text in map(raised, map(as_text, cells)):
            if _THOUSANDS.search(text):
                raise Unclear(f"the figures may not be numbers of offences: {text}")
            others = {_year(stated) for stated in _YEAR.finditer(text)} - {period, None}
            if others or (re.fullmatch(r"(19|20)\d\d", text) and int(text) != period.end.year):
                raise Unclear(f"the header has another year than the title: {text}")


def _columns(ons: OnsTable, number: str, lookups: Lookups, findings: Findings) -> Iterator[Column]:
    """Give the columns to be taken, and tell of those that are missing, twice there or not known."""
    columns = list(ons.columns())
    twice = repeated(columns)
    for offence in sorted(twice, key=lambda offence: offence.name):
        times = sum(column.offence == offence for column in columns)
        what = f"table {number} has {times} columns of numbers of {offence.name}"
        findings.refuse(what, ons.table.place(), _UNCHANGED)
    if not columns:
        what = f"table {number} has no column that is in data/offence_groups.csv"
        findings.refuse(what, ons.table.place(), "add the label there, with what it is in the report")
    expected = [
        offence
        for offence in lookups.offences.values()
        if offence.level in _LEVELS[number]
        and offence.counted_as
        and (offence.level != "subgroup" or offence.name in _PARTS)
    ]
    names = dict.fromkeys(offence.name for offence in expected)
    if missing := [name for name in names if name not in {column.offence.name for column in columns}]:
        note = f"table {number} has no column of {', '.join(missing)}"
        if unknown := ons.unknown():
            note += f"; not in data/offence_groups.csv, and left out: {', '.join(unknown)}"
        findings.notes.append(note)
    yield from (column for column in columns if column.offence not in twice)


def _counts(
    ons: OnsTable, row: Row, columns: Sequence[Column], findings: Findings
) -> Iterator[tuple[Column, int]]:
    """Give the counts of a row, and refuse those that are none or do not agree with other sums of the table."""
    counts: dict[Column, int] = {}
    broken = ons.broken_sums(row)
    for column in columns:
        cell = cell_at(row.cells, column.position)
        place = ons.table.place(row.number, column.label)
        count = count_in(cell)
        if count is None:
            shown = as_text(cell)
            what = f"{shown!r} is not a count" if shown else "the count is missing"
            hint = "leave it, or write the count"
            if isinstance(cell, Flaw):
                what, hint = cell.message, cell.hint
            findings.refuse(what, place, hint)
        elif region := broken.get(column.position):
            what = f"the forces of {region} do not add up to it in this column, so one of the counts is wrong"
            findings.refuse(what, place, _UNCHANGED)
        elif column.offence.level == "knife" and (apart := ons.apart_from_parts(row, column)):
            what = f"{count:,} is not the sum of the columns beside it, which is {count + apart:,}"
            findings.refuse(what, place, _UNCHANGED)
        else:
            counts[column] = count
    if apart := _apart_from_groups(counts):
        what = (
            f"the groups of {row.name} add up to {abs(apart):,} {'more' if apart > 0 else 'less'} than its total"
        )
        findings.refuse(f"{what}, so nothing of the row is taken", ons.table.place(row.number), _UNCHANGED)
        return
    yield from counts.items()


def _apart_from_groups(counts: Mapping[Column, int]) -> int:
    """Give by how much the groups do not add up to the total in table P1, if all of them are there."""
    total = [count for column, count in counts.items() if column.offence.level == "total"]
    groups = [count for column, count in counts.items() if column.offence.level == "group"]
    return difference(total[0], groups) if total and len(groups) == _GROUPS else 0


def _footnotes(table: SourceTable, number: str, row: Row, columns: Sequence[Column]) -> Iterator[str]:
    """Give the footnotes of the area's row, of its counts, and of the columns that were taken."""
    texts = [
        found for _, cells in table.rows for cell in cells if cell and (found := _NOTE.fullmatch(as_text(cell)))
    ]
    counts = (as_text(cell_at(row.cells, column.position)) for column in columns)
    labels = [
        row.name,
        *(column.label for column in columns),
        *(text for text in map(raised, counts) if "[" in text),
    ]
    for mark in dict.fromkeys(mark for label in labels for mark in marks(label)):
        # In one edition two notes have the same number.
        own = [found["text"] for found in texts if found["mark"] == mark]
        for text in own or ["see the notes of the workbook"]:
            yield f"table {number}, note {mark}: {text}"
