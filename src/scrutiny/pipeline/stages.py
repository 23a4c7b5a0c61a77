"""The stages of one quarter's report, from parameters to a workspace, for every command that runs them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from scrutiny.cache import NOTHING, Cache, cache_of
from scrutiny.execution.compute import Computed, compute
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.sources import check_notebooks, notebooks_of
from scrutiny.inputs.check import Judged, check_inputs
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import Narrative, load_narrative
from scrutiny.progress import BuildProgress
from scrutiny.workspace.check import check_report
from scrutiny.workspace.skeleton import check_skeleton
from scrutiny.workspace.write import write_report


@dataclass(frozen=True)
class Stages:
    """What is done for a quarter's report, in this order, before an engine makes documents of it.

    Each stage raises a `ScrutinyError` if what it reads is wrong.
    """

    project: Project
    parameters: Parameters
    cache: Cache = NOTHING

    @classmethod
    def of(cls, project: Project, quarter: str, *, fresh: bool = False) -> Self:
        """Read a quarter's parameters; `fresh` uses nothing that the cache has."""
        project.cache = cache_of(project.root, fresh=fresh)
        return cls(project, project.parameters(quarter), project.cache)

    @property
    def checks(self) -> tuple[Callable[[], object], ...]:
        """The stages before any notebook runs."""
        return (
            lambda: self.data,
            lambda: check_skeleton(self.project.root),
            lambda: self.narrative,
            self.check_notebooks,
        )

    @cached_property
    def data(self) -> Judged:
        """Datasets, measures, events and answers, found to be right."""
        return check_inputs(self.project, self.parameters, self.cache)

    @cached_property
    def narrative(self) -> Narrative:
        """The quarter's sections."""
        return load_narrative(self.project.sections, self.parameters.quarter, self.parameters.sections)

    def check_notebooks(self) -> None:
        """Check that the notebooks can be run."""
        check_notebooks(notebooks_of(self.project), self.cache)

    def compute(
        self, folder: Path, progress: BuildProgress, kernels: KernelPool, at_once: int | None = None
    ) -> Computed:
        """Run the notebooks in a workspace; see `execution.compute.compute`."""
        return compute(self.project, self.parameters, self.data, folder, progress, self.cache, kernels, at_once)

    def assemble(self, folder: Path, computed: Computed) -> None:
        """Write the report into a workspace, and check it."""
        write_report(self.project, folder, self.narrative, computed, self.cache)
        self.check_report(folder, computed)

    def check_report(self, folder: Path, computed: Computed) -> None:
        """Check the narrative in a workspace."""
        check_report(folder, self.narrative, computed.values, computed.labels, self.cache, computed.omitted)

    @contextmanager
    def staged(self, progress: BuildProgress) -> Iterator[tuple[Computed, Path]]:
        """Compute what the notebooks give now, in a temporary workspace; only those that changed run.

        Yields
        ------
        tuple of (Computed, Path)
            What they gave; and the workspace, with `inputs/` and the executed `notebooks/`.
        """
        _ = self.data
        self.check_notebooks()
        with tempfile.TemporaryDirectory(prefix="scrutiny-") as folder, KernelPool() as kernels:
            yield self.compute(Path(folder), progress, kernels), Path(folder)
