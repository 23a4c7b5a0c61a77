"""Statistical process control by XmR charts: the limits of ordinary variation, and signals beyond it.

D. J. Wheeler, *Understanding Variation* (2nd ed., 2000), chapter 3; NHS England, *Making Data Count*, for the
choice of signals. The choices made here are in the methodology page of the documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from operator import gt, itemgetter, lt
from statistics import fmean

MINIMUM_POINTS = 12
"""Fewer points than this give no limits."""

MONTHS = 36
"""Months up to the quarter's end over which a series is judged and drawn."""

XMR_CONSTANT = 2.66
"""3 / 1.128: three sigma, sigma being the mean moving range over d2 for ranges of two (Wheeler)."""

LIMITS = f"mean, and limits at the mean ± {XMR_CONSTANT} times the mean moving range"
"""What a chart draws beside a series, in words."""

RUN = 7
"""Points in a row that make a shift or a trend."""


class SignalRule(StrEnum):
    """What makes points a signal."""

    OUTSIDE_LIMITS = "outside the limits"
    SHIFT = "shift"
    TREND = "trend"
    TWO_OF_THREE = "two of three"


@dataclass(frozen=True)
class Limits:
    """Limits of an XmR chart of counts, in the unit of the series."""

    mean: float
    mean_moving_range: float

    @property
    def upper(self) -> float:
        """The upper natural process limit."""
        return self.mean + XMR_CONSTANT * self.mean_moving_range

    @property
    def lower(self) -> float:
        """The lower natural process limit, not below 0, as counts are not."""
        return max(0.0, self.mean - XMR_CONSTANT * self.mean_moving_range)

    @property
    def two_thirds(self) -> float:
        """Distance from the mean to two thirds of the way to a limit, were the lower not kept above 0."""
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


Series = Sequence[float | None]


def xmr(values: Series, unit: float = 0) -> Limits | None:
    """Compute the limits of a series of counts: mean ± 2.66 × mean moving range.

    Parameters
    ----------
    values : sequence of float or None
        In the order of time. None is a gap; no moving range is taken across it.
    unit : float
        To what multiple the values are rounded.

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
    limits = Limits(fmean(known), fmean(ranges))
    return limits if unit <= limits.mean_moving_range * XMR_CONSTANT / 3 else None


def signals(values: Series, limits: Limits) -> tuple[Signal, ...]:
    """Find the signals of a series, rule by rule in the order of `SignalRule`, each in the order of time."""
    found: list[Signal] = []
    for side, beyond, limit in (("above", gt, limits.upper), ("below", lt, limits.lower)):
        found += [
            Signal(SignalRule.OUTSIDE_LIMITS, side, (position,))
            for position, value in enumerate(values)
            if value is not None and beyond(value, limit)
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
    return tuple(sorted(found, key=lambda signal: (order.index(signal.rule), signal.points)))


def _two_of_three(
    values: Series, limits: Limits, side: str, beyond: Callable[[float, float], bool]
) -> list[Signal]:
    """Find points near a limit of which two lie within three; those that overlap are one signal."""
    level = limits.mean + (limits.two_thirds if side == "above" else -limits.two_thirds)
    near = [value is not None and beyond(value, level) for value in values]
    signalled = set()
    for start in range(len(values) - 2):
        window = range(start, start + 3)
        if None not in (values[at] for at in window) and sum(near[at] for at in window) >= 2:
            signalled |= {at for at in window if near[at]}
    joined: list[list[int]] = []
    for at in sorted(signalled):
        if joined and at - joined[-1][-1] <= 2:
            joined[-1].append(at)
        else:
            joined.append([at])
    return [Signal(SignalRule.TWO_OF_THREE, side, tuple(points)) for points in joined]


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, ...]]:
    """Give the positions of each unbroken run of true flags."""
    for flag, run in groupby(enumerate(flags), key=itemgetter(1)):
        if flag:
            yield tuple(position for position, _ in run)
