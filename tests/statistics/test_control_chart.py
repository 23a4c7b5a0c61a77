import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.statistics.control_chart import Limits, SignalRule, signals, xmr

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
