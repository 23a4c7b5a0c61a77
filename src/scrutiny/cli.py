"""The command line: each command is a thin function over one of the package.

What a command needs is imported inside it: `scrutiny --help` and `scrutiny values` need not wait for pandas.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from scrutiny import __version__
from scrutiny.errors import CheckFound, Problem, ScrutinyError, WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

    from scrutiny.inputs.project import Project
    from scrutiny.progress import BuildProgress

app = typer.Typer(
    help="Writes a police force's quarterly performance report from data, notebooks and narrative.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

STOPPED = 130
"""Exit code of what was stopped with Ctrl-C, as a shell has it."""

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


EngineOption = Annotated[EngineName | None, typer.Option(help="Which engine; by default Quarto if there.")]


@app.callback(invoke_without_command=True)
def version(
    show: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Write a police force's quarterly performance report from data, notebooks and narrative."""
    if show:
        typer.echo(f"scrutiny {__version__}")
        raise typer.Exit


@app.command()
def new(
    quarter: QuarterArgument,
    earlier: Annotated[
        str | None,
        typer.Option("--from", help="Begin from this one, not the newest before it.", metavar="QUARTER"),
    ] = None,
    skeleton: Annotated[
        bool, typer.Option("--skeleton", help="Take no section over; those of sections/_skeleton serve.")
    ] = False,
    meeting: Annotated[
        str | None,
        typer.Option("--date", help="Month or day of the meeting, such as 2020-12.", metavar="DATE"),
    ] = None,
) -> None:
    """Begin a new quarter: write its parameters, carry the narrative over, and list what is due."""
    from scrutiny.pipeline.quarters import render as showing
    from scrutiny.pipeline.quarters.new import begin
    from scrutiny.pipeline.quarters.status import status as status_of

    project = _project()
    begun = begin(project, quarter, earlier=earlier, skeleton=skeleton, meeting=meeting)
    for line in showing.begun_lines(begun):
        typer.echo(line)
    due = showing.batches(status_of(project, quarter, date.today()).supplies)
    typer.echo("\nDue:" if due else "\nNothing is due: every figure is there.")
    _show(showing.due_lines(due), [showing.due_table(due)])
    typer.echo(f"\nNext: scrutiny import (see docs/new-quarter.md); scrutiny status {quarter} says what is left.")


@app.command()
def status(
    quarter: QuarterArgument,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, of every measure and section.")] = False,
) -> None:
    """Say what a quarter lacks: figures that are missing, stale or illustrative, text that is carried over."""
    from scrutiny.pipeline.quarters import render as showing
    from scrutiny.pipeline.quarters.status import status as status_of

    found = status_of(_project(), quarter, date.today())
    if json:
        typer.echo(showing.as_json(found).encode(), nl=False)
        return
    typer.echo("\n".join(found.summary))
    _show(showing.status_lines(found), showing.status_tables(found))


@app.command()
def build(
    quarters: Annotated[
        list[str],
        typer.Argument(help="The quarters, such as 2019-20-Q4 2020-21-Q1.", metavar="QUARTER", show_default=False),
    ],
    engine: EngineOption = None,
    to: Annotated[list[Format] | None, typer.Option(help="Only this format; may be repeated.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make everything anew, use nothing of before.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")] = False,
) -> None:
    """Build the reports of one or more quarters: PDF, Word and HTML in build/QUARTER/_output."""
    from scrutiny.pipeline.build import build_all

    outcomes = build_all(
        _project(),
        tuple(dict.fromkeys(quarters)),
        _progress(quiet=quiet),
        engine_name=engine,
        formats=tuple(format_.value for format_ in to or Format),
        fresh=fresh,
    )
    failed: dict[str, list[str]] = {}
    for quarter, outcome in outcomes:
        if isinstance(outcome, ScrutinyError):
            if len(outcomes) == 1:
                raise outcome
            failed.setdefault(str(outcome), []).append(quarter)
        elif not quiet:
            typer.echo(f"{quarter} is built, with {outcome.engine.name} {outcome.engine.version}:")
            for document in outcome.documents:
                typer.echo(f"  {_from_here(document)}")
            if outcome.questions:
                typer.echo(
                    f"  questions that the data leave open: {outcome.questions}; see scrutiny check {quarter}"
                )
    # At the end, where they are seen; what is wrong with the data is wrong for several quarters, and told once.
    for message, stopped in failed.items():
        _say(f"not built: {', '.join(stopped)}\n{message}")
    if failed:
        raise typer.Exit(max(error.exit_code for _, error in outcomes if isinstance(error, ScrutinyError)))


@app.command()
def preview(
    quarter: QuarterArgument,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Which port of this machine; 0 is a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    engine: EngineOption = None,
) -> None:
    """Show a quarter's report in the browser and follow what is edited, until it is stopped with Ctrl-C."""
    from scrutiny.pipeline.preview import preview as preview_report

    preview_report(_project(), quarter, engine_name=engine, port=port, open_browser=browser)


@app.command()
def values(
    quarter: QuarterArgument,
    patterns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Only names with this part, or like this glob (crime.*.movement); each further one narrows.",
            metavar="PATTERN",
            show_default=False,
        ),
    ] = None,
    text: Annotated[bool, typer.Option("--text", "-t", help="Search what the values say, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    snippets: Annotated[bool, typer.Option("--snippets", help="Write snippets for VS Code.")] = False,
    last: Annotated[bool, typer.Option("--last", help="As the last build had them; run nothing.")] = False,
) -> None:
    """List the values that a quarter's narrative may quote, and what they say now."""
    from scrutiny.pipeline import values as listing
    from scrutiny.workspace.write import values_as_json

    if json and snippets:
        raise WrongUse(Problem("--json and --snippets are two forms of the list", instead="choose one"))
    project = _project()
    if last:
        known = listing.values_of_last_build(project, quarter)
    else:
        known = listing.values_now(project, quarter, _progress())
    chosen = listing.matching(known, patterns or (), text=text)
    if json:
        written = values_as_json(quarter, chosen)
    elif snippets:
        written = listing.as_snippets(quarter, chosen)
    elif sys.stdout.isatty():
        listing.print_table(chosen)
        return
    else:
        written = "".join(f"{line}\n" for line in listing.as_lines(chosen))
    # In UTF-8 on every system: it is for other programs.
    typer.echo(written.encode(), nl=False)


@app.command()
def check(
    quarter: QuarterArgument,
    answer: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Answer this question instead; may be repeated.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who answers it.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is so.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Judge a quarter's parameters, data and sections without building; exit with 1 if something is wrong."""
    from scrutiny.pipeline import check as checking

    project = _project()
    if answer:
        typer.echo(checking.answer(project, quarter, answer, by=by, reason=reason))
        return
    if by is not None or reason is not None:
        raise WrongUse(Problem("--by and --reason are of an answer", instead="say which question: --answer ID"))
    checked = checking.check(project, quarter)
    # In UTF-8 on every system: it is for other programs.
    typer.echo(checking.as_json(checked).encode() if json else checking.as_text(checked), nl=not json)
    if checked.wrong and json:
        raise typer.Exit(1)
    if checked.wrong:
        raise CheckFound(checked.wrong)


@app.command("import")
def import_(
    kind: Annotated[str, typer.Argument(help="What they are, such as extract: docs/import.md.", metavar="KIND")],
    files: Annotated[
        list[Path], typer.Argument(help="Files, folders, zip archives.", metavar="FILE", show_default=False)
    ],
    mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="What an extract's columns are.")] = None,
    as_at: Annotated[str | None, typer.Option(metavar="DAY", help="When it was drawn: 2020-10-05.")] = None,
    quarter: Annotated[str | None, typer.Option(metavar="QUARTER", help="Its quarter: 2020-21-Q2.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write; without it nothing is written.")] = False,
    without_refused: Annotated[bool, typer.Option("--without-refused", help="Write the rest.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Take source files into the datasets: show what they would add, revise and refuse; --yes writes it."""
    from scrutiny import importers as intake
    from scrutiny.importers import summary as telling

    here = Path.cwd()
    project = _project()
    # They were typed in a folder that may be another than the project's, where we are now.
    named = files if Path.cwd() == here else [_from_here((here / file).resolve()) for file in files]
    options = intake.parse_options(mapping and _from_here((here / mapping).resolve()), as_at, quarter)
    proposal = intake.take_in(project, kind, named, options)
    stopped: ScrutinyError | None = None
    written: tuple[Path, ...] = ()
    try:
        written = intake.write(proposal, without_refused=without_refused) if yes else ()
    except ScrutinyError as error:
        # What is proposed is told all the same, and then what stopped it.
        stopped = error
    if json:
        typer.echo(telling.as_json(proposal, written).encode(), nl=False)
    else:
        typer.echo("\n".join(telling.as_lines(proposal, written)))
    if stopped:
        raise stopped


@app.command()
def numbers(
    quarter: QuarterArgument,
    every: Annotated[bool, typer.Option("--all", help="List dates, names and the like, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, of all numbers.")] = False,
) -> None:
    """Judge each number of a narrative: bound to a value, stated, or loose; exit with 1 if one is loose."""
    from scrutiny.review.numbers import telling
    from scrutiny.review.numbers.quarter import judge_quarter

    judged = judge_quarter(_project(), quarter, _progress())
    if json:
        typer.echo(telling.as_json(quarter, judged).encode(), nl=False)
    else:
        typer.echo(telling.summary(quarter, judged))
        listed = telling.shown(judged, every=every)
        _show(telling.as_lines(listed), telling.as_tables(listed))
    if judged.problems and json:
        raise typer.Exit(1)
    if judged.problems:
        raise CheckFound(judged.problems)


@app.command()
def explain(
    quarter: QuarterArgument,
    name: Annotated[
        str, typer.Argument(help="A value, or the label of a table or figure (tbl-…, fig-…).", metavar="NAME")
    ],
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Say where a value, table or figure comes from: formula, rows, system, day, notebook and code."""
    from scrutiny.review import explain as explaining

    explanation = explaining.explain(_project(), quarter, name, _progress())
    if json:
        # In UTF-8 on every system: it is for other programs.
        typer.echo(explaining.as_json(explanation).encode(), nl=False)
    else:
        _show(explaining.as_lines(explanation), explaining.as_tables(explanation))


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="A built report, such as build/2020-21-Q1.", metavar="FOLDER")],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the result there, not beside the documents.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute a built report anew from its own inputs and compare; exit with 1 if something differs."""
    from scrutiny.review.verify import telling
    from scrutiny.review.verify.run import verify as verify_workspace

    verification = verify_workspace(folder, _progress())
    page, as_meant = telling.write(verification, folder, to)
    if json:
        typer.echo(telling.as_json(verification).encode(), nl=False)
    else:
        typer.echo("\n".join(telling.summary(verification)))
        unless = "" if as_meant else f"  ({folder} cannot be written to)"
        typer.echo(f"A page to read: {_from_here(page)}{unless}")
    if verification.differs:
        raise CheckFound(telling.problems(verification, page))


@app.command()
def reconcile(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to read in this file.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show every figure, not only what differs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, of every figure.")] = False,
) -> None:
    """Compare with the published figures, and those with each other; exit with 1 if ours differs unexplained."""
    from scrutiny.review.reconcile import page, telling
    from scrutiny.review.reconcile.run import reconcile as compare

    here = Path.cwd()
    found = compare(_project(), quarter)
    if to is not None:
        # It was typed in a folder that may be another than the project's, where we are now.
        target = _from_here((here / to).resolve())
        page.write_page(target, found)
        typer.echo(f"{target} is written", err=json)
    if json:
        # In UTF-8 on every system: it is for other programs.
        typer.echo(telling.as_json(found).encode(), nl=False)
    elif to is None:
        _show(telling.as_lines(found), telling.as_tables(found, whole=whole))
    if found.complaints:
        raise CheckFound(found.complaints)


@app.command()
def diff(
    before: Annotated[
        str, typer.Argument(help="A build's folder, a quarter that is built, a commit.", metavar="A")
    ],
    after: Annotated[str, typer.Argument(help="Likewise; now is the project as it is.", metavar="B")] = "now",
    quarter: Annotated[
        str | None, typer.Option(help="The quarter of commits and of now.", metavar="QUARTER")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to read, too.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if something differs.")] = False,
) -> None:
    """Show two builds or commits side by side: which values, tables and text changed, and by how much."""
    from scrutiny.review.diff import page, telling
    from scrutiny.review.diff.changes import difference
    from scrutiny.review.diff.sides import Sides

    if html:
        page.require_place(html)
    found = difference(*Sides(Path.cwd(), quarter, _progress()).read(before, after))
    if html:
        page.write_page(html, found)
    if json:
        typer.echo(telling.as_json(found).encode(), nl=False)
    else:
        if sys.stdout.isatty():
            typer.echo("\n".join(telling.summary(found)))
        _show(telling.as_lines(found), telling.as_tables(found))
    if exit_code and found.changes:
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Say what is installed and which engine a build would use."""
    from scrutiny.pipeline.doctor import examine

    for name, found in examine():
        typer.echo(f"{name:<15} {found}")


def main() -> None:
    """Run the command line; a user's mistake is printed without a traceback."""
    try:
        code = app(standalone_mode=False)
        if code == STOPPED:
            # Typer gives this for Ctrl-C, and says nothing.
            raise KeyboardInterrupt
        sys.exit(code)
    except ScrutinyError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except TyperException as error:
        _say(f"{error.format_message()}\n    see scrutiny --help, or docs/commands.md")
        sys.exit(2)
    except (KeyboardInterrupt, typer.Abort):
        _say("stopped; the last documents are as they were")
        sys.exit(STOPPED)
    except Exception:  # noqa: BLE001 - the last resort: what is not a user's mistake is ours
        import traceback

        _say(f"a mistake of the program, not yours; please send {_told(traceback.format_exc())} to its makers")
        sys.exit(70)


def _project() -> Project:
    """Find the project and go there, because what a build replaces may be the current folder."""
    from scrutiny.inputs.project import Project

    try:
        project = Project.to_build(Path.cwd())
    except OSError:
        raise WrongUse(Problem("the current folder is gone", instead="go to the folder of the report")) from None
    os.chdir(project.root)
    return project


def _show(lines: Iterable[str], tables: Iterable[RenderableType]) -> None:
    """Print tables on a terminal, and lines with tabs in a pipe."""
    if sys.stdout.isatty():
        from rich.console import Console

        for table in tables:
            Console().print(table)
        return
    # In UTF-8 on every system: they are for other programs.
    typer.echo("".join(f"{line}\n" for line in lines).encode(), nl=False)


def _progress(*, quiet: bool = False) -> BuildProgress:
    from rich.console import Console

    from scrutiny.progress import BuildProgress

    return BuildProgress(Console(stderr=True, quiet=quiet))


def _told(trace: str) -> str:
    """Write a traceback where there is room for it, or give it as it is."""
    import tempfile

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
