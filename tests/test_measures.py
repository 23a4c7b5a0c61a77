from pathlib import Path

import pytest

from scrutiny.datapackage import load_datapackage
from scrutiny.errors import WrongInput
from scrutiny.measures import load_measures

DATA = Path(__file__).parent.parent / "data"
MEASURES = load_measures(DATA / "measures.yaml")
PACKAGE = load_datapackage(DATA / "datapackage.yaml")

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


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_is_defined_and_has_its_data(name):
    measure = MEASURES[name]
    assert measure.definition.endswith(".")
    assert measure.allowed_lag_months >= measure.lag_months
    resource = PACKAGE.resource(measure.dataset)
    assert measure.source in resource.source_names


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
