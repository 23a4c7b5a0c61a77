"""Line numbers in brief."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.text import line_numbers, ranges


@given(st.lists(st.integers(2, 60), min_size=1))
def test_ranges_hold_the_lines_and_no_others(lines):
    told = ranges(lines)
    held = [
        line
        for run in told.split(", ")
        for ends in [list(map(int, run.split("–")))]
        for line in range(ends[0], ends[-1] + 1)
    ]
    assert held == sorted(set(lines))
    starts = [int(run.split("–")[0]) for run in told.split(", ")]
    assert all(line - 1 not in held for line in starts)


@pytest.mark.parametrize(
    ("lines", "text"), [([5], "line 5"), ([5, 5], "line 5"), ([9, 2, 3], "lines 2–3, 9"), ([7, 6, 5], "lines 5–7")]
)
def test_lines_are_named_in_brief(lines, text):
    assert line_numbers(lines) == text
