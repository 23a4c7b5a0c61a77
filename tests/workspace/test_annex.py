"""The annex of origins: what it lists, in which form, and how it stands in PDF, Word and on the page."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from fixtures.narratives import CRIME, narrative
from fixtures.projects import QUARTERS, ROOT, copy_project, quiet
from lxml import html
from readback.pdf import Pdf
from readback.word import paragraph_text, word_part

from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance, read_provenance
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import build
from scrutiny.workspace.annex import FILE, annex, status_in_words

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DASHBOARD = {
    "sources": ("Dashboard",),
    "as_at": date(2020, 7, 10),
    "statuses": ("published",),
    "notebook": "notebooks/crime.ipynb",
    "cell": "cell 7",
    "code": "publish(report, values)",
}
COUNT = ProvenanceRecord(
    "crime.all.year.count", "134,069", "as it stands", rows={"recorded_crime": (16,)}, **DASHBOARD
)
CHANGE = ProvenanceRecord(
    "crime.all.year.change", "−25,769", "134,069 less 159,838", rows={"recorded_crime": (16, 30)}, **DASHBOARD
)
TABLE = ProvenanceRecord(
    "tbl-crime",
    "**Crime fell by 16%.** Offences.",
    rows={"recorded_crime": tuple(range(2, 40, 2)), "knife_crime": (2, 3, 4)},
    **DASHBOARD | {"cell": "tbl-crime", "statuses": ("illustrative", "published")},
)
PERIOD = ProvenanceRecord("period.year.end", "30 June 2020", "the last day of the window year")
ORIGINS = ReportProvenance({one.name: one for one in (COUNT, CHANGE, PERIOD)}, {TABLE.name: TABLE})


def test_each_name_is_told_once_where_it_stands_first():
    text = annex(ORIGINS, CRIME)
    assert re.findall(r"#origin-([\w.-]+)\}", text) == [
        "period.year.end",
        "crime.all.year.count",
        "crime.all.year.change",
        "tbl-crime",
    ]
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == [
        "Crime, 30 June 2020 {#origins-crime .unnumbered .unlisted}"
    ]
    assert "**Dashboard; as at 10 July 2020; published; crime.ipynb, cell 7**" in text
    assert (
        "[count:]{#origin-crime.all.year.count} 134,069[]{.line-break}"
        "[change:]{#origin-crime.all.year.change} −25,769 "
        r"| count: As it stands. recorded\_crime line 16[]{.line-break}"
        r"change: 134,069 less 159,838. recorded\_crime lines 16, 30 |"
    ) in text


def test_made_up_figures_say_so_and_scattered_lines_are_counted():
    text = annex(ORIGINS, CRIME)
    assert "published; illustrative: made up so that the report has a figure here, and not a police figure" in text
    assert r"| Crime fell by 16%. | recorded\_crime 19 lines from 2 to 38; knife\_crime lines 2–4 |" in text


def test_the_page_gets_the_same_as_origins_json_for_what_is_told():
    text = annex(ORIGINS, narrative(one="{{< var crime.all.year.change >}}"))
    (content,) = re.findall(r'<script type="application/json" id="origins">(.*)</script>', text)
    assert json.loads(content) == {
        "cells": {"notebooks/crime.ipynb": {"cell 7": "publish(report, values)"}},
        "values": {"crime.all.year.change": CHANGE.to_json()},
        "shown": {},
    }


HOSTILE = '</script><!-- <script> {{< var a >}} | ``` ::: \n"\\" & [x](y)'


def test_hostile_text_stays_text():
    hostile = ProvenanceRecord(
        "a.b.c.d", HOSTILE, HOSTILE, rows={"d": (2,)}, sources=(HOSTILE,), notebook="notebooks/a.ipynb",
        cell=HOSTILE, code=HOSTILE,
    )  # fmt: skip
    text = annex(ReportProvenance({"a.b.c.d": hostile}, {}), narrative(one="{{< var a.b.c.d >}}"))
    assert text.count("</script>") == 1
    assert text.count("<!--") == 0
    (content,) = re.findall(r'id="origins">(.*)</script>', text)
    assert not set("<>&") & set(content)
    assert json.loads(content)["cells"]["notebooks/a.ipynb"][HOSTILE] == HOSTILE
    listed = text.partition("```{=html}")[0]
    assert re.findall(r"(?<!\\)\{\{<|(?<!\\)<|(?<!\\)`", listed) == []
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in listed.splitlines() if line.startswith("|")] == [4] * 4


@pytest.mark.parametrize(
    ("statuses", "told"),
    [((), ""), (("published",), "published"), (("open", "supplied"), "open; supplied")],
)
def test_statuses_are_told(statuses, told):
    assert status_in_words(statuses) == told


# In the documents of the report.


@pytest.fixture(scope="module")
def report(built) -> Path:
    return built[QUARTERS[0]]


def names_told(workspace: Path) -> list[str]:
    text = (workspace / FILE).read_text(encoding="utf-8")
    return re.findall(r"#origin-([\w.-]+)\}", text)


def test_every_value_quoted_and_everything_shown_has_an_entry(report):
    sections = "".join(path.read_text(encoding="utf-8") for path in (report / "sections").glob("[0-9]*.qmd"))
    named = set(re.findall(r'data-name="([^"]+)"', sections))
    shown = set(re.findall(r"\{\{< embed [^#]+#([\w-]+) >", sections))
    assert len(named) > 100 and len(shown) > 20
    told = names_told(report)
    assert set(told) == named | shown
    assert len(told) == len(set(told))


@pytest.fixture(scope="module")
def told_in_pdf(report) -> str:
    pdf = Pdf(report / "_output" / "report.pdf")
    texts = [page.extract_text() for page in pdf.pages]
    first = max(number for number, text in enumerate(texts) if "Where the numbers come from" in text)
    assert len(texts) - first <= 10
    sizes = {round(char["size"], 1) for page in pdf.pages[first:] for char in page.chars}
    assert min(sizes) >= 8
    for page in pdf.pages[first:]:
        assert max(char["x1"] for char in page.chars) <= page.width - 70
    return "".join("".join(texts[first:]).split()).replace("\u200b", "")


def test_pdf_holds_the_annex(report, told_in_pdf):
    origins = read_provenance(report)
    for name in names_told(report):
        if traced := origins.values.get(name):
            assert "".join(f"{name.rpartition('.')[2]}: {traced.text}".split())[:24] in told_in_pdf, name
    assert "NameItsaysHow,andfromwhichlines" in told_in_pdf


def test_word_holds_the_annex_in_tables_with_heads_and_without_bookmarks(report):
    document = word_part(report / "_output" / "report.docx")
    tables = [table for table in document.iter(f"{W}tbl") if paragraph_text(next(table.iter(f"{W}p"))) == "Name"]
    assert tables
    text = "".join("".join(paragraph_text(one) for table in tables for one in table.iter(f"{W}p")).split())
    origins = read_provenance(report)
    for name in names_told(report):
        if traced := origins.values.get(name):
            assert "".join(traced.text.split()) in text.replace("\u200b", ""), name
    for table in tables:
        columns = len(table.find(f"{W}tblGrid"))
        assert table.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None
        for row in table.iter(f"{W}tr"):
            spans = [cell.find(f"{W}tcPr/{W}gridSpan") for cell in row.iter(f"{W}tc")]
            assert sum(1 if span is None else int(span.get(f"{W}val")) for span in spans) == columns
    assert [one for one in document.iter(f"{W}bookmarkStart") if one.get(f"{W}name").startswith("origin-")] == []


def test_the_annex_of_the_page_is_tables_with_names(report):
    tree = html.fromstring((report / "_output" / "report.html").read_text(encoding="utf-8"))
    tables = tree.xpath("//div[@class='origins']//table")
    assert tables
    assert all(table.get("aria-label").startswith("Numbers of ") for table in tables)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {f"origin-{name}" for name in names_told(report)} <= set(ids)


def test_a_quarter_without_the_section_has_no_annex(tmp_path):
    copy_project(tmp_path)
    parameters = tmp_path / "params" / f"{QUARTERS[0]}.yml"
    text = parameters.read_text(encoding="utf-8")
    parameters.write_text(text[: text.index("sections:")] + "sections:\n  - 01-crime\n", encoding="utf-8")
    for path in (tmp_path / "notebooks").glob("*.ipynb"):
        if path.stem != "recorded_crime":
            path.unlink()
    for path in (tmp_path / "sections" / QUARTERS[0]).glob("*.qmd"):
        path.unlink()
    own = tmp_path / "sections" / QUARTERS[0] / "01-crime.qmd"
    own.write_text("# Crime\n\n{{< var crime.all.year.count >}}\n", encoding="utf-8")
    (built,) = build(Project(tmp_path), QUARTERS[0], quiet(), engine_name="pandoc", formats=("html",)).documents
    page = built.read_text(encoding="utf-8")
    assert 'data-name="crime.all.year.count"' in page
    assert "<script" not in page and 'class="origin-link"' not in page and "<dialog" not in page
    assert not (built.parent.parent / FILE).exists()


def test_the_skeleton_includes_the_annex():
    text = (ROOT / "sections" / "_skeleton" / "99-origins.qmd").read_text(encoding="utf-8")
    assert f"{{{{< include {FILE} >}}}}" in text
