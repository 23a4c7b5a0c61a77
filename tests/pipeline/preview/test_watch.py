"""What the preview watches, however it is saved."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest
from fixtures.preview import KNIVES, OTHER, QUARTER, preview_project
from fixtures.projects import QUARTERS

from scrutiny.pipeline.preview.watch import Inputs, changes


def renamed(file: Path, text: str) -> None:
    """Save as many editors do: aside, then by a new name."""
    aside = file.with_name(f".{file.name}.new")
    aside.write_text(text, encoding="utf-8")
    aside.replace(file)


def backed_up(file: Path, text: str) -> None:
    """Save as others do: the old one away, a new one in its place, the old one removed."""
    old = file.rename(f"{file}~")
    file.write_text(text, encoding="utf-8")
    old.unlink()


def in_halves(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8") as open_file:
        open_file.write(text[: len(text) // 2])
        open_file.flush()
        open_file.write(text[len(text) // 2 :])


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[tuple[Path, Queue[frozenset[str]]]]:
    """Give a project and what its watcher says of it."""
    root = preview_project(tmp_path)
    told: Queue[frozenset[str]] = Queue()
    stop = threading.Event()
    inputs = Inputs(root, QUARTER)

    def watch() -> None:
        for changed in changes(inputs, stop):
            told.put(changed)

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield root, told
    stop.set()
    watcher.join()


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (lambda root: (root / KNIVES).write_text("# New\n"), {KNIVES}),
        (lambda root: renamed(root / KNIVES, "# New\n"), {KNIVES}),
        (lambda root: backed_up(root / KNIVES, "# New\n"), {KNIVES}),
        (lambda root: in_halves(root / KNIVES, "# New\n\nWords.\n"), {KNIVES}),
        (lambda root: (root / KNIVES).unlink(), {KNIVES}),
        (lambda root: [(root / name).write_text("# New\n") for name in (KNIVES, OTHER)], {KNIVES, OTHER}),
        (lambda root: (root / KNIVES).rename(root / OTHER), {KNIVES, OTHER}),
        (lambda root: shutil.copy(root / KNIVES, root / f"sections/{QUARTER}/_part.qmd"), {f"sections/{QUARTER}/_part.qmd"}),
        (lambda root: (root / "assets" / "report.css").write_text("p {}"), {"assets/report.css"}),
        (lambda root: (root / "assets" / "filters" / "data.lua").write_text("return {}"), {"assets/filters/data.lua"}),
        (lambda root: (root / "data" / "budget.csv").write_text("a"), {"data/budget.csv"}),
        (lambda root: renamed(root / f"params/{QUARTER}.yml", "quarter: 1"), {f"params/{QUARTER}.yml"}),
        (lambda root: (root / "notebooks" / "new.ipynb").write_text("{}"), {"notebooks/new.ipynb"}),
        (lambda root: renamed(root / "report.qmd", "x"), {"report.qmd"}),
    ],
)  # fmt: skip
def test_tells_what_changed_however_it_is_saved(
    watched: tuple[Path, Queue[frozenset[str]]], change: Callable[[Path], object], changed: set[str]
) -> None:
    root, told = watched
    change(root)
    said: set[str] = set()
    while said != changed:
        said |= told.get(timeout=10)
        assert said <= changed


def test_tells_nothing_of_what_is_no_input(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    (root / KNIVES).touch()
    (root / KNIVES).write_text((root / KNIVES).read_text())
    for name in (".01-knives.qmd.swp", "01-knives.qmd~", "#01-knives.qmd#", "01-knives.tmp"):
        (root / "sections" / QUARTER / name).write_text("x")
    (root / "params" / f"{QUARTERS[1]}.yml").write_text("x")
    (root / "build").mkdir()
    (root / "build" / "report.html").write_text("x")
    (root / KNIVES).write_text("# The end\n")
    assert told.get(timeout=10) == {KNIVES}


def test_a_burst_is_told_at_once(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    for number in range(50):
        (root / KNIVES).write_text(f"# {number}\n")
    told.get(timeout=10)
    assert told.qsize() <= 2


def test_a_folder_that_comes_later_is_watched(watched: tuple[Path, Queue[frozenset[str]]]) -> None:
    root, told = watched
    shutil.rmtree(root / "sections" / QUARTER)
    assert told.get(timeout=10) == {KNIVES, OTHER}
    (root / "sections" / QUARTER).mkdir()
    (root / KNIVES).write_text("# New\n")
    assert told.get(timeout=10) == {KNIVES}
    (root / KNIVES).write_text("# Newer\n")
    assert told.get(timeout=10) == {KNIVES}


def test_a_folder_that_goes_while_it_is_listed_ends_nothing(tmp_path: Path) -> None:
    root = preview_project(tmp_path)
    gone = root / "sections" / QUARTER / "gone"

    class Slow(Inputs):
        """Lists a folder once more after it was removed."""

        listed = 0

        def folders(self) -> list[Path]:
            self.listed += 1
            return [*super().folders(), *([gone] if self.listed == 1 else [])]

    stop = threading.Event()
    told = changes(Slow(root, QUARTER), stop)
    writer = threading.Timer(0.2, (root / KNIVES).write_text, ["# New\n"])
    writer.start()
    assert next(told) == {KNIVES}
    stop.set()
    assert list(told) == []
