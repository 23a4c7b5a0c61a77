"""A monthly CSV file of data.police.uk, read as a stream."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import SourceFile
from scrutiny.importers.files.cells import plain, visible
from scrutiny.inputs.csv_file import Record, numbered_records
from scrutiny.statistics.periods import Period

_MONTH = re.compile(r"20[1-9]\d-(0[1-9]|1[0-2])")
"""The site's data begin in December 2010."""


@dataclass(frozen=True, eq=False)
class MonthlyFile:
    """A file of records, with the area of the force and the month (``2020-04``) in its name, if they are there.

    Two of one name are two files: an archive may hold both, and a user may name one twice.
    """

    source: SourceFile
    area: str | None
    month: str | None

    def place(self, line: int | None = None, column: str | None = None) -> Location:
        """Give a place in it."""
        return Location(self.source.name, line, column)


class Codes(dict[str, str | None]):
    """What the values of a column are counted as, whatever their blanks, capitals and invisible characters.

    None of a value that the table does not have.
    """

    def __init__(self, table: Mapping[str, str]) -> None:
        super().__init__()
        self.written = frozenset(table)
        self._table = {readable(value): counted_as for value, counted_as in table.items()}

    def __missing__(self, value: str) -> str | None:
        self[value] = self._table.get(readable(value))
        return self[value]


def readable(text: str) -> str:
    """Give a cell for comparison: blanks at its ends, capitals and invisible characters do not count."""
    return plain(visible(text))


def month_period(month: str) -> Period:
    """Give the period of a month written ``2020-04``."""
    return Period.of_months(date.fromisoformat(f"{month}-01"), 1)


def is_month(text: str) -> bool:
    """Whether a text is a month, ``2020-04``."""
    return _MONTH.fullmatch(text) is not None


def records_of(
    file: MonthlyFile, columns: Sequence[str], notes: list[str]
) -> Iterator[tuple[int, list[str], tuple[str, ...]]]:
    """Read a file on demand: the line of a record, all its cells, and those of two or more columns.

    The header comes first, as `readable` writes it. Raises WrongInput if a column is missing or there twice, a
    line has another number of cells than the header or repeats it, or the file is empty, not UTF-8 or not CSV.
    """
    lines = _records(file, notes)
    _, header = next(lines, (1, None))
    if header is None:
        raise WrongInput(Problem("this file is empty", file.place(), "download it again"))
    names = [readable(name) for name in header]
    for name in columns:
        if names.count(readable(name)) != 1:
            missing = readable(name) not in names
            what = f"the column {name!r} is {'missing' if missing else 'there twice'}"
            raise WrongInput(Problem(what, file.place(1), "use the file from the site unchanged"))
    wanted = itemgetter(*(names.index(readable(name)) for name in columns))
    yield 1, names, wanted(names)
    for line, cells in lines:
        if len(cells) == len(names) and cells != header:
            yield line, cells, wanted(cells)
        elif cells == header:
            what = "the header is here again, as if two files had been joined"
            raise WrongInput(Problem(what, file.place(line), "import the files that were joined"))
        elif cells:
            what = f"this line has {len(cells)} cells, but the header has {len(names)}"
            raise WrongInput(Problem(what, file.place(line), "download the file again"))


class _Lines:
    """The lines of a file, counted as they are read."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = text
        self.count = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.count += 1
            self.last = line
            yield line


def _records(file: MonthlyFile, notes: list[str]) -> Iterator[Record]:
    line = 1
    try:
        with file.source.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
            lines = _Lines(text)
            for line, cells in numbered_records(lines, file.source.name, instead="download it again"):
                # A quotation mark too many makes one cell of all up to the next one.
                if lines.count > line and any(cell.count(",") >= len(cells) - 1 for cell in cells):
                    what = f"a cell here goes on to line {lines.count}, with other records in it"
                    raise WrongInput(Problem(what, file.place(line), "download the file again"))
                yield line, cells
            if not lines.last.endswith(("\n", "\r")):
                notes.append(f"{file.source.name} ends in the middle of a line; is it complete?")
    except UnicodeDecodeError:
        what = "not UTF-8 text"
        raise WrongInput(Problem(what, file.place(line), "use the file from the site unchanged")) from None
