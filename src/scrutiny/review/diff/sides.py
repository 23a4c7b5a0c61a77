"""What the two arguments of `scrutiny diff` name: a workspace, a quarter, a commit, or the project as it is."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from scrutiny.errors import Problem, ScrutinyError, WrongInput, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress
from scrutiny.review.diff.contents import Contents, is_workspace, made_with, read_contents
from scrutiny.review.diff.revisions import lay_out
from scrutiny.statistics.periods import Quarter
from scrutiny.workspace.git import checkout_of, commit_of
from scrutiny.workspace.manifest import environment
from scrutiny.workspace.write import write_computed, write_sections

NOW = (".", "now")
"""Names of the project as it is."""
_FORMS = (
    "name the folder of a build, such as build/2020-21-Q1; a quarter that is built, such as 2020-21-Q1; a commit, "
    "such as HEAD~1; or now, the project as it is"
)
_TOLD = 3
"""So many mistakes of a project of another time are told."""


@dataclass(frozen=True)
class _Side:
    """What a name stands for.

    Parameters
    ----------
    name : str
        As the user wrote it.
    folder : Path or None
        A workspace; None where something has to be computed.
    commit : str or None
        None for the project as it is.
    quarter : str or None
        If the name says it.
    """

    name: str
    folder: Path | None = None
    commit: str | None = None
    quarter: str | None = None


class Sides:
    """Finds what the two sides of a comparison say.

    Parameters
    ----------
    here : Path
        The folder from which folders are named, and upwards of which the project is.
    quarter : str or None
        The quarter of commits and of the project as it is, where their names do not say it.
    progress : BuildProgress
        Told of the notebooks that run.
    """

    def __init__(self, here: Path, quarter: str | None, progress: BuildProgress) -> None:
        self._here = here
        self._quarter = quarter
        self._progress = progress

    def read(self, before: str, after: str) -> tuple[Contents, Contents]:
        """Give what A and B say.

        Parameters
        ----------
        before, after : str
            As the user named them. One that says no quarter is of the other's.

        Raises
        ------
        WrongUse
            If one names nothing, or a quarter is needed and not said.
        WrongInput
            If a workspace is damaged, or this program cannot compute a commit.
        ScrutinyError
            As `build.build` does, for the project as it is.
        """
        # Names are judged, and workspaces read, before anything is computed.
        sides = [self._find(name) for name in (before, after)]
        read = [read_contents(side.folder, side.name) if side.folder else None for side in sides]
        quarters = [
            side.quarter or (contents.quarter if contents else self._quarter)
            for side, contents in zip(sides, read, strict=True)
        ]
        for side, quarter in zip(sides, quarters, strict=True):
            if quarter is None and not any(quarters):
                raise WrongUse(
                    Problem(f"the quarter of {side.name} is not said", None, "add --quarter, such as 2020-21-Q1")
                )
        one, other = (
            contents or self._computed(side, str(own or others))
            for side, contents, own, others in zip(sides, read, quarters, reversed(quarters), strict=True)
        )
        return one, other

    @cached_property
    def _project(self) -> Project:
        return Project.to_build(self._here)

    def _find(self, name: str) -> _Side:
        if is_workspace(self._here / name) and name not in NOW:
            return _Side(name, self._here / name)
        if _is_quarter(name):
            folder = self._project.build / name
            if not is_workspace(folder):
                what = f"{name} has not been built"
                instead = f"run scrutiny build {name}, or write now:{name} to compute it as the project is"
                raise WrongUse(Problem(what, None, instead))
            return _Side(name, folder)
        of, colon, quarter = name.rpartition(":")
        if not (colon and _is_quarter(quarter)):
            of, quarter = name, ""
        if of in NOW:
            return _Side(name, quarter=quarter or None)
        if commit := self._commit(of):
            return _Side(name, commit=commit, quarter=quarter or None)
        if (self._here / name).is_dir():
            raise WrongUse(Problem(f"{name} is no folder of a build", None, _FORMS))
        raise WrongUse(Problem(f"nothing is called {name}", None, _FORMS))

    def _commit(self, revision: str) -> str | None:
        try:
            return commit_of(self._project.root, revision)
        except WrongUse:
            # Workspaces can be compared without a project.
            return None

    def _computed(self, side: _Side, quarter: str) -> Contents:
        root = self._project.root
        if side.commit is None:
            source = checkout_of(root)
            contents = self._contents(self._project, side.name, quarter)
            return _with_facts(contents, source.commit or "none", differs=bool(source.differs))
        with tempfile.TemporaryDirectory(prefix="scrutiny-") as name:
            folder = Path(name)
            lay_out(root, side.commit, folder)
            try:
                contents = self._contents(Project(folder), side.name, quarter)
            except ScrutinyError as error:
                raise WrongInput(_of_another_time(side, error)) from None
        return _with_facts(contents, side.commit)

    def _contents(self, project: Project, name: str, quarter: str) -> Contents:
        stages = Stages.of(project, quarter)
        with stages.staged(self._progress) as (computed, folder):
            write_sections(folder, stages.narrative, computed)
            write_computed(folder, computed, stages.cache)
            return read_contents(folder, name)


def _with_facts(contents: Contents, commit: str, *, differs: bool = False) -> Contents:
    here = environment()
    return replace(
        contents,
        facts=made_with(commit=commit, differs=differs, python=here["python"], packages=here["packages"]),
    )


def _of_another_time(side: _Side, error: ScrutinyError) -> Problem:
    """Tell that a commit cannot be computed, and the first mistakes in it: files of it cannot be mended."""
    told = "\n".join(f"{problem}" for problem in error.problems[:_TOLD])
    more = len(error.problems) - _TOLD
    return Problem(
        f"this program cannot compute the report as it was at {side.name}, because there:\n{told}"
        + (f"\nand {more} more" if more > 0 else ""),
        None,
        "build it with the program of that commit, and name the folder of the build instead",
    )


def _is_quarter(name: str) -> bool:
    try:
        Quarter.parse(name)
    except ValueError:
        return False
    return True
