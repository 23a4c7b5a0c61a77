"""Stop and search records of data.police.uk: searches of people and arrests, by month and ethnic group.

The ethnic group is the one that people gave themselves: by it the records agree with the published report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Counted, Found, areas_of, many
from scrutiny.importers.open_data.lookups import SEARCHES, Lookups
from scrutiny.importers.open_data.police_uk import (
    MonthlyFile,
    Records,
    is_month,
    month_period,
    monthly_files,
    records_of,
)
from scrutiny.inputs.project import Project

SOURCE = "police-uk-stop-and-search"
DATASET = "stop_and_search"
GROUPS = ("all", "white", "black", "asian")
COUNTED = ("searches", "arrests")

_TYPE, _DATE, _ETHNICITY, _OUTCOME = "Type", "Date", "Self-defined ethnicity", "Outcome"
# `Object of search` is not read: at source it is miscoded.
_COLUMNS = (_TYPE, _DATE, _ETHNICITY, _OUTCOME)
_BRITISH = timedelta(hours=1)
"""By how much British Summer Time is ahead of the site's times."""


@dataclass(frozen=True)
class _Search:
    month: str
    group: str
    arrested: bool
    of_person: bool


class _Searches:
    def __init__(self, lookups: Lookups, areas: Sequence[str], options: Options) -> None:
        self.lookups, self.areas = lookups, areas
        self.records = Records(Found(options))
        self.codes = {column: lookups.search_codes(column) for column in (_TYPE, _ETHNICITY, _OUTCOME)}
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        self.first: dict[tuple[str, str], tuple[str, int]] = {}
        self.vehicles = self.repeats = self.no_group = 0

    def read(self, file: MonthlyFile) -> None:
        """Count a file's records."""
        if file.area is None:
            # The records do not say whose they are.
            what = "its name does not say which force's records it has"
            instead = "give it a name as on the site: 2020-04-lancashire-stop-and-search.csv"
            raise WrongInput(Problem(what, Place(file.name), instead))
        at, rows = records_of(file, _COLUMNS)
        counts: Counter[_Search] = Counter()
        first: dict[str, int] = {}
        seen: set[int] = set()
        for line, cells in rows:
            mark = hash(tuple(cells))
            self.repeats += mark in seen
            seen.add(mark)
            record = dict(zip(_COLUMNS, (cells[position].strip() for position in at), strict=True))
            wrong = list(self._wrong(record, file))
            month = file.month or record[_DATE][:7]
            for column, what, instead in wrong:
                place = Place(file.name, line, column)
                self.records.refuse(place, what, instead, file.area, month if is_month(month) else None)
            if not wrong:
                first.setdefault(month, line)
                counts[self._search(record, month)] += 1
        own = self.records.claim(file.area, first, file)
        for search, count in counts.items():
            if search.month in own:
                self._add(file.area, search, count)
        for month in own:
            self.first[file.area, month] = (file.name, first[month])
        if not seen:
            what = "there is no record in it: nothing is taken, and not that there was no search"
            self.records.found.refused.append(Problem(what, Place(file.name), "leave the file out"))

    def _wrong(self, record: dict[str, str], file: MonthlyFile) -> Iterator[tuple[str, str, str]]:
        for column, known in self.codes.items():
            if record[column] not in known:
                what = f"{record[column]!r} is not in data/{SEARCHES}"
                yield column, what, "add it there, with what it is counted as"
        months = _months_of(record[_DATE])
        if not months:
            yield _DATE, f"{record[_DATE]!r} is no time", "write it like 2020-04-30T22:15:00+00:00"
        elif file.month and file.month not in months:
            yield _DATE, f"{record[_DATE][:10]} in the file of {file.month}", "take the file from the site again"

    def _search(self, record: dict[str, str], month: str) -> _Search:
        codes = self.codes
        return _Search(
            month,
            codes[_ETHNICITY][record[_ETHNICITY]],
            codes[_OUTCOME][record[_OUTCOME]] == "arrests",
            codes[_TYPE][record[_TYPE]] == "searches",
        )

    def _add(self, area: str, search: _Search, count: int) -> None:
        if not search.of_person:
            self.vehicles += count
            return
        self.no_group += 0 if search.group else count
        for group in {"all", search.group} - {""}:
            self.counts[area, search.month, group, "searches"] += count
            self.counts[area, search.month, group, "arrests"] += count * search.arrested

    def finish(self) -> None:
        """Make figures of what was counted, and say how."""
        found = self.records.found
        for area in sorted({area for area, _ in self.records.months}):
            for month in self.records.sure(area):
                file, line = self.first[area, month]
                for group in GROUPS:
                    for counted in COUNTED:
                        topic = (("ethnic_group", group), ("counted", counted))
                        count = self.counts[area, month, group, counted]
                        found.figures.append(Counted(DATASET, area, month_period(month), count, file, line, topic))
        found.notes.append("the ethnic group is the one that people gave themselves (Self-defined ethnicity)")
        if self.no_group:
            people = many(self.no_group, "search record")
            found.notes.append(f"in all alone: {people} of people of mixed, another or no stated group")
        if self.vehicles:
            found.notes.append(f"passed over: {many(self.vehicles, 'record')} of searches of vehicles alone")
        if self.repeats:
            found.notes.append(
                f"exact repeats of another record of the file: {self.repeats:,}; all are counted, as published"
            )


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read stop and search files; see `police_uk`.

    Raises
    ------
    WrongUse, WrongInput
        If there is no such file, it cannot be read, or its name does not say whose it is.
    """
    searches = _Searches(Lookups(project), areas_of(project.datapackage.resource(DATASET)), options)
    found = searches.records.found
    for file in monthly_files(files, "stop-and-search", searches.lookups, searches.areas, found):
        searches.read(file)
    searches.finish()
    return found.offers(project, SOURCE, [DATASET])


def _months_of(text: str) -> set[str]:
    """Give the month of a time, and the one in which it is by British Summer Time."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", text):
        return set()
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=time.tzinfo or UTC)
        return {text[:7], f"{time + _BRITISH:%Y-%m}"}
    except (ValueError, OverflowError):
        return set()
