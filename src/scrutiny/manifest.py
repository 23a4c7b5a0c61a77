"""The manifest of a built report: what it was made from, with what, and the sums of its files."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from scrutiny.parameters import Parameters

SCHEMA_VERSION = 1
_PACKAGES = (
    "ipykernel",
    "matplotlib",
    "nbclient",
    "numpy",
    "pandas",
    "papermill",
    "pypandoc_binary",
    "scrutiny",
    "seaborn",
    "typst",
)


def write_manifest(
    workspace: Path,
    parameters: Parameters,
    *,
    project_root: Path,
    engine: str,
    engine_version: str,
    output: Path,
    started: datetime,
) -> None:
    """Write `manifest.json` beside the documents.

    Parameters
    ----------
    workspace : Path
        The complete workspace; every file of it is summed.
    parameters : Parameters
    project_root : Path
        Whose commit is recorded, if it is a git checkout.
    engine, engine_version : str
    output : Path
        The folder of the documents, inside the workspace.
    started : datetime
        When the build began, with its time zone.
    """
    files = {
        path.relative_to(workspace).as_posix(): _sha256(path)
        for path in workspace.rglob("*")
        if path.is_file() and not path.relative_to(workspace).parts[0].startswith(".")
    }
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "quarter": parameters.quarter,
        "parameters": parameters.model_dump(),
        "commit": _commit(project_root),
        "engine": {"name": engine, "version": engine_version},
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
        "sha256": files,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False)
    (output / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commit(root: Path) -> str | None:
    try:
        asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None
    return asked.stdout.strip() or None if asked.returncode == 0 else None
