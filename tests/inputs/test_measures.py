from contextlib import nullcontext
from pathlib import Path

import pytest
from fixtures.projects import copy_project

from scrutiny.analysis.report import Report
from scrutiny.errors import WrongInput
from scrutiny.inputs.check import check_inputs
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
        *[
            ("allowed_lag_months: 1", f"allowed_lag_months: 1\n  baselines: {written}", message)
            for written, message in [
                ("[{from: 2018-5, reason: A}]", "such as 2018-05, not '2018-5'"),
                ("[{from: 2018-13, reason: A}]", "such as 2018-05, not '2018-13'"),
                (
                    "[{from: 2018-05-01, reason: A}]",
                    "baselines.1.from): write the month from which limits begin anew",
                ),
                ("[{from: 2018-05}]", "baselines.1.reason): this key is missing"),
                ("[{from: 2018-05, reason: ' '}]", "baselines.1.reason): this is empty"),
                (
                    f"[{{from: 2018-05, reason: {'A' * 41}}}]",
                    "baselines.1.reason): this is longer than 40 characters",
                ),
                ("[{from: 2018-05, reason: '{{< meta title >}}'}]", "baselines.1.reason): this is plain text"),
                (
                    "[{from: 2018-05, reason: A, months: 11}]",
                    "baselines.1.months): 12 or more belongs here, not 11",
                ),
                ("[{from: 2018-05, reason: A}, {from: 2018-05, reason: B}]", "two baselines begin in 2018-05"),
                ("{from: 2018-05, reason: A}", "baselines): a list belongs here"),
            ]
        ],
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


@pytest.mark.parametrize(
    ("name", "baselines", "message"),
    [
        ("sexual.rape", "{from: 2017-07, reason: A}, {from: 2020-06, reason: B}", None),
        (
            "sexual.rape",
            "{from: 2017-06, reason: A}",
            "cannot begin anew in June 2017: the figures by month are from",
        ),
        (
            "sexual.rape",
            "{from: 2020-07, reason: A}",
            "in July 2020: the figures by month are from July 2017 to June",
        ),
        ("hate.crimes", "{from: 2019-08, reason: A}", None),
        (
            "hate.crimes",
            "{from: 2019-10, reason: A}, {from: 2019-08, reason: B}",
            "no figure from August 2019 until",
        ),
        ("asb.incidents", "{from: 2019-08, reason: A}", None),
    ],
)
def test_limits_begin_anew_where_there_are_figures(tmp_path, name, baselines, message):
    root = copy_project(tmp_path)
    file = root / "data" / "measures.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(f"\n{name}:\n", f"\n{name}:\n  baselines: [{baselines}]\n"), encoding="utf-8")
    project = Project(root)
    # Of whatever quarter: a step after its end is no mistake.
    with nullcontext() if message is None else pytest.raises(WrongInput, match=message) as caught:
        check_inputs(project, project.parameters("2019-20-Q4"))
    assert message is None or f"data/measures.yaml ({name}.baselines)" in str(caught.value)


def test_an_unknown_measure_is_answered_with_the_nearest():
    with pytest.raises(WrongInput, match=r'no measure \'crime.al\'\n    did you mean "crime.all"'):
        MEASURES["crime.al"]
