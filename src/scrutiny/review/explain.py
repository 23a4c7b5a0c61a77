"""Where a value, table or figure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrutiny.errors import CheckFound, Problem
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.narrative.citations import Citation, citations
from scrutiny.narrative.conditions import resolved
from scrutiny.review import render
from scrutiny.review.tables import plain_caption
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
    """Rows of a dataset with their lines, the header's being 1; hidden figures stay hidden."""

    dataset: str
    file: str
    header: tuple[str, ...]
    records: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Explanation:
    """Where a value, table or figure comes from, and where the narrative cites it."""

    quarter: str
    record: ProvenanceRecord
    rows: tuple[Rows, ...]
    citations: tuple[Citation, ...]


def explain(project: Project, quarter: str, name: str, progress: BuildProgress) -> Explanation:
    """Run the notebooks and explain a value, or the table or figure with a label."""
    # Imported late because showing an explanation needs neither notebooks nor pandas.
    from scrutiny.pipeline.stages import Stages

    stages = Stages.of(project, quarter)
    with stages.staged(progress) as (computed, folder):
        record = find(computed.provenance, name)
        rows = tuple(_rows(Project(folder / INPUTS), dataset, lines) for dataset, lines in record.rows.items())
        narrative = resolved(stages.narrative, computed.values, computed.absent, computed.present)
        cited = (found for found in citations(narrative, computed.omitted) if found.name == record.name)
        return Explanation(quarter, record, rows, tuple(cited))


def find(provenance: ReportProvenance, name: str) -> ProvenanceRecord:
    """Find a value, table or figure by its name, or fail with the nearest names."""
    # The annex of a document allows a line break after each dot.
    name = name.replace("\N{ZERO WIDTH SPACE}", "").strip()
    if found := provenance.values.get(name) or provenance.shown.get(name):
        return found
    if name.startswith(_LABELS):
        what, instead = f"no table or figure has the label {name}", nearest(name, provenance.shown)
    else:
        texts = {other: record.text for other, record in provenance.values.items()}
        what, instead = f"nothing publishes the value {name}", instead_of(name, texts)
    raise CheckFound(Problem(what, hint=instead))


def _rows(inputs: Project, dataset: str, lines: Sequence[int]) -> Rows:
    from scrutiny.inputs.csv_file import read_records

    resource = inputs.datapackage.resource(dataset)
    file = f"data/{resource.path}"
    header, records, _ = read_records(inputs.data / resource.path, file, [field.name for field in resource.fields])
    wanted = set(lines)
    chosen = tuple((line, tuple(cells)) for line, cells in records if line in wanted)
    return Rows(dataset, file, tuple(header), chosen)


def _facts(explanation: Explanation) -> Iterator[tuple[str, str]]:
    """Give the name and text of each fact that fits on a line."""
    record = explanation.record
    yield "name", record.name
    yield "says", plain_caption(record.text) if record.name.startswith(_LABELS) else record.text
    if record.formula:
        yield "formula", record.formula
    if record.number is not None:
        number = record.number
        yield "unrounded", str(number) if number.denominator == 1 else f"{number} = {float(number):.9g}"
    if record.direction is not None:
        yield "direction", str(record.direction)
    for rows in explanation.rows:
        yield "data", f"{rows.file}, {line_numbers(dict(rows.records))}"
    for source in record.sources:
        yield "source", source
    if record.as_at:
        yield "as at", long_date(record.as_at)
    if record.statuses:
        yield "status", status_in_words(record.statuses)
    if record.notebook:
        yield "notebook", f"{record.notebook}, {record.cell}"
    for citation in explanation.citations:
        yield "quoted in", str(citation.place)
    if not explanation.citations:
        yield "quoted in", "no section of this quarter"


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
    for text in explanation.record.code.splitlines():
        yield f"code\t{text}"


def _tables(explanation: Explanation) -> Iterator[RenderableType]:
    from rich.text import Text

    names = [name for name, _ in _facts(explanation)]
    # A name that several facts share is shown once.
    labels = [Text("" if name == before else name, "bold") for before, name in pairwise(["", *names])]
    facts = render.table(("", ""), zip(labels, (text for _, text in _facts(explanation)), strict=True))
    facts.show_header = False
    facts.columns[0].no_wrap = True
    yield facts
    for rows in explanation.rows:
        yield Text(f"\n{rows.file}", "bold")
        yield render.table(("line", *rows.header), ((str(number), *cells) for number, cells in rows.records))
    if explanation.record.code:
        yield Text(f"\n{explanation.record.notebook}, {explanation.record.cell}", "bold")
        yield Text(explanation.record.code)


def _record(explanation: Explanation) -> dict[str, Any]:
    """Give what `origins.json` holds, the rows, and where the narrative quotes it."""
    record = explanation.record
    return {
        "quarter": explanation.quarter,
        "name": record.name,
        **record.to_json(),
        "code": record.code,
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
