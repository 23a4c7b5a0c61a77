"""The figures of a published report looked up by what they are figures of, and computed from each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from scrutiny.review.reconcile.figures import CHANGE, LEVELS, WORDS, Interval, Published
from scrutiny.review.reconcile.relations import Relations
from scrutiny.statistics import wording
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period

_DECIMALS_OF_A_PERCENTAGE = 2
"""More than a report prints, so that a reader sees where it was rounded."""


@dataclass(frozen=True)
class Level:
    """A figure that is printed, or computed from some that are.

    Parameters
    ----------
    interval : Interval
        What it may be.
    text : str
        It in arithmetic: "134,069".
    steps : tuple of str
        The arithmetic from which it comes, if it is not printed.
    places : int
        Decimal places of its text.
    sources : tuple of Published
        The printed figures.
    estimated : bool
        Whether some of it is neither printed nor follows from what is.
    """

    interval: Interval
    text: str
    places: int
    sources: tuple[Published, ...]
    steps: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def middle(self) -> Fraction:
        """The figure without what rounding may have hidden."""
        return (self.interval.low + self.interval.high) / 2


class Ledger:
    """Figures of a published report by fact, period and statistic; rough ones left out."""

    def __init__(self, figures: Iterable[Published], relations: Relations) -> None:
        self.figures = tuple(figure for figure in figures if not figure.rough)
        self.relations = relations
        self._found: dict[tuple[str, Period, str], list[Published]] = defaultdict(list)
        self._levels: dict[str, str] = {}
        for figure in self.figures:
            self._found[figure.fact, figure.period, figure.statistic].append(figure)
            if figure.statistic in LEVELS:
                self._levels.setdefault(figure.fact, figure.statistic)

    def statistic(self, fact: str) -> str:
        """Name what the figures of a fact are; counts where only its changes are printed."""
        return self._levels.get(fact, "count")

    def interval(self, figure: Published) -> Interval:
        """Give what a figure may have been before it was rounded; counts and words are exact."""
        exact = (
            figure.statistic == "count"
            or figure.comparison in WORDS
            or (figure.comparison == CHANGE and self.statistic(figure.fact) == "count")
        )
        return figure.interval(exact=exact)

    def printed(self, fact: str, period: Period, statistic: str, near: int) -> Level | None:
        """Look a printed figure up: of several places the most precise, then the one nearest to a line."""
        found = self._found.get((fact, period, statistic))
        if not found:
            return None
        best = min(found, key=lambda figure: (-figure.places, abs(figure.line - near)))
        return Level(self.interval(best), best.text, best.places, (best,))

    def level(self, fact: str, period: Period, near: int) -> Level | None:
        """Give a figure of a fact, printed or the sum of its parts."""
        statistic = self.statistic(fact)
        return self.printed(fact, period, statistic, near) or self.sum_of_parts(fact, period, statistic, near)

    def sum_of_parts(self, fact: str, period: Period, statistic: str, near: int) -> Level | None:
        """Add the parts of a fact up; None unless each of them is printed."""
        parts = self.relations.sums.get(fact, ())
        found = [
            self.printed(part, period, statistic, near)
            for part in parts
            # A share is no part of a sum of counts.
            if statistic not in LEVELS or self._levels.get(part, statistic) == statistic
        ]
        return total(found) if found else None

    def sum_of_months(self, fact: str, period: Period, near: int) -> Level | None:
        """Add the months of a period up, or the quarters that tile it; None unless each is printed."""
        for tiles in (period.months, quarters(period)):
            if len(tiles) > 1 and (made := total([self.printed(fact, tile, "count", near) for tile in tiles])):
                return made
        return None

    def both(self, figure: Published) -> tuple[Level, Level] | None:
        """Give what a comparison compares: the earlier figure and the later, one perhaps by way of the change."""
        base = figure.base_period
        if base is None:
            return None
        earlier = self.level(figure.fact, base, figure.line)
        later = self.level(figure.fact, figure.period, figure.line)
        if figure.comparison != CHANGE and (earlier is None) != (later is None):
            change = self.printed(figure.fact, figure.period, f"{CHANGE}{figure.base}", figure.line)
            if change and later:
                earlier = difference(later, change)
            elif change and earlier:
                later = total([earlier, change])
        return (earlier, later) if earlier and later else None

    def same(self) -> Iterable[list[Published]]:
        """Give the figures that say the same in several places."""
        return (found for found in self._found.values() if len(found) > 1)


def total(levels: Sequence[Level | None]) -> Level | None:
    """Add figures up; None if one is missing."""
    found = [level for level in levels if level]
    if len(found) < len(levels) or not found:
        return None
    if len(found) == 1:
        return found[0]
    places = max(level.places for level in found)
    text = wording.number(sum(level.middle for level in found), places)
    return Level(
        reduce(lambda one, other: one + other, (level.interval for level in found)),
        text,
        places,
        tuple(source for level in found for source in level.sources),
        (
            *(step for level in found for step in level.steps),
            f"{joined([level.text for level in found])} = {text}",
        ),
        any(level.estimated for level in found),
    )


def difference(later: Level, earlier: Level) -> Level:
    """Take an earlier figure from a later one."""
    places = max(later.places, earlier.places)
    text = wording.number(later.middle - earlier.middle, places)
    return Level(
        later.interval - earlier.interval,
        text,
        places,
        (*later.sources, *earlier.sources),
        (*later.steps, *earlier.steps, f"{minus(later.text, earlier.text)} = {text}"),
        later.estimated or earlier.estimated,
    )


def percentage(part: Level, whole: Level) -> Level | None:
    """Give a figure in per cent of another; None of nothing."""
    interval = part.interval.percent_of(whole.interval)
    if interval is None:
        return None
    text = wording.percent(100 * part.middle / whole.middle, _DECIMALS_OF_A_PERCENTAGE)
    steps = dict.fromkeys((*part.steps, *whole.steps, f"{part.text} / {whole.text} = {text}"))
    sources = (*part.sources, *whole.sources)
    estimated = part.estimated or whole.estimated
    return Level(interval, text, _DECIMALS_OF_A_PERCENTAGE, sources, tuple(steps), estimated)


def joined(terms: Iterable[str]) -> str:
    """Write a sum: "5 + 3 − 2"."""
    return " + ".join(terms).replace(f"+ {wording.MINUS}", f"{wording.MINUS} ")


def minus(one: str, other: str) -> str:
    """Write a difference: "5 − 3"; less a negative number is plus."""
    if other.startswith(wording.MINUS):
        return f"{one} + {other.removeprefix(wording.MINUS)}"
    return f"{one} {wording.MINUS} {other}"


def quarters(period: Period) -> tuple[Period, ...]:
    """Give the periods of three months that tile one, from its first month on; none where they do not."""
    months = period.months
    if len(months) % MONTHS_OF_QUARTER:
        return ()
    lasts = months[MONTHS_OF_QUARTER - 1 :: MONTHS_OF_QUARTER]
    return tuple(Period.of_months(last.end, MONTHS_OF_QUARTER) for last in lasts)
