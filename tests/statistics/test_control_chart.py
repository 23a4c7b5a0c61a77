from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.statistics.control_chart import Limits, SignalRule, bounds, signals, stretches, xmr

SERIES = st.lists(st.integers(0, 1000), min_size=12, max_size=40)
OTHER_WAY = {"above": "below", "below": "above", "rising": "falling", "falling": "rising"}


@given(SERIES)
def test_limits_are_those_of_numpy(values):
    limits = xmr(values)
    mean, moving_range = np.mean(values), np.abs(np.diff(values)).mean()
    assert limits.mean == pytest.approx(mean)
    assert limits.upper == pytest.approx(mean + 2.66 * moving_range)
    assert limits.lower == pytest.approx(max(0, mean - 2.66 * moving_range))


@given(SERIES, st.integers(1, 500), st.integers(2, 5))
def test_limits_move_and_grow_with_the_series(values, shift, scale):
    one, other = xmr(values), xmr([scale * value + shift for value in values])
    assert other.mean == pytest.approx(scale * one.mean + shift)
    assert other.upper - other.mean == pytest.approx(scale * (one.upper - one.mean))


@given(SERIES)
def test_signals_of_the_mirrored_series_are_mirrored(values):
    limits = xmr(values)
    mirrored = [2 * limits.mean - value for value in values]
    one = {
        (signal.rule, signal.side, signal.points)
        for signal in signals(values, limits)
        if signal.rule in (SignalRule.SHIFT, SignalRule.TREND)
    }
    other = {
        (signal.rule, OTHER_WAY[signal.side], signal.points)
        for signal in signals(mirrored, limits)
        if signal.rule in (SignalRule.SHIFT, SignalRule.TREND)
    }
    # A value on the mean, mirrored in floating point, may come to lie beside it.
    if not any(abs(value - limits.mean) < 1e-9 for value in values):
        assert one == other


@given(SERIES)
def test_the_points_of_a_signal_keep_its_rule(values):
    limits = xmr(values)
    for signal in signals(values, limits):
        points = [values[at] for at in signal.points]
        match signal.rule:
            case SignalRule.OUTSIDE_LIMITS:
                assert points[0] > limits.upper or points[0] < limits.lower
            case SignalRule.SHIFT:
                assert len(points) >= 7
                assert len({point > limits.mean for point in points}) == 1
            case SignalRule.TREND:
                assert len(points) >= 7
                assert len(set(np.sign(np.diff(points)))) == 1
            case SignalRule.TWO_OF_THREE:
                assert all(abs(point - limits.mean) > limits.two_thirds for point in points)
                assert max(np.diff(signal.points)) <= 2


def test_under_12_points_or_without_neighbours_there_are_no_limits():
    assert xmr([1.0] * 11) is None
    assert xmr([1.0, None] * 12) is None


def test_a_cut_off_limit_does_not_make_low_counts_a_signal():
    limits = Limits(mean=3, mean_moving_range=2)
    assert limits.lower == 0
    assert signals([3, 0, 0, 3], limits) == ()


GAPPED = st.lists(st.one_of(st.integers(0, 30), st.just(None)), max_size=60)
STEPS = st.dictionaries(st.integers(1, 60), st.integers(12, 24), max_size=3)


def judged(values, begins):
    """Give the limits and the rules of each position."""
    parts = stretches(values, {at: points for at, points in begins.items() if at < len(values)}, (0, 20))
    found = [
        (signal.rule, signal.side, at)
        for part in parts
        if part.limits
        for signal in signals(values[part.start : part.stop], part.limits, part.start)
        for at in signal.signalled
    ]
    limits = {at: part.limits for part in parts if part.limits for at in range(part.start, part.stop)}
    return limits, set(found)


@given(GAPPED, STEPS, st.integers(1, 60))
def test_later_points_change_neither_limits_nor_signals_of_earlier_ones(values, steps, length):
    begins = {0: 12} | steps
    limits, found = judged(values[:length], begins)
    later_limits, later_found = judged(values, begins)
    assert limits.items() <= later_limits.items()
    # What had limits before has the signals that it had, no more and no fewer.
    assert found == {one for one in later_found if one[2] in limits}


@given(GAPPED, STEPS)
def test_a_stretch_is_judged_as_if_it_were_alone(values, steps):
    begins = {0: 12} | steps
    limits, found = judged(values, begins)
    for start, stop in pairwise([*sorted(at for at in begins if at < len(values)), len(values)]):
        alone, signalled = judged(values[start:stop], {0: begins[start]})
        assert {at - start: one for at, one in limits.items() if start <= at < stop} == alone
        assert {(rule, side, at - start) for rule, side, at in found if start <= at < stop} == signalled


@given(GAPPED)
def test_the_baseline_is_the_first_twelve_points_without_ranges_across_a_gap(values):
    (part,) = stretches(values, {0: 12}, (0, None)) if values else (None,)
    if part is None or part.limits is None:
        return
    series = np.array(values[: part.baseline_stop], dtype=float)
    ranges = np.abs(np.diff(series))
    # Fewer points than asked for are never a baseline; more only if no two of the first are neighbours.
    first = np.flatnonzero(~np.isnan(np.array(values, dtype=float)))[11]
    assert part.baseline_stop == first + 1 or np.isnan(np.diff(series[:-1])).all()
    assert part.limits.mean == pytest.approx(np.nanmean(series))
    assert part.limits.mean_moving_range == pytest.approx(np.nanmean(ranges))


@pytest.mark.parametrize(
    ("statistic", "values", "lower", "upper"),
    [
        ("count", [1, 9] * 6, 0, 26.28),
        ("minutes", [1, 9] * 6, 0, 26.28),
        ("percent", [95, 99] * 6, 86.36, 100),
        ("percent", [1, 5] * 6, 0, 13.64),
        ("percent", [40, 60] * 6, 0, 100),
        ("percent", [100] * 12, 100, 100),
        ("percent_change", [-9, 9] * 6, -47.88, 47.88),
        ("point_change", [-1, 1] * 6, -5.32, 5.32),
        ("gbp_million", [-1, 1] * 6, -5.32, 5.32),
    ],
)
def test_limits_are_no_more_and_no_less_than_a_figure_can_be(statistic, values, lower, upper):
    limits = xmr(values, within=bounds(statistic))
    assert (limits.lower, limits.upper) == (pytest.approx(lower), pytest.approx(upper))
    # A figure as high or low as it can be is no signal of itself.
    assert not [one for one in signals(values, limits) if one.rule is SignalRule.OUTSIDE_LIMITS]


@pytest.mark.parametrize(
    ("values", "rule", "signalled"),
    [
        ([11] * 9, SignalRule.SHIFT, (6, 7, 8)),
        ([9, 9.2, 9.4, 9.6, 9.8, 10.2, 10.4, 10.6], SignalRule.TREND, (6, 7)),
        ([12, 10, 12, 12], SignalRule.TWO_OF_THREE, (2, 3)),
        ([12, None, 12, 10, 9, 12], SignalRule.TWO_OF_THREE, None),
        ([10, 13, 14], SignalRule.OUTSIDE_LIMITS, (1, 2)),
    ],
)
def test_a_point_is_a_signal_from_where_it_and_those_before_meet_a_rule(values, rule, signalled):
    found = [one.signalled for one in signals(values, Limits(10, 1)) if one.rule is rule]
    assert found == ([] if signalled is None else [signalled])


def test_a_baseline_that_is_rounded_to_more_than_it_varies_by_gives_no_limits_later_either():
    values = [10.0] * 11 + [20.0] + [10.0, 30.0] * 6
    (part,) = stretches(values, {0: 12}, (0, None), [10] * 24)
    assert (part.limits, part.rounded, part.baseline_stop) == (None, True, 12)
    (exact,) = stretches(values, {0: 12}, (0, None))
    assert exact.limits
    assert not exact.rounded
