"""The examples of docs/reference/authoring.md are accepted or refused as they say."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest

from scrutiny.errors import WrongInput
from scrutiny.narrative.check import Known, check_narrative
from scrutiny.narrative.conditions import resolved
from scrutiny.narrative.sections import FrontMatter, Narrative, Section
from scrutiny.narrative.syntax import wrap_values

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "authoring.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(
    r'^```markdown title="(Accepted|Refused: (?P<why>[^"\n]*))"\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL
)
EXAMPLES = [(example["text"], example["why"]) for example in EXAMPLE.finditer(PAGE)]

KNOWN = Known(
    values={"crime.all.year.count", "crime.all.year.movement", "period.year.end"},
    notebooks={"notebooks/recorded_crime.ipynb": ("tbl-recorded-crime", "fig-all-crime")},
    metadata={"lang"},
    files={"sections/square.png"},
)


def check(text: str) -> list[str]:
    section = Section(PurePosixPath("sections/01-a.qmd"), FrontMatter(), text)
    values = dict.fromkeys(KNOWN.values, "7")
    labels = [label for labels in KNOWN.notebooks.values() for label in labels]
    try:
        (section,) = resolved(Narrative((), (section,), ()), values, (), labels).sections
    except WrongInput as error:
        return list(map(str, error.problems))
    texts = {
        "report.qmd": "{{< include sections/01-a.qmd >}}\n",
        "sections/01-a.qmd": wrap_values(section.current),
        "sections/_part.qmd": "A part.\n",
    }
    return [str(problem) for problem in check_narrative(texts, KNOWN)]


@pytest.mark.parametrize(("text", "why"), EXAMPLES, ids=[why or text[:40] for text, why in EXAMPLES])
def test_example(text, why):
    problems = check(text)
    if why is None:
        assert problems == []
    else:
        assert any(why in problem for problem in problems), problems
        assert all(problem.startswith("sections/01-a.qmd:") for problem in problems)
        assert all("\n    " in problem for problem in problems), "each says what to write instead"


def test_the_page_has_both_kinds():
    assert sum(why is None for _, why in EXAMPLES) >= 8
    assert sum(why is not None for _, why in EXAMPLES) >= 20
