"""What a workspace holds of its notebooks' results, compared with what they give again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from scrutiny.errors import ScrutinyError
from scrutiny.execution.compute import Computed
from scrutiny.execution.provenance import FILE as ORIGINS
from scrutiny.narrative.syntax import shortcodes
from scrutiny.review.compare import Difference, changed, compare_excerpts, leaves, numbered_lines
from scrutiny.review.tables import compare_grids
from scrutiny.review.verify.findings import Compared, Part, differing
from scrutiny.review.verify.notebooks import parse_csv_or_lines, size
from scrutiny.review.verify.rerun import VARIABLES, included_sections
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.skeleton import QUARTER_FILE
from scrutiny.workspace.write import DOWNLOADS, VALUES
from scrutiny.yaml_models import parse_yaml

_Leaves = Mapping[tuple[str, ...], str]
_report = partial(Compared, Part.VALUES)


def compare_values(here: Path, again: Path, computed: Computed) -> Iterator[Compared]:
    """Compare values, their provenance, downloads and the generated parts of the narrative."""
    yield _compare_leaves(here, again, VALUES, _read_json)
    yield _compare_leaves(here, again, VARIABLES, _read_variables)
    yield _compare_leaves(here, again, ORIGINS, _read_json)
    yield from _compare_downloads(here, again)
    text = _text(here / QUARTER_FILE)
    found = ", ".join(code.included for code in shortcodes(text) if code.included)
    expected = ", ".join(included_sections(computed.parameters))
    wrong = () if found == expected else (Difference("the sections and their order", found, expected),)
    yield _report(QUARTER_FILE, what="order of the sections", differences=wrong)
    if (here / ANNEX).is_file() or (again / ANNEX).is_file():
        # The comment at its head is for whoever opens the file.
        lines, anew = (
            [line for line in numbered_lines(_text(folder / ANNEX)) if not line.text.startswith("<!--")]
            for folder in (here, again)
        )
        yield _report(ANNEX, "", "annex", len(anew), tuple(compare_excerpts(lines, anew)))


def _compare_leaves(here: Path, again: Path, file: str, read: Callable[[Path], _Leaves]) -> Compared:
    if not (here / file).is_file():
        return differing(Part.VALUES, file, "this file is missing")
    try:
        known = read(here / file)
    except (ScrutinyError, ValueError, RecursionError, OSError) as error:
        return differing(Part.VALUES, file, f"this file is damaged: {error}")
    anew = read(again / file)
    differences = tuple(Difference(_name(path), old, new) for path, old, new in changed(known, anew))
    return _report(file, what="values", count=len(anew), differences=differences)


def _name(path: tuple[str, ...]) -> str:
    match path:
        case ("values", name):
            return f"the value {name}"
        case ("values", name, *below):
            return f"the value {name}, its {', '.join(below)}"
        case ("shown", label, first, *below):
            return f"{label}, its {', '.join([first, *below])}"
    return ", ".join(path)


def _read_json(path: Path) -> _Leaves:
    return leaves(json.loads(path.read_text(encoding="utf-8")))


def _read_variables(path: Path) -> _Leaves:
    """Read `_variables.yml`, where the parts of a value's name are nested."""
    nested = parse_yaml(path.read_text(encoding="utf-8"), Path(path.name)) or {}
    return {("values", ".".join(names)): text for names, text in leaves(nested).items()}


def _compare_downloads(here: Path, again: Path) -> Iterator[Compared]:
    names = {path.name for folder in (here, again) for path in (folder / DOWNLOADS).glob("*") if path.is_file()}
    for name in sorted(names):
        file = f"{DOWNLOADS}/{name}"
        if not (here / file).is_file():
            yield differing(Part.VALUES, file, "this file is missing")
        elif not (again / file).is_file():
            yield differing(Part.VALUES, file, "no table or figure has these data")
        else:
            grid, anew = (parse_csv_or_lines(_text(folder / file)) for folder in (here, again))
            differences = tuple(compare_grids(grid, anew))
            if not differences and (here / file).read_bytes() != (again / file).read_bytes():
                differences = (Difference("how the file is written, not what its cells say"),)
            yield _report(file, Path(name).stem, "data", size(anew), differences)


def _text(path: Path) -> str:
    """Read what can be read of a file; a missing one is empty."""
    return path.read_bytes().decode("utf-8", "replace") if path.is_file() else ""
