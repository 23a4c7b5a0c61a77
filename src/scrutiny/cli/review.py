"""Commands that examine a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scrutiny.cli import terminal
from scrutiny.cli.terminal import JsonOption, QuarterArgument
from scrutiny.errors import IN_PART, CheckFound


def numbers(
    quarter: QuarterArgument,
    every: Annotated[bool, typer.Option("--all", help="List dates, names and the like, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, with all numbers.")] = False,
) -> None:
    """Judge each number of a narrative: bound to a value, stated, or loose; exit with 1 if one is loose."""
    from scrutiny.review.numbers import render
    from scrutiny.review.numbers.judge import judge_quarter

    judged = judge_quarter(terminal.find_project(), quarter, terminal.progress())
    if not json:
        typer.echo(render.summary(quarter, judged))
        for problem in judged.asked:
            typer.echo(f"asked: {problem}")
    render.view(quarter, judged, every=every).show(json=json)
    terminal.fail_check(judged.problems, already_written=json)


def explain(
    quarter: QuarterArgument,
    name: Annotated[
        str, typer.Argument(help="A value, or the label of a table or figure (tbl-…, fig-…).", metavar="NAME")
    ],
    json: JsonOption = False,
) -> None:
    """Say where a value, table or figure comes from: formula, rows, system, day, notebook and code."""
    from scrutiny.review import explain as explaining

    explanation = explaining.explain(terminal.find_project(), quarter, name, terminal.progress())
    explaining.view(explanation).show(json=json)


def verify(
    folder: Annotated[Path, typer.Argument(help="A built report, such as build/2020-21-Q1.", metavar="FOLDER")],
    to: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the result there, not beside the documents.")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run filters and templates that are not the program's or project's.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute a built report anew from its own inputs and compare; exit with 1 if something differs.

    The exit code is 6 if all that was compared agrees, but not all could be compared.
    """
    from scrutiny.review.verify import render
    from scrutiny.review.verify.findings import Verdict
    from scrutiny.review.verify.run import verify as verify_workspace

    verification = verify_workspace(folder, terminal.progress(), trust=trust)
    page, as_meant = render.write(verification, folder, to)
    if json:
        terminal.write(render.to_json(verification))
    else:
        typer.echo("\n".join(render.summary(verification)))
        unless = "" if as_meant else f"  ({folder} cannot be written to)"
        typer.echo(f"A page to read: {terminal.from_here(page)}{unless}")
    if verification.verdict is Verdict.DIFFERS:
        raise CheckFound(render.problems(verification, page))
    if verification.verdict is Verdict.IN_PART:
        raise typer.Exit(IN_PART)


def reconcile(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to read in this file.")] = None,
    whole: Annotated[bool, typer.Option("--all", help="Show every figure, not only what differs.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Write JSON, with every figure.")] = False,
) -> None:
    """Compare with the published figures, and those with each other; exit with 1 if ours differs unexplained."""
    from scrutiny.review.reconcile import render
    from scrutiny.review.reconcile.run import reconcile as compare

    here = Path.cwd()
    found = compare(terminal.find_project(), quarter)
    if to is not None:
        target = terminal.typed_in(here, to)
        render.write_page(target, found)
        typer.echo(f"{target} is written", err=json)
    if json or to is None:
        render.view(found, every=whole).show(json=json)
    if found.problems:
        raise CheckFound(found.problems)


def diff(
    before: Annotated[
        str, typer.Argument(help="A build's folder, a quarter that is built, a commit.", metavar="A")
    ],
    after: Annotated[str, typer.Argument(help="Likewise; now is the project as it is.", metavar="B")] = "now",
    quarter: Annotated[
        str | None, typer.Option(help="The quarter of commits and of now.", metavar="QUARTER")
    ] = None,
    json: JsonOption = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to read, too.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if something differs.")] = False,
) -> None:
    """Show two builds or commits side by side: which values, tables and text changed, and by how much."""
    from scrutiny.review.diff import render
    from scrutiny.review.diff.changes import compare_reports
    from scrutiny.review.diff.resolve import Resolver
    from scrutiny.review.render import require_page, write_page

    if html:
        require_page(html, render.MARK)
    found = compare_reports(*Resolver(Path.cwd(), quarter, terminal.progress()).read(before, after))
    if html:
        write_page(html, render.as_page(found), render.MARK)
    render.view(found).show(json=json)
    if exit_code and found.changes:
        raise typer.Exit(1)
