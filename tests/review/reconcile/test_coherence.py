"""A published report checked against itself: made-up figures, each kind of mistake planted."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.review.reconcile.coherence import held, recompute
from scrutiny.review.reconcile.figures import PublishedFigure
from scrutiny.statistics.arithmetic import percent_change, round_half_away
from scrutiny.statistics.ledger import Ledger, Relations
from scrutiny.statistics.periods import Period

NOW, BEFORE = Period.of_months(date(2020, 6, 1), 12), Period.of_months(date(2019, 6, 1), 12)
QUARTER, QUARTER_BEFORE = Period.of_months(date(2020, 6, 1), 3), Period.of_months(date(2020, 3, 1), 3)
HALF = Period.of_months(date(2020, 6, 1), 6)


def figure(number, statistic="count", period=NOW, *, fact="thing.all", line=1, row=0, printed=None):
    number = str(number)
    shown = printed or number
    return PublishedFigure(
        row=row, line=line, place="Part: what", printed=shown, written=number, fact=fact, period=period,
        statistic=statistic,
    )  # fmt: skip


def contradictions(*figures, **relations):
    return [finding for finding in recompute(Ledger(figures, Relations(**relations))) if not finding.holds]


def told(*figures, **relations):
    return [
        (finding.check, finding.figure.line, finding.recomputed)
        for finding in contradictions(*figures, **relations)
    ]


def compared(before, after, change=None, percent=None, *, statistic="count", line=10):
    """Make a row of a table of two periods and the change between them."""
    made = [figure(before, statistic, BEFORE, line=line), figure(after, statistic, line=line)]
    made += [figure(change, "change", line=line)] if change is not None else []
    return made + ([figure(percent, "percent_change", line=line)] if percent is not None else [])


def parts(whole, *some, statistic="count"):
    made = [figure(number, statistic, fact=f"part.n{place}", line=place) for place, number in enumerate(some, 2)]
    return [figure(whole, statistic), *made]


ADDED = {"thing.all": ("part.n2", "part.n3")}
SHARE = {"share.one": ("part.n2", "thing.all")}
MONTHS = [
    figure(number, period=month, line=7) for number, month in zip(range(101, 113), NOW.months, strict=True)
]  # together 1,278


CASES = {
    # what: (figures, relations, what is found as (check, line, recomputed))
    "a row that is right": (compared(200, 150, -50, -25), {}, []),
    "a wrong percentage": (compared(200, 150, -50, -26), {}, [("percentage", 10, "−25%")]),
    "a wrong difference": (compared(200, 150, -51, -25), {}, [("difference", 10, "−50")]),
    "both wrong": (compared(79, 118, 38, 31), {}, [("difference", 10, "39"), ("percentage", 10, "49%")]),
    "half away from zero, up": (compared(40, 41, 1, 3), {}, []),
    "half away from zero, down": (compared(40, 39, -1, -3), {}, []),
    "half to even": (compared(40, 41, 1, 2), {}, [("percentage", 10, "3%")]),
    "just under a half": (compared(162400, 153477, None, -6), {}, [("percentage", 10, "−5%")]),
    "more decimal places": (compared(162400, 153477, None, "-5.49"), {}, []),
    "from zero, with a percentage": (compared(0, 5, 5, 100), {}, [("percentage", 10, "none")]),
    "from zero, without": (compared(0, 5, 5), {}, []),
    "from zero to zero": (compared(0, 0, 0, 0), {}, []),
    "percentage points": (compared("76.2", "80.3", "4.1", statistic="percent"), {}, []),
    "percentage points, within rounding": (compared(73, 74, "0.9", statistic="percent"), {}, []),
    "percentage points, wrong": (compared(70, 67, -5, statistic="percent"), {}, [("difference", 10, "−3")]),
    "minutes": (compared("995.7", "554.57", "-441.13", statistic="minutes"), {}, []),
    "minutes, wrong": (compared("10.2", "10.1", "0.5", statistic="minutes"), {}, [("difference", 10, "−0.1")]),
    "a percentage by way of the change": (
        [figure(159838), figure(20634, "change"), figure(16, "percent_change", line=3)],
        {}, [("percentage", 3, "15%")],
    ),
    "the same by way of the other end": (
        [figure(100, period=BEFORE), figure(-10, "change"), figure(-11, "percent_change", line=3)],
        {}, [("percentage", 3, "−10%")],
    ),
    "the quarter before": (
        [
            figure(281, period=QUARTER_BEFORE), figure(257, period=QUARTER),
            figure(-25, "change_on_previous_quarter", QUARTER, line=3),
        ],
        {}, [("difference", 3, "−24")],
    ),
    "parts that add up": (parts(10, 4, 6), {"sums": ADDED}, []),
    "parts that do not": (parts(11, 4, 6), {"sums": ADDED}, [("sum", 1, "10")]),
    "parts that rounding explains": (parts("49.07", "38.47", "10.59", statistic="percent"), {"sums": ADDED}, []),
    "parts that rounding does not explain": (
        parts("49.07", "38.47", "10.57", statistic="percent"), {"sums": ADDED}, [("sum", 1, "49.04")],
    ),
    "a part that is not printed": (parts(11, 4), {"sums": ADDED}, []),
    "some parts, within the whole": (parts(11, 4, 6), {"parts": ADDED}, []),
    "some parts, beyond it": (parts(9, 4, 6), {"parts": ADDED}, [("parts", 1, "10 or more")]),
    "a change of a sum": (
        [figure(-747, "change", line=5), *(figure(n, "change", fact=f"part.n{k}") for k, n in ((2, -295), (3, -454)))],
        {"sums": ADDED}, [("sum", 5, "−749")],
    ),
    "a share": ([*parts(80, 20), figure(25, "percent", fact="share.one", line=4)], {"shares": SHARE}, []),
    "a wrong share": (
        [*parts(80, 20), figure(26, "percent", fact="share.one", line=4)], {"shares": SHARE}, [("share", 4, "25%")],
    ),
    "months that add up": ([figure(1278), *MONTHS], {}, []),
    "months that do not": ([figure(1277), *MONTHS], {}, [("months", 1, "1,278")]),
    "months of which one lacks": ([figure(1277), *MONTHS[1:]], {}, []),
    "quarters that do not": (
        [figure(10, period=HALF), figure(5, period=QUARTER), figure(6, period=QUARTER_BEFORE)], {}, [("months", 1, "11")],
    ),
    "one fact twice": ([figure(10), figure(10, line=2)], {}, []),
    "one fact, two numbers": ([figure(10), figure(11, line=2)], {}, [("twice", 1, "11")]),
    "two against one": ([figure(11), figure(10, line=2), figure(10, line=3)], {}, [("twice", 1, "10")]),
    "the one that the counts contradict": (
        [*compared(79, 118, 39), figure(38, "change", line=90)],
        {}, [("difference", 90, "39"), ("twice", 90, "39")],
    ),
    "one fact, with fewer decimals": ([figure(74, "percent"), figure("74.3", "percent", line=2)], {}, []),
    "one fact, rounded wrongly": (
        [figure(75, "percent"), figure("74.3", "percent", line=2)], {}, [("twice", 1, "74.3")],
    ),
    "other periods are other facts": ([figure(10), figure(11, period=BEFORE)], {}, []),
    "a word that fits": ([figure(-3, "change"), figure(-1, "direction", line=2, printed="fell")], {}, []),
    "a word that does not": (
        [figure(-3, "change"), figure(1, "direction", line=2, printed="rose")],
        {}, [("direction", 2, "-3, against the year before")],
    ),
    "a word beside counts": (
        [*compared(10, 9), figure(1, "direction", line=2, printed="rose")],
        {}, [("direction", 2, "10, July 2018 to June 2019; 9, July 2019 to June 2020")],
    ),
    "a word, and a change against another base": (
        [figure(-3, "change"), figure(1, "direction_on_last_report", line=2, printed="rose")],
        {}, [("direction", 2, "-3, against the year before")],
    ),
    "a word, beside changes against two bases": (
        [
            figure(5, "change", QUARTER), figure(-3, "change_on_previous_quarter", QUARTER),
            figure(1, "direction", QUARTER, line=2, printed="rose"),
        ],
        {}, [],
    ),
    "unchanged, within rounding": (
        [figure(0, "change", line=3), figure("77", "percent"), figure(0, "direction", printed="no change")], {}, [],
    ),
    "called slight, and is": (
        [*compared(100, 96), figure(-1, "slight_direction", line=2, printed="slightly fewer")], {}, [],
    ),
    "called slight, and is not": (
        [*compared(100, 95), figure(-1, "slight_direction", line=2, printed="slightly fewer")],
        {}, [("slight", 2, "−5.00%")],
    ),
    "called slight, and rose by as much": (
        [*compared(100, 105), figure(1, "slight_direction", line=2, printed="slightly more")],
        {}, [("slight", 2, "5.00%")],
    ),
    "called slight, of counts that more than one number fits": (
        [
            figure(-100, "change", QUARTER), figure(-19, "percent_change", QUARTER),
            figure(-1, "slight_direction", QUARTER, line=2, printed="slightly fewer"),
        ],
        {}, [],
    ),
    "of two places the more exact is added up": (
        [*parts("19.9", "10.3", "9.3", statistic="fte"), figure(10, "fte", fact="part.n2", line=1)],
        {"sums": ADDED}, [("sum", 1, "19.6")],
    ),
    "a rough number is not computed with": ([figure("~10"), figure(15, line=2), figure("~3", "change")], {}, []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_kind_of_mistake_is_found_where_it_stands(case):
    figures, relations, expected = CASES[case]
    assert told(*figures, **relations) == expected


def test_what_holds_is_counted_too():
    found = recompute(Ledger(compared(200, 150, -50, -26), Relations()))
    assert held(found)["difference"] == (1, 1)
    assert held(found)["percentage"] == (1, 0)


def test_the_arithmetic_is_told_with_the_lines_it_comes_from():
    (found,) = contradictions(
        figure(100, period=BEFORE, line=4), figure(75, line=5), figure(-26, "percent_change", line=6)
    )
    assert found.steps == ("75 − 100 = −25", "−25 / 100 = −25.00%")
    assert found.lines == (6, 4, 5)
    assert found.id == "percentage 6 thing.all -26"


def test_counts_that_only_follow_from_changes_are_used_to_judge_what_is_called_slight():
    # 142 of 759, 31 of 586; of the nine months before them 2,877 − 759 are left for three quarters.
    (found,) = contradictions(
        figure(2877, period=BEFORE),
        figure(-142, "change", QUARTER),
        figure("-18.71", "percent_change", QUARTER),
        figure(31, "change_on_previous_quarter", QUARTER),
        figure("5.29", "percent_change_on_previous_quarter", QUARTER),
        figure(-1, "slight_direction", HALF, line=9, printed="slightly below"),
    )
    assert (found.check, found.recomputed) == ("slight", "−17.88%, estimated")
    assert "2,118 / 3 = 706" in found.steps


counts = st.integers(1, 200_000)


@settings(deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=6), st.integers(0, 2))
def test_tables_that_are_right_give_no_finding(rows, places):
    assert told(*_table(rows, places), **_relations(rows)) == []


@settings(deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=5), st.data())
def test_one_figure_that_is_changed_beyond_rounding_is_named(rows, data):
    figures = _table(rows, 1)
    at = data.draw(st.integers(0, len(figures) - 1))
    chosen = figures[at]
    by = data.draw(st.integers(2, 50)) * data.draw(st.sampled_from([-1, 1]))
    number = chosen.number + by
    written = str(round_half_away(number, chosen.places))
    figures[at] = replace(chosen, written=written, printed=written)
    found = contradictions(*figures, **_relations(rows))
    # It is what was recomputed, or among what others were recomputed from.
    assert any(figures[at] in (finding.figure, *finding.others) for finding in found)


def _table(rows, places):
    """Make a table of parts, and of their sum, with change and percentage, each rounded as it is printed."""
    both = [*rows, (sum(before for before, _ in rows), sum(after for _, after in rows))]
    figures = []
    for place, (before, after) in enumerate(both):
        fact = "thing.all" if place == len(rows) else f"part.n{place}"
        percent = round_half_away(percent_change(before, after), places)
        for number, statistic, period in (
            (before, "count", BEFORE),
            (after, "count", NOW),
            (after - before, "change", NOW),
            (percent, "percent_change", NOW),
        ):
            figures.append(figure(number, statistic, period, fact=fact, line=place + 1, row=len(figures)))
    return figures


def _relations(rows):
    return {"sums": {"thing.all": tuple(f"part.n{place}" for place in range(len(rows)))}}
