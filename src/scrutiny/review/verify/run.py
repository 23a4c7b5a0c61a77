"""A workspace verified: files against their digests, results and documents against the same computed again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrutiny.engines import Engine
from scrutiny.errors import Location, Problem, ScrutinyError, WrongUse
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.progress import BuildProgress
from scrutiny.review.compare import Difference
from scrutiny.review.verify.documents import Alike, compare_documents
from scrutiny.review.verify.files import check_files, unaccounted
from scrutiny.review.verify.findings import Compared, Part, Verdict
from scrutiny.review.verify.notebooks import compare_notebooks
from scrutiny.review.verify.rerun import assemble_again, compute_again, engine_of, formats_of, render_again
from scrutiny.review.verify.skeleton import lay_out
from scrutiny.review.verify.values import compare_values
from scrutiny.workspace.manifest import FILE, EngineUsed, Manifest, environment, read_manifest

_DRAWING = ("font-source-sans-pro", "fonttools", "matplotlib", "numpy", "pandas", "pillow", "seaborn")
"""Packages that the bytes of a picture depend on."""


@dataclass(frozen=True)
class Verification:
    """What the verification of a workspace found, with the engine and environment (see `manifest`) used here."""

    manifest: Manifest
    compared: tuple[Compared, ...]
    engine: str
    used: dict[str, Any]
    started: datetime
    finished: datetime

    @property
    def verdict(self) -> Verdict:
        """The result of it all."""
        verdicts = {one.verdict for one in self.compared}
        if Verdict.DIFFERS in verdicts:
            return Verdict.DIFFERS
        return Verdict.IN_PART if Verdict.NOT_COMPARED in verdicts else Verdict.AGREES

    def of(self, part: Part) -> list[Compared]:
        """Give the comparisons of a part."""
        return [one for one in self.compared if one.part is part]

    @property
    def other_versions(self) -> dict[str, tuple[str, str]]:
        """What has another version here than in the manifest, with that of the manifest and ours."""
        ours, theirs = self.used, self.manifest
        pairs = {
            "Python": (theirs.python, ours["python"]),
            "system": (theirs.system, ours["system"]),
            "engine": (_version(theirs.engine), self.engine),
            **{name: (theirs.packages.get(name, "none"), here) for name, here in ours["packages"].items()},
        }
        there, here = pairs["scrutiny"]
        if theirs.program != ours["program"] and there == here:
            pairs["scrutiny"] = (there, f"{here}, with other code")
        return {name: (there, here) for name, (there, here) in pairs.items() if there != here}


def verify(workspace: Path, progress: BuildProgress, *, trust: bool = False) -> Verification:
    """Verify a workspace anywhere; it is only read. With `trust`, its own filters and templates make documents."""
    started = datetime.now(UTC)
    workspace = workspace.resolve()
    _require_workspace(workspace)
    manifest = read_manifest(workspace)
    engine, ours = engine_of(manifest), environment()
    # Named after the quarter, as in a build.
    with tempfile.TemporaryDirectory(prefix="scrutiny-verify-") as folder:
        clean = Path(folder, manifest.quarter)
        clean.mkdir()
        compared = (
            *check_files(workspace, manifest),
            *_trusted(workspace, manifest, clean, trust=trust),
            *_compare(workspace, manifest, clean, progress, engine, ours),
        )
    return Verification(manifest, compared, _version(engine), ours, started, datetime.now(UTC))


def _version(engine: Engine | EngineUsed) -> str:
    return f"{engine.name} {engine.version}"


def _compare(
    workspace: Path, manifest: Manifest, clean: Path, progress: BuildProgress, engine: Engine, ours: dict[str, Any]
) -> Iterator[Compared]:
    same_system = manifest.system == ours["system"]
    same_drawing = same_system and all(manifest.packages.get(name) == ours["packages"][name] for name in _DRAWING)
    same_packages = manifest.packages == ours["packages"]
    same_engine = _version(manifest.engine) == _version(engine)
    alike = Alike(same_engine, same_drawing, same_system and same_packages and same_engine)
    formats = formats_of(manifest)
    part = Part.NOTEBOOKS
    try:
        computed = compute_again(workspace, manifest.quarter, clean, progress)
        yield from compare_notebooks(workspace, clean, same_drawing=same_drawing)
        part = Part.DOCUMENTS
        assemble_again(workspace, manifest, computed, clean)
        yield from compare_values(workspace, clean, computed)
        render_again(clean, manifest, computed, engine, progress)
    except ScrutinyError as error:
        yield from (_failure(problem, part) for problem in error.problems)
        yield from compare_documents(workspace, None, formats, alike)
    else:
        yield from compare_documents(workspace, clean, formats, alike)
        yield from unaccounted(workspace, clean)


def _trusted(workspace: Path, manifest: Manifest, clean: Path, *, trust: bool) -> Iterator[Compared]:
    """Lay out the skeleton, and report the files that are trusted but not known."""
    try:
        parameters = Project(workspace / INPUTS).parameters(manifest.quarter)
    except ScrutinyError:
        # Without them nothing runs, which is reported where it would.
        return
    note = "neither the program's nor the project's, and trusted"
    for name in lay_out(workspace, parameters, clean, trust=trust):
        yield Compared(Part.FILES, name, note=note, done=False)


def _failure(problem: Problem, part: Part) -> Compared:
    """Report, at its place, why something could not be made again."""
    what = "cannot be computed anew" if part is Part.NOTEBOOKS else "the documents cannot be made again"
    place = problem.location or Location("")
    file, cell = str(place.file).replace("\\", "/"), ""
    if file.startswith("notebooks/"):
        cell = (place.column or "").removeprefix("cell ")
    elif part is Part.NOTEBOOKS:
        # Data and parameters are named from the project's folder, which is `inputs/` here.
        file = f"{INPUTS}/{file}" if file else INPUTS
    at = f" (line {place.line})" if place.line else ""
    return Compared(
        part, file or "_output", cell, "run", differences=(Difference(f"{what}{at}: {problem.message}"),)
    )


def _require_workspace(folder: Path) -> None:
    if (folder / FILE).exists():
        return
    instead = "give the folder that build made, such as build/2020-21-Q1"
    if not folder.is_dir():
        raise WrongUse(Problem(f"there is no folder {folder}", hint=instead))
    if (folder / Path(FILE).name).is_file():
        raise WrongUse(Problem(f"{folder} holds the documents of a workspace", hint=f"give {folder.parent}"))
    if not (folder / INPUTS).is_dir():
        raise WrongUse(Problem(f"{folder} is no workspace: it has no {FILE}", hint=instead))
