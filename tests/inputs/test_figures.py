"""The rows of a dataset as figures."""

from decimal import Decimal

import pytest
from fixtures.relations import PEOPLE, frame

from scrutiny.inputs.figures import figures_of, half_a_unit, topic_name, with_commas


def test_rows_keep_their_place_and_exact_values():
    text = "a male young q1 count 9 supplied\nb all all jun percent 33.8 illustrative\na male old jun count x supplied"
    first, second, third = figures_of(PEOPLE, frame(PEOPLE, text))
    assert (first.position, first.line, first.topic, first.category) == (
        0,
        2,
        ("here", "male", "young"),
        ("here", "male", "young"),
    )
    assert (second.value, second.illustrative, second.is_real, second.is_count) == (
        Decimal("33.8"),
        True,
        False,
        False,
    )
    assert (third.value, third.symbol, third.amount, third.is_real) == (None, "x", 0, False)
    assert first.name == "here, male, young: count, April to June 2020"


@pytest.mark.parametrize(
    ("value", "text"),
    [("134069.0", "134,069"), ("-0.50", "-0.5"), ("1E+3", "1,000"), ("0", "0"), ("12.345", "12.345")],
)
def test_numbers_are_shown_in_full(value, text):
    assert with_commas(Decimal(value)) == text


@pytest.mark.parametrize(("values", "half"), [(("33.8",), "0.05"), (("34", "33.8"), "0.5"), (("1E+3",), "0.5")])
def test_half_a_unit_is_of_the_roughest(values, half):
    assert half_a_unit(*map(Decimal, values)) == Decimal(half)


def test_a_name_stays_on_its_line():
    assert topic_name(["a\nb", "\x1b[31mred"]) == "'a\\nb', '\\x1b[31mred'"
