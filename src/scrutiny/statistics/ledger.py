"""Stated figures, looked up by fact, period and statistic, and computed from each other."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Generic, TypeVar

from scrutiny.statistics import wording
from scrutiny.statistics.periods import Period
from scrutiny.statistics.stated import CHANGE, COUNTS, OVER_TIME, WORDS, Interval, StatedFigure, comparison_in

Figure = TypeVar("Figure", bound=StatedFigure)
_PLACES_OF_PERCENTAGE = 2
"""More than a report prints, so that a reader sees where it was rounded."""


@dataclass(frozen=True)
class Relations:
    """Facts, and the facts that they are computed from.

    Parameters
    ----------
    sums : mapping of str to tuple of str
        Those that add up to each.
    parts : mapping of str to tuple of str
        Some of those that would add up to each.
    shares : mapping of str to tuple of str
        The part and the whole of each.
    """

    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(Generic[Figure]):
    """A figure that is printed, or computed from printed ones.

    Parameters
    ----------
    text : str
        As arithmetic writes it, with `places` decimal places: "134,069".
    sources : tuple of StatedFigure
        The printed figures that it comes from.
    steps : tuple of str
        The arithmetic, if it is computed.
    estimated : bool
        Whether some of it is neither printed nor follows from what is.
    """

    interval: Interval
    text: str
    places: int
    sources: tuple[Figure, ...]
    steps: tuple[str, ...] = ()
    estimated: bool = False
    proportion: Fraction | None = None
    """Of a percentage, what the middles of the two give, which is not the middle of its own interval."""

    @property
    def middle(self) -> Fraction:
        """The figure as if nothing had been rounded: the middle of the interval, or the proportion of two."""
        return (self.interval.low + self.interval.high) / 2 if self.proportion is None else self.proportion


class Ledger(Generic[Figure]):
    """The figures that were stated, except rough ones, by fact, period and statistic."""

    def __init__(self, figures: Iterable[Figure], relations: Relations) -> None:
        self.figures = tuple(figure for figure in figures if not figure.rough)
        self.relations = relations
        self._found: dict[tuple[str, Period, str], list[Figure]] = defaultdict(list)
        self._levels: dict[str, str] = {}
        for figure in self.figures:
            self._found[figure.fact, figure.period, figure.statistic].append(figure)
            if not figure.comparison:
                self._levels.setdefault(figure.fact, figure.statistic)

    def statistic(self, fact: str) -> str:
        """Give the statistic of a fact's levels: "count" where only its changes are printed."""
        return self._levels.get(fact, "count")

    def interval(self, figure: Figure) -> Interval:
        """Give what a figure may have been before it was rounded; counts and words are exact."""
        exact = (
            figure.statistic in COUNTS
            or figure.comparison in WORDS
            or (figure.comparison == CHANGE and self.statistic(figure.fact) in COUNTS)
        )
        half = Fraction(0) if exact else Fraction(1, 2 * 10**figure.places)
        return Interval(figure.number - half, figure.number + half)

    def printed(self, fact: str, period: Period, statistic: str, near: int) -> Entry[Figure] | None:
        """Look up a printed figure: of several the most precise, then the one nearest to a line."""
        found = self._found.get((fact, period, statistic))
        if not found:
            return None
        best = min(found, key=lambda figure: (-figure.places, abs(figure.line - near)))
        return Entry(self.interval(best), best.text, best.places, (best,))

    def level(self, fact: str, period: Period, near: int) -> Entry[Figure] | None:
        """Give the level of a fact, printed or the sum of its parts or, if counted, its months or quarters."""
        statistic = self.statistic(fact)
        return (
            self.printed(fact, period, statistic, near)
            or self.sum_of_parts(fact, period, statistic, near)
            or (self.sum_of_months(fact, period, near) if statistic in OVER_TIME else None)
        )

    def sum_of_parts(self, fact: str, period: Period, statistic: str, near: int) -> Entry[Figure] | None:
        """Add up the parts of a fact, if all are printed."""
        return total(
            self.printed(part, period, statistic, near)
            for part in self.relations.sums.get(fact, ())
            # A share is no part of a sum of counts.
            if comparison_in(statistic) or self._levels.get(part, statistic) == statistic
        )

    def sum_of_months(self, fact: str, period: Period, near: int) -> Entry[Figure] | None:
        """Add up the months or the quarters of a period, if all are printed."""
        for tiles in period.tilings():
            if made := total(self.printed(fact, tile, self.statistic(fact), near) for tile in tiles):
                return made
        return None

    def both(self, figure: Figure) -> tuple[Entry[Figure], Entry[Figure]] | None:
        """Give the earlier and the later level of a comparison, one of them perhaps derived from the change."""
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

    def repeated(self) -> Iterable[list[Figure]]:
        """Give the figures that say the same in several places."""
        return (found for found in self._found.values() if len(found) > 1)


def total(entries: Iterable[Entry[Figure] | None]) -> Entry[Figure] | None:
    """Add figures up; None if one is missing, or there are none."""
    known: list[Entry[Figure]] = []
    for entry in entries:
        if entry is None:
            return None
        known.append(entry)
    if len(known) < 2:
        return known[0] if known else None
    places = max(entry.places for entry in known)
    text = wording.number(sum(entry.middle for entry in known), places)
    terms = " + ".join(entry.text for entry in known).replace(f"+ {wording.MINUS}", f"{wording.MINUS} ")
    return _computed(known, reduce(operator.add, (entry.interval for entry in known)), text, places, terms)


def difference(later: Entry[Figure], earlier: Entry[Figure]) -> Entry[Figure]:
    """Subtract an earlier figure from a later one."""
    places = max(later.places, earlier.places)
    text = wording.number(later.middle - earlier.middle, places)
    negative = earlier.text.startswith(wording.MINUS)
    subtrahend = f"+ {earlier.text.removeprefix(wording.MINUS)}" if negative else f"{wording.MINUS} {earlier.text}"
    interval = later.interval - earlier.interval
    return _computed((later, earlier), interval, text, places, f"{later.text} {subtrahend}")


def percentage(part: Entry[Figure], whole: Entry[Figure], times: int = 100) -> Entry[Figure] | None:
    """Give a figure as a percentage of another, or so many `times` its proportion; None if that may be zero."""
    interval = part.interval.per(whole.interval, times)
    if interval is None:
        return None
    write = wording.percent if times == 100 else wording.number
    proportion = times * part.middle / whole.middle
    text = write(proportion, _PLACES_OF_PERCENTAGE)
    made = _computed((part, whole), interval, text, _PLACES_OF_PERCENTAGE, f"{part.text} / {whole.text}")
    return replace(made, proportion=proportion)


def _computed(
    entries: Sequence[Entry[Figure]], interval: Interval, text: str, places: int, arithmetic: str
) -> Entry[Figure]:
    """Make an entry of some others, with each step of the arithmetic once."""
    steps = [step for entry in entries for step in entry.steps]
    return Entry(
        interval,
        text,
        places,
        tuple(source for entry in entries for source in entry.sources),
        tuple(dict.fromkeys([*steps, f"{arithmetic} = {text}"])),
        any(entry.estimated for entry in entries),
    )
