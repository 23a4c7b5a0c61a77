"""The project's notebooks: stored without outputs, and running where an analyst opens them."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from fixtures.projects import QUARTERS, ROOT
from nbclient import NotebookClient

import scrutiny.notebook
from scrutiny.analysis import mime
from scrutiny.execution.run import labelled_cells
from scrutiny.inputs.project import Project
from scrutiny.narrative.syntax import split_front_matter

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
IDS = [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)
def test_stored_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=IDS)
def test_holds_no_logic(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                assert not isinstance(
                    node, ast.FunctionDef | ast.ClassDef | ast.If | ast.While | ast.Try | ast.BinOp
                ) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr)), cell.source
                if isinstance(node, ast.ImportFrom):
                    assert node.module == "scrutiny.notebook"


def test_the_page_on_notebooks_names_all_that_they_can_call():
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert [name for name in scrutiny.notebook.__all__ if f"`{name}`" not in page] == []


def published(notebook) -> dict[str, str]:
    values: dict[str, str] = {}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            values |= output.get("data", {}).get(mime.VALUES, {})
    return values


def test_runs_as_it_is_from_the_folder_of_notebooks_and_from_a_workspace(built, tmp_path):
    def run(path: Path, folder: Path):
        notebook = nbformat.read(path, as_version=4)
        NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
        return notebook

    # In the project, on its default parameters.
    source = ROOT / "notebooks" / "knife_crime.ipynb"
    from_project = run(source, source.parent)
    assert published(from_project)["knife.crime.quarter.count"] == "257"
    assert len(list(labelled_cells(from_project))) == 1

    # In a workspace that was moved away, on the quarter that it was built for.
    moved = tmp_path / "moved"
    shutil.copytree(built["2019-20-Q4"], moved)
    executed = moved / "notebooks" / "knife_crime.ipynb"
    assert published(run(executed, executed.parent))["knife.crime.quarter.count"] == "281"


@pytest.mark.parametrize("quarter", QUARTERS)
def test_a_workspace_is_whole_and_points_nowhere_else(built, quarter):
    workspace = built[quarter]
    for path in workspace.rglob("*"):
        assert not path.is_symlink()
        if path.is_file() and path.suffix in {".qmd", ".yml", ".yaml", ".ipynb", ".lua", ".typ", ".css", ".json"}:
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text
            assert str(workspace.parent) not in text
    inputs = {
        path.relative_to(workspace / "inputs").as_posix()
        for path in (workspace / "inputs").rglob("*")
        if path.is_file()
    }
    assert inputs == {
        "data/datapackage.yaml", "data/measures.yaml", "data/events.csv", f"params/{quarter}.yml",
        *(f"data/{resource.path}" for resource in Project(ROOT).datapackage.resources),
        *(f"notebooks/{name}.ipynb" for name in IDS),
    }  # fmt: skip


@pytest.mark.parametrize("quarter", QUARTERS)
def test_sections_of_a_workspace_say_where_to_edit_and_keep_their_lines(built, quarter):
    folder = quarter if (ROOT / "sections" / quarter).is_dir() else "_skeleton"
    sources = sorted((ROOT / "sections" / folder).glob("*.qmd"))
    assert sources
    for source in sources:
        generated = (built[quarter] / "sections" / source.name).read_text(encoding="utf-8")
        assert f"generated: edit sections/{folder}/{source.name}" in generated
        text = source.read_text(encoding="utf-8")
        # Empty lines at the end are not kept.
        lines = generated.splitlines() + [""] * text.count("\n")
        for number, line in list(enumerate(text.splitlines()))[split_front_matter(text)[1] :]:
            unwrapped = re.sub(r"\[(\{\{< var \S+ >\}\})\]\{\.value data-name=\"[^\"]*\"\}", r"\1", lines[number])
            untied, shown = (
                re.sub(r"^:::.*|\]\{(?:when|unless)=[^{}]*\}|[\[\]]", "", one) for one in (line, unwrapped)
            )
            # What has nothing to show for the quarter is not embedded, and what is tied to an absent figure is
            # emptied; their lines are still there.
            emptied = re.fullmatch(
                r"<!-- generated: .*|::: \{\.absent\}|:::|[- ]*(\[?x(\]\{\.absent\})?)?", unwrapped
            )
            assert (
                unwrapped == line
                or shown == untied
                or (emptied and ("{{<" in line or "when=" in line or folder == "_skeleton"))
            )
