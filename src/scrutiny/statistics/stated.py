"""Figures as somebody stated them: what each is a figure of, and how exactly it was written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, add_months

COUNTS = ("count", "respondents", "satisfied")
"""Statistics that are numbers of people or of events."""
OVER_TIME = (*COUNTS, "gbp_million")
"""Statistics of which a period's figure is the sum of its months'."""
LEVELS = (*COUNTS, "percent", "minutes", "seconds", "fte", "gbp_million")
"""Statistics of a figure by itself, not of a change."""
CHANGE, PERCENT_CHANGE = "change", "percent_change"
DIRECTION, SLIGHT_DIRECTION = "direction", "slight_direction"
WORDS = (SLIGHT_DIRECTION, DIRECTION)
"""Statistics whose number is 1, -1 or 0, for a direction given in words."""
COMPARISONS = (PERCENT_CHANGE, CHANGE, *WORDS)
BASES = {"": MONTHS_OF_YEAR, "_on_previous_quarter": MONTHS_OF_QUARTER, "_on_last_report": None}
"""Suffixes of comparisons, and the months between the two periods where that is known."""


@dataclass(frozen=True)
class Interval:
    """What a figure may have been before it was rounded; an exact one is only itself."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def per(self, base: Interval, times: int = 100) -> Interval | None:
        """Give the interval as so many times its proportion of another, in per cent; None if that may be zero."""
        if base.low <= 0 <= base.high:
            return None
        ends = [times * one / other for one in (self.low, self.high) for other in (base.low, base.high)]
        return Interval(min(ends), max(ends))

    def meets(self, other: Interval) -> bool:
        """Whether the two have a number in common."""
        return self.low <= other.high and other.low <= self.high

    def rounds_to(self, number: Fraction, places: int) -> bool:
        """Whether part of it rounds to a number."""
        return round_half_away(self.low, places) <= number <= round_half_away(self.high, places)


def comparison_in(statistic: str) -> str:
    """Give the kind of comparison of a statistic, without its base; empty for a level."""
    return next((kind for kind in COMPARISONS if statistic.startswith(kind)), "")


@dataclass(frozen=True)
class StatedFigure:
    """A figure of a report, or a row of a dataset.

    Parameters
    ----------
    line : int
        Of the report, or of the dataset's file.
    written : str
        The number as the file has it: "-25769", "4.00"; "~5200" for a rough one.
    fact : str
        What it is a figure of; those with the same fact, period and statistic should say the same.
    statistic : str
        A level, or a comparison with its base: "percent_change_on_previous_quarter".
    """

    line: int
    written: str
    fact: str
    period: Period
    statistic: str

    @cached_property
    def number(self) -> Fraction:
        """The number, with the sign that words beside it imply."""
        return Fraction(self.written.removeprefix("~"))

    @property
    def places(self) -> int:
        """The decimal places written."""
        return len(self.written.partition(".")[2])

    @property
    def rough(self) -> bool:
        """Whether it is said with "over", "about" or "up to", so that nothing can be computed from it."""
        return self.written.startswith("~")

    @property
    def comparison(self) -> str:
        """The kind of comparison without its base, such as "percent_change"; empty for a level."""
        return comparison_in(self.statistic)

    @property
    def base(self) -> str:
        """Suffix of the statistic, such as "_on_previous_quarter"; empty for the year before."""
        return self.statistic.removeprefix(self.comparison) if self.comparison else ""

    @property
    def base_period(self) -> Period | None:
        """The period that it is compared with, where that is known."""
        months = BASES[self.base]
        if months is None or self.period.whole_months:
            return self.period.earlier(months) if months else None
        # Windows of four weeks are compared day by day.
        return Period(add_months(self.period.start, -months), add_months(self.period.end, -months))

    @property
    def text(self) -> str:
        """The number as arithmetic writes it: "−25,769"."""
        return wording.number(self.number, self.places)
