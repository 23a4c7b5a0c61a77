"""Files of `data/` replaced together, all or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.schema import dataset_problems


@dataclass(frozen=True)
class Replacement:
    """A file to be replaced, or made if there was none before, and the dataset that it has to be."""

    path: Path
    before: bytes | None
    after: bytes
    resource: Resource | None = None

    @property
    def is_as_before(self) -> bool:
        """Whether it is what it was when it was compared."""
        return (self.path.read_bytes() if self.path.is_file() else None) == self.before

    def stage(self, staging: Path) -> None:
        """Write the new file, and keep the old."""
        new = staging / self.path.name
        new.write_bytes(self.after)
        if self.before is not None:
            shutil.copymode(self.path, new)
            shutil.copy2(self.path, staging / f"{self.path.name}.old")
        if self.resource and (problems := dataset_problems(self.resource, new)):
            raise WrongInput(problems)

    def undo(self, staging: Path) -> None:
        """Put back what was there."""
        if self.before is not None:
            (staging / f"{self.path.name}.old").replace(self.path)
        elif self.path.is_file():
            self.path.unlink()


def replace_all(files: Sequence[Replacement]) -> None:
    """Replace files, all or none; raises WrongInput if one changed meanwhile, is wrong, or cannot be replaced."""
    for file in files:
        if not file.is_as_before:
            what = "this file has changed since it was compared"
            raise WrongInput(Problem(what, Location(f"data/{file.path.name}"), "run the command again"))
    try:
        staging = Path(tempfile.mkdtemp(prefix=".import-", dir=files[0].path.parent))
    except OSError as error:
        raise _cannot(error) from None
    replaced: list[Replacement] = []
    try:
        for file in files:
            file.stage(staging)
        for file in files:
            replaced.append(file)
            (staging / file.path.name).replace(file.path)
    except BaseException as error:
        # Ctrl-C too: what is half replaced is put back.
        for file in replaced:
            file.undo(staging)
        if isinstance(error, OSError):
            raise _cannot(error) from None
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _cannot(error: OSError) -> WrongInput:
    what = f"the datasets cannot be replaced ({error.strerror}); they are unchanged"
    return WrongInput(Problem(what, Location("data/"), "close programs that have them open, or get write access"))
