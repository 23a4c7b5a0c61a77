"""Checks of a time series: no gap between its months, and no unexplained jump."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from math import exp, hypot, log
from typing import Protocol

from scrutiny.inputs.figures import Figure, grouped, topic_name, with_commas
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.control_chart import xmr
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period

_SHORTEST = 3
"""Months that make a series in which one can be missing."""
_MOVING_RANGES = 5
_PROPORTIONS = 3.5
_LEAST = log(1.4)
"""A count that moves by less is not questioned: a third less, as of a file cut short, is a move by half."""
_PRESUMED, _PRESUMED_MOVES = 0.08, 3
"""How a count is presumed to move, as a logarithm, and how many moves that presumption weighs."""
_MEAN_OF_NORMAL = 0.8
"""The mean distance of a normal distribution from its mean, in standard deviations."""
_LENGTHS = (1, MONTHS_OF_QUARTER)


def check_months(figures: Figures) -> Outcome:
    """Find months, or quarters, that are missing within a series."""
    held, questions = 0, []
    for months, series in _all_series(figures):
        if all(figure.illustrative for figure in series):
            continue
        found = [_gap(figures, *pair) for pair in pairwise(series) if _steps(*pair) > months]
        questions += found
        held += not found
    return Outcome(held, tuple(questions))


def check_jumps(figures: Figures) -> Outcome:
    """Find figures that differ from the one before by far more than the others of their series do."""
    held, questions = 0, []
    for months, series in _all_series(figures, shortest=2):
        real = [figure for figure in series if figure.is_real]
        jumps = _jumps(real, months)
        if jumps is None:
            continue
        questions += [_jump(figures, *jump) for jump in jumps]
        held += not jumps
    return Outcome(held, tuple(questions))


def _all_series(figures: Figures, shortest: int = _SHORTEST) -> Iterator[tuple[int, list[Figure]]]:
    """Give each series of figures that mostly follow each other, with the months that each of them covers."""
    for months in _LENGTHS:
        alike = (figure for figure in figures.all if figure.period.month_count == months)
        for series in grouped(alike, lambda figure: figure.series).values():
            next_to_another = sum(_steps(*pair) == months for pair in pairwise(series))
            if len(series) >= shortest and next_to_another * 2 > len(series) - 1:
                yield months, series


def _steps(before: Figure, after: Figure) -> int:
    """Count the months from one period's beginning to another's."""
    return after.period.months_since(before.period)


def _gap(figures: Figures, before: Figure, after: Figure) -> Question:
    day = timedelta(days=1)
    missing = Period(before.period.end + day, after.period.start - day)
    return figures.question(
        "months",
        after,
        f"the series {topic_name(after.topic)}: {after.statistic} lacks {missing}",
        "a row for each period; one that was not supplied has no value, and x in symbol",
        figures=(after.source, *after.topic, after.statistic, str(before.period), str(after.period)),
        others=[before],
        column="period_start",
    )


@dataclass(frozen=True)
class _Pair:
    """A figure and the one of the next month or quarter."""

    before: Figure
    at: Figure

    @property
    def distance(self) -> Decimal:
        return abs(self.at.amount - self.before.amount)

    @property
    def proportion(self) -> float:
        """By how much the greater is more than the other, as a logarithm; nothing counts as a half."""
        one, other = (log(max(float(figure.amount), 0.5)) for figure in (self.before, self.at))
        return abs(one - other)

    @property
    def chance(self) -> float:
        """How far two counts of one process are apart by chance alone, as `proportion`."""
        one, other = (max(float(figure.amount), 1) for figure in (self.before, self.at))
        return float(_MEAN_OF_NORMAL * (1 / one + 1 / other) ** 0.5)


class _Rule(Protocol):
    """How far a series usually moves. A figure is not judged by itself: the moves from and to it are left out."""

    def allows(self, pair: _Pair) -> bool: ...

    @property
    def usual(self) -> str: ...

    def expected(self, before: Figure) -> str: ...


@dataclass(frozen=True)
class _Ranges:
    """By the mean moving range of the others."""

    mean: Decimal

    def allows(self, pair: _Pair) -> bool:
        return pair.distance <= _MOVING_RANGES * self.mean

    @property
    def usual(self) -> str:
        return _rough(self.mean)

    def expected(self, before: Figure) -> str:
        most = _MOVING_RANGES * self.mean
        low, high = _rough(before.amount - most), _rough(before.amount + most)
        return f"between {low} and {high}, within {_MOVING_RANGES} moving ranges"


@dataclass(frozen=True)
class _Proportions:
    """By the mean proportion of the others, which few figures are enough for."""

    mean: float

    def _most(self, pair: _Pair) -> float:
        return max(_LEAST, _PROPORTIONS * hypot(self.mean, pair.chance))

    def allows(self, pair: _Pair) -> bool:
        return pair.proportion <= self._most(pair)

    @property
    def usual(self) -> str:
        return f"{exp(self.mean) - 1:.0%}"

    def expected(self, before: Figure) -> str:
        most = Decimal(exp(self._most(_Pair(before, before))))
        return f"between {_rough(before.amount / most)} and {_rough(before.amount * most)}"


def _jumps(series: Sequence[Figure], months: int) -> list[tuple[_Pair, _Rule]] | None:
    """Give the figures before and after each jump; None for a series that cannot be judged.

    A figure that returns to where the series was before a jump is part of the same jump.
    """
    pairs = [_Pair(*pair) if _steps(*pair) == months else None for pair in pairwise(series)]
    values: list[float | None] = []
    for figure, pair in zip(series, [True, *pairs], strict=bool(series)):
        # No moving range is taken across a gap.
        values += [float(figure.amount)] if pair else [None, float(figure.amount)]
    is_long = xmr(values) is not None
    judged = False
    found: list[tuple[_Pair, _Rule]] = []
    for position, pair in enumerate(pairs):
        if pair is None:
            continue
        others = [other for at, other in enumerate(pairs) if other and at not in (position, position + 1)]
        for rule in _rules(pair.at, others, is_long):
            judged = True
            if not rule.allows(pair) and not _returns(found, pair, rule):
                found.append((pair, rule))
                break
    return found if judged else None


def _rules(at: Figure, others: Sequence[_Pair], is_long: bool) -> Iterator[_Rule]:
    if is_long and others:
        mean = sum((other.distance for other in others), Decimal(0)) / len(others)
        # One more of a rare event would be beyond any multiple of nothing.
        yield _Ranges(max(mean, Decimal(1)) if at.is_count else mean)
    if at.is_count:
        moved = _PRESUMED * _PRESUMED_MOVES + sum(other.proportion for other in others)
        yield _Proportions(moved / (_PRESUMED_MOVES + len(others)))


def _returns(found: Sequence[tuple[_Pair, _Rule]], pair: _Pair, rule: _Rule) -> bool:
    return bool(found) and found[-1][0].at is pair.before and rule.allows(_Pair(found[-1][0].before, pair.at))


def _jump(figures: Figures, pair: _Pair, rule: _Rule) -> Question:
    before, at = pair.before, pair.at
    change = f"{with_commas(pair.distance)} {'more' if at.amount > before.amount else 'less'}"
    return figures.question(
        "jumps",
        at,
        f"{with_commas(at.value)} ({at.name}) is {change} than {with_commas(before.value)} before; the series "
        f"usually moves by {rule.usual}",
        rule.expected(before),
        figures=(before.identity, at.identity),
        others=[before],
    )


def _rough(number: Decimal) -> str:
    return with_commas(round(number, 1))
