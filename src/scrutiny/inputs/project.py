"""The project: where its folders are, and its parameters, measures and datasets as read from them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from scrutiny.errors import Problem, WrongUse
from scrutiny.inputs.datapackage import DataPackage, load_datapackage
from scrutiny.inputs.events import FILE as EVENTS
from scrutiny.inputs.events import Event, load_events
from scrutiny.inputs.measures import Measures, load_measures
from scrutiny.inputs.parameters import Parameters, load_parameters

MAIN = "report.qmd"
"""The skeleton of the report, at the top of a project and of a workspace."""
INPUTS = "inputs"
"""The folder of a workspace that holds what its report was made from, laid out like a project."""


class Project:
    """A project's folder, or the inputs of a workspace, which are laid out alike.

    Parameters
    ----------
    root : Path
        The folder that holds `data/`, `params/` and `notebooks/`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
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
        return load_datapackage(self.data / "datapackage.yaml")

    @cached_property
    def measures(self) -> Measures:
        """What `data/measures.yaml` says of the measures."""
        return load_measures(self.data / "measures.yaml")

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What `data/events.csv` says of the events that charts mark."""
        return load_events(self.data / EVENTS)

    def parameters(self, quarter: str) -> Parameters:
        """Read a quarter's parameters; see `load_parameters` for what it raises."""
        return load_parameters(self.params, quarter)


def _is_project(root: Path) -> bool:
    return all((root / name).is_dir() for name in ("data", "params", "notebooks"))


def _no_project(folder: Path) -> WrongUse:
    instead = "go to the folder that holds data/, params/ and notebooks/"
    return WrongUse(Problem(f"there is no report project in {folder} or above it", instead=instead))
