"""Fixtures: the project copied, reports built once, the workspace of all syntax; and skips by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from fixtures.notebook import executed_notebook
from playwright.sync_api import Browser
from readback.pictures import chromium
from rich.console import Console

from scrutiny.engines import DOCUMENTS, choose_engine
from scrutiny.engines.quarto import find_quarto
from scrutiny.execution.values import program_values
from scrutiny.inputs.parameters import Heading, Parameters
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.pipeline.build import build
from scrutiny.progress import BuildProgress
from scrutiny.workspace.write import write_report

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
FIXTURES = Path(__file__).parent / "fixtures"
QUARTERS = ("2020-21-Q1", "2019-20-Q4")
COPIED = ("_quarto.yml", "_variables.yml", "report.qmd", "assets", "data", "notebooks", "params", "sections")

PROGRAMS = {"chromium": "chromium", "libreoffice": "soffice", "poppler": "pdftoppm"}

NASTY = {
    "nasty.script.year.text": "<script>alert(1)</script>",
    "nasty.reference.year.text": "@tbl-embedded",
    "nasty.shortcode.year.text": "{{< var crime.all.year.count >}}",
    "nasty.pipe.year.text": "this | that",
    "nasty.typst.year.text": "#let x = 1; $ y $ *bold*",
    "nasty.heading.year.text": "= no heading",
    "nasty.list.year.text": "- no list",
    "nasty.number.year.text": "1. no list",
    "nasty.term.year.text": "/ no: term",
    "nasty.image.year.text": "![](https://example.org/picture.png)",
}
FIXTURE_VALUES = {
    "crime.all.year.count": "134,069",
    "crime.all.year.movement": "fell by 16%, from 159,838 to 134,069",
    **NASTY,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store-pictures", action="store_true", help="store how the fixture report looks now")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = {
        mark: f"{program} is not installed" for mark, program in PROGRAMS.items() if not shutil.which(program)
    }
    quarto = find_quarto()
    if not quarto.usable:
        missing["quarto"] = quarto.why_not
    if not SHARED.is_dir():
        missing["shared"] = "../shared is not there"
    for item in items:
        for mark, why in missing.items():
            if item.get_closest_marker(mark):
                item.add_marker(pytest.mark.skip(reason=why))


def quiet() -> BuildProgress:
    return BuildProgress(Console(quiet=True))


def once_for_all(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], None]
) -> Path:
    """Give a folder that is made once, whichever of the processes of pytest-xdist asks for it first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / name
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        while not done.is_file():
            time.sleep(0.2)
    else:
        try:
            make(folder)
        finally:
            # Another process is not to wait for what failed here: its tests fail, too.
            done.touch()
    return folder


def copy_project(folder: Path) -> Path:
    for name in COPIED:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    return folder


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """Give a copy of the project, to break."""
    return copy_project(tmp_path)


@pytest.fixture
def scrutiny(project_folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give the command line, run in the copied project as a user runs it."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from scrutiny.cli import main; main()", *arguments],
            **{"cwd": project_folder, "capture_output": True, "text": True, "check": False, **options},
        )

    return run


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> dict[str, Path]:
    """Give the workspaces of both quarters, built once with the bundled engine."""

    def make(folder: Path) -> None:
        project = Project(copy_project(folder))
        for quarter in QUARTERS:
            build(project, quarter, quiet(), engine_name="pandoc")

    folder = once_for_all(tmp_path_factory, worker_id, "built", make)
    return {quarter: folder / "build" / quarter for quarter in QUARTERS}


@pytest.fixture(scope="session")
def built_by_quarto(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give the documents of the latest quarter, built with Quarto."""

    def make(folder: Path) -> None:
        build(Project(copy_project(folder)), QUARTERS[0], quiet(), engine_name="quarto")

    folder = once_for_all(tmp_path_factory, worker_id, "built-by-quarto", make)
    return folder / "build" / QUARTERS[0] / "_output"


def fixture_workspace(folder: Path, **heading: str) -> Path:
    """Make a workspace that uses all the syntax that docs/authoring.md lists."""
    heading = {
        "to": "The fixture's readers",
        "title": "All the syntax",
        "item": "1",
        "force": "A force",
        **heading,
    }
    project = Project(ROOT)
    parameters = Parameters(
        quarter="2020-21-Q1",
        report=Heading(date="2020-09", **heading),
        sources={},
        sections=["01-syntax", "02-looks", "90-appendix"],
    )
    sections = FIXTURES / "syntax" / "sections"
    narrative = load_narrative(sections, "2020-21-Q1", parameters.sections)
    (folder / "notebooks").mkdir(parents=True)
    picture = (sections / "2020-21-Q1" / "square.png").read_bytes()
    kinds = [[name.split(".")[1], text] for name, text in NASTY.items()]
    notebook, csv = executed_notebook(kinds, picture)
    nbformat.write(notebook, folder / "notebooks" / "fixture.ipynb")
    write_report(project, folder, parameters, narrative, FIXTURE_VALUES | program_values(parameters), csv=csv)
    return folder


def render(workspace: Path, engine: str, *formats: str) -> Path:
    """Make documents of a workspace, all unless said, and give their folder."""
    output = workspace / "_output"
    choose_engine(engine).render(workspace, formats or tuple(DOCUMENTS), output, lambda _: None, lambda _: None)
    return output


@pytest.fixture(scope="session")
def all_syntax(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the documents of all syntax, made by the bundled engine."""
    return render(fixture_workspace(tmp_path_factory.mktemp("syntax") / "2020-21-Q1"), "pandoc")


@pytest.fixture(scope="session")
def all_syntax_by_quarto(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the documents of all syntax, made by Quarto."""
    return render(fixture_workspace(tmp_path_factory.mktemp("syntax-quarto") / "2020-21-Q1"), "quarto")


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give Chromium, one for all tests: Playwright does not start twice in one thread."""
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started
