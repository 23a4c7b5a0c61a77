"""The figures of a published report: what each is a figure of, and how exactly it was printed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, add_months

LEVELS = ("count", "percent", "minutes", "seconds", "fte", "gbp_million")
"""Statistics of a figure by itself, not of a change."""
CHANGE, PERCENT_CHANGE = "change", "percent_change"
DIRECTION, SLIGHT_DIRECTION = "direction", "slight_direction"
WORDS = (SLIGHT_DIRECTION, DIRECTION)
"""Statistics whose number is 1, -1 or 0, for a direction given in words."""
COMPARISONS = (PERCENT_CHANGE, CHANGE, *WORDS)
BASES = {"": MONTHS_OF_YEAR, "_on_previous_quarter": MONTHS_OF_QUARTER, "_on_last_report": None}
"""Suffixes of comparisons, and the months between the two periods where that is known."""
STATISTICS = (*LEVELS, *(f"{name}{base}" for name in COMPARISONS for base in BASES))


@dataclass(frozen=True)
class Interval:
    """What a figure may have been before it was rounded; an exact one is only itself."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def percent_of(self, base: Interval) -> Interval | None:
        """Give the interval as a percentage of another; None if that may be zero."""
        if base.low <= 0 <= base.high:
            return None
        ends = [100 * one / other for one in (self.low, self.high) for other in (base.low, base.high)]
        return Interval(min(ends), max(ends))

    def rounds_to(self, number: Fraction, places: int) -> bool:
        """Whether part of it rounds to a number."""
        return round_half_away(self.low, places) <= number <= round_half_away(self.high, places)


@dataclass(frozen=True)
class PublishedFigure:
    """A figure at one place of the published report.

    Parameters
    ----------
    row, line : int
        Lines of the file of published figures, and of the published report.
    place : str
        The same in words, "Part: what".
    written : str
        The number as the file has it: "-25769", "4.00"; "~5200" for a rough one.
    fact : str
        What it is a figure of; places with the same fact, period and statistic should say the same.
    statistic : str
        One of `STATISTICS`.
    ours : str
        Where our report has it: a measure, or a dataset with values of its columns; empty for nowhere.
    why_not : str
        Why our report does not have it.
    """

    row: int
    line: int
    place: str
    printed: str
    written: str
    fact: str
    period: Period
    statistic: str
    ours: str = ""
    why_not: str = ""

    @cached_property
    def number(self) -> Fraction:
        """The printed number, with the sign that the words beside it imply."""
        return Fraction(self.written.removeprefix("~"))

    @property
    def places(self) -> int:
        """The printed decimal places."""
        return len(self.written.partition(".")[2])

    @property
    def rough(self) -> bool:
        """Whether it is printed with "over", "about" or "up to", so that nothing can be computed from it."""
        return self.written.startswith("~")

    @property
    def comparison(self) -> str:
        """The kind of comparison without its base, such as "percent_change"; empty for a level."""
        return next((kind for kind in COMPARISONS if self.statistic.startswith(kind)), "")

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
    def part(self) -> str:
        """The part of the report that it is in."""
        return self.place.partition(": ")[0]

    @property
    def text(self) -> str:
        """The number as arithmetic writes it: "−25,769"."""
        return wording.number(self.number, self.places)
