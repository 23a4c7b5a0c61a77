from __future__ import annotations

import csv
import io
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.statistics import csv_text


@given(st.lists(st.text(st.characters() | st.sampled_from("=+-@\t\r\n 1")), min_size=2, max_size=2))
def test_no_cell_of_csv_is_a_formula_and_each_row_is_a_line(cells):
    text = csv_text.to_csv(["a", "b"], [cells])
    assert text.count("\n") == 2
    _, read = csv.reader(io.StringIO(text, newline=""))
    for cell, original in zip(read, cells, strict=True):
        assert cell.removeprefix("'").split() == original.removeprefix("'").split()
        assert not cell.startswith(tuple("=@\t\r "))
        assert not cell.startswith(("+", "-")) or re.fullmatch(r"[+-][0-9]+(\.[0-9]+)?", cell)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (159838, "159838"),
        (-25769, "-25769"),
        (0, "0"),
        (100, "100"),
        (Fraction(1, 8), "0.125"),
        (Fraction(-2, 3), "-0.666667"),
    ],
)
def test_numbers_of_csv_are_plain_and_unrounded_where_they_end(number, text):
    assert csv_text.number(number) == text
