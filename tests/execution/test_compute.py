"""What notebooks may do with their inputs: read them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from fixtures.projects import quiet
from fixtures.small_project import QUARTER, small_project
from nbformat.v4 import new_code_cell

from scrutiny.errors import NotebookFailed
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
