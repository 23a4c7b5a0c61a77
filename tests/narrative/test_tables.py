"""Which tables have room on a page, and what of a word stays on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import Location
from scrutiny.fonts import widths
from scrutiny.narrative.check import Known, check_narrative
from scrutiny.narrative.syntax import wrap_values
from scrutiny.narrative.tables import pieces, tables_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("All crime fell", ["All", "crime", "fell"]),
        ("134,069 Recommendations", ["134,069", "Recommendations"]),
        ("16\N{NO-BREAK SPACE}per cent", ["16\N{NO-BREAK SPACE}per", "cent"]),
        ("n/a 2020-21-Q1 A/B re-let", ["n/a", "2020-21-Q1", "A/B", "re-let"]),
        ("Investigation/Prisoner cost-effective", ["Investigation/", "Prisoner", "cost-", "effective"]),
        ("https://www.example.org/a_b?c=d", ["https://", "www.", "example.", "org/", "a_", "b?", "c=", "d"]),
        ("Report_2020-21_Quarter_1_2_x", ["Report_", "2020-21_", "Quarter_", "1_2_", "x"]),
        ("1,234,567,890,123,456,789.50", ["1,234,567,890,123,456,789.50"]),
        ("2020-06-30/2020-07-31", ["2020-06-30/2020-07-31"]),
        ("Antidisestablishmentarianism", ["Antidisestablishmentarianism"]),
        ("crime.\N{ZERO WIDTH SPACE}all", ["crime.", "all"]),
    ],
)
def test_pieces(text, expected):
    assert list(pieces(text)) == expected


@given(st.text(st.sampled_from("aZ9_-/.?&=,é− "), max_size=60))
def test_pieces_are_the_text_and_break_no_figure(text):
    found = list(pieces(text))
    assert "".join(found) == text.replace(" ", "")
    at = 0
    squeezed = text.replace(" ", "")
    for piece in found[:-1]:
        at += len(piece)
        before = piece[-1:]
        assert before in "_-/.?&=" or not before or at in blanks(text), (piece, squeezed)


def blanks(text: str) -> set[int]:
    """Give how many other characters stand before each blank."""
    return {len(text[:at].replace(" ", "")) for at, character in enumerate(text) if character == " "}


WIDE = f"|H|H|\n|---|---|\n|{'x_' * 400}{'W' * 50}|{'W' * 50}|\n"
KNOWN = Known(
    values={"crime.all.year.movement": "fell by 16%", "crime.all.year.text": "W" * 69},
    notebooks={"notebooks/a.ipynb": ("tbl-a",)},
    tables={"notebooks/a.ipynb#tbl-a": tables_in({"a": WIDE})["a"]},
)


def problems(text: str, known: Known = KNOWN) -> list[str]:
    found = check_narrative({"report.qmd": wrap_values(text)}, known, lambda file, line: Location(file, line))
    return [str(problem).replace("\n    ", " -> ") for problem in found]


def table(columns: int, cell: str, caption: str = ": C. {#tbl-x}") -> str:
    row = "|" + f" {cell} |" * columns
    return f"|{' H |' * columns}\n|{'--:|' * columns}\n{row}\n\n{caption}\n"


SPLIT = "split it, or turn rows into columns"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (table(12, "1,234"), None),
        (table(15, "1,234"), None),
        (table(17, "834,069"), "report.qmd:1: the table tbl-x is too wide: in its smallest type it needs "),
        (table(17, "834,069"), "and the page has 160 -> write .landscape in the {…} behind its caption"),
        (table(17, "834,069", ": C. {#tbl-x .landscape}"), None),
        ("::: {.landscape}\n" + table(17, "834,069") + "\n:::\n", None),
        (table(30, "834,069"), SPLIT),
        (table(30, "834,069", ": C. {#tbl-x .landscape}"), f"and the page has 247 -> {SPLIT}"),
        (table(17, "834,069", ""), "report.qmd:1: this table is too wide"),
        (table(2, "`" + "x" * 65 + "`"), "the page has 160"),
        (table(2, "W" * 65), f"'{'W' * 40}' is the longest that does not break"),
        # Bold is wider.
        (table(14, "834,069"), None),
        (table(14, "**834,069**"), "too wide"),
        # Values count with their texts, units beside their figures.
        (table(3, "{{< var crime.all.year.movement >}}"), None),
        (table(3, "{{< var crime.all.year.text >}}"), "the table tbl-x is too wide"),
        # A callout has less room than the page.
        (table(16, "34,069"), None),
        ("::: {.callout-note}\n" + table(16, "34,069") + "\n:::\n", "the page has 150 -> take it out of the callout, list or quotation, and write"),
        ("{{< embed notebooks/a.ipynb#tbl-a >}}", "notebooks/a.ipynb (tbl-a): the table tbl-a is too wide"),
        ("{{< embed notebooks/a.ipynb#tbl-a >}}", "put ::: {.landscape} around its embed in report.qmd:1: a landscape"),
        ("::: {.landscape}\n{{< embed notebooks/a.ipynb#tbl-a >}}\n:::", None),
        (table(1, "x").replace("H", "words " * 40), "a head of the table tbl-x has 239 characters: words"),
        ("a" * 71, "is as wide as a page, and breaks nowhere"),
        ("https://example.org/" + "path-to/" * 30, None),
    ],
)  # fmt: skip
def test_a_table_has_room_or_is_refused(text, expected):
    found = problems(text)
    assert any(expected in problem for problem in found) if expected else found == [], found


@pytest.mark.parametrize(
    "place", ["- item\n\n    {}", "> {}", "::: {{.notes}}\n{}\n:::", "::: {{.landscape}}\n{}\n:::"]
)
@pytest.mark.parametrize(
    "what",
    ["::: {.landscape}\nText.\n:::", "| A |\n|---|\n| 1 |\n\n: C. {#tbl-x .landscape}"],
    ids=["block", "caption"],
)
def test_a_landscape_page_begins_where_the_page_can_turn(place, what):
    indent = {"- ": "    ", "> ": "> "}.get(place[:2], "")
    found = problems(place.format(what.replace("\n", f"\n{indent}")))
    # In a list, a block is refused whatever it is.
    assert any("a landscape page inside a" in problem or ":3: :::" in problem for problem in found), found


def test_widths_are_those_of_the_typeface():
    assert widths()["0"] == widths()["9"] == 0.497
    assert widths(bold=True)["W"] > widths()["W"] > widths()["i"]
