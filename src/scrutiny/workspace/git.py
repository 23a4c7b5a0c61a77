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
    """Ask git about the project in a folder, which may be part of a larger repository."""
    # A folder that git does not have, in a repository of something else, is at no commit of it.
    if not git(root, "ls-files", "-z", "--", *INPUTS):
        return Source()
    commit = commit_of(root, "HEAD")
    status = git(
        root, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none",
        "--", *INPUTS,
    )  # fmt: skip
    if not commit or status is None:
        return Source()
    prefix = (git(root, "rev-parse", "--show-prefix") or b"").decode("utf-8", "replace").strip()
    # Each is two letters for its state, a space, and the path from the top of the repository.
    entries = status.decode("utf-8", "replace").split("\0")
    differing = sorted(entry[3:].removeprefix(prefix) for entry in entries if entry)
    return Source(commit=commit, differs=bool(differing), differing=tuple(differing))


def commit_of(root: Path, revision: str) -> str | None:
    """Return the hash of the commit that a revision names; None if there is none, or no git."""
    found = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return found.decode().strip() or None if found else None


def git(root: Path, *arguments: str) -> bytes | None:
    """Return what git prints; None if it fails or is not installed."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            cwd=root,
            # Without the lock, builds at the same time do not get in each other's way.
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
