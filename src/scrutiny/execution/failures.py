"""What went wrong in a notebook, told with its cell."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from scrutiny.errors import Location, NotebookFailed, Problem
from scrutiny.execution.executed import LABEL

_KILLED = -9
_LONGEST = 2000
"""The number of characters of an error or a cell that are shown."""


def raised(error: PapermillExecutionError, shown_as: Path) -> Problem:
    """Report what a cell raised."""
    return _in_cell(_bounded(f"{error.ename}: {error.evalue}"), shown_as, error.source, error.exec_count)


def died(exit_code: int | None, shown_as: Path, begun: Sequence[NotebookNode]) -> Problem:
    """Report how a kernel ended while a notebook ran, of which some cells had begun."""
    if exit_code is None:
        what = "the kernel did not answer"
    elif exit_code == _KILLED:
        what = "the kernel was killed, perhaps because it was out of memory"
    elif exit_code < 0:
        what = f"the kernel died of {signal.Signals(-exit_code).name}"
    else:
        what = f"the kernel ended itself (exit code {exit_code}), as after exit() in this cell or the one before"
    if not begun:
        return Problem(what, Location(shown_as), "run it in JupyterLab to see why")
    return _in_cell(what, shown_as, begun[-1].source, len(begun))


def require_every_cell(notebook: NotebookNode, shown_as: Path) -> None:
    """Raise NotebookFailed if a cell did not run to its end: papermill takes sys.exit(0) for a good one."""
    for number, cell in enumerate((one for one in notebook.cells if one.cell_type == "code"), start=1):
        if any(output.output_type == "error" for output in cell.outputs):
            what = "the cell ends the notebook, so that no cell below it runs"
            raise NotebookFailed(_in_cell(what, shown_as, cell.source, number))
        if cell.execution_count is None and cell.source.strip():
            raise NotebookFailed(_in_cell("the cell did not run", shown_as, cell.source, number))


def _in_cell(what: str, shown_as: Path, source: str, number: int) -> Problem:
    found = LABEL.search(source)
    cell = f"cell {found['label']}" if found else f"cell [{number}]"
    return Problem(what, Location(shown_as, column=cell), f"the cell is\n{quoted(source)}")


def quoted(source: str) -> str:
    """Write the source of a cell below a message."""
    return "\n".join(f"    | {line}" for line in _bounded(source.strip()).splitlines())


def _bounded(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"
