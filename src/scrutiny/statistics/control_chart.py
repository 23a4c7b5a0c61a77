"""Statistical process control by XmR charts: the limits of ordinary variation, and signals beyond it.

Limits come from a baseline that later points do not move, and a point is judged by itself and those before it:
however long a series grows, what was found in it stays.

D. J. Wheeler, *Understanding Variation* (2nd ed., 2000), chapter 3; NHS England, *Making Data Count*, for the
choice of signals. The choices made here are in the methodology page of the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, pairwise
from operator import gt, itemgetter, lt
from statistics import fmean

MINIMUM_POINTS = 12
"""Fewer points than this give no limits; so many, the first, are the baseline unless it is to be longer."""

MONTHS = 36
"""Months up to the quarter's end over which a series is drawn."""

XMR_CONSTANT = 2.66
"""3 / 1.128: three sigma, sigma being the mean moving range over d2 for ranges of two (Wheeler)."""

LIMITS = f"mean, and limits at the mean ± {XMR_CONSTANT} times the mean moving range, both of a baseline"
"""What a chart draws beside a series, in words."""

RUN = 7
"""Points in a row that make a shift or a trend."""


class SignalRule(StrEnum):
    """What makes points a signal."""

    OUTSIDE_LIMITS = "outside the limits"
    SHIFT = "shift"
    TREND = "trend"
    TWO_OF_THREE = "two of three"


Bounds = tuple[float | None, float | None]
"""The least and the greatest that a figure can be; None where there is none."""


COUNT: Bounds = (0, None)
"""Bounds of counts, and of times."""


def bounds(statistic: str) -> Bounds:
    """Give the bounds of a statistic: a percentage has two, and only changes and money can be below 0."""
    if statistic == "percent":
        return 0, 100
    return (None, None) if statistic == "gbp_million" or "change" in statistic else COUNT


@dataclass(frozen=True)
class Limits:
    """Limits of an XmR chart, in the unit of the series."""

    mean: float
    mean_moving_range: float
    bounds: Bounds = COUNT

    @property
    def upper(self) -> float:
        """The upper natural process limit, no greater than a figure can be."""
        upper, most = self.mean + XMR_CONSTANT * self.mean_moving_range, self.bounds[1]
        return upper if most is None else min(upper, most)

    @property
    def lower(self) -> float:
        """The lower natural process limit, no less than a figure can be."""
        lower, least = self.mean - XMR_CONSTANT * self.mean_moving_range, self.bounds[0]
        return lower if least is None else max(lower, least)

    @property
    def two_thirds(self) -> float:
        """Distance from the mean to two thirds of the way to a limit, were it not kept within the bounds."""
        return XMR_CONSTANT * self.mean_moving_range * 2 / 3


@dataclass(frozen=True)
class Signal:
    """Points that ordinary variation does not explain.

    Parameters
    ----------
    side : str
        ``above`` or ``below``; of a trend ``rising`` or ``falling``.
    points : tuple of int
        Positions in the series, from 0.
    """

    rule: SignalRule
    side: str
    points: tuple[int, ...]

    @property
    def signalled(self) -> tuple[int, ...]:
        """The points that are a signal: that at which the rule is first met, and those after it.

        Those before it were none when they were the latest, and later points do not make them any.
        """
        return self.points[_COMPLETE[self.rule] - 1 :]


_COMPLETE = {
    SignalRule.OUTSIDE_LIMITS: 1,
    SignalRule.SHIFT: RUN,
    SignalRule.TREND: RUN,
    SignalRule.TWO_OF_THREE: 2,
}
"""How many points meet a rule."""

Series = Sequence[float | None]


@dataclass(frozen=True)
class Stretch:
    """Points of a series that the same limits judge.

    Parameters
    ----------
    start, stop : int
        Position of its first point, of a figure, and the one after its last.
    baseline_stop : int
        The position after its baseline, which begins at `start`.
    points : int
        How many the baseline is to have.
    limits : Limits or None
        None as long as it has fewer, or where it is rounded.
    rounded : bool
        Whether the baseline is rounded to more than it varies by.
    """

    start: int
    stop: int
    baseline_stop: int
    points: int
    limits: Limits | None = None
    rounded: bool = False


def stretches(
    values: Series, begins: Mapping[int, int], within: Bounds, units: Sequence[float] = ()
) -> tuple[Stretch, ...]:
    """Divide a series where its limits begin anew, each stretch with the limits of its first points.

    Parameters
    ----------
    begins : mapping of int to int
        Positions at which limits begin, of which one is 0, and how many points make the baseline there. There is
        a stretch for each, in the order of time.
    within : tuple
        See `bounds`.
    units : sequence of float
        To what multiple each value is rounded; none is by default.
    """
    starts = sorted(begins)
    return tuple(
        _stretch(values, start, stop, begins[start], within, units)
        for start, stop in pairwise([*starts, len(values)])
    )


def _stretch(
    values: Series, start: int, stop: int, points: int, within: Bounds, units: Sequence[float]
) -> Stretch:
    start = next((at for at in range(start, stop) if values[at] is not None), start)
    known = 0
    for at in range(start, stop):
        known += values[at] is not None
        # As long as none of them is next to another, more are taken.
        if known >= points and xmr(values[start : at + 1]):
            limits = xmr(values[start : at + 1], max(units[start : at + 1], default=0), within)
            return Stretch(start, stop, at + 1, points, limits, rounded=limits is None)
    return Stretch(start, stop, stop, points)


def xmr(values: Series, unit: float = 0, within: Bounds = COUNT) -> Limits | None:
    """Compute the limits of a series: mean ± 2.66 × mean moving range.

    Parameters
    ----------
    values : sequence of float or None
        In the order of time. None is a gap; no moving range is taken across it.
    unit : float
        To what multiple the values are rounded.
    within : tuple
        See `bounds`.

    Returns
    -------
    Limits or None
        None under 12 points, or without two consecutive ones; and where the values are rounded to more than their
        standard deviation, because limits of these would be of the rounding (Wheeler's inadequate units).
    """
    known = [value for value in values if value is not None]
    ranges = [
        abs(later - earlier) for earlier, later in pairwise(values) if earlier is not None and later is not None
    ]
    if len(known) < MINIMUM_POINTS or not ranges:
        return None
    limits = Limits(fmean(known), fmean(ranges), within)
    return limits if unit <= limits.mean_moving_range * XMR_CONSTANT / 3 else None


def signals(values: Series, limits: Limits, start: int = 0) -> tuple[Signal, ...]:
    """Find the signals of a series, rule by rule in the order of `SignalRule`, each in the order of time.

    `start` is the position of its first point, where it is a stretch of a longer one.
    """
    found: list[Signal] = []
    for side, beyond, limit in (("above", gt, limits.upper), ("below", lt, limits.lower)):
        found += [
            Signal(SignalRule.OUTSIDE_LIMITS, side, run)
            for run in _runs([value is not None and beyond(value, limit) for value in values])
        ]
        found += [
            Signal(SignalRule.SHIFT, side, run)
            for run in _runs([value is not None and beyond(value, limits.mean) for value in values])
            if len(run) >= RUN
        ]
        found += _two_of_three(values, limits, side, beyond)
    for side, beyond in (("rising", gt), ("falling", lt)):
        steps = [
            earlier is not None and later is not None and beyond(later, earlier)
            for earlier, later in pairwise(values)
        ]
        # A run of n steps joins n + 1 points.
        found += [
            Signal(SignalRule.TREND, side, (*run, run[-1] + 1)) for run in _runs(steps) if len(run) + 1 >= RUN
        ]
    order = list(SignalRule)
    moved = (replace(signal, points=tuple(start + point for point in signal.points)) for signal in found)
    return tuple(sorted(moved, key=lambda signal: (order.index(signal.rule), signal.points)))


def _two_of_three(
    values: Series, limits: Limits, side: str, beyond: Callable[[float, float], bool]
) -> list[Signal]:
    """Find points near a limit, each at most two after another with no gap between; a chain is one signal."""
    level = limits.mean + (limits.two_thirds if side == "above" else -limits.two_thirds)
    chains: list[list[int]] = []
    for at, value in enumerate(values):
        if value is None or not beyond(value, level):
            continue
        if chains and at - (last := chains[-1][-1]) <= 2 and None not in values[last:at]:
            chains[-1].append(at)
        else:
            chains.append([at])
    return [Signal(SignalRule.TWO_OF_THREE, side, tuple(chain)) for chain in chains if len(chain) > 1]


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """Give the positions of each unbroken run of true flags."""
    for flag, run in groupby(enumerate(flags), key=itemgetter(1)):
        if flag:
            yield tuple(position for position, _ in run)
