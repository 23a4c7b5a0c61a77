"""The header and the cells of the Home Office's open data tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from scrutiny.errors import Problem
from scrutiny.importers.files.cells import CellError, CellValue, Flaw, SourceTable, as_text, cell_at, is_empty
from scrutiny.importers.open_data.lookups import unmarked
from scrutiny.statistics.periods import Quarter

YEAR, QUARTER, FORCE = "financial year", "financial quarter", "force name"
GROUP, SUBGROUP = "offence group", "offence subgroup"
CODE, DESCRIPTION = "offence code", "offence description"
COUNT = "number of offences"
COLUMNS = (YEAR, QUARTER, FORCE, GROUP, COUNT)
"""Columns that each layout has."""
LABELS = (CODE, DESCRIPTION, SUBGROUP, GROUP)
"""Columns that say what a record counts, of which a table by group has only the last."""
UNCHANGED = "use the file from the Home Office unchanged"
_HEADER_WITHIN = 30  # rows: a sheet may begin with a title and notes
_NEARLY = 3
"""Columns by which a row is known for a header, though others are missing."""
_YEAR = re.compile(r"(?P<first>\d{4})[/-](?:\d{2})?(?P<second>\d{2})")
_COUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)", re.ASCII)
_TOTAL = re.compile(r"(sub-?)?totals?\b|all (offences|crime)", re.IGNORECASE)
_OF_OFFENCES = re.compile(r"code|sub|descri|offence|^$")


@dataclass(frozen=True)
class Header:
    """The header of a table."""

    position: int
    """Among the rows of the table."""
    columns: Mapping[str, int]
    """Positions of the columns that are read, by name."""
    width: int
    """Columns from the first to the last that has a name."""
    problems: tuple[Problem, ...]
    """Why the table cannot be read by it."""

    def check(self, cells: Sequence[CellValue]) -> None:
        """Raise CellError if a row has too few cells or too many, so that some may be of other columns."""
        count = len(cells)
        if count > self.width:
            count = next((at for at in range(count, self.width, -1) if not is_empty(cells[at - 1])), self.width)
        if count != self.width:
            what = f"this row has {count:,} cells, but the header {self.width:,}"
            raise CellError(what, "correct the row, or export the file again")

    def record(self, cells: Sequence[CellValue]) -> dict[str, str]:
        """Give the texts of a row by column; raises CellError if a cell has none, or it is the header again."""
        for column, at in self.columns.items():
            if isinstance(flaw := cell_at(cells, at), Flaw):
                raise CellError(flaw.message, flaw.hint, column)
        record = {column: as_text(cell_at(cells, at)) for column, at in self.columns.items()}
        if record[FORCE].casefold() == FORCE and record[COUNT].casefold() == COUNT:
            what = "the header stands here again, so the file may be put together of several"
            raise CellError(what, f"delete the row if nothing is missing around it, or {UNCHANGED}")
        return record


def find_header(table: SourceTable) -> Header | None:
    """Find the header among the first rows; None if none of them is like one."""
    for position, (row, cells) in enumerate(table.rows[:_HEADER_WITHIN]):
        names = [unmarked(as_text(cell)).casefold() for cell in cells]
        known = [name for name in names if name in COLUMNS]
        if len(set(known)) >= _NEARLY:
            width = max(at for at, name in enumerate(names, 1) if name)
            columns = {name: at for at, name in enumerate(names) if name in (*COLUMNS, *LABELS)}
            problems = [Problem(what, table.place(row), UNCHANGED) for what in _wrong(names[:width])]
            return Header(position, columns, width, tuple(problems))
    return None


def _wrong(names: Sequence[str]) -> list[str]:
    times = Counter(names)
    wrong = [f"{times[name]} columns are called {name.title()}" for name in (*COLUMNS, *LABELS) if times[name] > 1]
    lacking = [name for name in COLUMNS if name not in times]
    lacking += [
        name for name, other in ((SUBGROUP, CODE), (CODE, DESCRIPTION)) if other in times and name not in times
    ]
    others = [name for name in times if name not in (*COLUMNS, *LABELS)]
    if CODE not in times and CODE not in lacking and any(_OF_OFFENCES.search(name) for name in others):
        # A column of codes under another name would be left out, and offences be counted otherwise.
        lacking.append(CODE)
    if lacking:
        named = ", ".join(name.title() for name in lacking)
        what = f"there is no column {named}"
        if others:
            what += ", but there is " + ", ".join(repr(name) if name else "one without a name" for name in others)
        wrong.append(what)
    return wrong


@cache
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
    return any(is_total_label(record.get(column, "")) for column in (FORCE, *LABELS))


def is_total_label(label: str) -> bool:
    """Whether a label says so."""
    return bool(_TOTAL.match(label))
