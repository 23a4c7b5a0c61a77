"""What is wrong with a notebook is told before any runs."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from scrutiny.errors import WrongInput
from scrutiny.execution.sources import check_source, check_sources

PARAMETERS = 'quarter = "2020-21-Q1"'


def write(path, *sources, tags=("parameters",)):
    cells = [new_code_cell(source) for source in sources]
    cells[0].metadata["tags"] = list(tags)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.mark.parametrize(
    ("sources", "tags", "message"),
    [
        ([PARAMETERS], (), "no cell has the tag parameters"),
        (["quarter_end = 1"], ("parameters",), 'quarter = "2020-21-Q1"'),
        (["x = 1"], ("parameters",), 'quarter = "2020-21-Q1"'),
        ([PARAMETERS, "#| label: fig-x", "#| label: fig-x"], ("parameters",), "two cells have the label fig-x"),
        ([PARAMETERS, '#| label: fig-x\n#| fig-cap: "Mine"'], ("parameters",), "option 'fig-cap' has no effect"),
        ([PARAMETERS, "#| fig-width: 3\n#| label: fig-x"], ("parameters",), "option 'fig-width' has no effect"),
        ([PARAMETERS, "#| echo: false"], ("parameters",), "option 'echo' has no effect"),
        ([PARAMETERS, "#| Label: fig-x"], ("parameters",), "option 'Label' has no effect"),
        ([PARAMETERS, "#| label: fig-x\n#| layout"], ("parameters",), "option 'layout' has no effect"),
        ([PARAMETERS, "#| label: Figure_1"], ("parameters",), "begin it with tbl- or fig-"),
    ],
)
def test_a_notebook_that_cannot_be_run_is_told_before(tmp_path, sources, tags, message):
    with pytest.raises(WrongInput, match=message):
        check_source(write(tmp_path / "one.ipynb", *sources, tags=tags))


def test_a_file_that_is_no_notebook(tmp_path):
    (tmp_path / "one.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(WrongInput, match=r"notebooks/one.ipynb: not a Jupyter notebook"):
        check_source(tmp_path / "one.ipynb")


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        '{"cells": [null], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": [], "nbformat": 4}',
    ],
)
def test_json_that_is_no_notebook(tmp_path, content):
    (tmp_path / "one.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(WrongInput, match=r"notebooks/one.ipynb: "):
        check_source(tmp_path / "one.ipynb")


def test_two_notebooks_do_not_share_a_label(tmp_path):
    notebooks = [write(tmp_path / name, PARAMETERS, "#| label: fig-x") for name in ("one.ipynb", "two.ipynb")]
    with pytest.raises(WrongInput, match=r"notebooks/two.ipynb: the label fig-x is also one of one.ipynb"):
        check_sources(notebooks)
