from pathlib import Path

import pytest

from scrutiny.analysis.report import Report
from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import FIGURE_FIELDS
from scrutiny.inputs.measures import load_measures
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO

PROJECT = Project(Path(__file__).parents[2])
MEASURES = PROJECT.measures
APPENDIX_A = {
    "budget": ["visible_share", "non_visible_share"],
    "response": ["grade_1", "grade_2", "grade_3"],
    "calls": [
        "emergency_service_level",
        "emergency_time_to_answer",
        "non_emergency_service_level",
        "non_emergency_time_to_answer",
    ],
    "crime": [
        "all",
        "violence_with_injury",
        "violence_without_injury",
        "burglary_residential",
        "robbery_personal",
        "public_order",
    ],
    "asb": ["incidents"],
    "sexual": ["rape", "other"],
    "cse": ["crimes"],
    "slavery": ["crimes"],
    "da": ["crimes"],
    "hate": ["crimes"],
    "missing": ["incidents"],
    "satisfaction": ["burglary", "violence", "hate", "domestic_abuse", "anti_social_behaviour"],
    "csew": ["confidence"],
}
REPORTS_WELCOME = ("da", "sexual", "hate", "cse", "slavery", "nrm", "missing")
"""Topics of which more reports may mean more trust."""

ONE = """
crime.all:
  title: All crime
  definition: All of it.
  unit: offences
  polarity: lower
  dataset: recorded_crime
  where: {area: lancashire}
  source: a-system
  allowed_lag_months: 1
"""


@pytest.fixture(scope="module")
def report():
    return Report("2020-21-Q1", PROJECT)


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_is_defined_and_selects_one_figure_of_a_period(report, name):
    measure = MEASURES[name]
    assert measure.definition.endswith(".")
    assert measure.allowed_lag_months >= measure.lag_months
    assert measure.material_change == (2 if measure.statistic == "percent" else 5)
    resource = PROJECT.datapackage.resource(measure.dataset)
    assert measure.source in resource.source_names
    topics = {field.name for field in resource.fields if field.name not in FIGURE_FIELDS}
    assert measure.where.keys() == topics | {"area"}
    rows = report.dataset(measure.dataset).where(measure.where).rows
    assert not rows[rows["source"] == measure.source].duplicated(["period_start", "period_end", "statistic"]).any()


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_has_a_published_figure_or_change_in_a_window(report, name):
    reported = report.measure(name)
    data = [reported.figure(window) for window in SAME_PERIOD_A_YEAR_AGO]
    data += [datum for window in SAME_PERIOD_A_YEAR_AGO for datum in reported.comparison(window).shown]
    assert any(datum.number is not None and "published" in datum.provenance.statuses for datum in data)


def test_all_29_measures_of_appendix_a_are_there_with_a_title_each():
    names = [f"{topic}.{measure}" for topic, measures in APPENDIX_A.items() for measure in measures]
    assert len(names) == 29
    assert len({MEASURES[name].title for name in names}) == 29


def test_more_reports_are_neither_better_nor_worse_where_they_may_be_welcome():
    welcome = [measure for name, measure in MEASURES.items() if name.split(".")[0] in REPORTS_WELCOME]
    assert {measure.polarity for measure in welcome} == {"neither"}


def test_responses_have_their_targets_in_minutes():
    targets = {name: measure.target.at_most for name, measure in MEASURES.items() if measure.target}
    assert targets == {"response.grade_1": 15, "response.grade_2": 60, "response.grade_3": 48 * 60}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("polarity: lower", "polarity: down", "'lower', 'higher' or 'neither'"),
        ("  definition: All of it.\n", "", "definition): this key is missing"),
        ("  source: a-system\n", "", "source): this key is missing"),
        ("  polarity: lower\n", "", "polarity): this key is missing"),
        ("  allowed_lag_months: 1\n", "", "allowed_lag_months): this key is missing"),
        ("crime.all:", "crime:", "a measure is named like crime.all, not 'crime'"),
        (
            "allowed_lag_months: 1",
            "allowed_lag_months: 1\n  target: {at_most: 1, at_least: 2}",
            "either at_most or",
        ),
        ("lag_months: 1", "lag_months: 1\n  numerator: crime.all", "numerator and denominator go together"),
        (
            "lag_months: 1",
            "lag_months: 1\n  numerator: crime.al\n  denominator: [crime.all]",
            "crime.all.numerator): 'crime.al' is not a measure",
        ),
        (
            "lag_months: 1",
            "lag_months: 1\n  numerator: crime.all\n  denominator: crime.all",
            "'crime.all' is computed from other measures itself",
        ),
        (
            "lag_months: 1",
            "lag_months: 1\n  numerator: a.b\n  denominator: a.c\n  sum_of: [a.d]",
            "a measure is a ratio (numerator, denominator) or a sum (sum_of)",
        ),
    ],
)
def test_a_wrong_measure_is_told(tmp_path, old, new, message):
    path = tmp_path / "measures.yaml"
    path.write_text(ONE.replace(old, new), encoding="utf-8")
    with pytest.raises(WrongInput) as caught:
        load_measures(path)
    assert message in str(caught.value)


def test_an_unknown_measure_is_answered_with_the_nearest():
    with pytest.raises(WrongInput, match=r'no measure \'crime.al\'\n    did you mean "crime.all"'):
        MEASURES["crime.al"]
