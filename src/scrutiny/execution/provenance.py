"""Where each value, table and figure of a report comes from, as the workspace's `origins.json` holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.statistics.wording import Direction
from scrutiny.text import as_json

FILE = "origins.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True)
class ProvenanceRecord:
    """Where a value, a table or a figure comes from.

    Parameters
    ----------
    name : str
        Of a value, such as ``crime.all.year.change``, or the label of a table or figure.
    text : str
        The value's text, or the caption in Markdown.
    formula : str
        How it was computed, in words without a full stop.
    number : Fraction or None
        The unrounded number, where the value says one.
    direction : Direction or None
        Which way a change went, where the value tells one.
    absent : bool
        Whether the value says that there is no figure.
    rows : mapping of str to tuple of int
        Names of datasets, and the lines of their files; the header is line 1.
    sources : tuple of str
        Titles of the systems.
    as_at : date or None
        The latest day on which one of the rows was drawn.
    statuses : tuple of str
        Statuses of the rows: published, illustrative, supplied, open.
    notebook : str
        Path in the workspace; empty for the program's own values.
    cell : str
        The label of the notebook's cell, or its place, such as ``cell 7``.
    code : str
        The source of that cell.
    """

    name: str
    text: str
    formula: str = ""
    number: Fraction | None = None
    direction: Direction | None = None
    absent: bool = False
    rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    as_at: date | None = None
    statuses: tuple[str, ...] = ()
    notebook: str = ""
    cell: str = ""
    code: str = ""

    @classmethod
    def from_json(cls, name: str, record: Mapping[str, Any], code: str) -> ProvenanceRecord:
        """Read what `to_json` gives, or an executed notebook holds."""
        return _RECORD.validate_python({**record, "name": name, "code": code})

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON, without the name and the cell's code."""
        written: dict[str, Any] = _RECORD.dump_python(self, mode="json", exclude={"name", "code"})
        return written


_RECORD = TypeAdapter(ProvenanceRecord)


@dataclass(frozen=True)
class ReportProvenance:
    """Where everything in a report comes from.

    Parameters
    ----------
    values : mapping of str to ProvenanceRecord
        By name, sorted, the program's own included.
    shown : mapping of str to ProvenanceRecord
        Tables and figures by label.
    """

    values: Mapping[str, ProvenanceRecord]
    shown: Mapping[str, ProvenanceRecord]

    def to_json(self) -> dict[str, Any]:
        """Convert to JSON, each cell's code once."""
        cells: dict[str, dict[str, str]] = {}
        for record in (*self.values.values(), *self.shown.values()):
            if record.notebook:
                cells.setdefault(record.notebook, {})[record.cell] = record.code
        return {
            "cells": cells,
            "values": {name: record.to_json() for name, record in self.values.items()},
            "shown": {label: record.to_json() for label, record in self.shown.items()},
        }


def write_provenance(folder: Path, quarter: str, provenance: ReportProvenance) -> None:
    """Write `origins.json` into a workspace: each cell's code once, keys sorted."""
    content = {"schema_version": SCHEMA_VERSION, "quarter": quarter, **provenance.to_json()}
    (folder / FILE).write_text(as_json(content, sort_keys=True), encoding="utf-8")


def read_provenance(folder: Path) -> ReportProvenance:
    """Read the `origins.json` of a workspace.

    Raises
    ------
    WrongInput
        If it is missing, damaged, or written by another version of the program.
    """

    def wrong(what: str) -> WrongInput:
        return WrongInput(Problem(what, Location(FILE), "build the report again"))

    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        version = content["schema_version"]
        if version == SCHEMA_VERSION:
            cells = content["cells"]
            values, shown = (
                {
                    name: ProvenanceRecord.from_json(
                        name, one, cells[one["notebook"]][one["cell"]] if one["notebook"] else ""
                    )
                    for name, one in content[part].items()
                }
                for part in ("values", "shown")
            )
            return ReportProvenance(values, shown)
    except FileNotFoundError:
        raise wrong("this file is missing") from None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError):
        raise wrong("this does not say where the report's numbers come from") from None
    raise wrong(f"this is written in version {version}, and read in version {SCHEMA_VERSION}")
