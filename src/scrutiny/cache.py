"""What builds remember for the next one: results by the content of what they were made from, in `build/.cache/`.

An entry is a JSON file under the sum of everything that its result depends on, so it is never out of date, only
unused. See docs/explanation/cache.md.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from scrutiny.files import content_digest, file_digest, write_atomically
from scrutiny.progress import log

FOLDER = ".cache"
"""Its folder in `build/`."""
LOCK_FILE = "requirements.lock"
LARGEST = 512 * 1024 * 1024
"""Bytes that all entries together may take; those not used for longest go first."""
_DAY = 24 * 3600
OLDEST_DAYS = 30
"""How long an entry may lie unused."""
_KEY_LENGTH = 40
_SUFFIX = ".json"


class Cache:
    """Results by kind and key, safe to share between builds that run at once.

    Parameters
    ----------
    folder : Path or None
        Made when something is first remembered; None remembers nothing.
    program : str
        Sum of the program itself, part of every key; see `program_digest`.
    fresh : bool
        Forget what is there: everything is computed anew, and remembered.
    """

    def __init__(self, folder: Path | None, program: str, *, fresh: bool = False) -> None:
        self.folder = folder
        self._program = program
        self._fresh = fresh

    def key(self, *parts: str | bytes) -> str:
        """Give the key of a result: a sum of the program and of all that the result depends on."""
        return content_digest(self._program, *parts)[:_KEY_LENGTH]

    def get(self, kind: str, key: str) -> Any:
        """Give what is remembered, or None; an entry that is damaged is none."""
        if self.folder is None or self._fresh:
            return None
        path = self.folder / kind / (key + _SUFFIX)
        try:
            said, _, text = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if said.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            log.warning("%s is damaged, and made anew", path)
            return None
        # Its time is when it was last of use.
        with suppress(OSError):
            os.utime(path)
        return json.loads(text)

    def put(self, kind: str, key: str, content: Any) -> None:
        """Remember something that JSON can hold, whole or not at all; where it cannot be, the build goes on."""
        if self.folder is None:
            return
        text = json.dumps(content, ensure_ascii=False).encode()
        folder = self.folder / kind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256(text).hexdigest().encode()
            write_atomically(folder / (key + _SUFFIX), digest + b"\n" + text)
        except OSError as error:
            log.warning("nothing could be remembered in %s: %s", folder, error)

    def remember(self, kind: str, key: Callable[[], str], compute: Callable[[], Any]) -> Any:
        """Give what is remembered, or compute and remember it, unless the key has become another meanwhile.

        Parameters
        ----------
        key : callable
            Sums what the result depends on, as it is now.
        compute : callable
            Gives what JSON can hold.
        """
        before = key()
        content = self.get(kind, before)
        if content is None:
            content = compute()
            if key() == before:
                self.put(kind, before, content)
        return content

    def keys(self, kind: str, beginning: str) -> list[str]:
        """List the keys of a kind that begin with a text."""
        if self.folder is None:
            return []
        try:
            names = [path.name for path in (self.folder / kind).iterdir()]
        except OSError:
            return []
        return sorted(
            name.removesuffix(_SUFFIX) for name in names if name.startswith(beginning) and name.endswith(_SUFFIX)
        )

    def prune(self) -> None:
        """Remove entries that were not used for `OLDEST_DAYS`, and the least used above `LARGEST` bytes."""
        now = time.time()
        kept = 0
        for path, status in sorted(self._files(), key=lambda one: one[1].st_mtime, reverse=True):
            age = now - status.st_mtime
            # What a build that was killed was writing bears another name.
            is_left = path.name.startswith(".") and age > _DAY
            kept += status.st_size
            if is_left or age > OLDEST_DAYS * _DAY or kept > LARGEST:
                with suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob("*/*") if self.folder else ():
            # Another build may have removed it meanwhile.
            with suppress(OSError):
                yield path, path.stat()


NOTHING = Cache(None, "")
"""Remembers nothing."""


def cache_of(root: Path, *, fresh: bool = False) -> Cache:
    """Give the cache of the project in a folder."""
    return Cache(root / "build" / FOLDER, program_digest(root / LOCK_FILE), fresh=fresh)


def program_digest(lock_file: Path, code: Path = Path(__file__).parent) -> str:
    """Sum what computes: this package's code, the versions of all packages installed, Python, the lock file."""
    sources = sorted(code.rglob("*.py"))
    installed = sorted(
        name
        for folder in dict.fromkeys(sys.path)
        for name in _names_in(folder)
        # Name and version; reading what is in each would take longer than all the rest.
        if name.endswith((".dist-info", ".egg-info"))
    )
    return content_digest(
        sys.version,
        sys.platform,
        *installed,
        *(part for path in sources for part in (path.relative_to(code).as_posix(), path.read_bytes())),
        file_digest(lock_file),
    )


def _names_in(folder: str) -> list[str]:
    try:
        return [path.name for path in Path(folder or ".").iterdir()]
    except OSError:
        return []
