"""Replacing datasets: all of them or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.schema import dataset_problems


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
