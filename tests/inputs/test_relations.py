"""Totals found among rows, and sums of the project's own data taken by them."""

from pathlib import Path

import pytest
from fixtures.relations import PEOPLE, SEX, frame, resource

from scrutiny.inputs.datapackage import load_datapackage
from scrutiny.inputs.figures import figures_of
from scrutiny.inputs.partitions import wrong_parts
from scrutiny.inputs.relations import relations_of
from scrutiny.inputs.schema import read_dataset

DATA = Path(__file__).parents[2] / "data"
PACKAGE = load_datapackage(DATA / "datapackage.yaml")


def relations(described, rows):
    """Give the positions of each total and of its parts."""
    found = relations_of(described, figures_of(described, rows))
    return [(one.total.position, tuple(part.position for part in one.parts)) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            a all all jun count 9 supplied
            a female all jun count 5 supplied
            a male all jun count 4 supplied
            a not_known all jun count 0 supplied
            """,
            {(0, (1, 2, 3))},
        ),
        ("a all all jun count 9 supplied\na female all jun count 5 supplied", set()),
        (
            """
            a all all jun count 9 supplied
            a all young jun count 5 supplied
            b all old jun count 4 supplied
            """,
            set(),
        ),
        (
            """
            a all all jun percent 9 supplied
            a all young jun percent 5 supplied
            a all old jun percent 4 supplied
            """,
            set(),
        ),
        (
            """
            a male young q1 count 9 supplied
            a male young jun count 2 supplied
            a male young apr count 3 supplied
            a male young may count 4 supplied
            """,
            {(0, (2, 3, 1))},
        ),
        (
            """
            a male young half count 9 supplied
            a male young q1 count 2 supplied
            a male young q4 count 3 supplied
            """,
            {(0, (2, 1))},
        ),
        (
            """
            a male young q1 fte 9 supplied
            a male young apr fte 2 supplied
            a male young may fte 3 supplied
            a male young jun fte 4 supplied
            """,
            set(),
        ),
        ("a male young weeks count 9 supplied\na male young jun count 9 supplied", set()),
    ],
    ids=["kinds", "a part is missing", "of two sources", "percentages", "months", "quarters", "stock", "weeks"],
)
def test_totals_among_rows(text, expected):
    assert set(relations(PEOPLE, frame(PEOPLE, text))) == expected


def test_all_others_are_the_parts_where_the_field_has_no_list():
    teams = resource({"name": "team", "type": "string", "partsOf": {"All": "*"}})
    rows = frame(
        teams,
        """
        a North jun count 4 supplied
        a All jun count 9 supplied
        a South jun count 5 supplied
        a North may count 5 supplied
        """,
    )
    assert relations(teams, rows) == [(1, (0, 2))]


def test_a_field_that_follows_from_another_need_not_agree():
    by_group = resource(
        {"name": "characteristic", "type": "string", "follows": "group"},
        {
            "name": "group",
            "type": "string",
            "constraints": {"enum": ["all", "young", "old", "female", "male"]},
            "partsOf": {"all": [["young", "old"], ["female", "male"]]},
        },
    )
    rows = frame(
        by_group,
        """
        a all all jun count 9 supplied
        a age young jun count 4 supplied
        a age old jun count 5 supplied
        a sex female jun count 3 supplied
        a sex male jun count 6 supplied
        """,
    )
    assert relations(by_group, rows) == [(0, (1, 2)), (0, (3, 4))]


EXACT = {"workforce": 13, "budget": 2, "stop_and_search": 1, "missing_persons": 2, "sexual_offences": 2}


@pytest.mark.parametrize("name", EXACT)
def test_the_projects_own_totals_are_the_sums_of_their_parts(name):
    described = PACKAGE.resource(name)
    rows = read_dataset(described, DATA / described.path)
    found = relations(described, rows)
    assert len(found) >= EXACT[name]
    for total, parts in found:
        assert rows["value"][list(parts)].sum() == pytest.approx(rows["value"][total], abs=0.051)


def test_respondents_are_as_many_whatever_they_are_divided_by():
    described = PACKAGE.resource("satisfaction")
    rows = read_dataset(described, DATA / described.path)
    (group,) = [field for field in described.fields if field.name == "group"]
    counts = rows[rows["statistic"] == "respondents"]
    for _, survey in counts.groupby(["survey", "period_start"]):
        sums = {survey["value"][survey["group"].isin(parts)].sum() for parts in group.parts_of["all"]}
        assert len(sums) == 1


@pytest.mark.parametrize(
    ("parts_of", "enum", "message"),
    [
        ({"all": (("b", "c"),)}, ("a", "b", "c"), "names 'all', which enum does not have"),
        ({"a": (("b", "d"),)}, ("a", "b", "c"), "names 'd', which enum does not have"),
        ({"a": (("b", "b"),)}, ("a", "b"), "a part of 'a' twice"),
        ({"a": (("b",),)}, ("a", "b"), "into fewer than two parts"),
        ({"a": ()}, ("a", "b"), "no parts of 'a'"),
        ({"a": (("a", "b"),)}, ("a", "b"), "makes 'a' a part of its own parts"),
        ({"a": (("b", "c"),), "b": (("a", "c"),)}, ("a", "b", "c"), "makes 'a' a part of its own parts"),
        ({"a": (("b", "c"),)}, None, 'write {a: "*"}'),
        ({"d": (("*",),)}, ("a", "b"), "divides 'd', which enum does not have"),
    ],
)
def test_wrong_parts_are_told(parts_of, enum, message):
    assert message in wrong_parts(parts_of, enum)


def test_right_parts_are_taken():
    assert wrong_parts({"a": (("b", "c"), ("d", "e")), "b": (("d", "f"),)}, tuple("abcdef")) is None
    assert wrong_parts({"a": (("*",),)}, None) is None


@pytest.mark.parametrize(
    ("field", "message"),
    [
        (SEX | {"partsOf": {"all": ["female", "mail"]}}, "partsOf names 'mail'"),
        (SEX | {"partsOf": {"all": "female"}}, "partsOf"),
        (SEX | {"follows": "age"}, "follows 'age', which is not another field with partsOf"),
        (
            {"name": "sex", "type": "integer", "partsOf": {"1": "*"}},
            "partsOf is for fields that say what is counted",
        ),
    ],
)
def test_wrong_properties_of_fields_are_refused(field, message):
    with pytest.raises(ValueError, match=message):
        resource(field)
