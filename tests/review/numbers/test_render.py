"""`scrutiny numbers` as a user types it, in a project of one notebook and one section."""

from __future__ import annotations

import json
import re

import pytest
from fixtures.projects import ROOT, copy_project

SECTION = """---
stated:
  - text: up to 60%
    source: a [red]partner[/red]
---

# Stop and Search {#sec-stop-and-search}

There were {{< var search.searches.calendar_year.count >}} searches in 2019, up to 60% more,
and 6,543 people were searched; 3 of them [b]twice[/b].
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = copy_project(tmp_path_factory.mktemp("numbers"))
    for notebook in (folder / "notebooks").glob("*.ipynb"):
        if notebook.name != "stop_and_search.ipynb":
            notebook.unlink()
    parameters = folder / "params" / "2020-21-Q1.yml"
    text = parameters.read_text(encoding="utf-8")
    parameters.write_text(
        re.sub(r"(?s)^sections:\n.*", "sections:\n  - 01-a\n", text, flags=re.M), encoding="utf-8"
    )
    for section in (folder / "sections" / "2020-21-Q1").glob("*"):
        section.unlink()
    return folder


@pytest.fixture
def run(command, project):
    """Run `scrutiny numbers` on a section of its own."""

    def ran(section, *arguments):
        (project / "sections" / "2020-21-Q1" / "01-a.qmd").write_text(section, encoding="utf-8")
        return command(project, "numbers", "2020-21-Q1", *arguments)

    return ran


def test_numbers_are_listed_and_a_loose_one_is_named(run):
    done = run(SECTION)
    assert done.returncode == 1, done.stderr
    summary, *lines = done.stdout.splitlines()
    assert summary == (
        "2020-21-Q1: 5 numbers in the narrative: 1 bound (20.0%), 1 stated (20.0%), 3 loose (60.0%)"
    )
    file = "sections/2020-21-Q1/01-a.qmd"
    assert [line.split("\t") for line in lines] == [
        ["bound", f"{file}:9", "{{< var search.searches.calendar_year.count >}}", "7,510"],
        ["stated", f"{file}:9", "60%", "a [red]partner[/red]"],
        ["loose", f"{file}:10", "6,543", "near search.individuals.calendar_year.count"],
        ["loose", f"{file}:10", "3", "typed"],
        ["loose", f"{file}:10", "twice", "typed"],
    ]
    assert f'{file}:10: the number "6,543" is typed\n' in done.stderr
    assert 'write {{< var search.individuals.calendar_year.count >}}, which says "6,543"' in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_omitted_is_listed_on_request(run):
    done = run(SECTION, "--all")
    assert "left out\tsections/2020-21-Q1/01-a.qmd:9\t2019\tdate" in done.stdout.splitlines()


def test_json_has_every_number_and_the_rule_that_leaves_one_out(run):
    done = run(SECTION + "\nSearches fell to {{< var search.serches.quarter.count >}}.\n", "--json")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    content = json.loads(done.stdout)
    assert content["quarter"] == "2020-21-Q1"
    assert content["counts"] == {"bound": 2, "stated": 1, "loose": 3}
    assert sum(content["shares"].values()) == pytest.approx(100, abs=0.2)
    (year,) = [one for one in content["numbers"] if one["kind"] == "left out"]
    assert (year["line"], year["text"], year["rule"]) == (9, "2019", "date")
    loose = [one for one in content["numbers"] if one["kind"] == "loose"]
    assert loose[0]["near"][0] == {"value": "search.individuals.calendar_year.count", "says": "6,543"}
    (wrong,) = content["wrong"]
    assert wrong["line"] == 12
    assert "search.searches.quarter.count" in wrong["instead"]


def test_a_narrative_without_loose_numbers_passes(run, project):
    done = run("# Crime\n\nNothing was counted in 2019.\n")
    assert (done.returncode, done.stderr.count("scrutiny:")) == (0, 0), done.stderr
    assert done.stdout == (
        "2020-21-Q1: 0 numbers in the narrative: 0 bound (0.0%), 0 stated (0.0%), 0 loose (0.0%)\n"
    )
    assert not (project / "build" / "2020-21-Q1").exists()


def test_wrong_front_matter_and_an_unknown_quarter_are_told(run, command):
    done = run("---\nstated:\n  - text: 5\n    from: me\n---\n5\n")
    assert done.returncode == 3
    assert "stated.1.from" in done.stderr
    assert command(ROOT, "numbers", "2020-21-Q7").returncode == 2
