from fractions import Fraction
from pathlib import Path

import pytest

from scrutiny.captions import caption
from scrutiny.datum import Datum, Origin
from scrutiny.project import Project
from scrutiny.report import Report
from scrutiny.tables import Cell, Table, annual_and_quarterly_changes, performance

ROOT = Path(__file__).parent.parent
MEASURES = ["crime.all", "crime.robbery_personal", "asb.incidents"]


def report(quarter: str) -> Report:
    return Report(quarter, Project(ROOT))


@pytest.mark.parametrize(
    ("quarter", "columns", "rows"),
    [
        (
            "2020-21-Q1",
            ["Offence", "Annual change to 30 June 2019", "Annual change to 30 June 2020", "Change, Q1 2019-20 to Q1 2020-21"],
            [
                ["All crime", "Increase (+15%, +20,634)", "Decrease (−16%, −25,769)", "Decrease (−23%, −8,739)"],
                ["Robbery (personal)", "Increase (+42%, +336)", "Decrease (−16%, −184)", "Decrease (−40%, −126)"],
                ["Anti-social behaviour incidents", "[x]", "Increase (+45%, +22,833)", "[x]"],
            ],
        ),
        (
            "2019-20-Q4",
            ["Offence", "Annual change to 31 March 2019", "Annual change to 31 March 2020", "Change, Q4 2018-19 to Q4 2019-20"],
            [None, ["Robbery (personal)", "[x]", "Increase (+5%)", None], ["Anti-social behaviour incidents", "[x]", "[x]", "[x]"]],
        ),
    ],
)  # fmt: skip
def test_changes_over_two_years_and_the_quarter(quarter, columns, rows):
    table = annual_and_quarterly_changes(report(quarter), MEASURES, "Offence")
    assert list(table.columns) == columns
    for (head, cells), expected in zip(table.rows, rows, strict=True):
        if expected:
            shown = [head, *(cell.text for cell in cells)]
            assert [text for text, known in zip(shown, expected, strict=True) if known] == [
                text for text in expected if text
            ]


def test_performance_shows_both_figures_and_the_change():
    table = performance(report("2020-21-Q1"), MEASURES)
    assert [cell.text for cell in table.rows[0][1]] == ["159,838", "Decrease (−16%, −25,769)", "134,069"]
    assert table.legend == ""
    assert table.origin.rows
    assert "::: {.notes}" not in table.to_markdown()


def datum(number, symbol="", status="published"):
    return Datum(
        None if number is None else Fraction(number),
        symbol,
        Origin(frozenset({"A system"}), statuses=frozenset({status})),
    )


def test_the_legend_explains_the_symbols_that_occur_and_no_others():
    data = [datum(None, "x"), datum(1, "p"), datum(2, status="illustrative"), datum(3)]
    table = Table(["A", "B"], [("row", [Cell(one.marked("1"), (one,))]) for one in data])
    assert [cells[0].text for _, cells in table.rows] == ["[x]", "1 [p]", "1 [i]", "1"]
    assert table.legend.startswith("[x] not supplied; [p] provisional; [i] illustrative: made up")
    assert "[z]" not in table.legend and "[c]" not in table.legend
    assert "\n::: {.notes}\n\\[x\\] not supplied" in table.to_markdown()


@pytest.mark.parametrize(
    ("statuses", "marked", "said"),
    [
        ({"published"}, False, None),
        ({"illustrative"}, False, "All figures are illustrative"),
        ({"illustrative", "published"}, False, "Figures that were not published are illustrative"),
        ({"illustrative"}, True, None),
    ],
)
def test_a_caption_says_what_is_made_up(statuses, marked, said):
    from datetime import date

    origin = Origin(frozenset({"A system", "B"}), date(2020, 6, 30), frozenset(statuses))
    text = caption("It *fell*", "Crime", "June 2020", origin, marked=marked, lag_months=1)
    assert text.startswith(
        "**It \\*fell\\*.** Crime, June 2020. These figures run 1 month behind. Sources: A system and B, as at 30 June 2020."
    )
    assert ("illustrative" in text) == (said is not None)
    assert said is None or said in text


def test_a_caption_without_figures_says_so():
    assert caption("None", "Crime", "June 2020", Origin()).endswith("No figure was supplied.")
