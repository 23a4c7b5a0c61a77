"""Stop and search records of data.police.uk: searches of people and arrests, by month and ethnic group.

The ethnic group is self-defined: by it the records agree with the published report.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import many
from scrutiny.importers.open_data.lookups import SEARCHES
from scrutiny.importers.open_data.monthly_file import Codes, MonthlyFile, is_month, month_period, records_of
from scrutiny.importers.open_data.police_uk import MonthlyReader
from scrutiny.importers.open_data.repeats import Repeats
from scrutiny.inputs.project import Project

GROUPS = ("all", "white", "black", "asian")
COUNTED = ("searches", "arrests")

_TYPE, _DATE, _ETHNICITY, _OUTCOME = "Type", "Date", "Self-defined ethnicity", "Outcome"
# `Object of search` is not read, because it is miscoded at source.
_COLUMNS = (_TYPE, _DATE, _ETHNICITY, _OUTCOME)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?")
_BRITISH = timedelta(hours=1)
"""By how much British Summer Time is ahead of the site's times."""
_MISSED = 20
"""Records that days without any would have, if they were like the others, from which on that is noted."""

_Search = tuple[str, str, bool, bool]
"""Month, ethnic group, whether it led to an arrest, and whether it was of a person."""


class _Searches(MonthlyReader):
    kind = "stop-and-search"
    dataset = "stop_and_search"

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.codes = {column: Codes(self.lookups.search_codes(column)) for column in (_TYPE, _ETHNICITY, _OUTCOME)}
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        self.vehicles = self.repeats = self.no_group = 0

    def count(self, file: MonthlyFile) -> None:
        if file.area is None:
            # The records do not say whose they are.
            what = "its name does not say which force's records it has"
            instead = "give it a name as on the site: 2020-04-lancashire-stop-and-search.csv"
            raise WrongInput(Problem(what, file.place(), instead))
        counts: Counter[_Search] = Counter()
        of_month: Counter[str] = Counter()
        first: dict[str, int] = {}
        days: dict[str, Counter[int]] = defaultdict(Counter)
        seen: set[int] = set()
        repeats: Repeats[str] = Repeats()
        records = records_of(file, _COLUMNS, self.findings.notes)
        next(records)
        for line, cells, wanted in records:
            mark = hash(tuple(cells))
            self.repeats += mark in seen
            seen.add(mark)
            record = dict(zip(_COLUMNS, map(str.strip, wanted), strict=True))
            month = file.month or record[_DATE][:7]
            of_month[month] += 1
            repeats.add(hash(wanted), line, month)
            wrong = list(self._mistakes(record, cells, file))
            for column, what, instead in wrong:
                months = {record[_DATE][:7], month}
                self.refuse(file, file.place(line, column), what, instead, filter(is_month, months))
            if not wrong:
                first.setdefault(month, line)
                group, outcome, kind = (
                    self.codes[column][record[column]] or "" for column in (_ETHNICITY, _OUTCOME, _TYPE)
                )
                counts[month, group, outcome == "arrests", kind == "searches"] += 1
                if record[_DATE].startswith(month):
                    days[month][int(record[_DATE][8:10])] += 1
        own = self.claim(file.area, first, file)
        for search, count in counts.items():
            if search[0] in own:
                self._add_count(file.area, search, count)
        for month in sorted(own):
            self.first[file.area, month] = file.place(first[month])
            self.findings.notes += _gaps(month, days[month], file)
        found = repeats.find()
        self.refuse_repeats(file, found.run, found.twins, of_month)
        if not seen:
            what = "this has no record; nothing is taken, because that need not mean that there was no search"
            self.findings.refuse(what, file.place(), "leave the file out")

    def _mistakes(
        self, record: dict[str, str], cells: Sequence[str], file: MonthlyFile
    ) -> Iterator[tuple[str, str, str]]:
        for column, known in self.codes.items():
            value = record[column]
            if known[value] is None:
                what = f"{value!r} is not in data/{SEARCHES}"
                yield column, what, "add it there, with what it is counted as"
            elif not value and (elsewhere := known.written.intersection(cells) - {""}):
                what = f"this cell is empty, and {min(elsewhere)!r} is in another"
                yield column, what, "download the file again"
        months = _months_of(record[_DATE])
        if not months:
            yield _DATE, f"{record[_DATE]!r} is not a time", "write it like 2020-04-30T22:15:00+00:00"
        elif file.month and file.month not in months:
            yield _DATE, f"{record[_DATE][:10]} in the file of {file.month}", "download the file again"

    def _add_count(self, area: str, search: _Search, count: int) -> None:
        month, own_group, arrested, of_person = search
        if not of_person:
            self.vehicles += count
            return
        self.no_group += 0 if own_group else count
        for group in {"all", own_group} - {""}:
            self.counts[area, month, group, "searches"] += count
            self.counts[area, month, group, "arrests"] += count * arrested

    def add_figures(self, area: str, month: str) -> None:
        for group, counted in product(GROUPS, COUNTED):
            topic = (("ethnic_group", group), ("counted", counted))
            self.add(area, month, self.counts[area, month, group, counted], topic)

    def add_notes(self) -> None:
        notes = self.findings.notes
        notes.append("the ethnic group is the self-defined one (Self-defined ethnicity)")
        if self.no_group:
            people = many(self.no_group, "search record")
            notes.append(f"in all only: {people} of people of mixed, another or no stated group")
        if self.vehicles:
            notes.append(f"skipped: {many(self.vehicles, 'record')} of searches of vehicles alone")
        if self.repeats:
            notes.append(
                f"exact repeats of another record of the file: {self.repeats:,}; all are counted, as published"
            )


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read stop and search files."""
    return _Searches(project).read_all(files, options)


def _gaps(month: str, days: Mapping[int, int], file: MonthlyFile) -> Iterator[str]:
    """Note the days without a record of a month that has too many for that, as of a file that was cut short."""
    last = month_period(month).end.day
    for before, after in pairwise(sorted({0, *days, last + 1})):
        empty = after - before - 1
        expected = sum(days.values()) / (last - empty) * empty if empty < last else 0
        if expected >= _MISSED:
            between = f"{before + 1} to {after - 1}" if empty > 1 else str(after - 1)
            yield (
                f"there is no record of {month} on day {between}, where about {expected:,.0f} would be usual; is "
                f"{file.source.name} complete?"
            )


def _months_of(text: str) -> set[str]:
    """Give the month of a time, and the one it is in by British Summer Time."""
    if not is_month(text[:7]) or not _TIME.fullmatch(text):
        return set()
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=time.tzinfo or UTC)
        return {text[:7], f"{time + _BRITISH:%Y-%m}"}
    except (ValueError, OverflowError):
        return set()
