"""Mistakes across files, told by the file that the analyst edits; single ones are examples of docs/authoring.md."""

import pytest

from scrutiny.checks import Known, check_narrative

KNOWN = Known(
    values={"crime.all.year.count", "crime.all.year.change"},
    notebooks={"notebooks/a.ipynb": ("tbl-a",), "notebooks/b.ipynb": ("fig-b",)},
    metadata={"lang"},
)
EDITED = {"sections/01-a.qmd": "sections/Q/01-a.qmd", "sections/02-b.qmd": "sections/Q/02-b.qmd"}
MAIN = "{{< include sections/01-a.qmd >}}\n\n{{< include sections/02-b.qmd >}}\n"


def problems(one: str, other: str = "", main: str = MAIN) -> list[str]:
    texts = {"report.qmd": main, "sections/01-a.qmd": one, "sections/02-b.qmd": other}
    return [str(problem).replace("\n    ", " -> ") for problem in check_narrative(texts, KNOWN, EDITED)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "\n{{< var crime.all.yaer.count >}}", 'sections/Q/02-b.qmd:2: nothing publishes the value crime.all.yaer.count -> did you mean "crime.all.year.count"'),
        ("{{< var crime.all >}}", "", "sections/Q/01-a.qmd:1: nothing publishes the value crime.all -> below it there are crime.all.year.change, crime.all.year.count"),
        ("{{< var a b >}}", "", "var takes 1 name, not 2"),
        ("{{< embed notebooks/c.ipynb#tbl-a >}}", "", "there is no notebook notebooks/c.ipynb -> did you mean"),
        ("{{< embed notebooks/a.ipynb#tbl-a >}}", "{{< embed notebooks/a.ipynb#tbl-a >}}", "sections/Q/02-b.qmd:1: tbl-a is already defined in sections/Q/01-a.qmd:1"),
        ("# A {#sec-x}", "# B {#sec-x}", "sections/Q/02-b.qmd:1: sec-x is already defined in sections/Q/01-a.qmd:1"),
        ("# A", "### B", "sections/Q/02-b.qmd:1: a heading of level 3 follows one of level 1 -> begin it with ##"),
        ("{{< include sections/02-b.qmd >}}", "", "sections/02-b.qmd is included twice"),
        ("{{< include ../x.qmd >}}", "", "the include ../x.qmd leads out of the report"),
        ("{{< include sections/01-a.qmd >}}", "", "sections/01-a.qmd includes itself"),
        ("{{< meta lnag >}}", "", 'the metadata have no lnag -> did you mean "lang"?'),
        ("a {{< var crime.all.year.count", "", "sections/Q/01-a.qmd:1: a {{< is not closed"),
        (":::", "", "::: closes a block that was not opened"),
    ],
)  # fmt: skip
def test_mistake_is_told_with_file_line_and_what_to_write(one, other, expected):
    assert any(expected in problem for problem in problems(one, other)), problems(one, other)


def test_references_reach_across_files_and_into_notebooks():
    assert (
        problems(
            "# A {#sec-a}\n\nSee @fig-b and @sec-b.",
            "# B {#sec-b}\n\n{{< embed notebooks/b.ipynb#fig-b >}}\n\n@sec-a",
        )
        == []
    )


def test_all_mistakes_are_told_at_once_in_the_order_of_files_and_lines():
    told = problems("{{< var x.y >}}\n\n@fig-x\n\n<br>", "{{< video >}}")
    assert [problem.split(": ")[0] for problem in told] == [
        "sections/Q/01-a.qmd:1", "sections/Q/01-a.qmd:3", "sections/Q/01-a.qmd:5", "sections/Q/02-b.qmd:1",
    ]  # fmt: skip
