from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, WINDOWS, Period, Quarter, missing_months, window

Q1 = Quarter.parse("2020-21-Q1")
QUARTERS = st.builds(Quarter, st.integers(1990, 2090), st.integers(1, 4))


@pytest.mark.parametrize(
    ("name", "lag", "label"),
    [
        ("quarter", 0, "April to June 2020"),
        ("quarter_last_year", 0, "April to June 2019"),
        ("previous_quarter", 0, "January to March 2020"),
        ("year", 0, "July 2019 to June 2020"),
        ("year_before", 0, "July 2018 to June 2019"),
        ("year_before_that", 0, "July 2017 to June 2018"),
        ("year", 1, "June 2019 to May 2020"),
        ("year", 3, "April 2019 to March 2020"),
        ("year_to_previous_quarter", 0, "April 2019 to March 2020"),
        ("four_weeks", 0, "3 June to 30 June 2020"),
        ("four_weeks_last_year", 0, "3 June to 30 June 2019"),
        ("month_2020_02", 3, "February 2020"),
        ("month", 0, "June 2020"),
        ("month_last_year", 1, "May 2019"),
        ("calendar_year", 0, "January to December 2019"),
        ("calendar_year_before", 0, "January to December 2018"),
        ("calendar_year_to_date", 0, "January to June 2020"),
        ("calendar_year_to_date_last_year", 0, "January to June 2019"),
        ("financial_year", 0, "April 2019 to March 2020"),
        ("financial_year", 4, "April 2018 to March 2019"),
        ("financial_year_before", 0, "April 2018 to March 2019"),
    ],
)
def test_windows_of_a_quarter(name, lag, label):
    assert window(Q1, name, lag).label == label


def test_unknown_window_names_the_known():
    with pytest.raises(ValueError, match="no window 'yaer'; there are quarter, "):
        window(Q1, "yaer")


@pytest.mark.parametrize("text", ["2020-22-Q1", "2020-21-Q5", "2020-21", "20-21-Q1", "2020-21-q1"])
def test_other_spellings_are_no_quarter(text):
    with pytest.raises(ValueError, match="written like 2020-21-Q1"):
        Quarter.parse(text)


def test_a_century_turns():
    assert str(Quarter.parse("1999-00-Q4")) == "1999-00-Q4"
    assert Quarter.parse("1999-00-Q4").period == Period(date(2000, 1, 1), date(2000, 3, 31))


@given(QUARTERS)
def test_a_quarter_is_read_as_it_is_written(quarter):
    assert Quarter.parse(str(quarter)) == quarter
    assert Quarter.containing(quarter.period.start) == Quarter.containing(quarter.period.end) == quarter


@given(QUARTERS, st.integers(0, 6))
def test_windows_join_without_gap_or_overlap(quarter, lag):
    years = [window(quarter, name, lag) for name in ("year_before_that", "year_before", "year")]
    for earlier, later in pairwise(years):
        assert earlier.end + timedelta(days=1) == later.start
    assert (
        window(quarter, "previous_quarter", lag).end + timedelta(days=1) == window(quarter, "quarter", lag).start
    )
    assert [month for year in years for month in year.months] == list(Period(years[0].start, years[-1].end).months)


@given(QUARTERS, st.integers(0, 6))
def test_a_complete_year_has_ended_and_is_the_last_that_has(quarter, lag):
    end = window(quarter, "quarter", lag).end
    for name in ("calendar_year", "financial_year"):
        year, before = (window(quarter, each, lag) for each in (name, f"{name}_before"))
        assert year.end <= end < year.end.replace(year=year.end.year + 1)
        assert len(year.months) == len(before.months) == 12
        assert before.end + timedelta(days=1) == year.start


@given(QUARTERS)
def test_each_window_has_its_length(quarter):
    for name, (_, months) in WINDOWS.items():
        assert len(window(quarter, name).months) == months
    for name, base in SAME_PERIOD_A_YEAR_AGO.items():
        assert window(quarter, name).end.year - window(quarter, base).end.year == 1
    assert (window(quarter, "four_weeks").end - window(quarter, "four_weeks").start).days == 27


JULY_2019 = date(2019, 7, 1)


@pytest.mark.parametrize(
    ("start", "end", "months", "quarters", "tilings", "a_year_earlier"),
    [
        (JULY_2019, date(2020, 6, 30), 12, 4, [12, 4], "July 2018 to June 2019"),
        (JULY_2019, date(2019, 9, 30), 3, 1, [3], "July to September 2018"),
        (date(2020, 2, 1), date(2020, 7, 31), 6, 2, [6, 2], "February to July 2019"),
        (date(2020, 1, 1), date(2020, 4, 30), 4, 0, [4], "January to April 2019"),
        (date(2020, 2, 1), date(2020, 2, 29), 1, 0, [], "February 2019"),
        (date(2020, 6, 3), date(2020, 6, 30), 0, 0, [], None),
        (date(1, 1, 1), date(1, 3, 31), 3, 1, [3], None),
    ],
)
def test_a_period_is_divided_and_moved_by_whole_months(start, end, months, quarters, tilings, a_year_earlier):
    period = Period(start, end)
    assert (period.month_count, len(period.months), len(period.quarters)) == (months, months, quarters)
    assert [len(parts) for parts in period.tilings()] == tilings
    for parts in period.tilings():
        assert (parts[0].start, parts[-1].end) == (start, end)
        assert all(after.start == before.end + timedelta(days=1) for before, after in pairwise(parts))
    assert (period.earlier(12) and period.earlier(12).label) == a_year_earlier


def test_missing_months_are_those_between_others():
    months = Period(JULY_2019, date(2020, 6, 30)).months
    assert missing_months([months[5], months[1], months[2]]) == months[3:5]
    assert missing_months(months[:1]) == missing_months([]) == ()
    assert months[5].months_since(months[1]) == 4
