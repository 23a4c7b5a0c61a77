"""Street-level crime of data.police.uk: incidents of anti-social behaviour by month.

Of the site's categories only this one is a figure of the report; docs/open-data.md says why no other is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from scrutiny.errors import Place, Problem
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Counted, Found, areas_of, many
from scrutiny.importers.open_data.lookups import Lookups, alike
from scrutiny.importers.open_data.police_uk import (
    MonthlyFile,
    Records,
    is_month,
    month_period,
    monthly_files,
    records_of,
)
from scrutiny.inputs.project import Project

SOURCE = "police-uk-street"
DATASET = "anti_social_behaviour"
COUNTED = "Anti-social behaviour"
"""The category that corresponds exactly."""


class _Street:
    def __init__(self, lookups: Lookups, areas: Sequence[str], options: Options) -> None:
        self.lookups, self.areas = lookups, areas
        self.records = Records(Found(options))
        self.counts: Counter[tuple[str, str]] = Counter()
        self.first: dict[tuple[str, str], tuple[str, int]] = {}
        self.others: Counter[str] = Counter()
        self.forces: Counter[str] = Counter()
        self.repeats: Counter[bool] = Counter()
        self._areas_of: dict[str, str | None] = {}

    def read(self, file: MonthlyFile) -> None:
        """Count a file's records."""
        (month_at, force_at, kind_at), rows = records_of(file, ("Month", "Reported by", "Crime type"))
        counts: Counter[tuple[str, str, str]] = Counter()
        first: dict[tuple[str, str, str], int] = {}
        seen: set[int] = set()
        areas = self._areas_of
        for line, cells in rows:
            force = cells[force_at]
            if force not in areas:
                areas[force] = self._area(force, file, line)
            if areas[force] is None:
                self.forces[force] += 1
                continue
            key = (force, cells[month_at], cells[kind_at])
            if key not in counts:
                first[key] = line
            counts[key] += 1
            # A hash of 64 bits stands for the record: a million of them have room in 100 MB.
            mark = hash(tuple(cells))
            if mark in seen:
                self.repeats[cells[kind_at] == COUNTED] += 1
            seen.add(mark)
        self._take(file, counts, first)

    def _area(self, force: str, file: MonthlyFile, line: int) -> str | None:
        known = self.lookups.forces.get(alike(force))
        if known is None:
            what = f"{force!r} is no force that data/police_forces.csv knows"
            self.records.found.refused.append(
                Problem(what, Place(file.name, line, "Reported by"), "add it there, or mend the file")
            )
        return known.area if known and known.area in self.areas else None

    def _take(
        self, file: MonthlyFile, counts: Counter[tuple[str, str, str]], first: dict[tuple[str, str, str], int]
    ) -> None:
        months: dict[str, set[str]] = {}
        for (force, month, kind), line in first.items():
            area = self._areas_of[force] or ""
            if not is_month(month):
                place = Place(file.name, line, "Month")
                self.records.refuse(place, f"{month!r} is no month", "write it like 2020-04", area, None)
            elif file.month and month != file.month:
                place = Place(file.name, line, "Month")
                what = f"{month} in the file of {file.month}"
                self.records.refuse(place, what, "take the file from the site again", area, month)
                self.records.unsure.add((area, file.month))
            elif not kind:
                place = Place(file.name, line, "Crime type")
                self.records.refuse(place, "there is no category", "take the file again", area, month)
            else:
                months.setdefault(area, set()).add(month)
        own = {area: self.records.claim(area, known, file) for area, known in months.items()}
        for key, count in counts.items():
            force, month, kind = key
            area = self._areas_of[force] or ""
            if month not in own.get(area, ()):
                continue
            if kind == COUNTED:
                self.counts[area, month] += count
                self.first.setdefault((area, month), (file.name, first[key]))
            else:
                self.others[kind] += count
        if file.area and not counts:
            what = "there is no record in it: nothing is taken, and not that there was none"
            self.records.found.refused.append(Problem(what, Place(file.name), "leave the file out"))

    def finish(self) -> None:
        """Make figures of what was counted, and say what was not."""
        found = self.records.found
        for area in sorted({area for area, _ in self.records.months}):
            for month in self.records.sure(area):
                if (area, month) not in self.counts:
                    what = f"there is no incident of anti-social behaviour in {month}: nothing is taken"
                    found.refused.append(Problem(what, Place(self.records.months[area, month]), "ask why"))
                    continue
                file, line = self.first[area, month]
                count = self.counts[area, month]
                found.figures.append(Counted(DATASET, area, month_period(month), count, file, line))
        if self.others:
            listed = ", ".join(f"{kind} ({count:,})" for kind, count in sorted(self.others.items()))
            found.notes.append(f"passed over, as they are no figure of the report: {listed}")
        if self.forces:
            count = sum(self.forces.values())
            found.notes.append(f"passed over: {many(count, 'record')} of {many(len(self.forces), 'other force')}")
        if self.repeats:
            found.notes.append(
                f"exact repeats of another record of the file: {sum(self.repeats.values()):,}, of which "
                f"{self.repeats[True]:,} are of anti-social behaviour; all are counted, as published"
            )
        if not self.records.months and not found.refused:
            found.refused.append(Problem(f"there is no record of {' or '.join(self.areas)}"))


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read street-level files; see `police_uk`.

    Raises
    ------
    WrongUse, WrongInput
        If there is no such file, it cannot be read, or it is not of this kind.
    """
    street = _Street(Lookups(project), areas_of(project.datapackage.resource(DATASET)), options)
    for file in monthly_files(files, "street", street.lookups, street.areas, street.records.found):
        street.read(file)
    street.finish()
    return street.records.found.offers(project, SOURCE, [DATASET])
