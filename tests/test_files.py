from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scrutiny import files
from scrutiny.errors import WrongInput
from scrutiny.files import only_writer, staged, write_together


@pytest.fixture(params=["exchange", "two renames"])
def way(request, monkeypatch):
    if request.param == "two renames":
        monkeypatch.setattr(files, "_exchange", lambda *folders: False)


def make(target, text):
    with staged(target) as folder:
        (folder / "report.txt").write_text(text, encoding="utf-8")


def test_a_folder_is_made_and_replaced_whole(tmp_path, way):
    target = tmp_path / "build" / "2020-21-Q1"
    make(target, "one")
    (target / "left over.txt").touch()
    make(target, "two")
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {"report.txt": "two"}
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt])
def test_a_failure_leaves_what_was_there(tmp_path, way, failure):
    target = tmp_path / "2020-21-Q1"
    make(target, "one")
    with pytest.raises(failure), staged(target) as folder:
        (folder / "report.txt").write_text("half", encoding="utf-8")
        raise failure
    assert (target / "report.txt").read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_move_puts_the_old_one_back(tmp_path, monkeypatch):
    target = tmp_path / "2020-21-Q1"
    make(target, "one")
    monkeypatch.setattr(files, "_exchange", lambda *folders: False)
    rename = type(target).rename

    def refuse(self, other):
        if other == target and not self.parent.name.startswith(".2020-21-Q1-old"):
            raise OSError("the disk is full")
        return rename(self, other)

    monkeypatch.setattr(type(target), "rename", refuse)
    with pytest.raises(OSError, match="disk is full"):
        make(target, "two")
    assert (target / "report.txt").read_text(encoding="utf-8") == "one"
    assert list(tmp_path.iterdir()) == [target]


def killed_at(line: int, work: Callable[[], object]) -> bool:
    """Do some work in a process that is killed as it reaches a line of `files`, counted in order; tell whether it was."""

    def count(frame, event, argument):
        nonlocal line
        if frame.f_code.co_filename != files.__file__:
            return None
        line -= event == "line"
        if line < 0:
            os._exit(9)
        return count

    if not (child := os.fork()):
        sys.settrace(count)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def project(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file() and path.parent.name != "build"
    }


def be_writer(root: Path) -> None:
    with only_writer(root / "build", root, lambda other: pytest.fail(f"{other} is dead")):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_wherever_a_writer_is_killed_all_or_none_is_written_and_nothing_left(tmp_path):
    root = tmp_path / "project"
    for name in ("data", "params", "sections"):
        (root / name).mkdir(parents=True)
    (root / "data" / "a.csv").write_text("old", encoding="utf-8")
    before = project(root)
    new = {
        root / "data" / "a.csv": b"new",
        root / "sections" / "Q" / "b.qmd": b"b",
        root / "params" / "Q.yml": b"Q",
    }
    after = {path.relative_to(root).as_posix(): content.decode() for path, content in new.items()}
    line, outcomes = 0, []
    while killed_at(line, lambda: write_together(root, new)):
        be_writer(root)
        assert project(root) in (before, after)
        outcomes.append(project(root) == after)
        # As it was, for the next.
        write_together(root, {root / name: text.encode() for name, text in before.items()})
        for name in after.keys() - before.keys():
            (root / name).unlink(missing_ok=True)
        if (root / "sections" / "Q").is_dir():
            (root / "sections" / "Q").rmdir()
        assert sorted(path.name for path in root.iterdir()) == ["build", "data", "params", "sections"]
        line += 1
    assert outcomes == sorted(outcomes), "once all was written, all stays written"
    assert (outcomes.count(False) > 20, outcomes.count(True) > 0, project(root)) == (True, True, after)


def test_a_failed_write_puts_all_back(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("old", encoding="utf-8")
    replace = Path.replace

    def refuse(self, target):
        if target.name == "b":
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="No space left"):
        write_together(tmp_path, {tmp_path / "a": b"new", tmp_path / "b": b"new"})
    assert project(tmp_path) == {"a": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def add_one(root: Path, times: int) -> None:
    for _ in range(times):
        with only_writer(root / "build", root, lambda other: None):
            number = int((root / "number").read_text(encoding="utf-8"))
            write_together(root, {root / "number": str(number + 1).encode()})


def test_writers_wait_for_each_other_so_that_nothing_is_lost(tmp_path):
    (tmp_path / "number").write_text("0", encoding="utf-8")
    processes = [multiprocessing.Process(target=add_one, args=(tmp_path, 10)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert (tmp_path / "number").read_text(encoding="utf-8") == "40"


def test_who_waits_is_told_for_whom(tmp_path):
    code = (
        "import sys; from pathlib import Path; from scrutiny.files import only_writer\n"
        "sys.argv = ['/bin/scrutiny', 'import', 'x.csv']; root = Path(sys.argv.pop() and '.')\n"
        "with only_writer(root / 'build', root, print):\n"
        "    print('held', flush=True); input()"
    )
    told = []
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"

        def waiting(other):
            told.append(other)
            holder.stdin.write("\n")
            holder.stdin.close()

        with only_writer(tmp_path / "build", tmp_path, waiting):
            assert told == [f"scrutiny import (process {holder.pid})"]


def test_where_nothing_can_be_written_that_is_said(tmp_path):
    (tmp_path / "build").touch()
    with pytest.raises(WrongInput, match="build: expected a folder, found a file"):
        be_writer(tmp_path)


def race(root: Path, name: str) -> None:
    for _ in range(50):
        make(root / "target", name)


def test_two_that_put_a_folder_in_one_place_do_not_collide(tmp_path):
    processes = [multiprocessing.Process(target=race, args=(tmp_path, name)) for name in ("one", "two")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert (tmp_path / "target" / "report.txt").read_text(encoding="utf-8") in ("one", "two")
