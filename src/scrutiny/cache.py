"""What builds keep for the next one: results by the content of what they were made from, in `build/.cache/`.

An entry is a JSON file named by the digest of everything that its result depends on, so it is never out of date,
only unused. See docs/explanation/cache.md.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from scrutiny.files import content_digest, file_digest, write_atomically
from scrutiny.progress import log

FOLDER = ".cache"
"""The cache's folder in `build/`."""
LOCK_FILE = "requirements.lock"
LARGEST = 512 * 1024 * 1024
"""Bytes that all entries together may take; the least recently used go first."""
OLDEST_DAYS = 30
"""Days for which an unused entry is kept."""
_DAY = 24 * 3600
_KEY_LENGTH = 40
Result = TypeVar("Result")
_SUFFIX = ".json"


class Cache:
    """Results by kind and key, safe to share between builds that run at once.

    Parameters
    ----------
    folder : Path or None
        Created when the first result is kept; None keeps nothing.
    program : str
        Digest of the program, part of every key; see `program_digest`.
    fresh : bool
        Ignore what earlier builds kept, and compute everything again.
    read_only : bool
        Keep nothing new.
    """

    def __init__(self, folder: Path | None, program: str, *, fresh: bool = False, read_only: bool = False) -> None:
        self.folder = folder
        self.program = program
        self._fresh = fresh
        self._read_only = read_only
        self._written: set[Path] = set()

    def key(self, *parts: str | bytes) -> str:
        """Return the key of a result: a digest of the program and of everything the result depends on."""
        return content_digest(self.program, *parts)[:_KEY_LENGTH]

    def get(self, kind: str, key: str) -> Any:
        """Return what is kept, or None; a damaged entry counts as missing."""
        if self.folder is None:
            return None
        path = self._path(kind, key)
        if self._fresh and path not in self._written:
            return None
        try:
            digest, _, text = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if digest.decode("ascii", "replace") != content_digest(kind, key, text):
            log.warning("%s is damaged and will be made again", path)
            return None
        # The time of a file is that of its last use.
        with suppress(OSError):
            os.utime(path)
        return json.loads(text)

    def put(self, kind: str, key: str, content: Any) -> None:
        """Keep what JSON can hold, whole or not at all; where nothing can be written, the build goes on."""
        if self.folder is None or self._read_only:
            return
        text = json.dumps(content, ensure_ascii=False)
        path = self._path(kind, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, f"{content_digest(kind, key, text)}\n{text}")
        except OSError as error:
            log.warning("nothing could be kept in %s: %s", path.parent, error)
        else:
            self._written.add(path)

    def remember(
        self,
        kind: str,
        key: Callable[[], str],
        compute: Callable[[], Result],
        dump: Callable[[Result], Any] = lambda result: result,
        load: Callable[[Any], Result] = lambda content: content,
    ) -> Result:
        """Return what is kept, or compute and keep it, unless the key has changed meanwhile.

        Parameters
        ----------
        key : callable
            Returns the key of what the result depends on, as it is now.
        dump, load : callable
            Turn the result into what JSON can hold, and back.
        """
        before = key()
        if (content := self.get(kind, before)) is not None:
            return load(content)
        result = compute()
        if self.folder is not None and not self._read_only and key() == before:
            self.put(kind, before, dump(result))
        return result

    def keys(self, kind: str, beginning: str) -> list[str]:
        """List the keys of a kind that begin with a text."""
        names = _names_in(self.folder / kind) if self.folder else []
        return sorted(
            name.removesuffix(_SUFFIX) for name in names if name.startswith(beginning) and name.endswith(_SUFFIX)
        )

    def prune(self) -> None:
        """Remove entries unused for `OLDEST_DAYS`, and the least recently used beyond `LARGEST` bytes."""
        now = time.time()
        kept = 0
        for path, status in sorted(self._files(), key=lambda one: one[1].st_mtime, reverse=True):
            age = now - status.st_mtime
            # A build that was killed leaves the file that it was writing.
            is_partial = path.name.startswith(".") and age > _DAY
            kept += status.st_size
            if is_partial or age > OLDEST_DAYS * _DAY or kept > LARGEST:
                with suppress(OSError):
                    path.unlink()

    def _path(self, kind: str, key: str) -> Path:
        assert self.folder is not None
        return self.folder / kind / (key + _SUFFIX)

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("*/*") if self.folder else ():
            # Another build may have removed it meanwhile.
            with suppress(OSError):
                yield path, path.stat()


NOTHING = Cache(None, "")
"""Keeps nothing."""


def cache_of(root: Path, *, fresh: bool = False) -> Cache:
    """Return the cache of the project in a folder."""
    return Cache(root / "build" / FOLDER, program_digest(root / LOCK_FILE), fresh=fresh)


def program_digest(lock_file: Path, code: Path = Path(__file__).parent) -> str:
    """Digest what computes: this package's code, the versions of all installed packages, Python, the lock file."""
    sources = sorted(code.rglob("*.py"))
    installed = sorted(
        name
        for folder in dict.fromkeys(sys.path)
        for name in _names_in(Path(folder or "."))
        # Name and version; reading the contents would take longer than everything else.
        if name.endswith((".dist-info", ".egg-info"))
    )
    return content_digest(
        sys.version,
        sys.platform,
        *installed,
        *(part for path in sources for part in (path.relative_to(code).as_posix(), path.read_bytes())),
        file_digest(lock_file),
    )


def _names_in(folder: Path) -> list[str]:
    try:
        return [path.name for path in folder.iterdir()]
    except OSError:
        return []
