"""What changed, shown on a terminal, in lines, as JSON and on a page."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import pytest
from axe_playwright_python.sync_playwright import Axe
from rich.console import Console

from scrutiny.review.diff import render
from scrutiny.review.diff.changes import ReportDiff, compare_reports
from scrutiny.review.diff.contents import Contents, ShownTable, ValueText, WrittenSection
from scrutiny.text import as_json

HOSTILE = '<script>alert("1")</script> [red]b[/red] & \x1b[31mc\x07\x7f\x9b'


def contents(name="a", quarter="2020-21-Q1", *, values=(), shown=None, sections=(), facts=None) -> Contents:
    said = {key: one if isinstance(one, ValueText) else ValueText(one) for key, one in dict(values).items()}
    return Contents(name, quarter, facts or {}, said, shown or {}, tuple(sections))


def test_how_they_were_made_is_told_first():
    commit = "6332aa2bba7f335c828d9af96cd4bcac936f45ba"
    before = contents("x", facts={"commit": commit, "pandas": "3.0", "engine": "pandoc 3.9"})
    after = contents("y", "2020-21-Q2", facts={"commit": f"{commit} with changes", "pandas": "3.0"})
    assert render.summary(compare_reports(before, after)) == [
        "A: x (2020-21-Q1)  B: y (2020-21-Q2)",
        "Made otherwise: quarter 2020-21-Q1 → 2020-21-Q2; commit 6332aa2bba → 6332aa2bba with changes",
        render.SAME,
    ]


def hostile() -> ReportDiff:
    section = WrittenSection("sections/01-a.qmd", HOSTILE, (f"{HOSTILE} was here.",))
    other = WrittenSection("sections/01-a.qmd", HOSTILE, (f"{HOSTILE} is here.",))
    grid = (("Head", HOSTILE), (HOSTILE, "1"))
    return compare_reports(
        contents(HOSTILE, values={HOSTILE: HOSTILE}, shown={"tbl-x": ShownTable("", grid)}, sections=[section]),
        contents("b", shown={"tbl-x": ShownTable(HOSTILE, (grid[0], (HOSTILE, "2")))}, sections=[other]),
    )


def test_hostile_text_arrives_in_a_terminal_as_typed():
    console = Console(width=200, record=True, file=io.StringIO())
    for table in render.as_tables(hostile()):
        console.print(table)
    text = console.export_text() + "\n".join(render.summary(hostile()))
    assert '<script>alert("1")</script> [red]b[/red] & ␛[31mc␇␡' in text
    assert not any(sign in text for sign in "\x1b\x07\x7f\x9b")


def test_hostile_text_arrives_in_lines_and_json():
    lines = list(render.as_lines(hostile()))
    assert {line.count("\t") for line in lines} == {8}
    assert not any(sign in "".join(lines) for sign in "\x1b\x07\x7f\x9b\n")
    found = json.loads(as_json(render.as_record(hostile())))
    assert found["a"]["name"] == HOSTILE
    assert [one["a"] for one in found["changes"] if one["kind"] == "value"] == [HOSTILE]


def test_hostile_text_arrives_in_the_page_as_typed():
    page = render.as_page(hostile())
    assert "<script" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "[red]b[/red] &amp; ␛[31mc␇␡" in page


@pytest.mark.chromium
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (320, "dark")])
def test_the_page_is_accessible_and_fits(browser, tmp_path, width, scheme):
    (tmp_path / "page.html").write_text(render.as_page(hostile()), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_json_is_exact():
    before = contents(values={"a.b.c.d": ValueText("1,000", Fraction(3000, 3)), "a.b.c.e": "x"})
    found = json.loads(
        as_json(
            render.as_record(
                compare_reports(before, contents(values={"a.b.c.d": ValueText("667", Fraction(2000, 3))}))
            )
        )
    )
    assert found["facts"] == []
    assert found["changes"][0] == {
        "state": "changed", "kind": "value", "section": "", "name": "a.b.c.d", "where": "", "a": "1,000", "b": "667",
        "numbers": ["1000", "2000/3"], "difference": "-1000/3", "percent": "-100/3", "unit": "",
    }  # fmt: skip
    assert found["changes"][1]["state"] == "only in A"
