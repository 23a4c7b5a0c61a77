"""What a quarter's notebooks give now, computed aside: nothing is left but what the cache remembers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrutiny.cache import cache_of
from scrutiny.execution.compute import Computed, check_notebooks, compute, kernels_for, notebooks_of
from scrutiny.inputs.check import check_inputs
from scrutiny.inputs.project import Project
from scrutiny.progress import BuildProgress


@contextmanager
def computed_aside(project: Project, quarter: str, progress: BuildProgress) -> Iterator[tuple[Computed, Path]]:
    """Compute what a quarter's notebooks give; only those of which something has changed run.

    Parameters
    ----------
    project : Project
    quarter : str
        Such as ``2020-21-Q1``.
    progress : BuildProgress
        Told of the notebooks that run.

    Yields
    ------
    tuple of (Computed, Path)
        What they gave, and a workspace with `inputs/` and the executed `notebooks/`, until the end of the block.

    Raises
    ------
    ScrutinyError
        As `build.build` does, for parameters, data and notebooks.
    """
    cache = cache_of(project.root)
    parameters = project.parameters(quarter)
    judged = check_inputs(project, parameters, cache)
    check_notebooks(notebooks_of(project), cache)
    with tempfile.TemporaryDirectory(prefix="scrutiny-") as folder, kernels_for(None) as kernels:
        yield compute(project, parameters, judged, Path(folder), progress, cache, kernels), Path(folder)
