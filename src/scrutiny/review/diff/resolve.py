"""The arguments of `scrutiny diff` resolved: a workspace, a quarter, a commit, or the project as it is."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path

from scrutiny.cache import FOLDER, LOCK_FILE
from scrutiny.errors import Problem, ScrutinyError, WrongInput, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress
from scrutiny.review.diff.contents import Contents, facts_of, is_workspace, read_contents
from scrutiny.statistics.periods import Quarter
from scrutiny.workspace.git import checkout_of, commit_of, git
from scrutiny.workspace.manifest import environment
from scrutiny.workspace.write import write_computed, write_sections

NOW = (".", "now")
"""Names of the project as it is."""
_FORMS = (
    "name the folder of a build, such as build/2020-21-Q1; a quarter that is built, such as 2020-21-Q1; a commit, "
    "such as HEAD~1; or now, the project as it is"
)
_MOST_SHOWN = 3
"""The number of problems shown of a commit that cannot be computed."""


@dataclass(frozen=True)
class _Side:
    """What a name stands for: a workspace, a commit or, without either, the project as it is."""

    name: str
    folder: Path | None = None
    commit: str | None = None
    quarter: str = ""


@dataclass
class Resolver:
    """Reads what the two sides of a comparison say.

    Parameters
    ----------
    here : Path
        The folder from which other folders are named; the project is there or further up.
    quarter : str or None
        The quarter of commits and of the project as it is, where their names do not give it.
    """

    here: Path
    quarter: str | None
    progress: BuildProgress

    def read(self, before: str, after: str) -> tuple[Contents, Contents]:
        """Read what A and B say, which are given as the user named them; one without a quarter is of the other's.

        Raises WrongInput, not what the build of a commit raises, if this program cannot compute that commit.
        """
        # Names are resolved, and workspaces read, before anything is computed.
        sides = self._find(before), self._find(after)
        one, other = (read_contents(side.folder, side.name) if side.folder else None for side in sides)
        quarters = [
            side.quarter or (contents.quarter if contents else self.quarter)
            for side, contents in zip(sides, (one, other), strict=True)
        ]
        if not any(quarters):
            what = f"the quarter of {before} is not given"
            raise WrongUse(Problem(what, hint="add --quarter, such as 2020-21-Q1"))
        return (
            one or self._compute(sides[0], str(quarters[0] or quarters[1])),
            other or self._compute(sides[1], str(quarters[1] or quarters[0])),
        )

    @cached_property
    def _project(self) -> Project:
        return Project.to_build(self.here)

    def _find(self, name: str) -> _Side:
        if is_workspace(self.here / name) and name not in NOW:
            return _Side(name, self.here / name)
        if _is_quarter(name):
            folder = self._project.build / name
            if not is_workspace(folder):
                instead = f"run scrutiny build {name}, or write now:{name} to compute it as the project is"
                raise WrongUse(Problem(f"{name} has not been built", hint=instead))
            return _Side(name, folder)
        version, _, quarter = name.rpartition(":")
        if not (version and _is_quarter(quarter)):
            version, quarter = name, ""
        if version in NOW:
            return _Side(name, quarter=quarter)
        # Workspaces can be compared without a project.
        with suppress(WrongUse):
            if commit := commit_of(self._project.root, version):
                return _Side(name, commit=commit, quarter=quarter)
        is_folder = (self.here / name).is_dir()
        what = f"{name} is no folder of a build" if is_folder else f"nothing is called {name}"
        raise WrongUse(Problem(what, hint=_FORMS))

    def _compute(self, side: _Side, quarter: str) -> Contents:
        root = self._project.root
        if side.commit is None:
            return self._compute_project(self._project, side.name, quarter, checkout_of(root).model_dump())
        with tempfile.TemporaryDirectory(prefix="scrutiny-") as name:
            folder = Path(name)
            _export(root, side.commit, folder)
            try:
                return self._compute_project(Project(folder), side.name, quarter, {"commit": side.commit})
            except ScrutinyError as error:
                raise WrongInput(_cannot_compute(side, error)) from None

    def _compute_project(
        self, project: Project, name: str, quarter: str, source: Mapping[str, object]
    ) -> Contents:
        stages = Stages.of(project, quarter)
        with stages.staged(self.progress) as (computed, folder):
            write_sections(folder, stages.narrative, computed)
            write_computed(folder, computed, stages.cache)
            return replace(read_contents(folder, name), facts=facts_of({"source": source, **environment()}))


def _export(root: Path, commit: str, folder: Path) -> None:
    """Write the project as it was at a commit into an empty folder; work tree and index stay untouched.

    The project's build cache is shared: a notebook runs only if something has changed.
    """
    archive = git(root, "archive", "--format=tar", commit)
    if archive is None:
        what = f"git does not give the project as it was at {commit}"
        raise WrongInput(Problem(what, hint="choose a commit in which the project was in this folder"))
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    # Today's program computes, with the packages that are installed today.
    if (lock := root / LOCK_FILE).is_file():
        (folder / LOCK_FILE).write_bytes(lock.read_bytes())
    # Where no link can be made, or the commit has such a folder, everything is computed.
    with suppress(OSError):
        cache, link = root / "build" / FOLDER, folder / "build" / FOLDER
        cache.mkdir(parents=True, exist_ok=True)
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(cache.absolute(), target_is_directory=True)


def _cannot_compute(side: _Side, error: ScrutinyError) -> Problem:
    """Say that a commit cannot be computed, with the first problems of its files, which cannot be corrected."""
    first = "\n".join(map(str, error.problems[:_MOST_SHOWN]))
    more = len(error.problems) - _MOST_SHOWN
    return Problem(
        f"this program cannot compute the report as it was at {side.name}, because there:\n{first}"
        + (f"\nand {more} more" if more > 0 else ""),
        hint="build it with the program of that commit, and name the folder of the build instead",
    )


def _is_quarter(name: str) -> bool:
    try:
        Quarter.parse(name)
    except ValueError:
        return False
    return True
