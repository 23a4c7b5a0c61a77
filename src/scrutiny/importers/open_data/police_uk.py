"""Monthly CSV files of data.police.uk: single, gzipped, in folders, or in the site's archive; read as streams."""

from __future__ import annotations

import csv
import io
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.files.archives import SourceFile, source_files
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Counted, Found, areas_of, many
from scrutiny.importers.open_data.lookups import Lookups, alike
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period, missing_months

_NAME = re.compile(
    r"(?:(?P<month>\d{4}-\d{2})-)?(?P<force>[a-z]+(?:-[a-z]+)*?)-(?P<kind>stop-and-search|street|outcomes)"
    r"(?![a-z-]).*"
)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class MonthlyFile:
    """A file of one force's records, or of several forces'.

    Parameters
    ----------
    area : str, optional
        Area of the force in its name, as datasets call it.
    month : str, optional
        The month in its name, ``2020-04``.
    """

    source: SourceFile
    area: str | None
    month: str | None

    @property
    def name(self) -> str:
        """As its user would name it."""
        return self.source.name


class MonthlyReader(ABC):
    """Counts the records of monthly files, and knows for which months a record was refused.

    Parameters
    ----------
    kind : str
        What the names of the files end in.
    dataset : str
        The dataset that gets the figures.
    """

    kind: str
    dataset: str

    def __init__(self, project: Project, options: Options) -> None:
        self.project, self.lookups, self.found = project, Lookups(project), Found(options)
        self.areas = areas_of(project.datapackage.resource(self.dataset))
        self.first: dict[tuple[str, str], tuple[str, int]] = {}
        """File and line of the first record counted, by area and month."""
        self.months: dict[tuple[str, str], str] = {}
        """The file that has an area's month."""
        self.unsure: set[tuple[str, str | None]] = set()
        """Area and month of refused records; None for an unknown month."""
        self._refused: set[tuple[str, str]] = set()

    def read_all(self, files: Sequence[Path]) -> list[Offer]:
        """Read the files of this kind among those that a user named; see `monthly_files` and `records_of`."""
        for file in monthly_files(files, self.kind, self.lookups, self.areas, self.found):
            self.count(file)
        for area in sorted({area for area, _ in self.months}):
            for month in self._complete_months(area):
                self.add_figures(area, month)
        self.add_notes()
        return self.found.offers(self.project, f"police-uk-{self.kind}", [self.dataset])

    @abstractmethod
    def count(self, file: MonthlyFile) -> None:
        """Count a file's records."""

    @abstractmethod
    def add_figures(self, area: str, month: str) -> None:
        """Make the figures of a month."""

    @abstractmethod
    def add_notes(self) -> None:
        """Note how records were counted, and which were not."""

    def add(self, area: str, month: str, count: int, topic: tuple[tuple[str, str], ...] = ()) -> None:
        """Make a figure."""
        self.found.figures.append(
            Counted(self.dataset, area, month_period(month), count, *self.first[area, month], topic)
        )

    def refuse(self, place: Place, what: str, instead: str, area: str, month: str | None) -> None:
        """Refuse a record, and with it the month that would be short; each mistake is reported once per file."""
        self.unsure.add((area, month))
        if (str(place.file), what) not in self._refused:
            self._refused.add((str(place.file), what))
            self.found.refuse(what, place, instead)

    def claim(self, area: str, months: Collection[str], file: MonthlyFile) -> set[str]:
        """Give the months of a file that no other file has; months in two files are not added up."""
        own = set()
        for month in sorted(months):
            first = self.months.setdefault((area, month), file.name)
            if first == file.name:
                own.add(month)
            else:
                what = f"{month} is in two files, and is taken from {first}"
                self.found.refuse(what, Place(file.name), "import only one of the two")
        return own

    def _complete_months(self, area: str) -> list[str]:
        """Give the months of an area that can be taken; refuse the others, and note gaps."""
        months = sorted(month for known, month in self.months if known == area)
        if (area, None) in self.unsure:
            what = "nothing is taken, because a record of an unknown month was refused"
            self.found.refuse(what, Place(self.months[area, months[0]]) if months else None)
            return []
        for month in months:
            if (area, month) in self.unsure:
                what = f"{month} is not taken, because a record of it was refused"
                self.found.refuse(what, Place(self.months[area, month]), "correct the record, and import again")
        if gap := missing_months([month_period(month) for month in months]):
            self.found.notes.append(f"there are no records of {', '.join(f'{one.start:%Y-%m}' for one in gap)}")
        return [month for month in months if (area, month) not in self.unsure]


def monthly_files(
    files: Sequence[Path], kind: str, lookups: Lookups, areas: Collection[str], found: Found
) -> Iterator[MonthlyFile]:
    """Find the files of a kind; files with another kind or force in their names are not opened.

    Raises as `source_files`, and WrongInput if no file is of the kind, or there is no such month as in a name.
    """
    other_kinds = other_forces = of_kind = 0
    for source in source_files(files, [".csv"]):
        named = _NAME.fullmatch(re.split(r"[/\\:]\s*", source.name)[-1].casefold())
        if named and named["kind"] != kind:
            other_kinds += 1
            continue
        of_kind += 1
        if not named:
            yield MonthlyFile(source, None, None)
            continue
        if named["month"] and not _MONTH.fullmatch(named["month"]):
            what = f"its name says {named['month']}, which is not a month"
            raise WrongInput(Problem(what, Place(source.name), "give it the name it has on the site"))
        # Dyfed-Powys has a hyphen in its own name.
        names = (named["force"].replace("-", " "), named["force"])
        force = next((lookups.forces[alike(name)] for name in names if alike(name) in lookups.forces), None)
        if force and force.area not in areas:
            other_forces += 1
        else:
            yield MonthlyFile(source, force.area if force else None, named["month"])
    if other_kinds:
        found.notes.append(f"skipped: {many(other_kinds, 'file')} of another kind than {kind}")
    if other_forces:
        found.notes.append(f"skipped: {many(other_forces, 'file')} of other forces")
    if not of_kind:
        what = f"there is no file of {kind} data"
        raise WrongInput(Problem(what, Place(files[0]), f"its name ends in -{kind}.csv, as on the site"))


def records_of(file: MonthlyFile, columns: Sequence[str]) -> tuple[list[int], Iterator[tuple[int, list[str]]]]:
    """Open a file: give the positions of some columns, and its records with their lines, read on demand.

    Raises WrongInput if a column is missing, or the file is empty, not UTF-8 or not CSV.
    """
    reader = _lines(file)
    header = next(reader, None)
    if header is None:
        raise WrongInput(Problem("this file is empty", Place(file.name), "download it again"))
    names = [name.strip().casefold() for name in header[1]]
    if missing := [name for name in columns if name.casefold() not in names]:
        what = f"the column {missing[0]!r} is missing"
        raise WrongInput(Problem(what, Place(file.name, 1), "use the file from the site unchanged"))

    def whole() -> Iterator[tuple[int, list[str]]]:
        for line, cells in reader:
            if len(cells) == len(names):
                yield line, cells
            elif cells:
                what = f"this line has {len(cells)} cells, but the header has {len(names)}"
                raise WrongInput(Problem(what, Place(file.name, line), "download the file again"))

    return [names.index(name.casefold()) for name in columns], whole()


def month_period(month: str) -> Period:
    """Give the period of a month written ``2020-04``."""
    return Period.of_months(date.fromisoformat(f"{month}-01"), 1)


def is_month(text: str) -> bool:
    """Whether a text is a month, ``2020-04``."""
    return _MONTH.fullmatch(text) is not None


def _lines(file: MonthlyFile) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        with file.source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError:
        what = "not UTF-8 text"
        raise WrongInput(Problem(what, Place(file.name, line), "use the file from the site unchanged")) from None
    except csv.Error:
        what = 'a cell that starts with " here is never closed'
        raise WrongInput(Problem(what, Place(file.name, line), "download it again")) from None
