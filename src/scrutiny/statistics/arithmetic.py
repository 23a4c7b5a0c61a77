"""Exact shares and changes; only `round_half_away` rounds, once, for display.

The rules have worked examples in the methodology page of the documentation, whose tables the tests run.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """Convert a finite number without loss; a float counts as its shortest decimal text, as it stood in a file."""
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueError(f"{number} is not a number to compute with")
        return Fraction(Decimal(repr(float(number))))
    return Fraction(number)


def round_half_away(number: Number, places: int = 0) -> Decimal:
    """Round half away from zero, 2.5 to 3 and −2.5 to −3, and never to negative zero."""
    scaled = exact(number) * 10**places
    magnitude = math.floor(abs(scaled) + Fraction(1, 2))
    return Decimal(-magnitude if scaled < 0 else magnitude).scaleb(-places)


def change(before: Number, after: Number) -> Fraction:
    """Give the difference, in the unit of the two; for percentages, in percentage points."""
    return exact(after) - exact(before)


def percent_change(before: Number, after: Number) -> Fraction | None:
    """Give the change in per cent of the earlier figure; None if that is 0."""
    base = exact(before)
    return None if base == 0 else 100 * (exact(after) - base) / base


def share(part: Number, whole: Number, per: int = 100) -> Fraction | None:
    """Give a part in per cent of the whole, or `per` so many of it; None if the whole is 0."""
    return None if whole == 0 else per * exact(part) / exact(whole)
