"""Commands that begin, write and build a quarter's report."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from scrutiny.cli import terminal
from scrutiny.cli.terminal import EngineOption, JsonOption, QuarterArgument
from scrutiny.errors import Problem, ScrutinyError, WrongUse


class Format(StrEnum):
    """Formats that can be asked for."""

    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"


def new(
    quarter: QuarterArgument,
    earlier: Annotated[
        str | None,
        typer.Option("--from", help="Begin from this quarter, not the newest before it.", metavar="QUARTER"),
    ] = None,
    skeleton: Annotated[
        bool, typer.Option("--skeleton", help="Carry no section over; use those of sections/_skeleton.")
    ] = False,
    meeting: Annotated[
        str | None,
        typer.Option("--date", help="Month or day of the meeting, such as 2020-12.", metavar="DATE"),
    ] = None,
) -> None:
    """Begin a new quarter: write its parameters, carry the narrative over, and list what is due."""
    from scrutiny.analysis.supplies import batches
    from scrutiny.pipeline.quarters import render
    from scrutiny.pipeline.quarters.new import begin
    from scrutiny.pipeline.quarters.status import status as status_of

    with terminal.project_to_write() as project:
        begun = begin(project, quarter, earlier=earlier, skeleton=skeleton, meeting=meeting)
    for line in render.begun_lines(begun):
        typer.echo(line)
    due = batches(status_of(project, quarter, date.today()).supplies)
    typer.echo("\nDue:" if due else "\nNothing is due: every figure is there.")
    terminal.show(render.due_lines(due), [render.due_table(due)])
    typer.echo(
        f"\nNext: scrutiny import (see docs/how-to/new-quarter.md); scrutiny status {quarter} says what is left."
    )


def status(
    quarter: QuarterArgument,
    confirmed: Annotated[
        list[str] | None,
        typer.Option(
            "--confirm",
            help="Say that a heading's text, or a stated number, still holds.",
            metavar="NAME",
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who confirms.", metavar="NAME")] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, with every measure and section.")] = False,
) -> None:
    """Say what a quarter lacks: figures that are missing, stale or illustrative, text that is carried over."""
    from scrutiny.pipeline.quarters import render
    from scrutiny.pipeline.quarters.confirm import confirm
    from scrutiny.pipeline.quarters.status import status as status_of

    project = terminal.find_project()
    if confirmed or by:
        for line in confirm(project, quarter, confirmed or [], by):
            typer.echo(line)
        return
    found = status_of(project, quarter, date.today())
    if json:
        terminal.write(render.as_json(found))
    else:
        typer.echo("\n".join(found.summary))
        terminal.show(render.status_lines(found), render.status_tables(found))


def build(
    quarters: Annotated[
        list[str],
        typer.Argument(help="The quarters, such as 2019-20-Q4 2020-21-Q1.", metavar="QUARTER", show_default=False),
    ],
    engine: EngineOption = None,
    to: Annotated[list[Format] | None, typer.Option(help="Only this format; may be repeated.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make everything anew; use no cached result.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless something is wrong.")] = False,
) -> None:
    """Build the reports of one or more quarters: PDF, Word and HTML in build/QUARTER/_output."""
    from scrutiny.pipeline.build import build_all

    with terminal.project_to_write() as project:
        outcomes = build_all(
            project,
            tuple(dict.fromkeys(quarters)),
            terminal.progress(quiet=quiet),
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
                typer.echo(f"  {terminal.from_here(document)}")
            if outcome.carried_over:
                typer.echo(f"  carried over: {', '.join(outcome.carried_over)}; see scrutiny status {quarter}")
            if outcome.questions:
                typer.echo(
                    f"  questions that the data leave open: {outcome.questions}; see scrutiny check {quarter}"
                )
    # Last, where they are seen; wrong data stop several quarters, and are reported once.
    for message, stopped in failed.items():
        terminal.say(f"not built: {', '.join(stopped)}\n{message}")
    if failed:
        raise typer.Exit(max(error.exit_code for _, error in outcomes if isinstance(error, ScrutinyError)))


def preview(
    quarter: QuarterArgument,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port on this machine; 0 picks a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    engine: EngineOption = None,
) -> None:
    """Show a quarter's report in the browser and follow edits, until it is stopped with Ctrl-C."""
    from scrutiny.pipeline.preview import preview as preview_report

    preview_report(terminal.find_project(), quarter, engine_name=engine, port=port, open_browser=browser)


def values(
    quarter: QuarterArgument,
    patterns: Annotated[
        list[str] | None,
        typer.Argument(
            help="Part of a name, or a glob (crime.*.movement); each further one narrows the list.",
            metavar="PATTERN",
            show_default=False,
        ),
    ] = None,
    text: Annotated[bool, typer.Option("--text", "-t", help="Search the text of the values, too.")] = False,
    json: JsonOption = False,
    snippets: Annotated[bool, typer.Option("--snippets", help="Write snippets for VS Code.")] = False,
    last: Annotated[bool, typer.Option("--last", help="Those of the last build; run nothing.")] = False,
) -> None:
    """List the values that a quarter's narrative may quote, and what they say now."""
    from scrutiny.pipeline import values as listing
    from scrutiny.workspace.write import values_as_json

    if json and snippets:
        raise WrongUse(Problem("--json and --snippets are two forms of the list", hint="choose one"))
    project = terminal.find_project()
    if last:
        known = listing.values_of_last_build(project, quarter)
    else:
        known = listing.values_now(project, quarter, terminal.progress())
    chosen = listing.matching(known, patterns or (), text=text)
    if json:
        terminal.write(values_as_json(quarter, chosen))
    elif snippets:
        terminal.write(listing.as_snippets(quarter, chosen))
    else:
        terminal.show(listing.as_lines(chosen), listing.as_tables(chosen))


def check(
    quarter: QuarterArgument,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ID|CHECK|DATASET",
            help="Answer this question instead, or all that are open of a check or dataset; may be repeated.",
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who answers it.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why it is so.")] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Write the answer to all of a check or dataset; without it they are shown."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Judge a quarter's parameters, data and sections without building; exit with 1 if something is wrong."""
    from scrutiny.pipeline import check as checking

    if answer:
        with terminal.project_to_write() as project:
            typer.echo(checking.answer(project, quarter, answer, by=by, reason=reason, yes=yes))
        return
    if by is not None or reason is not None or yes:
        what = "--by, --reason and --yes belong to an answer"
        raise WrongUse(Problem(what, hint="name the question: --answer ID"))
    checked = checking.check(terminal.find_project(), quarter)
    if json:
        terminal.write(checking.as_json(checked))
    else:
        typer.echo(checking.as_text(checked))
    terminal.fail_check(checked.wrong, already_written=json)


def doctor() -> None:
    """Say what is installed and which engine a build would use."""
    from scrutiny.pipeline.doctor import examine

    for name, found in examine():
        typer.echo(f"{name:<15} {found}")
