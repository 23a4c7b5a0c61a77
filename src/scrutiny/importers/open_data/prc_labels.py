"""What the cells of the Home Office's open data say: the quarter, the count, whether a row is a total."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scrutiny.importers.files.cells import Table, as_text
from scrutiny.importers.open_data.lookups import unmarked
from scrutiny.statistics.periods import Quarter

YEAR, QUARTER, FORCE = "financial year", "financial quarter", "force name"
GROUP, SUBGROUP = "offence group", "offence subgroup"
CODE, DESCRIPTION = "offence code", "offence description"
COUNT = "number of offences"
COLUMNS = (YEAR, QUARTER, FORCE, GROUP, COUNT)
"""Columns that each layout has."""

_HEADER_WITHIN = 30  # rows: a sheet may begin with a title and remarks
_YEAR = re.compile(r"(?P<first>\d{4})[/-](?:\d{2})?(?P<second>\d{2})")
_COUNT = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)")
_TOTAL = re.compile(r"(sub-?)?totals?\b|all (offences|crime)", re.IGNORECASE)


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a record: the column, what, and what to do."""

    column: str
    what: str
    instead: str


def find_header(table: Table) -> tuple[int, dict[str, int]] | None:
    """Find the header: its position among the rows, and its columns by name."""
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


def quarter_of(record: Mapping[str, str]) -> Quarter | Wrong:
    """Read the quarter of a record."""
    year = first_year(record[YEAR])
    if year is None:
        return Wrong(YEAR, f"{record[YEAR]!r} is no financial year", "write it like 2019/20")
    found = re.fullmatch(r"(?:Q|Quarter )?([1-4])", record[QUARTER], re.IGNORECASE)
    if not found:
        what = f"{record[QUARTER]!r} is no quarter of {record[YEAR]}"
        return Wrong(QUARTER, what, "write 1 (April to June) to 4 (January to March)")
    return Quarter(year, int(found[1]))


def count_of(record: Mapping[str, str]) -> int | Wrong:
    """Read a count: padded, with commas, negative, or "-00" for none."""
    text = record[COUNT].replace("−", "-").strip()
    if _COUNT.fullmatch(text):
        return int(text.replace(",", ""))
    what = f"{record[COUNT]!r} is no count" if text else "the count is missing"
    return Wrong(COUNT, what, "write the count; the sums of the quarter would be short")


def is_total(record: Mapping[str, str]) -> bool:
    """Whether a record is the total of others, and says so."""
    return any(_TOTAL.match(record.get(column, "")) for column in (FORCE, GROUP, SUBGROUP, DESCRIPTION, CODE))
