"""Street-level crime of data.police.uk: incidents of anti-social behaviour by month.

Of the site's categories only this one is a figure of the report; docs/reference/open-data.md says why no other is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import many
from scrutiny.importers.open_data.lookups import FORCES, STREET, Force
from scrutiny.importers.open_data.monthly_file import Codes, MonthlyFile, is_month, readable, records_of
from scrutiny.importers.open_data.police_uk import INSTEAD, TWICE, MonthlyReader
from scrutiny.importers.open_data.repeats import Found, Repeats
from scrutiny.inputs.project import Project

_FORCE, _MONTH, _CATEGORY = "Reported by", "Month", "Crime type"
_IDENTIFIER = readable("Crime ID")
_FEWEST, _SHARE = 10, 0.1
"""Crimes of a month, and their share, that do not honestly have the identifier of another; see `repeats`."""

_Key = tuple[str, ...]
"""Force, month and category, as written in the file."""
_Group = tuple[_Key, bool]
"""Records of a key without, or with, an identifier."""
_Groups = tuple[_Group, _Group]


class _Street(MonthlyReader):
    kind = "street"
    dataset = "anti_social_behaviour"

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self.categories = Codes(self.lookups.street_categories())
        self.counts: Counter[tuple[str, str]] = Counter()
        self.others: Counter[str] = Counter()
        self.other_forces: Counter[str] = Counter()
        self.repeats: Counter[bool] = Counter()
        self._forces: dict[str, Force | None] = {}

    def count(self, file: MonthlyFile) -> None:
        counts: Counter[_Key] = Counter()
        first: dict[_Key, int] = {}
        groups: dict[_Key, _Groups | None] = {}
        repeats: Repeats[_Group] = Repeats()
        records = records_of(file, (_FORCE, _MONTH, _CATEGORY), self.findings.notes)
        _, names, _ = next(records)
        identifier = names.index(_IDENTIFIER) if _IDENTIFIER in names else None
        for line, cells, key in records:
            counts[key] += 1
            if key not in first:
                first[key] = line
                self._forces.setdefault(key[0], self.force(key[0]))
                groups[key] = None if self._is_elsewhere(key[0], file) else ((key, False), (key, True))
            if of := groups[key]:
                # Incidents of anti-social behaviour have no identifier.
                own = "" if identifier is None else cells[identifier]
                repeats.add(hash(own or tuple(cells)), line, of[own != ""])
        of_month: Counter[str] = Counter()
        crimes: Counter[str] = Counter()
        placed: dict[_Key, str] = {}
        for key, count in counts.items():
            force, month, category = key
            if self._is_elsewhere(force, file):
                self.other_forces[force] += count
                continue
            of_month[month] += count
            crimes[month] += 0 if self.categories[category] else count
            if area := self._area(key, file, first[key]):
                placed[key] = area
        self._refuse_repeats(file, repeats.find(), of_month, crimes)
        self._add_counts(file, counts, first, placed)
        if not counts:
            what = "this has no record; nothing is taken, because that need not mean that there was no incident"
            self.findings.refuse(what, file.place(), "leave the file out")

    def _is_elsewhere(self, force: str, file: MonthlyFile) -> bool:
        """Whether a force is known and not of an area of the dataset, in a file of several forces."""
        known = self._forces[force]
        return known is not None and not file.area and known.area not in self.areas

    def _area(self, key: _Key, file: MonthlyFile, line: int) -> str | None:
        """Give the area of records; refuse those that cannot be placed."""
        force, month, category = key
        known = self._forces[force]
        months = [month] if is_month(month) else []
        if known is None:
            what = f"data/{FORCES} has no force {force!r}"
            self.refuse(file, file.place(line, _FORCE), what, "add it there, or correct the file", months)
        elif file.area and known.area != file.area:
            what = f"a record of {force} in the file of {file.area}"
            self.refuse(file, file.place(line, _FORCE), what, "download the file again", months)
        elif not months:
            what = f"{month!r} is not a month"
            self.refuse(file, file.place(line, _MONTH), what, "write it like 2020-04", area=known.area)
        elif file.month and month != file.month:
            what = f"{month} in the file of {file.month}"
            self.refuse(file, file.place(line, _MONTH), what, "download the file again", months, known.area)
        elif self.categories[category] is None:
            what = f"{category!r} is not in data/{STREET}" if readable(category) else "there is no category"
            instead = f"correct the file or, if the site has a new category, add it to data/{STREET}"
            self.refuse(file, file.place(line, _CATEGORY), what, instead, months, known.area)
        else:
            return known.area
        return None

    def _refuse_repeats(
        self, file: MonthlyFile, found: Found[_Group], of_month: Mapping[str, int], crimes: Mapping[str, int]
    ) -> None:
        """Refuse content that is there twice, by its order or, if that was changed, by the crimes' identifiers."""
        twins: Counter[str] = Counter()
        repeated: Counter[str] = Counter()
        for group, count in found.repeated.items():
            (_, month, category), identified = group
            twins[month] += found.twins[group]
            repeated[month] += count if identified else 0
            self.repeats[bool(self.categories[category])] += count
        self.refuse_repeats(file, found.run, twins, of_month)
        for month, count in repeated.items():
            if count >= max(_FEWEST, _SHARE * crimes[month]):
                what = f"{count:,} of {crimes[month]:,} crimes of {month} have the identifier of another"
                self.refuse(file, file.place(), what, INSTEAD, [month], why=TWICE)

    def _add_counts(
        self, file: MonthlyFile, counts: Mapping[_Key, int], first: Mapping[_Key, int], placed: Mapping[_Key, str]
    ) -> None:
        months: dict[str, set[str]] = {}
        for (_, month, _), area in placed.items():
            months.setdefault(area, set()).add(month)
        own = {area: self.claim(area, known, file) for area, known in months.items()}
        for key, area in placed.items():
            _, month, category = key
            if month not in own[area]:
                continue
            if self.categories[category]:
                self.counts[area, month] += counts[key]
                self.first.setdefault((area, month), file.place(first[key]))
            else:
                self.others[readable(category).capitalize()] += counts[key]

    def add_figures(self, area: str, month: str) -> None:
        if (area, month) in self.counts:
            self.add(area, month, self.counts[area, month])
        else:
            what = f"there is no incident of anti-social behaviour in {month}; nothing is taken"
            self.findings.refuse(what, self.months[area, month].place(), "ask why")

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


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read street-level files."""
    return _Street(project).read_all(files, options)
