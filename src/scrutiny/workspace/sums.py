"""Sums of a workspace's files, by which it is the same wherever it lies."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from scrutiny.cache import file_sum
from scrutiny.engines.interface import MAIN

_CONTENT_FOLDERS = ("downloads", "inputs", "sections")
_CONTENT_FILES = (MAIN, "values.json")


def sums_of(workspace: Path, left_out: Iterable[str]) -> dict[str, str]:
    """Sum each file of a workspace: path from it, with slashes, and SHA-256, sorted by path.

    Files and folders whose names begin with a dot are no part of it.

    Parameters
    ----------
    workspace : Path
    left_out : iterable of str
        Paths of files that are not summed.
    """
    names = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if not path.is_dir()}
    hidden = {name for name in names if any(part.startswith(".") for part in name.split("/"))}
    return {name: file_sum(workspace / name) for name in sorted(names - hidden - set(left_out))}


def content_hash(sums: Mapping[str, str]) -> str:
    """Sum what a report says, wherever and with whatever it was built; docs/verify.md defines it.

    Parameters
    ----------
    sums : mapping of str to str
        Path and SHA-256 of each file; those of inputs, values, tables' and figures' data and narrative count.
    """
    return _sum_of_lines(
        {
            path: total
            for path, total in sums.items()
            if path in _CONTENT_FILES or path.partition("/")[0] in _CONTENT_FOLDERS
        }
    )


def code_sum(code: Path = Path(__file__).parents[1]) -> str:
    """Sum the code of the program itself, so that two of one version number are told apart."""
    return _sum_of_lines({path.relative_to(code).as_posix(): file_sum(path) for path in code.rglob("*.py")})


def write_whole(path: Path, text: str) -> None:
    """Write a file aside and move it into place, so that it is there whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        aside.chmod(0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _sum_of_lines(sums: Mapping[str, str]) -> str:
    """Sum the lines that `sha256sum` writes."""
    return hashlib.sha256("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()).hexdigest()
