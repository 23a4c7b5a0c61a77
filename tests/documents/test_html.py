"""The HTML page in a browser: for everyone, at any width, light and dark, without a script or a request."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pymupdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from fixtures.all_syntax import fixture_workspace, render
from fixtures.projects import QUARTERS, ROOT
from lxml import html
from playwright.sync_api import Browser, Page, expect
from readback.colour import contrast

WIDTHS = (320, 768, 1280)
ORIGINS = (ROOT / "assets" / "html" / "origins.js").read_text(encoding="utf-8").strip()
SCHEMES = ("light", "dark")
HOSTILE = 'Year,Text,Figure\n2019,<script>alert(1)</script>,-1234567.5\n2020,\'=1+1,12\n2021,"{{< meta lang >}} **b**",\n'
CODES = """Offence,Month,Months,Quarter,Financial year,Count,Rate
Knife crime,2017-07,2018-07 to 2019-06,2018-19-Q4,2018,1201,[x]
Rape,2019-12,2019-06,2019-20-Q1,2019,1127,-0.5
"""

# Off unless asked for: targets of 24 pixels at least (WCAG 2.2), and the rules that are experimental.
RULES = {
    name: {"enabled": True}
    for name in (
        "target-size",
        "css-orientation-lock",
        "focus-order-semantics",
        "label-content-name-mismatch",
        "p-as-heading",
        "table-fake-caption",
        "td-has-header",
    )
}

# That experimental rule wants what scrolls to be a landmark; so many would be no landmarks.
BOX = re.compile(r'<div class="(scroller|picture-box)[^>]* role="group"')

# Where axe cannot tell the contrast: cells that a scrolling table hides or shades at its edge, and a single character.
# Their colours are those of the stylesheet, computed below.
UNTOLD = ("bgGradient", "bgOverlap", "elmPartiallyObscured", "shortTextContent")


@pytest.fixture(scope="module")
def report(built) -> Path:
    return built[QUARTERS[0]] / "_output" / "report.html"


@pytest.fixture(scope="module")
def syntax(all_syntax) -> Path:
    return all_syntax / "report.html"


@pytest.fixture(scope="module")
def report_by_quarto(built_by_quarto) -> Path:
    return built_by_quarto / "report.html"


@pytest.fixture(scope="module")
def syntax_by_quarto(all_syntax_by_quarto) -> Path:
    return all_syntax_by_quarto / "report.html"


@pytest.fixture(
    scope="module",
    params=[
        "report",
        "syntax",
        pytest.param("report_by_quarto", marks=pytest.mark.quarto),
        pytest.param("syntax_by_quarto", marks=pytest.mark.quarto),
    ],
)
def document(request) -> Path:
    """Give one page after the other: both reports, of both engines."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """Give a page made alone, a figure of which has data that would do harm, and another all kinds of codes."""
    workspace = fixture_workspace(tmp_path_factory.mktemp("hostile") / "2020-21-Q1")
    (workspace / "downloads" / "fig-embedded.csv").write_text(HOSTILE, encoding="utf-8")
    (workspace / "downloads" / "fig-own.csv").write_text(CODES, encoding="utf-8")
    return render(workspace, "pandoc", "html") / "report.html"


@contextmanager
def opened(
    browser: Browser, document: Path, width: int = 1280, scheme: str = "light", **options
) -> Iterator[Page]:
    with browser.new_page(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **options
    ) as page:
        page.goto(document.as_uri())
        yield page


@cache
def tree_of(document: Path) -> html.HtmlElement:
    return html.fromstring(document.read_text(encoding="utf-8"))


# What takes time is how many cells there are, and all rows of a table are alike.
SHORTEN = """() => {
    [...document.querySelectorAll('.origins .scroller')].slice(2).forEach(box => box.remove())
    document.querySelectorAll('tbody').forEach(body => [...body.rows].slice(6).forEach(row => row.remove()))
}"""


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_for_everyone_and_asks_for_nothing(browser, document, width, scheme):
    said, asked = [], []
    with browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme) as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(document.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach((details, at) => { details.open = at < 2 })")
        if (width, scheme) != (1280, "light"):
            page.evaluate(SHORTEN)
        # They are seen under the pointer, and where there is none.
        page.add_style_tag(content=".heading-link { opacity: 1 !important }")
        found = Axe().run(page, options={"rules": RULES, "resultTypes": ["violations", "incomplete"]}).response
        page_width = page.evaluate("document.documentElement.scrollWidth")
    assert [
        (rule["id"], node["html"])
        for rule in found["violations"]
        for node in rule["nodes"]
        if not (rule["id"] == "focus-order-semantics" and BOX.match(node["html"]))
    ] == []
    assert [
        (rule["id"], node["html"])
        for rule in found["incomplete"]
        for node in rule["nodes"]
        if not (rule["id"] == "color-contrast" and node["any"][0]["data"]["messageKey"] in UNTOLD)
        # A heading across all columns keeps it from seeing the cells of the last one.
        and not (rule["id"] == "th-has-data-cells" and node["html"].startswith('<table class="index'))
    ] == []
    assert {"target-size", "color-contrast", "scrollable-region-focusable", "region"} <= {
        rule["id"] for rule in found["passes"] + found["inapplicable"]
    }
    assert page_width == width
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [document.as_uri()]


@pytest.mark.chromium
def test_page_works_without_scripts(browser, document):
    # But for what shows the origin of a number (test_origins_html.py), which is a link without it.
    assert all(
        script.get("id") == "origins" or script.text.strip() == ORIGINS
        for script in tree_of(document).iter("script")
    )
    with opened(browser, document, java_script_enabled=False) as page:
        for details in page.locator("figure details").all():
            details.locator("summary").click()
            expect(details.locator("table")).to_be_visible()
        expect(page.get_by_role("navigation", name="Contents").get_by_role("link").first).to_be_visible()
    with opened(browser, document, width=320, java_script_enabled=False) as page:
        contents = page.get_by_role("navigation", name="Contents")
        expect(contents.get_by_role("link").first).not_to_be_visible()
        contents.locator("summary").click()
        expect(contents.get_by_role("link").first).to_be_visible()


FOCUSED = """() => {
    const element = document.activeElement, style = getComputedStyle(element), box = element.getBoundingClientRect()
    return {
        name: element.outerHTML.slice(0, 120),
        outlined: style.outlineStyle != 'none' && parseFloat(style.outlineWidth) >= 2,
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
}"""
# Entries of the sidebar come into view with the one above them.
FOCUSABLE = """[...document.querySelectorAll('a[href], summary, [tabindex="0"]')]
    .filter(element => (element.closest('.sidebar') ?? element).checkVisibility()).length"""


@pytest.mark.chromium
@pytest.mark.parametrize("width", [320, 1280])
def test_keyboard_reaches_everything_and_shows_where_it_is(browser, document, width):
    with opened(browser, document, width) as page:
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the report")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
    with opened(browser, document, width) as page:
        if width == 320:
            page.evaluate(SHORTEN)
        stops = []
        for _ in range(page.evaluate(FOCUSABLE)):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(FOCUSED))
    assert [stop for stop in stops if not (stop["outlined"] and stop["seen"])] == []
    assert "Back to the top" in stops[-1]["name"]


@pytest.mark.chromium
def test_contents_stay_in_view_or_come_first(browser, document):
    with opened(browser, document, 1280) as page:
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
        expect(page.locator(".sidebar h2")).to_be_in_viewport()
        expect(page.locator("nav:visible, .to-contents:visible")).to_have_count(1)
        current = page.locator(".sidebar a:target-current")
        expect(current).to_be_in_viewport(ratio=1)
    with opened(browser, document, 320) as page:
        expect(page.locator(".sidebar")).not_to_be_visible()
        contents = page.locator("nav.contents summary")
        masthead = page.locator(".masthead").bounding_box()
        assert 0 <= contents.bounding_box()["y"] - masthead["height"] < 24
        page.get_by_role("contentinfo").get_by_role("link", name="Contents").click()
        expect(contents).to_be_in_viewport()
        expect(contents).to_be_focused()


def test_contents_are_the_same_at_the_side_and_on_a_narrow_screen(report):
    tree = tree_of(report)
    aside, within = (
        [
            (link.get("href"), " ".join(link.text_content().split()))
            for link in tree.xpath(f"//nav[@class='{where}']//a")
        ]
        for where in ("sidebar", "contents")
    )
    assert within
    assert aside == within
    targets = {element.get("id") for element in tree.iter() if element.get("id")}
    assert {href.removeprefix("#") for href, _ in within} <= targets


@pytest.mark.chromium
def test_heads_of_tables_stay_where_the_table_scrolls(browser, report):
    with opened(browser, report, 1280) as page:
        rows = page.locator("#tbl-workforce tbody tr")
        rows.nth(30).evaluate("row => row.scrollIntoView({ block: 'center' })")
        assert page.locator("#tbl-workforce thead th").first.bounding_box()["y"] == 0
    with opened(browser, report, 320) as page:
        box = page.locator("#tbl-recorded-crime .scroller")
        box.focus()
        before = page.locator("#tbl-recorded-crime td").first.bounding_box()["x"]
        box.evaluate("box => box.scrollTo(200, 0)")
        assert page.locator("#tbl-recorded-crime td").first.bounding_box()["x"] < before - 100
        assert page.locator("#tbl-recorded-crime tbody th").first.bounding_box()["x"] == box.bounding_box()["x"]


# As wide as lettering gets where the reader has none of the typefaces that the stylesheet names.
WIDE = "body { letter-spacing: 0.06em !important }"
TOO_WIDE = """[...document.querySelectorAll('main table')].filter(table =>
    getComputedStyle(table.parentElement).display == 'contents' &&
    table.getBoundingClientRect().right > table.closest('main').getBoundingClientRect().right + 1
).map(table => table.textContent.trim().slice(0, 40))"""
HIDDEN_ROWS = """[...document.querySelectorAll('.scroller, .picture-box')]
    .filter(box => box.scrollHeight > box.clientHeight + 1).length"""


@pytest.mark.chromium
@pytest.mark.parametrize("width", [320, 704, 1024])
def test_tables_have_the_room_they_are_given(browser, document, width):
    with opened(browser, document, width) as page:
        page.add_style_tag(content=WIDE)
        page.evaluate("document.querySelectorAll('figure details').forEach(details => { details.open = true })")
        assert page.evaluate(TOO_WIDE) == []
        assert page.evaluate(HIDDEN_ROWS) == 0


@pytest.mark.chromium
def test_page_has_room_for_text_of_twice_the_size(browser, document):
    large = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    widths = []
    for one in (browser, large):
        with opened(one, document, 320) as page:
            assert page.evaluate("document.documentElement.scrollWidth") == 320
            widths.append(page.locator(".picture-box img").last.bounding_box()["width"])
    large.close()
    assert widths[1] == 2 * widths[0]


@pytest.mark.chromium
def test_print_is_black_on_white_and_holds_the_report_alone(browser, document):
    with opened(browser, document, scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        for hidden in ("nav", ".skip-link", ".heading-link", ".footnote-back", ".data", "footer"):
            assert page.locator(f"{hidden}:visible").count() == 0, hidden
        shown = page.locator("main p").first.evaluate(
            "element => [getComputedStyle(element).color, getComputedStyle(document.body).backgroundColor]"
        )
        assert shown == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"]
        boxes = page.locator("main .scroller, main .picture-box")
        assert {box.evaluate("box => getComputedStyle(box).display") for box in boxes.all()} == {"contents"}
        with pymupdf.open(stream=page.pdf(prefer_css_page_size=True)) as pdf:
            sheets = [sheet.get_text(sort=True) for sheet in pdf]
    for number, sheet in enumerate(sheets, 1):
        *text, foot = sheet.splitlines()
        assert text, f"sheet {number} is empty"
        assert foot.strip() == f"Page {number} of {len(sheets)}"


def test_headings_can_be_linked_to(document):
    headings = tree_of(document).xpath("//main//*[self::h2 or self::h3 or self::h4 or self::h5]")
    assert headings
    for heading in headings:
        link = heading.getnext()
        text = "".join(heading.xpath(".//text()[not(ancestor::*[@class='header-section-number'])]"))
        assert link.get("href") == f"#{heading.get('id')}"
        assert link.get("aria-label").split() == f"Link to this section: {text}".split()


def test_tables_have_short_names_and_heads(document):
    tree = tree_of(document)
    tables = tree.xpath("//main//table")
    assert tables
    names = []
    for table in tables:
        box = table.getparent()
        assert box.get("tabindex") == "0" and box.get("role") == "group"
        named = (table.get("aria-labelledby") or "").split()
        names.append(
            "".join(tree.get_element_by_id(one).text_content() for one in named).strip() or table.get("aria-label")
        )
        name, _, scrolls = box.get("aria-label").partition(",")
        assert scrolls == " scrolls sideways"
        assert names[-1].startswith(name)
        caption = table.xpath("ancestor::figure/figcaption")
        if named and caption[0].xpath("./span[@class='headline']"):
            assert names[-1] == "".join(part.text_content() for part in caption[0].xpath("./span[@id]"))
        short = "short" in (table.xpath("string(ancestor::figure/@class)")).split()
        if named:
            assert short == (len(table.xpath("./tbody/tr")) <= 15)
        assert {head.get("scope") for head in table.xpath("./thead//th")} == {"col"}
        assert {head.get("scope") for head in table.xpath("./tbody/tr[count(*) > 1]/*[1]")} <= {"row"}
        assert {head.get("scope") for head in table.xpath("./tbody/tr[count(*) = 1]/*")} <= {"rowgroup", "row"}


def test_totals_and_parts_are_marked(document):
    table = tree_of(document).xpath("//figure[@id='tbl-workforce' or @id='tbl-levels']//table")[0]
    for row in table.xpath("./tbody/tr"):
        bold = row.xpath("./th/strong")
        assert ("total" in (row.get("class") or "").split()) == bool(bold)
        assert not (bold and row.xpath(".//*[@class='part']"))
    assert table.xpath(".//tr[contains(@class, 'total')]") and table.xpath(".//th/span[@class='part']")


def test_downloads_are_the_files(document):
    folder = document.parent.parent / "downloads"
    links = {link.get("download"): link.get("href") for link in tree_of(document).xpath("//a[@download]")}
    start = "data:text/csv;charset=utf-8,"
    assert all(href.startswith(start) for href in links.values())
    got = {name: unquote(href.removeprefix(start)) for name, href in links.items()}
    # The byte order mark is for Excel on Windows, and for the link alone.
    assert got == {path.name: "\ufeff" + path.read_bytes().decode() for path in folder.glob("*.csv")}


def test_data_of_figures_are_shown_as_the_report_writes_numbers(document):
    folder = document.parent.parent / "downloads"
    figures = tree_of(document).xpath("//figure[.//details]")
    assert {figure.get("id") for figure in figures} == {path.stem for path in folder.glob("fig-*.csv")}
    for figure in figures:
        with (folder / f"{figure.get('id')}.csv").open(encoding="utf-8", newline="") as file:
            held = list(csv.reader(file))
        shown = [
            [cell.text_content().strip() for cell in row.xpath("./th | ./td")] for row in figure.xpath(".//tr")
        ]
        assert len(shown) == len(held)
        for read, cells in zip(shown, held, strict=True):
            for text, cell in zip(read, cells, strict=True):
                if re.match(r"\d{4}-\d\d", cell):
                    assert re.fullmatch(
                        r"[A-Z][a-z]+( to [A-Z][a-z]+|\xa0\d{4} to [A-Z][a-z]+)?\xa0\d{4}", text
                    ), cell
                elif text != cell:
                    assert re.fullmatch(r"−?[1-9]\d{0,2}(,\d{3})*(\.\d+)?", text), (text, cell)
                    number = float(text.replace(",", "").replace("−", "-"))
                    assert number == pytest.approx(float(cell), abs=0.05)


def test_data_stay_text(hostile):
    (figure,) = tree_of(hostile).xpath("//figure[@id='fig-embedded']")
    rows = [[cell.text_content() for cell in row.xpath("./th | ./td")] for row in figure.xpath(".//tbody/tr")]
    assert rows == [
        ["2019", "<script>alert(1)</script>", "−1,234,567.5"],
        ["2020", "=1+1", "12"],
        ["2021", "{{< meta lang >}} **b**", ""],
    ]
    assert not figure.xpath(".//script | .//strong[text() = 'b']")


def test_codes_are_shown_as_words_and_counts_as_figures(hostile):
    (figure,) = tree_of(hostile).xpath("//figure[@id='fig-own']")
    rows = [[cell.text_content() for cell in row.xpath("./th | ./td")] for row in figure.xpath(".//tbody/tr")]
    assert rows == [
        [
            "Knife crime",
            "July\xa02017",
            "July\xa02018 to June\xa02019",
            "January to March\xa02019",
            "2018",
            "1,201",
            "[x]",
        ],
        ["Rape", "December\xa02019", "June\xa02019", "April to June\xa02019", "2019", "1,127", "−0.5"],
    ]
    aligned = [cell.get("style") for cell in figure.xpath(".//tbody/tr[1]/*")]
    assert aligned == ["text-align: left;"] * 5 + ["text-align: right;"] * 2


@pytest.mark.parametrize(
    ("page", "named"),
    [("report", ["report.pdf", "report.docx"]), ("syntax", ["report.pdf", "report.docx"]), ("hostile", [])],
)
def test_page_names_the_documents_made_with_it(request, page, named):
    made = request.getfixturevalue(page)
    links = tree_of(made).xpath("//header//a/@href")
    assert links == named
    assert all((made.parent / name).is_file() for name in links)


@pytest.mark.quarto
@pytest.mark.parametrize("page", ["report", "syntax"])
def test_engines_make_the_same_page(request, page):
    def shape(document: Path) -> list[tuple[str, ...]]:
        kept = ("id", "href", "role", "tabindex", "scope", "aria-label", "aria-labelledby", "download")
        return [
            (element.tag, *(element.get(name, "") for name in kept))
            for element in tree_of(document).xpath("//main//*[not(self::div and not(@role))]")
            if element.tag != "span"
        ]

    by_quarto = request.getfixturevalue(f"{page}_by_quarto")
    assert shape(request.getfixturevalue(page)) == shape(by_quarto)
    assert str(by_quarto.parent.parent) not in by_quarto.read_text(encoding="utf-8")


TEXT = ("ink", "soft", "heading", "link", "note", "tip", "important", "warning")
PAIRS = [
    *((text, ground, 4.5) for text in TEXT for ground in ("ground", "surface")),
    *((text, "masthead", 4.5) for text in ("masthead-ink", "masthead-soft")),
    *((edge, ground, 3) for edge in ("focus", "edge") for ground in ("ground", "surface")),
    ("masthead-focus", "masthead", 3),
]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_colours_of_the_stylesheet_contrast(scheme):
    blocks = re.findall(
        r":root \{(.*?)\}", (ROOT / "assets" / "report.css").read_text(encoding="utf-8"), re.DOTALL
    )
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block)) for block in blocks[:2])
    assert light.keys() == dark.keys() == {name for pair in PAIRS for name in pair[:2]} | {"line"}
    colours = {"light": light, "dark": dark}[scheme]
    poor = {(one, other): contrast(colours[one], colours[other]) for one, other, least in PAIRS
            if contrast(colours[one], colours[other]) < least}  # fmt: skip
    assert poor == {}
