"""What was not supplied is told once: no document has a sentence, list, table or section with a hole in it."""

from __future__ import annotations

import pytest
from fixtures.absence import DATASETS, blocks_of, computed, holes, later_project, one_figure
from fixtures.projects import ROOT
from readback import READERS
from readback.document import ANNEX, tidy

from scrutiny.analysis.report import Report
from scrutiny.analysis.supplies import State, supplies
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import long_date


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


@pytest.mark.parametrize("document", ["report.pdf", "report.docx", "report.html"])
@pytest.mark.parametrize("quarter", ["2019-20-Q4", "2020-21-Q1"])
def test_the_list_says_what_the_status_says(built, quarter, document):
    read = READERS[document](built[quarter] / "_output" / document)
    missing = [one for one in supplies(Report(quarter, Project(ROOT))) if State.MISSING in one.states]
    said = f"{len(missing)} of the 119 figures of this report were not supplied: see What was not supplied."
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


def test_a_table_without_figures_needs_the_list(scrutiny, project_folder):
    path = project_folder / "params" / "2019-20-Q4.yml"
    path.write_text(path.read_text("utf-8").replace("  - 92-not-supplied\n", ""), "utf-8")
    done = scrutiny("check", "2019-20-Q4")
    assert done.returncode == 3
    assert "Revenue spend of Lancashire Constabulary (table)" in done.stderr
    assert "add 92-not-supplied" in done.stderr
