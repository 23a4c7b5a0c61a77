"""What came from which source file: `data/imports.csv`, which `scrutiny import` writes with the datasets.

A line is a run: figures of one series that came from one table of one file in one import, at equal steps of time,
such as the months of two years. It lists rows and value of each, in the order of time. So five years of monthly
figures of a series are one line, and 20,000 figures a few hundred; yet each has its own rows, and one edited by
hand is told from those beside it, which still are the file's.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.csv_file import numbered_rows, read_records
from scrutiny.inputs.datapackage import PUBLIC, Resource
from scrutiny.inputs.disclosure.copy import Protection
from scrutiny.statistics.periods import Period, add_months
from scrutiny.text import ranges

FILE = "imports.csv"
WITHHELD = "[c]"
"""Instead of a digest: with it, and the other figures, a hidden one could be guessed."""
_SHOWN_AS = f"data/{FILE}"
_NOT_OF_THE_SERIES = ("source", "period_start", "period_end")
_DIGEST = re.compile(r"[0-9a-f]{64}|" + re.escape(WITHHELD))
_ROWS = re.compile(r"\d+(-\d+)?(\+\d+(-\d+)?)*(/\d+|\+)?")
_FIGURE = re.compile(r"(-?\d+(\.\d+)?)?(\[\S*\])?")
_HINT = "take the file from the last commit; scrutiny import writes it, and nobody need edit it"


@dataclass(frozen=True, order=True)
class ImportedTable:
    """A table of a source file in one import: the day, the kind of file, its name and SHA-256 digest.

    `member` is the file in an archive, with a digest of its own; it and `sheet` are empty where there is none.
    """

    imported: str
    kind: str
    file: str
    sha256: str
    member: str
    member_sha256: str
    sheet: str

    @property
    def name(self) -> str:
        """Such as "crime.xlsx, sheet Data" or "2020-08.zip: 2020-08/2020-08-lancashire-street.csv"."""
        member = f": {self.member}" if self.member else ""
        return f"{self.file}{member}{f', sheet {self.sheet}' if self.sheet else ''}"

    @property
    def digest(self) -> str:
        """The digest in words."""
        if WITHHELD in (self.sha256, self.member_sha256):
            return "sha256 withheld, because it could give hidden figures away"
        return (
            f"sha256 {self.member_sha256}, of the archive {self.sha256}"
            if self.member
            else f"sha256 {self.sha256}"
        )


@dataclass(frozen=True)
class Origin:
    """Where a figure came from: the table, its rows there, and the figure as it was taken."""

    table: ImportedTable
    rows: str
    """``12``, ``12-18+44``; ``2-8123/1399``, which is 1,399 of these rows; or ``12+``: some from row 12 on."""
    figure: str
    as_at: str

    def is_of(self, row: Mapping[str, str]) -> bool:
        """Whether a row of the dataset still says what was taken, and was not edited since."""
        return (self.figure, self.as_at) == (figure_text(row), row["as_at"])

    def to_json(self) -> dict[str, str | None]:
        """Convert to JSON; what there is none of, or is withheld, is None."""
        facts = {**asdict(self.table), "rows": self.rows, "as_at": self.as_at}
        return {name: None if text in ("", WITHHELD) else text for name, text in facts.items()}

    def __str__(self) -> str:
        return as_text(self.table, self.as_at, [self.rows])


FigureKey = tuple[str, str, str, str]
"""Dataset, source, series and period of a figure."""
Imports = dict[FigureKey, Origin]
_Series = tuple[ImportedTable, str, str, str, str, int]
"""Table, as-at day, dataset, source, series, and the months that each period covers."""
_COLUMNS = (
    *(field.name for field in fields(ImportedTable)),
    *("dataset", "source", "as_at", "series", "first", "last", "rows", "figures"),
)


def as_text(table: ImportedTable, as_at: str, rows: Sequence[str]) -> str:
    """Say of which table and rows figures are: "crime.xlsx, sheet Data, row 12, sha256 …, imported … as at …"."""
    return f"{table.name}, {rows_in_words(rows)}, {table.digest}, imported {table.imported} as at {as_at}"


def rows_in_words(rows: Sequence[str]) -> str:
    """Say which rows are meant: "row 12", "rows 2–13", "1,399 of the rows 2–8123"."""
    numbers: set[int] = set()
    parts: dict[str, None] = {}
    for text in rows:
        among, _, count = text.removesuffix("+").partition("/")
        spans = [[int(number) for number in span.split("-")] for span in among.split("+")]
        if text.endswith("+"):
            parts[f"rows from {among} on"] = None
        elif count:
            parts[f"{int(count):,} of the rows {', '.join('–'.join(map(str, span)) for span in spans)}"] = None
        else:
            numbers.update(number for span in spans for number in range(span[0], span[-1] + 1))
    plain = [f"row{'s' if len(numbers) > 1 else ''} {ranges(numbers)}"] if numbers else []
    return ", ".join([*plain, *parts])


def figure_key(resource: Resource, row: Mapping[str, str]) -> FigureKey:
    """Name a figure of a dataset."""
    key = resource.table_schema.primary_key
    series = io.StringIO()
    names = (name for name in key if name not in _NOT_OF_THE_SERIES)
    csv.writer(series, lineterminator="").writerow([f"{name}={row[name]}" for name in names])
    return resource.name, row["source"], series.getvalue(), f"{row['period_start']}/{row['period_end']}"


def figure_text(row: Mapping[str, str]) -> str:
    """Write a figure and its symbol, "97[p]", alike for 97 and 97.0."""
    value, symbol = row["value"], "".join(row["symbol"].split())
    try:
        value = f"{Decimal(value).normalize():f}"
    except InvalidOperation:
        value = ""
    return f"{value}[{symbol}]" if symbol or not value else value


def load_imports(path: Path) -> Imports:
    """Read `data/imports.csv`, if there is one; raises WrongInput with all its mistakes."""
    if not path.is_file():
        return {}
    header, records, problems = read_records(path, _SHOWN_AS, _COLUMNS)
    found: Imports = {}
    line_of: dict[FigureKey, int] = {}
    for line, cells in records:
        cell = dict(zip(header, cells, strict=True))
        if wrong := list(_wrong_cells(cell)):
            problems += [Problem(what, Location(_SHOWN_AS, line, column), _HINT) for column, what in wrong]
            continue
        for key, origin in _figures(cell):
            if key in found:
                what = f"line {line_of[key]} says, too, where {' '.join(key)} came from"
                problems.append(Problem(what, Location(_SHOWN_AS, line), _HINT))
            found[key], line_of[key] = origin, line
    if problems:
        raise WrongInput(problems)
    return found


def imports_as_csv(imports: Imports) -> bytes:
    """Write `data/imports.csv`, its lines sorted by dataset, source, series and time."""
    runs: dict[_Series, list[list[tuple[str, Origin]]]] = defaultdict(list)
    for (*of, period), origin in sorted(imports.items(), key=lambda item: item[0]):
        at = _period(period)
        dataset, source, series = of
        alike = runs[origin.table, origin.as_at, dataset, source, series, at.month_count if at else 0]
        if at and alike and _continues(alike[-1], at):
            alike[-1].append((period, origin))
        else:
            alike.append([(period, origin)])
    lines = []
    for (table, as_at, dataset, source, series, _), alike in runs.items():
        for run in alike:
            rows = [origin.rows for _, origin in run]
            rows = rows[:1] if len(set(rows)) == 1 else rows
            figures = " ".join(origin.figure for _, origin in run)
            of_run = (dataset, source, as_at, series, run[0][0], run[-1][0], " ".join(rows), figures)
            lines.append((*astuple(table), *of_run))
    order = [_COLUMNS.index(name) for name in ("dataset", "source", "series", "first", "last")]
    lines.sort(key=lambda line: [line[at] for at in order])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *lines])
    return text.getvalue().encode()


def shown_imports(imports: Imports, data: Path, datasets: Iterable[tuple[Resource, Protection]]) -> Imports:
    """Give what may be shown of imports: of the figures that some datasets of `data` have, without what is hidden.

    Digests of a force's own files about people are withheld, and those of all else that has such a digest.
    """
    shown: Imports = {}
    secret: set[str] = set()
    for resource, protection in datasets:
        names = [field.name for field in resource.fields]
        for line, row in numbered_rows(data / resource.path, f"data/{resource.path}", names):
            origin = imports.get(figure_key(resource, row))
            if origin is None or not origin.is_of(row):
                continue
            if line in protection:
                value, symbol = protection[line]
                visible = {"value": "" if value is None else str(value), "symbol": symbol}
                origin = replace(origin, figure=figure_text(visible))
            if resource.disclosure.persons and row["status"] not in PUBLIC:
                secret |= {origin.table.sha256, origin.table.member_sha256} - {""}
            shown[figure_key(resource, row)] = origin
    return {key: replace(origin, table=_without(origin.table, secret)) for key, origin in shown.items()}


def _without(table: ImportedTable, secret: set[str]) -> ImportedTable:
    digests = {name: getattr(table, name) for name in ("sha256", "member_sha256")}
    return replace(table, **{name: WITHHELD for name, digest in digests.items() if digest in secret})


def _continues(run: Sequence[tuple[str, Origin]], at: Period) -> bool:
    """Whether a period comes after those of a run by the same step as they come after each other."""
    first, last = _period(run[0][0]), _period(run[-1][0])
    if first is None or last is None:
        return False
    return len(run) == 1 or at.months_since(last) * (len(run) - 1) == last.months_since(first)


def _period(text: str) -> Period | None:
    """Read a period; None if it is not of whole months, which makes a run of its own."""
    start, end = text.split("/")
    period = Period(date.fromisoformat(start), date.fromisoformat(end)) if start and end else None
    return period if period and period.month_count else None


def _periods(first: str, last: str, count: int) -> list[str]:
    """Give the periods of a run; raises ValueError if so many do not fit."""
    begin, end = _period(first), _period(last)
    if count == 1 and first == last:
        return [first]
    span = end.months_since(begin) if begin and end else 0
    if begin is None or count < 2 or span <= 0 or span % (count - 1) or _shifted(begin, span) != last:
        raise ValueError(f"{first} to {last} is not {count} periods")
    return [_shifted(begin, span // (count - 1) * at) for at in range(count)]


def _shifted(period: Period, months: int) -> str:
    moved = Period.of_months(add_months(period.end, months), period.month_count)
    return f"{moved.start}/{moved.end}"


def _wrong_cells(cell: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in ("imported", "as_at"):
        try:
            date.fromisoformat(cell[name])
        except ValueError:
            yield name, f"{cell[name]!r} is not a date"
    for name in ("file", "dataset", "source"):
        if not cell[name]:
            yield name, "the cell is empty"
    for name in ("sha256", *(["member_sha256"] if cell["member"] or cell["member_sha256"] else [])):
        if not _DIGEST.fullmatch(cell[name]):
            yield name, f"{cell[name]!r} is not a SHA-256 digest"
    figures, rows = cell["figures"].split(" "), cell["rows"].split(" ")
    for text in figures:
        if not text or not _FIGURE.fullmatch(text):
            yield "figures", f"{text!r} is not a figure"
    for text in rows:
        if not _ROWS.fullmatch(text):
            yield "rows", f"{text!r} is not a row, or rows"
    if len(rows) not in (1, len(figures)):
        yield "rows", f"there are rows of {len(rows)} figures, but {len(figures)} figures"
    try:
        _periods(cell["first"], cell["last"], len(figures))
    except (ValueError, OverflowError):
        yield "first", f"{len(figures)} figures at equal steps do not fit from {cell['first']} to {cell['last']}"


def _figures(cell: Mapping[str, str]) -> Iterator[tuple[FigureKey, Origin]]:
    table = ImportedTable(*(cell[field.name] for field in fields(ImportedTable)))
    figures, rows = cell["figures"].split(" "), cell["rows"].split(" ")
    rows = rows * len(figures) if len(rows) == 1 else rows
    periods = _periods(cell["first"], cell["last"], len(figures))
    for period, row, figure in zip(periods, rows, figures, strict=True):
        key = (cell["dataset"], cell["source"], cell["series"], period)
        yield key, Origin(table, row, figure, cell["as_at"])
