"""Commands that bring data in."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from scrutiny.cli import terminal
from scrutiny.cli.terminal import JsonOption
from scrutiny.errors import ScrutinyError


def import_(
    sources: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders, zip archives; before them the kind of source, such as extract, unless each file"
            " is to be recognised (docs/reference/import.md).",
            metavar="[KIND] FILE",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What the columns of an extract mean.")
    ] = None,
    as_at: Annotated[str | None, typer.Option(metavar="DAY", help="When it was drawn: 2020-10-05.")] = None,
    quarter: Annotated[str | None, typer.Option(metavar="QUARTER", help="Its quarter: 2020-21-Q2.")] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Do not read this file; repeat, or write *, for several."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Write; without it nothing is written.")] = False,
    without_refused: Annotated[
        bool, typer.Option("--without-refused", help="Write the others although some are refused.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take source files into the datasets: show what they would add, revise and refuse; --yes writes it."""
    from scrutiny import importers
    from scrutiny.importers import batch as batches
    from scrutiny.importers import summary

    here = Path.cwd()
    kind, named = importers.split_kind(sources)
    stopped: ScrutinyError | None = None
    written: tuple[Path, ...] = ()
    with terminal.project_to_write() if yes else nullcontext(terminal.find_project()) as project:
        options = importers.parse_options(mapping and terminal.typed_in(here, mapping), as_at, quarter)
        files = [terminal.typed_in(here, file) for file in named]
        if kind is not None:
            batch, proposal = None, importers.take_in(project, kind, files, options, leave_out or ())
        else:
            batch = batches.take_in(project, files, options, leave_out or ())
            proposal = batch.proposal
        try:
            unread = batch.unread if batch else ()
            written = importers.write(proposal, without_refused=without_refused, unread=unread) if yes else ()
        except ScrutinyError as error:
            # The proposal is shown all the same, and then what stopped it.
            stopped = error
    if json:
        terminal.write(summary.as_json(proposal, written, batch))
    else:
        typer.echo("\n".join(summary.as_lines(proposal, written, batch)))
    if stopped:
        raise stopped


def mapping(
    file: Annotated[Path, typer.Argument(help="An extract: CSV, XLSX or ODS.", metavar="FILE")],
    dataset: Annotated[
        str | None, typer.Option(metavar="NAME", help="The dataset; else the one that fits best.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; by default in data/mappings/.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Begin the mapping of an extract, for the analyst to finish; no file is overwritten."""
    from scrutiny.importers.extract import draft
    from scrutiny.text import as_json

    here = Path.cwd()
    with terminal.project_to_write() as project:
        begun = draft.begin(project, terminal.typed_in(here, file), dataset)
        target = draft.write(project, begun, to and terminal.typed_in(here, to))
    if json:
        terminal.write(as_json(begun.as_content(target)))
    else:
        typer.echo("\n".join(begun.as_lines(target)))
