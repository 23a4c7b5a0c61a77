"""Tables P1 and P4 of the ONS police force area workbooks: offences, and knife crime, of twelve months.

Editions differ in the rows of their headers and in the marks of footnotes: digits after a label, or ``[note 3]``.
Columns are found by their labels, and the months by the table's title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.cells import CellValue, SourceTable, as_text, cell_at
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Count, Findings
from scrutiny.importers.open_data.lookups import TERRITORIAL, Force, Lookups, Offence, alike, marks
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import MONTHS_OF_YEAR, Period

SOURCE = "ons-pfa"
DATASETS = ("recorded_crime", "sexual_offences", "knife_crime")

_TITLE = re.compile(r"Table (?P<number>P[14])\b.*", re.IGNORECASE | re.DOTALL)
_ABOUT = {"P1": ("recorded crime", "number of offences"), "P4": ("knife", "offences")}
"""What the title of each must contain, because tables are sometimes renumbered."""
_UNCHANGED = "use the workbook from the ONS unchanged"
_LEVELS = {"P1": ("total", "group", "subgroup"), "P4": ("knife",)}
_YEAR = re.compile(r"year ending (?P<month>[A-Z][a-z]+) (?P<year>\d{4})", re.IGNORECASE)
_NOTE = re.compile(r"(?:\[?note )?(?P<mark>\d+)[.\]:]?\s+(?P<text>.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class _Column:
    position: int
    label: str
    offence: Offence


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read tables P1 and P4 of the workbooks of one or more years; raises WrongInput if there are none."""
    lookups, findings = Lookups(project), Findings()
    areas = lookups.areas(DATASETS[0])
    names: list[str] = []
    known = False
    for table in read_tables(files):
        names.append(table.name)
        if title := _title(table):
            known = True
            findings.notes += table.hidden_note
            _read_table(table, title, lookups, areas, findings)
    if not known:
        what = "no sheet is table P1 or P4 of the police force area tables"
        raise WrongInput(Problem(what, Location(names[0] if names else files[0]), _UNCHANGED))
    return findings.offers(SOURCE, DATASETS, options)


def _title(table: SourceTable) -> re.Match[str] | None:
    """Find the title of table P1 or P4."""
    for cell in (cell for _, cells in table.rows[:3] for cell in cells):
        title = _TITLE.fullmatch(as_text(cell))
        if title and all(word in title[0].casefold() for word in _ABOUT[title["number"].upper()]):
            return title
    return None


def _read_table(
    table: SourceTable, title: re.Match[str], lookups: Lookups, areas: Collection[str], findings: Findings
) -> None:
    period = _period(title[0])
    if period is None:
        findings.refuse("the title does not give the year, as year ending June 2019", table.place(), _UNCHANGED)
        return
    number = title["number"].upper()
    rows = [(row, cells, force) for row, cells in table.rows if (force := _force(cells, lookups))]
    taken = [
        (row, cells, force.area) for row, cells, force in rows if force.kind == TERRITORIAL and force.area in areas
    ]
    if not taken:
        findings.refuse(f"table {number} has no row of {' or '.join(areas)}", table.place(), _UNCHANGED)
        return
    columns = list(_columns(table, rows[0][0], lookups, _LEVELS[number]))
    if not columns:
        what = f"table {number} has no column that is in data/offence_groups.csv"
        findings.refuse(what, table.place(), "add the label there, with what it is in the report")
    for row, cells, area in taken:
        for column in columns:
            count = _count(cells, column.position)
            if count is None:
                shown = as_text(cell_at(cells, column.position))
                what = f"{shown!r} is not a count" if shown else "the count is missing"
                findings.refuse(what, table.place(row, column.label), "leave it, or write the count")
                continue
            for dataset, name in column.offence.counted_as:
                topic = (("offence", name),) if name else ()
                findings.add(Count(dataset, area, period, count, table.place(row), topic))
        findings.notes += _footnotes(table, number, cells, columns, lookups)


def _period(title: str) -> Period | None:
    """Read the year of a title; digits of footnotes may follow it without a space."""
    stated = _YEAR.search(title)
    if not stated:
        return None
    try:
        last = datetime.strptime(f"{stated['month']} {stated['year']}", "%B %Y").date()
    except ValueError:
        return None
    return Period.of_months(last, MONTHS_OF_YEAR)


def _force(cells: Sequence[CellValue], lookups: Lookups) -> Force | None:
    """Give the force of a row with figures: its name is in one of the first cells."""
    named = _named(cells, lookups)
    has_figures = any(_count(cells, position) is not None for position in range(len(cells)))
    return lookups.forces[alike(named)] if named and has_figures else None


def _named(cells: Sequence[CellValue], lookups: Lookups) -> str:
    return next((as_text(cell) for cell in cells[:3] if alike(as_text(cell)) in lookups.forces), "")


def _columns(table: SourceTable, first_row: int, lookups: Lookups, levels: Sequence[str]) -> Iterator[_Column]:
    """Find the columns of figures of the report, by a label in any row of the header.

    Where a label spans two columns, numbers and percentages, the first has the numbers.
    """
    found: set[Offence] = set()
    for row, cells in table.rows:
        if row >= first_row:
            return
        for position, cell in enumerate(cells):
            label = as_text(cell)
            names = {alike(label), alike(re.split(r"\s*[:|]\s*", label)[0])}
            if re.search(r"%|per ?cent|\brate\b", label, re.IGNORECASE):
                continue
            for offence in (lookups.offences.get((level, name)) for level in levels for name in names):
                if offence and offence.counted_as and offence not in found:
                    found.add(offence)
                    yield _Column(position, label, offence)


def _count(cells: Sequence[CellValue], position: int) -> int | None:
    """Read a count; None for a percentage, which has decimal places, and for text."""
    cell = cell_at(cells, position)
    if isinstance(cell, bool) or (isinstance(cell, float) and not cell.is_integer()):
        return None
    if isinstance(cell, int | float):
        return int(cell)
    text = as_text(cell).replace(",", "")
    return int(text) if re.fullmatch(r"\d+", text) else None


def _footnotes(
    table: SourceTable, number: str, cells: Sequence[CellValue], columns: Sequence[_Column], lookups: Lookups
) -> Iterator[str]:
    """Give the footnotes of the area's row and of the columns that were taken."""
    texts = [found for _, row in table.rows for cell in row if cell and (found := _NOTE.fullmatch(as_text(cell)))]
    for label in [_named(cells, lookups), *(column.label for column in columns)]:
        for mark in marks(label):
            # In one edition two notes have the same number.
            own = [found["text"] for found in texts if found["mark"] == mark]
            for text in own or ["see the notes of the workbook"]:
                yield f"table {number}, note {mark}: {text}"
