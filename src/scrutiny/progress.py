"""What a build shows while it runs, and the log that it leaves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

log = logging.getLogger("scrutiny")


class Stopped(BaseException):
    """Ends a build in another thread than the one that Ctrl-C reached; not caught where errors are reported."""


class _Display:
    """The bar that several builds share, and whether they are to go on."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[running]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self.lock = Lock()
        self.stopped = False
        self._steps = 0

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bar while any step is under way."""
        with self.lock:
            self._steps += 1
            if self._steps == 1:
                self.bar.start()
        try:
            yield
        finally:
            with self.lock:
                self._steps -= 1
                if not self._steps:
                    self.bar.stop()


class BuildProgress:
    """A bar over the steps of a build, with what is running beside it, and the build's log.

    Parameters
    ----------
    console : Console
        On one that is no terminal each step is a line instead.
    """

    def __init__(self, console: Console) -> None:
        self._display = _Display(console)
        self._prefix = ""
        self.log = log

    def of(self, quarter: str) -> BuildProgress:
        """Return the progress of one of several builds at once, shown together with the others'."""
        part = copy(self)
        part._prefix = f"{quarter} "
        part.log = log.getChild(quarter)
        return part

    def stop(self) -> None:
        """End all builds as soon as they begin or end a part of a step."""
        self._display.stopped = True

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Step]:
        """Show a step that has `total` parts."""
        task = self._display.bar.add_task(self._prefix + name, total=total, running="")
        with self._display.shown():
            yield Step(self._display, self.log, self._prefix, name, task)


class Step:
    """A step of a build, whose parts are started and finished, several at a time."""

    def __init__(self, display: _Display, logger: logging.Logger, prefix: str, name: str, task: TaskID) -> None:
        self._display = display
        self._log = logger
        self._prefix = prefix
        self._name = name
        self._task = task
        self._running: list[str] = []

    def started(self, part: str) -> None:
        """Report that a part is running."""
        self._stop_if_asked()
        with self._display.lock:
            self._running.append(part)
            self._display.bar.update(self._task, running=", ".join(self._running))
        self._log.info("%s: %s started", self._name, part)

    def finished(self, part: str) -> None:
        """Report that a part is done."""
        self._stop_if_asked()
        with self._display.lock:
            self._running.remove(part)
            self._display.bar.update(self._task, advance=1, running=", ".join(self._running))
        self._log.info("%s: %s done", self._name, part)
        if not self._display.console.is_terminal:
            self._display.console.print(f"{self._prefix}{self._name}: {part}")

    def _stop_if_asked(self) -> None:
        if self._display.stopped:
            raise Stopped


@contextmanager
def logged_to(path: Path, quarter: str) -> Iterator[None]:
    """Write a build's log to a new file, without what other builds log at the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    own = (log.name, log.getChild(quarter).name)
    handler.addFilter(lambda record: record.name in own)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
