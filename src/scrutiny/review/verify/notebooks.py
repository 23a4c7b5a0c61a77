"""Executed notebooks compared cell by cell, ignoring when they ran."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

from scrutiny.analysis import mime
from scrutiny.execution.executed import LABEL
from scrutiny.review.compare import Difference, align, changed
from scrutiny.review.tables import Grid, compare_grids, parse_csv, parse_pipe_table
from scrutiny.review.verify.findings import Compared, Part, differing

OTHER_VERSIONS = "other versions of the {} are installed here than those of the manifest"
_VOLATILE = ("execution", "papermill")
"""Keys of a cell's metadata that say when it ran."""
_CAPTIONS = {"tbl-cap": "caption", "fig-cap": "caption", "fig-alt": "alternative text"}
_OF_OUTPUTS = {"caption": "caption", "alt": "alternative text"}
_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")

_Report = Callable[..., Compared]
"""Makes a comparison of one cell: what, count, differences, note, done."""


@dataclass(frozen=True)
class ExecutedCell:
    """A cell of an executed notebook, named by its label or else its position, such as ``cell 7``."""

    name: str
    label: str
    kind: str
    source: str
    metadata: dict[str, Any]
    outputs: list[dict[str, Any]]

    @classmethod
    def of(cls, position: int, stored: Mapping[str, Any]) -> ExecutedCell:
        """Take a cell as a notebook stores it."""
        source, kind = as_text(stored["source"]) or "", str(stored["cell_type"])
        found = LABEL.search(source) if kind == "code" else None
        label = found["label"] if found else ""
        metadata = {key: value for key, value in stored.get("metadata", {}).items() if key not in _VOLATILE}
        outputs = [dict(output) for output in stored.get("outputs", [])]
        return cls(label or f"cell {position}", label, kind, source, metadata, outputs)


def read_cells(path: Path) -> list[ExecutedCell]:
    """Read the cells of an executed notebook; raises ValueError if the file is not one."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [ExecutedCell.of(position, cell) for position, cell in enumerate(content["cells"], start=1)]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{path.name} is no executed notebook: {error}") from None


def compare_notebooks(here: Path, again: Path, *, same_drawing: bool) -> Iterator[Compared]:
    """Compare the executed notebooks of two workspaces; pictures only if the `same_drawing` packages made both."""
    for name in sorted({path.name for folder in (here, again) for path in (folder / "notebooks").glob("*.ipynb")}):
        file = f"notebooks/{name}"
        if not (here / file).is_file():
            yield differing(Part.NOTEBOOKS, file, "this notebook is missing")
        elif not (again / file).is_file():
            yield differing(Part.NOTEBOOKS, file, "this notebook has no source in inputs/notebooks")
        else:
            try:
                cells, others = read_cells(here / file), read_cells(again / file)
            except ValueError as error:
                yield differing(Part.NOTEBOOKS, file, str(error))
                continue
            for cell, other in _pair_cells(cells, others):
                yield from _compare_cells(file, cell, other, same_drawing=same_drawing)


def _pair_cells(
    cells: list[ExecutedCell], others: list[ExecutedCell]
) -> Iterator[tuple[ExecutedCell | None, ExecutedCell | None]]:
    if len(cells) == len(others):
        yield from zip(cells, others, strict=True)
        return
    keys = ([cell.label or f"{cell.kind}: {cell.source}" for cell in side] for side in (cells, others))
    for _, one, other in align(*keys):
        yield from zip_longest(cells[one], others[other])


def _compare_cells(
    file: str, cell: ExecutedCell | None, other: ExecutedCell | None, *, same_drawing: bool
) -> Iterator[Compared]:
    if cell is None or other is None:
        alone = cell or other
        assert alone is not None
        what = "this cell is missing" if cell is None else "this cell is not in the source notebook"
        difference = Difference(what, cell.source if cell else None, other.source if other else None)
        yield Compared(Part.NOTEBOOKS, file, alone.name, "cell", differences=(difference,))
        return
    report = partial(Compared, Part.NOTEBOOKS, file, other.name)
    yield report("source", differences=tuple(_compare_sources(cell, other)))
    yield from compare_outputs(report, cell.outputs, other.outputs, cell.label, same_drawing=same_drawing)
    differences = tuple(
        Difference(f"the {_CAPTIONS.get(key, key)} in the cell's metadata", as_text(old), as_text(new))
        for key, old, new in changed(cell.metadata, other.metadata)
    )
    captions = sum(key in other.metadata for key in _CAPTIONS)
    if differences or captions:
        yield report("captions" if captions else "metadata", captions or 1, differences)


def _compare_sources(cell: ExecutedCell, other: ExecutedCell) -> Iterator[Difference]:
    if cell.kind != other.kind:
        yield Difference("the kind of the cell", cell.kind, other.kind)
    lines, anew = cell.source.split("\n"), other.source.split("\n")
    for same, one, two in align(lines, anew):
        if not same:
            old, new = ("\n".join(block) if block else None for block in (lines[one], anew[two]))
            yield Difference(f"line {one.start + 1} of the source", old, new)


def compare_outputs(
    report: _Report,
    here: Sequence[Mapping[str, Any]],
    again: Sequence[Mapping[str, Any]],
    label: str,
    *,
    same_drawing: bool,
) -> Iterator[Compared]:
    """Compare the outputs of a cell: values by name, tables by cell, figures by data, pictures by bytes."""
    if len(here) != len(again):
        number = Difference("the number of outputs", str(len(here)), str(len(again)))
        yield report("outputs", differences=(number,))
        return
    for one, other in zip(here, again, strict=True):
        data, anew = one.get("data", {}), other.get("data", {})
        csvs = _ours(one).get("csv"), _ours(other).get("csv")
        if mime.VALUES in data or mime.VALUES in anew:
            yield _compare_values(report, data.get(mime.VALUES), anew.get(mime.VALUES))
        elif label.startswith("tbl-") and "text/markdown" in anew:
            yield _compare_tables(report, *(as_text(side.get("text/markdown")) or "" for side in (data, anew)))
        if csvs != (None, None):
            yield _compare_data(report, *(as_text(side) or "" for side in csvs))
        if any(kind in side for kind in _PICTURES for side in (data, anew)):
            yield _compare_pictures(report, data, anew, same_drawing=same_drawing)
        rest = changed(_rest(one), _rest(other))
        differences = (Difference(f"the output's {name}", old, new) for name, old, new in rest)
        yield report("output", differences=tuple(differences))


def _ours(output: Mapping[str, Any]) -> dict[str, Any]:
    found = output.get("metadata", {}).get(mime.METADATA, {})
    return found if isinstance(found, dict) else {}


def _compare_values(report: _Report, here: Any, again: Any) -> Compared:
    before, after = (side if isinstance(side, dict) else {} for side in (here, again))
    differences = [
        Difference(f"the value {name}", as_text(old), as_text(new)) for name, old, new in changed(before, after)
    ]
    return report("values", len(after), tuple(differences))


def _compare_tables(report: _Report, here: str, again: str) -> Compared:
    (grid, notes), (anew, notes_anew) = map(parse_pipe_table, (here, again))
    differences = [*compare_grids(grid, anew)]
    if notes != notes_anew:
        differences.append(Difference("the notes beneath the table", notes, notes_anew))
    if here != again and not differences:
        differences.append(Difference("the Markdown of the table", here, again))
    return report("table", size(anew), tuple(differences))


def _compare_data(report: _Report, here: str, again: str) -> Compared:
    grid, anew = parse_csv_or_lines(here), parse_csv_or_lines(again)
    differences = [one._replace(what=f"its data, {one.what}") for one in compare_grids(grid, anew)]
    if here != again and not differences:
        differences.append(Difference("its data, as CSV", here, again))
    return report("data", size(anew), tuple(differences))


def parse_csv_or_lines(text: str) -> Grid:
    """Read CSV; of malformed text each line is a cell."""
    try:
        return parse_csv(text)
    except csv.Error:
        return tuple((line,) for line in text.split("\n"))


def size(grid: Grid) -> int:
    """Count the cells below the heads."""
    return sum(map(len, grid[1:]))


def _compare_pictures(
    report: _Report, here: Mapping[str, Any], again: Mapping[str, Any], *, same_drawing: bool
) -> Compared:
    kind = next((kind for kind in _PICTURES if as_text(here.get(kind)) != as_text(again.get(kind))), None)
    if kind is None:
        return report("picture")
    if not same_drawing and kind in here and kind in again:
        note = f"not compared: {OTHER_VERSIONS.format('packages that draw')}"
        return report("picture", note=note, done=False)
    return report("picture", differences=(Difference("the picture is not the one that the notebook draws"),))


def _rest(output: Mapping[str, Any]) -> dict[str, str | None]:
    """Give what no other comparison of an output covers."""
    data, ours, metadata = output.get("data", {}), _ours(output), output.get("metadata", {})
    # A table is repeated as plain text for other readers.
    table = (data["text/markdown"], data.get("text/plain")) if "text/markdown" in data and "csv" in ours else ()
    covered = (mime.VALUES, *_PICTURES)
    rest = {"kind": output.get("output_type")}
    rest |= {kind: content for kind, content in data.items() if kind not in covered and content not in table}
    rest |= {_OF_OUTPUTS.get(key, key): content for key, content in ours.items() if key != "csv"}
    rest |= {key: content for key, content in metadata.items() if key != mime.METADATA}
    others = ("data", "metadata", "execution_count", "output_type")
    rest |= {key: content for key, content in output.items() if key not in others}
    return {key: as_text(content) for key, content in rest.items()}


def as_text(stored: Any) -> str | None:
    """Give stored text, in one piece or line by line, as text; anything else but None as JSON."""
    if stored is None or isinstance(stored, str):
        return stored
    if isinstance(stored, list) and all(isinstance(part, str) for part in stored):
        return "".join(stored)
    return json.dumps(stored, ensure_ascii=False, sort_keys=True)
