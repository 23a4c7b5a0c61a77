"""Files and folders written whole or not at all, and the digests by which they are known."""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_atomically(path: Path, text: str) -> None:
    """Write a file aside and move it into place, so that it is there whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        # mkstemp lets only its user read it.
        aside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def require_folders(root: Path, *names: str) -> None:
    """Check that no file stands where a folder belongs.

    Parameters
    ----------
    root : Path
        The project's folder.
    names : str
        Folders in it; there need be none.

    Raises
    ------
    WrongInput
        If one does.
    """
    problems = [
        Problem("this is a file, and a folder belongs here", Place(Path(name)), "move it away")
        for name in names
        if (root / name).exists() and not (root / name).is_dir()
    ]
    if problems:
        raise WrongInput(problems)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Make a folder aside and move it into place when all went well.

    Parameters
    ----------
    target : Path
        The folder to make or to replace. If anything fails it stays as it was.

    Yields
    ------
    Path
        An empty folder beside `target` to work in.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    aside.chmod(0o755)
    try:
        yield aside
        move_into_place(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def move_into_place(folder: Path, target: Path) -> None:
    """Move a folder to `target`; what stood there is removed afterwards, not before.

    On Linux the two change places in one step, so that a reader never finds neither.
    """
    if not target.exists():
        folder.rename(target)
        return
    if _exchange(folder, target):
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent)) / target.name
    target.rename(old)
    try:
        folder.rename(target)
    except OSError:
        old.rename(target)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two folders atomically; False where the system cannot."""
    if sys.platform != "linux":
        return False
    with suppress(OSError, AttributeError):
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
        return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)
    return False


def content_digest(*parts: str | bytes) -> str:
    """Give the SHA-256 of several texts, which are told apart: `a`, `bc` is not `ab`, `c`."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        total.update(f"{len(content)}:".encode())
        total.update(content)
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """Give the SHA-256 of a file; empty if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
