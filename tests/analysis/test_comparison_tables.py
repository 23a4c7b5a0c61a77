import calendar
from pathlib import Path

import pytest

from scrutiny.analysis.comparison_tables import (
    annual_and_quarterly_changes,
    by_window,
    months_by_financial_year,
    performance,
    targets_in_words,
)
from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Level
from scrutiny.inputs.project import Project

ROOT = Path(__file__).parents[2]
MEASURES = ["crime.all", "crime.robbery_personal", "asb.incidents"]


def report(quarter: str = "2020-21-Q1") -> Report:
    return Report(quarter, Project(ROOT))


def shown_in(row) -> list[str]:
    """Give a row's texts; the no-break spaces inside a change are of no matter here."""
    return [text.replace("\N{NO-BREAK SPACE}", " ") for text in (row.head, *(cell.text for cell in row.cells))]


@pytest.mark.parametrize(
    ("quarter", "columns", "rows"),
    [
        (
            "2020-21-Q1",
            ["Offence", "Annual change to 30 June 2019", "Annual change to 30 June 2020", "Apr to Jun 2020 on a year before"],
            [
                ["All crime", "Increase (+15%, +20,634)", "Decrease (−16%, −25,769)", "Decrease (−23%, −8,739)"],
                ["Robbery (personal)", "Increase (+42%, +336)", "Decrease (−16%, −184)", "Decrease (−40%, −126)"],
                ["Anti-social behaviour incidents", "[x]", "Increase (+45%, +22,833)", "[x]"],
            ],
        ),
        (
            "2019-20-Q4",
            ["Offence", "Annual change to 31 March 2019", "Annual change to 31 March 2020", "Jan to Mar 2020 on a year before"],
            [None, ["Robbery (personal)", "[x]", "Increase (+5%)", None], ["Anti-social behaviour incidents", "[x]", "[x]", "[x]"]],
        ),
    ],
)  # fmt: skip
def test_changes_over_two_years_and_the_quarter(quarter, columns, rows):
    table = annual_and_quarterly_changes(report(quarter), MEASURES, "Offence")
    assert list(table.columns) == columns
    for row, expected in zip(table.rows, rows, strict=True):
        if expected:
            shown = shown_in(row)
            assert [text for text, known in zip(shown, expected, strict=True) if known] == [
                text for text in expected if text
            ]


def test_performance_shows_both_figures_and_the_change():
    table = performance(report("2020-21-Q1"), MEASURES)
    assert shown_in(table.rows[0])[1:] == ["159,838", "Decrease (−16%, −25,769)", "134,069"]
    assert table.legend == ""
    assert table.notes == ("Source: Lancashire Constabulary Recorded Crime dashboard, as at 30 June 2020.",)


def test_rows_of_another_period_say_so_and_targets_are_judged():
    table = performance(
        report(),
        ["budget.visible_share", "response.grade_1", "response.grade_3", "csew.confidence", "crime.all"],
        targets=True,
    )
    assert table.columns == ["Measure", "12 months to June 2019", "Change", "12 months to June 2020", "Target"]
    assert [row.head.partition(", ")[2] for row in table.rows if "2020" in row.head] == [
        "Apr to Jun 2020",
        "Apr 2019 to Mar 2020",
    ]
    assert [shown_in(row)[1:] for row in table.rows] == [
        ["36.2%", "Decrease (−2.4 pp)", "33.8%", "none set"],
        ["10.2 min", "Decrease (−0.1 min)", "10.1 min", "15 min or less: met"],
        ["995.70 min", "Decrease (−441.13 min)", "554.57 min", "48 hours or less: met"],
        ["73.4%", "Increase (+0.9 pp)", "74.3%", "none set"],
        ["159,838", "Decrease (−16%, −25,769)", "134,069", "none set"],
    ]


def test_a_target_without_a_figure_is_not_judged():
    (row,) = performance(report("2019-20-Q4"), ["response.grade_1"], targets=True).rows
    assert [cell.text for cell in row.cells[:3]] == ["[x]"] * 3
    assert shown_in(row)[-1] == "15 min or less"


def test_figures_that_run_behind_move_the_columns():
    table = performance(report(), ["sexual.all_england_and_wales"], lag_months=1, row_head="Area")
    assert table.columns == ["Area", "12 months to May 2019", "Change", "12 months to May 2020"]
    assert shown_in(table.rows[0])[1:] == ["162,400", "Decrease (−5%, −8,923)", "153,477"]
    assert "2020" not in table.rows[0].head


def test_a_total_is_told_apart():
    table = performance(report(), ["slavery.all", "slavery.crimes"], total="slavery.all")
    assert [row.level for row in table.rows] == [Level.TOTAL, Level.ROW]


def test_a_sum_of_measures_is_computed_from_its_parts():
    sexual = report().measure("sexual.all")
    assert sexual.comparison("year").in_brief == "Decrease (−15%, −749)"
    assert sexual.figure("year").number == 1_266 + 2_907
    assert len(sexual.figure("year").provenance.rows) == 2


def test_comparisons_of_one_measure_in_rows():
    hate = report().measure("hate.crimes")
    table = by_window(
        hate,
        [("Year", hate.comparison("year")), ("On quarter before", hate.comparison_with_previous_quarter())],
        "P",
    )
    assert [shown_in(row) for row in table.rows] == [
        ["Year", "2,877", "Decrease (−13%, −387)", "2,490"],
        ["On quarter before", "[x]", "Increase (+5%, +31)", "[x]"],
    ]


def test_months_stand_by_financial_year_and_those_to_come_are_not_yet_due():
    table = months_by_financial_year(report().measure("da.crimes"))
    assert table.columns == ["Month", "2017-18", "2018-19", "2019-20", "2020-21"]
    rows = {row.head: [cell.text for cell in row.cells] for row in table.rows}
    assert list(rows) == [*calendar.month_name[4:], *calendar.month_name[1:4], "Year"]
    assert rows["June"] == ["1,050", "1,937", "1,735", "1,835"]
    assert rows["July"][-1] == rows["Year"][-1] == "[z]"
    for column in range(3):
        months = [int(rows[month][column].replace(",", "")) for month in list(rows)[:-1]]
        assert f"{sum(months):,}" == rows["Year"][column]


def test_years_before_the_first_figure_have_no_column():
    table = months_by_financial_year(report("2019-20-Q4").measure("da.crimes"))
    assert table.columns == ["Month", "2017-18", "2018-19", "2019-20"]


@pytest.mark.parametrize(
    ("quarter", "measures", "words"),
    [
        ("2020-21-Q1", ["response.grade_1", "response.grade_2", "response.grade_3", "crime.all"], "all three targets were met"),
        ("2019-20-Q4", ["response.grade_1"], "targets, and the figures beside them"),
        ("2020-21-Q1", ["crime.all"], "targets, and the figures beside them"),
    ],
)  # fmt: skip
def test_targets_are_told_in_words(quarter, measures, words):
    assert targets_in_words(report(quarter), measures) == words
