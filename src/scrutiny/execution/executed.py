"""Executed notebooks: what one gave, and where its tables and figures are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LABEL = re.compile(r"^#\|\s*label:\s*(?P<label>\S+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class ExecutedNotebook:
    """What a notebook gave.

    Parameters
    ----------
    name : str
        Path in the workspace, such as ``notebooks/recorded_crime.ipynb``.
    csv : dict of str to str
        Label of each table or figure that a cell shows, and its data.
    omitted : dict of str to str
        Labels of the cells that have nothing to show for this quarter, and what they would have shown if it is
        for want of figures.
    values : dict of str to str
        What it published.
    datasets : frozenset of str
        Names of the datasets it read.
    provenance : dict of str to dict
        Name of each value, and label of each table and figure: what it says, how it came about, and in which
        cell; see `provenance.ProvenanceRecord`.
    code : dict of str to str
        These cells and their sources.
    """

    name: str
    csv: dict[str, str]
    omitted: dict[str, str]
    values: dict[str, str]
    datasets: frozenset[str]
    provenance: dict[str, dict[str, Any]]
    code: dict[str, str]


def labelled_cells(notebook: Any) -> Iterator[tuple[Any, str]]:
    """Give the code cells that have a ``#| label:``, with it."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (found := LABEL.search(cell["source"])):
            yield cell, found["label"]
