"""What the commands share: their common arguments, the project, and how results reach a terminal or a pipe."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scrutiny.errors import CheckFound, Problem, WrongUse
from scrutiny.text import visible

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scrutiny.inputs.project import Project
    from scrutiny.progress import BuildProgress


class EngineName(StrEnum):
    """Engines that can be asked for."""

    QUARTO = "quarto"
    PANDOC = "pandoc"


QuarterArgument = Annotated[str, typer.Argument(help="The quarter, such as 2020-21-Q1.", metavar="QUARTER")]
EngineOption = Annotated[EngineName | None, typer.Option(help="The engine; Quarto by default where installed.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON.")]


def find_project() -> Project:
    """Find the project and go there, because a build may replace the current folder."""
    from scrutiny.inputs.project import Project

    try:
        project = Project.to_build(Path.cwd())
    except OSError:
        raise WrongUse(Problem("the current folder is gone", hint="go to the folder of the report")) from None
    os.chdir(project.root)
    return project


@contextmanager
def project_to_write() -> Iterator[Project]:
    """Find the project, and be the only command that writes into it; wait for another."""
    from scrutiny.files import only_writer

    project = find_project()
    with only_writer(project.build, project.root, lambda other: say(f"waiting for {other}")):
        yield project


def progress(*, quiet: bool = False) -> BuildProgress:
    """Show progress on stderr."""
    from rich.console import Console

    from scrutiny.progress import BuildProgress

    return BuildProgress(Console(stderr=True, quiet=quiet))


def write(text: str) -> None:
    """Write for other programs: in UTF-8 on every system."""
    typer.echo(text.encode(), nl=False)


def show(lines: Iterable[str], tables: Iterable[RenderableType]) -> None:
    """Print tables on a terminal, and tab-separated lines in a pipe."""
    from scrutiny.review.render import View

    View(lines, tables).show()


def say(text: str) -> None:
    """Write a message on stderr; it may quote anybody's text."""
    typer.echo("\n".join(map(visible, f"scrutiny: {text}".split("\n"))), err=True)


def fail_check(problems: Sequence[Problem], *, already_written: bool) -> None:
    """Exit with 1 if a check found problems; `already_written` says that the JSON has them."""
    if problems and already_written:
        raise typer.Exit(1)
    if problems:
        raise CheckFound(problems)


def from_here(path: Path) -> Path:
    """Name a path from the current folder if it is inside it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def typed_in(folder: Path, path: Path) -> Path:
    """Name a path from the current folder that was typed in another one."""
    return path if Path.cwd() == folder else from_here((folder / path).resolve())
