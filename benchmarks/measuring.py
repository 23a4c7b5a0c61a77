"""What the benchmarks share: a copy of the project, and a command's time and peak memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "_quarto.yml", "_variables.yml", "report.qmd", "requirements.lock", "assets", "data", "notebooks", "params",
    "sections",
)  # fmt: skip
SCRUTINY = (sys.executable, "-c", "from scrutiny.cli import main; main()")
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """How long something took, and how much memory its processes had at once."""

    seconds: float
    mebibytes: float

    def __str__(self) -> str:
        return f"{self.seconds:6.2f} s, {self.mebibytes:5.0f} MiB at most"


def copy_project(folder: Path, tree: Path = ROOT) -> Path:
    """Copy a project without what was built."""
    folder.mkdir(parents=True)
    for name in COPIED:
        source = tree / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    return folder


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end; memory is that of it and all its descendants together, looked at now and then.

    Raises
    ------
    SystemExit
        With what it said, if it failed.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        most = 0
        while True:
            try:
                # Looking takes time of the processes looked at, so that what runs long is looked at less often.
                waited = min(max((time.perf_counter() - started) / 4, 0.02), 0.25)
                said, _ = process.communicate(timeout=waited)
            except subprocess.TimeoutExpired:
                most = max(most, sum(map(_proportional_bytes, _descendants(process.pid))))
            else:
                break
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: exit {process.returncode}\n{said}")
    return Run(time.perf_counter() - started, most / _MEBIBYTE)


def _descendants(pid: int) -> list[int]:
    """Give a process and all that it started; empty where there is no /proc."""
    found = [pid]
    for parent in found:
        # Any of them may end while it is looked at.
        with suppress(OSError):
            for children in Path(f"/proc/{parent}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def _proportional_bytes(pid: int) -> int:
    """Give a process's share of memory: pages that n processes have in common count for an nth in each."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:")), 0)
