"""What an editor and a screen reader find in the Word document, compared with the report's sources."""

from __future__ import annotations

import re
import subprocess
import uuid
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import docx
import pdfplumber
import pytest
from fixtures.projects import QUARTERS
from lxml import etree
from readback.colour import contrast
from readback.document import ANNEX, tidy
from readback.source import Source, read_source
from readback.word import WP, W, Word, paragraph_text, read_word, word_part

from scrutiny.fonts import FOLDER

LATEST = QUARTERS[0]
BY_QUARTO = "by Quarto"
REAL = [LATEST, pytest.param(BY_QUARTO, marks=pytest.mark.quarto)]
ALL = [*REAL, "syntax", pytest.param("syntax by Quarto", marks=pytest.mark.quarto)]
KEPT_ROWS = 25

# What may stand in the body beside the names of styles: a list's number, and what an author marks in a sentence.
PARAGRAPH_FORMATTING = {"pStyle", "numPr"}
RUN_FORMATTING = {"rStyle", "strike", "vertAlign"}
ROW_FORMATTING = {"cantSplit", "tblHeader"}
CELL_FORMATTING = {"tcW", "gridSpan"}

# The order of ECMA-376, which Word insists on.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
    "contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike color spacing sz szCs u shd vertAlign lang",
    "style": "name basedOn next link uiPriority semiHidden unhideWhenUsed qFormat rsid pPr rPr tblPr trPr tcPr "
    "tblStylePr",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tbl": "bookmarkStart bookmarkEnd tblPr tblGrid tr",
    "tr": "trPr tc",
    "trPr": "cantSplit tblHeader",
    "tc": "tcPr p",
    "tcPr": "tcW gridSpan tcBorders vAlign",
    "p": "pPr",
    "r": "rPr",
}


@pytest.fixture(scope="session")
def open_word(request) -> Callable[[str], Word]:
    """Give a Word document by its name: of a quarter, of the same as Quarto makes it, of all syntax."""

    @cache
    def opened(name: str) -> Word:
        if name == LATEST:
            output = request.getfixturevalue("built")[name] / "_output"
        elif name == BY_QUARTO:
            output = request.getfixturevalue("built_by_quarto")
        else:
            output = request.getfixturevalue({"syntax": "all_syntax"}.get(name, "all_syntax_by_quarto"))
        return Word(output / "report.docx")

    return opened


@pytest.fixture(scope="session", params=REAL)
def report(request, open_word) -> Word:
    return open_word(request.param)


@pytest.fixture(scope="session", params=ALL)
def word(request, open_word) -> Word:
    return open_word(request.param)


@pytest.fixture(scope="session")
def source(built) -> Source:
    return read_source(built[LATEST])


def rows(table: etree._Element) -> list[list[etree._Element]]:
    """Give the only paragraph of each cell of each row."""
    return [[cell.find(f"{W}p") for cell in row.iterfind(f"{W}tc")] for row in table.iterfind(f"{W}tr")]


def name(element: etree._Element) -> str:
    return etree.QName(element).localname


def test_headings_are_those_of_the_source(report, source):
    expected = [(level, text) for level, text in source.outline if level]
    headings = [(level, text) for level, _, text in read_word(report.path).headings]
    # The parts of the annex are called like the sections.
    assert headings[: len(expected)] == expected
    assert expected[-1] == (1, ANNEX)


def test_tables_are_those_of_the_source(report, source):
    assert len(report.tables) == len(source.tables)
    for table, expected in zip(report.tables, source.tables, strict=True):
        cells = rows(table)
        assert [[tidy(paragraph_text(cell)) for cell in row] for row in cells] == expected.rows
        for row in cells:
            aligned = [at for at, cell in enumerate(row) if report.is_right_aligned(cell)]
            assert aligned == expected.right_aligned, expected.label


def test_each_table_has_the_look_of_the_report(word):
    (section,) = docx.Document(word.path).sections
    width = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    assert word.tables
    for table in word.tables:
        properties = table.find(f"{W}tblPr")
        assert properties.find(f"{W}tblStyle").get(f"{W}val") == "Table"
        assert properties.find(f"{W}tblLayout").get(f"{W}type") == "fixed"
        grid = [int(column.get(f"{W}w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        assert abs(sum(grid) - width) < 20
        headed = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in table.iterfind(f"{W}tr")]
        assert headed == [True] + [False] * (len(headed) - 1)
        for row in table.iterfind(f"{W}tr"):
            assert row.find(f"{W}trPr/{W}cantSplit") is not None
            assert [int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for cell in row.iterfind(f"{W}tc")] == grid
        head, *body = rows(table)
        assert {word.style(cell) for cell in head} <= {"Table Heading", "Table Heading Figure"}
        for row in body:
            kinds = {re.sub(" Kept$", "", word.style(cell)) for cell in row}
            assert kinds <= {"Table Total", "Table Total Figure"} or kinds <= {
                "Table Text", "Table Part", "Table Figure"
            }  # fmt: skip


def test_rows_stay_with_what_they_belong_to(word):
    is_short = set()
    for table in word.tables:
        head, *body = rows(table)
        is_short.add(len(body) <= KEPT_ROWS)
        kept = [all(word.is_on(cell, "keepNext") for cell in row) for row in body]
        assert all(word.is_on(cell, "keepNext") for cell in head)
        # The last rows stay with the notes; a short table may break only before them.
        assert all(kept[-2:])
        assert len(body) > KEPT_ROWS or all(kept[:-3] + kept[-2:])
        for row, stays in zip(body, kept, strict=True):
            assert stays or word.style(row[0]) != "Table Total"
            assert all(word.is_on(cell, "keepLines") for cell in row)
    assert is_short == {True, False}


def test_captions_stand_by_what_they_name(word):
    named = []
    for table in word.tables:
        above, _ = word.beside(table)
        assert word.style(above) == "Table Caption" and word.is_on(above, "keepNext")
        assert tidy(table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val")) == paragraph_text(above)
        named.append(above)
    for drawing in word.root.iter(f"{W}drawing"):
        (picture,) = drawing.iterancestors(f"{W}p")
        _, beneath = word.beside(picture)
        assert word.style(picture) == "Captioned Figure" and word.is_on(picture, "keepNext")
        assert word.style(beneath) == "Image Caption"
        named.append(beneath)
    captions = [paragraph for paragraph in word.root.iter(f"{W}p") if word.style(paragraph).endswith(" Caption")]
    assert {paragraph_text(caption) for caption in captions} == {paragraph_text(caption) for caption in named}


def test_notes_stand_beneath_each_table(report):
    for table in report.tables:
        _, beneath = report.beside(table)
        assert report.style(beneath) == "Table Notes"
        assert paragraph_text(beneath).startswith(("Source: ", "Sources: "))


def test_captions_are_those_of_the_source(report, source):
    expected = [text for level, text in source.outline if not level]
    assert [re.sub(r"^(Table|Figure) \d+: ", "", text) for text in read_word(report.path).captions] == expected


def test_pictures_have_the_alternative_text_of_the_source(report, source):
    described = [drawing.get("descr") for drawing in report.root.iter(f"{WP}docPr")]
    assert [tidy(text) for text in described] == [tidy(figure.alternative_text) for figure in source.figures]
    captions = [figure.caption for figure in source.figures]
    assert not {tidy(text) for text in described} & set(captions)


def test_pictures_of_the_narrative_are_described(open_word):
    described = [drawing.get("descr") for drawing in open_word("syntax").root.iter(f"{WP}docPr")]
    assert described == ['A square, "navy" & flat.', "A blue square.", "The same square, smaller."]


def formatting(word: Word) -> Iterator[tuple[str, etree._Element]]:
    """Give what the body says of paragraphs, runs, rows and cells beside their styles."""
    for kind, allowed in (
        ("pPr", PARAGRAPH_FORMATTING),
        ("rPr", RUN_FORMATTING),
        ("trPr", ROW_FORMATTING),
        ("tcPr", CELL_FORMATTING),
    ):
        for properties in word.root.iter(f"{W}{kind}"):
            for found in properties:
                if name(found) not in allowed:
                    yield name(found), properties.getparent()


def test_the_body_is_formatted_by_styles_alone(word):
    assert [(what, paragraph_text(element)) for what, element in formatting(word)] == []
    for paragraph in word.root.iter(f"{W}p"):
        breaks = paragraph.find(f"{W}r/{W}br[@{W}type='page']")
        assert word.style(paragraph) or breaks is not None
        assert paragraph_text(paragraph) or breaks is not None or list(paragraph.iter(f"{W}drawing")) or (
            paragraph.getparent().tag == f"{W}tc"
        )  # fmt: skip
        # Bullets are of their style; only a numbered list, which begins anew, has its number by itself.
        if paragraph.find(f"{W}pPr/{W}numPr") is not None:
            assert word.style(paragraph) == "List Paragraph"


def test_styles_are_named_as_in_word_and_offered_where_meant(word):
    used = {style.get(f"{W}val") for style in word.root.iter(f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle")}
    assert used <= set(word.styles)
    offered = {word.name(key) for key, style in word.styles.items() if style.find(f"{W}qFormat") is not None}
    assert {"Body Text", "heading 1", "List Bullet", "Table Text", "Table Caption", "Strong"} <= offered
    assert not {"Normal", "toc 1", "Compact", "First Paragraph", "Verbatim Char"} & offered


def test_colours_of_styles_stand_out_from_their_ground(word):
    contrasts = {}
    for key in word.styles:
        colour = word.inherited(key, "w:rPr/w:color")
        ground = word.inherited(key, "w:pPr/w:shd")
        if colour is not None and colour.get(f"{W}val") != "auto":
            fill = "ffffff" if ground is None else ground.get(f"{W}fill")
            contrasts[key] = contrast(f"#{colour.get(f'{W}val')}", f"#{fill}")
    assert {"Heading1", "TableNotes", "CalloutTitle", "Hyperlink"} <= set(contrasts)
    assert {key: ratio for key, ratio in contrasts.items() if ratio < 4.5} == {}


def test_language_and_title_are_told(word):
    assert word_part(word.path, "word/settings.xml").find(f"{W}themeFontLang").get(f"{W}val") == "en-GB"
    (language,) = word_part(word.path, "word/styles.xml").iter(f"{W}lang")
    assert set(language.attrib.values()) == {"en-GB"}
    assert not list(word.root.iter(f"{W}lang"))
    properties = docx.Document(word.path).core_properties
    assert properties.language == "en-GB"
    (title,) = [paragraph for paragraph in word.root.iter(f"{W}p") if word.style(paragraph) == "Title"]
    assert properties.title == paragraph_text(title)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml"])
def test_elements_stand_in_the_order_that_word_asks_for(word, part):
    for element in word_part(word.path, part).iter(*(f"{W}{kind}" for kind in ORDER)):
        order = ORDER[name(element)].split()
        children = [name(child) for child in element]
        if name(element) in ("p", "r"):
            assert order[0] not in children[1:]
        else:
            assert set(children) <= set(order), name(element)
            positions = [order.index(child) for child in children]
            assert positions == sorted(positions), children
    ids = [drawing.get("id") for drawing in word.root.iter(f"{WP}docPr")]
    marks = [mark.get(f"{W}name") for mark in word.root.iter(f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids)) and len(marks) == len(set(marks))


def test_the_typeface_of_the_pdf_comes_along(word):
    table = word_part(word.path, "word/fontTable.xml")
    (font,) = table.iter(f"{W}font")
    assert (font.get(f"{W}name"), font.find(f"{W}altName").get(f"{W}val")) == ("Source Sans Pro", "Calibri")
    with zipfile.ZipFile(word.path) as archive:
        for number, (kind, file) in enumerate(
            {"Regular": "Regular", "Bold": "Bold", "Italic": "It", "BoldItalic": "BoldIt"}.items(), 1
        ):
            key = uuid.UUID(font.find(f"{W}embed{kind}").get(f"{W}fontKey")).bytes[::-1] * 2
            content = archive.read(f"word/fonts/font{number}.odttf")
            plain = bytes(byte ^ mask for byte, mask in zip(content[:32], key, strict=True)) + content[32:]
            assert plain == (FOLDER / f"SourceSansPro-{file}.ttf").read_bytes()


# LibreOffice opens it, and another editor's file of it says the same.


@pytest.fixture(scope="session")
def in_libreoffice(open_word, tmp_path_factory) -> Path:
    """Give a folder with the real report as LibreOffice writes it again, and as it shows it."""
    folder = tmp_path_factory.mktemp("libreoffice")
    for target in ("docx:MS Word 2007 XML", "pdf"):
        subprocess.run(
            [
                "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                "--convert-to", target, "--outdir", folder, open_word(LATEST).path,
            ],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder


@pytest.mark.libreoffice
def test_a_round_trip_through_libreoffice_keeps_it(open_word, in_libreoffice):
    before, after = (read_word(path) for path in (open_word(LATEST).path, in_libreoffice / "report.docx"))
    for what in ("headings", "tables", "captions", "alternative_texts"):
        assert getattr(after, what) == getattr(before, what), what
    again = Word(in_libreoffice / "report.docx")
    for table in again.tables:
        headed, *others = table.iterfind(f"{W}tr")
        assert headed.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (headed, *others))
    (language, *others) = word_part(again.path, "word/styles.xml").iter(f"{W}lang")
    assert all(found.get(f"{W}val") == "en-GB" for found in (language, *others))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.libreoffice
def test_pages_in_libreoffice_break_no_row(open_word, in_libreoffice):
    word = open_word(LATEST)
    table = max(word.tables, key=lambda table: len(rows(table)))
    width = int(table.find(f"{W}tblGrid/{W}gridCol").get(f"{W}w")) / 20
    left = docx.Document(word.path).sections[0].left_margin.pt
    head, *heads = [squeezed(paragraph_text(row[0])) for row in rows(table)]
    with pdfplumber.open(in_libreoffice / "report.pdf") as pdf:

        @cache
        def column(at: int) -> str:
            page = pdf.pages[at]
            return squeezed(page.crop((left, 0, left + width, page.height)).extract_text())

        numbers = range(len(pdf.pages))
        first = next(at for at in numbers if heads[0] in column(at) and heads[1] in column(at))
        pages, at = [], first
        for text in heads:
            # A row whose cell went on overleaf would stand whole on no page.
            at = next(page for page in numbers[at:] if text in column(page))
            pages.append(at)
        assert all(head in column(page) for page in set(pages))
    assert pages[-1] > first
    totals = [word.style(row[0]) == "Table Total" for row in rows(table)[1:]]
    assert all(page == after for total, (page, after) in zip(totals, pairwise(pages), strict=False) if total)
