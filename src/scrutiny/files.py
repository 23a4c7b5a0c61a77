"""Files and folders written whole or not at all, and SHA-256 digests of contents."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from scrutiny.errors import Location, Problem, WrongInput

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
PREVIEW = ".preview-"
"""How the folder of a preview begins, which runs beside writers."""
_STAGING = ".writing-"
_JOURNAL = "journal.json"
_LEFT = ".*-????????"
"""What `write_atomically` and `staged` call their files and folders."""
_WRITER = ".writer"
"""File beside the lock that says who has it."""


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


@contextmanager
def only_writer(folder: Path, root: Path, waiting: Callable[[str], None]) -> Iterator[None]:
    """Be the only process that writes into the project at `root`, by a lock in a folder of it.

    While another one is, `waiting` is told which, and its end is awaited. The lock goes with its process, however
    that ends. What an earlier one left half done is undone first; see `write_together`.
    """
    require_folders(root, folder.name)
    try:
        folder.mkdir(exist_ok=True)
        lock = FileLock(folder / ".lock", is_singleton=False)
        with suppress(Timeout):
            lock.acquire(timeout=0)
        if not lock.is_locked:
            with suppress(OSError):
                waiting((folder / _WRITER).read_text(encoding="utf-8"))
            lock.acquire()
    except OSError as error:
        what = f"nothing can be written here: {error.strerror}"
        raise WrongInput(Problem(what, Location(folder.name), "get write access, or make room")) from None
    try:
        with suppress(OSError):
            name = f"{Path(sys.argv[0]).name} {' '.join(sys.argv[1:])}"
            (folder / _WRITER).write_text(f"{name} (process {os.getpid()})", encoding="utf-8")
        _tidy(root)
        yield
    finally:
        (folder / _WRITER).unlink(missing_ok=True)
        lock.release()


def write_together(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write files in or below a project's folder, all or none, even if this process is killed meanwhile.

    Until the last is in its place, the old ones lie beside a journal, from which the next writer puts them back.
    """
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        for number, (path, content) in enumerate(files.items()):
            (staging / f"{number}.new").write_bytes(content)
            (staging / f"{number}.new").chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            if path.exists():
                shutil.copy2(path, staging / f"{number}.old")
        names = [path.relative_to(folder).as_posix() for path in files]
        write_atomically(staging / _JOURNAL, json.dumps(names))
        for number, path in enumerate(files):
            path.parent.mkdir(exist_ok=True)
            (staging / f"{number}.new").replace(path)
        (staging / _JOURNAL).unlink()
    finally:
        _undo(staging)


def _undo(staging: Path) -> None:
    """Put back what `write_together` has replaced, unless it came to its end."""
    if (staging / _JOURNAL).is_file():
        for number, name in enumerate(json.loads((staging / _JOURNAL).read_text(encoding="utf-8"))):
            path, old = staging.parent / name, staging / f"{number}.old"
            if (staging / f"{number}.new").exists():
                continue
            if old.exists():
                old.replace(path)
            else:
                path.unlink(missing_ok=True)
                if path.parent.parent != staging.parent:
                    # The folder of a new quarter, if it is empty again.
                    with suppress(OSError):
                        path.parent.rmdir()
    shutil.rmtree(staging, ignore_errors=True)


def _tidy(root: Path) -> None:
    """Undo or remove what writers left who were killed; only the one writer may do so."""
    for staging in (*root.glob(f"{_STAGING}*"), *(root / "data").glob(f"{_STAGING}*")):
        _undo(staging)
    for name in ("build", "data", "params", "sections"):
        for path in (root / name).glob(_LEFT):
            if path.name.startswith(PREVIEW):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


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
    try:
        folder.rename(target)
    except OSError:
        if not target.exists():
            raise
    else:
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
