"""Commits of the project's git repository, laid out in a folder aside."""

from __future__ import annotations

import tarfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from scrutiny.cache import FOLDER, LOCK_FILE
from scrutiny.errors import Problem, WrongInput
from scrutiny.workspace.git import git


def lay_out(root: Path, commit: str, folder: Path) -> None:
    """Write the project as it was at a commit into a folder; work tree and index stay untouched.

    What builds of the project remember serves there too: a notebook runs only if something has changed.

    Parameters
    ----------
    root : Path
        The project's folder, in a git checkout or the top of it.
    folder : Path
        An empty one.

    Raises
    ------
    WrongInput
        If the project was not there at that commit.
    """
    archive = git(root, "archive", "--format=tar", commit)
    if archive is None:
        what = f"git does not give the project as it was at {commit}"
        raise WrongInput(Problem(what, None, "choose a commit in which the project was in this folder"))
    with tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
    build = folder / "build"
    # The program that computes is today's, with the packages that are installed today.
    if (lock := root / LOCK_FILE).is_file():
        (folder / LOCK_FILE).write_bytes(lock.read_bytes())
    # Without it, all is computed: where no link can be made, or the commit has a folder of that name.
    with suppress(OSError):
        (root / "build" / FOLDER).mkdir(parents=True, exist_ok=True)
        build.mkdir(exist_ok=True)
        (build / FOLDER).symlink_to((root / "build" / FOLDER).absolute(), target_is_directory=True)
