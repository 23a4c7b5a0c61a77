"""Outputs of a cell compared: values by name, tables by cell, figures by their data, pictures by their bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scrutiny.analysis import mime
from scrutiny.review.verify import grids
from scrutiny.review.verify.findings import Difference

Result = tuple[str, int, list[Difference], str, bool]
"""What was compared, how many things, what differs, a note, and whether it could be compared."""

_PICTURES = ("image/png", "image/svg+xml", "image/jpeg")
_TOLD = {"caption": "caption", "alt": "alternative text"}
OTHER_VERSIONS = "other versions of the packages that draw are installed here than those of the manifest"


def compare_outputs(
    here: Sequence[Mapping[str, Any]], again: Sequence[Mapping[str, Any]], label: str, *, same_drawing: bool
) -> Iterator[Result]:
    """Compare what a cell gave with what it gives again.

    Parameters
    ----------
    here, again : sequence of mapping
        Its outputs.
    label : str
        Of the cell; empty if it has none.
    same_drawing : bool
        Whether pictures have to be the same by their bytes.
    """
    if len(here) != len(again):
        yield "outputs", 1, [Difference("the number of outputs", str(len(here)), str(len(again)))], "", True
        return
    for one, other in zip(here, again, strict=True):
        ours, theirs = (_ours(output) for output in (one, other))
        data, anew = one.get("data", {}), other.get("data", {})
        if mime.VALUES in data or mime.VALUES in anew:
            yield _values(data.get(mime.VALUES), anew.get(mime.VALUES))
        elif label.startswith("tbl-") and "text/markdown" in anew:
            yield _table(as_text(data.get("text/markdown")), as_text(anew["text/markdown"]))
        if "csv" in ours or "csv" in theirs:
            yield _csv(ours.get("csv"), theirs.get("csv"))
        if any(kind in part for kind in _PICTURES for part in (data, anew)):
            yield _picture(data, anew, same_drawing=same_drawing)
        yield from _rest(one, other)


def _ours(output: Mapping[str, Any]) -> dict[str, Any]:
    found = output.get("metadata", {}).get(mime.METADATA, {})
    return found if isinstance(found, dict) else {}


def _values(here: Any, again: Any) -> Result:
    before, after = (one if isinstance(one, dict) else {} for one in (here, again))
    differences = [
        Difference(f"the value {name}", as_text(before.get(name)), as_text(after.get(name)))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return "values", len(after), differences, "", True


def _table(here: str | None, again: str | None) -> Result:
    (grid, notes), (anew, beneath) = grids.of_markdown(here or ""), grids.of_markdown(again or "")
    differences = list(grids.cell_differences(grid, anew))
    if notes != beneath:
        differences.append(Difference("the notes beneath the table", notes, beneath))
    if here != again and not differences:
        differences.append(Difference("the Markdown of the table", here, again))
    return "table", grids.size(anew), differences, "", True


def _csv(here: Any, again: Any) -> Result:
    grid, anew = grids.of_csv(as_text(here) or ""), grids.of_csv(as_text(again) or "")
    differences = [
        Difference(f"its data, {one.what}", one.here, one.again) for one in grids.cell_differences(grid, anew)
    ]
    if here != again and not differences:
        differences.append(Difference("its data, as CSV", as_text(here), as_text(again)))
    return "data", grids.size(anew), differences, "", True


def _picture(data: Mapping[str, Any], anew: Mapping[str, Any], *, same_drawing: bool) -> Result:
    for kind in _PICTURES:
        if as_text(data.get(kind)) == as_text(anew.get(kind)):
            continue
        if not same_drawing and kind in data and kind in anew:
            return "picture", 1, [], f"not compared: {OTHER_VERSIONS}", False
        return "picture", 1, [Difference("the picture is not the one that the notebook draws")], "", True
    return "picture", 1, [], "", True


def _rest(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Result]:
    """Compare what is not compared in a way of its own."""
    differences = []
    here, again = _leaves(one), _leaves(other)
    for name in sorted({*here, *again}):
        if here.get(name) != again.get(name):
            differences.append(Difference(f"the output's {name}", here.get(name), again.get(name)))
    if differences or here:
        yield "output", 1, differences, "", True


def _leaves(output: Mapping[str, Any]) -> dict[str, str | None]:
    data, ours = output.get("data", {}), _ours(output)
    compared = (mime.VALUES, *_PICTURES)
    tables = "text/markdown" in data and "csv" in ours
    leaves = {
        kind: as_text(value)
        for kind, value in data.items()
        # A table stands there twice, once for readers of plain text; it is told once.
        if kind not in compared and not (tables and value in (data["text/markdown"], data.get("text/plain")))
    }
    leaves |= {_TOLD.get(key, key): as_text(value) for key, value in ours.items() if key != "csv"}
    leaves |= {key: as_text(value) for key, value in output.get("metadata", {}).items() if key != mime.METADATA}
    leaves |= {
        key: as_text(value)
        for key, value in output.items()
        if key not in ("data", "metadata", "execution_count", "output_type")
    }
    return {"kind": as_text(output.get("output_type")), **leaves}


def as_text(value: Any) -> str | None:
    """Give what a notebook stores as the text that it is, or as JSON; None stays."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
