"""Executed notebooks compared cell by cell, without the times at which they ran."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from scrutiny.execution.executed import LABEL
from scrutiny.review.verify.findings import Compared, Difference, Part
from scrutiny.review.verify.outputs import as_text, compare_outputs

_VOLATILE = ("execution", "papermill")
"""Keys of a cell's metadata that say when it ran."""
_CAPTIONS = {"tbl-cap": "caption", "fig-cap": "caption", "fig-alt": "alternative text"}


@dataclass(frozen=True)
class ExecutedCell:
    """A cell of an executed notebook.

    Parameters
    ----------
    name : str
        Its label, or its position, such as ``cell 7``.
    kind : str
        code or markdown.
    """

    name: str
    kind: str
    source: str
    metadata: dict[str, Any]
    outputs: list[dict[str, Any]]

    @property
    def label(self) -> str:
        """Its label; empty if it has none."""
        found = LABEL.search(self.source) if self.kind == "code" else None
        return found["label"] if found else ""

    @property
    def key(self) -> str:
        """By what it is found again in another notebook."""
        return self.label or f"{self.kind}: {self.source}"


def read_cells(path: Path) -> list[ExecutedCell]:
    """Read the cells of an executed notebook.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_cell(position, cell) for position, cell in enumerate(content["cells"], start=1)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path.name} is no executed notebook: {error}") from None


def _cell(position: int, cell: Mapping[str, Any]) -> ExecutedCell:
    source = joined(cell["source"])
    kind = str(cell["cell_type"])
    found = LABEL.search(source) if kind == "code" else None
    metadata = {key: value for key, value in cell.get("metadata", {}).items() if key not in _VOLATILE}
    name = found["label"] if found else f"cell {position}"
    return ExecutedCell(name, kind, source, metadata, [dict(output) for output in cell.get("outputs", [])])


def joined(stored: Any) -> str:
    """Give a text that a notebook stores in one piece or line by line."""
    return stored if isinstance(stored, str) else "".join(stored)


def compare_notebooks(here: Path, again: Path, *, same_drawing: bool) -> list[Compared]:
    """Compare the executed notebooks of two workspaces.

    Parameters
    ----------
    here, again : Path
        The workspace, and that which was computed anew.
    same_drawing : bool
        Whether the packages that draw have the versions with which the workspace was made.
    """
    names = {path.name for folder in (here, again) for path in (folder / "notebooks").glob("*.ipynb")}
    return [
        compared
        for name in sorted(names)
        for compared in _compare(here, again, f"notebooks/{name}", same_drawing=same_drawing)
    ]


def _compare(here: Path, again: Path, name: str, *, same_drawing: bool) -> Iterator[Compared]:
    for folder, what in ((here, "is missing"), (again, "has no source in inputs/notebooks")):
        if not (folder / name).is_file():
            yield Compared(Part.NOTEBOOKS, name, differences=(Difference(f"this notebook {what}"),))
            return
    try:
        cells, anew = read_cells(here / name), read_cells(again / name)
    except ValueError as error:
        yield Compared(Part.NOTEBOOKS, name, differences=(Difference(str(error)),))
        return
    for cell, other in _paired(cells, anew):
        if cell is None or other is None:
            alone = cell or other
            assert alone is not None
            what = "this cell is not in the source notebook" if other is None else "this cell is missing"
            difference = Difference(what, cell.source if cell else None, other.source if other else None)
            yield Compared(Part.NOTEBOOKS, name, alone.name, "cell", differences=(difference,))
            continue
        yield from _compare_cells(name, cell, other, same_drawing=same_drawing)


def _compare_cells(
    name: str, cell: ExecutedCell, other: ExecutedCell, *, same_drawing: bool
) -> Iterator[Compared]:
    source = _source_differences(cell, other)
    yield Compared(Part.NOTEBOOKS, name, other.name, "source", differences=tuple(source))
    for what, count, differences, note, done in compare_outputs(
        cell.outputs, other.outputs, cell.label, same_drawing=same_drawing
    ):
        yield Compared(Part.NOTEBOOKS, name, other.name, what, count, tuple(differences), note, done)
    before, after = cell.metadata, other.metadata
    differing = [
        Difference(
            f"the {_CAPTIONS.get(key, key)} in the cell's metadata",
            as_text(before.get(key)),
            as_text(after.get(key)),
        )
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]
    told = [key for key in _CAPTIONS if key in after]
    if differing or told:
        what = "captions" if told else "metadata"
        yield Compared(Part.NOTEBOOKS, name, other.name, what, len(told) or 1, tuple(differing))


def _source_differences(cell: ExecutedCell, other: ExecutedCell) -> Iterator[Difference]:
    if cell.kind != other.kind:
        yield Difference("the kind of the cell", cell.kind, other.kind)
    lines, anew = cell.source.split("\n"), other.source.split("\n")
    for tag, start, end, begin, stop in SequenceMatcher(None, lines, anew, autojunk=False).get_opcodes():
        if tag != "equal":
            what = f"line {start + 1} of the source"
            yield Difference(what, _block(lines[start:end]), _block(anew[begin:stop]))


def _block(lines: list[str]) -> str | None:
    return "\n".join(lines) if lines else None


def _paired(
    cells: list[ExecutedCell], anew: list[ExecutedCell]
) -> Iterator[tuple[ExecutedCell | None, ExecutedCell | None]]:
    if len(cells) == len(anew):
        yield from zip(cells, anew, strict=True)
        return
    keys = [cell.key for cell in cells], [cell.key for cell in anew]
    for _, start, end, begin, stop in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        shared = min(end - start, stop - begin)
        yield from zip(cells[start : start + shared], anew[begin : begin + shared], strict=True)
        yield from ((cell, None) for cell in cells[start + shared : end])
        yield from ((None, cell) for cell in anew[begin + shared : stop])
