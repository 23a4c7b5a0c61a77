"""What was not supplied is told once: no document has a sentence, list, table or section with a hole in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fixtures.absence import DATASETS, LATER, blocks_of, computed, holes, later_project, one_figure
from fixtures.projects import ROOT
from readback import READERS
from readback.document import ANNEX, tidy

from scrutiny.analysis.report import Report
from scrutiny.analysis.supplies import State, supplies
from scrutiny.errors import WrongInput
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.statistics.periods import long_date
from scrutiny.workspace.lacking import with_what_is_there


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return later_project(tmp_path_factory.mktemp("later"))


def test_nothing_was_supplied(project, monkeypatch, tmp_path):
    given = computed(project, monkeypatch)
    blocks = blocks_of(project, given, tmp_path / "w")
    assert holes(blocks) == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_one_figure_was_supplied(project, monkeypatch, tmp_path, dataset):
    with one_figure(project, dataset):
        blocks = blocks_of(project, computed(project, monkeypatch), tmp_path / "w")
    assert holes(blocks) == []


@pytest.mark.parametrize("format_", ["pdf", "docx", "html"])
@pytest.mark.parametrize("quarter", ["2019-20-Q4", "2020-21-Q1"])
def test_the_list_says_what_the_status_says(built, quarter, format_):
    read = READERS[format_](built[quarter] / "_output" / f"report.{format_}")
    missing = [one for one in supplies(Report(quarter, Project(ROOT))) if State.MISSING in one.states]
    said = f"{len(missing)} of the 119 figures of this report were not supplied"
    assert (said in read.text) == bool(missing)
    listed = [table for table in read.tables if table[0][0] == "Figures, by who supplies them"]
    assert len(listed) == bool(missing)
    cells = " ".join(cell for row in listed[0] for cell in row) if listed else ""
    for one in missing:
        for text in (one.measure.title, one.source.supplier, one.asked_for, long_date(one.due)):
            assert tidy(text) in tidy(cells)
    for table in read.tables:
        assert {cell for row in table[1:] for cell in row[1:]} - {"[x]", "none set"}
    # Once in a document: illustrative figures are compared with nothing.
    assert "cannot be compared, because" not in read.text.partition(ANNEX)[0]


def test_a_chart_without_figures_needs_the_list(project, monkeypatch):
    given = computed(project, monkeypatch)
    # Whatever shows one without a tie.
    narrative = load_narrative(project.sections, LATER, ["03-background"])
    (section,) = narrative.sections[:1]
    shows = replace(section, text="{{< embed notebooks/knife_crime.ipynb#fig-knife-crime >}}\n")
    with pytest.raises(WrongInput, match=r"knife crime in Lancashire by quarter \(chart\): nothing was supplied"):
        with_what_is_there(replace(narrative, sections=(shows,)), given)
