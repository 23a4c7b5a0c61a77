"""Files and folders written whole or not at all, and SHA-256 digests of contents."""

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

from scrutiny.errors import Location, Problem, WrongInput

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all, text as UTF-8; one that is replaced keeps its permissions."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    written = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        # mkstemp lets only its user read it.
        written.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def require_folders(root: Path, *names: str) -> None:
    """Raise WrongInput if any of the names in the folder `root` is a file."""
    problems = [
        Problem("expected a folder, found a file", Location(Path(name)), "move it away")
        for name in names
        if (root / name).exists() and not (root / name).is_dir()
    ]
    if problems:
        raise WrongInput(problems)


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target`, and put it in its place unless the block fails."""
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    folder.chmod(0o755)
    try:
        yield folder
        _move_into_place(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _move_into_place(folder: Path, target: Path) -> None:
    """Move a folder to `target`, and only then remove what was there.

    On Linux the two change places in one step, so that a reader always finds one of them.
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
    """Return the SHA-256 digest of a sequence of texts: `a`, `bc` differs from `ab`, `c`."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(content)}:".encode() + content)
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
