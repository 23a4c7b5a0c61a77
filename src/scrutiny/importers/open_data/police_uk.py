"""Monthly CSV files of data.police.uk: single, gzipped, in folders, or in the site's archive; read as streams."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.files.archives import SourceFile, source_files
from scrutiny.importers.open_data.counts import Found, many
from scrutiny.importers.open_data.lookups import Lookups, alike
from scrutiny.statistics.periods import Period

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
        Area of the force that its name tells, as datasets name it.
    month : str, optional
        The month that its name tells, ``2020-04``.
    """

    source: SourceFile
    area: str | None
    month: str | None

    @property
    def name(self) -> str:
        """As its user would name it."""
        return self.source.name


@dataclass
class Records:
    """What the files of a kind hold, and the months of which something is not sure.

    Parameters
    ----------
    months : dict
        Area and month, and the file that has it.
    unsure : set
        Area and month of which a record was refused; None for a month that is not known.
    """

    found: Found
    months: dict[tuple[str, str], str] = field(default_factory=dict)
    unsure: set[tuple[str, str | None]] = field(default_factory=set)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def refuse(self, place: Place, what: str, instead: str, area: str, month: str | None) -> None:
        """Refuse a record, and with it the month that would be short; told once for each file and mistake."""
        self.unsure.add((area, month))
        if (str(place.file), what) not in self._told:
            self._told.add((str(place.file), what))
            self.found.refused.append(Problem(what, place, instead))

    def claim(self, area: str, months: Collection[str], file: MonthlyFile) -> set[str]:
        """Give the months of a file that no other file has; months in two files are not added up."""
        own = set()
        for month in sorted(months):
            first = self.months.setdefault((area, month), file.name)
            if first == file.name:
                own.add(month)
            else:
                what = f"{month} is in two files, and is taken from {first}"
                self.found.refused.append(Problem(what, Place(file.name), "import one of the two"))
        return own

    def sure(self, area: str) -> list[str]:
        """Give the months of an area that can be taken, and say which cannot and which are missing between."""
        months = sorted(month for known, month in self.months if known == area)
        if (area, None) in self.unsure:
            what = "nothing is taken, because a record of a month that is not known was refused"
            self.found.refused.append(Problem(what, Place(self.months[area, months[0]]) if months else None))
            return []
        for month in months:
            if (area, month) in self.unsure:
                what = f"{month} is not taken, because a record of it was refused"
                place = Place(self.months[area, month])
                self.found.refused.append(Problem(what, place, "mend the record, and import again"))
        if missing := _between(months):
            self.found.notes.append(f"there are no records of {', '.join(missing)}")
        return [month for month in months if (area, month) not in self.unsure]


def monthly_files(
    files: Sequence[Path], kind: str, lookups: Lookups, areas: Collection[str], found: Found
) -> Iterator[MonthlyFile]:
    """Find the files of a kind; those that their names tell to be another kind's or force's are not opened.

    Raises
    ------
    WrongInput, WrongUse
        See `source_files`; and if none is of the kind, or a name tells a force or month that there is not.
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
            what = f"its name says {named['month']}, which is no month"
            raise WrongInput(Problem(what, Place(source.name), "give it the name that it has on the site"))
        # Dyfed-Powys has a hyphen of its own.
        names = (named["force"].replace("-", " "), named["force"])
        force = next((lookups.forces[alike(name)] for name in names if alike(name) in lookups.forces), None)
        if force and force.area not in areas:
            other_forces += 1
        else:
            yield MonthlyFile(source, force.area if force else None, named["month"])
    if other_kinds:
        found.notes.append(f"passed over: {many(other_kinds, 'file')} of another kind than {kind}")
    if other_forces:
        found.notes.append(f"passed over: {many(other_forces, 'file')} of other forces")
    if not of_kind:
        what = f"there is no file of {kind} data"
        raise WrongInput(Problem(what, Place(files[0]), f"its name ends in -{kind}.csv, as on the site"))


def records_of(file: MonthlyFile, columns: Iterable[str]) -> tuple[list[int], Iterator[tuple[int, list[str]]]]:
    """Open a file: where the columns stand, and its records with their lines, read as they are asked for.

    Raises
    ------
    WrongInput
        If a column is missing, the file is empty or no UTF-8, or a cell does not end.
    """
    wanted = list(columns)
    reader = _reader(file)
    header = next(reader, None)
    if header is None:
        raise WrongInput(Problem("this file is empty", Place(file.name), "take it from the site again"))
    names = [name.strip().casefold() for name in header[1]]
    if missing := [name for name in wanted if name.casefold() not in names]:
        what = f"the column {missing[0]!r} is missing"
        raise WrongInput(Problem(what, Place(file.name, 1), "take the file from the site as it is"))

    def whole() -> Iterator[tuple[int, list[str]]]:
        for line, cells in reader:
            if len(cells) == len(names):
                yield line, cells
            elif cells:
                what = f"this line has {len(cells)} cells, and the header {len(names)}"
                raise WrongInput(Problem(what, Place(file.name, line), "take the file from the site again"))

    return [names.index(name.casefold()) for name in wanted], whole()


def month_period(month: str) -> Period:
    """Give the period of a month written ``2020-04``."""
    return Period.of_months(date.fromisoformat(f"{month}-01"), 1)


def is_month(text: str) -> bool:
    """Whether a text is a month, ``2020-04``."""
    return _MONTH.fullmatch(text) is not None


def _reader(file: MonthlyFile) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        with file.source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for cells in reader:
                yield line, cells
                line = reader.line_num + 1
    except UnicodeDecodeError:
        raise WrongInput(
            Problem("not UTF-8 text", Place(file.name, line), "take the file from the site as it is")
        ) from None
    except csv.Error:
        raise WrongInput(
            Problem('a cell that begins with " here does not end', Place(file.name, line), "take it again")
        ) from None


def _between(months: Sequence[str]) -> list[str]:
    """Give the months that are missing between the first and the last."""
    if not months:
        return []
    whole = Period(month_period(months[0]).start, month_period(months[-1]).end)
    return [f"{month.start:%Y-%m}" for month in whole.months if f"{month.start:%Y-%m}" not in months]
