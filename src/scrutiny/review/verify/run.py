"""A workspace verified: its files against their sums, its results and documents against those computed anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrutiny.errors import Place, Problem, ScrutinyError, WrongUse
from scrutiny.inputs.project import INPUTS
from scrutiny.progress import BuildProgress
from scrutiny.review.verify.cells import compare_notebooks
from scrutiny.review.verify.documents import compare_documents
from scrutiny.review.verify.files import check_files
from scrutiny.review.verify.findings import Compared, Difference, Part, Verdict
from scrutiny.review.verify.outputs import OTHER_VERSIONS
from scrutiny.review.verify.rerun import (
    assemble_again,
    compute_again,
    documents_of,
    engine_of,
    render_again,
)
from scrutiny.review.verify.values import compare_values
from scrutiny.workspace.manifest import FILE, Manifest, environment, read_manifest

_DRAWING = ("font-source-sans-pro", "fonttools", "matplotlib", "numpy", "pandas", "pillow", "seaborn")
"""Packages through which a byte of a picture comes about."""


@dataclass(frozen=True)
class Verification:
    """What was found in a workspace.

    Parameters
    ----------
    manifest : Manifest
        That of the workspace.
    engine : str
        Name and version of the engine that made the documents again.
    used : dict
        What computed here; see `manifest.used`.
    """

    manifest: Manifest
    compared: tuple[Compared, ...]
    engine: str
    used: dict[str, Any]
    started: datetime
    finished: datetime

    @property
    def differs(self) -> bool:
        """Whether anything differs."""
        return any(one.verdict is Verdict.DIFFERS for one in self.compared)

    def of(self, part: Part) -> list[Compared]:
        """Give the comparisons of a part."""
        return [one for one in self.compared if one.part is part]

    @property
    def other_versions(self) -> dict[str, tuple[str, str]]:
        """What has another version here than in the manifest: name, that of the manifest, and ours."""
        ours, theirs = self.used, self.manifest
        pairs = {
            "Python": (theirs.python, ours["python"]),
            "system": (theirs.system, ours["system"]),
            "engine": (f"{theirs.engine.name} {theirs.engine.version}", self.engine),
            **{name: (theirs.packages.get(name, "none"), here) for name, here in ours["packages"].items()},
        }
        if theirs.program != ours["program"] and pairs["scrutiny"][0] == pairs["scrutiny"][1]:
            version = pairs["scrutiny"][0]
            pairs["scrutiny"] = (version, f"{version}, with other code")
        return {name: both for name, both in pairs.items() if both[0] != both[1]}


def verify(workspace: Path, progress: BuildProgress) -> Verification:
    """Verify a workspace, which may lie anywhere; it is only read.

    Raises
    ------
    WrongUse
        If the folder is no workspace.
    WrongInput
        If its manifest cannot be read.
    """
    started = datetime.now(UTC)
    workspace = workspace.resolve()
    _require_workspace(workspace)
    manifest = read_manifest(workspace)
    engine = engine_of(manifest)
    ours = environment()
    compared = check_files(workspace, manifest)
    # The documents lie in a folder of the quarter's name, as they do in a build.
    with tempfile.TemporaryDirectory(prefix="scrutiny-verify-") as folder:
        clean = Path(folder, manifest.quarter)
        clean.mkdir()
        same_drawing = manifest.system == ours["system"] and all(
            manifest.packages.get(name) == ours["packages"][name] for name in _DRAWING
        )
        same_bytes = (
            f"{manifest.engine.name} {manifest.engine.version}" == f"{engine.name} {engine.version}"
            and manifest.packages == ours["packages"]
            and manifest.system == ours["system"]
        )
        compared += _compare(
            workspace, manifest, clean, progress, same_drawing=same_drawing, same_bytes=same_bytes
        )
    return Verification(
        manifest, tuple(compared), f"{engine.name} {engine.version}", ours, started, datetime.now(UTC)
    )


def _compare(
    workspace: Path,
    manifest: Manifest,
    clean: Path,
    progress: BuildProgress,
    *,
    same_drawing: bool,
    same_bytes: bool,
) -> Iterator[Compared]:
    formats = documents_of(manifest)
    try:
        computed = compute_again(workspace, manifest.quarter, clean, progress)
    except ScrutinyError as error:
        yield from _failed(error, Part.NOTEBOOKS)
        yield from compare_documents(workspace, None, formats, "")
        return
    yield from compare_notebooks(workspace, clean, same_drawing=same_drawing)
    try:
        assemble_again(workspace, manifest, computed, clean)
        yield from compare_values(workspace, clean, computed)
        render_again(clean, manifest, computed, engine_of(manifest), progress)
    except ScrutinyError as error:
        yield from _failed(error, Part.DOCUMENTS)
        yield from compare_documents(workspace, None, formats, "")
        return
    yield from compare_documents(workspace, clean, formats, "" if same_bytes else _OTHER_VERSIONS)


_OTHER_VERSIONS = OTHER_VERSIONS.replace("packages that draw", "engine and packages")


def _failed(error: ScrutinyError, part: Part) -> Iterator[Compared]:
    """Tell why something could not be made again, each mistake at its place."""
    what = "cannot be computed anew" if part is Part.NOTEBOOKS else "the documents cannot be made again"
    for problem in error.problems:
        place = problem.where or Place("")
        file, cell = str(place.file).replace("\\", "/"), ""
        if file.startswith("notebooks/"):
            cell = (place.column or "").removeprefix("cell ")
        elif part is Part.NOTEBOOKS and file:
            # Data and parameters are named from the project's folder, which `inputs/` takes the place of.
            file = f"{INPUTS}/{file}"
        at = f" (line {place.line})" if place.line else ""
        difference = Difference(f"{what}{at}: {problem.what}")
        yield Compared(
            part, file or ("inputs" if part is Part.NOTEBOOKS else "_output"), cell, "run", 1, (difference,)
        )


def _require_workspace(folder: Path) -> None:
    if (folder / FILE).exists():
        return
    instead = "give the folder that build made, such as build/2020-21-Q1"
    if not folder.is_dir():
        raise WrongUse(Problem(f"there is no folder {folder}", instead=instead))
    if (folder / Path(FILE).name).is_file():
        raise WrongUse(Problem(f"{folder} holds the documents of a workspace", instead=f"give {folder.parent}"))
    if not (folder / INPUTS).is_dir():
        raise WrongUse(Problem(f"{folder} is no workspace: it has no {FILE}", instead=instead))
