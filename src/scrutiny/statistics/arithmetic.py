"""Shares, changes and rounding, exact: nothing is rounded but by `round_half_away`, once, for display.

The rules stand with worked examples in `docs/methodology.md`, whose tables the tests run.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

Number = int | float | Decimal | Fraction


def exact(number: Number) -> Fraction:
    """Give a number exactly; a float counts as its shortest decimal text, as it stood in a file.

    Raises
    ------
    ValueError
        If it is not finite.
    """
    if isinstance(number, float):
        if not math.isfinite(number):
            raise ValueError(f"{number} is not a number to compute with")
        return Fraction(Decimal(repr(number)))
    return Fraction(number)


def round_half_away(number: Number, places: int = 0) -> Decimal:
    """Round half away from zero: 2.5 to 3, −2.5 to −3.

    Parameters
    ----------
    places : int
        Decimal places kept.

    Returns
    -------
    Decimal
        With exactly `places` decimal places; never negative zero.
    """
    scaled = exact(number) * 10**places
    magnitude = math.floor(abs(scaled) + Fraction(1, 2))
    return Decimal(-magnitude if scaled < 0 else magnitude).scaleb(-places)


def change(before: Number, after: Number) -> Fraction:
    """Give the difference, in the unit of the two."""
    return exact(after) - exact(before)


def percent_change(before: Number, after: Number) -> Fraction | None:
    """Give the change in per cent of what it was; None from zero, which has no percentage."""
    base = exact(before)
    return None if base == 0 else 100 * (exact(after) - base) / base


def share(part: Number, whole: Number) -> Fraction | None:
    """Give a part in per cent of the whole; None of nothing."""
    return None if whole == 0 else 100 * exact(part) / exact(whole)


def percentage_points(before: Number, after: Number) -> Fraction:
    """Give the change between two percentages, in percentage points."""
    return change(before, after)
