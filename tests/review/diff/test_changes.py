"""Two reports compared: what changed, and by how much; from either side the same."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.review.diff.changes import ChangeKind, ReportChange, compare_reports, count_changes
from scrutiny.review.diff.contents import Contents, ShownTable, ValueText, WrittenSection


def contents(name="a", quarter="2020-21-Q1", *, values=(), shown=None, sections=(), facts=None) -> Contents:
    said = {key: one if isinstance(one, ValueText) else ValueText(one) for key, one in dict(values).items()}
    return Contents(name, quarter, facts or {}, said, shown or {}, tuple(sections))


def changed(before: Contents, after: Contents) -> list[ReportChange]:
    return list(compare_reports(before, after).changes)


TABLE = (
    ("Offence", "Before", "Change, %", "Latest"),
    ("Burglary", "120", "-25", "90"),
    ("Robbery", "10", "20", "12"),
)


def test_the_unrounded_numbers_are_compared_where_they_are_known():
    before = contents(values={"a.b.c.d": ValueText("−16%", Fraction(-1288450, 79919))})
    after = contents(values={"a.b.c.d": ValueText("−16%", Fraction(-16))})
    (change,) = changed(before, after)
    assert change.amount.difference == Fraction(-16) + Fraction(1288450, 79919)
    assert change.texts == ("−16% (−16.121948)", "−16% (−16)")
    assert changed(before, contents(values={"a.b.c.d": "−16%"})) == []


def test_a_value_that_is_renamed_is_on_one_side_each():
    found = changed(contents(values={"a.b.c.old": "1"}), contents(values={"a.b.c.new": "1"}))
    assert [(one.name, one.state) for one in found] == [
        ("a.b.c.new", "only in B"),
        ("a.b.c.old", "only in A"),
    ]


def test_cells_are_named_by_row_and_column():
    later = (TABLE[0], ("Burglary", "120", "-20", "96"), TABLE[2])
    found = changed(
        contents(shown={"tbl-x": ShownTable("", TABLE)}), contents(shown={"tbl-x": ShownTable("", later)})
    )
    assert [(one.kind, one.where, str(one.amount)) for one in found] == [
        (ChangeKind.TABLE, "row Burglary, column Change, %", "+5 pp"),
        (ChangeKind.TABLE, "row Burglary, column Latest", f"+6 (+{600 / 90:.1f}%)"),
    ]


def test_a_table_that_is_gone_is_told_once_with_its_caption():
    section = WrittenSection("sections/01-a.qmd", "A", ("Text.",), frozenset({"tbl-x"}))
    found = compare_reports(
        contents(shown={"tbl-x": ShownTable("Offences", TABLE)}, sections=[section]),
        contents(sections=[WrittenSection("sections/01-a.qmd", "A", ("Text.",))]),
    )
    (section,) = found.sections
    assert (section.title, [(one.name, one.before, one.after) for one in section.changes]) == (
        "A",
        [("tbl-x", "Offences (2 rows)", None)],
    )


def test_what_is_quoted_stands_with_its_section_in_the_order_of_the_report():
    def sections(*files):
        return [WrittenSection(file, file.upper(), (), frozenset(names)) for file, names in files]

    before = contents(values={"p": "1", "q": "1", "r": "1"}, sections=sections(("z", {"q"}), ("a", {"q", "p"})))
    after = contents(values={"p": "2", "q": "2", "r": "2"}, sections=sections(("z", set()), ("a", {"q", "p"})))
    assert [
        (part.title, [one.name for one in part.changes]) for part in compare_reports(before, after).sections
    ] == [
        ("Z", ["q"]),
        ("A", ["p"]),
        ("In no section", ["r"]),
    ]


def test_how_much_differs_is_count_changes():
    one = ReportChange(ChangeKind.TABLE, "tbl-a", "row", "1", "2")
    many = [
        one,
        one,
        ReportChange(ChangeKind.FIGURE, "fig-a", "", None, "x"),
        ReportChange(ChangeKind.VALUE, "v", "", "1", "2"),
    ]
    assert count_changes([]) == ""
    assert count_changes(many) == "1 value, 2 places in 1 table, 1 place in 1 figure"
    assert count_changes(
        [
            *many,
            ReportChange(ChangeKind.TABLE, "tbl-b", "", None, "x"),
            ReportChange(ChangeKind.NARRATIVE, "s", "", "a", "b"),
        ]
    ) == ("1 value, 3 places in 2 tables, 1 place in 1 figure, 1 paragraph")


WORDS = st.sampled_from(["crime", "fell", "rose", "by", "16%", "{{< var a.b.c.d >}}", "and", "<b>", "1,000"])
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
FIGURES = st.integers(-2000, 2000)
CELLS = st.one_of(TEXTS, FIGURES.map(str))
SAID = st.one_of(TEXTS.map(ValueText), FIGURES.map(lambda figure: ValueText(f"{figure:,}", Fraction(figure, 3))))
NAMES = st.sampled_from(["a.b.c.d", "a.b.c.e", "tbl-x", "fig-y"])


@st.composite
def grids(draw):
    width = draw(st.integers(1, 4))
    return tuple(draw(st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=4)))


SECTIONS = st.lists(
    st.builds(
        WrittenSection,
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
    st.dictionaries(st.sampled_from(["tbl-x", "fig-y"]), st.builds(ShownTable, TEXTS, grids())),
    SECTIONS,
)


@settings(deadline=None, max_examples=50)
@given(REPORTS)
def test_a_report_does_not_differ_from_itself(report):
    found = compare_reports(report, report)
    assert (found.facts, found.sections) == ((), ())


@settings(deadline=None, max_examples=50)
@given(REPORTS, REPORTS)
def test_from_the_other_side_everything_is_reversed(one, other):
    there, back = compare_reports(one, other), compare_reports(other, one)
    assert sorted(back.facts) == sorted((name, after, before) for name, before, after in there.facts)
    assert [(part.file, part.titles, set(part.changes)) for part in back.sections] == [
        (
            part.file,
            part.titles[::-1],
            {
                ReportChange(
                    change.kind, change.name, change.where, change.after, change.before, change.quantities[::-1]
                )
                for change in part.changes
            },
        )
        for part in there.sections
    ]
    assert [change.name for change in back.changes] == [change.name for change in there.changes]
