"""Commits of the project's git repository, checked out into a folder of their own."""

from __future__ import annotations

import tarfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from scrutiny.cache import FOLDER, LOCK_FILE
from scrutiny.errors import Problem, WrongInput
from scrutiny.workspace.git import git


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
    archive = git(root, "archive", "--format=tar", commit)
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
