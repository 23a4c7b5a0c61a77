"""By how much a quantity changed: the difference, and in per cent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.review.tables import QUANTITY
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import change, percent_change, round_half_away

_MOST_PLACES = 6
_POINTS = ("%", "pp")
_UNITS = {"pp": " pp", "min": " min", "sec": " sec", "m": "m", "": ""}


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: ``%``, ``pp``, ``min``, ``sec``, ``£m`` or none."""

    number: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Amount:
    """By how much a quantity changed, exactly; in per cent not between percentages, and not from zero or less."""

    difference: Fraction
    percent: Fraction | None
    unit: str

    def __str__(self) -> str:
        """Write it: "+22,833 (+45.3%)", "+1.0 pp"."""
        text = f"{_signed(self.difference)}{_UNITS.get(self.unit.removeprefix('£'), '')}"
        if self.unit.startswith("£"):
            text = re.sub(r"^([^\d]*)", r"\1£", text)
        if self.percent is None:
            return text
        return f"{text} ({wording.signed_percent(self.percent, 1)})"


def parse_quantity(text: str, number: Fraction | None = None, *, column: str = "") -> Quantity | None:
    """Read a value or cell that says one quantity, such as "134,069" or "−16%", perhaps with its unrounded number.

    The head of a cell's column may say that it is a percentage.
    """
    found = QUANTITY.fullmatch(text)
    if not found:
        return None if number is None else Quantity(number)
    unit = f"{found['pound']}{found['unit'] or ''}" or ("%" if "%" in column else "")
    if number is None:
        number = Fraction(found["digits"].replace(",", ""))
        number = -number if found["sign"] in ("-", wording.MINUS) else number
    return Quantity(number, unit)


def amount(before: Quantity, after: Quantity) -> Amount | None:
    """Compute by how much a quantity changed; None if the units differ."""
    points = before.unit in _POINTS and after.unit in _POINTS
    if before.unit != after.unit and not points:
        return None
    # A percentage of a percentage, or of a number that is itself a change, would mislead.
    percent = None if points or before.number <= 0 else percent_change(before.number, after.number)
    return Amount(change(before.number, after.number), percent, "pp" if points else before.unit)


def exactly(number: Fraction) -> str:
    """Write a number in full, rounded to six decimal places if it has more: "−16.121948"."""
    places = next((at for at in range(_MOST_PLACES) if (number * 10**at).denominator == 1), _MOST_PLACES)
    return wording.number(number, places)


def _signed(number: Fraction) -> str:
    if number and round_half_away(number, _MOST_PLACES) == 0:
        return wording.signed(number, wording.visible_places(number, _MOST_PLACES))
    return ("+" if number > 0 else "") + exactly(number)
