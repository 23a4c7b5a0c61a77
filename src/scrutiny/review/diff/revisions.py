"""Commits of the project's git repository, checked out into a folder of their own."""

from __future__ import annotations

import os
import subprocess
import tarfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from scrutiny.cache import FOLDER, LOCK_FILE
from scrutiny.errors import Problem, WrongInput


def commit_of(root: Path, revision: str) -> str | None:
    """Give the hash of the commit that a revision names; None if there is none, or no git."""
    said = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    return said.decode().strip() or None if said else None


def export(root: Path, commit: str, folder: Path) -> None:
    """Write the project as it was at a commit into an empty folder; work tree and index stay untouched.

    The project's build cache is shared: a notebook runs only if something has changed.

    Parameters
    ----------
    root : Path
        The project's folder, in a git checkout or the top of it.

    Raises
    ------
    WrongInput
        If the project was not there at that commit.
    """
    archive = _git(root, "archive", "--format=tar", commit)
    if archive is None:
        what = f"git does not give the project as it was at {commit}"
        raise WrongInput(Problem(what, instead="choose a commit in which the project was in this folder"))
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


def _git(root: Path, *arguments: str) -> bytes | None:
    """Give what git says; None if it fails or is not there."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        asked = subprocess.run(
            ["git", *arguments], cwd=root, env=environment, capture_output=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return None
    return asked.stdout if asked.returncode == 0 else None
