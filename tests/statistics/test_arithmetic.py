from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scrutiny.statistics.arithmetic import change, exact, percent_change, round_half_away, share

NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=4)
COUNTS = st.integers(0, 10**7)


@given(NUMBERS, st.integers(0, 3))
def test_rounding_is_symmetric_and_as_decimal_rounds(number, places):
    rounded = round_half_away(number, places)
    assert round_half_away(-number, places) == -rounded
    expected = abs(number).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    assert abs(rounded) == expected
    assert not (rounded == 0 and rounded.is_signed())


def test_a_float_is_the_decimal_that_stood_in_the_file():
    assert round_half_away(2.675, 2) == Decimal("2.68")
    assert exact(0.1) == Fraction(1, 10)
    with pytest.raises(ValueError, match="not a number to compute with"):
        exact(float("nan"))


@given(st.lists(COUNTS, min_size=1, max_size=8))
def test_shares_of_the_parts_make_the_whole(parts):
    whole = sum(parts)
    assume(whole)
    assert sum(share(part, whole) for part in parts) == 100


@given(COUNTS, COUNTS)
def test_a_percentage_change_leads_back_to_the_figure(before, after):
    percentage = percent_change(before, after)
    if before == 0:
        assert percentage is None
    else:
        assert before + before * percentage / 100 == after
        assert (percentage > 0) == (change(before, after) > 0)
