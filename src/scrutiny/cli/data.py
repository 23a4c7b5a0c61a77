"""Commands that bring data in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scrutiny.cli import terminal
from scrutiny.cli.terminal import JsonOption
from scrutiny.errors import ScrutinyError


def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="Kind of source, such as extract; docs/reference/import.md lists them.", metavar="KIND"
        ),
    ],
    files: Annotated[
        list[Path], typer.Argument(help="Files, folders, zip archives.", metavar="FILE", show_default=False)
    ],
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the columns of an extract mean.")
    ] = None,
    as_at: Annotated[str | None, typer.Option(metavar="DAY", help="When it was drawn: 2020-10-05.")] = None,
    quarter: Annotated[str | None, typer.Option(metavar="QUARTER", help="Its quarter: 2020-21-Q2.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write; without it nothing is written.")] = False,
    without_refused: Annotated[
        bool, typer.Option("--without-refused", help="Write the others although some are refused.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take source files into the datasets: show what they would add, revise and refuse; --yes writes it."""
    from scrutiny import importers
    from scrutiny.importers import summary

    here = Path.cwd()
    project = terminal.find_project()
    options = importers.parse_options(mapping and terminal.typed_in(here, mapping), as_at, quarter)
    proposal = importers.take_in(project, kind, [terminal.typed_in(here, file) for file in files], options)
    stopped: ScrutinyError | None = None
    written: tuple[Path, ...] = ()
    try:
        written = importers.write(proposal, without_refused=without_refused) if yes else ()
    except ScrutinyError as error:
        # The proposal is shown all the same, and then what stopped it.
        stopped = error
    if json:
        terminal.write(summary.as_json(proposal, written))
    else:
        typer.echo("\n".join(summary.as_lines(proposal, written)))
    if stopped:
        raise stopped
