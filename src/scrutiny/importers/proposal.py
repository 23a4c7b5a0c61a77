"""What an import would change in the datasets, and making the change: all or nothing."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.offer import FILE, ROW, Offer
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.inputs.schema import dataset_problems

CsvRow = Mapping[str, str]
"""A row of a dataset's file: its columns and the text in them."""
_Key = tuple[str, ...]
_Offered = Mapping[Any, Any]
"""An offered row, with `FILE` and `ROW`."""
_REAL = ("published", "supplied", "open")


@dataclass(frozen=True)
class Revision:
    """A row that would be replaced."""

    old: CsvRow
    new: CsvRow


@dataclass(frozen=True)
class DatasetChange:
    """What an import would do to one dataset.

    Parameters
    ----------
    same : tuple of CsvRow
        Offered rows that the dataset has already, or that are published with the same value.
    """

    resource: Resource
    added: tuple[CsvRow, ...]
    revised: tuple[Revision, ...]
    same: tuple[CsvRow, ...]
    refused: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the dataset would differ."""
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class _NewFile:
    """A dataset's file as it was read, and as it would be."""

    resource: Resource
    path: Path
    before: bytes
    after: bytes


@dataclass(frozen=True)
class Proposal:
    """What an import would do, dataset by dataset, and the files that it would write."""

    changes: tuple[DatasetChange, ...]
    _files: tuple[_NewFile, ...] = field(repr=False)

    @property
    def refused(self) -> tuple[Problem, ...]:
        """Everything that is refused."""
        return tuple(problem for change in self.changes for problem in change.refused)

    def write(self) -> tuple[Path, ...]:
        """Replace the datasets that change, all or none; give their files.

        Raises WrongInput if a dataset has changed since it was compared, would be wrong, or cannot be replaced.
        """
        if self._files:
            _replace(self._files)
        return tuple(file.path for file in self._files)


def propose(project: Project, offers: Iterable[Offer]) -> Proposal:
    """Compare what source files offer with the datasets.

    A row that a dataset's schema or rules refuse is refused here, at its place in the source file. A published
    figure is never replaced, nor a real one by an illustrative one, nor one by another that was drawn earlier.
    Raises WrongInput if a dataset is wrong already.
    """
    by_dataset: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_dataset[offer.dataset].append(offer)
    resources = {name: project.datapackage.resource(name) for name in by_dataset}
    judged = (dataset_problems(resource, project.data / resource.path) for resource in resources.values())
    if wrong := list(chain.from_iterable(judged)):
        raise WrongInput(wrong)
    changes, files = [], []
    for name, resource in resources.items():
        path = (project.data / resource.path).resolve()
        before = path.read_bytes()
        change, after = _compare(resource, _existing(resource, path), by_dataset[name])
        changes.append(change)
        if change.changes:
            files.append(_NewFile(resource, path, before, to_csv(resource, after.values())))
    return Proposal(tuple(changes), tuple(files))


def key_of(resource: Resource, row: Mapping[Any, Any]) -> _Key:
    """Give the key of a row."""
    return tuple(str(row[name]) for name in resource.table_schema.primary_key)


def to_csv(resource: Resource, rows: Iterable[CsvRow]) -> bytes:
    """Write rows as a dataset's file, sorted by key."""
    return _csv(_names(resource), sorted(rows, key=lambda row: key_of(resource, row)))


def _csv(names: Sequence[str], rows: Iterable[CsvRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    return text.getvalue().encode()


def _names(resource: Resource) -> list[str]:
    return [field.name for field in resource.fields]


def _existing(resource: Resource, path: Path) -> dict[_Key, CsvRow]:
    header, records, _ = read_records(path, f"data/{resource.path}", _names(resource))
    rows = (dict(zip(header, cells, strict=True)) for _, cells in records)
    return {key_of(resource, row): row for row in rows}


def _compare(
    resource: Resource, existing: Mapping[_Key, CsvRow], offers: Sequence[Offer]
) -> tuple[DatasetChange, dict[_Key, CsvRow]]:
    """Compare offers with the rows of a dataset; give the rows that it would have."""
    notes = [note for offer in offers for note in offer.notes]
    offered: list[_Offered] = [record for offer in offers for record in offer.rows.to_dict("records")]
    wrong = _schema_problems(resource, offered)
    refused = [*chain.from_iterable(offer.refused for offer in offers), *chain.from_iterable(wrong.values())]
    single, repeated, contradictions = _without_repeats(
        resource, (record for position, record in enumerate(offered) if position not in wrong)
    )
    refused += contradictions
    if repeated:
        notes.append(f"exact repeats of another figure, taken once: {repeated:,}")
    after = dict(existing)
    added: list[CsvRow] = []
    revised: list[Revision] = []
    same: list[CsvRow] = []
    for key, record in single.items():
        new = {name: str(record[name]) for name in _names(resource)}
        old = existing.get(key)
        if old is None:
            added.append(new)
        elif _is_same(old, new):
            same.append(new)
            continue
        elif kept := _reason_to_keep(old, new):
            refused.append(Problem(kept[0], _place(record), kept[1]))
            continue
        else:
            revised.append(Revision(old, new))
        after[key] = new
    change = DatasetChange(resource, tuple(added), tuple(revised), tuple(same), tuple(refused), tuple(notes))
    return change, after


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


def _place(record: _Offered, column: str | None = None) -> Place:
    return Place(str(record[FILE]), int(record[ROW]), column)


def _without_repeats(
    resource: Resource, offered: Iterable[_Offered]
) -> tuple[dict[_Key, _Offered], int, list[Problem]]:
    """Keep one of the rows with the same key if they are identical, and none if they differ."""
    by_key: dict[_Key, list[_Offered]] = defaultdict(list)
    for record in offered:
        by_key[key_of(resource, record)].append(record)
    single, repeated, problems = {}, 0, []
    for key, records in by_key.items():
        if all(record[name] == records[0][name] for record in records for name in _names(resource)):
            single[key] = records[0]
            repeated += len(records) - 1
            continue
        others = ", ".join(str(_place(record)) for record in records[1:4])
        what = f"{len(records)} different figures have the same key: {', '.join(key)}"
        problems.append(Problem(what, _place(records[0]), f"keep one of them; the others: {others}"))
    return single, repeated, problems


def _schema_problems(resource: Resource, offered: Sequence[_Offered]) -> dict[int, list[Problem]]:
    """Validate rows as the dataset's file would be; give their problems by position."""
    wrong: dict[int, list[Problem]] = defaultdict(list)
    if not offered:
        return wrong
    names = _names(resource)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, resource.path)
        one_line = ({name: " ".join(str(record[name]).split()) for name in names} for record in offered)
        path.write_bytes(_csv(names, one_line))
        problems = dataset_problems(resource, path)
    for problem in problems:
        where = problem.where
        # Repeated keys are reported without a column: `_without_repeats` judges them, and allows identical rows.
        if where is not None and where.line is not None and where.column is not None:
            place = _place(offered[where.line - 2], where.column)
            wrong[where.line - 2].append(Problem(problem.what, place, problem.instead))
    return wrong


def _replace(files: Sequence[_NewFile]) -> None:
    for file in files:
        if not file.path.is_file() or file.path.read_bytes() != file.before:
            what = "this file has changed since it was compared"
            raise WrongInput(Problem(what, Place(f"data/{file.resource.path}"), "run the command again"))
    try:
        staging = Path(tempfile.mkdtemp(prefix=".import-", dir=files[0].path.parent))
    except OSError as error:
        raise _cannot(error) from None
    replaced: list[_NewFile] = []
    try:
        for file in files:
            _stage(file, staging)
        for file in files:
            replaced.append(file)
            (staging / file.path.name).replace(file.path)
    except BaseException as error:
        # Ctrl-C too: what is half replaced is put back.
        for file in replaced:
            (staging / f"{file.path.name}.old").replace(file.path)
        if isinstance(error, OSError):
            raise _cannot(error) from None
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _stage(file: _NewFile, staging: Path) -> None:
    new = staging / file.path.name
    new.write_bytes(file.after)
    shutil.copymode(file.path, new)
    shutil.copy2(file.path, staging / f"{file.path.name}.old")
    if problems := dataset_problems(file.resource, new):
        raise WrongInput(problems)


def _cannot(error: OSError) -> WrongInput:
    what = f"the datasets cannot be replaced ({error.strerror}); they are unchanged"
    return WrongInput(Problem(what, Place("data/"), "close programs that have them open, or get write access"))
