from pathlib import Path

import pytest

from scrutiny.analysis.breakdowns import by_group, spend, workforce_census
from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Level
from scrutiny.inputs.project import Project

ROOT = Path(__file__).parents[2]
CATEGORIES = {
    "budget.visible": Level.PART,
    "budget.operational_frontline": Level.TOTAL,
    "budget.other": Level.ROW,
    "budget.total": Level.TOTAL,
}


@pytest.fixture(scope="module")
def report() -> Report:
    return Report("2020-21-Q1", Project(ROOT))


def texts(table) -> dict[str, list[str]]:
    return {row.head: [cell.text for cell in row.cells] for row in table.rows}


def test_shares_of_spend_leave_other_out_of_their_base(report):
    table = spend(report, CATEGORIES, whole="budget.total", outside="budget.other")
    assert table.columns[1:3] == ["Apr to Jun 2019, £m", "Share of spend without “Other”, %"]
    rows = list(texts(table).values())
    assert rows == [
        # A year before only two amounts and their shares were published.
        ["27.8", "36.2", "27.2", f"{100 * 27.2 / (84.9 - 4.4):.1f}"],
        ["[x]", "[x]", "52.8", f"{100 * 52.8 / (84.9 - 4.4):.1f}"],
        ["[x]", "not in the base", "4.4", "not in the base"],
        ["[x]", "[x]", "84.9", "100.0"],
    ]


def test_computed_shares_are_those_that_were_published(report):
    table = spend(
        report,
        {name: Level.ROW for name in report.measures_of("budget") if not name.endswith("_share")},
        whole="budget.total",
        outside="budget.other",
        windows=("quarter",),
    )
    shares = {row.head: row.cells[1].text for row in table.rows}
    for name in report.measures_of("budget"):
        if name.endswith("_share"):
            title = report.measure(name.removesuffix("_share")).title
            assert f"{float(report.measure(name).figure('quarter').number):.1f}" == shares[title]


def test_the_census_has_two_levels_and_adds_up(report):
    table = workforce_census(report.dataset("workforce"), report.period("financial_year"))
    functions = [row for row in table.rows[:-1] if row.level is Level.TOTAL]
    parts = [row for row in table.rows if row.level is Level.PART]
    assert (len(functions), len(parts)) == (12, 44)
    assert [cell.text for cell in table.rows[-1].cells] == ["3,036.73", "100.00"]
    amounts = [float(row.cells[0].text.replace(",", "")) for row in functions]
    assert amounts == sorted(amounts, reverse=True)
    assert round(sum(amounts), 2) == 3036.73
    assert [cell.text for cell in functions[0].cells] == ["1,490.01", f"{100 * 1490.01 / 3036.73:.2f}"]


def test_groups_stand_beside_their_share_of_all(report):
    groups = {"All groups": ["search.individuals", "search.searches"], "White": ["search.individuals_white", None]}
    table = by_group(report, groups, ["Group", "Individuals", "Searches"], "calendar_year", share_of="All groups")
    assert table.columns == ["Group", "Individuals", "Share of all groups, %", "Searches"]
    assert texts(table) == {
        "All groups": ["6,543", "100.0", "7,510"],
        "White": ["4,651", f"{100 * 4651 / 6543:.1f}", "[x]"],
    }
    assert "[x] not supplied" in table.legend


def test_a_breakdown_whose_parts_do_not_add_up_says_so(report):
    census = workforce_census(report.dataset("workforce"), report.period("financial_year"))
    shares = {row.head: row.cells[1].text for row in census.rows}
    assert (
        shares["Local Policing"] == "49.07"
        and census.rounding == "Because of rounding, parts may not add up to totals."
    )
    names = [
        "visible",
        "non_visible",
        "operational_frontline",
        "frontline_support",
        "business_support",
        "other",
        "total",
    ]
    of_spend = spend(
        report, {f"budget.{name}": Level.ROW for name in names}, whole="budget.total", outside="budget.other"
    )
    assert [(total.text, [part.text for part in parts]) for total, parts in of_spend.sums if total.shown] == [
        ("52.8", ["27.2", "25.6"]),
        ("65.6", ["33.8", "31.8"]),
        ("84.9", ["52.8", "6.9", "20.8", "4.4"]),
        ("100.0", ["65.6", "8.6", "25.8", "not in the base"]),
    ]
    assert of_spend.rounding == ""
