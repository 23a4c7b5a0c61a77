"""Where one value, table or figure comes from: for the terminal and for other programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.errors import CheckFound, Problem
from scrutiny.execution.provenance import Origins, Traced
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.narrative.citations import Mention, mentions
from scrutiny.statistics.periods import long_date
from scrutiny.suggest import instead_of
from scrutiny.text import line_numbers, one_line
from scrutiny.workspace.annex import told_status
from scrutiny.yaml_models import nearest

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scrutiny.progress import BuildProgress

_LABELS = ("tbl-", "fig-")


@dataclass(frozen=True)
class Rows:
    """Rows of a dataset.

    Parameters
    ----------
    file : str
        Its file, from the project's folder.
    records : tuple of (int, tuple of str)
        Line of each row, the header being line 1, and its cells; hidden figures are hidden.
    """

    dataset: str
    file: str
    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Explanation:
    """Where a value, table or figure comes from.

    Parameters
    ----------
    rows : tuple of Rows
        By dataset.
    mentions : tuple of Mention
        Where the narrative quotes or shows it.
    """

    quarter: str
    traced: Traced
    rows: tuple[Rows, ...]
    mentions: tuple[Mention, ...]


def explain(project: Project, quarter: str, name: str, progress: BuildProgress) -> Explanation:
    """Find out where a value, table or figure comes from, as the notebooks compute it now.

    Parameters
    ----------
    quarter : str
        Such as ``2020-21-Q1``.
    name : str
        Of a value, or the label of a table or figure.
    progress : BuildProgress
        Told of the notebooks that run.

    Raises
    ------
    CheckFound
        If there is no such name; the nearest are told.
    ScrutinyError
        As `build.build` does, for parameters, data, notebooks and the front matter of sections.
    """
    # Imported late: what reads the result needs neither notebooks nor pandas.
    from scrutiny.pipeline.stages import Stages

    stages = Stages.of(project, quarter)
    with stages.staged(progress) as (computed, folder):
        traced = find(computed.origins, name)
        rows = tuple(_rows(Project(folder / INPUTS), dataset, lines) for dataset, lines in traced.rows.items())
        named = (found for found in mentions(stages.narrative, computed.omitted) if found.name == traced.name)
        return Explanation(quarter, traced, rows, tuple(named))


def find(origins: Origins, name: str) -> Traced:
    """Find a value, table or figure by its name.

    Raises
    ------
    CheckFound
        If there is none; the nearest names are told.
    """
    # In the annex of a document, a line may end after each dot.
    name = name.replace("\N{ZERO WIDTH SPACE}", "").strip()
    if found := origins.values.get(name) or origins.shown.get(name):
        return found
    if name.startswith(_LABELS):
        what, instead = f"no table or figure has the label {name}", nearest(name, origins.shown)
    else:
        texts = {other: traced.text for other, traced in origins.values.items()}
        what, instead = f"nothing publishes the value {name}", instead_of(name, texts)
    raise CheckFound(Problem(what, instead=instead))


def _rows(inputs: Project, dataset: str, lines: Sequence[int]) -> Rows:
    from scrutiny.inputs.csv_file import read_records

    resource = inputs.datapackage.resource(dataset)
    file = f"data/{resource.path}"
    header, records, _ = read_records(inputs.data / resource.path, file, [field.name for field in resource.fields])
    wanted = set(lines)
    chosen = tuple((line, tuple(cells)) for line, cells in records if line in wanted)
    return Rows(dataset, file, tuple(header), chosen)


def _facts(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Give what is known in a word or sentence, by what it is."""
    traced = explanation.traced
    yield "name", traced.name
    yield "says", one_line(_plain(traced))
    if traced.formula:
        yield "formula", one_line(traced.formula)
    if traced.number is not None:
        yield "unrounded", _unrounded(traced)
    if traced.direction is not None:
        yield "direction", str(traced.direction)
    for rows in explanation.rows:
        yield "data", f"{rows.file}, {line_numbers(dict(rows.records))}"
    for source in traced.sources:
        yield "source", source
    if traced.as_at:
        yield "as at", long_date(traced.as_at)
    if traced.statuses:
        yield "status", told_status(traced.statuses)
    if traced.notebook:
        yield "notebook", f"{traced.notebook}, {traced.cell}"
    for mention in explanation.mentions:
        yield "quoted in", str(mention.place)
    if not explanation.mentions:
        yield "quoted in", "no section of this quarter"


def _plain(traced: Traced) -> str:
    """Give what a value says; a caption is Markdown, whose signs are for the engines."""
    if not traced.name.startswith(_LABELS):
        return traced.text
    return re.sub(r"\\(.)", r"\1", traced.text.replace("**", ""))


def _unrounded(traced: Traced) -> str:
    number = traced.number
    assert number is not None  # asked before
    if number.denominator == 1:
        return str(number.numerator)
    return f"{number} = {float(number):.9g}"


def as_lines(explanation: Explanation) -> Iterator[str]:
    """Write an explanation for other programs, with tabs: what it is, and what is known; then rows and code."""
    for what, text in _facts(explanation):
        yield f"{what}\t{text}"
    for rows in explanation.rows:
        yield "\t".join(["header", rows.file, "1", *rows.header])
        for line, cells in rows.records:
            yield "\t".join(["row", rows.file, str(line), *map(one_line, cells)])
    for text in explanation.traced.code.splitlines():
        yield f"code\t{text}"


def as_tables(explanation: Explanation) -> Iterator[RenderableType]:
    """Show an explanation in the terminal: what is known, the rows, the code of the cell."""
    from rich.table import Table
    from rich.text import Text

    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    before = ""
    for what, text in _facts(explanation):
        facts.add_row("" if what == before else what, Text(text))
        before = what
    yield facts
    for rows in explanation.rows:
        yield Text(f"\n{rows.file}", "bold")
        table = Table(box=None, padding=(0, 1, 0, 0), header_style="dim")
        for head in ("line", *rows.header):
            table.add_column(Text(head), overflow="fold")
        for line, cells in rows.records:
            table.add_row(str(line), *map(Text, cells))
        yield table
    if explanation.traced.code:
        yield Text(f"\n{explanation.traced.notebook}, {explanation.traced.cell}", "bold")
        yield Text(explanation.traced.code)


def as_json(explanation: Explanation) -> str:
    """Write an explanation as JSON: what `origins.json` holds, and the rows and where it is quoted."""
    traced = explanation.traced
    content = {
        "quarter": explanation.quarter,
        "name": traced.name,
        **traced.to_json(),
        "code": traced.code,
        "data": [
            {
                "dataset": rows.dataset,
                "file": rows.file,
                "rows": [
                    {"line": line, "cells": dict(zip(rows.header, cells, strict=True))}
                    for line, cells in rows.records
                ],
            }
            for rows in explanation.rows
        ],
        "quoted_in": [
            {"file": str(Path(mention.place.file).as_posix()), "line": mention.place.line}
            for mention in explanation.mentions
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
