"""IPython extension for the kernels of a build: writes down what a notebook reads.

A notebook's result may be used again only while everything that it read is the same. Python's audit events
(PEP 578) tell of every file that is opened from Python, whoever opens it. What cannot be known so, such as the
output of another program, is written down as a reason not to use the result again.
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
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

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


def arguments(record: Path) -> list[str]:
    """Give the arguments of a kernel that writes what it reads into a file."""
    # Kernels run in another folder than the build.
    return [f"--IPKernelApp.extra_extensions={__name__}", f"--ScrutinyReads.file={record.resolve()}"]


def load_ipython_extension(shell: Any) -> None:
    """Begin to record; IPython calls it when the kernel starts."""
    recorder = Recorder()
    record = Path(str(shell.config.ScrutinyReads.file))
    sys.addaudithook(recorder.hear)
    shell.events.register("post_run_cell", lambda _: recorder.write(record))


class Recorder:
    """Collects what is read while a notebook runs."""

    def __init__(self) -> None:
        self._sums: dict[str, str] = {}
        self._written: set[str] = set()
        self._unknowable: set[str] = set()
        self._ignored = _installation()
        self._temporary = os.path.realpath(tempfile.gettempdir())
        # Notebooks run in a folder of it.
        self._workspace = str(Path.cwd().resolve().parent)
        self._own = threading.local()

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        """Take an audit event."""
        if event not in _HEARD or getattr(self._own, "busy", False):
            return
        # What is done here is no reading of the notebook's.
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
        """Write down what was collected so far."""
        self._own.busy = True
        try:
            content = {"sums": self._sums, "unknowable": sorted(self._unknowable)}
            record.write_text(json.dumps(content), encoding="utf-8")
        finally:
            self._own.busy = False

    def _opened(self, path: Any, mode: str | None, flags: int) -> None:
        if isinstance(path, int) or path is None:
            return
        name = os.path.realpath(os.fsdecode(path))
        writes = any(sign in mode for sign in "wax+") if mode else flags & (os.O_WRONLY | os.O_RDWR)
        if writes:
            if name not in self._sums and (not Path(name).exists() or not _keeps(mode, flags)):
                self._written.add(name)
            passing = (self._temporary, *_OF_THE_SYSTEM, *self._ignored)
            if _is_below(name, self._workspace) or not _is_below(name, *passing):
                self._unknowable.add(f"it writes {name}")
            if name in self._written:
                return
        self._note(name)
        # Python does not open the source of a module that it has compiled before.
        if name.endswith(".pyc"):
            try:
                self._note(os.path.realpath(importlib.util.source_from_cache(name)))
            except ValueError:
                return

    def _note(self, name: str) -> None:
        if name not in self._written and not _is_below(name, *_OF_THE_SYSTEM, *self._ignored):
            self._sums.setdefault(name, sum_of(name))

    def _listed(self, path: Any) -> None:
        if isinstance(path, int):
            self._unknowable.add("it lists a folder without a name")
            return
        self._note(os.path.realpath(os.fsdecode(path or ".")) + os.sep)

    def _not_known(self, why: str) -> None:
        if not self._importing(sys._getframe()):
            self._unknowable.add(why)

    def _importing(self, frame: FrameType | None) -> bool:
        """Whether an installed module is being imported, which gives the same on the same installation."""
        while frame:
            file = frame.f_code.co_filename
            if file.startswith("<frozen importlib"):
                return True
            if not _is_below(os.path.realpath(file), *self._ignored):
                return False
            frame = frame.f_back
        return False


_HEARD = frozenset({"open", "os.listdir", "os.scandir", *_UNKNOWABLE})


def sum_of(name: str) -> str:
    """Give the SHA-256 of a file, or of the names in a folder, which ends with a slash; empty if there is none."""
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
    """Folders of Python and of what is installed in it: `cache.program_digest` stands for them."""
    paths: Mapping[str, str] = sysconfig.get_paths()
    named = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(dict.fromkeys(map(os.path.realpath, [*named, str(Path(__file__).parents[1])])))


def _keeps(mode: str | None, flags: int) -> bool:
    """Whether what stood in a file opened for writing is kept."""
    return "w" not in mode if mode else not flags & os.O_TRUNC


def _is_below(name: str, *folders: str) -> bool:
    return any(name.startswith(folder + os.sep) or name == folder for folder in folders)
