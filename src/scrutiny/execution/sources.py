"""Notebooks as stored, checked before any of them runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.execution.executed import labelled_cells
from scrutiny.files import file_digest
from scrutiny.inputs.project import Project
from scrutiny.text import require_plain_text

SHOWN_LABEL = re.compile(r"(tbl|fig)-[a-z0-9]+(-[a-z0-9]+)*")
_OPTION = re.compile(r"^#\|\s*([^:\n]*?)\s*(?::.*)?$", re.MULTILINE)
_SETS_QUARTER = re.compile(r"^quarter\s*(:[^=]*)?=(?!=)", re.MULTILINE)


def check_sources(sources: Iterable[Path]) -> None:
    """Check that notebooks can be run for a quarter, each and together.

    Raises
    ------
    WrongInput
        As `check_source` does, or if cells of two notebooks have the same label.
    """
    problems: list[Problem] = []
    labelled_by: dict[str, str] = {}
    for source in sources:
        try:
            labels = check_source(source)
        except WrongInput as error:
            problems += error.problems
            continue
        problems += [
            Problem(
                f"the label {label} is also one of {labelled_by[label]}",
                Location(Path("notebooks") / source.name),
                "rename one",
            )
            for label in labels
            if label in labelled_by
        ]
        labelled_by |= dict.fromkeys(labels, source.name)
    if problems:
        raise WrongInput(problems)


def check_source(source: Path) -> list[str]:
    """Check that a notebook can be run for a quarter, and return the labels of its cells.

    Raises
    ------
    WrongInput
        If it cannot be read, has no cell tagged ``parameters`` that sets `quarter`, two cells have the same
        label, or a cell has another option.
    """
    shown_as = Path("notebooks") / source.name
    try:
        notebook = nbformat.read(source, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, OSError, LookupError, AttributeError, TypeError, nbformat.ValidationError):
        if source.is_file():
            require_plain_text(source.read_text(encoding="utf-8", errors="replace"), shown_as)
        raise WrongInput(
            Problem("not a Jupyter notebook", Location(shown_as), "save it again from JupyterLab")
        ) from None
    if not any(
        "parameters" in cell.metadata.get("tags", []) and _SETS_QUARTER.search(cell.source)
        for cell in notebook.cells
    ):
        raise WrongInput(
            Problem(
                "no cell has the tag parameters",
                Location(shown_as),
                'give the first code cell the tag "parameters" and the line: quarter = "2020-21-Q1"',
            )
        )
    labels = [label for _, label in labelled_cells(notebook)]
    problems = [
        Problem(
            f"the cell's option {option!r} has no effect",
            Location(shown_as, column=f"cell [{position}]"),
            "take it out: label is the only one; captions and alternative texts come from the data, "
            "sizes from the function that draws",
        )
        for position, cell in enumerate(notebook.cells, 1)
        if cell.cell_type == "code"
        for option in _OPTION.findall(cell.source)
        if option != "label"
    ]
    for label in sorted(set(labels)):
        if labels.count(label) > 1:
            problems.append(Problem(f"two cells have the label {label}", Location(shown_as), "rename one"))
        if not SHOWN_LABEL.fullmatch(label):
            problems.append(
                Problem(
                    f"the label {label!r} is not one of a table or figure",
                    Location(shown_as),
                    "begin it with tbl- or fig- and go on with small letters, digits and hyphens",
                )
            )
    if problems:
        raise WrongInput(problems)
    return labels


def notebooks_of(project: Project) -> list[Path]:
    """Return the notebooks of a project, sorted by name."""
    return sorted(project.notebooks.glob("*.ipynb"))


def check_notebooks(sources: Sequence[Path], cache: Cache = NOTHING) -> None:
    """Check that notebooks can be run, unless it is known; see `check_sources`."""

    def key() -> str:
        return cache.key(*(part for source in sources for part in (source.name, file_digest(source))))

    def check() -> bool:
        check_sources(sources)
        return True

    cache.remember("sources", key, check)
