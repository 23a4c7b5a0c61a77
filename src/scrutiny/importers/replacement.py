"""Files of `data/` replaced together, all or none."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.files import write_together
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

    def check(self) -> None:
        """Raise WrongInput if it would not be its dataset."""
        if self.resource:
            with tempfile.TemporaryDirectory() as folder:
                new = Path(folder, self.path.name)
                new.write_bytes(self.after)
                if problems := dataset_problems(self.resource, new):
                    raise WrongInput(problems)


def replace_all(data: Path, files: Sequence[Replacement]) -> None:
    """Replace files of the folder `data`, all or none.

    Raises WrongInput if one changed meanwhile, is wrong, or cannot be replaced.
    """
    for file in files:
        if not file.is_as_before:
            what = "this file has changed since it was compared"
            raise WrongInput(Problem(what, Location(f"data/{file.path.name}"), "run the command again"))
        file.check()
    try:
        write_together(data, {file.path: file.after for file in files})
    except OSError as error:
        raise _cannot(error) from None


def _cannot(error: OSError) -> WrongInput:
    what = f"the datasets cannot be replaced ({error.strerror}); they are unchanged"
    return WrongInput(Problem(what, Location("data/"), "close programs that have them open, or get write access"))
