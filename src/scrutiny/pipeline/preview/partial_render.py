"""Rendering the page without what stays the same: pandoc reads the narrative, but no table and picture again.

Two thirds of pandoc's time go to tables and pictures, which no narrative can change. So a workspace of stand-ins
is rendered, with a table of one cell for each table and a dot for each picture, and what belongs below a caption
is taken from the last page that was rendered whole. Numbers and captions are pandoc's own.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from scrutiny.execution.executed import labelled_cells
from scrutiny.inputs.project import INPUTS
from scrutiny.pipeline.build import OUTPUT
from scrutiny.workspace.write import DOWNLOADS

_STAND_INS = {
    "text/markdown": "| - |\n|---|\n| - |\n",
    "image/png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
}
# As assets/filters/floats.lua writes them; figures do not hold figures.
_FIGURE = re.compile(
    r'(?P<open><figure id="(?P<label>(?:tbl|fig)-[^"]+)"[^>]*>)'
    r"(?P<caption>.*?</figcaption>)(?P<body>.*?</figure>)",
    re.DOTALL,
)


def write_stand_ins(workspace: Path, folder: Path) -> None:
    """Copy a workspace to `folder`, with stand-ins for its tables and pictures and without their data."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns(INPUTS, DOWNLOADS, OUTPUT))
    for path in (folder / "notebooks").glob("*.ipynb"):
        notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = "".join(cell["source"])
        for cell, _ in labelled_cells(notebook):
            for output in cell["outputs"]:
                data = output.get("data", {})
                data.update((kind, text) for kind, text in _STAND_INS.items() if kind in data)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def bodies(page: str) -> dict[str, tuple[str, str]]:
    """Return the opening tag of each table and figure of a page and what is below its caption, by label."""
    return {found["label"]: (found["open"], found["body"]) for found in _FIGURE.finditer(page)}


def with_bodies(page: str, known: dict[str, tuple[str, str]]) -> str | None:
    """Put them in place of the stand-ins; None if others are shown, or in another order, which numbers them."""
    if list(bodies(page)) != list(known):
        return None

    def filled(found: re.Match[str]) -> str:
        opening, body = known[found["label"]]
        return f"{opening}{found['caption']}{body}"

    return _FIGURE.sub(filled, page)
