"""What a workspace holds of its notebooks' results, compared with what came out again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scrutiny.errors import ScrutinyError
from scrutiny.execution.compute import Computed
from scrutiny.execution.provenance import FILE as ORIGINS
from scrutiny.narrative.syntax import shortcodes
from scrutiny.review.verify import grids
from scrutiny.review.verify.findings import Compared, Difference, Part
from scrutiny.review.verify.passages import Passage, passage_differences, passages_of_lines
from scrutiny.review.verify.rerun import includes_of
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.skeleton import QUARTER_FILE
from scrutiny.workspace.write import DOWNLOADS, VALUES
from scrutiny.yaml_models import parse_yaml

VARIABLES = "_variables.yml"
_Leaves = Mapping[tuple[str, ...], str]


def compare_values(here: Path, again: Path, computed: Computed) -> list[Compared]:
    """Compare values, their origins, downloads and generated parts of the narrative.

    Parameters
    ----------
    here, again : Path
        The workspace, and the one made again.
    computed : Computed
        What that gave.
    """
    compared = [
        _compare_leaves(here, again, VALUES, _leaves_of_json),
        _compare_leaves(here, again, VARIABLES, _leaves_of_yaml),
        _compare_leaves(here, again, ORIGINS, _leaves_of_json),
        *_compare_downloads(here, again),
        _compare_order(here, computed),
    ]
    if (here / ANNEX).is_file() or (again / ANNEX).is_file():
        compared.append(_compare_annex(here, again))
    return compared


def _compare_leaves(here: Path, again: Path, name: str, read: Any) -> Compared:
    anew: _Leaves = read(again / name)
    if not (here / name).is_file():
        return Compared(Part.VALUES, name, differences=(Difference("this file is missing"),))
    try:
        leaves: _Leaves = read(here / name)
    except (ScrutinyError, ValueError, RecursionError, OSError) as error:
        return Compared(Part.VALUES, name, differences=(Difference(f"this file is damaged: {error}"),))
    differences = tuple(
        Difference(_named(path), leaves.get(path), anew.get(path))
        for path in sorted({*leaves, *anew})
        if leaves.get(path) != anew.get(path)
    )
    return Compared(Part.VALUES, name, what="values", count=len(anew), differences=differences)


def _named(path: tuple[str, ...]) -> str:
    """Name a leaf: of a value, by its name and what is told of it."""
    if path[:1] == ("values",):
        path = path[1:]
        return f"the value {path[0]}" if len(path) == 1 else f"the value {path[0]}, its {', '.join(path[1:])}"
    if path[:1] == ("shown",) and len(path) > 2:
        return f"{path[1]}, its {', '.join(path[2:])}"
    return ", ".join(path)


def _leaves_of_json(path: Path) -> _Leaves:
    return dict(_leaves(json.loads(path.read_text(encoding="utf-8")), ()))


def _leaves_of_yaml(path: Path) -> _Leaves:
    nested = parse_yaml(path.read_text(encoding="utf-8"), Path(path.name)) or {}
    # Here the dots of a name are levels.
    return {("values", ".".join(names)): text for names, text in _leaves(nested, ())}


def _leaves(nested: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(nested, Mapping):
        for key, below in nested.items():
            yield from _leaves(below, (*path, str(key)))
    else:
        yield path, nested if isinstance(nested, str) else json.dumps(nested, ensure_ascii=False)


def _compare_downloads(here: Path, again: Path) -> Iterator[Compared]:
    names = {path.name for folder in (here, again) for path in (folder / DOWNLOADS).glob("*") if path.is_file()}
    for name in sorted(names):
        where = f"{DOWNLOADS}/{name}"
        present = [(folder / where).is_file() for folder in (here, again)]
        if not all(present):
            what = "this file is missing" if present[1] else "no table or figure has these data"
            yield Compared(Part.VALUES, where, differences=(Difference(what),))
            continue
        grid, anew = (grids.of_csv(_text(folder / where)) for folder in (here, again))
        differences = tuple(grids.cell_differences(grid, anew))
        if not differences and (here / where).read_bytes() != (again / where).read_bytes():
            differences = (Difference("how the file is written, not what its cells say"),)
        yield Compared(Part.VALUES, where, name.partition(".")[0], "data", grids.size(anew), differences)


def _compare_order(here: Path, computed: Computed) -> Compared:
    text = _text(here / QUARTER_FILE) if (here / QUARTER_FILE).is_file() else ""
    found = ", ".join(code.included for code in shortcodes(text) if code.included)
    expected = ", ".join(includes_of(computed.parameters))
    wrong = () if found == expected else (Difference("the sections and their order", found, expected),)
    return Compared(Part.VALUES, QUARTER_FILE, what="order of the sections", differences=wrong)


def _compare_annex(here: Path, again: Path) -> Compared:
    lines, anew = (_lines(folder / ANNEX) for folder in (here, again))
    return Compared(Part.VALUES, ANNEX, "", "annex", len(anew), tuple(passage_differences(lines, anew)))


def _lines(path: Path) -> list[Passage]:
    """Give the lines that say something; the comment at the head is for who opens the file."""
    lines = passages_of_lines(_text(path) if path.is_file() else "")
    return [line for line in lines if not line.text.startswith("<!--")]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
