"""The manifest of a workspace, checked against its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scrutiny.errors import ScrutinyError
from scrutiny.inputs.parameters import load_parameters
from scrutiny.inputs.project import INPUTS
from scrutiny.review.verify.findings import Compared, Difference, Part
from scrutiny.workspace.manifest import FILE, UNLISTED, Manifest, content_hash, file_digests


def check_files(workspace: Path, manifest: Manifest) -> list[Compared]:
    """Compare the files with their sums, and quarter, parameters and `content_hash` with what is there.

    Parameters
    ----------
    manifest : Manifest
        That of the workspace.
    """
    sums = file_digests(workspace, UNLISTED)
    compared = [
        Compared(Part.FILES, name, what="sum", differences=tuple(_wrong(workspace, name, sums, manifest.sha256)))
        for name in sorted({*sums, *manifest.sha256})
    ]
    counted = content_hash(sums)
    wrong = [] if counted == manifest.content_hash else [Difference(_HASH, manifest.content_hash, counted)]
    compared.append(Compared(Part.FILES, FILE, what="content_hash", differences=tuple(wrong)))
    wrong = list(_wrong_parameters(workspace, manifest))
    return [*compared, Compared(Part.FILES, FILE, what="parameters", differences=tuple(wrong))]


_HASH = "content_hash is not that of the files"


def _wrong(
    workspace: Path, name: str, sums: Mapping[str, str], expected: Mapping[str, str]
) -> Iterator[Difference]:
    if name not in sums:
        yield Difference("this file is missing")
    elif (workspace / name).is_symlink():
        yield Difference("this is a link to another file, not a file of the workspace")
    elif name not in expected:
        yield Difference("this file is extra: the manifest does not have it")
    elif not sums[name]:
        yield Difference("this file cannot be read")
    elif sums[name] != expected[name]:
        yield Difference("this file has changed: its SHA-256 is not that of the manifest")


def _wrong_parameters(workspace: Path, manifest: Manifest) -> Iterator[Difference]:
    folder = workspace / INPUTS / "params"
    there = sorted(path.stem for path in folder.glob("*.yml"))
    if there != [manifest.quarter]:
        yield Difference("quarter is not that of inputs/params", manifest.quarter, ", ".join(there) or None)
        return
    try:
        parameters = load_parameters(folder, manifest.quarter, Path(INPUTS, "params"))
    except ScrutinyError as error:
        yield from (Difference(str(problem)) for problem in error.problems)
        return
    before, after = _flat(manifest.parameters), _flat(parameters.model_dump(mode="json"))
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            what = f"parameters.{key} is not as in inputs/params"
            yield Difference(what, before.get(key), after.get(key))


def _flat(nested: Any, path: str = "") -> dict[str, str]:
    """Give the leaves of nested mappings by their dotted path."""
    if not isinstance(nested, Mapping):
        return {path: str(nested)}
    return {
        name: text
        for key, below in nested.items()
        for name, text in _flat(below, f"{path}.{key}" if path else str(key)).items()
    }
