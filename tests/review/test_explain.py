"""What `scrutiny explain` says of a value, a table or a figure."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date
from fractions import Fraction

import pytest
from fixtures.projects import QUARTERS, ROOT, copy_project, quiet
from rich.console import Console
from typer.testing import CliRunner

from scrutiny.cli import app
from scrutiny.errors import CheckFound, Location
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.project import Project
from scrutiny.narrative.citations import Citation
from scrutiny.review.explain import Explanation, Rows, explain, find, view
from scrutiny.statistics.wording import Direction

QUARTER = QUARTERS[0]
SECTION = """---
stated: []
---
# Knife crime

Knife crime {{< var knife.crime.quarter.movement >}}, by {{< var period.quarter.end >}}.

{{< embed notebooks/knife_crime.ipynb#fig-knife-crime >}}
"""
SHOWN = ",398,,published,"
HOSTILE = "[bold]x[/bold] </script> {{< var a >}}"
CHANGE = ProvenanceRecord(
    "crime.all.year.percent_change",
    "−16%",
    "134,069 less 159,838, in per cent of 159,838",
    number=Fraction(-1288450, 79919),
    direction=Direction.DECREASE,
    rows={"recorded_crime": (16, 30)},
    sources=("Dashboard",),
    as_at=date(2020, 7, 10),
    statuses=("illustrative",),
    notebook="notebooks/crime.ipynb",
    cell="cell 7",
    code=f"# {HOSTILE}\npublish(report, values)",
)
EXPLANATION = Explanation(
    QUARTER,
    CHANGE,
    (
        Rows(
            "recorded_crime",
            "data/recorded_crime.csv",
            ("source", "value"),
            ((16, (HOSTILE, "159838")), (30, ("b", "134069"))),
        ),
    ),
    (Citation(CHANGE.name, "05-crime.qmd", Location("sections/2020-21-Q1/05-crime.qmd", 12)),),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Project:
    """Give a project with one notebook and one section."""
    folder = copy_project(tmp_path_factory.mktemp("explain"))
    for path in (folder / "notebooks").glob("*.ipynb"):
        if path.stem != "knife_crime":
            path.unlink()
    parameters = folder / "params" / f"{QUARTER}.yml"
    text = parameters.read_text(encoding="utf-8")
    parameters.write_text(text[: text.index("sections:")] + "sections:\n  - 01-knives\n", encoding="utf-8")
    for path in (folder / "sections" / QUARTER).iterdir():
        path.unlink()
    (folder / "sections" / QUARTER / "01-knives.qmd").write_text(SECTION, encoding="utf-8")
    return Project(folder)


def test_a_value_is_explained_by_rows_that_add_up_to_it(project):
    found = explain(project, QUARTER, "knife.crime.quarter.change", quiet())
    (rows,) = found.rows
    assert (rows.dataset, rows.file) == ("knife_crime", "data/knife_crime.csv")
    with (project.data / "knife_crime.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    assert rows.header == tuple(lines[0])
    assert rows.records == tuple((line, tuple(lines[line - 1])) for line in found.record.rows["knife_crime"])
    by_end = {cells[rows.header.index("period_end")]: cells for _, cells in rows.records}
    value = rows.header.index("value")
    change = int(by_end["2020-06-30"][value]) - int(by_end["2019-06-30"][value])
    assert found.record.number == change
    assert found.record.text == f"−{abs(change)}"
    assert found.citations == ()


@pytest.mark.parametrize(
    ("name", "line"), [("knife.crime.quarter.movement", 6), ("fig-knife-crime", 8), ("period.quarter.end", 6)]
)
def test_it_says_where_the_narrative_names_it(project, name, line):
    found = explain(project, QUARTER, name, quiet())
    assert [str(citation.place) for citation in found.citations] == [f"sections/{QUARTER}/01-knives.qmd:{line}"]
    stored = json.loads((project.notebooks / "knife_crime.ipynb").read_text(encoding="utf-8"))["cells"]
    assert found.record.code in ["", *("".join(cell["source"]) for cell in stored)]


def test_a_hidden_figure_stays_hidden(project, tmp_path):
    shutil.copytree(project.root, tmp_path / "copy", ignore=shutil.ignore_patterns("build", ".scrutiny*"))
    hidden = Project(tmp_path / "copy")
    shutil.copy(ROOT / "notebooks" / "citizens_in_policing.ipynb", hidden.notebooks)
    data = hidden.data / "citizens_in_policing.csv"
    lines = data.read_text(encoding="utf-8").splitlines(keepends=True)
    line = 1 + next(at for at, text in enumerate(lines) if SHOWN in text)
    lines[line - 1] = lines[line - 1].replace(SHOWN, ",3,,supplied,")
    data.write_text("".join(lines), encoding="utf-8")
    found = explain(hidden, QUARTER, "cadets.enrolled.quarter.count", quiet())
    assert "hidden to protect people" in found.record.text
    (rows,) = found.rows
    assert [(at, dict(zip(rows.header, cells, strict=True))["value"]) for at, cells in rows.records] == [
        (line, "")
    ]
    assert "".join(view(found).lines).count("\tc\t") == 1


ORIGINS = ReportProvenance(
    {
        name: ProvenanceRecord(name, "1")
        for name in ("crime.all.year.count", "crime.all.year.change", "period.year.end")
    },
    {label: ProvenanceRecord(label, "A caption.") for label in ("tbl-recorded-crime", "fig-all-crime")},
)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("crime.al.year.count", 'did you mean "crime.all.year.count"?'),
        ("crime.all.year", "below it there are crime.all.year.change, crime.all.year.count"),
        ("tbl-recorded-crimes", 'did you mean "tbl-recorded-crime"?'),
        ("fig-all-crimes", 'did you mean "fig-all-crime"?'),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(name, told):
    with pytest.raises(CheckFound) as caught:
        find(ORIGINS, name)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "name", ["crime.all.year.count", " crime.all.year.count", "crime.\u200ball.\u200byear.\u200bcount"]
)
def test_a_name_is_found_as_it_is_copied_from_a_document(name):
    assert find(ORIGINS, name).name == "crime.all.year.count"


def test_lines_are_for_other_programs():
    assert list(view(EXPLANATION).lines) == [
        "name\tcrime.all.year.percent_change",
        "says\t−16%",
        "formula\t134,069 less 159,838, in per cent of 159,838",
        "unrounded\t-1288450/79919 = -16.1219485",
        "direction\tDecrease",
        "data\tdata/recorded_crime.csv, lines 16, 30",
        "source\tDashboard",
        "as at\t10 July 2020",
        "status\tillustrative: made up so that the report has a figure here, and not a police figure",
        "notebook\tnotebooks/crime.ipynb, cell 7",
        "quoted in\tsections/2020-21-Q1/05-crime.qmd:12",
        "header\tdata/recorded_crime.csv\t1\tsource\tvalue",
        f"row\tdata/recorded_crime.csv\t16\t{HOSTILE}\t159838",
        "row\tdata/recorded_crime.csv\t30\tb\t134069",
        f"code\t# {HOSTILE}",
        "code\tpublish(report, values)",
    ]


def test_a_terminal_shows_text_as_it_was_typed():
    console = Console(width=120, record=True, file=io.StringIO())
    for part in view(EXPLANATION).tables:
        console.print(part)
    shown = console.export_text()
    assert shown.count(HOSTILE) == 2
    for text in ("−16%", "lines 16, 30", "10 July 2020", "05-crime.qmd:12", "134069", "publish(report, values)"):
        assert text in shown


def test_json_holds_everything():
    assert view(EXPLANATION).record() == {
        "quarter": QUARTER,
        "name": CHANGE.name,
        **CHANGE.to_json(),
        "code": CHANGE.code,
        "data": [
            {
                "dataset": "recorded_crime",
                "file": "data/recorded_crime.csv",
                "rows": [
                    {"line": 16, "cells": {"source": HOSTILE, "value": "159838"}},
                    {"line": 30, "cells": {"source": "b", "value": "134069"}},
                ],
            }
        ],
        "quoted_in": [{"file": "sections/2020-21-Q1/05-crime.qmd", "line": 12}],
    }


def test_captions_are_told_without_the_signs_of_markdown():
    figure = ProvenanceRecord("fig-a", r"**Crime fell.** All\_of it.")
    lines = list(view(Explanation(QUARTER, figure, (), ())).lines)
    assert lines == ["name\tfig-a", "says\tCrime fell. All_of it.", "quoted in\tno section of this quarter"]


def test_the_command_explains_and_tells_unknown_names(project, monkeypatch):
    monkeypatch.chdir(project.root)
    run = CliRunner().invoke(app, ["explain", QUARTER, "knife.crime.quarter.movement"])
    assert run.exit_code == 0
    assert run.stdout.startswith("name\tknife.crime.quarter.movement\nsays\tfell by ")
    run = CliRunner().invoke(app, ["explain", QUARTER, "report.title", "--json"])
    assert json.loads(run.stdout)["text"] == "Quarterly Performance Report"
    run = CliRunner().invoke(app, ["explain", QUARTER, "knife.crimes.quarter.movement"])
    assert isinstance(run.exception, CheckFound)
