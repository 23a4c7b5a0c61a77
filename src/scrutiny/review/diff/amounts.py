"""By how much a number changed, as a difference and in per cent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import change, percent_change, round_half_away

_MOST_PLACES = 6
_FIGURE = re.compile(
    rf"(?P<sign>[+\-{wording.MINUS}]?)(?P<pound>£?)(?P<digits>\d[\d,]*(?:\.\d+)?)"
    r"[ \u00a0]?(?P<unit>%|pp|min|sec|m)?(?:[ \u00a0]\[[a-z]\])*"
)
_POINTS = ("%", "pp")
_UNITS = {"pp": " pp", "min": " min", "sec": " sec", "m": "m", "": ""}


@dataclass(frozen=True)
class Figure:
    """A number with its unit: ``%``, ``pp``, ``min``, ``sec``, ``£m`` or none."""

    number: Fraction
    unit: str = ""


@dataclass(frozen=True)
class Amount:
    """By how much a figure changed.

    Parameters
    ----------
    difference : Fraction
        Exact, in the unit.
    percent : Fraction or None
        In per cent of what it was; None between two percentages, and from zero or less.
    unit : str
        Of the difference.
    """

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


def figure_of(text: str, number: Fraction | None = None, *, head: str = "") -> Figure | None:
    """Read what a value or cell says, if it is one figure.

    Parameters
    ----------
    text : str
        Such as "134,069" or "−16%".
    number : Fraction, optional
        The unrounded number, where it is known.
    head : str
        Head of the column, which may have the unit.
    """
    found = _FIGURE.fullmatch(text)
    if not found:
        return None if number is None else Figure(number)
    unit = f"{found['pound']}{found['unit'] or ''}" or ("%" if "%" in head else "")
    if number is None:
        number = Fraction(found["digits"].replace(",", ""))
        number = -number if found["sign"] in ("-", wording.MINUS) else number
    return Figure(number, unit)


def amount(before: Figure, after: Figure) -> Amount | None:
    """Give by how much a figure changed; None if the two are not of one unit."""
    points = before.unit in _POINTS and after.unit in _POINTS
    if before.unit != after.unit and not points:
        return None
    difference = change(before.number, after.number)
    # Of a change that is itself a change, or of a percentage, a percentage would mislead.
    percent = None if points or before.number <= 0 else percent_change(before.number, after.number)
    return Amount(difference, percent, "pp" if points else before.unit)


def exactly(number: Fraction) -> str:
    """Write a number in full, rounded only if its decimals do not end after six: "−16.121948"."""
    places = next((at for at in range(_MOST_PLACES) if (number * 10**at).denominator == 1), _MOST_PLACES)
    return wording.number(number, places)


def _signed(number: Fraction) -> str:
    if number and round_half_away(number, _MOST_PLACES) == 0:
        return wording.signed(number, wording.visible_places(number, _MOST_PLACES))
    return ("+" if number > 0 else "") + exactly(number)
