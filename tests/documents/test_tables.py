"""Tables too wide, too long or full of long words come out whole in each format; landscape pages turn, and turn back."""

import re
import subprocess
import zipfile

import docx
import pdfplumber
import pytest
from docx.enum.section import WD_ORIENT
from fixtures.all_syntax import fixture_workspace, render
from lxml import html
from readback.word import W, paragraph_text, word_part

ADDRESS = "https://www.example.org/government/police-recorded-crime/open_data_tables?year=2020&quarter=1"
FILE = "Lancashire_Constabulary_Quarterly_Performance_Report_2020-21_Quarter_1_Final_Version_3_Approved.pdf"
SENTENCE = "The force should review how it assesses risk at the first point of contact. "


def table(columns: int, cell: str, caption: str) -> str:
    row = "|" + f" {cell} |" * columns
    return f"|{' Head |' * columns}\n|{'--:|' * columns}\n{row}\n\n: {caption}\n\n"


TEXT = f"""
# Before

Text before.[^one]

[^one]: The first note.

{{{{< pagebreak >}}}}

::: {{.landscape}}

# Across

{table(13, "1,234,567", "Wide. {#tbl-wide}")}
:::

{table(12, "1,234,567", "Beside it. {#tbl-beside .landscape}")}

{{{{< pagebreak >}}}}

Text after.[^two]

[^two]: The second note.

{table(14, "34,069", "In smaller type. {#tbl-small}")}

::: {{.landscape}}
:::

| Recommendation | Where |
|:--|:--|
| The file | {FILE} |
| The data | {ADDRESS} |

: Long words. {{#tbl-words}}

See {ADDRESS} and {FILE} and `{FILE}`.

::: {{.landscape}}
{{{{< embed notebooks/fixture.ipynb#tbl-embedded >}}}}
:::

| Ref | Progress | By |
|:--|:--|:--|
| 1 | Short. | May |
| 2 | {SENTENCE * 90} LASTWORDS | June |
| 3 | {SENTENCE} | July |

: A cell longer than a page. {{#tbl-long}}

See @tbl-wide, @tbl-beside, @tbl-small, @tbl-words and @tbl-long.

::: {{.callout-note}}
{SENTENCE * 70} LASTOFCALLOUT
:::

> {SENTENCE * 70} LASTOFQUOTATION

```
{"x" * 150}
LASTOFCODE
```
"""
UPRIGHT, ACROSS = (595, 842), (842, 595)


@pytest.fixture(scope="module", params=["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def documents(request, tmp_path_factory):
    workspace = fixture_workspace(tmp_path_factory.mktemp("tables"))
    (workspace / "sections" / "01-syntax.qmd").write_text(TEXT, encoding="utf-8")
    order = "{{< include sections/01-syntax.qmd >}}\n\n{{< include sections/90-appendix.qmd >}}\n"
    (workspace / "sections" / "_quarter.qmd").write_text(order, encoding="utf-8")
    return render(workspace, request.param)


@pytest.fixture(scope="module")
def pages(documents):
    with pdfplumber.open(documents / "report.pdf") as pdf:
        yield pdf.pages


def size(page) -> tuple[int, int]:
    return round(page.width), round(page.height)


def test_pages_of_the_pdf_turn_and_turn_back(pages):
    texts = [page.extract_text() for page in pages]
    on = {
        what: next(at for at, text in enumerate(texts) if at > 0 and what in text)
        for what in ("Across", "Wide.", "Beside it.", "Text after.", "In smaller type.", "Long words.", "embedded")
    }
    assert on["Across"] == on["Wide."] == on["Beside it."]
    assert on["Text after."] == on["Across"] + 1
    turned = [at for at, page in enumerate(pages) if size(page) == ACROSS]
    assert turned[0] == on["Across"]
    assert len(turned) == 2
    assert {size(page) for page in pages} == {UPRIGHT, ACROSS}
    # Header, footer and number are on each, and something else is, too.
    for at, text in enumerate(texts):
        assert f"Page {at + 1} of {len(pages)}" in text
        assert at == 0 or "A force · All the syntax" in text
        assert len(text.split("\n")) > 3, at


def test_nothing_in_the_pdf_is_printed_over_another_or_off_the_page(pages):
    for page in pages:
        words = page.extract_words(use_text_flow=False, keep_blank_chars=False, x_tolerance=1)
        for word in words:
            assert word["x0"] >= 70, word
            assert word["x1"] <= page.width - 70, word
            assert word["bottom"] <= page.height - 35, word
        characters = [one for one in page.chars if one["text"].strip()]
        places = {(round(one["x0"]), round(one["top"])) for one in characters}
        # Two letters within one point of each other are one over another.
        assert len(places) >= 0.97 * len(characters)


def test_no_figure_in_the_pdf_is_broken(pages):
    text = "\n".join(page.extract_text() for page in pages)
    assert text.count("1,234,567") == 25
    assert text.count("34,069") == 14
    assert text.count("Head") == 13 + 12 + 14


def test_long_words_are_found_in_the_pdf_as_they_are(documents):
    ran = subprocess.run(
        ["pdftotext", "-nodiag", documents / "report.pdf", "-"], capture_output=True, text=True, check=True
    )
    text = ran.stdout
    assert "\u200b" not in text
    # pdftotext takes a hyphen at the end of a line for one that divides a word.
    joined = re.sub(r"[\n-]", "", text)
    assert joined.count(FILE.replace("-", "")) == 3
    assert joined.count(ADDRESS.replace("-", "")) == 2
    for last in ("LASTWORDS", "LASTOFCALLOUT", "LASTOFQUOTATION", "LASTOFCODE"):
        assert last in text


def test_links_lead_to_the_whole_address(documents):
    with pdfplumber.open(documents / "report.pdf") as pdf:
        targets = {link["uri"] for page in pdf.pages for link in page.hyperlinks}
    assert ADDRESS in targets
    with zipfile.ZipFile(documents / "report.docx") as archive:
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert relations.count(f'Target="{ADDRESS.replace("&", "&amp;")}"') >= 1
    page = html.fromstring((documents / "report.html").read_text(encoding="utf-8"))
    links = page.xpath(f"//main//a[@href='{ADDRESS}']")
    assert [link.text_content() for link in links] == [ADDRESS] * 2
    assert all(link.findall("wbr") for link in links)


def test_pages_of_word_turn_with_header_footer_and_footnotes_counted_on(documents):
    document = docx.Document(documents / "report.docx")
    turned = [section.orientation == WD_ORIENT.LANDSCAPE for section in document.sections]
    assert turned == [False, True, False, True, False]
    for section in document.sections:
        assert (section.page_width > section.page_height) == (section.orientation == WD_ORIENT.LANDSCAPE)
        properties = section._sectPr
        kinds = [child.tag.rpartition("}")[2] for child in properties]
        assert kinds[:2] == ["headerReference", "footerReference"]
        assert "footnotePr" not in kinds
    parts = {reference.get(f"{{{W[1:-1]}}}id") for reference in document.element.iter(f"{W}headerReference")}
    assert len(parts) == 1
    # No page is empty: text stands between the ends of sections.
    body = list(document.element.body)
    ends = [at for at, block in enumerate(body) if block.find(f".//{W}sectPr") is not None]
    for one, other in zip([-1, *ends], ends, strict=False):
        assert any("".join(block.itertext()).strip() for block in body[one + 1 : other])
        assert body[other - 1].find(f".//{W}br") is None
        assert body[other + 1].find(f".//{W}br") is None


def test_tables_of_word_are_as_wide_as_their_pages_and_only_long_rows_are_divided(documents):
    root = word_part(documents / "report.docx")
    tables = {}
    for table in root.iter(f"{W}tbl"):
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        if caption is not None:
            tables[re.sub(r"^Table.\d+: ", "", caption.get(f"{W}val"))] = table
    widths = {name: int(table.find(f"{W}tblPr/{W}tblW").get(f"{W}w")) for name, table in tables.items()}
    assert widths["Wide."] == widths["Beside it."] > 13_900
    assert widths["In smaller type."] == widths["Long words."] < 9_100
    styles = {style.get(f"{W}val") for style in tables["In smaller type."].iter(f"{W}pStyle")}
    assert styles == {"TableHeadingFigureSmall", "TableFigureKeptSmall"}
    divided = [
        row.find(f"{W}trPr/{W}cantSplit").get(f"{W}val") == "0"
        for row in tables["A cell longer than a page."].iter(f"{W}tr")
    ]
    assert divided == [False, False, True, False]
    words = [paragraph_text(paragraph) for paragraph in tables["Long words."].iter(f"{W}p")]
    assert FILE in words


@pytest.mark.chromium
def test_the_printed_page_turns_too(documents, browser, tmp_path):
    page = browser.new_page()
    page.goto((documents / "report.html").as_uri())
    page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True)
    page.close()
    with pdfplumber.open(tmp_path / "printed.pdf") as pdf:
        texts = [re.sub(r"\s+", " ", one.extract_text()) for one in pdf.pages]
        sizes = [size(one) for one in pdf.pages]
        right = [max((word["x1"] for word in one.extract_words()), default=0) for one in pdf.pages]
    (across,) = [at for at, text in enumerate(texts) if "Wide." in text]
    assert "Beside it." in texts[across]
    assert sizes[across][0] > sizes[across][1]
    assert sizes[across - 1] == sizes[across + 1]
    assert sizes[across + 1][0] < sizes[across + 1][1]
    assert all(edge <= width - 20 for edge, (width, _) in zip(right, sizes, strict=True))
    assert "LASTWORDS" in " ".join(texts)
    assert all(len(text) > 20 for text in texts)
