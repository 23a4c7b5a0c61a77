"""Monthly CSV files of data.police.uk: single, gzipped, in folders, or in the site's archive; read as streams."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import source_files
from scrutiny.importers.files.cells import visible
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Count, Findings, many
from scrutiny.importers.open_data.lookups import Force, Lookups, alike
from scrutiny.importers.open_data.monthly_file import MonthlyFile, is_month, month_period
from scrutiny.importers.open_data.repeats import Run, nearly_all
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import missing_months

_NAME = re.compile(
    r"(?:(?P<month>\d{4}-\d{2})-)?(?P<force>[a-z]+(?:-[a-z]+)*?)-(?P<kind>stop-and-search|street|outcomes)"
    r"(?![a-z-]).*"
)
TWICE, INSTEAD = "it has content twice", "take out what is there twice"
"""Why a month is not taken, and what to do."""


class MonthlyReader(ABC):
    """Counts the records of monthly files, and knows for which months a record was refused."""

    kind: str
    """What the names of the files end in."""
    dataset: str

    def __init__(self, project: Project) -> None:
        self.lookups, self.findings = Lookups(project), Findings()
        self.areas = self.lookups.areas(self.dataset)
        self.first: dict[tuple[str, str], Location] = {}
        """The first record counted, by area and month."""
        self.months: dict[tuple[str, str], MonthlyFile] = {}
        """The file that has an area's month."""
        self.unsure: dict[tuple[str, str | MonthlyFile], str] = {}
        """Why a month of an area is not taken, or all months that a file has."""
        self._refused: set[tuple[MonthlyFile, str]] = set()

    def read_all(self, files: Sequence[Path], options: Options) -> list[Offer]:
        """Read the files of this kind among those that a user named."""
        for file in self._files(files):
            self.count(file)
            if file.month and file.area and (file.area, file.month) in self.unsure:
                self.months.setdefault((file.area, file.month), file)
        for area in sorted({area for area, _ in self.months}):
            for month in self._complete_months(area, options):
                self.add_figures(area, month)
        self.add_notes()
        return self.findings.offers(f"police-uk-{self.kind}", [self.dataset], options)

    @abstractmethod
    def count(self, file: MonthlyFile) -> None:
        """Count a file's records."""

    @abstractmethod
    def add_figures(self, area: str, month: str) -> None:
        """Make the figures of a month."""

    @abstractmethod
    def add_notes(self) -> None:
        """Note which records were counted, and how."""

    def add(self, area: str, month: str, count: int, topic: tuple[tuple[str, str], ...] = ()) -> None:
        """Make a figure."""
        place = self.first[area, month]
        self.findings.add(Count(self.dataset, area, month_period(month), count, place, topic))

    def force(self, name: str) -> Force | None:
        """Look up a force by its name."""
        return self.lookups.forces.get(alike(visible(name)))

    def refuse(
        self,
        file: MonthlyFile,
        place: Location,
        what: str,
        instead: str,
        months: Iterable[str] = (),
        area: str | None = None,
        why: str | None = None,
    ) -> None:
        """Refuse a record, and with it all that would be short without it; each mistake is reported once per file.

        It may be of `months` and of that in the file's name; where there is none, of any that the file has. Where
        neither `area` nor the file's name has one, it may be of any area.
        """
        short: set[str | MonthlyFile] = {*months, *([file.month] if file.month else [])}
        areas = {one for one in (area, file.area) if one}
        reason = why or f"a record of {'it' if short else 'an unknown month'} was refused"
        for key in product(areas or self.areas, short or {file}):
            self.unsure.setdefault(key, reason)
        if (file, what) not in self._refused:
            self._refused.add((file, what))
            self.findings.refuse(what, place, instead)

    def refuse_repeats(
        self, file: MonthlyFile, run: Run | None, twins: Mapping[str, int], counts: Mapping[str, int]
    ) -> None:
        """Refuse a file, or those of its months, of which `counts` has the records, that have content twice."""
        if run:
            what = f"{run.length:,} records are here again, in the same order as from line {run.first} on"
            self.refuse(file, file.place(run.again), what, INSTEAD, why=TWICE)
        for month in [month for month, count in counts.items() if nearly_all(twins[month], count)]:
            what = f"nearly all of the {counts[month]:,} records of {month} are there twice"
            self.refuse(file, file.place(), what, INSTEAD, [month], why=TWICE)

    def claim(self, area: str, months: Collection[str], file: MonthlyFile) -> set[str]:
        """Give the months of a file that no other file has; months in two files are not added up."""
        own = set()
        for month in sorted(months):
            first = self.months.setdefault((area, month), file)
            if first is file:
                own.add(month)
            else:
                same = first.source.name == file.source.name
                what = f"{month} is in two files{' of this name' if same else ''}, and is taken from "
                what += "the first" if same else first.source.name
                self.findings.refuse(what, file.place(), "import only one of the two")
        return own

    def _complete_months(self, area: str, options: Options) -> list[str]:
        """Give the months of an area that can be taken; refuse the others, and note gaps."""
        months = sorted(month for known, month in self.months if known == area)
        taken, told = [], set()
        for month in months:
            file = self.months[area, month]
            if why := self.unsure.get((area, file)):
                if file not in told:
                    told.add(file)
                    self.findings.refuse(f"nothing is taken, because {why}", file.place())
            elif why := self.unsure.get((area, month)):
                what = f"{month} is not taken, because {why}"
                self.findings.refuse(what, file.place(), "correct the file, and import again")
            else:
                taken.append(month)
        known = {month_period(month) for month in months}
        gap = {*missing_months(known), *(options.quarter.period.months if options.quarter else ())} - known
        if gap:
            listed = ", ".join(f"{one.start:%Y-%m}" for one in sorted(gap))
            self.findings.notes.append(f"there are no records of {listed}")
        return taken

    def _files(self, files: Sequence[Path]) -> Iterator[MonthlyFile]:
        """Find the files of this kind; files with another kind or force in their names are not opened.

        Raises as `source_files`, and WrongInput if no file is of the kind, or there is no such month as in a name.
        """
        other_kinds = other_forces = of_kind = 0
        forces = self.lookups.forces
        for source in source_files(files, [".csv"]):
            named = _NAME.fullmatch(re.split(r"[/\\:]\s*", source.name)[-1].casefold())
            if named and named["kind"] != self.kind:
                other_kinds += 1
                continue
            of_kind += 1
            if not named:
                yield MonthlyFile(source, None, None)
                continue
            if named["month"] and not is_month(named["month"]):
                what = f"its name says {named['month']}, which is not a month"
                raise WrongInput(Problem(what, Location(source.name), "give it the name it has on the site"))
            # Dyfed-Powys has a hyphen in its own name.
            force = forces.get(alike(named["force"].replace("-", " "))) or forces.get(alike(named["force"]))
            if force and force.area not in self.areas:
                other_forces += 1
            else:
                yield MonthlyFile(source, force.area if force else None, named["month"])
        if other_kinds:
            self.findings.notes.append(f"skipped: {many(other_kinds, 'file')} of another kind than {self.kind}")
        if other_forces:
            self.findings.notes.append(f"skipped: {many(other_forces, 'file')} of other forces")
        if not of_kind:
            what = f"there is no file of {self.kind} data"
            raise WrongInput(
                Problem(what, Location(files[0]), f"its name ends in -{self.kind}.csv, as on the site")
            )
