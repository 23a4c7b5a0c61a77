"""By how much a quantity changed."""

from __future__ import annotations

import pytest

from scrutiny.review.diff.amounts import amount, parse_quantity

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("134,069", "134,169", "+100 (+0.1%)"),
        ("90", "120", "+30 (+33.3%)"),
        ("120", "90", "−30 (−25.0%)"),
        ("0", "5", "+5"),
        ("−25,769", "−25,669", "+100"),
        ("16%", "17.5%", "+1.5 pp"),
        ("+1.0 pp", "+0.5 pp", "−0.5 pp"),
        (f"10.2{NBSP}min", f"10.1{NBSP}min", "−0.1 min (−1.0%)"),
        ("£27.2m", "£25.6m", "−£1.6m (−5.9%)"),
        ("134,069 [p]", "134,070", "+1 (+0.001%)"),
        ("1/3", "2/3", None),
        ("16%", "16", None),
        ("[x]", "16", None),
        ("fell", "rose", None),
    ],
)
def test_by_how_much_a_figure_changed(before, after, told):
    one, other = parse_quantity(before), parse_quantity(after)
    found = amount(one, other) if one and other else None
    assert (None if found is None else str(found)) == told
