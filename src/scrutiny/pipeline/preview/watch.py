"""Watching what a report is made from.

The system reports that something happened; digests tell what it was. So an editor that writes to a new file and
renames it, a file that is saved unchanged, and a burst of events all come to the same; and where the system
reports nothing, as on many network drives, a look each second finds it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from threading import Event

from watchfiles import watch

from scrutiny.inputs.project import MAIN
from scrutiny.narrative.section import SKELETON
from scrutiny.workspace.skeleton import SETTINGS

_SETTLED_MS = 50
"""Quiet time after which a change counts as complete."""
_LONGEST_MS = 400
_LOOK_MS = 1000
_RACY_NS = 2_000_000_000


@dataclass(frozen=True)
class _Seen:
    signature: tuple[int, int, int, int]
    at: int
    digest: bytes


class Inputs:
    """The files that one quarter's report is made from, and their digests when they were last looked at."""

    def __init__(self, root: Path, quarter: str) -> None:
        self._root = root
        self._folders = [root / "sections" / quarter, root / "sections" / SKELETON]
        self._folders += [root / name for name in ("notebooks", "data", "assets")]
        self._single = [root / "params" / f"{quarter}.yml", root / SETTINGS, root / MAIN]
        self._seen: dict[str, _Seen] = {}
        self.changed()

    def changed(self) -> frozenset[str]:
        """Return the files that were written, made or removed since the last look, from the project's folder."""
        before, self._seen = self._seen, {}
        for path in self._files():
            name = path.relative_to(self._root).as_posix()
            if seen := _look(path, before.get(name)):
                self._seen[name] = seen
        old, new = ({(name, one.digest) for name, one in seen.items()} for seen in (before, self._seen))
        return frozenset(name for name, _ in old ^ new)

    def folders(self) -> list[Path]:
        """Return the folders to watch; one that does not exist yet is announced by its parent."""
        wanted = {self._root, self._root / "sections", self._root / "params"}
        for folder in self._folders:
            wanted |= {
                path for path in _walk(folder) if path == folder or (path.is_dir() and _is_input(path.name))
            }
        return sorted(folder for folder in wanted if folder.is_dir())

    def _files(self) -> Iterator[Path]:
        yield from self._single
        for folder in self._folders:
            for path in _walk(folder):
                if path.is_file() and all(map(_is_input, path.relative_to(folder).parts)):
                    yield path


def changes(inputs: Inputs, stop: Event) -> Iterator[frozenset[str]]:
    """Yield what changed, each time something did, until `stop` is set.

    What changes while the receiver is at work comes next, all at once.
    """
    while not stop.is_set():
        # A folder may go between being listed and being watched; then both are done again.
        with suppress(FileNotFoundError):
            yield from _until_folders_change(inputs, stop)


def _until_folders_change(inputs: Inputs, stop: Event) -> Iterator[frozenset[str]]:
    folders = inputs.folders()
    for _ in watch(
        *folders,
        watch_filter=None,
        recursive=False,
        step=_SETTLED_MS,
        debounce=_LONGEST_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        stop_event=stop,
    ):
        if changed := inputs.changed():
            yield changed
        if inputs.folders() != folders:
            return


def _walk(folder: Path) -> Iterator[Path]:
    """Yield a folder and everything below it; what is removed meanwhile is left out, where `Path.rglob` raises."""
    for path, _, files in os.walk(folder):
        yield from (Path(path), *(Path(path, name) for name in files))


def _is_input(name: str) -> bool:
    """Whether a file is not an editor's or Jupyter's own."""
    return not name.startswith((".", "#", "__pycache__")) and not name.endswith(("~", ".tmp", ".bak"))


def _look(path: Path, last: _Seen | None) -> _Seen | None:
    """Digest a file, or keep its last digest if it cannot have changed since; None if it is gone."""
    try:
        stat = path.stat()
        signature = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
        # As git does: a file written shortly before it was looked at may be written again at the same time.
        if last and last.signature == signature and stat.st_mtime_ns + _RACY_NS < last.at:
            return last
        return _Seen(signature, time.time_ns(), blake2b(path.read_bytes()).digest())
    except OSError:
        return None
