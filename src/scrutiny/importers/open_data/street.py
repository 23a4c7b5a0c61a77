"""Street-level crime of data.police.uk: incidents of anti-social behaviour by month.

Of the site's categories only this one is a figure of the report; docs/reference/open-data.md says why no other is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from scrutiny.importers.files.archives import Given
from scrutiny.importers.files.cells import SourceTable
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import many
from scrutiny.importers.open_data.lookups import alike
from scrutiny.importers.open_data.police_uk import MonthlyFile, MonthlyReader, has_columns, is_month, records_of
from scrutiny.inputs.project import Project

COUNTED = "Anti-social behaviour"
"""The category that corresponds exactly."""
_COLUMNS = ("Reported by", "Month", "Crime type")
_Key = tuple[str, ...]
"""Force, month and category, as written in the file."""


class _Street(MonthlyReader):
    kind = "street"
    dataset = "anti_social_behaviour"

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.counts: Counter[tuple[str, str]] = Counter()
        self.others: Counter[str] = Counter()
        self.other_forces: Counter[str] = Counter()
        self.repeats: Counter[bool] = Counter()
        self._area_of: dict[str, str | None] = {}

    def count(self, file: MonthlyFile) -> None:
        counts: Counter[_Key] = Counter()
        first: dict[_Key, int] = {}
        seen: set[int] = set()
        for line, cells, key in records_of(file, _COLUMNS):
            force, _, kind = key
            if force not in self._area_of:
                self._area_of[force] = self._area(force, file, line)
            if self._area_of[force] is None:
                self.other_forces[force] += 1
                continue
            first.setdefault(key, line)
            counts[key] += 1
            # A 64-bit hash stands for the record, so that a million of them fit in 100 MB.
            mark = hash(tuple(cells))
            if mark in seen:
                self.repeats[kind == COUNTED] += 1
            seen.add(mark)
        self._add_counts(file, counts, first)
        if file.area and not counts:
            what = "this has no record; nothing is taken, because that need not mean that there was no incident"
            self.findings.refuse(what, file.place(), "leave the file out")

    def _area(self, force: str, file: MonthlyFile, line: int) -> str | None:
        known = self.lookups.forces.get(alike(force))
        if known is None:
            what = f"data/police_forces.csv has no force {force!r}"
            self.findings.refuse(what, file.place(line, "Reported by"), "add it there, or correct the file")
        return known.area if known and known.area in self.areas else None

    def _add_counts(self, file: MonthlyFile, counts: Counter[_Key], first: dict[_Key, int]) -> None:
        months: dict[str, set[str]] = {}
        for (force, month, kind), line in first.items():
            area = self._area_of[force] or ""
            place = file.place(line, "Month")
            if not is_month(month):
                self.refuse(place, f"{month!r} is not a month", "write it like 2020-04", area, None)
            elif file.month and month != file.month:
                what = f"{month} in the file of {file.month}"
                self.refuse(place, what, "download the file again", area, month)
                self.unsure.add((area, file.month))
            elif not kind:
                place = file.place(line, "Crime type")
                self.refuse(place, "there is no category", "download the file again", area, month)
            else:
                months.setdefault(area, set()).add(month)
        own = {area: self.claim(area, known, file) for area, known in months.items()}
        for key, count in counts.items():
            force, month, kind = key
            area = self._area_of[force] or ""
            if month not in own.get(area, ()):
                continue
            if kind == COUNTED:
                self.counts[area, month] += count
                self.first.setdefault((area, month), file.place(first[key]))
            else:
                self.others[kind] += count

    def add_figures(self, area: str, month: str) -> None:
        if (area, month) in self.counts:
            self.add(area, month, self.counts[area, month])
        else:
            what = f"there is no incident of anti-social behaviour in {month}; nothing is taken"
            self.findings.refuse(what, self.months[area, month], "ask why")

    def add_notes(self) -> None:
        notes = self.findings.notes
        if self.others:
            listed = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(self.others.items()))
            notes.append(f"skipped, because the report has no such figure: {listed}")
        if self.other_forces:
            count = sum(self.other_forces.values())
            notes.append(f"skipped: {many(count, 'record')} of {many(len(self.other_forces), 'other force')}")
        if self.repeats:
            notes.append(
                f"exact repeats of another record of the file: {sum(self.repeats.values()):,}, of which "
                f"{self.repeats[True]:,} are of anti-social behaviour; all are counted, as published"
            )
        if not self.months and not self.findings.refused:
            self.findings.refuse(f"there is no record of {' or '.join(self.areas)}", None)


def recognises(tables: Iterable[SourceTable]) -> bool:
    """Whether tables have the columns of street-level crime, under another name than on the site."""
    return has_columns(tables, (*_COLUMNS, "Crime ID", "Falls within"))


def read(project: Project, files: Sequence[Given], options: Options) -> list[Offer]:
    """Read street-level files."""
    return _Street(project).read_all(files, options)
