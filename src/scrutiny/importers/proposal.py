"""What an import would change in the datasets, and making the change: all or nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain
from pathlib import Path

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.asked import jumps
from scrutiny.importers.offer import Offer, OfferedRow
from scrutiny.importers.origins import with_origins
from scrutiny.importers.replacement import Replacement, replace_all
from scrutiny.inputs.csv_file import numbered_rows
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.imports import FILE as IMPORTS
from scrutiny.inputs.imports import imports_as_csv, load_imports
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import Question
from scrutiny.inputs.schema import dataset_problems

CsvRow = Mapping[str, str]
"""A row of a dataset's file: its columns and the text in them."""
_Key = tuple[str, ...]
_REAL = ("published", "supplied", "open")


@dataclass(frozen=True)
class Revision:
    """A row that would be replaced."""

    old: CsvRow
    new: CsvRow


@dataclass(frozen=True)
class DatasetChange:
    """What an import would do to one dataset, whose file held `before` when it was compared.

    `same` are offered rows that the dataset has already, or that are published with the same value.
    """

    resource: Resource
    path: Path
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    added: tuple[CsvRow, ...]
    revised: tuple[Revision, ...]
    same: tuple[CsvRow, ...]
    refused: tuple[Problem, ...]
    notes: tuple[str, ...]
    taken: tuple[OfferedRow, ...] = field(default=(), repr=False)
    """The rows added or revised, with where they come from."""
    questions: tuple[Question, ...] = ()
    """What `scrutiny check` would ask of the rows added and revised."""

    @property
    def changes(self) -> bool:
        """Whether the dataset would differ."""
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class Proposal:
    """What an import would do, dataset by dataset, in the folder `data`."""

    changes: tuple[DatasetChange, ...]
    data: Path

    @property
    def refused(self) -> tuple[Problem, ...]:
        """Everything that is refused."""
        return tuple(problem for change in self.changes for problem in change.refused)

    def write(self, on: date | None = None) -> tuple[Path, ...]:
        """Replace the datasets that change and `data/imports.csv`, all or none; give their files.

        `on` is the day of the import, today unless given.

        Raises WrongInput if a dataset has changed since it was compared, would be wrong, or cannot be replaced.
        """
        changes = [change for change in self.changes if change.changes]
        if not changes:
            return ()
        files = [Replacement(change.path, change.before, change.after, change.resource) for change in changes]
        path = (self.data / IMPORTS).resolve()
        before = path.read_bytes() if path.is_file() else None
        imports = load_imports(path)
        for change in changes:
            day = on or date.today()
            imports = with_origins(imports, change.resource, change.after, change.taken, day)
        after = imports_as_csv(imports)
        if after != before and (imports or before):
            files.append(Replacement(path, before, after))
        replace_all(self.data.resolve(), files)
        return tuple(file.path for file in files)


def propose(project: Project, offers: Iterable[Offer]) -> Proposal:
    """Compare what source files offer, each dataset once, with the datasets.

    A row that a dataset's schema or rules refuse is refused here, at its place in the source file. A published
    figure is never replaced, nor a real one by an illustrative one, nor one by another that was drawn earlier.
    Raises WrongInput if a dataset, or `data/imports.csv`, is wrong already.
    """
    load_imports(project.data / IMPORTS)
    compared = []
    for offer in offers:
        resource = project.datapackage.resource(offer.dataset)
        compared.append((resource, (project.data / resource.path).resolve(), offer))
    if wrong := [problem for resource, path, _ in compared for problem in dataset_problems(resource, path)]:
        raise WrongInput(wrong)
    return Proposal(tuple(_asked(project, _compare(*each)) for each in compared), project.data)


def _asked(project: Project, change: DatasetChange) -> DatasetChange:
    """Add the questions that an import raises; they stop nothing."""
    if not change.changes:
        return change
    new = [*change.added, *(revision.new for revision in change.revised)]
    keys = {key_of(change.resource, row) for row in new}
    rows = csv.DictReader(io.StringIO(change.after.decode(), newline=""))
    lines = {line for line, row in enumerate(rows, start=2) if key_of(change.resource, row) in keys}
    return replace(change, questions=jumps(project, change.resource, change.after, lines))


def key_of(resource: Resource, row: CsvRow) -> _Key:
    """Give the key of a row."""
    return tuple(row[name] for name in resource.table_schema.primary_key)


def to_csv(resource: Resource, rows: Iterable[CsvRow]) -> bytes:
    """Write rows as a dataset's file, sorted by key."""
    return _csv(resource, sorted(rows, key=lambda row: key_of(resource, row)))


def _csv(resource: Resource, rows: Iterable[CsvRow]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [field.name for field in resource.fields], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _existing(resource: Resource, path: Path) -> dict[_Key, CsvRow]:
    names = [field.name for field in resource.fields]
    return {key_of(resource, row): row for _, row in numbered_rows(path, f"data/{resource.path}", names)}


def _compare(resource: Resource, path: Path, offer: Offer) -> DatasetChange:
    """Compare an offer with the rows of its dataset."""
    notes = list(offer.notes)
    names = [field.name for field in resource.fields]
    offered = [replace(row, cells={name: row.cells.get(name, "") for name in names}) for row in offer.rows]
    wrong = _schema_problems(resource, offered)
    refused = [*offer.refused, *chain.from_iterable(wrong.values())]
    single, repeated, contradictions = _without_repeats(
        resource, (row for position, row in enumerate(offered) if position not in wrong)
    )
    refused += contradictions
    if repeated:
        notes.append(f"exact repeats of another figure, taken once: {repeated:,}")
    before = path.read_bytes()
    after = _existing(resource, path)
    added: list[CsvRow] = []
    revised: list[Revision] = []
    same: list[CsvRow] = []
    taken: list[OfferedRow] = []
    for key, row in single.items():
        new, old = row.cells, after.get(key)
        if old is None:
            added.append(new)
        elif _is_same(old, new):
            same.append(new)
            continue
        elif reason := _reason_to_keep(old, new):
            refused.append(Problem(reason[0], row.place, reason[1]))
            continue
        else:
            revised.append(Revision(old, new))
        after[key] = new
        taken.append(row)
    lists = (tuple(added), tuple(revised), tuple(same), tuple(refused), tuple(notes))
    csv_after = to_csv(resource, after.values())
    return DatasetChange(resource, path, before, csv_after, *lists, tuple(taken))


def _is_same(old: CsvRow, new: CsvRow) -> bool:
    one, other = (Decimal(row["value"]) if row["value"] else None for row in (old, new))
    if old["symbol"] != new["symbol"] or one != other:
        return False
    return old["status"] == "published" or (old["status"], old["as_at"]) == (new["status"], new["as_at"])


def _reason_to_keep(old: CsvRow, new: CsvRow) -> tuple[str, str] | None:
    """Say why a figure is not replaced by another, and what to do; None if it is replaced."""
    was, now = (row["value"] or f"[{row['symbol']}]" for row in (old, new))
    if old["status"] == "published":
        return (
            f"{was} is published, so it is not replaced by {now}",
            "take the row out or, if its figure is from another system, give it a source of its own",
        )
    if old["status"] in _REAL and new["status"] not in _REAL:
        return f"{was} is {old['status']}, so it is not replaced by an illustrative figure", "take the row out"
    if old["status"] in _REAL and new["as_at"] < old["as_at"]:
        return (
            f"{was} was drawn on {old['as_at']}, so it is not replaced by {now}, drawn earlier, on {new['as_at']}",
            "import the newer extract, or correct its as-at date",
        )
    return None


def _without_repeats(
    resource: Resource, offered: Iterable[OfferedRow]
) -> tuple[dict[_Key, OfferedRow], int, list[Problem]]:
    """Keep one of the rows with the same key if they are identical, and none if they differ."""
    by_key: dict[_Key, list[OfferedRow]] = defaultdict(list)
    for row in offered:
        by_key[key_of(resource, row.cells)].append(row)
    single, repeated, problems = {}, 0, []
    for key, rows in by_key.items():
        if all(row.cells == rows[0].cells for row in rows):
            single[key] = rows[0]
            repeated += len(rows) - 1
            continue
        others = ", ".join(str(row.place) for row in rows[1:4])
        what = f"{len(rows)} different figures have the same key: {', '.join(key)}"
        problems.append(Problem(what, rows[0].place, f"keep one of them; the others: {others}"))
    return single, repeated, problems


def _schema_problems(resource: Resource, offered: Sequence[OfferedRow]) -> dict[int, list[Problem]]:
    """Validate rows as the dataset's file would be; give their problems by position."""
    wrong: dict[int, list[Problem]] = defaultdict(list)
    if not offered:
        return wrong
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, resource.path)
        one_line = ({name: " ".join(cell.split()) for name, cell in row.cells.items()} for row in offered)
        path.write_bytes(_csv(resource, one_line))
        problems = dataset_problems(resource, path)
    for problem in problems:
        where = problem.location
        # Repeated keys are reported without a column: `_without_repeats` judges them, and allows identical rows.
        if where is not None and where.line is not None and where.column is not None:
            position = where.line - 2
            place = replace(offered[position].place, column=where.column)
            wrong[position].append(replace(problem, location=place))
    return wrong
