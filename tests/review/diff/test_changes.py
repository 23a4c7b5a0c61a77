"""Two reports compared: what changed, and by how much; from either side the same."""

from __future__ import annotations

import io
import json
from fractions import Fraction

import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from scrutiny.review.diff import telling
from scrutiny.review.diff.amounts import amount, figure_of
from scrutiny.review.diff.cells import compared
from scrutiny.review.diff.changes import Change, Difference, Kind, State, counted, difference
from scrutiny.review.diff.contents import Contents, Said, Section, Shown
from scrutiny.review.diff.page import as_page
from scrutiny.review.diff.words import paired, pieces

NBSP = "\N{NO-BREAK SPACE}"
HOSTILE = '<script>alert("1")</script> [red]b[/red] & \x1b[31mc\x07\x7f\x9b'


def contents(name="a", quarter="2020-21-Q1", *, values=(), shown=None, sections=(), facts=None) -> Contents:
    said = {key: one if isinstance(one, Said) else Said(one) for key, one in dict(values).items()}
    return Contents(name, quarter, facts or {}, said, shown or {}, tuple(sections))


def changed(before: Contents, after: Contents) -> list[Change]:
    return list(difference(before, after).changes)


TABLE = (
    ("Offence", "Before", "Change, %", "Latest"),
    ("Burglary", "120", "-25", "90"),
    ("Robbery", "10", "20", "12"),
)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("134,069", "134,169", "+100 (+0.1%)"),
        ("90", "120", "+30 (+33.3%)"),
        ("120", "90", "−30 (−25.0%)"),
        ("0", "5", "+5"),
        ("−25,769", "−25,669", "+100"),
        ("16%", "17.5%", "+1.5 pp"),
        ("+1.0 pp", "+0.5 pp", "−0.5 pp"),
        (f"10.2{NBSP}min", f"10.1{NBSP}min", "−0.1 min (−1.0%)"),
        ("£27.2m", "£25.6m", "−£1.6m (−5.9%)"),
        ("134,069 [p]", "134,070", "+1 (+0.001%)"),
        ("1/3", "2/3", None),
        ("16%", "16", None),
        ("[x]", "16", None),
        ("fell", "rose", None),
    ],
)
def test_by_how_much_a_figure_changed(before, after, told):
    one, other = figure_of(before), figure_of(after)
    found = amount(one, other) if one and other else None
    assert (None if found is None else str(found)) == told


def test_the_unrounded_numbers_are_compared_where_they_are_known():
    before = contents(values={"a.b.c.d": Said("−16%", Fraction(-1288450, 79919))})
    after = contents(values={"a.b.c.d": Said("−16%", Fraction(-16))})
    (change,) = changed(before, after)
    assert change.amount.difference == Fraction(-16) + Fraction(1288450, 79919)
    assert change.told == ("−16% (−16.121948)", "−16% (−16)")
    assert changed(before, contents(values={"a.b.c.d": "−16%"})) == []


def test_a_value_that_is_renamed_is_on_one_side_each():
    found = changed(contents(values={"a.b.c.old": "1"}), contents(values={"a.b.c.new": "1"}))
    assert [(one.name, one.state) for one in found] == [("a.b.c.new", State.ONLY_B), ("a.b.c.old", State.ONLY_A)]


def test_cells_are_named_by_row_and_column():
    later = (TABLE[0], ("Burglary", "120", "-20", "96"), TABLE[2])
    found = changed(contents(shown={"tbl-x": Shown("", TABLE)}), contents(shown={"tbl-x": Shown("", later)}))
    assert [(one.kind, one.where, str(one.amount)) for one in found] == [
        (Kind.TABLE, "row Burglary, column Change, %", "+5 pp"),
        (Kind.TABLE, "row Burglary, column Latest", f"+6 (+{600 / 90:.1f}%)"),
    ]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ((*TABLE, ("Theft", "1", "0", "1")), [("row Theft", None, "1; 0; 1")]),
        (TABLE[:2], [("row Robbery", "10; 20; 12", None)]),
        ((TABLE[0], TABLE[2], TABLE[1]), [("order of the rows", "Burglary; Robbery", "Robbery; Burglary")]),
        (tuple(row[:3] for row in TABLE), [("column Latest", "90; 12", None)]),
        (
            (("Crime", *TABLE[0][1:]), *TABLE[1:]),
            [("head of a column", "Offence", "Crime")],
        ),
        ((TABLE[0],), [("row Burglary", "120; -25; 90", None), ("row Robbery", "10; 20; 12", None)]),
    ],
)  # fmt: skip
def test_rows_and_columns_that_come_and_go(after, told):
    assert [(where, old, new) for where, _, old, new in compared(TABLE, after)] == told


def test_a_column_of_another_month_is_compared_with_its_like():
    before = (("Offence", "Year to June 2019", "Year to June 2020"), ("Theft", "3", "4"))
    after = (("Offence", "Year to June 2020", "Year to June 2021"), ("Theft", "4", "6"))
    assert [one[0] for one in compared(before, after)] == [
        "head of a column",
        "row Theft, column Year to June 2019 / Year to June 2021",
    ]


def test_rows_are_told_apart_by_as_many_columns_as_it_takes():
    head = ("Measure", "Month", "Figure")
    before = (head, ("a", "May", "1"), ("a", "June", "2"), ("b", "May", "3"))
    after = (head, ("a", "June", "2"), ("b", "May", "4"))
    assert [(where, old, new) for where, _, old, new in compared(before, after)] == [
        ("row a, May", "1", None),
        ("row b, May, column Figure", "3", "4"),
    ]
    twice = (("Month", "Figure"), ("May", "1"), ("May", "2"))
    assert [one[0] for one in compared(twice, (*twice[:2], ("May", "3")))] == ["row May (2), column Figure"]


def test_a_table_that_is_gone_is_told_once_with_its_caption():
    section = Section("sections/01-a.qmd", "A", ("Text.",), frozenset({"tbl-x"}))
    found = difference(
        contents(shown={"tbl-x": Shown("Offences", TABLE)}, sections=[section]),
        contents(sections=[Section("sections/01-a.qmd", "A", ("Text.",))]),
    )
    (part,) = found.parts
    assert (part.title, [(one.name, one.before, one.after) for one in part.changes]) == (
        "A",
        [("tbl-x", "Offences (2 rows)", None)],
    )


def test_narrative_is_compared_by_paragraph_and_word():
    old = ("# Crime", "All crime fell, and faster than before.", "It is over.", "Robbery rose.")
    new = ("# Crime", "A new paragraph stands here.", "All crime fell, and slower than before.", "Robbery rose.")
    assert paired(old, new) == [
        ("# Crime", "# Crime"),
        (None, new[1]),
        (old[1], new[2]),
        (old[2], None),
        (old[3], new[3]),
    ]
    assert [(one.before, one.after) for one in pieces(old[1], new[2])] == [
        ("All crime fell, and", "All crime fell, and"),
        ("faster", "slower"),
        ("than before.", "than before."),
    ]


def test_what_is_quoted_stands_with_its_section_in_the_order_of_the_report():
    def sections(*files):
        return [Section(file, file.upper(), (), frozenset(names)) for file, names in files]

    before = contents(values={"p": "1", "q": "1", "r": "1"}, sections=sections(("z", {"q"}), ("a", {"q", "p"})))
    after = contents(values={"p": "2", "q": "2", "r": "2"}, sections=sections(("z", set()), ("a", {"q", "p"})))
    assert [(part.title, [one.name for one in part.changes]) for part in difference(before, after).parts] == [
        ("Z", ["q"]),
        ("A", ["p"]),
        ("In no section", ["r"]),
    ]


def test_how_they_were_made_is_told_first():
    commit = "6332aa2bba7f335c828d9af96cd4bcac936f45ba"
    before = contents("x", facts={"commit": commit, "pandas": "3.0", "engine": "pandoc 3.9"})
    after = contents("y", "2020-21-Q2", facts={"commit": f"{commit} with changes", "pandas": "3.0"})
    assert telling.summary(difference(before, after)) == [
        "A: x (2020-21-Q1)  B: y (2020-21-Q2)",
        "Made otherwise: quarter 2020-21-Q1 → 2020-21-Q2; commit 6332aa2bba → 6332aa2bba with changes",
        telling.SAME,
    ]


def test_how_much_differs_is_counted():
    one = Change(Kind.TABLE, "tbl-a", "row", "1", "2")
    many = [one, one, Change(Kind.FIGURE, "fig-a", "", None, "x"), Change(Kind.VALUE, "v", "", "1", "2")]
    assert counted([]) == ""
    assert counted(many) == "1 value, 2 places in 1 table, 1 place in 1 figure"
    assert counted(
        [*many, Change(Kind.TABLE, "tbl-b", "", None, "x"), Change(Kind.NARRATIVE, "s", "", "a", "b")]
    ) == ("1 value, 3 places in 2 tables, 1 place in 1 figure, 1 paragraph")


def hostile() -> Difference:
    section = Section("sections/01-a.qmd", HOSTILE, (f"{HOSTILE} was here.",))
    other = Section("sections/01-a.qmd", HOSTILE, (f"{HOSTILE} is here.",))
    grid = (("Head", HOSTILE), (HOSTILE, "1"))
    return difference(
        contents(HOSTILE, values={HOSTILE: HOSTILE}, shown={"tbl-x": Shown("", grid)}, sections=[section]),
        contents("b", shown={"tbl-x": Shown(HOSTILE, (grid[0], (HOSTILE, "2")))}, sections=[other]),
    )


def test_hostile_text_arrives_in_a_terminal_as_typed():
    console = Console(width=200, record=True, file=io.StringIO())
    for table in telling.as_tables(hostile()):
        console.print(table)
    text = console.export_text() + "\n".join(telling.summary(hostile()))
    assert '<script>alert("1")</script> [red]b[/red] & ␛[31mc␇␡' in text
    assert not any(sign in text for sign in "\x1b\x07\x7f\x9b")


def test_hostile_text_arrives_in_lines_and_json():
    lines = list(telling.as_lines(hostile()))
    assert {line.count("\t") for line in lines} == {8}
    assert not any(sign in "".join(lines) for sign in "\x1b\x07\x7f\x9b\n")
    found = json.loads(telling.as_json(hostile()))
    assert found["a"]["name"] == HOSTILE
    assert [one["a"] for one in found["changes"] if one["kind"] == "value"] == [HOSTILE]


def test_hostile_text_arrives_in_the_page_as_typed():
    page = as_page(hostile())
    assert "<script" not in page
    assert "\x1b" not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "[red]b[/red] &amp; ␛[31mc␇␡" in page


@pytest.mark.chromium
@pytest.mark.parametrize(("width", "scheme"), [(1200, "light"), (320, "dark")])
def test_the_page_is_accessible_and_fits(browser, tmp_path, width, scheme):
    (tmp_path / "page.html").write_text(as_page(hostile()), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto((tmp_path / "page.html").as_uri())
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_json_is_exact():
    before = contents(values={"a.b.c.d": Said("1,000", Fraction(3000, 3)), "a.b.c.e": "x"})
    found = json.loads(
        telling.as_json(difference(before, contents(values={"a.b.c.d": Said("667", Fraction(2000, 3))})))
    )
    assert found["facts"] == []
    assert found["changes"][0] == {
        "state": "changed", "kind": "value", "section": "", "name": "a.b.c.d", "where": "", "a": "1,000", "b": "667",
        "numbers": ["1000", "2000/3"], "difference": "-1000/3", "percent": "-100/3", "unit": "",
    }  # fmt: skip
    assert found["changes"][1]["state"] == "only in A"


WORDS = st.sampled_from(["crime", "fell", "rose", "by", "16%", "{{< var a.b.c.d >}}", "and", "<b>", "1,000"])
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
FIGURES = st.integers(-2000, 2000)
CELLS = st.one_of(TEXTS, FIGURES.map(str))
SAID = st.one_of(TEXTS.map(Said), FIGURES.map(lambda figure: Said(f"{figure:,}", Fraction(figure, 3))))
NAMES = st.sampled_from(["a.b.c.d", "a.b.c.e", "tbl-x", "fig-y"])


@st.composite
def grids(draw):
    width = draw(st.integers(1, 4))
    return tuple(draw(st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=4)))


SECTIONS = st.lists(
    st.builds(
        Section,
        st.sampled_from(["sections/01-a.qmd", "sections/02-b.qmd", "sections/03-c.qmd"]),
        TEXTS,
        st.lists(TEXTS, max_size=4).map(tuple),
        st.frozensets(NAMES),
    ),
    max_size=3,
    unique_by=lambda section: section.file,
).map(tuple)
REPORTS = st.builds(
    Contents,
    st.just("a report"),
    st.sampled_from(["2020-21-Q1", "2020-21-Q2"]),
    st.dictionaries(st.sampled_from(["commit", "pandas"]), TEXTS),
    st.dictionaries(st.sampled_from(["a.b.c.d", "a.b.c.e", "a.b.c.f"]), SAID),
    st.dictionaries(st.sampled_from(["tbl-x", "fig-y"]), st.builds(Shown, TEXTS, grids())),
    SECTIONS,
)


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_a_report_does_not_differ_from_itself(report):
    found = difference(report, report)
    assert (found.facts, found.parts) == ((), ())


@settings(deadline=None, max_examples=50)
@given(REPORTS, REPORTS)
def test_from_the_other_side_everything_is_reversed(one, other):
    there, back = difference(one, other), difference(other, one)
    assert sorted(back.facts) == sorted((name, after, before) for name, before, after in there.facts)
    assert [(part.file, part.titles, set(part.changes)) for part in back.parts] == [
        (
            part.file,
            part.titles[::-1],
            {
                Change(change.kind, change.name, change.where, change.after, change.before, change.figures[::-1])
                for change in part.changes
            },
        )
        for part in there.parts
    ]
    assert [change.name for change in back.changes] == [change.name for change in there.changes]


@settings(deadline=None, max_examples=50)
@given(TEXTS, TEXTS)
def test_pieces_hold_both_texts_whole(before, after):
    found = pieces(before, after)
    assert " ".join(piece.before for piece in found if piece.before) == before
    assert " ".join(piece.after for piece in found if piece.after) == after
