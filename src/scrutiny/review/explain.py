"""Where a value, table or figure comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrutiny.errors import CheckFound, Problem
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.inputs.imports import FILE as IMPORTS
from scrutiny.inputs.imports import (
    ImportedTable,
    Imports,
    Origin,
    as_text,
    figure_key,
    load_imports,
    rows_in_words,
)
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.narrative.citations import Citation, citations
from scrutiny.review import render
from scrutiny.review.tables import plain_caption
from scrutiny.statistics.periods import long_date
from scrutiny.suggest import instead_of, nearest
from scrutiny.text import line_numbers
from scrutiny.workspace.annex import status_in_words
from scrutiny.workspace.lacking import with_what_is_there

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
    origins: Mapping[int, Origin] = field(default_factory=dict)
    """By line, the source file and rows of those that were imported, as far as it is known."""


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
        inputs = Project(folder / INPUTS)
        imports = load_imports(inputs.data / IMPORTS)
        rows = tuple(_rows(inputs, imports, dataset, lines) for dataset, lines in record.rows.items())
        narrative, _ = with_what_is_there(stages.narrative, computed)
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


def _rows(inputs: Project, imports: Imports, dataset: str, lines: Sequence[int]) -> Rows:
    from scrutiny.inputs.csv_file import read_records

    resource = inputs.datapackage.resource(dataset)
    file = f"data/{resource.path}"
    header, records, _ = read_records(inputs.data / resource.path, file, [one.name for one in resource.fields])
    wanted = set(lines)
    chosen = tuple((line, tuple(cells)) for line, cells in records if line in wanted)
    origins = {}
    for line, cells in chosen:
        row = dict(zip(header, cells, strict=True))
        origin = imports.get(figure_key(resource, row))
        if origin and origin.is_of(row):
            origins[line] = origin
    return Rows(dataset, file, tuple(header), chosen, origins)


def _came_from(rows: Rows) -> Iterator[str]:
    """Say which tables of source files rows came from, each table once."""
    tables: dict[tuple[ImportedTable, str], list[str]] = {}
    for origin in rows.origins.values():
        tables.setdefault((origin.table, origin.as_at), []).append(origin.rows)
    for (table, as_at), of_table in tables.items():
        yield as_text(table, as_at, of_table)


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
        for text in _came_from(rows):
            yield "from", text
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
        for number, origin in rows.origins.items():
            yield render.line("origin", rows.file, number, str(origin))
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
        came_from = {
            number: f"{one.table.name}, {rows_in_words([one.rows])}" for number, one in rows.origins.items()
        }
        head = ("line", *rows.header, *(["from"] if came_from else []))
        yield render.table(
            head,
            (
                (str(number), *cells, *([came_from.get(number, "")] if came_from else []))
                for number, cells in rows.records
            ),
        )
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
                    {
                        "line": number,
                        "cells": dict(zip(rows.header, cells, strict=True)),
                        "from": rows.origins[number].to_json() if number in rows.origins else None,
                    }
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
