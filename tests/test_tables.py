from fractions import Fraction

import pytest

from scrutiny.captions import caption
from scrutiny.datum import Datum, Origin
from scrutiny.tables import Cell, Level, Row, Table


def datum(number, symbol="", status="published"):
    return Datum(
        None if number is None else Fraction(number),
        symbol,
        Origin(frozenset({"A system"}), statuses=frozenset({status})),
    )


def test_the_legend_explains_the_symbols_that_occur_and_no_others():
    data = [datum(None, "x"), datum(1, "p"), datum(2, status="illustrative"), datum(3)]
    table = Table(["A", "B"], [Row("row", [Cell(one.marked("1"), (one,))]) for one in data])
    assert [row.cells[0].text for row in table.rows] == ["[x]", "1 [p]", "1 [i]", "1"]
    assert table.legend.startswith("[x] not supplied; [p] provisional; [i] illustrative: made up")
    assert "[z]" not in table.legend and "[c]" not in table.legend
    assert "\n::: {.notes}\n\\[x\\] not supplied" in table.to_markdown()


def test_totals_stand_in_bold_and_parts_are_set_in():
    rows = [
        Row("Sum", [Cell("3")], Level.TOTAL),
        Row("A *part*", [Cell("1")], Level.PART),
        Row("Other", [Cell("2")]),
    ]
    lines = Table(["Name", "Count"], rows).to_markdown().splitlines()
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]] == [
        ["**Sum**", "**3**"],
        ["&nbsp;&nbsp;&nbsp;&nbsp;A \\*part\\*", "1"],
        ["Other", "2"],
    ]


@pytest.mark.parametrize(
    ("statuses", "marked", "said"),
    [
        ({"published"}, False, None),
        ({"illustrative"}, False, "Illustrative figures, made up for this report"),
        ({"illustrative", "published"}, False, "Hatched bars are illustrative"),
        ({"illustrative"}, True, None),
    ],
)
def test_a_caption_says_what_is_made_up(statuses, marked, said):
    from datetime import date

    origin = Origin(frozenset({"A system", "B"}), date(2020, 6, 30), frozenset(statuses))
    text = caption("it *fell*", "Crime", "June 2020", origin, marked=marked, lag_months=1)
    # Made-up figures do not come from the system whose figures they stand in for.
    source = "" if said and said.startswith("Illustrative") else " Sources: A system and B, as at 30 June 2020."
    assert text.startswith(f"**It \\*fell\\*.** Crime, June 2020. These figures run 1 month behind.{source}")
    assert ("illustrative" in text.lower()) == (said is not None)
    assert said is None or said in text


def test_a_caption_without_figures_says_so():
    assert caption("None", "Crime", "June 2020", Origin()).endswith("No figure was supplied.")
