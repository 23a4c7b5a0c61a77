"""Mistakes in the assembled report are told by the lines that the analyst edits."""

from pathlib import PurePosixPath

import pytest

from scrutiny.errors import WrongInput
from scrutiny.narrative.carried_over import Earlier, own_texts
from scrutiny.narrative.section import FrontMatter, Section
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import wrap_values
from scrutiny.statistics.periods import Quarter
from scrutiny.workspace.check import check_report

MAIN = "---\ntitle: T\n---\n\n{{< include sections/_quarter.qmd >}}\n"
TEXT = "# A {#sec-a}\n\nCrime: {{< var x.y >}}\n\n## B {#sec-a}\n"


def test_lines_below_a_callout_are_those_of_the_edited_file(tmp_path):
    written = {sentence: Quarter.parse("2019-20-Q4") for text in own_texts(TEXT) for sentence in text.sentences}
    place = PurePosixPath("sections/2020-21-Q1/01-a.qmd")
    section = Section(place, FrontMatter(), TEXT, earlier=Earlier(written))
    (tmp_path / "sections").mkdir()
    for name, text in {
        "_quarto.yml": "lang: en-GB\n",
        "report.qmd": MAIN,
        "sections/_quarter.qmd": "{{< include sections/01-a.qmd >}}\n\n{{< include sections/none.qmd >}}\n",
        "sections/01-a.qmd": wrap_values(section.generated),
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert ".callout-warning" in section.generated
    with pytest.raises(WrongInput) as caught:
        check_report(tmp_path, Narrative(("01-a.qmd",), (section,), ()), {"a.b.c.d": "漢"}, {})
    assert [str(problem).partition("\n")[0] for problem in caught.value.problems] == [
        "sections/2020-21-Q1/01-a.qmd:3: nothing publishes the value x.y",
        "sections/2020-21-Q1/01-a.qmd:5: sec-a is already defined in sections/2020-21-Q1/01-a.qmd:1",
        "sections/_quarter.qmd:3: the included file sections/none.qmd is missing",
        "the typeface of the report has no 漢 (U+6F22, CJK UNIFIED IDEOGRAPH-6F22), which stands in the value a.b.c.d",
    ]
