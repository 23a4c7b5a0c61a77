"""The manifest of a workspace, checked against its files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scrutiny.errors import ScrutinyError
from scrutiny.inputs.parameters import load_parameters
from scrutiny.inputs.project import INPUTS
from scrutiny.review.compare import Difference, changed, leaves
from scrutiny.review.verify.findings import Compared, Part
from scrutiny.workspace.manifest import FILE, UNLISTED, Manifest, content_hash, file_digests


def check_files(workspace: Path, manifest: Manifest) -> Iterator[Compared]:
    """Compare the files with their digests in the manifest, and its other keys with the files."""
    digests = file_digests(workspace, UNLISTED)
    for name in sorted({*digests, *manifest.sha256}):
        wrong = _wrong_file(workspace / name, digests.get(name), manifest.sha256.get(name))
        yield Compared(Part.FILES, name, what="sum", differences=tuple(wrong))
    recomputed = content_hash(digests)
    what = "content_hash is not that of the files"
    wrong_hash = Difference(what, manifest.content_hash, recomputed)
    differences = () if recomputed == manifest.content_hash else (wrong_hash,)
    yield Compared(Part.FILES, FILE, what="content_hash", differences=differences)
    wrong = _wrong_parameters(workspace, manifest)
    yield Compared(Part.FILES, FILE, what="parameters", differences=tuple(wrong))


def unaccounted(workspace: Path, again: Path) -> Iterator[Compared]:
    """Report each file of a workspace that the same workspace made again does not have."""
    made = file_digests(again, ())
    for name in file_digests(workspace, UNLISTED):
        if name not in made:
            yield Compared(Part.FILES, name, differences=(Difference("nothing of a report is in this file"),))


def _wrong_file(path: Path, digest: str | None, expected: str | None) -> Iterator[Difference]:
    if digest is None:
        yield Difference("this file is missing")
    elif path.is_symlink():
        yield Difference("this is a link to another file, not a file of the workspace")
    elif expected is None:
        yield Difference("this file is extra: the manifest does not have it")
    elif not digest:
        yield Difference("this file cannot be read")
    elif digest != expected:
        yield Difference("this file has changed: its SHA-256 is not that of the manifest")


def _wrong_parameters(workspace: Path, manifest: Manifest) -> Iterator[Difference]:
    folder = workspace / INPUTS / "params"
    quarters = sorted(path.stem for path in folder.glob("*.yml"))
    if quarters != [manifest.quarter]:
        yield Difference("quarter is not that of inputs/params", manifest.quarter, ", ".join(quarters) or None)
        return
    try:
        parameters = load_parameters(folder, manifest.quarter, Path(INPUTS, "params"))
    except ScrutinyError as error:
        yield from (Difference(str(problem)) for problem in error.problems)
        return
    for path, old, new in changed(leaves(manifest.parameters), leaves(parameters.model_dump(mode="json"))):
        yield Difference(f"parameters.{'.'.join(path)} is not as in inputs/params", old, new)
