"""The three documents, and the two engines, say the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fixtures.projects import QUARTERS
from readback import READERS, Document
from readback.document import OF_THE_PROGRAM

COMPARED = ("headings", "tables", "captions", "references", "alternative_texts")


def read_all(output: Path) -> dict[str, Document]:
    return {format_: read(output / f"report.{format_}") for format_, read in READERS.items()}


def assert_alike(one: Document, other: Document) -> None:
    # In the program's own, names are broken where a line ends: what they say is read back elsewhere.
    one, other = (
        replace(document, tables=[table for table in document.tables if table[0][0] not in OF_THE_PROGRAM])
        for document in (one, other)
    )
    for what in COMPARED:
        assert getattr(one, what) == getattr(other, what), what


@pytest.fixture(scope="session")
def reports(built, all_syntax) -> dict[str, dict[str, Document]]:
    outputs = {quarter: built[quarter] / "_output" for quarter in QUARTERS} | {"all syntax": all_syntax}
    return {name: read_all(output) for name, output in outputs.items()}


@pytest.mark.parametrize("report", [*QUARTERS, "all syntax"])
@pytest.mark.parametrize("format_", ["pdf", "docx"])
def test_formats_agree(reports, report, format_):
    assert_alike(reports[report]["html"], reports[report][format_])


def test_all_syntax_is_there_to_be_compared(reports):
    document = reports["all syntax"]["html"]
    assert [heading[:2] for heading in document.headings] == [
        (1, "1"), (2, "1.1"), (3, "1.1.1"), (1, "2"), (1, "3"), (1, "4"), (2, "4.1"), (3, "4.1.1"), (4, "4.1.1.1"),
        (1, ""), (2, ""),
    ]  # fmt: skip
    assert [caption.split(":")[0] for caption in document.captions] == [
        "Table 1", "Figure 1", "Table 2", "Figure 2", "Table 3", "Figure 3", "Table 4", "Table 5",
    ]  # fmt: skip
    assert document.references == [
        "Section 1", "Section 1.1", "Table 1", "Figure 1", "Table 2", "Figure 2", "Table 3", "Figure 3", "1", "2",
        "Section 1", "Section 3", "Table 4", "Table 5",
    ]  # fmt: skip
    assert len(document.alternative_texts) == 3


@pytest.mark.quarto
@pytest.mark.parametrize("format_", list(READERS))
def test_engines_agree_on_all_syntax(reports, all_syntax_by_quarto, format_):
    by_quarto = READERS[format_](all_syntax_by_quarto / f"report.{format_}")
    assert_alike(reports["all syntax"][format_], by_quarto)


@pytest.mark.quarto
@pytest.mark.parametrize("format_", list(READERS))
def test_engines_agree_on_the_report(reports, built_by_quarto, format_):
    by_quarto = READERS[format_](built_by_quarto / f"report.{format_}")
    assert_alike(reports[QUARTERS[0]][format_], by_quarto)
