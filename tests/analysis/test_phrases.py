from fractions import Fraction
from pathlib import Path

import pytest
from fixtures.projects import copy_project

from scrutiny.analysis.phrases import (
    change_values,
    directions,
    figure_values,
    headline,
    movement,
    share_values,
    values_of,
)
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum
from scrutiny.statistics.provenance import Provenance

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> Report:
    return Report("2020-21-Q1", Project(ROOT))


@pytest.fixture(scope="module")
def earlier() -> Report:
    return Report("2019-20-Q4", Project(ROOT))


def given(number, status="published"):
    return Datum(Fraction(number), "", Provenance(statuses=frozenset({status})))


CASES = [
    (Comparison.computed(given(159_838), given(134_069)), "fell by 16%, from 159,838 to 134,069"),
    (Comparison.computed(given(0), given(5)), "rose by 5, from 0 to 5"),
    (Comparison.computed(given(257), given(257)), "did not change, at 257"),
    (Comparison.computed(given(1000), given(999)), "fell by 0.1%, from 1,000 to 999"),
    (
        Comparison.computed(given(2), given(1, "illustrative")),
        "cannot be compared, because the figures are illustrative",
    ),
    (Comparison(NOT_SUPPLIED, NOT_SUPPLIED, given(-8739), given(-23)), "fell by 23% (a difference of 8,739)"),
    (Comparison(NOT_SUPPLIED, NOT_SUPPLIED, NOT_SUPPLIED, given(61)), "rose by 61%"),
    (Comparison(NOT_SUPPLIED, NOT_SUPPLIED, given(-70), NOT_SUPPLIED), "fell by 70"),
    (Comparison.computed(NOT_SUPPLIED, given(5)), "cannot be compared, because a figure was not supplied"),
]


@pytest.mark.parametrize(("comparison", "phrase"), CASES, ids=[phrase for _, phrase in CASES])
def test_movement_reads_well_whatever_is_known(report, comparison, phrase):
    assert movement(report.measure("crime.all"), comparison) == phrase


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ([(2, 1)] * 6, "all six offences fell"),
        ([(2, 1)] * 4 + [(1, 2)] * 2, "four of six offences fell, two rose"),
        ([(None, 1)] * 2, "none of the two offences can be compared"),
        ([(2, 1), (2, 2), (2, 1)], "two of three offences fell, one did not change"),
    ],
)
def test_directions_of_several(pairs, sentence):
    comparisons = [
        Comparison.computed(NOT_SUPPLIED if before is None else given(before), given(after))
        for before, after in pairs
    ]
    assert directions(comparisons, "offences") == sentence


def test_values_of_a_measure_with_published_figures(report):
    values = values_of(report, "crime.all")
    assert values["crime.all.year.count"] == "134,069"
    assert values["crime.all.year_before.count"] == "159,838"
    assert values["crime.all.year.change"] == "−25,769"
    assert values["crime.all.year.percent_change"] == "−16%"
    assert values["crime.all.year.in_brief"] == "Decrease (−16%, −25,769)"
    assert values["crime.all.year.direction"] == "decrease"
    assert values["crime.all.year.end"] == "30 June 2020"
    # Published as a change; the quarter's count is made up and says so.
    assert values["crime.all.quarter.in_brief"] == "Decrease (−23%, −8,739)"
    assert values["crime.all.quarter.count"].endswith(" (illustrative)")


def test_lag_shifts_the_windows(report):
    values = values_of(report, "crime.all_england_and_wales", windows=("year",))
    assert values["crime.all_england_and_wales.year.period"] == "June 2019 to May 2020"
    assert values["crime.all_england_and_wales.year.percent_change"] == "−4%"
    assert values["crime.all_england_and_wales.year.count"] == "not supplied"


def test_values_of_a_quarter_without_figures_are_never_blank_or_zero(earlier):
    values = values_of(earlier, "asb.incidents", windows=("year", "four_weeks"))
    assert values["asb.incidents.year.count"] == "not supplied"
    assert values["asb.incidents.year.change"] == "not supplied"
    assert all(text and text != "0" for text in values.values())


def test_figures_alone_for_any_window(report):
    values = figure_values(report, "search.individuals", windows=("calendar_year", "calendar_year_before"))
    assert values == {
        "search.individuals.calendar_year.count": "6,543",
        "search.individuals.calendar_year.period": "January to December 2019",
        "search.individuals.calendar_year.end": "31 December 2019",
        "search.individuals.calendar_year_before.count": "not supplied",
        "search.individuals.calendar_year_before.period": "January to December 2018",
        "search.individuals.calendar_year_before.end": "31 December 2018",
    }


@pytest.mark.parametrize(("quarter", "share"), [("2020-21-Q1", "4.39%"), ("2018-19-Q4", "not supplied")])
def test_shares_of_a_whole(quarter, share, tmp_path):
    project = Project(copy_project(tmp_path))
    parameters = (project.params / "2020-21-Q1.yml").read_text(encoding="utf-8")
    (project.params / f"{quarter}.yml").write_text(parameters.replace("2020-21-Q1", quarter), encoding="utf-8")
    name = "workforce.support_functions"
    values = share_values(Report(quarter, project), [name], "workforce.officers", "financial_year", places=2)
    assert values == {f"{name}.financial_year.share": share}


def test_a_time_is_compared_in_its_unit_alone(report):
    values = values_of(report, "response.grade_1", windows=("year",))
    assert values["response.grade_1.year.minutes"] == "10.1 min"
    assert values["response.grade_1.year.movement"] == "fell by 0.1 min, from 10.2 min to 10.1 min"
    assert values["response.grade_1.year.change"] == "−0.1 min"


def test_made_up_figures_have_no_direction_and_no_headline(earlier):
    names = ("crime.all", "crime.violence_with_injury")
    comparisons = [earlier.measure(name).comparison("quarter") for name in names]
    assert directions(comparisons, "offence types") == "none of the two offence types can be compared"
    assert headline(earlier.measure("crime.all"), comparisons[0]) == "All crime beside an earlier period"


def test_a_headline_tells_the_change(report):
    crime = report.measure("crime.all")
    assert headline(crime, crime.comparison("year")) == "All crime fell by 16%, from 159,838 to 134,069"
    assert headline(crime, crime.comparison("quarter"), "It") == "It fell by 23% (a difference of 8,739)"


def test_change_on_the_previous_quarter(report):
    knife = report.measure("knife.crime")
    values = change_values(
        knife, "knife.crime.quarter", knife.comparison_with_previous_quarter(), "_on_previous_quarter"
    )
    assert values["knife.crime.quarter.change_on_previous_quarter"] == "−24"
    assert values["knife.crime.quarter.movement_on_previous_quarter"] == "fell by 9%, from 281 to 257"
