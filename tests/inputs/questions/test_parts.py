"""Shares, averages, rates and changes that are not what their parts give: a table of cases for each."""

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.measures import load_measures
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.parts import check_changes, check_shares
from scrutiny.inputs.questions.ratios import check_ratios
from scrutiny.statistics.arithmetic import round_half_away

RESOURCE = yaml.safe_load("""
name: people
path: people.csv
title: People
description: People.
sources: [{name: a, title: A}, {name: b, title: B}]
schema:
  fields:
    - {name: source, type: string}
    - {name: area, type: string}
    - name: kind
      type: string
      constraints: {enum: [all, one, two, three]}
      partsOf: {all: [one, two], two: [three]}
    - {name: period_start, type: date}
    - {name: period_end, type: date}
    - {name: statistic, type: string}
    - {name: value, type: number}
    - {name: symbol, type: string}
    - {name: status, type: string}
    - {name: as_at, type: date}
  primaryKey: [source, area, kind, period_start, period_end, statistic]
""")
RESOURCE["schema"]["fields"][2]["partsOf"] = {"all": ["one", "two"]}
QUARTER, LAST_YEAR, YEAR = ("2020-04-01", "2020-06-30"), ("2019-04-01", "2019-06-30"), ("2019-07-01", "2020-06-30")
MONTHS = [("2020-04-01", "2020-04-30"), ("2020-05-01", "2020-05-31"), ("2020-06-01", "2020-06-30")]


def figures(*rows, name="people", source="a"):
    """Give a dataset of rows: period, kind, statistic and value, perhaps status."""
    resource = Resource.model_validate({**RESOURCE, "name": name, "path": f"{name}.csv"})
    columns = ["period_start", "period_end", "kind", "statistic", "value", "status"]
    frame = pd.DataFrame([(*row[0], *row[1:], *["supplied"][len(row) - 4 :]) for row in rows], columns=columns)
    frame = frame.assign(source=source, area="lancashire", symbol="", as_at="2020-10-05", line=frame.index + 2)
    return Figures(
        resource, frame.astype(dict.fromkeys(["period_start", "period_end", "as_at"], "datetime64[ns]"))
    )


def told(outcome):
    return outcome.held, [(one.value, one.expected.partition(",")[0]) for one in outcome.questions]


@pytest.mark.parametrize(
    ("rows", "held", "asked"),
    [
        pytest.param(
            [("respondents", 80), ("satisfied", 46), ("percent", 57.5)], 1, [], id="satisfied of answers"
        ),
        pytest.param(
            [("respondents", 80), ("satisfied", 50), ("percent", 57.5)], 0, [("57.5", "62.5%")], id="not so"
        ),
        pytest.param([("respondents", 80), ("satisfied", 46), ("percent", 58)], 1, [], id="rounded"),
        pytest.param(
            [("respondents", 80), ("satisfied", 46), ("percent", 56)], 0, [("56", "57.5%")], id="wrongly"
        ),
        pytest.param([("respondents", 0), ("satisfied", 0), ("percent", 0)], 0, [], id="of nobody"),
        pytest.param([("satisfied", 46), ("percent", 57)], 0, [], id="of how many is not known"),
        pytest.param([("count", 46), ("percent", 57)], 0, [], id="a count beside it is no part"),
    ],
)
def test_the_share_of_those_who_were_satisfied(rows, held, asked):
    assert told(check_shares(figures(*((QUARTER, "one", *row) for row in rows)))) == (held, asked)


def shares(one, two, whole=None, statistic="count", total=200):
    rows = [("one", statistic, 115), ("two", statistic, 85), ("all", statistic, total)]
    rows += [("one", "percent", one), ("two", "percent", two)]
    rows += [("all", "percent", whole)] if whole is not None else []
    return figures(*((QUARTER, *row) for row in rows if row[2] is not None))


@pytest.mark.parametrize(
    ("given", "held", "asked"),
    [
        pytest.param({"one": 57.5, "two": 42.5}, 2, [], id="shares of the whole"),
        pytest.param({"one": 57.5, "two": 42.5, "whole": 100}, 2, [], id="whose own share is 100"),
        pytest.param({"one": 62.2, "two": 42.5, "whole": 100}, 1, [("62.2", "57.5%")], id="one is wrong"),
        pytest.param({"one": 62.2, "two": 42.5}, 1, [("62.2", "57.5%")], id="one is wrong, the whole has none"),
        pytest.param({"one": 57.5, "two": 42.5, "total": None}, 2, [], id="of the sum of the parts"),
        pytest.param({"one": 62.2, "two": 42.5, "total": None}, 1, [("62.2", "57.5%")], id="not of the sum"),
        pytest.param({"one": 80, "two": 38, "whole": 62}, 0, [], id="answered in time: no share of the whole"),
        pytest.param({"one": 80, "two": 38}, 0, [], id="percentages of two things do not come to 100"),
        pytest.param({"one": 58, "two": 43, "statistic": "fte"}, 2, [], id="of staff, rounded"),
        pytest.param({"one": 60, "two": 42.5, "statistic": "gbp_million"}, 1, [("60", "57.5%")], id="of money"),
        pytest.param({"one": 7, "two": 93, "statistic": "minutes"}, 0, [], id="times are no parts of another"),
    ],
)
def test_the_share_of_a_part_in_its_whole(given, held, asked):
    assert told(check_shares(shares(**given))) == (held, asked)


def test_rounded_parts_allow_what_their_rounding_does():
    # 27.2 of 80.5 may be 33.71 to 33.87; 34 may be 33.5 to 34.5.
    for value, held in ((33.8, 1), (33.75, 1), (33.84, 1), (34, 1), (34.1, 0), (33.6, 0)):
        rows = [("one", "fte", 27.2), ("two", "fte", 53.3), ("all", "fte", 80.5), ("one", "percent", value)]
        rows.append(("two", "percent", 66.2))
        outcome = check_shares(figures(*((QUARTER, *row) for row in rows)))
        assert outcome.held == 1 + held, value


@pytest.mark.parametrize(
    ("statistic", "whole", "parts", "asked"),
    [
        pytest.param("percent", 57.5, (50, 60, 62), [], id="between"),
        pytest.param("percent", 62.2, (50, 60, 62), [], id="above by rounding"),
        pytest.param("percent", 64, (50, 60, 62), [("64", "62%")], id="above all months"),
        pytest.param("minutes", 9.2, (9.4, 10.1, 11), [("9.2", "9.4")], id="below all"),
        pytest.param("seconds", 9.2, (9.1, None, 11), [], id="a month is not known"),
        pytest.param("count", 300, (90, 100, 110), [], id="a count is a sum"),
    ],
)
def test_an_average_lies_between_its_months(statistic, whole, parts, asked):
    rows = [(month, "one", statistic, part) for month, part in zip(MONTHS, parts, strict=True) if part is not None]
    assert told(check_shares(figures((QUARTER, "one", statistic, whole), *rows)))[1] == asked


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 2))
def test_a_share_rounded_once_is_never_asked_about(part, rest, places):
    value = float(round_half_away(100 * part / (part + rest), places))
    rows = [("respondents", part + rest), ("satisfied", part), ("percent", value)]
    assert told(check_shares(figures(*((QUARTER, "one", *row) for row in rows)))) == (1, [])


@pytest.mark.parametrize(
    ("rows", "held", "asked"),
    [
        pytest.param(
            [(LAST_YEAR, "one", "count", 60), (LAST_YEAR, "two", "count", 40), (QUARTER, "one", "count", 50),
             (QUARTER, "two", "count", 39), (QUARTER, "all", "change", -12)],
            0, [("-12", "-11")], id="of a total that only its parts give",
        ),
        pytest.param(
            [(LAST_YEAR, "one", "minutes", 10.2), (QUARTER, "one", "minutes", 10.1), (QUARTER, "one", "change", -0.5)],
            0, [("-0.5", "-0.1")], id="of a time",
        ),
        pytest.param(
            [(LAST_YEAR, "one", "gbp_million", 24.1), (QUARTER, "one", "gbp_million", 25.6),
             (QUARTER, "one", "percent_change", 6.2)],
            1, [], id="of money, rounded",
        ),
        pytest.param(
            [(QUARTER, "one", "count", 617), (QUARTER, "one", "change", -142), (QUARTER, "one", "percent_change", -17)],
            0, [("-17", "-18.71%")], id="of the count and the change that are given",
        ),
        pytest.param(
            [(LAST_YEAR, "one", "count", 100), (QUARTER, "one", "percent_change", -17)], 0, [], id="one count alone"
        ),
        pytest.param(
            [(LAST_YEAR, "one", "rate", 4.2), (QUARTER, "one", "rate", 4.4), (QUARTER, "one", "percent_change", 9)],
            0, [("9", "4.76%")], id="of a statistic that the force has named",
        ),
    ],
)  # fmt: skip
def test_a_change_of_any_level(rows, held, asked):
    assert told(check_changes(figures(*rows))) == (held, asked)


MEASURES = """
{name}:
  {{title: A, definition: A, unit: "%", statistic: {statistic}, polarity: higher, dataset: {dataset}, source: {source},
   where: {{kind: {kind}}}, allowed_lag_months: 1{more}}}
"""


def measures(folder, *specs):
    defaults = {"statistic": "count", "dataset": "people", "source": "a", "kind": "one", "more": ""}
    path = folder / "measures.yaml"
    path.write_text("".join(MEASURES.format(**(defaults | spec)) for spec in specs))
    return load_measures(path)


@pytest.mark.parametrize(
    ("per", "value", "asked"),
    [
        (100, 22.1, []),
        (100, 22, []),
        (100, 24.1, [("24.1", "22.11%")]),
        (1000, 221, []),
        (1000, 241, [("241", "221.05")]),
        (1, 0.22, []),
        (1, 0.24, [("0.24", "0.22")]),
    ],
)
def test_a_share_or_rate_of_measures_of_other_datasets(tmp_path, per, value, asked):
    statistic = "percent" if per == 100 else "rate"
    known = measures(
        tmp_path,
        {"name": "x.arrests", "dataset": "arrests"},
        {"name": "x.searches", "dataset": "searches", "source": "b", "kind": "all", "more": ", sum_of: [x.b, x.c]"},
        {"name": "x.b", "dataset": "searches", "source": "b", "kind": "one"},
        {"name": "x.c", "dataset": "searches", "source": "b", "kind": "two"},
        {"name": "x.share", "dataset": "shares", "statistic": statistic,
         "more": f", numerator: x.arrests, denominator: [x.searches], per: {per}"},
    )  # fmt: skip
    read = {
        "arrests": figures((YEAR, "one", "count", 21), name="arrests"),
        "searches": figures((YEAR, "one", "count", 55), (YEAR, "two", "count", 40), name="searches", source="b"),
        "shares": figures((YEAR, "one", statistic, value), name="shares"),
    }
    outcome = check_ratios(known, read.__getitem__)
    assert told(outcome) == (0 if asked else 1, asked)
    if asked:
        (question,) = outcome.questions
        assert question.file == "data/shares.csv"
        assert "21 " in question.what and "of 95 (data/arrests.csv, line 2; data/searches.csv, lines 2, 3)" in (
            question.what.replace("lines 2–3", "lines 2, 3")
        )
