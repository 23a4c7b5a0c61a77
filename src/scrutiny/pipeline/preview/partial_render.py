"""Making the page without what stays the same: pandoc reads the narrative, and not each table and picture again.

Two thirds of pandoc's time go to tables and pictures, which no narrative can change. So a workspace of stand-ins
is rendered, a table of one cell for each table and a dot for each picture, and what belongs beneath each caption
is taken over from the last page that was made whole. Numbers and captions are pandoc's own.
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
    """Copy a workspace, with stand-ins for its tables and pictures and without their data.

    Parameters
    ----------
    folder : Path
        Replaced if it is there.
    """
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
    """Give the tag of each table and figure of a page and what stands beneath its caption, by label."""
    return {found["label"]: (found["open"], found["body"]) for found in _FIGURE.finditer(page)}


def with_bodies(page: str, known: dict[str, tuple[str, str]]) -> str | None:
    """Put them in the place of stand-ins; None if others are shown, or in another order: they hold numbers."""
    if list(bodies(page)) != list(known):
        return None

    def filled(found: re.Match[str]) -> str:
        opening, body = known[found["label"]]
        return f"{opening}{found['caption']}{body}"

    return _FIGURE.sub(filled, page)
