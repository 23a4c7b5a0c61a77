"""What a build shows while it runs, and the log that it leaves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

log = logging.getLogger("scrutiny")


class BuildProgress:
    """A bar over the steps of a build, with what is running beside it.

    Parameters
    ----------
    console : Console
        Where it is shown; on one that is no terminal each step is a line instead.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[running]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._lock = Lock()
        self._running: list[str] = []

    @contextmanager
    def step(self, name: str, total: int) -> Iterator[Step]:
        """Show a step that has `total` parts."""
        task = self._bar.add_task(name, total=total, running="")
        with self._bar:
            yield Step(self, name, task)

    def _started(self, step: Step, part: str) -> None:
        with self._lock:
            self._running.append(part)
            self._bar.update(step.task, running=", ".join(self._running))
        log.info("%s: %s started", step.name, part)

    def _finished(self, step: Step, part: str) -> None:
        with self._lock:
            self._running.remove(part)
            self._bar.update(step.task, advance=1, running=", ".join(self._running))
        log.info("%s: %s done", step.name, part)
        if not self._console.is_terminal:
            self._console.print(f"{step.name}: {part}")


class Step:
    """A step of a build: parts of it are started and finished, several at a time."""

    def __init__(self, progress: BuildProgress, name: str, task: TaskID) -> None:
        self._progress = progress
        self.name = name
        self.task = task

    def started(self, part: str) -> None:
        """Say that a part is running."""
        self._progress._started(self, part)

    def finished(self, part: str) -> None:
        """Say that a part is done."""
        self._progress._finished(self, part)


@contextmanager
def logged_to(path: Path) -> Iterator[None]:
    """Write the program's log to a file, anew for each build."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, mode="w", encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        handler.close()
