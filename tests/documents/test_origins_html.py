"""Where the numbers of the HTML page come from: links without a script, a dialog with one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from fixtures.all_syntax import render
from fixtures.projects import QUARTERS, ROOT, copy_project, quiet
from lxml import html
from playwright.sync_api import Browser, Page, expect

from scrutiny.execution.provenance import FILE as ORIGINS_FILE
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance, write_provenance
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.pipeline.build import build
from scrutiny.pipeline.preview.state import Draft
from scrutiny.statistics.datum import ILLUSTRATIVE, LEGEND
from scrutiny.workspace.write import write_sections

MOVEMENT = "crime.all.year.movement"
OTHER = "crime.robbery_personal.year.movement"
SAYS = "fell by 16%, from 159,838 to 134,069"
FIGURE = "fig-all-crime"
SECTION = f"""# Crime: {{{{< var crime.all.year.count >}}}} {{#sec-crime}}

All crime {{{{< var {MOVEMENT} >}}}}, [linked {{{{< var crime.all.year.change >}}}}](#sec-crime), {{{{< var
crime.all.quarter.percent_change >}}}}.

| Offence | Count                            |
|:--------|---------------------------------:|
| All     | {{{{< var crime.all.year.count >}}}} |

: A caption of {{{{< var crime.all.year.change >}}}}. {{#tbl-own}}

{{{{< embed notebooks/recorded_crime.ipynb#{FIGURE} >}}}}

{{{{< embed notebooks/recorded_crime.ipynb#tbl-recorded-crime >}}}}
"""


@pytest.fixture(scope="module")
def report(built) -> Path:
    """Give the workspace of the report."""
    return built[QUARTERS[0]]


def small_project(folder: Path) -> Project:
    """Make a project with one notebook, a section with values everywhere, and the annex."""
    copy_project(folder)
    for path in (folder / "notebooks").glob("*.ipynb"):
        if path.stem != "recorded_crime":
            path.unlink()
    parameters = folder / "params" / f"{QUARTERS[0]}.yml"
    text = parameters.read_text(encoding="utf-8")
    sections = "sections:\n  - 01-crime\n  - 99-origins\n"
    parameters.write_text(text[: text.index("sections:")] + sections, encoding="utf-8")
    for path in (folder / "sections" / QUARTERS[0]).iterdir():
        path.unlink()
    (folder / "sections" / QUARTERS[0] / "01-crime.qmd").write_text(SECTION, encoding="utf-8")
    return Project(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """Give the workspace of a small report."""
    project = small_project(tmp_path_factory.mktemp("origins"))
    build(project, QUARTERS[0], quiet(), engine_name="pandoc", formats=("html",))
    return project.build / QUARTERS[0]


@pytest.fixture(scope="module")
def small_by_quarto(tmp_path_factory) -> Path:
    """Give the same, made by Quarto."""
    project = small_project(tmp_path_factory.mktemp("origins-quarto"))
    build(project, QUARTERS[0], quiet(), engine_name="quarto", formats=("html",))
    return project.build / QUARTERS[0]


@pytest.fixture(scope="module", params=["small", pytest.param("small_by_quarto", marks=pytest.mark.quarto)])
def either(request) -> Path:
    """Give the small report of each engine."""
    return request.getfixturevalue(request.param)


def page_of(workspace: Path) -> Path:
    return workspace / "_output" / "report.html"


def tree_of(workspace: Path) -> html.HtmlElement:
    return html.fromstring(page_of(workspace).read_text(encoding="utf-8"))


@contextmanager
def opened(browser: Browser, workspace: Path, width: int = 1280, **options) -> Iterator[Page]:
    with browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(page_of(workspace).as_uri())
        yield page
        assert said == []


# What the page holds.


def test_the_data_of_the_page_are_those_of_origins_json_and_the_notebooks(report):
    held = json.loads(tree_of(report).get_element_by_id("origins").text)
    known = json.loads((report / ORIGINS_FILE).read_text(encoding="utf-8"))
    narrative = "".join(path.read_text(encoding="utf-8") for path in (report / "sections").glob("[0-9]*.qmd"))
    assert set(held["values"]) == set(re.findall(r'data-name="([^"]+)"', narrative))
    for kind in ("values", "shown"):
        assert held[kind] == {name: known[kind][name] for name in held[kind]}
    assert len(held["shown"]) > 20
    for notebook, cells in held["cells"].items():
        stored = json.loads((report / notebook).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in stored if cell["cell_type"] == "code"]
        assert all(code in sources for code in cells.values())


def test_the_script_is_ours_and_nothing_else_is_run(either):
    scripts = tree_of(either).xpath("//script")
    assert [script.get("type") for script in scripts] == ["application/json", None]
    own = (ROOT / "assets" / "html" / "origins.js").read_text(encoding="utf-8")
    assert scripts[1].text.strip() == own.strip()
    assert not scripts[1].get("src")
    assert tree_of(either).xpath("//@*[starts-with(name(), 'on')]") == []


def test_a_row_that_heads_others_stands_across_all_columns(either):
    heads = tree_of(either).xpath("//*[contains(@class, 'origins')]//tbody//th[@scope='rowgroup']")
    assert heads
    for head in heads:
        assert int(head.get("colspan")) == len(head.xpath("ancestor::table/thead//th"))
        (row,) = head.xpath("parent::tr")
        assert row.getparent().tag == "tbody"
        assert row.getprevious() is None
        assert row.getnext() is not None


def test_every_link_leads_to_an_entry_that_is_there(report, either):
    for workspace in (report, either):
        tree = tree_of(workspace)
        ids = {element.get("id") for element in tree.iter() if element.get("id")}
        links = tree.xpath("//a[@data-origin]")
        assert links
        for link in links:
            assert link.get("href") == f"#origin-{link.get('data-origin')}"
            assert link.get("href")[1:] in ids
            assert link.get("aria-describedby", "origin-hint") in ids
            assert not link.xpath("ancestor::a | ancestor::figcaption | ancestor::nav | .//a")
            assert not link.xpath("ancestor::*[self::h1 or self::h2 or self::h3 or self::h4]")


def test_numbers_in_running_text_and_cells_are_links_and_those_elsewhere_stay_plain(either):
    tree = tree_of(either)
    wrapped = {
        (span.get("data-name"), bool(span.xpath("./a[@data-origin]"))): span.text_content().replace("\xa0", " ")
        for span in tree.xpath("//main//span[@data-name]")
    }
    assert wrapped[MOVEMENT, True] == SAYS
    assert wrapped["crime.all.year.count", True] == "134,069"  # in a cell
    assert ("crime.all.year.count", False) in wrapped  # in the heading
    assert ("crime.all.year.change", False) in wrapped  # in a link and a caption
    assert ("crime.all.year.change", True) not in wrapped
    rows = {
        figure.get("id"): figure.xpath("string(.//div[@class='data']//p[@class='whence']/a)")
        for figure in tree.xpath("//figure[@id]")
    }
    assert rows == {
        "tbl-own": "",
        FIGURE: "Where this comes from: Figure\xa01",
        "tbl-recorded-crime": "Where this comes from: Table\xa02",
    }


def test_made_up_figures_are_told_by_the_words_of_the_legend(small):
    (dialog,) = tree_of(small).xpath("//dialog")
    assert dialog.get("data-illustrative") == LEGEND[ILLUSTRATIVE]


# In a browser.


def facts(page: Page) -> dict[str, str]:
    terms = page.locator("dialog dt").all_text_contents()
    return dict(zip(terms, page.locator("dialog dd").all_text_contents(), strict=True))


@pytest.mark.chromium
@pytest.mark.parametrize("width", [320, 1280])
def test_a_number_opens_its_origin_and_focus_returns(browser, either, width):
    known = json.loads((either / ORIGINS_FILE).read_text(encoding="utf-8"))
    with opened(browser, either, width) as page:
        link = page.locator(f"main a[data-origin='{MOVEMENT}']")
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name=re.compile("^fell by 16%"))
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="Close")).to_be_focused()
        traced = known["values"][MOVEMENT]
        lines = traced["rows"]["recorded_crime"]
        assert facts(page) == {
            "Name": MOVEMENT,
            "How it is computed": traced["formula"],
            **({"Unrounded": facts(page)["Unrounded"]} if "/" in (traced["number"] or "") else {}),
            "Data": f"recorded_crime, lines {', '.join(map(str, lines))}",
            "Source": "Lancashire Constabulary Recorded Crime dashboard",
            "As at": "30 June 2020",
            "Status": "published",
            "Notebook": f"{traced['notebook']}, {traced['cell']}",
            "Code of the cell": known["cells"][traced["notebook"]][traced["cell"]],
        }
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
        expect(link).to_be_focused()
        assert page.evaluate("location.hash") == ""


@pytest.mark.chromium
def test_a_figure_opens_its_origin_which_says_that_it_is_made_up(browser, small):
    with opened(browser, small) as page:
        link = page.locator(f"#{FIGURE}").get_by_role("link", name="Where this comes from")
        link.click()
        dialog = page.get_by_role("dialog", name=re.compile(r"^Figure\s1: All crime"))
        expect(dialog).to_contain_text(LEGEND[ILLUSTRATIVE])
        expect(dialog.locator("pre")).to_contain_text("show_figure(report")
        dialog.get_by_role("button", name="Close").click()
        expect(link).to_be_focused()
        link.click()
        dialog.get_by_role("link", name="In the list of all numbers").click()
        expect(dialog).not_to_be_visible()
        assert page.evaluate("location.hash") == f"#origin-{FIGURE}"
        expect(page.locator(f"[id='origin-{FIGURE}']")).to_be_in_viewport()


@pytest.mark.chromium
def test_without_a_script_the_link_leads_to_the_entry(browser, either):
    with opened(browser, either, java_script_enabled=False) as page:
        page.locator(f"main a[data-origin='{MOVEMENT}']").click()
        entry = page.locator(f"[id='origin-{MOVEMENT}']")
        expect(entry).to_be_in_viewport()
        expect(page.locator("dialog")).not_to_be_visible()
        row = page.locator("tr", has=entry)
        expect(row).to_contain_text(SAYS)
        expect(row).to_contain_text("134,069 less 159,838")


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_dialog_is_for_everyone(browser, small, width, scheme):
    with opened(browser, small, width, color_scheme=scheme) as page:
        page.locator(f"main a[data-origin='{MOVEMENT}']").click()
        found = Axe().run(page, context="dialog", options={"rules": {"target-size": {"enabled": True}}}).response
        assert [(rule["id"], node["html"]) for rule in found["violations"] for node in rule["nodes"]] == []
        box = page.locator("dialog").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.chromium
def test_a_printed_page_has_neither_lines_nor_links_to_origins(browser, small):
    with opened(browser, small) as page:
        page.emulate_media(media="print")
        link = page.locator(f"main a[data-origin='{MOVEMENT}']")
        style = link.evaluate("link => [getComputedStyle(link).textDecorationLine, getComputedStyle(link).color]")
        assert style == ["none", "rgb(0, 0, 0)"]
        for hidden in (".whence", ".origin-note", "dialog"):
            assert page.locator(f"{hidden}:visible").count() == 0


HOSTILE = (
    '</script><script>document.title = "broken"</script><!-- <img src=x onerror=alert(1)> {{< var a >}} `x` &amp;'
)


@pytest.mark.chromium
def test_hostile_text_stays_text(browser, small, tmp_path):
    """Write the narrative of the small report again, with origins that would do harm."""
    workspace = tmp_path / "2020-21-Q1"
    shutil.copytree(small, workspace, ignore=shutil.ignore_patterns("_output"))
    root = small.parent.parent
    hostile = ProvenanceRecord(
        MOVEMENT, HOSTILE, HOSTILE, rows={"recorded_crime": (2,)}, sources=(HOSTILE,), statuses=("published",),
        notebook="notebooks/recorded_crime.ipynb", cell=HOSTILE, code=HOSTILE,
    )  # fmt: skip
    origins = ReportProvenance({MOVEMENT: hostile}, {})
    write_provenance(workspace, QUARTERS[0], origins)
    parameters = Project(root).parameters(QUARTERS[0])
    narrative = load_narrative(root / "sections", QUARTERS[0], parameters.sections)
    write_sections(
        workspace,
        narrative,
        SimpleNamespace(values={}, absent=(), present=(), provenance=origins, omitted={}, lacking=()),
    )
    render(workspace, "pandoc", "html")
    with opened(browser, workspace) as page:
        title = page.title()
        assert page.locator("script").count() == 2
        assert page.locator("img[src=x]").count() == 0
        expect(page.locator(".origins")).to_contain_text(HOSTILE)
        page.locator(f"main a[data-origin='{MOVEMENT}']").click()
        assert facts(page)["How it is computed"] == HOSTILE
        assert facts(page)["Code of the cell"] == HOSTILE
        assert page.title() == title != "broken"


def test_the_preview_follows_what_is_quoted_and_runs_no_script_of_the_page(tmp_path):
    project = small_project(tmp_path)
    draft = Draft(project, QUARTERS[0], tmp_path / "draft", quiet(), "pandoc")
    before = draft.update(())
    edited = project.sections / QUARTERS[0] / "01-crime.qmd"
    edited.write_text(f"{SECTION}\nMore {{{{< var {OTHER} >}}}}.\n", encoding="utf-8")
    after = draft.update((f"sections/{QUARTERS[0]}/01-crime.qmd",))
    for page, names in ((before, 3), (after, 4)):
        tree = html.fromstring(page.decode())
        assert [script.get("id") for script in tree.iter("script")] == ["origins"]
        assert len(tree.xpath("//a[@class='origin-link']")) == names
    assert OTHER in json.loads(tree.get_element_by_id("origins").text)["values"]
    assert tree.get_element_by_id(f"origin-{OTHER}") is not None
