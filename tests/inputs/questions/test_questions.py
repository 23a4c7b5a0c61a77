"""What the data raise as a question: a table of tiny datasets for each check, answers, and the project's own."""

import json
import shutil
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from itertools import chain

import pandas as pd
import pytest
import yaml
from fixtures.projects import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.cache import Cache
from scrutiny.errors import WrongInput, WrongUse
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import with_commas
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import CHECKS, answer, judge
from scrutiny.inputs.questions.answers import Answer, load_answers, write_answers
from scrutiny.inputs.questions.dates import check_dates
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.parts import check_changes
from scrutiny.inputs.questions.series import check_jumps, check_months
from scrutiny.inputs.questions.sources import check_sources
from scrutiny.inputs.questions.totals import check_sums
from scrutiny.inputs.schema import dataset_problems, read_dataset
from scrutiny.statistics.periods import Period

RESOURCE = yaml.safe_load("""
name: offences
path: offences.csv
title: Offences
description: Offences.
sources: [{name: dashboard, title: Dashboard}, {name: return, title: Return}]
schema:
  fields:
    - {name: source, type: string, constraints: {required: true}}
    - {name: area, type: string, constraints: {required: true}}
    - name: offence
      type: string
      constraints: {required: true, enum: [all, theft, violence]}
      partsOf: {all: [theft, violence]}
    - {name: period_start, type: date, constraints: {required: true}}
    - {name: period_end, type: date, constraints: {required: true}}
    - {name: statistic, type: string, constraints: {required: true}}
    - {name: value, type: number}
    - {name: symbol, type: string}
    - {name: status, type: string, constraints: {required: true}}
    - {name: as_at, type: date, constraints: {required: true}}
  primaryKey: [source, area, offence, period_start, period_end, statistic]
""")
COLUMNS = [field["name"] for field in RESOURCE["schema"]["fields"]]
TYPICAL = {
    "source": "dashboard", "area": "lancashire", "offence": "all", "period_start": "2020-04-01",
    "period_end": "2020-06-30", "statistic": "count", "value": "100", "status": "supplied", "as_at": "2021-12-31",
}  # fmt: skip


def row(**cells):
    return {**TYPICAL, **{name: str(cell) for name, cell in cells.items()}}


def over(start, end, value="100", **cells):
    return row(period_start=start, period_end=end, value=value, **cells)


def months(values, first="2019-01", **cells):
    """Give a row for each month; None leaves the month out."""
    last = (pd.Period(first, "M") + len(values) - 1).end_time.date()
    return [
        over(month.start, month.end, value, **cells)
        for month, value in zip(Period.of_months(last, len(values)).months, values, strict=True)
        if value is not None
    ]


def figures_of(folder, rows):
    resource = Resource.model_validate(RESOURCE)
    path = folder / resource.path
    pd.DataFrame(rows, columns=COLUMNS).to_csv(path, index=False)
    return Figures(resource, read_dataset(resource, path))


def asked(outcome):
    """Give what held, and line, column and value of each question."""
    return outcome.held, [(one.line, one.column, one.value) for one in outcome.questions]


@pytest.mark.parametrize(
    ("start", "end", "lags", "question"),
    [
        pytest.param("2020-04-01", "2020-06-30", {0}, None, id="quarter"),
        pytest.param("2020-06-03", "2020-06-30", {0}, None, id="four weeks"),
        pytest.param("2020-03-31", "2020-03-31", {0}, None, id="a day"),
        pytest.param("2019-06-01", "2020-05-31", {0}, None, id="year to May"),
        pytest.param("2020-01-01", "2020-06-30", {0}, None, id="half a year"),
        pytest.param("2020-03-01", "2020-05-31", {0, 1}, None, id="quarter one month behind"),
        pytest.param("2020-02-01", "2020-04-30", {2}, None, id="quarter two months behind"),
        pytest.param("2020-03-01", "2020-05-31", {0}, "three months, but not a quarter", id="no quarter"),
        pytest.param("2020-03-01", "2020-05-31", {3}, "three months, but not a quarter", id="lag of a quarter"),
        pytest.param("2020-04-01", "2020-06-15", {0}, "neither whole months nor whole weeks", id="to the 15th"),
    ],
)
def test_a_period_is_one_of_a_report(tmp_path, start, end, lags, question):
    rows = [over(start, end), over(start, end, offence="theft"), over("2020-04-01", "2020-04-30")]
    outcome = check_dates(figures_of(tmp_path, rows), lags)
    if question is None:
        assert asked(outcome) == (3, [])
    else:
        assert asked(outcome) == (1, [(2, "period_end", end)])
        assert question in outcome.questions[0].what
        assert "and of 1 more" in outcome.questions[0].what


QUARTERS_OF_2020 = [
    over(f"2020-{first:02}-01", f"2020-{first + 2:02}-{30 if first in (4, 7) else 31}") for first in (1, 4, 7, 10)
]


@pytest.mark.parametrize(
    ("rows", "held", "lines", "lacking"),
    [
        pytest.param(months([5] * 6), 1, [], "", id="complete"),
        pytest.param(months([5, 5, 5, None, 5, 5]), 0, [5], "lacks April 2019", id="a month"),
        pytest.param(months([5, 5, 5, None, None, 5, 5]), 0, [5], "lacks April to May 2019", id="two months"),
        pytest.param(months([5, 5, 5, None, 5, 5, None, 5, 5]), 0, [5, 7], "lacks April", id="two gaps"),
        pytest.param(
            [*months([5, 5, 5]), over("2019-04-01", "2019-04-30", "", symbol="x"), *months([5], "2019-05")],
            1, [], "", id="not supplied, and said so",
        ),
        pytest.param(months([5, *[None] * 11, 5]), 0, [], "", id="June and June are no series"),
        pytest.param(months([5, None, 5, None, 5]), 0, [], "", id="every other month"),
        pytest.param(months([5, 5, 5, None, 5, 5], status="illustrative"), 0, [], "", id="illustrative"),
        pytest.param(
            [*months([5, 5, 5], status="illustrative"), *months([5, 5], "2019-05")], 0, [5], "lacks April 2019",
            id="illustrative, then supplied",
        ),
        pytest.param(QUARTERS_OF_2020, 1, [], "", id="quarters"),
        pytest.param(
            [*QUARTERS_OF_2020, over("2021-04-01", "2021-06-30")], 0, [6], "lacks January to March 2021",
            id="a quarter",
        ),
        pytest.param(
            [*months([5] * 4), *months([5, 5, None, 5, 5], offence="theft")], 1, [8], "theft: count lacks March",
            id="of one of two series",
        ),
        pytest.param([], 0, [], "", id="no rows"),
    ],
)  # fmt: skip
def test_months_without_gaps(tmp_path, rows, held, lines, lacking):
    outcome = check_months(figures_of(tmp_path, rows))
    assert outcome.held == held
    assert [question.line for question in outcome.questions] == lines
    assert all(question.column == "period_start" for question in outcome.questions)
    assert lacking in "".join(question.what for question in outcome.questions[:1])


STEADY = [100, 110, 100, 110, 100, 110, 100, 110, 100, 110, 100, 110, 100, 110]
"""Moving ranges of 10."""


@pytest.mark.parametrize(
    ("rows", "held", "lines"),
    [
        pytest.param(months(STEADY), 1, [], id="steady"),
        pytest.param(months([*STEADY, 160]), 1, [], id="at 5 moving ranges"),
        pytest.param(months([*STEADY, 161]), 0, [16], id="beyond 5 moving ranges"),
        pytest.param(months([*STEADY, 59]), 0, [16], id="down"),
        pytest.param(months([*STEADY, 1000, *STEADY]), 0, [16], id="there and back is one question"),
        pytest.param(months([*STEADY, *(value + 500 for value in STEADY)]), 0, [16], id="a new level"),
        pytest.param(months([*STEADY, None, 1000, 1010]), 1, [], id="not across a gap"),
        pytest.param(months([*STEADY, 1000], status="illustrative"), 0, [], id="illustrative"),
        pytest.param(
            [*months(STEADY, status="illustrative"), *months([1000] * 12, "2020-03")], 1, [],
            id="supplied after illustrative",
        ),
        pytest.param(months([*STEADY[:10], 1000]), 0, [12], id="under 12 figures"),
        pytest.param(months([*STEADY[:10], 1000], statistic="fte"), 0, [], id="too short, and no count"),
        pytest.param(months([0] * 14 + [5]), 1, [], id="a rare event"),
        pytest.param(months([0] * 14 + [6]), 0, [16], id="more than a rare event"),
        pytest.param(months([50.0] * 14 + [50.5], statistic="percent"), 0, [16], id="a percentage that never moved"),
        pytest.param(
            [*months(STEADY), over("2020-03-01", "2020-03-31", "", symbol="x")], 1, [], id="an absent month"
        ),
        pytest.param([], 0, [], id="no rows"),
    ],
)  # fmt: skip
def test_a_jump_is_questioned(tmp_path, rows, held, lines):
    outcome = check_jumps(figures_of(tmp_path, rows))
    assert (outcome.held, [question.line for question in outcome.questions]) == (held, lines)


ASB = [3320, 3524, 3543, 3686]
"""Incidents in Lancashire, November 2018 to February 2019, by data.police.uk."""
SEARCHES = [
    429, 365, 692, 409, 665, 509, 681, 612, 729, 883, 865, 590, 1078, 750, 684, 893, 1016, 993, 892, 569, 618, 823, 933,
    794, 903, 925, 908, 866, 862, 1201, 589, 724, 617, 767, 750,
]  # fmt: skip
"""Searches of people there, January 2019 to November 2021, by the same."""


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        pytest.param(ASB, [], id="as published"),
        pytest.param([*ASB[:3], 2322], [5], id="37% lost"),
        pytest.param([*ASB[:3], 2457], [5], id="a third lost"),
        pytest.param([2213, *ASB[1:]], [3], id="a third of the first lost"),
        pytest.param([ASB[0], 2349, *ASB[2:]], [3], id="a third in the middle lost"),
        pytest.param([*ASB[:3], 2 * ASB[3]], [5], id="twice"),
        pytest.param([ASB[0], 2 * ASB[1], *ASB[2:]], [3], id="twice in the middle"),
        pytest.param([*ASB, *(value * 63 // 100 for value in ASB[:3])], [6], id="three months cut"),
        pytest.param([3543, 2322], [3], id="two figures"),
        pytest.param([3543, 3186], [], id="two figures, a tenth less"),
        pytest.param(SEARCHES, [], id="a series that moves a lot"),
        pytest.param([5, 9, 4, 7, 2], [], id="few by chance"),
        pytest.param([5, 0, 4], [], id="none by chance"),
        pytest.param([120, 0, 118], [3], id="none"),
        pytest.param([3543], [], id="one figure"),
    ],
)  # fmt: skip
def test_a_count_that_departs_from_its_neighbours(tmp_path, values, lines):
    outcome = check_jumps(figures_of(tmp_path, months(values)))
    assert [question.line for question in outcome.questions] == lines
    assert outcome.held == (not lines and len(values) > 1)


def test_what_is_said_of_a_count_that_departs(tmp_path):
    (question,) = check_jumps(figures_of(tmp_path, months([*ASB[:3], 2322]))).questions
    assert question.what == (
        "2,322 (lancashire, all: count, April 2019) is 1,221 less than 3,543 before; the series usually moves by 6%"
    )
    assert question.expected == "between 2,530.7 and 4,960.2"


def test_what_is_said_of_a_jump(tmp_path):
    (question,) = check_jumps(figures_of(tmp_path, months([*STEADY, 161]))).questions
    assert question.value == "161"
    assert question.what == (
        "161 (lancashire, all: count, March 2020) is 51 more than 110 before; the series usually moves by 10"
    )
    assert question.expected == "between 60 and 160, within 5 moving ranges"


@pytest.mark.parametrize(
    ("whole", "parts", "cells", "expected"),
    [
        pytest.param(100, (60, 40), {}, None, id="counts"),
        pytest.param(100, (60, 41), {}, "101, the sum of the parts", id="one more"),
        pytest.param(100, (60, 39), {}, "99, the sum of the parts", id="one less"),
        pytest.param("10.0", ("6.1", "4.0"), {"statistic": "fte"}, None, id="within rounding"),
        pytest.param("10.0", ("6.1", "4.1"), {"statistic": "fte"}, "10.2, the sum of the parts, give or take 0.15",
                     id="beyond rounding"),
        pytest.param("80.5", ("52.8", "27.7"), {"statistic": "gbp_million"}, None, id="money"),
        pytest.param(50, (60, 40), {"statistic": "percent"}, None, id="percentages do not add up"),
        pytest.param(100, (60, 41), {"status": "illustrative"}, None, id="illustrative"),
    ],
)  # fmt: skip
def test_parts_that_sum_to_their_total(tmp_path, whole, parts, cells, expected):
    rows = [
        row(value=value, offence=offence, **cells)
        for offence, value in zip(("all", "theft", "violence"), (whole, *parts), strict=True)
    ]
    outcome = check_sums(figures_of(tmp_path, rows))
    if expected:
        assert outcome.held == 0
        assert asked(outcome) == (0, [(2, "value", with_commas(Decimal(whole)))])
        assert outcome.questions[0].expected == expected
    else:
        assert outcome.questions == ()


def test_a_year_and_its_months(tmp_path):
    rows = [over("2019-01-01", "2019-12-31", 120), *months([10] * 12)]
    assert asked(check_sums(figures_of(tmp_path, rows))) == (1, [])
    rows[5]["value"] = "55"
    (question,) = check_sums(figures_of(tmp_path, rows)).questions
    assert "the 12 parts of lancashire, all: count, January to December 2019" in question.what
    assert "add up to 165, 45 more than this total, 120" in question.what


@pytest.mark.parametrize("absent", ["all", "theft"])
def test_a_sum_with_an_absent_figure_is_not_judged(tmp_path, absent):
    rows = [row(offence=offence, value=7) for offence in ("all", "theft", "violence")]
    next(one for one in rows if one["offence"] == absent).update(value="", symbol="c")
    assert asked(check_sums(figures_of(tmp_path, rows))) == (0, [])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.tuples(*[st.decimals(0, 10_000, places=3)] * 2),
    places=st.integers(0, 2),
    wrong=st.sampled_from([0, 3, -3]),
)
def test_rounding_never_raises_a_question_and_more_does(tmp_path, parts, places, wrong):
    unit = Decimal(1).scaleb(-places)
    total = sum(parts).quantize(unit) + wrong * unit
    rounded = [part.quantize(unit) for part in parts]
    rows = [
        row(offence=offence, value=value, statistic="fte")
        for offence, value in zip(("all", "theft", "violence"), (max(total, Decimal(0)), *rounded), strict=True)
    ]
    # Trailing zeros are lost in the file: as many places as the finest has are known.
    known = max(-value.normalize().as_tuple().exponent for value in (total, *rounded))
    outcome = check_sums(figures_of(tmp_path, rows))
    if wrong == 0 and known == places:
        assert outcome.questions == ()
    elif abs(max(total, Decimal(0)) - sum(rounded)) > Decimal("1.5") * Decimal(1).scaleb(-max(known, 0)):
        assert len(outcome.questions) == 1


@pytest.mark.parametrize(
    ("statistic", "value", "before", "after", "expected"),
    [
        pytest.param("change", -11, 100, 89, None, id="change"),
        pytest.param("change", -12, 100, 89, "-11, rounded", id="wrong change"),
        pytest.param("percent_change", -5, 162400, 153477, None, id="rounded"),
        pytest.param("percent_change", -6, 162400, 153477, "-5.49%, rounded", id="that of England and Wales"),
        pytest.param("percent_change", "-18.71", 759, 617, None, id="two places"),
        pytest.param("percent_change", "2.5", 200, 205, None, id="half a unit"),
        pytest.param("percent_change", 3, 0, 5, None, id="from zero nothing follows"),
        pytest.param("percent_change", 300, 5, 20, None, id="fourfold"),
    ],
)
def test_a_change_follows_from_its_figures(tmp_path, statistic, value, before, after, expected):
    rows = [
        over("2019-04-01", "2019-06-30", before),
        over("2020-04-01", "2020-06-30", after),
        row(statistic=statistic, value=value),
    ]
    outcome = check_changes(figures_of(tmp_path, rows))
    assert [question.expected for question in outcome.questions] == ([expected] if expected else [])
    assert outcome.held == (expected is None and before != 0)
    rows[0]["status"] = "illustrative"
    assert asked(check_changes(figures_of(tmp_path, rows))) == (0, [])


@pytest.mark.parametrize(("given", "questions"), [(31, 0), (30, 1)])
def test_a_change_on_the_previous_quarter(tmp_path, given, questions):
    rows = [
        *months([100, 200, 286, 200, 200, 217], "2020-01"),
        row(statistic="change_on_previous_quarter", value=given),
    ]
    assert len(check_changes(figures_of(tmp_path, rows)).questions) == questions


@pytest.mark.parametrize(("given", "questions"), [(5.3, 0), (5.5, 1)])
def test_a_change_in_points(tmp_path, given, questions):
    rows = [
        over("2019-04-01", "2019-06-30", 38.3, statistic="percent"),
        row(value=43.6, statistic="percent"),
        row(value=given, statistic="point_change"),
    ]
    assert len(check_changes(figures_of(tmp_path, rows)).questions) == questions


@pytest.mark.parametrize(
    ("ours", "theirs", "held", "lines"),
    [
        pytest.param([row()], [row()], 1, [], id="alike"),
        pytest.param([row()], [row(value=101)], 0, [3], id="differ"),
        pytest.param([row(status="published")], [row(value=99)], 0, [3], id="published and supplied"),
        pytest.param([row()], [row(value=101, status="illustrative")], 0, [], id="illustrative"),
        pytest.param([row()], [row(offence="theft", value=101)], 0, [], id="another offence"),
        pytest.param([row()], [row(value="", symbol="x")], 0, [], id="absent"),
        pytest.param([row()], months([20, 30, 50], "2020-04"), 1, [], id="the other's months"),
        pytest.param([row()], months([20, 30, 51], "2020-04"), 0, [2], id="the other's months differ"),
        pytest.param(months([5] * 6), months([5, 5, 6, 5, 9, 5]), 4, [12], id="one question for a series"),
        pytest.param(
            [row(value=34, statistic="percent")], [row(value=33.8, statistic="percent")], 1, [], id="rounded"
        ),
        pytest.param(
            [row(value=34, statistic="percent")],
            [row(value=33.4, statistic="percent")],
            0,
            [3],
            id="beyond rounding",
        ),
    ],
)
def test_two_sources_of_one_measure(tmp_path, ours, theirs, held, lines):
    rows = [*ours, *({**one, "source": "return"} for one in theirs)]
    outcome = check_sources(figures_of(tmp_path, rows))
    assert outcome.held == held
    assert [question.line for question in outcome.questions] == lines


def test_what_is_said_of_two_sources(tmp_path):
    rows = [row(status="published"), row(value=97, source="return")]
    (question,) = check_sources(figures_of(tmp_path, rows)).questions
    assert "return (supplied) has 97" in question.what
    assert "dashboard (published) 100, 3 more; 1 of 1 periods differ" in question.what


def test_an_id_covers_the_figures_and_not_where_they_stand(tmp_path):
    rows = [over("2019-01-01", "2019-12-31", 121), *months([10] * 12)]
    (question,) = check_sums(figures_of(tmp_path, rows)).questions
    assert question.id == "sums-" + question.id.removeprefix("sums-")
    more = [row(offence="theft", value=7), *reversed(rows)]
    (again,) = check_sums(figures_of(tmp_path, more)).questions
    assert (again.line, again.id) == (len(more) + 1, question.id)
    for changed in rows:
        before = changed["value"]
        changed["value"] = "17"
        assert question.id not in {one.id for one in check_sums(figures_of(tmp_path, rows)).questions}
        changed["value"] = before


MEASURES = """
crime.all:
  {title: All, definition: All., unit: offences, polarity: lower, dataset: offences, where: {offence: all},
   source: dashboard, allowed_lag_months: 1}
"""


@pytest.fixture
def tiny(tmp_path):
    """Give a project of one dataset whose year lacks one offence."""
    for name in ("data", "params", "notebooks"):
        (tmp_path / name).mkdir()
    package = {"name": "tiny", "title": "Tiny", "licenses": [{"name": "MIT"}], "resources": [RESOURCE]}
    (tmp_path / "data/datapackage.yaml").write_text(yaml.safe_dump(package))
    (tmp_path / "data/measures.yaml").write_text(MEASURES)
    write_rows(tmp_path, [over("2019-01-01", "2019-12-31", 121), *months([10] * 12)])
    return tmp_path


def write_rows(folder, rows):
    pd.DataFrame(rows, columns=COLUMNS).to_csv(folder / "data/offences.csv", index=False)


def answered(folder, question_id, by="An analyst", reason="The months were revised."):
    return answer(Project(folder), [question_id], by=by, reason=reason, on=date(2020, 9, 1))


def test_an_answer_is_kept_until_the_figures_change(tiny):
    (question,) = judge(Project(tiny)).open
    answered(tiny, question.id)
    judgement = judge(Project(tiny))
    assert judgement.open == ()
    ((_, said),) = judgement.answered
    assert (said.by, said.date, said.reason) == ("An analyst", date(2020, 9, 1), "The months were revised.")
    assert "data/offences.csv: the 12 parts" in said.question

    write_rows(tiny, [over("2019-01-01", "2019-12-31", 122), *months([10] * 12)])
    judgement = judge(Project(tiny))
    assert [one.value for one in judgement.open] == ["122"]
    assert list(judgement.unasked) == [question.id]
    with pytest.raises(WrongUse, match="its figures have changed"):
        answered(tiny, question.id)


JUMP = [*([10] * 11), 400, *([10] * 12)]
MANY = [over("2019-01-01", "2019-12-31", 121), over("2020-01-01", "2020-12-31", 121), *months(JUMP)]
"""Two years that are not the sum of their months, and a month that departs from the others."""


def changed(change, before, after):
    """Give a change in per cent, and the counts of its two years."""
    last = ("2020-01-01", "2020-12-31")
    return [
        over("2019-01-01", "2019-12-31", before), over(*last, after), over(*last, change, statistic="percent_change")
    ]  # fmt: skip


def twice(ours, theirs):
    return [*months(ours), *months(theirs, source="return")]


BEFORE = {
    "sums": [over("2019-01-01", "2019-12-31", 1210), *months([100] * 12)],
    "jumps": months(JUMP),
    "changes": changed(-12, 100, 90),
    "sources": twice([100, 100, 100], [110, 110, 100]),
}


@pytest.mark.parametrize(
    ("check", "after", "still_answered"),
    [
        # A year of 1,210 whose months come to 1,200.
        ("sums", BEFORE["sums"], True),
        ("sums", [over("2019-01-01", "2019-12-31", 1210), *months([100] * 11 + [106])], True),
        ("sums", [over("2019-01-01", "2019-12-31", 1210), *months([100] * 11 + [94])], True),
        ("sums", [over("2019-01-01", "2019-12-31", 1210), *months([100] * 11 + [107])], False),
        ("sums", [over("2019-01-01", "2019-12-31", 1211), *months([100] * 12)], False),
        # What was less is more.
        ("sums", [over("2019-01-01", "2019-12-31", 1210), *months([100] * 11 + [111])], False),
        # A month that departs from the others.
        ("jumps", months([*JUMP[:10], 11, *JUMP[11:]]), True),
        ("jumps", months([11, *JUMP[1:]]), True),
        ("jumps", months([*JUMP[:11], 401, *JUMP[12:]]), False),
        # -12% where the counts give -10%.
        ("changes", changed(-12, 100, 91), True),
        ("changes", changed(-12, 100, 92), False),
        ("changes", changed(-13, 100, 90), False),
        # Two sources that differ by 10 in two months.
        ("sources", twice([100, 100, 100], [110, 111, 100]), True),
        ("sources", twice([100, 100, 100], [110, 112, 100]), False),
        ("sources", twice([100, 100, 100], [110, 110, 101]), False),
    ],
)
def test_an_answer_outlasts_a_little_revision_of_what_its_figure_is_compared_with(
    tiny, check, after, still_answered
):
    before = BEFORE[check]
    write_rows(tiny, before)
    (question,) = (one for one in judge(Project(tiny)).open if one.check == check)
    answered(tiny, question.id)
    write_rows(tiny, after)
    judgement = judge(Project(tiny))
    assert [one.check for one, _ in judgement.answered] == [check] * still_answered
    assert [one.check for one in judgement.open if one.check == check] == [check] * (not still_answered)
    assert list(judgement.unasked) == [question.id] * (not still_answered)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["sums"], ["sums", "sums"]),
        (["jumps"], ["jumps"]),
        (["offences"], ["sums", "sums", "jumps"]),
        (["offences/jumps"], ["jumps"]),
        (["jumps", "offences/jumps", "sums"], ["jumps", "sums", "sums"]),
    ],
)
def test_one_answer_for_all_of_a_check_or_dataset_is_shown_and_then_written(tiny, names, chosen):
    write_rows(tiny, MANY)
    shown = answer(Project(tiny), names, by="A", reason="B", on=date(2020, 9, 1))
    assert ([one.check for one in shown.questions], shown.written) == (chosen, False)
    assert not (tiny / "data/answers.yaml").exists()
    written = answer(Project(tiny), names, by="A", reason="B", on=date(2020, 9, 1), yes=True)
    assert (written.questions, written.written) == (shown.questions, True)
    judgement = judge(Project(tiny))
    assert {one.id for one, _ in judgement.answered} == {one.id for one in shown.questions}
    assert len(judgement.open) == 3 - len(chosen)


def test_answering_all_of_a_check_leaves_earlier_answers_as_they_are(tiny):
    write_rows(tiny, MANY)
    first = next(one for one in judge(Project(tiny)).open if one.check == "sums")
    answered(tiny, first.id, reason="Its own.")
    answer(Project(tiny), ["sums"], by="A", reason="Of the others.", on=date(2020, 9, 1), yes=True)
    answers = load_answers(tiny / "data/answers.yaml")
    assert answers[first.id].reason == "Its own."
    assert len(answers) == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("sum", "there is no question, check or dataset 'sum'\n    did you mean \"sums\"?"),
        ("offence", "there is no question, check or dataset 'offence'\n    did you mean \"offences\"?"),
        ("offences/jump", 'did you mean "offences/jumps"'),
        (
            "sources",
            "no question of sources is open\n    there are open questions of sums, offences, offences/sums",
        ),
    ],
)
def test_a_check_or_dataset_without_questions_is_told(tiny, name, message):
    with pytest.raises(WrongUse) as raised:
        answer(Project(tiny), ["sums", name], by="A", reason="B", on=date(2020, 9, 1), yes=True)
    assert message in str(raised.value)
    assert not (tiny / "data/answers.yaml").exists()


def test_answers_are_sorted_and_the_comment_at_the_head_is_kept(tiny):
    path = tiny / "data/answers.yaml"
    head = "# Ours.\n#\n\n# Kept.\n"
    path.write_text(head)
    (question,) = judge(Project(tiny)).open
    answered(tiny, question.id, reason="First: 'one', # no comment\nand é")
    write_rows(tiny, [over("2019-01-01", "2019-12-31", 122), *months([10] * 12)])
    answered(tiny, judge(Project(tiny)).open[0].id)
    answered(tiny, judge(Project(tiny)).answered[0][0].id, by="Another")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(head)
    assert "é" in text
    answers = load_answers(path)
    assert list(answers) == sorted(answers)
    assert len(answers) == 2
    assert {one.by for one in answers.values()} == {"An analyst", "Another"}
    assert answers[question.id].reason == "First: 'one', # no comment\nand é"
    assert [one.name for one in (tiny / "data").iterdir() if one.name.startswith(".")] == []


texts = (
    st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"), include_characters="\n"), min_size=1)
    .map(str.strip)
    .filter(bool)
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.from_regex(r"\A[a-z]{1,9}-[0-9a-f]{10}\Z"),
        st.builds(Answer, question=texts, by=texts, date=st.dates(), reason=texts),
        max_size=4,
    )
)
def test_answers_round_trip(tmp_path, answers):
    path = tmp_path / "answers.yaml"
    write_answers(path, answers)
    assert load_answers(path) == answers


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- a list", "keys and their values"),
        ("1: {question: Q, by: A, date: 2020-09-01, reason: B}", "this key is not text"),
        ("sums-0123456789: {by: A, date: 2020-09-01, reason: B}", "question): this key is missing"),
        (
            "sums-0123456789: {question: Q, by: '  ', date: 2020-09-01, reason: B}",
            "by): this is empty",
        ),
        ("sums-0123456789: {question: Q, by: A, date: soon, reason: B}", "date): "),
        ("sums-0123456789: {question: Q, by: A, date: 2020-09-01, reason: B, note: C}", "not known here"),
        ("sums-0123456789: {question: Q, by: A, date: 2020-09-01, reason: B}\n" * 2, "written twice"),
        ("<<<<<<< ours", "git left two versions"),
        ("\xff".encode("latin-1"), "not UTF-8"),
    ],
)
def test_wrong_answers_are_told(tiny, content, message):
    (tiny / "data/answers.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WrongInput) as raised:
        judge(Project(tiny))
    assert message in str(raised.value)
    assert "data/answers.yaml" in str(raised.value)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"question_id": "sums-0123456789"}, "there is no question, check or dataset 'sums-0123456789'"),
        ({"question_id": ""}, "there is no question, check or dataset ''"),
        ({"by": " "}, "(by): this is empty"),
        ({"reason": ""}, "(reason): this is empty"),
        ({"reason": "\x1b[31m"}, "(reason): this text has an invisible character"),
    ],
)
def test_what_is_no_answer(tiny, cells, message):
    (question,) = judge(Project(tiny)).open
    with pytest.raises(WrongUse) as raised:
        answered(tiny, **{"question_id": question.id, **cells})
    assert message in str(raised.value)
    assert not (tiny / "data/answers.yaml").exists()


def test_a_dataset_that_is_wrong_stops_no_other_check(tiny):
    (question,) = judge(Project(tiny)).open
    answered(tiny, question.id)
    write_rows(tiny, [row(value=-1)])
    judgement = judge(Project(tiny))
    assert judgement.held == dict.fromkeys(CHECKS, 0)
    # Whether its answers are still asked for is not known.
    assert (judgement.open, judgement.unasked) == ((), {})


def test_findings_are_remembered_by_content(tiny, monkeypatch):
    cache = Cache(tiny / "build/.cache", "program")
    first = judge(Project(tiny), cache)
    assert len(cache.keys("questions", "")) == 1
    monkeypatch.setattr("scrutiny.inputs.questions.run._check_dataset", None)
    assert judge(Project(tiny), cache) == first


NASTY = [
    '"=1+1"', '"a\nb"', "\x1b[31m", "<script>", "{{< var x >}}", "#let x", "| a |", "1e400", "-", "NaN", "inf", "∞",
    "9999-12-31", "0000-00-00", "2020-02-30", "999999999999999", "\u202e", "é", "'", "[c]", " ", "\ufeff",
]  # fmt: skip
BREAKING = ['"', "\x00", "1" * 200_000, '"a"b', ",,,"]
"""Cells after which the file cannot be read to its end."""


@pytest.mark.parametrize("column", COLUMNS)
def test_hostile_cells_give_no_traceback(tiny, column):
    good = [over("2019-01-01", "2019-12-31", 121), *months([10] * 12)]
    for cells in (NASTY, *([cell] for cell in BREAKING)):
        rows = [*good, *(row(**{"offence": "theft", column: cell}) for cell in cells)]
        lines = [",".join(COLUMNS), *(",".join(one.get(name, "") for name in COLUMNS) for one in rows)]
        (tiny / "data/offences.csv").write_text("\n".join(lines), encoding="utf-8")
        problems = dataset_problems(Project(tiny).datapackage.resource("offences"), tiny / "data/offences.csv")
        assert all(problem.location.file == "data/offences.csv" for problem in problems)
        told = [*map(str, problems), *(str(question.problem) for question in judge(Project(tiny)).open)]
        assert not any("\x1b" in one or one.count("\n") > 1 for one in told)


def test_far_dates_are_no_trouble(tiny):
    rows = [
        over("0001-01-01", "0001-01-31"), over("9999-12-01", "9999-12-31", as_at="9999-12-31"),
        over("0001-01-01", "9999-12-31", as_at="9999-12-31"),
        over("0001-01-01", "0001-03-31", 1, statistic="change"), over("9999-10-01", "9999-12-31", as_at="9999-12-31"),
    ]  # fmt: skip
    write_rows(tiny, rows)
    assert judge(Project(tiny)).held["keys"] == 5


@pytest.fixture
def own(tmp_path):
    """Give the project's own data."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_the_projects_own_questions_are_answered(own):
    judgement = judge(Project(own))
    assert [question.problem.message for question in judgement.open] == []
    assert judgement.unasked == {}
    asked_of = {(question.file, question.check, question.value) for question, _ in judgement.answered}
    assert asked_of >= {
        ("data/domestic_abuse.csv", "sums", "21538"),
        ("data/domestic_abuse.csv", "sums", "20788"),
        ("data/sexual_offences.csv", "changes", "-6"),
    }
    rows = list(
        chain.from_iterable((own / "data" / f"{name}.csv").read_text().splitlines()[1:] for name in own_files())
    )
    assert judgement.held["keys"] == len(rows)
    assert judgement.held["percentages"] == sum(",percent," in one for one in rows)


def own_files():
    return [resource.name for resource in Project(ROOT).datapackage.resources]


def test_without_answers_they_are_asked(own):
    (own / "data/answers.yaml").unlink()
    judgement = judge(Project(own))
    assert json.dumps([asdict(question) for question in judgement.open], default=str)
    whats = " ".join(question.what for question in judgement.open)
    assert "21,537, 1 less than this total, 21,538" in whats
    assert "20,833, 45 more than this total, 20,788" in whats
