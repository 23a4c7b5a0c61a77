"""The git checkout that a report was built from: its commit, and which of its inputs differ from it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from scrutiny.yaml_models import Strict

INPUTS = ("_quarto.yml", "assets", "data", "notebooks", "params", "report.qmd", "sections", "src")
"""What a report is made from and with, from the project's folder."""


class Source(Strict):
    """Where the inputs stood in git.

    Parameters
    ----------
    commit : str or None
        None without git, or if git does not have them.
    differs : bool or None
        Whether an input differs from the commit; None if there is none.
    differing : tuple of str
        The files that do: changed, removed, or not in git.
    """

    commit: str | None = None
    differs: bool | None = None
    differing: tuple[str, ...] = ()


def checkout_of(root: Path) -> Source:
    """Ask git about the project in a folder, which may be one in a larger repository."""
    # A folder that git does not have, in a repository of something else, is at no commit of it.
    if not _git(root, "ls-files", "-z", "--", *INPUTS):
        return Source()
    commit = _git(root, "rev-parse", "HEAD")
    listed = _git(
        root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none",
        "--", *INPUTS,
    )  # fmt: skip
    if not commit or listed is None:
        return Source()
    prefix = (_git(root, "rev-parse", "--show-prefix") or "").strip()
    # Each is two letters for its state, a blank, and the path from the top of the repository.
    differing = sorted(entry[3:].removeprefix(prefix) for entry in listed.split("\0") if entry)
    return Source(commit=commit.strip(), differs=bool(differing), differing=tuple(differing))


def _git(root: Path, *arguments: str) -> str | None:
    """Give what git says; None if it fails or is not there."""
    # Without the lock, several builds at once do not get into each other's way.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        asked = subprocess.run(
            ["git", *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError:
        return None
    return asked.stdout.decode("utf-8", "replace") if asked.returncode == 0 else None
