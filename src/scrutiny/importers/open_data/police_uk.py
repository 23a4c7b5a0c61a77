"""Monthly CSV files of data.police.uk: single, gzipped, in folders, or in the site's archive; read as streams."""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import Given, SourceFile, source_files
from scrutiny.importers.files.cells import SourceTable, as_text
from scrutiny.importers.offer import Offer, Options
from scrutiny.importers.open_data.counts import Count, Findings, many
from scrutiny.importers.open_data.lookups import Lookups, alike
from scrutiny.inputs.csv_file import Record, numbered_records
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period, missing_months

_NAME = re.compile(
    r"(?:(?P<month>\d{4}-\d{2})-)?(?P<force>[a-z]+(?:-[a-z]+)*?)-(?P<kind>stop-and-search|street|outcomes)"
    r"(?![a-z-]).*"
)
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class MonthlyFile:
    """A file of records, with the area of the force and the month (``2020-04``) in its name, if they are there."""

    source: SourceFile
    area: str | None
    month: str | None

    def place(self, line: int | None = None, column: str | None = None) -> Location:
        """Give a place in it."""
        return Location(self.source.name, line, column)


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
        self.months: dict[tuple[str, str], Location] = {}
        """The file that has an area's month."""
        self.unsure: set[tuple[str, str | None]] = set()
        """Area and month of refused records; None for an unknown month."""
        self._refused: set[tuple[str, str]] = set()

    def read_all(self, files: Sequence[Given], options: Options) -> list[Offer]:
        """Read the files of this kind among those that a user named."""
        for file in self._files(files):
            self.count(file)
        for area in sorted({area for area, _ in self.months}):
            for month in self._complete_months(area):
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

    def refuse(self, place: Location, what: str, instead: str, area: str, month: str | None) -> None:
        """Refuse a record, and with it the month that would be short; each mistake is reported once per file."""
        self.unsure.add((area, month))
        if (str(place.file), what) not in self._refused:
            self._refused.add((str(place.file), what))
            self.findings.refuse(what, place, instead)

    def claim(self, area: str, months: Collection[str], file: MonthlyFile) -> set[str]:
        """Give the months of a file that no other file has; months in two files are not added up."""
        own = set()
        for month in sorted(months):
            first = self.months.setdefault((area, month), file.place())
            if first == file.place():
                own.add(month)
            else:
                what = f"{month} is in two files, and is taken from {first}"
                self.findings.refuse(what, file.place(), "import only one of the two")
        return own

    def _complete_months(self, area: str) -> list[str]:
        """Give the months of an area that can be taken; refuse the others, and note gaps."""
        months = sorted(month for known, month in self.months if known == area)
        if (area, None) in self.unsure:
            what = "nothing is taken, because a record of an unknown month was refused"
            self.findings.refuse(what, self.months[area, months[0]])
            return []
        for month in months:
            if (area, month) in self.unsure:
                what = f"{month} is not taken, because a record of it was refused"
                self.findings.refuse(what, self.months[area, month], "correct the record, and import again")
        if gap := missing_months([month_period(month) for month in months]):
            self.findings.notes.append(f"there are no records of {', '.join(f'{one.start:%Y-%m}' for one in gap)}")
        return [month for month in months if (area, month) not in self.unsure]

    def _files(self, files: Sequence[Given]) -> Iterator[MonthlyFile]:
        """Find the files of this kind; files with another kind or force in their names are not opened.

        Raises as `source_files`, and WrongInput if no file is of the kind, or there is no such month as in a name.
        """
        other_kinds = other_forces = of_kind = 0
        forces = self.lookups.forces
        for source in source_files(files, [".csv"]):
            named = _named(source.name)
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
                Problem(what, Location(str(files[0])), f"its name ends in -{self.kind}.csv, as on the site")
            )


def _named(name: str) -> re.Match[str] | None:
    return _NAME.fullmatch(re.split(r"[/\\:]\s*", name)[-1].casefold())


def kind_of(name: str) -> str:
    """Give what a file of data.police.uk holds by its name, such as ``street``; empty for another file."""
    named = _named(name)
    return named["kind"] if named and name.casefold().removesuffix(".gz").endswith(".csv") else ""


def has_columns(tables: Iterable[SourceTable], columns: Sequence[str]) -> bool:
    """Whether the first line of one of the tables names these columns."""
    wanted = {name.casefold() for name in columns}
    heads = ([as_text(cell).casefold() for _, row in table.rows[:1] for cell in row] for table in tables)
    return any(wanted <= set(head) for head in heads)


def records_of(file: MonthlyFile, columns: Sequence[str]) -> Iterator[tuple[int, list[str], tuple[str, ...]]]:
    """Read a file on demand: the line of each record, all its cells, and those of two or more columns.

    Raises WrongInput if a column is missing, or the file is empty, not UTF-8 or not CSV.
    """
    records = _records(file)
    _, header = next(records, (1, None))
    if header is None:
        raise WrongInput(Problem("this file is empty", file.place(), "download it again"))
    names = [name.strip().casefold() for name in header]
    if missing := [name for name in columns if name.casefold() not in names]:
        what = f"the column {missing[0]!r} is missing"
        raise WrongInput(Problem(what, file.place(1), "use the file from the site unchanged"))
    wanted = itemgetter(*(names.index(name.casefold()) for name in columns))
    for line, cells in records:
        if len(cells) == len(names):
            yield line, cells, wanted(cells)
        elif cells:
            what = f"this line has {len(cells)} cells, but the header has {len(names)}"
            raise WrongInput(Problem(what, file.place(line), "download the file again"))


def month_period(month: str) -> Period:
    """Give the period of a month written ``2020-04``."""
    return Period.of_months(date.fromisoformat(f"{month}-01"), 1)


def is_month(text: str) -> bool:
    """Whether a text is a month, ``2020-04``."""
    return _MONTH.fullmatch(text) is not None


def _records(file: MonthlyFile) -> Iterator[Record]:
    line = 1
    try:
        with file.source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            for line, cells in numbered_records(text, file.source.name, instead="download it again"):
                yield line, cells
    except UnicodeDecodeError:
        what = "not UTF-8 text"
        raise WrongInput(Problem(what, file.place(line), "use the file from the site unchanged")) from None
