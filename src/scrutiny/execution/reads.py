"""IPython extension for the kernels of a build: gives them what the build has judged, and records what they read.

A notebook's result may be used again only while everything that it read is the same. Python's audit events
(PEP 578) report every file that is opened from Python, whoever opens it. What cannot be known in this way, such
as the output of another program, is recorded as a reason not to use the result again.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import sysconfig
import tempfile
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from scrutiny.cache import Cache
from scrutiny.inputs import project

_UNKNOWABLE = {
    "subprocess.Popen": "it runs another program",
    "os.system": "it runs another program",
    "os.exec": "it runs another program",
    "os.fork": "it runs another process",
    "os.posix_spawn": "it runs another program",
    "os.spawn": "it runs another program",
    "socket.connect": "it asks another computer",
    "urllib.Request": "it asks another computer",
    "sqlite3.connect": "it reads a database",
}
_OF_THE_SYSTEM = ("/proc", "/sys", "/dev")
_HISTORY = "history.sqlite"
"""IPython's own database of what was typed."""


def arguments(record: Path, cache: Cache) -> list[str]:
    """Return the arguments of a kernel that records what it reads, and takes over what a cache keeps."""
    # Kernels run in another folder than the build.
    given = [f"--IPKernelApp.extra_extensions={__name__}", f"--ScrutinyBuild.record={record.resolve()}"]
    if cache.folder is not None:
        given += [f"--ScrutinyBuild.cache={cache.folder.resolve()}", f"--ScrutinyBuild.program={cache.program}"]
    return given


def load_ipython_extension(shell: Any) -> None:
    """Begin; IPython calls it when the kernel starts."""
    build = shell.config.ScrutinyBuild
    recorder = Recorder()
    if "cache" in build:
        # Notebooks may change what functions do, so a kernel keeps nothing itself.
        project.kept_by_build = Cache(Path(build.cache), build.program, read_only=True)
        recorder.ignore(build.cache)
    sys.addaudithook(recorder.hear)
    shell.events.register("post_run_cell", lambda _: recorder.write(Path(build.record)))


class Recorder:
    """Collects what is read while a notebook runs."""

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._written: set[str] = set()
        self._unknowable: set[str] = set()
        self._ignored = _installation()
        self._temporary = os.path.realpath(tempfile.gettempdir())
        # Notebooks run in a folder of it.
        self._workspace = str(Path.cwd().resolve().parent)
        self._own = threading.local()

    def ignore(self, folder: str) -> None:
        """Leave out what is read in a folder."""
        self._ignored += (os.path.realpath(folder),)

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        """Handle an audit event."""
        if event not in _HEARD or getattr(self._own, "busy", False):
            return
        # What the recorder itself reads does not count.
        self._own.busy = True
        try:
            if event == "open":
                self._opened(*details)
            elif event in ("os.listdir", "os.scandir"):
                self._listed(details[0])
            elif not (event == "sqlite3.connect" and str(details[0]).endswith(_HISTORY)):
                self._not_known(_UNKNOWABLE[event])
        finally:
            self._own.busy = False

    def write(self, record: Path) -> None:
        """Write what was collected so far into a file."""
        self._own.busy = True
        try:
            content = {"digests": self._digests, "unknowable": sorted(self._unknowable)}
            record.write_text(json.dumps(content), encoding="utf-8")
        finally:
            self._own.busy = False

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int) or path is None:
            return
        name = os.path.realpath(os.fsdecode(path))
        writes = any(sign in mode for sign in "wax+") if mode else flags & (os.O_WRONLY | os.O_RDWR)
        if writes:
            if name not in self._digests and (not Path(name).exists() or not _keeps(mode, flags)):
                self._written.add(name)
            harmless = (self._temporary, *_OF_THE_SYSTEM, *self._ignored)
            if _is_below(name, self._workspace) or not _is_below(name, *harmless):
                self._unknowable.add(f"it writes {name}")
            if name in self._written:
                return
        self._note(name)
        # Python does not open the source of a module that is compiled already.
        if name.endswith(".pyc"):
            try:
                self._note(os.path.realpath(importlib.util.source_from_cache(name)))
            except ValueError:
                return

    def _note(self, name: str) -> None:
        if name not in self._written and not _is_below(name, *_OF_THE_SYSTEM, *self._ignored):
            self._digests.setdefault(name, digest_of(name))

    def _listed(self, path: Any) -> None:
        if isinstance(path, int):
            self._unknowable.add("it lists a folder without a name")
            return
        self._note(os.path.realpath(os.fsdecode(path or ".")) + os.sep)

    def _not_known(self, why: str) -> None:
        if not self._importing(sys._getframe()):
            self._unknowable.add(why)

    def _importing(self, frame: FrameType | None) -> bool:
        """Whether an installed module is being imported, which is the same on the same installation."""
        while frame:
            file = frame.f_code.co_filename
            if file.startswith("<frozen importlib"):
                return True
            if not _is_below(os.path.realpath(file), *self._ignored):
                return False
            frame = frame.f_back
        return False


_HEARD = frozenset({"open", "os.listdir", "os.scandir", *_UNKNOWABLE})


def digest_of(name: str) -> str:
    """Return the SHA-256 of a file, or of the names in a folder, which ends with a slash; empty if missing."""
    path = Path(name)
    try:
        if name.endswith(os.sep):
            content = "\n".join(sorted(entry.name for entry in path.iterdir())).encode()
        else:
            content = path.read_bytes()
    except OSError:
        return ""
    return hashlib.sha256(content).hexdigest()


def _installation() -> tuple[str, ...]:
    """Return the folders of Python and of what is installed in it, which `cache.program_digest` covers."""
    paths = sysconfig.get_paths()
    named = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(dict.fromkeys(map(os.path.realpath, [*named, str(Path(__file__).parents[1])])))


def _keeps(mode: str | None, flags: int) -> bool:
    """Whether the content of a file opened for writing is kept."""
    return "w" not in mode if mode else not flags & os.O_TRUNC


def _is_below(name: str, *folders: str) -> bool:
    return any(name.startswith(folder + os.sep) or name == folder for folder in folders)
