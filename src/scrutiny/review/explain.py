"""Where a value, table or figure comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrutiny.errors import CheckFound, Problem
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.narrative.citations import Citation, citations
from scrutiny.review import render
from scrutiny.statistics.periods import long_date
from scrutiny.suggest import instead_of, nearest
from scrutiny.text import line_numbers
from scrutiny.workspace.annex import status_in_words

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scrutiny.progress import BuildProgress

_LABELS = ("tbl-", "fig-")


@dataclass(frozen=True)
class Rows:
    """Rows of a dataset, with hidden figures hidden.

    Parameters
    ----------
    file : str
        Path within the project.
    records : tuple of (int, tuple of str)
        Line of each row (the header is line 1) and its cells.
    """

    dataset: str
    file: str
    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Explanation:
    """Where a value, table or figure comes from, and where the narrative cites it."""

    quarter: str
    traced: ProvenanceRecord
    rows: tuple[Rows, ...]
    citations: tuple[Citation, ...]


def explain(project: Project, quarter: str, name: str, progress: BuildProgress) -> Explanation:
    """Run the notebooks and explain a value, or the table or figure with a label.

    Raises
    ------
    CheckFound
        If there is no such name; the message suggests the nearest.
    ScrutinyError
        As `build.build` does, for parameters, data, notebooks and the front matter of sections.
    """
    # Imported here because what reads an explanation needs neither notebooks nor pandas.
    from scrutiny.pipeline.stages import Stages

    stages = Stages.of(project, quarter)
    with stages.staged(progress) as (computed, folder):
        traced = find(computed.provenance, name)
        rows = tuple(_rows(Project(folder / INPUTS), dataset, lines) for dataset, lines in traced.rows.items())
        cited = (found for found in citations(stages.narrative, computed.omitted) if found.name == traced.name)
        return Explanation(quarter, traced, rows, tuple(cited))


def find(origins: ReportProvenance, name: str) -> ProvenanceRecord:
    """Find a value, table or figure by its name.

    Raises
    ------
    CheckFound
        If there is none; the message suggests the nearest.
    """
    # The annex of a document allows a line break after each dot.
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
    """Give each fact that fits on a line, after its name."""
    traced = explanation.traced
    yield "name", traced.name
    yield "says", _plain(traced)
    if traced.formula:
        yield "formula", traced.formula
    if traced.number is not None:
        number = traced.number
        yield "unrounded", str(number) if number.denominator == 1 else f"{number} = {float(number):.9g}"
    if traced.direction is not None:
        yield "direction", str(traced.direction)
    for rows in explanation.rows:
        yield "data", f"{rows.file}, {line_numbers(dict(rows.records))}"
    for source in traced.sources:
        yield "source", source
    if traced.as_at:
        yield "as at", long_date(traced.as_at)
    if traced.statuses:
        yield "status", status_in_words(traced.statuses)
    if traced.notebook:
        yield "notebook", f"{traced.notebook}, {traced.cell}"
    for citation in explanation.citations:
        yield "quoted in", str(citation.place)
    if not explanation.citations:
        yield "quoted in", "no section of this quarter"


def _plain(traced: ProvenanceRecord) -> str:
    """Give what a value says, or a caption without its Markdown."""
    if not traced.name.startswith(_LABELS):
        return traced.text
    return re.sub(r"\\(.)", r"\1", traced.text.replace("**", ""))


def view(explanation: Explanation) -> render.View:
    """Show what is known, the rows it rests on, and the code of the cell."""
    return render.View(_lines(explanation), _tables(explanation), lambda: _record(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    for name, text in _facts(explanation):
        yield render.line(name, text)
    for rows in explanation.rows:
        yield render.line("header", rows.file, 1, *rows.header)
        for number, cells in rows.records:
            yield render.line("row", rows.file, number, *cells)
    for text in explanation.traced.code.splitlines():
        yield f"code\t{text}"


def _tables(explanation: Explanation) -> Iterator[RenderableType]:
    from rich.text import Text

    names = [name for name, _ in _facts(explanation)]
    # A name that holds for several facts stands once.
    labels = [Text("" if name == before else name, "bold") for before, name in pairwise(["", *names])]
    facts = render.table(("", ""), zip(labels, (text for _, text in _facts(explanation)), strict=True))
    facts.show_header = False
    facts.columns[0].no_wrap = True
    yield facts
    for rows in explanation.rows:
        yield Text(f"\n{rows.file}", "bold")
        yield render.table(("line", *rows.header), ((str(number), *cells) for number, cells in rows.records))
    if explanation.traced.code:
        yield Text(f"\n{explanation.traced.notebook}, {explanation.traced.cell}", "bold")
        yield Text(explanation.traced.code)


def _record(explanation: Explanation) -> dict[str, Any]:
    """Give what `origins.json` holds, and the rows and where the narrative quotes it."""
    traced = explanation.traced
    return {
        "quarter": explanation.quarter,
        "name": traced.name,
        **traced.to_json(),
        "code": traced.code,
        "data": [
            {
                "dataset": rows.dataset,
                "file": rows.file,
                "rows": [
                    {"line": number, "cells": dict(zip(rows.header, cells, strict=True))}
                    for number, cells in rows.records
                ],
            }
            for rows in explanation.rows
        ],
        "quoted_in": [
            {"file": Path(citation.place.file).as_posix(), "line": citation.place.line}
            for citation in explanation.citations
        ],
    }
