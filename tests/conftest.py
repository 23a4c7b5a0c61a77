"""Fixtures: the project copied, reports built once, documents of all syntax; and skips by name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from fixtures import once
from fixtures.all_syntax import fixture_workspace, render
from fixtures.once import once_for_all
from fixtures.projects import QUARTERS, SHARED, copy_project, quiet
from playwright.sync_api import Browser
from readback.pictures import chromium

from scrutiny.cli import main
from scrutiny.engines.quarto import find_quarto
from scrutiny.execution.kernels.pool import KernelPool
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import Built, build, build_all

# Where nothing compiled is kept, each of the processes of a run would compile all tests and the program anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

PROGRAMS = {"chromium": "chromium", "libreoffice": "soffice", "poppler": "pdftoppm"}


class Ran(NamedTuple):
    """What a run of the command line gave."""

    returncode: int
    stdout: str
    stderr: str


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


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """Say where the processes of this run keep what is made once for all of them."""
    base = tmp_path_factory.getbasetemp()
    once.folder = base if worker_id == "master" else base.parent


@pytest.fixture(scope="session", autouse=True)
def one_warm_process() -> Iterator[None]:
    """Share one warm process among the builds of this process: starting one takes longer than most builds."""
    started = KernelPool._started
    servers = []

    def shared(_: KernelPool, sources: dict[Path, int]) -> object:
        if not servers or servers[-1].process.poll() is not None or servers[-1].sources != sources:
            servers.append(started(keeper, sources))
        # A pool closes its own end.
        return replace(servers[-1], control=servers[-1].control.dup())

    with KernelPool() as keeper, pytest.MonkeyPatch.context() as patch:
        patch.setattr(KernelPool, "_started", shared)
        yield


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """Give a copy of the project, to break."""
    return copy_project(tmp_path)


@pytest.fixture
def scrutiny(
    project_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Give the command line, run in the copied project; in this process, which is quicker than one of its own."""

    def run(*arguments: str, cwd: Path = project_folder) -> Ran:
        monkeypatch.chdir(cwd)
        monkeypatch.setattr("sys.argv", ["scrutiny", *arguments])
        with pytest.raises(SystemExit) as exited:
            main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(exited.value.code or 0, out, err)

    return run


@pytest.fixture
def scrutiny_process(project_folder: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Give the command line, run in the copied project in a process of its own, as a user runs it."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", "from scrutiny.cli import main; main()", *arguments],
            **{"cwd": project_folder, "capture_output": True, "text": True, "check": False, **options},
        )

    return run


@pytest.fixture(scope="session")
def built(shared_folder: None) -> dict[str, Path]:
    """Give the workspaces of both quarters, built once with the bundled engine."""

    def make(folder: Path) -> None:
        for _, outcome in build_all(Project(copy_project(folder)), QUARTERS, quiet(), engine_name="pandoc"):
            assert isinstance(outcome, Built), outcome

    folder = once_for_all("built", make)
    return {quarter: folder / "build" / quarter for quarter in QUARTERS}


@pytest.fixture(scope="session")
def built_by_quarto(shared_folder: None) -> Path:
    """Give the documents of the latest quarter, built with Quarto."""

    def make(folder: Path) -> None:
        build(Project(copy_project(folder)), QUARTERS[0], quiet(), engine_name="quarto")

    folder = once_for_all("built-by-quarto", make)
    return folder / "build" / QUARTERS[0] / "_output"


@pytest.fixture(scope="session")
def all_syntax(shared_folder: None) -> Path:
    """Give the documents of all syntax, made by the bundled engine."""

    def make(folder: Path) -> None:
        render(fixture_workspace(folder / "2020-21-Q1"), "pandoc")

    return once_for_all("syntax", make) / "2020-21-Q1" / "_output"


@pytest.fixture(scope="session")
def all_syntax_by_quarto(shared_folder: None) -> Path:
    """Give the documents of all syntax, made by Quarto."""

    def make(folder: Path) -> None:
        render(fixture_workspace(folder / "2020-21-Q1"), "quarto")

    return once_for_all("syntax-quarto", make) / "2020-21-Q1" / "_output"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Give Chromium, one for all tests: Playwright does not start twice in one thread."""
    with chromium(tmp_path_factory.mktemp("chromium")) as started:
        yield started
