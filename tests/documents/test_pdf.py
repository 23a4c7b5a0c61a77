"""What the PDF shows and what a screen reader says of it, compared with the report's sources."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import outloud
import pikepdf
import pytest
import yaml
from fixtures.projects import QUARTERS
from readback.colour import contrast
from readback.document import ANNEX, tidy
from readback.pdf import Pdf
from readback.source import Source, read_source

LATEST, EARLIER = QUARTERS
POINT = 0.5
NOTES = 9  # points
NUMBERED = re.compile(r"^\d+(\.\d+)*\s+")
CAPTION = re.compile(r"^(Table|Figure) \d+: ")


REAL = [LATEST, EARLIER, pytest.param("by Quarto", marks=pytest.mark.quarto)]
SYNTAX = ["syntax", pytest.param("syntax by Quarto", marks=pytest.mark.quarto)]


@pytest.fixture(scope="session")
def open_pdf(request) -> Callable[[str], Pdf]:
    """Give a PDF by its name: of a quarter, of the latest as Quarto makes it, of all syntax."""

    @cache
    def opened(name: str) -> Pdf:
        if name in QUARTERS:
            output = request.getfixturevalue("built")[name] / "_output"
        elif name == "by Quarto":
            output = request.getfixturevalue("built_by_quarto")
        else:
            output = request.getfixturevalue({"syntax": "all_syntax"}.get(name, "all_syntax_by_quarto"))
        return Pdf(output / "report.pdf")

    return opened


@pytest.fixture(scope="session", params=REAL)
def pdf(request, open_pdf) -> Pdf:
    return open_pdf(request.param)


@pytest.fixture(scope="session", params=REAL + SYNTAX)
def any_pdf(request, open_pdf) -> Pdf:
    return open_pdf(request.param)


@pytest.fixture(scope="session")
def source(pdf) -> Source:
    return read_source(pdf.path.parent.parent)


@pytest.fixture(scope="session")
def named(pdf) -> dict[str, Any]:
    """Give the words that the report's pages bear."""
    return yaml.safe_load((pdf.path.parent.parent / "_variables.yml").read_text(encoding="utf-8"))


def outline_of(pdf: Pdf) -> list[tuple[int, str]]:
    """Give headings, and captions as level 0, in reading order."""
    found = []
    for element in pdf.tree.walk():
        if element.kind == "Caption":
            found.append((0, CAPTION.sub("", pdf.text(element))))
        elif re.fullmatch(r"H\d", element.kind) and pdf.text(element) != "Contents":
            found.append((int(element.kind[1]), NUMBERED.sub("", pdf.text(element))))
    return found


def running(pdf: Pdf, page: int, *, foot: bool) -> str:
    """Give the text of a page's margin at the head or the foot."""
    sheet = pdf.pages[page]
    margin = 60
    box = (0, sheet.height - margin, sheet.width, sheet.height) if foot else (0, 0, sheet.width, margin)
    return tidy(sheet.crop(box).extract_text())


def workforce(pdf: Pdf):
    (table,) = [table for table in pdf.tables() if len(pdf.rows(table)) > 50]
    return table


# ---- for a screen reader ----


# ORD-001 takes an element's own words before those of the elements in it; the test below is exact.
UNHEARD = {
    # An address that must stay plain text; an empty element of Quarto's own highlighting of code.
    "syntax": ["LNK-010"],
    "syntax by Quarto": ["LNK-010", "TAG-020"],
}


def test_outloud_has_nothing_to_say(any_pdf, request):
    name = request.node.callspec.params["any_pdf"]
    result = outloud.check(str(any_pdf.path), skip=["ORD-001", *UNHEARD.get(name, [])])
    assert [(found.rule, found.page, found.message) for found in result.sorted_findings()] == []


def test_it_is_read_in_the_order_it_is_painted(any_pdf):
    marks = any_pdf.tree.marks()
    assert [mark.page for mark in marks] == sorted(mark.page for mark in marks)
    footnotes = {mark for note in any_pdf.tree.of_kind("Note") for mark in note.marks()}
    for page in range(len(any_pdf.pages)):
        read = [mark.mcid for mark in marks if mark.page == page]
        assert read == [mcid for mcid in any_pdf.painted(page) if (page, mcid) not in footnotes]


def test_headings_and_captions_are_those_of_the_narrative_in_its_order(pdf, source):
    outline = outline_of(pdf)
    # The parts of the annex are called like the sections.
    annex = [text for _, text in outline].index(ANNEX)
    assert outline[: annex + 1] == source.outline


def test_bookmarks_are_the_headings_of_all_levels(pdf):
    def titles(items, level=1):
        for item in items:
            yield level, tidy(item.title)
            yield from titles(item.children, level + 1)

    headings = [(int(heading.kind[1]), pdf.text(heading)) for heading in pdf.listed()]
    with pdf.file.open_outline() as outline:
        assert list(titles(outline.root)) == [heading for heading in headings if heading != (1, "Contents")]


def test_tables_have_the_cells_of_the_notebooks_under_header_cells(pdf, source):
    tables = pdf.tables()
    assert [[[pdf.text(cell) for cell in row] for row in pdf.rows(table)] for table in tables] == [
        table.rows for table in source.tables
    ]
    for table in tables:
        head, *body = pdf.rows(table)
        assert {cell.kind for cell in head} == {"TH"}
        assert {"THead" in cell.parents for row in body for cell in row} == {False}


def test_figures_are_described_as_the_notebooks_describe_them(pdf, source):
    assert [tidy(figure.alt) for figure in pdf.tree.of_kind("Figure")] == [
        tidy(figure.alternative_text) for figure in source.figures
    ]


def test_definitions_are_a_list_of_terms_and_texts(any_pdf):
    lists = [found for found in any_pdf.tree.of_kind("L") if found.of_kind("Lbl") and found.of_kind("Strong")]
    glossary = [(item.of_kind("Lbl"), item.of_kind("LBody")) for item in lists[-1].of_kind("LI")]
    for terms, texts in glossary:
        (term,), (text,) = terms, texts
        assert any_pdf.text(term) and any_pdf.text(text)
        assert abs(any_pdf.chars(term)[0]["top"] - any_pdf.chars(text)[0]["top"]) < 1
        assert any_pdf.chars(text)[0]["x0"] > any_pdf.chars(term)[-1]["x1"]


def test_links_lead_somewhere_and_are_tagged(any_pdf):
    tagged = len(any_pdf.tree.of_kind("Link"))
    links = [
        annotation
        for page in any_pdf.file.pages
        for annotation in page.get("/Annots", [])
        if annotation.Subtype == "/Link"
    ]
    assert links and tagged
    pages = {page.objgen for page in any_pdf.file.pages}
    for link in links:
        action = link.get("/A", {})
        if "/URI" in action:
            assert re.match(r"https?://|mailto:", str(action.URI))
        else:
            assert destination(any_pdf.file, link.get("/Dest", action.get("/D")))[0].objgen in pages
        assert str(link.Contents)
        assert "/StructParent" in link


def destination(file: pikepdf.Pdf, target):
    if isinstance(target, pikepdf.String | pikepdf.Name):
        target = pikepdf.NameTree(file.Root.Names.Dests)[str(target)]
    return target.D if isinstance(target, pikepdf.Dictionary) else target


def test_the_pdf_says_what_it_is(pdf, named):
    assert str(pdf.file.Root.Lang) == "en-GB"
    with pdf.file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == named["report"]["title"]
        assert named["report"]["force"] in metadata["dc:description"]
        assert named["report"]["force"] in metadata["dc:creator"]
    assert pdf.file.Root.ViewerPreferences.DisplayDocTitle
    a4 = (595, 842)
    assert {(round(page.width), round(page.height)) for page in pdf.pages} == {a4}


# ---- for the eye ----


def test_every_page_says_where_it_is(pdf, named):
    words = (named["report"]["force"], named["period"]["quarter"]["label"], f"Item {named['report']['item']}")
    pages = len(pdf.pages)
    for page in range(pages):
        assert running(pdf, page, foot=True) == f"Page {page + 1} of {pages}"
        head = running(pdf, page, foot=False)
        assert head == "" if page == 0 else all(word in head for word in words)


def test_contents_give_the_pages_of_the_headings(pdf):
    (contents, *_) = pdf.tree.of_kind("TOC")
    entries = [re.fullmatch(r"(.*?)[ .]*\s(\d+)", pdf.text(entry)) for entry in contents.of_kind("TOCI")]
    headings = [heading for heading in pdf.listed() if heading.kind in ("H1", "H2")]
    expected = [(pdf.text(heading), str(min(heading.pages()) + 1)) for heading in headings]
    assert [entry.groups() for entry in entries] == [entry for entry in expected if entry[0] != "Contents"]
    numbers = [pdf.chars(entry)[-1]["x1"] for entry in contents.of_kind("TOCI")]
    assert max(numbers) - min(numbers) < POINT


def test_a_heading_or_caption_is_on_the_page_of_what_it_heads(any_pdf):
    parts = [
        element
        for element in any_pdf.tree.walk()
        if element.kind in ("Caption", "TR", "Figure", "P", "LI", "TOCI") or re.fullmatch(r"H\d", element.kind)
    ]
    for head, below in pairwise(part for part in parts if part.marks()):
        # Typst moves a first line whose footnote has no room, and leaves the heading.
        if below.of_kind("Note"):
            continue
        if head.kind == "Caption" or head.kind.startswith("H"):
            assert max(head.pages()) == min(below.pages()), any_pdf.text(head)


def test_no_row_is_split_and_each_page_of_a_table_repeats_its_heads(pdf):
    for table in pdf.tree.of_kind("Table"):
        rows = pdf.rows(table)
        pages = [set().union(*(cell.pages() for cell in row)) for row in rows]
        assert {len(of_row) for of_row in pages} == {1}
        heads = [pdf.text(cell).split()[0] for cell in rows[0]]
        for page in sorted(set().union(*pages))[1:]:
            first = next(word for word in pdf.pages[page].extract_words() if word["top"] > 60)
            line = [w["text"] for w in pdf.pages[page].extract_words() if abs(w["bottom"] - first["bottom"]) < 14]
            assert set(heads) <= set(line)


def test_groups_of_the_workforce_table_stay_with_their_first_part(pdf):
    table = workforce(pdf)
    assert len(table.pages()) > 1
    names = [row[0] for row in pdf.rows(table)[1:]]
    heads_group = ["Bold" in pdf.chars(name)[0]["fontname"] for name in names]
    starts = [pdf.chars(name)[0]["x0"] for name in names]
    for at, (name, below) in enumerate(pairwise(names)):
        if heads_group[at]:
            assert name.pages() == below.pages(), pdf.text(name)
    groups, parts = (
        [x for x, head in zip(starts, heads_group, strict=True) if head is kind] for kind in (True, False)
    )
    assert min(parts) > max(groups) + 5


def test_what_stands_beneath_a_table_is_on_its_last_page(pdf):
    elements = [element for element in pdf.tree.walk() if element.kind in ("TR", "P")]
    notes = [
        (row, note)
        for row, note in pairwise(elements)
        if row.kind == "TR" and note.kind == "P" and round(pdf.chars(note)[0]["size"], 1) == NOTES
    ]
    assert len(notes) == len(pdf.tables())
    for row, note in notes:
        assert row.pages() == note.pages(), pdf.text(note)
        assert 0 < pdf.chars(note)[0]["top"] - max(char["bottom"] for char in pdf.chars(row)) < 16


def test_figures_end_on_one_line_in_digits_of_one_width(pdf, source):
    for table, expected in zip(pdf.tables(), source.tables, strict=True):
        for column in expected.right_aligned:
            ends: dict[int, list[float]] = {}
            for row in pdf.rows(table)[1:]:
                (page,) = row[column].pages()
                last = [char for char in pdf.chars(row[column]) if char["text"].strip()][-1]
                if re.search(r"\d$", pdf.text(row[column])):
                    ends.setdefault(page, []).append(last["x1"])
            for of_page in ends.values():
                assert max(of_page) - min(of_page) < POINT, expected.label
        digits = {}
        for char in pdf.chars(table):
            if char["text"].isdigit():
                digits.setdefault((char["fontname"], char["size"]), set()).add(round(char["width"], 1))
        assert all(len(widths) == 1 for widths in digits.values())


def test_text_stands_out_from_its_ground(any_pdf):
    pairs = set()
    for page in any_pdf.pages:
        grounds = [rect for rect in page.rects if rect["fill"] and rect["height"] > 4]
        for char in page.chars:
            under = [
                rect["non_stroking_color"]
                for rect in grounds
                if rect["x0"] <= char["x0"] <= rect["x1"] and rect["top"] <= char["top"] <= rect["bottom"]
            ]
            pairs.add((tuple(char["non_stroking_color"]), tuple(under[-1]) if under else (1,)))
    assert len(pairs) >= 3
    assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5} == {}


def test_a_link_in_the_text_is_underlined(any_pdf):
    for link in any_pdf.tree.of_kind("Link"):
        if {"TOC", "Note", "Lbl"} & set(link.parents):
            continue
        (mark, *_) = link.marks()
        char, *rest = any_pdf.chars(link)
        # The line makes way for letters that reach below it.
        lines = [
            line
            for line in any_pdf.pages[mark.page].lines
            if line["x0"] < [char, *rest][-1]["x1"] and line["x1"] > char["x0"]
        ]
        assert any(0 < line["top"] - char["top"] < char["size"] * 1.5 for line in lines), any_pdf.text(link)


def test_a_page_is_at_least_half_full_before_the_next_section(pdf):
    new_sections = {min(heading.pages()) for heading in pdf.headings() if heading.kind == "H1"}
    for page in range(len(pdf.pages) - 1):
        if page + 1 in new_sections:
            continue
        sheet = pdf.pages[page]
        ends = [char["bottom"] for char in sheet.chars if char["bottom"] < sheet.height - 60]
        ends += [image["bottom"] for image in sheet.images]
        assert max(ends) > sheet.height / 2, f"page {page + 1}"
