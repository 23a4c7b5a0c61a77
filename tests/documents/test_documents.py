"""What a reader, a screen reader and an editor find in the documents."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
import yaml
from fixtures.all_syntax import NASTY
from fixtures.projects import QUARTERS
from lxml import html
from readback import READERS
from readback.document import ANNEX, tidy
from readback.word import W, paragraph_text, read_word, style_names, word_part

FORMATS = list(READERS)
TABLES, FIGURES = 16, 9

TABLE_OF_OFFENCES = [
    ["All crime", "Increase (+15%, +20,634)", "Decrease (−16%, −25,769)", "Decrease (−23%, −8,739)"],
    ["Violence with injury", "Increase (+5%, +903)", "Decrease (−21%, −3,944)", "Decrease (−26%, −1,137)"],
    ["Violence without injury", "Increase (+33%, +5,898)", "Decrease (−9%, −2,216)", "Decrease (−19%, −1,173)"],
    ["Burglary residential", "Increase (+3%, +245)", "Decrease (−23%, −2,090)", "Decrease (−27%, −546)"],
    ["Robbery (personal)", "Increase (+42%, +336)", "Decrease (−16%, −184)", "Decrease (−40%, −126)"],
    ["Public order", "Increase (+59%, +5,264)", "Decrease (−31%, −4,351)", "Decrease (−23%, −677)"],
]  # fmt: skip


@pytest.fixture(scope="session")
def output(built) -> Path:
    return built[QUARTERS[0]] / "_output"


@pytest.fixture(scope="session")
def word(output) -> Path:
    return output / "report.docx"


def table_headed(document, head: str) -> list[list[str]]:
    (table,) = [table for table in document.tables if table[0][0] == head]
    return table


@pytest.mark.parametrize("format_", FORMATS)
def test_table_of_offences_is_the_published_one(output, format_):
    document = READERS[format_](output / f"report.{format_}")
    assert table_headed(document, "Offence")[1:] == TABLE_OF_OFFENCES
    # But for those of the annex (test_annex.py).
    tables = [table for table in document.tables if table[0][0] != "Name"]
    assert (len(tables), len(document.alternative_texts)) == (TABLES, FIGURES)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    "sentence",
    [
        "All crime fell by 16%, from 159,838 to 134,069, in the 12 months to 30 June 2020 (Table 7).",
        "all five offence types fell, and all crime fell by 23% (a difference of 8,739).",
        "all recorded crime in England and Wales fell by 4%. In the North West region it fell by 9%.",
        "In the Constabulary's Most Similar Group it fell by 8%.",
        "personal robbery was increasing: it rose by 5%, in the financial year to 31 March 2020.",
        "In the latest 12 months personal robbery fell by 16%, from 1,141 to 957. Robbery of businesses fell by 17%",
        "rose by 45%, from 50,431 to 73,264,",
        "ASB incidents rose by 61% in Lancashire, compared with the same weeks of 2019. Nationally they rose by 52%.",
        "knife crime fell by 9%, from 281 to 257, between the previous quarter and the quarter to 30 June 2020 (Figure 3).",
        "it fell by 21%, from 327 to 257, a change of −70.",
        "Report to Strategic Scrutiny Meeting Date September 2020",
    ],
)
def test_narrative_says_what_was_published(output, format_, sentence):
    text = READERS[format_](output / f"report.{format_}").text
    assert re.sub(r"\s+(?=[.,;:)])", "", sentence) in re.sub(r"\s+(?=[.,;:)])", "", text).replace(
        " :", ":"
    ).replace("( ", "(")


@pytest.mark.parametrize("format_", FORMATS)
def test_an_earlier_quarter_says_what_is_not_there(built, format_):
    document = READERS[format_](built["2019-20-Q4"] / "_output" / f"report.{format_}")
    offences = table_headed(document, "Offence")
    assert {row[1] for row in offences[1:]} == {"[x]"}
    assert all(row[2].endswith("[i]") for row in offences[1:] if row[0] != "Robbery (personal)")
    assert offences[5][2] == "Increase (+5%)"  # published as such, so not illustrative
    assert not any(row[0] == "Anti-social behaviour incidents" for table in document.tables for row in table)
    assert "[x] not supplied; [i] illustrative" in document.text
    assert "a figure was not supplied" not in document.text


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("text", NASTY.values())
def test_nasty_values_and_cells_are_plain_text(all_syntax, format_, text):
    document = READERS[format_](all_syntax / f"report.{format_}")
    assert document.text.count(tidy(text)) == 2  # once in a sentence, once in a cell
    assert sum(cell == tidy(text) for table in document.tables for row in table for cell in row) == 1


@pytest.mark.parametrize(
    ("format_", "shown"),
    [
        ("html", ["Only in HTML.", "Not in Word.", "A span for HTML."]),
        ("docx", ["Only in Word.", "Not in HTML.", "A span for the others."]),
        ("pdf", ["Only in PDF.", "Not in HTML.", "Not in Word.", "A span for the others."]),
    ],
)
def test_conditional_content(all_syntax, format_, shown):
    text = READERS[format_](all_syntax / f"report.{format_}").text
    every = {"Only in HTML.", "Only in Word.", "Only in PDF.", "Not in HTML.", "Not in Word."}
    every |= {"A span for HTML.", "A span for the others."}
    assert {sentence for sentence in every if sentence in text} == set(shown)


@pytest.mark.parametrize("format_", FORMATS)
def test_callouts_notes_and_includes_are_there(all_syntax, format_):
    text = READERS[format_](all_syntax / f"report.{format_}").text
    for part in (
        "Note A note without a title.",
        "A tip Text of the tip.",
        "Important: 134,069 Text of the important one.",
        "Mind this",
        "Caution Careful.",
        "A paragraph included by an included file, with 134,069",
        "The meta: en-GB.",
    ):
        assert part in text


def test_html_keeps_the_binding_of_values(output):
    tree = html.fromstring((output / "report.html").read_text(encoding="utf-8"))
    bound = {
        span.get("data-name"): span.text_content() for span in tree.xpath("//span[contains(@class, 'value')]")
    }
    assert tidy(bound["crime.all.year.movement"]) == "fell by 16%, from 159,838 to 134,069"
    variables = yaml.safe_load((output.parent / "_variables.yml").read_text(encoding="utf-8"))
    for name, text in bound.items():
        value = variables
        for part in name.split("."):
            value = value[part]
        assert tidy(text) == tidy(value.replace("\\", ""))


def test_no_comment_of_the_narrative_is_published(output):
    assert "generated: edit" not in (output / "report.html").read_text(encoding="utf-8")


def test_pdf_is_tagged_and_dated(output):
    with pikepdf.open(output / "report.pdf") as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        with pdf.open_metadata() as metadata:
            assert metadata["xmp:CreateDate"].startswith("2020-06-30T00:00:00")


@pytest.mark.poppler
def test_pdf_uses_its_own_fonts_only(output):
    listed = subprocess.run(
        ["pdffonts", output / "report.pdf"], capture_output=True, text=True, check=True
    ).stdout.splitlines()[2:]
    assert listed
    assert all("SourceSansPro" in line and " yes " in line for line in listed), listed


def test_word_contents_are_filled_and_linked(word):
    root = word_part(word)
    names = style_names(word)
    bookmarks = {mark.get(f"{W}name") for mark in root.iter(f"{W}bookmarkStart")}
    entries = []
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and re.fullmatch(r"toc \d", names[style.get(f"{W}val")], re.IGNORECASE):
            assert paragraph.find(f"{W}hyperlink").get(f"{W}anchor") in bookmarks
            entries.append(paragraph_text(paragraph))
    # The contents have two levels, so that they and the heading block take one page.
    expected = [f"{number} {text}".strip() for level, number, text in read_word(word).headings if level <= 2]
    # The parts of the annex are called like the sections.
    del expected[expected.index(ANNEX) + 1 :]
    assert entries == expected
    field = [char.get(f"{W}fldCharType") for char in root.iter(f"{W}fldChar")]
    assert field == ["begin", "separate", "end"]


def test_word_names_force_quarter_and_item_on_each_page(word):
    header = "".join(word_part(word, "word/header1.xml").itertext())
    assert header == "Lancashire Constabulary · Quarterly Performance Report, April to June 2020 · Item 2"
    footer = word_part(word, "word/footer1.xml")
    assert [field.get(f"{W}instr").strip() for field in footer.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]


def test_manifest_sums_every_file(built):
    workspace = built[QUARTERS[0]]
    manifest = json.loads((workspace / "_output" / "manifest.json").read_text(encoding="utf-8"))
    files = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if path.is_file()}
    assert set(manifest["sha256"]) == files - {"_output/manifest.json"}
    assert manifest["engine"]["name"] == "pandoc"
    assert manifest["quarter"] == QUARTERS[0]
    assert (
        datetime.fromisoformat(manifest["started"])
        <= datetime.fromisoformat(manifest["finished"])
        <= datetime.now(UTC)
    )
