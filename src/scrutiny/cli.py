"""The command line: each command is a thin function over one of the package."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from scrutiny import __version__
from scrutiny.errors import CheckFound, Problem, ScrutinyError, WrongUse
from scrutiny.progress import BuildProgress, log, logged_to
from scrutiny.project import Project
from scrutiny.publishing import require_folders

app = typer.Typer(
    help="Writes a police force's quarterly performance report from data, notebooks and narrative.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

QuarterArgument = Annotated[str, typer.Argument(help="The quarter, such as 2020-21-Q1.", metavar="QUARTER")]


class EngineName(StrEnum):
    """Engines that can be asked for."""

    QUARTO = "quarto"
    PANDOC = "pandoc"


class Format(StrEnum):
    """Formats that can be asked for."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Write a police force's quarterly performance report from data, notebooks and narrative."""
    if show:
        typer.echo(f"scrutiny {__version__}")
        raise typer.Exit


@app.command()
def build(
    quarter: QuarterArgument,
    engine: Annotated[EngineName | None, typer.Option(help="Which engine; by default Quarto if there.")] = None,
    to: Annotated[list[Format] | None, typer.Option(help="Only this format; may be repeated.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Build a quarter's report: PDF, Word and HTML in build/QUARTER/_output."""
    # Imported late: `scrutiny --help` need not wait for pandas.
    from scrutiny.build import build as build_report

    project = _project()
    progress = BuildProgress(Console(stderr=True, quiet=quiet))
    log_file = project.build / "logs" / f"{quarter}.log"
    # A quarter that does not exist gets no log.
    project.parameters(quarter)
    require_folders(*(_from_here(path) for path in (project.build, log_file.parent, project.build / quarter)))
    with logged_to(log_file):
        try:
            built = build_report(
                project,
                quarter,
                progress,
                engine_name=engine,
                formats=tuple(format_.value for format_ in to or Format),
            )
        except ScrutinyError as error:
            log.error("%s", error)
            raise
    if not quiet:
        typer.echo(f"{quarter} is built, with {built.engine.name} {built.engine.version}:")
        for document in built.documents:
            typer.echo(f"  {_from_here(document)}")


@app.command()
def check(quarter: QuarterArgument) -> None:
    """Judge a quarter's parameters, data and sections without building; exit with 1 if something is wrong."""
    from scrutiny.build import check as check_quarter

    try:
        check_quarter(_project(), quarter)
    except ScrutinyError as error:
        if error.exit_code == 2:
            raise
        raise CheckFound(error.problems) from None
    typer.echo(f"{quarter}: parameters, data and notebooks are in order; build judges the text of the sections.")


@app.command()
def doctor() -> None:
    """Say what is installed and which engine a build would use."""
    from scrutiny.doctor import examine

    for name, found in examine():
        typer.echo(f"{name:<15} {found}")


def main() -> None:
    """Run the command line; a user's mistake is printed without a traceback."""
    try:
        sys.exit(app(standalone_mode=False))
    except ScrutinyError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except TyperException as error:
        _say(f"{error.format_message()}\n    see scrutiny --help, or docs/commands.md")
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        _say("stopped; the last documents are as they were")
        sys.exit(130)
    except Exception:  # noqa: BLE001 - the last resort: what is not a user's mistake is ours
        _say(f"a mistake of the program, not yours; please send {_told(traceback.format_exc())} to its makers")
        sys.exit(70)


def _project() -> Project:
    """Find the project and go there, because what a build replaces may be the current folder."""
    try:
        project = Project.to_build(Path.cwd())
    except OSError:
        raise WrongUse(Problem("the current folder is gone", instead="go to the folder of the report")) from None
    os.chdir(project.root)
    return project


def _told(trace: str) -> str:
    """Write a traceback where there is room for it, or give it as it is."""
    for folder in (".", tempfile.gettempdir()):
        with suppress(OSError):
            log_file = Path(folder, "scrutiny-error.log").absolute()
            log_file.write_text(trace, encoding="utf-8")
            return str(log_file)
    return f"this:\n{trace}"


def _say(text: str) -> None:
    typer.echo(f"scrutiny: {text}", err=True)


def _from_here(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
