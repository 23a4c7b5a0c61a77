"""Periods, days and numbers as dashboards write them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.importers.extract.parse import read_day, read_number, read_period
from scrutiny.importers.files.cells import CellError, Serial1904
from scrutiny.statistics.periods import Period, Quarter

APRIL = Period(dt.date(2020, 4, 1), dt.date(2020, 4, 30))
Q2 = Period(dt.date(2020, 7, 1), dt.date(2020, 9, 30))
YEAR = Period(dt.date(2019, 7, 1), dt.date(2020, 6, 30))


@pytest.mark.parametrize(
    "cell",
    [
        "Apr-20", "APR 2020", "April 2020", "apr'20", "Apr.20", "2020-04", "2020/04", "202004", "04/2020", "4-2020",
        "2020 April", "2020-Apr", "43922", 43922, 43951, dt.date(2020, 4, 1), dt.datetime(2020, 4, 30, 12),
        "2020-04-01", "2020-04-30 00:00:00", " April  2020 ", "April, 2020",
    ],
)  # fmt: skip
def test_a_month_in_all_its_forms(cell):
    assert read_period(cell, "month") == APRIL


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        ("2020-21-Q2", "quarter", Q2), ("2020-21 Q2", "quarter", Q2), ("2020/21 Q2", "quarter", Q2),
        ("Q2 2020/21", "quarter", Q2), ("Q2 2020-2021", "quarter", Q2), ("Qtr 2 2020/21", "quarter", Q2),
        ("Jul-Sep 2020", "quarter", Q2), ("July to September 2020", "quarter", Q2), ("Jul 2020 – Sep 2020", "quarter", Q2),
        ("2020/21", "financial_year", Period(dt.date(2020, 4, 1), dt.date(2021, 3, 31))),
        ("FY 2020-21", "financial_year", Period(dt.date(2020, 4, 1), dt.date(2021, 3, 31))),
        ("2019", "calendar_year", Period(dt.date(2019, 1, 1), dt.date(2019, 12, 31))),
        (2019, "calendar_year", Period(dt.date(2019, 1, 1), dt.date(2019, 12, 31))),
        ("June 2020", "year_to", YEAR), ("Year ending June 2020", "year_to", YEAR), ("YE Jun-20", "year_to", YEAR),
        ("12 months to June 2020", "year_to", YEAR), ("Jul 2019 to Jun 2020", "year_to", YEAR),
        ("Jul '19 to Jun '20", "year_to", YEAR), (dt.date(2020, 6, 30), "year_to", YEAR),
    ],
)  # fmt: skip
def test_other_periods(cell, kind, expected):
    assert read_period(cell, kind) == expected


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Q2 2020", "quarter"), ("Jul-Aug 2020", "quarter"), ("Q0 2020/21", "quarter"), ("2020", "month"),
        ("20", "calendar_year"), ("Apr", "month"), ("2020-00", "month"), ("April 20200", "month"), (0, "month"),
        (True, "month"), ("", "month"), ("Jan 2019 to Jun 2020", "year_to"), (99999, "month"), ("1e5", "month"),
    ],
)  # fmt: skip
def test_what_is_no_such_period_is_not_guessed(cell, kind):
    with pytest.raises(CellError):
        read_period(cell, kind)


@given(st.dates(dt.date(2000, 4, 1), dt.date(2079, 12, 31)))
def test_a_month_is_the_same_however_it_is_written(day):
    month = Period.of_months(day, 1)
    forms = ["%B %Y", "%b-%y", "%Y-%m", "%m/%Y", "%b %Y", "%Y %B"]
    assert {read_period(day.strftime(form), "month") for form in forms} == {month}
    assert read_period((month.start - dt.date(1899, 12, 30)).days, "month") == month
    assert read_period(month.end.strftime("%d/%m/%Y"), "month", ["%d/%m/%Y"]) == month
    assert read_period(str(Quarter.containing(day)), "quarter") == Quarter.containing(day).period


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_is_the_same_however_it_is_written(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert {read_day(cell) for cell in (day, serial, str(serial), str(day), f"{day} 00:00:00")} == {day}
    assert read_day(f"Data as at {day:%d %B %Y}", ["Data as at %d %B %Y"]) == day


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_a_number_is_the_same_with_commas_and_without(whole, hundredths):
    written = f"{whole:,}.{hundredths:02}"
    assert read_number(written) == read_number(written.replace(",", "")) == Decimal(written.replace(",", ""))


@pytest.mark.parametrize(
    ("cell", "options", "expected"),
    [
        (" 66776 ", {}, "66776"), ("−5", {}, "-5"), ("1,234.50", {}, "1234.50"), (33.800000000000004, {}, "33.8"),
        ("45%", {"percent": True}, "45"), ("45 %", {"percent": True}, "45"), ("£1.2", {"money": True}, "1.2"),
    ],
)  # fmt: skip
def test_numbers(cell, options, expected):
    assert read_number(cell, **options) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("3649.2599999999998", "3649.26"), ("0.30000000000000004", "0.3"), ("123456789012.345678", "123456789012.346"),
        (3649.2599999999998, "3649.26"), ("+5.1", "5.1"), ("+1,234", "1234"), ("007", "7"), ("-0", "0"),
        ("1,234,567.5", "1234567.5"), ("999999999999999", "999999999999999"), ("1 234".replace(" ", ","), "1234"),
    ],
)  # fmt: skip
def test_numbers_as_a_spreadsheet_shows_them(cell, expected):
    assert read_number(cell) == Decimal(expected)


DIGITS = "write digits only, such as -1234.5"
COMMAS = "put a comma before three digits, and a point before decimals: 1,234.5"
NEGATIVE = "write a negative number with a hyphen, -1234"
ABSENT = "if it means that there is no figure, name it under `absent` in the mapping"
EXPONENT = "write all digits; in Excel, format the column as numbers"
MARK = "if a mark follows the figure, name it under `marks` in the mapping"


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        # decimal commas, and other signs for thousands
        ("12,34", COMMAS), ("1,24", COMMAS), ("1249,5", COMMAS), ("1.249,5", COMMAS), ("0,125", COMMAS),
        ("00,125", COMMAS), ("1,2345", COMMAS), ("1234,567", COMMAS), ("1,234,56", COMMAS), (",5", DIGITS),
        ("1 234", DIGITS), ("1\u00a0234", DIGITS), ("1\u2009234", DIGITS), ("1\u202f234", DIGITS),
        ("1\u200b234", DIGITS), ("1'234", DIGITS), ("1’234", DIGITS), ("1_000", DIGITS), ("1·5", DIGITS),
        ("1.2.3", DIGITS), ("1.234.567", DIGITS), (".5", DIGITS), ("5.", MARK), ("5,", MARK),
        # signs
        ("--1", DIGITS), ("+-1", DIGITS), ("- 1", DIGITS), ("1-", NEGATIVE), ("(1)", NEGATIVE), ("–5", NEGATIVE),
        ("1.5E+05", EXPONENT), ("1e5", EXPONENT), ("=1+1", "this is a formula as text; write its value instead"),
        # other digits
        ("１２", DIGITS), ("١٢", DIGITS),
        ("½", DIGITS), ("1½", DIGITS), ("Ⅻ", DIGITS), ("0x10", DIGITS), ("nan", ABSENT), ("inf", ABSENT),
        ("1234567890123456", DIGITS), ("1234567890123456.5", DIGITS),
        # marks
        ("104²", MARK), ("104³", MARK), ("104¹", MARK), ("104⁴", MARK), ("104 [2]", MARK), ("104 (2)", MARK),
        ("104*", MARK), ("104p", MARK), ("104 (r)", MARK), ("£5", DIGITS), ("5%", "leave % out, or make the statistic percent"),
        (True, "format the column as numbers"), ("", ABSENT),
    ],
)  # fmt: skip
def test_what_is_no_number_is_not_guessed(cell, hint):
    with pytest.raises(CellError) as error:
        read_number(cell)
    assert error.value.hint == hint


@given(st.text("0123456789.,'-+() \u00a0\u2009%£E²", min_size=1, max_size=12))
def test_a_text_is_no_other_number_than_it_looks(text):
    try:
        number = read_number(text)
    except CellError:
        return
    plainly = text.strip().replace(",", "")
    assert number == pytest.approx(Decimal(plainly), rel=Decimal("1e-14"))
    whole = text.strip().lstrip("+-").partition(".")[0]
    assert "," not in whole or f"{int(whole.replace(',', '')):,}" == whole


def test_a_number_of_a_workbook_that_counts_from_1904_is_another_day():
    day = dt.date(2020, 4, 1)
    assert read_day(Serial1904((day - dt.date(1904, 1, 1)).days)) == day
    assert read_period(Serial1904((day - dt.date(1904, 1, 1)).days), "month") == APRIL
    assert read_number(Serial1904(42460)) == 42460
