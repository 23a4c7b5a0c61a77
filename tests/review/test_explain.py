"""What `scrutiny explain` says of a value, a table or a figure."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from datetime import date
from fractions import Fraction

import pytest
from fixtures.projects import QUARTERS, ROOT, copy_project, quiet
from rich.console import Console
from typer.testing import CliRunner

from scrutiny import importers
from scrutiny.cli import app
from scrutiny.errors import CheckFound, Location
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.imports import ImportedTable, Origin, figure_key, imports_as_csv
from scrutiny.inputs.project import Project
from scrutiny.narrative.citations import Citation
from scrutiny.pipeline.stages import Stages
from scrutiny.review.explain import Explanation, Rows, explain, find, view
from scrutiny.review.verify.rerun import compute_again
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
    resource = hidden.datapackage.resource("citizens_in_policing")
    row = dict(zip(*csv.reader([lines[0], lines[line - 1]]), strict=True))
    table = ImportedTable("2020-10-06", "extract", "cadets.csv", "1" * 64, "", "", "")
    imports = {figure_key(resource, row): Origin(table, "7", "3", row["as_at"])}
    (hidden.data / "imports.csv").write_bytes(imports_as_csv(imports))
    found = explain(hidden, QUARTER, "cadets.enrolled.quarter.count", quiet())
    assert "hidden to protect people" in found.record.text
    (rows,) = found.rows
    assert [(at, dict(zip(rows.header, cells, strict=True))["value"]) for at, cells in rows.records] == [
        (line, "")
    ]
    told = "".join(view(found).lines)
    assert told.count("\tc\t") == 1
    assert told.count("cadets.csv, row 7, sha256 withheld, because it could give hidden figures away") == 2
    with Stages.of(hidden, QUARTER).staged(quiet()) as (_, folder):
        kept = (folder / "inputs/data/imports.csv").read_bytes()
        assert kept.endswith(b",7,[c]\n")
        assert b"1111" not in kept
        compute_again(folder, QUARTER, tmp_path / "again", quiet())
        assert (tmp_path / "again/inputs/data/imports.csv").read_bytes() == kept


KNIVES = "Month,Knife crime\nJul-19,101\nAug-19,91\nSep-19,98\n"


def imported(project, copy, content=KNIVES):
    """Give a copy of the project into which an extract was imported."""
    shutil.copytree(project.root, copy, ignore=shutil.ignore_patterns("build", ".scrutiny*"))
    own = Project(copy)
    (copy / "knives.csv").write_text(content, encoding="utf-8")
    options = importers.Options(copy / "data/mappings/knife_crime.yaml", date(2020, 10, 5))
    proposal = importers.take_in(own, "extract", [copy / "knives.csv"], options)
    importers.write(proposal, without_refused=False, on=date(2020, 10, 6))
    return own


def test_it_says_from_which_row_of_which_file_a_figure_came(project, tmp_path):
    own = imported(project, tmp_path / "copy")
    found = explain(own, QUARTER, "fig-knife-crime", quiet())
    (rows,) = found.rows
    by_end = {cells[rows.header.index("period_end")]: line for line, cells in rows.records}
    assert {line: origin.rows for line, origin in rows.origins.items()} == {
        by_end["2019-07-31"]: "2",
        by_end["2019-08-31"]: "3",
        by_end["2019-09-30"]: "4",
    }
    digest = hashlib.sha256(KNIVES.encode()).hexdigest()
    lines = list(view(found).lines)
    dated = "imported 2020-10-06 as at 2020-10-05"
    assert f"from\tknives.csv, rows 2–4, sha256 {digest}, {dated}" in lines
    september = f"knives.csv, row 4, sha256 {digest}, {dated}"
    assert f"origin\tdata/knife_crime.csv\t{by_end['2019-09-30']}\t{september}" in lines
    told = {row["line"]: row["from"] for row in view(found).record()["data"][0]["rows"]}
    assert told[by_end["2019-09-30"]] == {
        "imported": "2020-10-06", "kind": "extract", "file": "knives.csv", "sha256": digest, "member": None,
        "member_sha256": None, "sheet": None, "rows": "4", "as_at": "2020-10-05",
    }  # fmt: skip
    assert told[by_end["2019-06-30"]] is None
    console = Console(width=250, record=True, file=io.StringIO())
    for part in view(found).tables:
        console.print(part)
    assert "knives.csv, row 4" in console.export_text()


def test_a_figure_edited_by_hand_is_not_told_as_the_files(project, tmp_path):
    own = imported(project, tmp_path / "copy")
    data = own.data / "knife_crime.csv"
    data.write_text(data.read_text(encoding="utf-8").replace(",98,,supplied", ",99,,supplied"), encoding="utf-8")
    (rows,) = explain(own, QUARTER, "fig-knife-crime", quiet()).rows
    assert [origin.rows for origin in rows.origins.values()] == ["2", "3"]


def test_a_workspace_has_what_came_from_which_file_and_gives_the_same_when_computed_again(project, tmp_path):
    own = imported(project, tmp_path / "copy")
    with Stages.of(own, QUARTER).staged(quiet()) as (_, folder):
        kept = (folder / "inputs/data/imports.csv").read_bytes()
        assert kept == (own.data / "imports.csv").read_bytes()
        compute_again(folder, QUARTER, tmp_path / "again", quiet())
        assert (tmp_path / "again/inputs/data/imports.csv").read_bytes() == kept
    with Stages.of(project, QUARTER).staged(quiet()) as (_, folder):
        assert not (folder / "inputs/data/imports.csv").exists()


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
                    {"line": 16, "cells": {"source": HOSTILE, "value": "159838"}, "from": None},
                    {"line": 30, "cells": {"source": "b", "value": "134069"}, "from": None},
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
