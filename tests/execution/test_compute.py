"""What notebooks may do with their inputs: read them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from fixtures.projects import quiet
from fixtures.small_project import QUARTER, small_project
from nbformat.v4 import new_code_cell

from scrutiny.errors import NotebookFailed, WrongInput
from scrutiny.execution import compute
from scrutiny.inputs import check
from scrutiny.inputs.project import Project
from scrutiny.pipeline.stages import Stages

EDITS = {
    "changed": ("open(data / 'knife_crime.csv', 'a').write('\\n')", "data/knife_crime.csv"),
    "deleted": ("(data / 'events.csv').unlink()", "data/events.csv"),
    "added": ("(data.parent / 'notebooks' / 'knife.py').touch()", "notebooks/knife.py"),
}


@pytest.mark.parametrize(("edit", "file"), EDITS.values(), ids=EDITS)
def test_a_notebook_that_does_not_leave_its_inputs_alone_is_refused(
    tmp_path: Path, request: pytest.FixtureRequest, edit: str, file: str
) -> None:
    root = small_project(tmp_path)
    path = root / "notebooks" / "years.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell = f"import pathlib\ndata = pathlib.Path('../inputs/data')\n{edit}"
    notebook.cells.append(new_code_cell(cell, id="edits"))
    nbformat.write(notebook, path)
    said = rf"inputs/{file}: a notebook {request.node.callspec.id} this file"
    with pytest.raises(NotebookFailed, match=said), Stages.of(Project(root), QUARTER).staged(quiet()):
        pass


@pytest.mark.parametrize("when", ["while it is judged", "while it is copied"])
def test_data_that_change_while_a_report_is_built_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """A figure that came after the others were judged may be one of few people, and would stand in the workspace."""
    project = Project(small_project(tmp_path))
    path = project.data / "knife_crime.csv"
    module, name = (check, "summarise") if when == "while it is judged" else (compute, "copy_protected")
    ordinary = getattr(module, name)

    def with_another_in_between(*arguments: object) -> object:
        path.write_text(path.read_text(encoding="utf-8").replace(",257,", ",2,"), encoding="utf-8")
        return ordinary(*arguments)

    monkeypatch.setattr(module, name, with_another_in_between)
    said = "data/knife_crime.csv: this file changed while the report was built from it"
    with pytest.raises(WrongInput, match=said), Stages.of(project, QUARTER).staged(quiet()):
        pass
