"""Quarters of the UK financial year, and the windows over which figures are seen."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Self

MONTHS_OF_QUARTER = 3
MONTHS_OF_YEAR = 12

WINDOWS = {
    # name: (months before the quarter's end, months long)
    "quarter": (0, MONTHS_OF_QUARTER),
    "quarter_last_year": (12, MONTHS_OF_QUARTER),
    "previous_quarter": (3, MONTHS_OF_QUARTER),
    "year": (0, MONTHS_OF_YEAR),
    "year_before": (12, MONTHS_OF_YEAR),
    "year_before_that": (24, MONTHS_OF_YEAR),
    "year_to_previous_quarter": (3, MONTHS_OF_YEAR),
    "year_before_to_previous_quarter": (15, MONTHS_OF_YEAR),
    "month": (0, 1),
    "month_last_year": (12, 1),
}
FOUR_WEEKS = "four_weeks"
FOUR_WEEKS_LAST_YEAR = "four_weeks_last_year"
COMPLETE_YEARS = {
    # name: (the month in which such a year ends, years before the last complete one)
    "calendar_year": (12, 0),
    "calendar_year_before": (12, 1),
    "financial_year": (3, 0),
    "financial_year_before": (3, 1),
}
CALENDAR_YEAR_TO_DATE = "calendar_year_to_date"
CALENDAR_YEAR_TO_DATE_LAST_YEAR = "calendar_year_to_date_last_year"
_MONTH = re.compile(r"month_(?P<year>\d{4})_(?P<month>\d{2})")

SAME_PERIOD_A_YEAR_AGO = {
    "quarter": "quarter_last_year",
    "year": "year_before",
    "year_before": "year_before_that",
    "year_to_previous_quarter": "year_before_to_previous_quarter",
    FOUR_WEEKS: FOUR_WEEKS_LAST_YEAR,
    "month": "month_last_year",
    "calendar_year": "calendar_year_before",
    "financial_year": "financial_year_before",
    CALENDAR_YEAR_TO_DATE: CALENDAR_YEAR_TO_DATE_LAST_YEAR,
}
"""The window with which a window's `change` compares."""


@dataclass(frozen=True, order=True)
class Period:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @classmethod
    def of_months(cls, last: date, months: int) -> Self:
        """Give so many whole months, the last being that of the day `last`."""
        return cls(add_months(last.replace(day=1), 1 - months), _month_end(last))

    @property
    def whole_months(self) -> bool:
        """Whether the period begins and ends with a calendar month."""
        return self.start.day == 1 and self.end == _month_end(self.end)

    @property
    def month_count(self) -> int:
        """How many calendar months it covers; 0 unless it begins and ends with one."""
        return _months_between(self.start, self.end) + 1 if self.whole_months else 0

    @property
    def months(self) -> tuple[Period, ...]:
        """The calendar months of a period of whole months; empty for any other."""
        return tuple(Period.of_months(add_months(self.start, at), 1) for at in range(self.month_count))

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The runs of three months from its first; empty if a month is left over."""
        if self.month_count % MONTHS_OF_QUARTER:
            return ()
        lasts = range(MONTHS_OF_QUARTER - 1, self.month_count, MONTHS_OF_QUARTER)
        return tuple(Period.of_months(add_months(self.start, at), MONTHS_OF_QUARTER) for at in lasts)

    def tilings(self) -> Iterator[tuple[Period, ...]]:
        """Divide a period of whole months into its months, and into its quarters."""
        for parts in (self.months, self.quarters):
            if len(parts) > 1:
                yield parts

    def earlier(self, months: int) -> Period | None:
        """Give the period of the same length some months earlier; None without whole months, or before year 1."""
        try:
            return Period.of_months(add_months(self.end, -months), self.month_count) if self.month_count else None
        except ValueError:
            return None

    def months_since(self, before: Period) -> int:
        """Count the months from another period's beginning to this one's."""
        return _months_between(before.start, self.start)

    @property
    def label(self) -> str:
        """Such as "July 2019 to June 2020", "April to June 2020" or "3 June to 30 June 2020"."""
        return self._between("%B")

    @property
    def short_label(self) -> str:
        """The same with months of three letters, for the head of a column."""
        return self._between("%b")

    def _between(self, month: str) -> str:
        day = "" if self.whole_months else "{.day} "
        first, last = (day.format(at) + at.strftime(month) for at in (self.start, self.end))
        if self.start.year != self.end.year:
            first += f" {self.start.year}"
        return f"{last} {self.end.year}" if first == last else f"{first} to {last} {self.end.year}"

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the UK financial year, which begins on 1 April.

    Parameters
    ----------
    year : int
        Calendar year in which the financial year begins: 2020 for 2020-21.
    number : int
        From 1 (April to June) to 4 (January to March).
    """

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a quarter written as ``2020-21-Q1``; raises ValueError for anything else."""
        match = re.fullmatch(r"(\d{4})-(\d{2})-Q([1-4])", text)
        if not match or (int(match[1]) + 1) % 100 != int(match[2]):
            raise ValueError(f"a quarter is written like 2020-21-Q1, not {text!r}")
        return cls(int(match[1]), int(match[3]))

    @property
    def period(self) -> Period:
        """The quarter's three months."""
        last_month = add_months(date(self.year, 4, 1), 3 * self.number - 1)
        return Period.of_months(last_month, MONTHS_OF_QUARTER)

    @property
    def label(self) -> str:
        """Such as "quarter 1 of 2020-21"."""
        return f"quarter {self.number} of {self.financial_year}"

    @property
    def short_label(self) -> str:
        """Such as "Q1 2020-21"."""
        return f"Q{self.number} {self.financial_year}"

    @property
    def financial_year(self) -> str:
        """Such as "2020-21"."""
        return f"{self.year}-{(self.year + 1) % 100:02}"

    @classmethod
    def containing(cls, day: date) -> Self:
        """Give the quarter in which a day lies."""
        financial_year = day.year if day.month >= 4 else day.year - 1
        return cls(financial_year, (day.month - 4) % 12 // 3 + 1)

    def __str__(self) -> str:
        return f"{self.financial_year}-Q{self.number}"


def window(quarter: Quarter, name: str, lag_months: int = 0) -> Period:
    """Give the period that a window has in a quarter; raises ValueError if there is no such window.

    Parameters
    ----------
    name : str
        A key of `WINDOWS` or `COMPLETE_YEARS`, ``four_weeks`` (the 28 days to the quarter's end),
        ``calendar_year_to_date`` (from 1 January to the quarter's end), either with ``_last_year``, or a
        single month such as ``month_2020_06``, which no lag shifts.
    lag_months : int
        By how many months the measure's data run behind; the window is that much earlier.
    """
    if month := _MONTH.fullmatch(name):
        return Period.of_months(date(int(month["year"]), int(month["month"]), 1), 1)
    end = add_months(quarter.period.end.replace(day=1), -lag_months)
    if name in WINDOWS:
        before_end, length = WINDOWS[name]
        return Period.of_months(add_months(end, -before_end), length)
    if name in COMPLETE_YEARS:
        last_month, years_before = COMPLETE_YEARS[name]
        since = (end.month - last_month) % MONTHS_OF_YEAR
        return Period.of_months(add_months(end, -since - MONTHS_OF_YEAR * years_before), MONTHS_OF_YEAR)
    if name.endswith("_last_year"):
        end = add_months(end, -MONTHS_OF_YEAR)
    if name in (FOUR_WEEKS, FOUR_WEEKS_LAST_YEAR):
        last = _month_end(end)
        return Period(date.fromordinal(last.toordinal() - 27), last)
    if name in (CALENDAR_YEAR_TO_DATE, CALENDAR_YEAR_TO_DATE_LAST_YEAR):
        return Period.of_months(end, end.month)
    known = ", ".join([*WINDOWS, *COMPLETE_YEARS, FOUR_WEEKS, CALENDAR_YEAR_TO_DATE])
    raise ValueError(f"no window {name!r}; there are {known} and months such as month_2020_06")


def missing_months(months: Collection[Period]) -> tuple[Period, ...]:
    """Give the months missing between the first and the last of some."""
    if not months:
        return ()
    return tuple(month for month in Period(min(months).start, max(months).end).months if month not in months)


def long_date(day: date) -> str:
    """Write a day as "30 June 2020"."""
    return f"{day.day} {day:%B %Y}"


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months_between(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * MONTHS_OF_YEAR + later.month - earlier.month


def add_months(day: date, months: int) -> date:
    """Shift a day by months; a day that the month does not have becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
