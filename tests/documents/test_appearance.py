"""The pages of the fixture report look as they are stored, so that a change of look is a decision.

`make pictures` stores them as they look now.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import nbformat
import pytest
from fixtures.all_syntax import fixture_workspace, render
from readback.pictures import (
    Pictures,
    difference,
    pdf_pages,
    printed_pages,
    screenshots,
    store,
    stored,
    word_pages,
)

STORED = Path(__file__).parents[1] / "pictures"

# The share of a page's pixels that may differ: a table's figures to the left are 0.4% or more. All is laid out with
# the report's own typeface; Typst's version is pinned, those of Chromium and LibreOffice are the machine's.
TOLERANCE = {"pdf": 0.0002, "docx": 0.001, "html": 0.001}

KINDS = [
    pytest.param("pdf", marks=pytest.mark.poppler),
    pytest.param("docx", marks=[pytest.mark.libreoffice, pytest.mark.poppler]),
    *(
        pytest.param(f"html-{width}-{scheme}", marks=pytest.mark.chromium)
        for width in (320, 1280)
        for scheme in ("light", "dark")
    ),
    pytest.param("html-print", marks=[pytest.mark.chromium, pytest.mark.poppler]),
]


@pytest.fixture(scope="module")
def draw(request, tmp_path_factory) -> Callable[[str, Path], Pictures]:
    """Give what draws the documents of a folder: the pages of one kind."""

    @cache
    def drawn(kind: str, output: Path) -> Pictures:
        folder = tmp_path_factory.mktemp(kind)
        if kind == "pdf":
            return pdf_pages(output / "report.pdf", kind, folder)
        if kind == "docx":
            return word_pages(output / "report.docx", folder)
        page, browser = output / "report.html", request.getfixturevalue("browser")
        if kind == "html-print":
            return printed_pages(browser, page, folder)
        _, width, scheme = kind.split("-")
        return screenshots(browser, page, int(width), scheme, folder)

    return drawn


@pytest.fixture(scope="module")
def looks(all_syntax, draw) -> dict[str, Pictures]:
    """Give the pages of each format."""
    return {kind: draw(kind, all_syntax) for kind in ("pdf", "docx", "html-1280-light")}


def beyond_tolerance(kind: str, pictures: Pictures, reference: Pictures, folder: Path) -> Iterator[str]:
    """Say which pages differ, by how much, and write them, and where they differ, to a folder."""
    tolerance = TOLERANCE[kind.split("-")[0]]
    for name in sorted({*pictures, *reference}):
        if name not in pictures:
            yield f"{name} is gone"
        elif name not in reference:
            pictures[name].save(folder / f"{name}.png")
            yield f"{name} is new"
        else:
            share, shown = difference(pictures[name], reference[name])
            if share > tolerance:
                pictures[name].save(folder / f"{name}.png")
                shown.save(folder / f"{name}-difference.png")
                yield f"{name}: {share:.2%} of its pixels differ, {tolerance:.2%} may"


@pytest.mark.parametrize("kind", KINDS)
def test_the_fixture_report_looks_as_it_is_stored(all_syntax, draw, kind, request, tmp_path):
    pictures = draw(kind, all_syntax)
    if request.config.getoption("store_pictures"):
        store(pictures, STORED, kind)
    told = list(beyond_tolerance(kind, pictures, stored(STORED, kind), tmp_path))
    assert not told, f"see the pages and their differences in {tmp_path}; if they are meant, run make pictures"


def recolour_headings(workspace: Path) -> None:
    assets = workspace / "assets"
    for path in (*assets.rglob("*.css"), *assets.rglob("*.typ")):
        text = re.sub("12436D", "B00020", path.read_text(encoding="utf-8"), flags=re.IGNORECASE)
        path.write_text(text, encoding="utf-8")
    with zipfile.ZipFile(assets / "reference.docx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(assets / "reference.docx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(b"12436D", b"B00020") if name.endswith(".xml") else content)


def change_line(line: int, pattern: str, replacement: str) -> Callable[[Path], None]:
    """Give what changes a line of the table with totals and parts, as it stands in the notebook."""

    def change(workspace: Path) -> None:
        path = workspace / "notebooks" / "fixture.ipynb"
        notebook = nbformat.read(path, as_version=4)
        (cell,) = [cell for cell in notebook.cells if cell.id == "tbl-levels"]
        lines = cell.outputs[0].data["text/markdown"].split("\n")
        lines[line] = re.sub(pattern, replacement, lines[line])
        cell.outputs[0].data["text/markdown"] = "\n".join(lines)
        nbformat.write(notebook, path)

    return change


CHANGES = {
    "none": lambda workspace: None,
    "headings in another colour": recolour_headings,
    "figures to the left": change_line(1, "-:", "--"),
    "no header row": change_line(0, r"[^|]", " "),
}


@pytest.mark.chromium
@pytest.mark.libreoffice
@pytest.mark.poppler
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_that_shows_is_beyond_the_tolerance(looks, draw, change, tmp_path):
    workspace = fixture_workspace(tmp_path / "workspace")
    CHANGES[change](workspace)
    output = render(workspace, "pandoc")
    noticed = {kind: any(beyond_tolerance(kind, draw(kind, output), looks[kind], tmp_path)) for kind in looks}
    assert noticed == dict.fromkeys(looks, change != "none")
