"""The list of values: where it comes from, what is chosen of it, and its forms."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixtures.preview import preview_project
from fixtures.projects import quiet

from scrutiny.errors import CheckFound, NotebookFailed, WrongInput, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.values import as_lines, as_snippets, matching, values_now, values_of_last_build
from scrutiny.workspace.write import VALUES as FILE
from scrutiny.workspace.write import values_as_json, write_values

QUARTER = "2020-21-Q1"
VALUES = {
    "crime.all.quarter.movement": "cannot be compared, because a figure was not supplied",
    "crime.all.year.count": "134,069",
    "crime.all.year.movement": "fell by 16%, from 159,838 to 134,069",
    "knife.crime.year.movement": "rose by\u00a016%\n(provisional)\t[x]",
    "report.title": "Quarterly $Report$ {{< x >}}",
}


@pytest.fixture
def project(project_folder: Path) -> Project:
    """Give a project whose last build left its list."""
    project = Project(project_folder)
    (project.build / QUARTER).mkdir(parents=True)
    write_values(project.build / QUARTER, QUARTER, VALUES)
    return project


def test_the_values_of_the_last_build_are_given_as_they_were(project):
    assert values_of_last_build(project, QUARTER) == VALUES


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "[]", "{}", '{"values": []}', '"values"', b"\xff\xfe", "a folder"],
    ids=repr,
)
def test_a_damaged_list_is_told(project, damaged):
    path = project.build / QUARTER / FILE
    path.unlink()
    if damaged == "a folder":
        path.mkdir()
    else:
        path.write_bytes(damaged if isinstance(damaged, bytes) else damaged.encode())
    with pytest.raises(
        WrongInput, match=f"build/{QUARTER}/values.json: this is no list of values\n.*scrutiny build"
    ):
        values_of_last_build(project, QUARTER)


def test_a_quarter_that_is_not_built_has_no_last_list(project):
    shutil.rmtree(project.build)
    with pytest.raises(WrongUse, match=f"has not been built.*\n *run scrutiny build {QUARTER}"):
        values_of_last_build(project, QUARTER)
    with pytest.raises(WrongUse, match="there are no parameters for 2031-32-Q1"):
        values_of_last_build(project, "2031-32-Q1")


@pytest.mark.parametrize(
    ("patterns", "text", "chosen"),
    [
        ([], False, list(VALUES)),
        (["crime.all"], False, list(VALUES)[:3]),
        (["CRIME.All.Year"], False, list(VALUES)[1:3]),
        (["crime", "movement"], False, ["crime.all.quarter.movement", *list(VALUES)[2:4]]),
        (["crime.*.movement"], False, ["crime.all.quarter.movement", "crime.all.year.movement"]),
        (["*.year.*"], False, list(VALUES)[1:4]),
        (["crime.all.year.c?unt"], False, list(VALUES)[1:2]),
        (["134,069"], True, list(VALUES)[1:3]),
        (["FELL by"], True, list(VALUES)[2:3]),
        (["knife", "provisional"], True, list(VALUES)[3:4]),
        (["[x]"], True, list(VALUES)[3:4]),
        (["*[x]"], True, list(VALUES)[3:4]),
    ],
)
def test_what_matches_is_chosen(patterns, text, chosen):
    assert list(matching(VALUES, patterns, text=text)) == chosen


@pytest.mark.parametrize(
    ("patterns", "text", "told"),
    [
        (["crime.al.year.count"], False, 'no name of a value matches "crime.al.year.count"\n    did you mean "crime.all.year.count"?'),
        (["crmie.*"], False, 'no name of a value matches "crmie.*"\n    the topics are crime, knife, report'),
        (["134,069"], False, "search what values say with --text"),
        (["134,070"], True, 'no name or text of a value matches "134,070"\n    the topics are crime, knife, report'),
        (["crime", "yaer"], False, 'no name of a value matches "crime" and "yaer"'),
        (["report", "movement"], False, "each of them matches some, and none matches all: leave one out"),
    ],
)  # fmt: skip
def test_nothing_that_matches_is_answered_with_the_nearest(patterns, text, told):
    with pytest.raises(CheckFound) as caught:
        matching(VALUES, patterns, text=text)
    assert told in str(caught.value)


def test_forms_of_the_list():
    assert json.loads(values_as_json(QUARTER, VALUES)) == {"quarter": QUARTER, "values": VALUES}
    lines = list(as_lines(VALUES))
    assert lines[1] == "crime.all.year.count\t134,069"
    assert lines[3] == "knife.crime.year.movement\trose by\u00a016% (provisional) [x]"
    assert all(line.count("\t") == 1 and "\n" not in line for line in lines)


def test_snippets_are_those_of_vs_code():
    snippets = json.loads(as_snippets(QUARTER, VALUES))
    assert snippets["crime.all.year.count"] == {
        "scope": "quarto,markdown",
        "prefix": "crime.all.year.count",
        "body": "{{< var crime.all.year.count >}}",
        "description": "134,069 (2020-21-Q1)",
    }
    # In a body $, } after ${ and backslashes mean something; names have none of them.
    assert all(re.fullmatch(r"\{\{< var [a-z0-9_.]+ >\}\}", snippet["body"]) for snippet in snippets.values())


def test_values_are_what_they_are_now_and_nothing_is_left(tmp_path, monkeypatch, tmp_path_factory):
    aside = tmp_path_factory.mktemp("aside")
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    project = Project(preview_project(tmp_path))
    values = values_now(project, QUARTER, quiet())
    assert values["knife.crime.quarter.count"] == "257"
    assert values["report.quarter"] == "quarter 1 of 2020-21"
    assert list(values) == sorted(values)
    assert values_now(project, QUARTER, quiet()) == values

    data = project.data / "knife_crime.csv"
    data.write_text(data.read_text(encoding="utf-8").replace(",257,", ",258,"), encoding="utf-8")
    assert values_now(project, QUARTER, quiet())["knife.crime.quarter.count"] == "258"

    notebook = project.notebooks / "knife.ipynb"
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace("knife.crime", "knife.crimes"), encoding="utf-8"
    )
    with pytest.raises(NotebookFailed, match=r"did you mean \"knife.crime\""):
        values_now(project, QUARTER, quiet())
    assert not list(aside.iterdir())
    assert not (project.build / QUARTER).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is no signal to a group of processes on Windows")
def test_values_that_are_stopped_leave_nothing(tmp_path, tmp_path_factory):
    aside = tmp_path_factory.mktemp("aside")
    project_folder = preview_project(tmp_path)
    notebook = project_folder / "notebooks" / "knife.ipynb"
    begun = project_folder / "begun"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    slow = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(60)"
    content["cells"][-1] = {
        "cell_type": "code",
        "source": slow,
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    content["cells"][-1]["id"] = "slow"
    notebook.write_text(json.dumps(content), encoding="utf-8")
    listing = subprocess.Popen(
        [sys.executable, "-c", "from scrutiny.cli import main; main()", "values", QUARTER],
        cwd=project_folder,
        env={**os.environ, "TMPDIR": str(aside)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not begun.exists() and listing.poll() is None:
        time.sleep(0.05)
    os.killpg(listing.pid, signal.SIGINT)
    out, err = listing.communicate(timeout=30)
    assert (listing.returncode, out) == (130, ""), err
    assert "Traceback" not in err
    assert not list(aside.iterdir())
    with pytest.raises(ProcessLookupError):
        os.killpg(listing.pid, 0)
