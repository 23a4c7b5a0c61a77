"""How long the preview takes from saving a section to the new page, against pandoc alone for the same page.

Run: .venv/bin/python benchmarks/preview.py [--quarter 2020-21-Q1] [--times 7]

It previews a copy of the project with the bundled engine, saves a section again and again, and prints the best and
the middle time until a page that asks for it has the new text; then what pandoc alone needs for that page, and the
ratio of the two best times. Where there is Chromium, it prints the time until the open page shows the text, too.
"""

from __future__ import annotations

import argparse
import http.client
import json
import resource
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from unittest import mock
from urllib.parse import urlsplit

from rich.console import Console

from scrutiny.engines import choose_engine
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build
from scrutiny.pipeline.preview import run
from scrutiny.progress import BuildProgress

ROOT = Path(__file__).parent.parent
COPIED = ("_quarto.yml", "_variables.yml", "report.qmd", "assets", "data", "notebooks", "params", "sections")
MEBIBYTE = 1024


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--quarter", default="2020-21-Q1")
    arguments.add_argument("--times", type=int, default=7)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name in COPIED:
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile)(ROOT / name, root / name)
        section = root / "sections" / given.quarter / "01-issue-for-consideration.qmd"
        with previewed(root, given.quarter) as address:
            events = Events(address)
            events.next_page()
            saved = [seconds_to_page(section, events, number) for number in range(given.times)]
            shown = seconds_in_browser(section, events, address, given.times)
            events.close()
        alone = pandoc_alone(root, given.quarter, given.times)
    tell("from saving to the new page", saved)
    if shown:
        tell("from saving to its text in Chromium", shown)
    tell("pandoc alone for the page", alone)
    print(f"ratio of the best: {min(saved) / min(alone):.2f}")
    for who, name in (
        (resource.RUSAGE_SELF, "the preview"),
        (resource.RUSAGE_CHILDREN, "the largest process it ran"),
    ):
        print(f"peak memory of {name}: {resource.getrusage(who).ru_maxrss // MEBIBYTE} MiB")


class Events:
    """Listens to what the preview says."""

    def __init__(self, address: str) -> None:
        self._host = urlsplit(address).netloc
        self._connection = http.client.HTTPConnection(self._host, timeout=120)
        self._connection.request("GET", "/-/events")
        self._answer = self._connection.getresponse()
        self._version = 0

    def next_page(self) -> str:
        """Wait for a new page, and ask for it."""
        while True:
            line = self._answer.readline().decode()
            if line.startswith("data: "):
                notice = json.loads(line.removeprefix("data: "))
                assert not notice["problems"], notice
                if notice["version"] > self._version:
                    self._version = notice["version"]
                    asked = http.client.HTTPConnection(self._host, timeout=120)
                    asked.request("GET", "/")
                    return asked.getresponse().read().decode()

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


@contextmanager
def previewed(root: Path, quarter: str) -> Iterator[str]:
    """Run the preview beside the measurement, and give its address."""
    address: Queue[str] = Queue()
    stop = threading.Event()
    arguments = (Project(root), quarter, Console(quiet=True), stop, address.put)
    running = threading.Thread(target=run, args=arguments, kwargs={"engine_name": "pandoc"})
    running.start()
    try:
        yield address.get(timeout=60)
    finally:
        stop.set()
        running.join()


def seconds_to_page(section: Path, events: Events, number: int) -> float:
    """Save a section, and time the page that has its text."""
    started = save(section, f"Measured {number}.")
    assert f"Measured {number}." in events.next_page()
    return time.perf_counter() - started


def seconds_in_browser(section: Path, events: Events, address: str, times: int) -> list[float]:
    """Time the text in an open page; nothing where there is no browser."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        return []
    taken = []
    with sync_playwright() as playwright:
        try:
            # Root, as in a container, has no sandbox.
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        except Error:
            return []
        page = browser.new_page()
        page.goto(address)
        for number in range(times):
            started = save(section, f"Shown {number}.")
            page.get_by_text(f"Shown {number}.").wait_for(timeout=60_000)
            taken.append(time.perf_counter() - started)
            events.next_page()
        browser.close()
    return taken


def save(section: Path, text: str) -> float:
    """Add a paragraph to a section, and give the time at which it was saved."""
    kept = section.read_text(encoding="utf-8").partition("\n\nMeasured ")[0].partition("\n\nShown ")[0].rstrip()
    section.write_text(f"{kept}\n\n{text}\n", encoding="utf-8")
    return time.perf_counter()


def pandoc_alone(root: Path, quarter: str, times: int) -> list[float]:
    """Time pandoc for the page, as the engine calls it."""
    project = Project(root)
    build(project, quarter, BuildProgress(Console(quiet=True)), engine_name="pandoc", formats=("html",))
    workspace = project.build / quarter
    taken: list[float] = []
    ordinary: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run

    def timed(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        started = time.perf_counter()
        ran = ordinary(*arguments, **options)
        taken.append(time.perf_counter() - started)
        return ran

    with mock.patch("scrutiny.engines.pandoc.subprocess.run", timed):
        for _ in range(times):
            choose_engine("pandoc").render(workspace, ("html",), workspace / "_output")
    return taken


def tell(what: str, taken: list[float]) -> None:
    """Print the best and the middle of some times."""
    print(f"{what}: best {min(taken):.2f} s, middle {statistics.median(taken):.2f} s")


if __name__ == "__main__":
    main()
