"""The workspace's list of where everything comes from: written and read, and that of the real report."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import WrongInput
from scrutiny.execution.provenance import (
    FILE,
    ProvenanceRecord,
    ReportProvenance,
    read_provenance,
    write_provenance,
)
from scrutiny.narrative.syntax import shortcodes
from scrutiny.statistics.wording import Direction

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
RECORDS = st.builds(
    ProvenanceRecord,
    name=st.just("a.b.c.d"),
    text=TEXT,
    formula=TEXT,
    number=st.none() | st.fractions(),
    direction=st.none() | st.sampled_from(Direction),
    rows=st.dictionaries(TEXT, st.lists(st.integers(2), min_size=1).map(tuple), max_size=2),
    sources=st.lists(TEXT, max_size=2).map(tuple),
    as_at=st.none() | st.dates(),
    statuses=st.just(("published",)),
    notebook=st.just("notebooks/a.ipynb"),
    cell=st.just("cell 3"),
    code=TEXT,
)


@given(RECORDS)
def test_what_is_written_is_read(tmp_path_factory, traced):
    folder = tmp_path_factory.mktemp("origins")
    origins = ReportProvenance(
        {"a.b.c.d": traced, "period.year.end": ProvenanceRecord("period.year.end", "30 June 2020")}, {}
    )
    write_provenance(folder, "2020-21-Q1", origins)
    assert read_provenance(folder) == origins


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (None, "this file is missing"),
        ("", "does not say where"),
        ("[]", "does not say where"),
        ('{"schema_version": 2}', "written in version 2, and read in version 1"),
        ('{"schema_version": 1, "cells": {}, "values": {"a": {}}, "shown": {}}', "does not say where"),
    ],
)
def test_a_damaged_list_is_told(tmp_path, content, what):
    if content is not None:
        (tmp_path / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(WrongInput, match=f"{FILE}: .*{what}"):
        read_provenance(tmp_path)


QUARTERS = ("2020-21-Q1", "2019-20-Q4")


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_quoted_value_of_the_real_report_is_traced(built, quarter):
    workspace = built[quarter]
    origins = read_provenance(workspace)
    quoted = {
        code.arguments[0]
        for section in (workspace / "sections").glob("*.qmd")
        for code in shortcodes(section.read_text(encoding="utf-8"))
        if code.name == "var"
    }
    assert quoted <= set(origins.values)
    for name in quoted:
        traced = origins.values[name]
        assert traced.formula, name
        # What has no row is a date, or says that there is none.
        has_none = name.startswith(("period.", "report.")) or name.endswith((".period", ".end"))
        absent = "no row of the dataset" in traced.formula or traced.text.startswith(("none of", "cannot be"))
        assert traced.rows or has_none or absent, name


@pytest.mark.parametrize("quarter", QUARTERS)
def test_each_cell_is_the_notebooks_and_each_row_is_in_its_dataset(built, quarter):
    workspace = built[quarter]
    origins = read_provenance(workspace)
    read = json.loads((workspace / "values.json").read_text(encoding="utf-8"))["values"]
    assert {name: one.text for name, one in origins.values.items()} == read
    assert set(origins.shown) == {path.stem for path in (workspace / "downloads").iterdir()}
    sources: dict[str, set[str]] = {}
    lines: dict[str, int] = {}
    for traced in [*origins.values.values(), *origins.shown.values()]:
        if traced.notebook:
            if traced.notebook not in sources:
                notebook = nbformat.read(workspace / traced.notebook, as_version=4)
                sources[traced.notebook] = {cell.source for cell in notebook.cells}
            assert traced.code in sources[traced.notebook]
        for dataset, rows in traced.rows.items():
            if dataset not in lines:
                path = workspace / "inputs" / "data" / f"{dataset}.csv"
                lines[dataset] = len(path.read_text(encoding="utf-8").splitlines())
            assert all(1 < row <= lines[dataset] for row in rows)
            assert list(rows) == sorted(set(rows))
        assert bool(traced.rows) == bool(traced.sources) == (traced.as_at is not None)


def test_a_known_value(built):
    traced = read_provenance(built["2020-21-Q1"]).values["crime.all.year.percent_change"]
    assert traced.number == Fraction(100 * (134_069 - 159_838), 159_838)
    assert (traced.direction, traced.statuses, traced.as_at) == (
        Direction.DECREASE,
        ("published",),
        date(2020, 6, 30),
    )
