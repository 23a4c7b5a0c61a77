import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.wording import (
    Direction,
    describe_change,
    direction,
    signed,
    signed_percent,
)

COUNTS = st.integers(0, 10**7)


@given(COUNTS, COUNTS)
def test_direction_sign_and_numbers_agree(before, after):
    words = Comparison.computed(Datum(Fraction(before)), Datum(Fraction(after))).in_brief
    assert "-" not in words
    if before == after:
        assert words == "No change"
        return
    sign, other = ("+", "−") if after > before else ("−", "+")
    assert words.startswith("Increase (" if after > before else "Decrease (")
    assert sign in words and other not in words
    assert not re.search(r"[+−]0(\.0*)?[%),]", words)
    assert int(words.rstrip(")").split(" ")[-1].lstrip("(+−").replace(",", "")) == abs(after - before)


@given(st.fractions(-1000, 1000))
def test_a_change_is_never_written_as_nothing(change):
    assert (direction(change) is Direction.NO_CHANGE) == (change == 0)
    assert (Fraction(signed_percent(change).rstrip("%").replace("−", "-").replace(",", "")) == 0) == (change == 0)


@given(st.integers(-(10**9), 10**9))
def test_a_signed_count_reads_back(change):
    assert int(signed(change).replace("−", "-").replace(",", "")) == change


def test_a_change_without_numbers_cannot_be_described():
    with pytest.raises(ValueError, match="no change to describe"):
        describe_change(None, None)
