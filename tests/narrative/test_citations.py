"""What the narrative quotes and shows, and the titles of its sections."""

import pytest
from fixtures.narratives import CRIME, narrative

from scrutiny.narrative.citations import citations, includes, title_of

FILE = "sections/_origins.qmd"


def test_citations_are_found_in_the_order_of_reading_with_file_and_line():
    assert [(found.name, found.section, str(found.place)) for found in citations(CRIME)] == [
        ("period.year.end", "crime.qmd", "sections/2020-21-Q1/crime.qmd:1"),
        ("crime.all.year.count", "crime.qmd", "sections/2020-21-Q1/crime.qmd:3"),
        ("crime.all.year.change", "crime.qmd", "sections/2020-21-Q1/crime.qmd:3"),
        ("crime.all.year.count", "crime.qmd", "sections/2020-21-Q1/crime.qmd:4"),
        ("tbl-crime", "crime.qmd", "sections/2020-21-Q1/_part.qmd:1"),
        ("crime.all.year.count", "last.qmd", "sections/2020-21-Q1/last.qmd:3"),
    ]
    assert "tbl-crime" not in [found.name for found in citations(CRIME, {"notebooks/crime.ipynb#tbl-crime"})]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Crime\n", "Crime"),
        ("\n\n# Crime, {{< var a.b.c.d >}} {#sec-crime .unnumbered}\n", "Crime, {{< var a.b.c.d >}}"),
        ("```\n# no\n```\n\n# `yes`\n", "`yes`"),
        ("## Below\n", "one"),
        ("Text.\n", "one"),
    ],
)
def test_titles_are_those_of_the_sections(text, title):
    assert title_of(narrative(one=text), "one.qmd") == title


def test_includes_are_seen():
    assert includes(CRIME, FILE)
    assert not includes(narrative(one="`{{< include sections/_origins.qmd >}}`"), FILE)
