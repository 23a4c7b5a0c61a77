"""Without a figure, what is tied to it leaves no trace in any document."""

import pytest
from fixtures.all_syntax import fixture_workspace, render
from fixtures.narratives import narrative
from readback import READERS

from scrutiny.narrative.conditions import resolved

TEXT = """
# Crime

First. [Gone one.]{when="b.count"} Last.
[Gone two
over two lines.]{when="b.count"}
End of the paragraph.

[Gone three.]{when="b.count"}

- [gone four]{when="b.count"}
- an item that stays
- [gone five]{when="b.count"}

1. [gone six]{when="b.count"}
    - [gone seven]{when="b.count"}

::: {when="b.count"}
## Gone eight

Gone nine.

| Gone | ten |
|------|-----|
| 1    | 2   |
:::

[Shown one.]{when="a.count"} [Shown two.]{unless="b.count"}

::: {.callout-note when="a.count"}
Shown three.
:::

| A                              | B                                    |
|--------------------------------|--------------------------------------|
| cell [gone]{when="b.count"}    | other cell [stays]{when="a.count"}   |
"""
LINES = (
    "First. Last. End of the paragraph.", "an item that stays", "Shown one. Shown two.", "Shown three.",
    "other cell stays",
)  # fmt: skip


@pytest.fixture(scope="module", params=["pandoc", pytest.param("quarto", marks=pytest.mark.quarto)])
def documents(request, tmp_path_factory):
    workspace = fixture_workspace(tmp_path_factory.mktemp("ties"))
    text = TEXT.replace("[^1]", "")
    (section,) = resolved(
        narrative(one=text), {"a.count": "7", "b.count": "not supplied"}, {"b.count"}, ()
    ).sections
    (workspace / "sections" / "_quarter.qmd").write_text("{{< include sections/one.qmd >}}\n", encoding="utf-8")
    (workspace / "sections" / "one.qmd").write_text(section.current, encoding="utf-8")
    return render(workspace, request.param)


@pytest.mark.parametrize("format_", READERS)
def test_what_is_tied_to_an_absent_figure_is_nowhere(documents, format_):
    document = READERS[format_](documents / f"report.{format_}")
    text = " ".join(document.text.split())
    assert "gone" not in text.casefold()
    assert "absent" not in text
    for line in LINES:
        assert line in text


def test_no_empty_list_or_paragraph_is_left(documents):
    html = (documents / "report.html").read_text(encoding="utf-8")
    assert html.count("an item that stays") == 1
    for empty in ("<li></li>", "<p></p>", "<ul>\n</ul>", "<ol", '<span class="absent"'):
        assert empty not in html.partition("<main")[2].partition("</main>")[0]
