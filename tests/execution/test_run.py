"""One tiny notebook for each behaviour; they run in real kernels, through papermill."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import papermill
import pytest
from fixtures.projects import copy_project
from nbformat.v4 import new_code_cell, new_notebook

from scrutiny.errors import NotebookFailed, WrongInput
from scrutiny.execution import run as execution
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.run import execute_notebooks

PARAMETERS = 'quarter = "2020-21-Q1"'
# Shows as show_table does, without the time that importing pandas takes.
SHOW = """
from IPython.display import display
def show(kind="text/markdown", **ours):
    display({kind: "| a |\\n|---|\\n| 1 |", "text/plain": "t"}, raw=True, metadata={"scrutiny": {"datasets": ["d"], "csv": "a\\n1\\n", **ours}})
"""


def write(path, *sources, tags=("parameters",)):
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


def run(tmp_path, *notebooks, quarter="2019-20-Q4"):
    events = []
    executed = execute_notebooks(
        notebooks, tmp_path / "notebooks", quarter, kernels=KernelPool(fork=False), at_once=2,
        started=lambda name: events.append(("started", name)), finished=lambda name: events.append(("finished", name)),
    )  # fmt: skip
    return executed, events


def test_captions_values_and_datasets_are_taken_over(tmp_path):
    publish = (
        'display({"application/vnd.scrutiny.values+json": {"a.b.c.d": quarter}, "text/plain": "v"}, raw=True,'
        ' metadata={"scrutiny": {"datasets": ["e"], "provenance": {"a.b.c.d": {"formula": "said"}}}})'
    )
    table = '#| label: tbl-x\nshow(caption="**C.**", provenance={"rows": {"d": [2, 3]}})'
    figure = '#| label: fig-x\nshow("image/png", caption="F", alt="A")'
    (executed,), events = run(tmp_path, write(tmp_path / "one.ipynb", PARAMETERS, SHOW, table, figure, publish))
    assert executed.name == "notebooks/one.ipynb"
    assert executed.csv == {"tbl-x": "a\n1\n", "fig-x": "a\n1\n"}
    assert executed.omitted == {}
    assert executed.values == {"a.b.c.d": "2019-20-Q4"}  # the parameter was injected
    assert executed.datasets == {"d", "e"}
    # The injected parameter is a cell of its own; what a notebook does not say of itself is not known.
    said = executed.provenance["a.b.c.d"]
    assert (said["text"], said["formula"], said["cell"], said["rows"]) == ("2019-20-Q4", "said", "cell 6", {})
    assert executed.provenance["tbl-x"]["rows"] == {"d": [2, 3]}
    assert {one["notebook"] for one in executed.provenance.values()} == {"notebooks/one.ipynb"}
    assert executed.code == {"tbl-x": table, "fig-x": figure, "cell 6": publish}
    assert events == [("started", "one"), ("finished", "one")]
    written = nbformat.read(tmp_path / "notebooks" / "one.ipynb", as_version=4)
    cells = {cell.source.split("\n")[0]: cell.metadata for cell in written.cells}
    assert cells["#| label: tbl-x"]["tbl-cap"] == "**C.**"
    assert (cells["#| label: fig-x"]["fig-cap"], cells["#| label: fig-x"]["fig-alt"]) == ("F", "A")
    assert written.metadata.papermill.input_path == "inputs/notebooks/one.ipynb"
    assert str(tmp_path) not in (tmp_path / "notebooks" / "one.ipynb").read_text(encoding="utf-8")


def test_notebooks_run_where_they_are_written_and_leave_the_current_folder_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    here = "#| label: tbl-{0}\nimport os, time; time.sleep({1}); show(caption=os.getcwd())"
    notebooks = [
        write(tmp_path / f"{name}.ipynb", PARAMETERS, SHOW, here.format(name, seconds))
        for name, seconds in [("one", 0), ("two", 1)]
    ]
    run(tmp_path, *notebooks)
    assert Path.cwd() == tmp_path
    for notebook in notebooks:
        written = nbformat.read(tmp_path / "notebooks" / notebook.name, as_version=4)
        assert str(tmp_path / "notebooks") in [cell.metadata.get("tbl-cap") for cell in written.cells]


def test_failures_of_all_notebooks_are_told_by_notebook_label_and_error(tmp_path):
    one = write(tmp_path / "one.ipynb", PARAMETERS, '#| label: fig-x\nraise ValueError("no such offence")')
    two = write(tmp_path / "two.ipynb", PARAMETERS, "1 / 0")
    with pytest.raises(NotebookFailed) as caught:
        run(tmp_path, one, two)
    message = str(caught.value)
    assert "notebooks/one.ipynb (cell fig-x): ValueError: no such offence" in message
    assert '| raise ValueError("no such offence")' in message
    assert "notebooks/two.ipynb (cell [3]): ZeroDivisionError: division by zero" in message
    assert "Traceback" not in message


@pytest.mark.parametrize(
    "cell",
    ["print('a table')", "show()", 'show("image/png", caption="C")', 'show(caption="C"); print("more")'],
    ids=["prints", "no caption", "a picture where a table is due", "prints besides"],
)
def test_a_labelled_cell_shows_one_thing(tmp_path, cell):
    with pytest.raises(WrongInput, match=r"\(cell tbl-x\): the cell has to show one table, and nothing else"):
        run(tmp_path, write(tmp_path / "one.ipynb", PARAMETERS, SHOW, f"#| label: tbl-x\n{cell}"))


@pytest.mark.parametrize(
    ("cell", "messages"),
    [
        ("import os; os._exit(3)", [r"\(cell \[4\]\): the kernel ended itself \(exit code 3\)", r"    \| import os; os._exit\(3\)"]),
        ("import os; os.kill(os.getpid(), 9)", [r"\(cell \[4\]\): the kernel was killed, perhaps because it was out of memory"]),
        ("import os; os.kill(os.getpid(), 11)", ["the kernel died of SIGSEGV"]),
        ("import time; time.sleep(60)", [r"a cell ran longer than 2 seconds\n    the cell is\n    \| import time"]),
        ("import sys; sys.exit(0)", [r"\(cell \[4\]\): the cell ends the notebook, so that no cell below it runs"]),
        ("raise SystemExit", [r"\(cell \[4\]\): the cell ends the notebook"]),
        ("exit()", ["the kernel ended itself"]),
        ("raise ValueError('x' * 5_000_000)", [r"ValueError: x+ … \(5,000,012 characters\)\n    the cell is"]),
    ],
    ids=["ends itself", "killed", "crashes", "never ends", "exit", "SystemExit", "quit", "long error"],
)  # fmt: skip
def test_a_notebook_that_fails(tmp_path, monkeypatch, cell, messages):
    monkeypatch.setattr(execution, "CELL_SECONDS", 2)
    path = write(
        tmp_path / "one.ipynb", PARAMETERS, "x = 1", cell, "import time; time.sleep(1)", "raise AssertionError"
    )
    with pytest.raises(NotebookFailed) as caught:
        run(tmp_path, path)
    assert len(str(caught.value)) < 5_000
    for message in messages:
        assert re.search(message, str(caught.value))


@pytest.mark.parametrize(
    ("tag", "message"), [("skip-execution", "the cell did not run"), ("raises-exception", "AssertionError")]
)
def test_a_cell_that_is_tagged_not_to_count_counts(tmp_path, tag, message):
    path = write(tmp_path / "one.ipynb", PARAMETERS, "raise AssertionError")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].metadata["tags"] = [tag]
    nbformat.write(notebook, path)
    with pytest.raises(NotebookFailed, match=message):
        run(tmp_path, path)


def test_a_notebook_that_names_no_kernel_runs(tmp_path):
    path = write(tmp_path / "one.ipynb", PARAMETERS)
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["kernelspec"]
    nbformat.write(notebook, path)
    (executed,), _ = run(tmp_path, path)
    assert executed.csv == {}


def test_a_value_is_text(tmp_path):
    publish = 'display({"application/vnd.scrutiny.values+json": {"a.b.c.d": 1}}, raw=True)'
    with pytest.raises(WrongInput, match=r"notebooks/one.ipynb: the value a.b.c.d is no text, but 1"):
        run(tmp_path, write(tmp_path / "one.ipynb", PARAMETERS, publish))


def test_stderr_is_kept_but_does_not_count_as_shown(tmp_path):
    cell = '#| label: tbl-x\nimport sys; print("careful", file=sys.stderr); show(caption="C")'
    (executed,), _ = run(tmp_path, write(tmp_path / "one.ipynb", PARAMETERS, SHOW, cell))
    assert list(executed.csv) == ["tbl-x"]


def test_a_cell_may_have_nothing_to_show(tmp_path):
    cells = (
        "#| label: tbl-x\nshow_table(Report(quarter), Table([], []), headline='', subject='', period='')",
        "#| label: fig-x\nshow_figure(Report(quarter), None, subject='')",
    )
    imports = (
        "from scrutiny.notebook import Report, show_figure, show_table\nfrom scrutiny.analysis.table import Table"
    )
    (tmp_path / "project").mkdir()
    copy_project(tmp_path / "project")
    path = write(tmp_path / "one.ipynb", PARAMETERS, imports, *cells)
    (executed,) = execute_notebooks(
        [path], tmp_path / "project" / "notebooks" / "executed", "2020-21-Q1",
        kernels=KernelPool(fork=False), at_once=1,
    )  # fmt: skip
    assert executed.omitted == {"tbl-x": "", "fig-x": ""}
    assert executed.csv == {}


def test_a_kernel_that_dies_before_the_first_cell_is_started_again(tmp_path, monkeypatch):
    ran = []
    ordinary = papermill.execute_notebook

    def first_time_dead(*arguments, **options):
        ran.append(options)
        if len(ran) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return ordinary(*arguments, **options)

    monkeypatch.setattr(papermill, "execute_notebook", first_time_dead)
    (executed,), _ = run(
        tmp_path, write(tmp_path / "one.ipynb", PARAMETERS, SHOW, '#| label: tbl-x\nshow(caption="C")')
    )
    assert list(executed.csv) == ["tbl-x"]
    assert len(ran) == 2
