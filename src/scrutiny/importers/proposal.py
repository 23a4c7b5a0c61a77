"""What an import would change in the datasets, and changing it: whole or not at all."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.offer import FILE, ROW, Offer
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.inputs.schema import dataset_problems

if TYPE_CHECKING:
    import pandas as pd
import shutil

Figure = Mapping[str, str]
"""A row of a dataset: its columns and the text in them."""
_REAL = ("published", "supplied", "open")


@dataclass(frozen=True)
class Revision:
    """A figure that would be replaced."""

    old: Figure
    new: Figure


@dataclass(frozen=True)
class Change:
    """What an import would do to one dataset.

    Parameters
    ----------
    same : tuple of Figure
        Offered figures that stand there already, or that are published with the same value.
    """

    resource: Resource
    added: tuple[Figure, ...] = ()
    revised: tuple[Revision, ...] = ()
    same: tuple[Figure, ...] = ()
    refused: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether the dataset would be another."""
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class Proposal:
    """What an import would do, dataset by dataset, and the files that would then stand there."""

    changes: tuple[Change, ...]
    _files: tuple[NewDataset, ...] = field(repr=False)

    @property
    def refused(self) -> tuple[Problem, ...]:
        """All that is refused."""
        return tuple(problem for change in self.changes for problem in change.refused)

    def write(self) -> tuple[Path, ...]:
        """Replace the datasets that change, all or none; give those replaced.

        Raises
        ------
        WrongInput
            If a dataset has changed since it was compared, would not be right, or cannot be replaced.
        """
        replace_datasets(self._files)
        return tuple(file.path for file in self._files)


def propose(project: Project, offers: Iterable[Offer]) -> Proposal:
    """Compare what source files offer with what stands in the datasets.

    A figure that a dataset's schema or rules refuse is refused here, at its place in the source file. A
    published figure is never replaced, a real one not by an illustrative one, and one not by another that
    was drawn earlier.

    Raises
    ------
    WrongInput
        If a dataset as it stands is wrong.
    """
    by_dataset: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_dataset[offer.dataset].append(offer)
    resources = {name: project.datapackage.resource(name) for name in by_dataset}
    wrong = [
        problem for resource in resources.values()
        for problem in dataset_problems(resource, project.data / resource.path)
    ]  # fmt: skip
    if wrong:
        raise WrongInput(wrong)
    changes, files = [], []
    for name, resource in resources.items():
        path = (project.data / resource.path).resolve()
        before = path.read_bytes()
        standing = _standing(resource, path)
        change, after = _compared(resource, standing, by_dataset[name])
        changes.append(change)
        if change.changes:
            files.append(NewDataset(resource, path, before, to_csv(resource, after.values())))
    return Proposal(tuple(changes), tuple(files))


def key_of(resource: Resource, figure: Figure) -> tuple[str, ...]:
    """Give the key of a figure."""
    return tuple(figure[name] for name in resource.table_schema.primary_key)


def to_csv(resource: Resource, figures: Iterable[Figure]) -> bytes:
    """Write figures as a dataset's file, sorted by key."""
    names = [field.name for field in resource.fields]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    ordered = sorted(figures, key=lambda figure: key_of(resource, figure))
    writer.writerows([figure[name] for name in names] for figure in ordered)
    return text.getvalue().encode()


def _standing(resource: Resource, path: Path) -> dict[tuple[str, ...], Figure]:
    header, records, _ = read_records(path, f"data/{resource.path}", [field.name for field in resource.fields])
    figures = (dict(zip(header, cells, strict=True)) for _, cells in records)
    return {key_of(resource, figure): figure for figure in figures}


def _compared(
    resource: Resource, standing: Mapping[tuple[str, ...], Figure], offers: Sequence[Offer]
) -> tuple[Change, dict[tuple[str, ...], Figure]]:
    """Compare offers with what stands in a dataset; give what would stand there."""
    refused = [problem for offer in offers for problem in offer.refused]
    notes = [note for offer in offers for note in offer.notes]
    names = [field.name for field in resource.fields]
    offered = [record for offer in offers for record in _records(offer.rows)]
    wrong = _wrong(resource, offered)
    refused += [problem for problems in wrong.values() for problem in problems]
    right = [record for position, record in enumerate(offered) if position not in wrong]
    single, repeated, twice = _single(resource, right)
    refused += twice
    if repeated:
        notes.append(f"{repeated:,} figures repeat another exactly and are taken once")
    after = dict(standing)
    added: list[Figure] = []
    revised: list[Revision] = []
    same: list[Figure] = []
    for key, record in single.items():
        new = {name: str(record[name]) for name in names}
        old = standing.get(key)
        if old is None:
            added.append(new)
        elif _says_the_same(old, new):
            same.append(new)
            continue
        elif why := _kept(old, new):
            refused.append(Problem(why[0], _place(record), why[1]))
            continue
        else:
            revised.append(Revision(old, new))
        after[key] = new
    change = Change(resource, tuple(added), tuple(revised), tuple(same), tuple(refused), tuple(notes))
    return change, after


def _records(rows: pd.DataFrame) -> Iterator[Mapping[str, object]]:
    for values in rows.itertuples(index=False, name=None):
        yield dict(zip(map(str, rows.columns), values, strict=True))


def _says_the_same(old: Figure, new: Figure) -> bool:
    if old["symbol"] != new["symbol"] or _number(old) != _number(new):
        return False
    return old["status"] == "published" or (old["status"], old["as_at"]) == (new["status"], new["as_at"])


def _number(figure: Figure) -> Decimal | None:
    return Decimal(figure["value"]) if figure["value"] else None


def _kept(old: Figure, new: Figure) -> tuple[str, str] | None:
    """Say why a figure is not replaced by another, and what to do; None if it is."""
    was, now = (figure["value"] or f"[{figure['symbol']}]" for figure in (old, new))
    if old["status"] == "published":
        return (
            f"{was} is published, and is not replaced by {now}",
            "take the row out, or give a figure that was drawn from another system its own source",
        )
    if old["status"] in _REAL and new["status"] not in _REAL:
        return f"{was} is {old['status']}, and is not replaced by an illustrative figure", "take the row out"
    if old["status"] in _REAL and new["as_at"] < old["as_at"]:
        return (
            f"{was} was drawn on {old['as_at']}, and is not replaced by {now}, drawn earlier, on {new['as_at']}",
            "import the newer extract, or mend its as-at date",
        )
    return None


def _place(record: Mapping[str, object], column: str | None = None) -> Place:
    return Place(str(record[FILE]), int(str(record[ROW])), column)


def _single(
    resource: Resource, offered: Iterable[Mapping[str, object]]
) -> tuple[dict[tuple[str, ...], Mapping[str, object]], int, list[Problem]]:
    """Keep one of the figures that are offered more than once alike, and none of those that differ."""
    names = [field.name for field in resource.fields]
    by_key: dict[tuple[str, ...], list[Mapping[str, object]]] = defaultdict(list)
    for record in offered:
        by_key[tuple(str(record[name]) for name in resource.table_schema.primary_key)].append(record)
    single, repeated, problems = {}, 0, []
    for key, records in by_key.items():
        if all(record[name] == records[0][name] for record in records for name in names):
            single[key] = records[0]
            repeated += len(records) - 1
            continue
        places = [str(_place(record)) for record in records]
        what = f"{len(records)} figures that differ are of the same {', '.join(key)}"
        problems.append(
            Problem(what, _place(records[0]), f"keep one of them; the others: {', '.join(places[1:4])}")
        )
    return single, repeated, problems


def _wrong(resource: Resource, offered: Sequence[Mapping[str, object]]) -> dict[int, list[Problem]]:
    """Judge figures as the dataset's file would be; give what is wrong by position."""
    wrong: dict[int, list[Problem]] = defaultdict(list)
    if not offered:
        return wrong
    names = [field.name for field in resource.fields]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([" ".join(str(record[name]).split()) for name in names] for record in offered)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, resource.path)
        path.write_text(text.getvalue(), encoding="utf-8")
        problems = dataset_problems(resource, path)
    for problem in problems:
        where = problem.where
        # Figures of the same key are told without a column: `_single` judges them, and knows repetitions.
        if where is not None and where.line is not None and where.column is not None:
            place = _place(offered[where.line - 2], where.column)
            wrong[where.line - 2].append(Problem(problem.what, place, problem.instead))
    return wrong


@dataclass(frozen=True)
class NewDataset:
    """A dataset's file as it was read, and as it is to be."""

    resource: Resource
    path: Path
    before: bytes
    after: bytes


def replace_datasets(files: Sequence[NewDataset]) -> None:
    """Put new files in the place of datasets, all or none.

    Raises
    ------
    WrongInput
        If a dataset has changed since it was read, would not be right, or cannot be replaced; then all are
        as they were.
    """
    if not files:
        return
    for file in files:
        if not file.path.is_file() or file.path.read_bytes() != file.before:
            what = "this file has changed since it was compared"
            raise WrongInput(Problem(what, Place(f"data/{file.resource.path}"), "run the command again"))
    try:
        aside = Path(tempfile.mkdtemp(prefix=".import-", dir=files[0].path.parent))
    except OSError as error:
        raise _cannot(error) from None
    replaced: list[NewDataset] = []
    try:
        for file in files:
            _write_aside(file, aside)
        for file in files:
            replaced.append(file)
            (aside / file.path.name).replace(file.path)
    except BaseException as error:
        # Ctrl-C too: what is half replaced is put back.
        for file in replaced:
            (aside / f"{file.path.name}.old").replace(file.path)
        if isinstance(error, OSError):
            raise _cannot(error) from None
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _write_aside(file: NewDataset, aside: Path) -> None:
    new = aside / file.path.name
    new.write_bytes(file.after)
    shutil.copymode(file.path, new)
    shutil.copy2(file.path, aside / f"{file.path.name}.old")
    if problems := dataset_problems(file.resource, new):
        raise WrongInput(problems)


def _cannot(error: OSError) -> WrongInput:
    what = f"the datasets cannot be replaced ({error.strerror}); they are as they were"
    return WrongInput(Problem(what, Place("data/"), "close what holds them open, or ask for the right to write"))
