"""What `scrutiny diff` is asked to compare: workspaces, quarters, commits, the project as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from fixtures.projects import quiet
from fixtures.small_project import BEFORE, COUNT, QUARTER, small_project

from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build

LATER = COUNT + 30
DATA = "data/knife_crime.csv"
NARRATIVE = f"sections/{QUARTER}/01-knife-crime.qmd"
ROW = f"2020-04-01,2020-06-30,count,{COUNT},"


def git(folder: Path, *arguments: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments]
    ran = subprocess.run(
        command, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, check=True
    )
    return ran.stdout.strip()


@pytest.fixture
def diff(command):
    """Run `scrutiny diff` in a folder."""
    return lambda folder, *arguments: command(folder, "diff", *arguments)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def history(tmp_path_factory) -> Path:
    """Give a project in a repository of something else, with two commits, a build of the first, and edits since."""
    top = tmp_path_factory.mktemp("history")
    project = small_project(top / "the report")
    (top / ".gitignore").write_text("build/\n", encoding="utf-8")
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "one")
    build(Project(project), QUARTER, quiet(), engine_name="pandoc", formats=("html",))
    (project / "build" / QUARTER).rename(top / "first build")
    replace(project / DATA, ROW, ROW.replace(str(COUNT), str(LATER)))
    git(top, "commit", "--quiet", "--all", "--message", "two")
    replace(project / NARRATIVE, "There were", "In <b>all</b> there were")
    (top / "notes.txt").write_text("not in git", encoding="utf-8")
    return project


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "build" not in path.relative_to(folder).parts
    }


def test_a_commit_and_the_project_as_it_is(diff, history, tmp_path, monkeypatch):
    before = state(history.parent)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ran = diff(history, "HEAD~1", "now", "--quarter", QUARTER, "--json", "--exit-code")
    assert (ran.returncode, list(tmp_path.glob("scrutiny-*"))) == (1, [])
    # Neither work tree nor index nor anything else of the repository changes.
    assert state(history.parent) == before
    found = json.loads(ran.stdout)
    commits = {one["name"]: (one["a"], one["b"]) for one in found["facts"]}["commit"]
    assert commits == (git(history, "rev-parse", "HEAD~1"), f"{git(history, 'rev-parse', 'HEAD')} with changes")
    changes = {(one["name"], one["where"]): one for one in found["changes"]}
    count = changes["knife.crime.quarter.count", ""]
    assert (count["section"], count["a"], count["b"]) == ("sections/01-knife-crime.qmd", str(COUNT), str(LATER))
    assert (count["difference"], count["percent"]) == ("30", f"{100 * 30}/{COUNT}")
    change = changes["knife.crime.quarter.change_on_previous_quarter", ""]
    assert (change["a"], change["b"]) == (f"−{BEFORE - COUNT}", f"+{LATER - BEFORE}")
    assert change["difference"] == "30"
    assert changes["tbl-knife", "row On the quarter before, column Latest"]["difference"] == "30"
    assert changes["fig-knife", f"row {QUARTER}, column Knife crime (offences)"]["b"] == str(LATER)
    (text,) = [one for one in found["changes"] if one["kind"] == "narrative"]
    assert text["b"].startswith("In <b>all</b> there were {{< var knife.crime.quarter.count >}} offences")


def test_a_build_and_the_commit_that_it_was_made_from_say_the_same(diff, history):
    ran = diff(history, "../first build", f"HEAD~1:{QUARTER}", "--exit-code")
    assert (ran.returncode, [line for line in ran.stdout.splitlines() if "\tfact\t" not in line]) == (0, [])


def test_two_builds_need_no_project(diff, history, tmp_path):
    first = str(history.parent / "first build")
    ran = diff(tmp_path, first, first)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_a_page_is_written_and_another_file_is_not_lost(diff, history, tmp_path):
    first = str(history.parent / "first build")
    page, other = tmp_path / "page.html", tmp_path / "mine.html"
    for _ in range(2):
        assert diff(history, first, first, "--html", str(page)).returncode == 0
    assert "Values, tables, figures and narrative are the same." in page.read_text(encoding="utf-8")
    other.write_text("mine", encoding="utf-8")
    refused = diff(history, first, first, "--html", str(other))
    assert (refused.returncode, other.read_text(encoding="utf-8")) == (2, "mine")
    assert "mine.html is another file, and would be lost" in refused.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "mine.html"}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nothing", "now"], 2, "nothing is called nothing"),
        (["--quarter", QUARTER, "now", "data"], 2, "data is no folder of a build"),
        ([QUARTER, "now"], 2, f"{QUARTER} has not been built"),
        (["HEAD"], 2, "the quarter of HEAD is not given"),
        (
            ["HEAD:2019-20-Q1", "../first build"],
            3,
            "this program cannot compute the report as it was at HEAD:2019-20-Q1",
        ),
        (["now:2019-20-Q1", "../first build"], 2, "params/2019-20-Q1.yml is missing"),
    ],
)
def test_what_names_nothing_is_refused(diff, history, arguments, code, told):
    ran = diff(history, *arguments)
    assert (ran.returncode, ran.stdout) == (code, "")
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_project_of_another_time_gets_one_clear_message(diff, history):
    git(history, "stash", "--quiet")
    replace(history / "params" / f"{QUARTER}.yml", "quarter:", "period:")
    git(history, "commit", "--quiet", "--all", "--message", "old")
    git(history, "tag", "old")
    git(history, "reset", "--quiet", "--hard", "HEAD~1")
    git(history, "stash", "pop", "--quiet")
    ran = diff(history, "old", "now", "--quarter", QUARTER)
    assert (ran.returncode, ran.stdout) == (3, "")
    assert "this program cannot compute the report as it was at old, because there:" in ran.stderr
    assert "build it with the program of that commit" in ran.stderr


@pytest.mark.parametrize("damage", ["values.json", "origins.json", "sections/01-knife-crime.qmd"])
def test_a_damaged_workspace_is_told(diff, history, tmp_path, damage):
    copy = shutil.copytree(history.parent / "first build", tmp_path / "copy")
    (copy / damage).write_bytes(b"\xff")
    ran = diff(tmp_path, "copy", str(history.parent / "first build"))
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("scrutiny: copy: ")
    assert "Traceback" not in ran.stderr
