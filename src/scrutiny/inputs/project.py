"""The project: where its folders are, and its parameters, measures and datasets as read from them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Problem, WrongUse
from scrutiny.files import file_digest
from scrutiny.inputs.datapackage import DataPackage, load_datapackage
from scrutiny.inputs.events import FILE as EVENTS
from scrutiny.inputs.events import Event, load_events
from scrutiny.inputs.measures import Measures, MeasuresFile, load_measures
from scrutiny.inputs.parameters import Parameters, load_parameters

MAIN = "report.qmd"
"""The skeleton of the report, at the top of a project and of a workspace."""
INPUTS = "inputs"
"""The folder of a workspace that holds what its report was made from, laid out like a project."""


Model = TypeVar("Model", bound=BaseModel)

kept_by_build = NOTHING
"""In the kernel of a build, what the build has judged and parsed; a notebook run by hand has nothing of it."""


class Project:
    """A project's folder, or the inputs of a workspace, which are laid out alike.

    Parameters
    ----------
    root : Path
        The folder that holds `data/`, `params/` and `notebooks/`.

    Attributes
    ----------
    cache : Cache
        Where what is read from `data/` is kept, by its content.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache: Cache = kept_by_build
        self.data = root / "data"
        self.params = root / "params"
        self.notebooks = root / "notebooks"
        self.sections = root / "sections"
        self.build = root / "build"

    @classmethod
    def containing(cls, folder: Path) -> Project:
        """Find the project upwards from a folder; inside a workspace that is the workspace's inputs.

        Raises
        ------
        WrongUse
            If no folder upwards is a project.
        """
        folder = folder.resolve()
        for candidate in (folder, *folder.parents):
            for root in (candidate / INPUTS, candidate):
                if _is_project(root):
                    return cls(root)
        raise _no_project(folder)

    @classmethod
    def to_build(cls, folder: Path) -> Project:
        """Find the project upwards from a folder, past the workspaces that were made from it.

        Raises
        ------
        WrongUse
            If no folder upwards is a project.
        """
        folder = folder.resolve()
        for root in (folder, *folder.parents):
            if _is_project(root) and root.name != INPUTS:
                return cls(root)
        raise _no_project(folder)

    @cached_property
    def datapackage(self) -> DataPackage:
        """What `data/datapackage.yaml` says of the datasets."""
        return self._parsed("datapackage.yaml", DataPackage, load_datapackage)

    @cached_property
    def measures(self) -> Measures:
        """What `data/measures.yaml` says of the measures."""
        return Measures(
            self._parsed("measures.yaml", MeasuresFile, lambda path: MeasuresFile(load_measures(path))).root
        )

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What `data/events.csv` says of the events that charts mark."""
        return load_events(self.data / EVENTS)

    def parameters(self, quarter: str) -> Parameters:
        """Read a quarter's parameters; see `load_parameters` for what it raises."""
        return load_parameters(self.params, quarter)

    def _parsed(self, name: str, model: type[Model], load: Callable[[Path], Model]) -> Model:
        """Load a YAML file of `data/`, or take over what was parsed of the same content and found valid."""
        path = self.data / name
        return self.cache.remember(
            "parsed",
            key=lambda: self.cache.key(name, file_digest(path)),
            compute=lambda: load(path),
            dump=lambda parsed: parsed.model_dump(mode="json", by_alias=True),
            load=model.model_validate,
        )


def _is_project(root: Path) -> bool:
    return all((root / name).is_dir() for name in ("data", "params", "notebooks"))


def _no_project(folder: Path) -> WrongUse:
    instead = "go to the folder that holds data/, params/ and notebooks/"
    return WrongUse(Problem(f"there is no report project in {folder} or above it", hint=instead))
