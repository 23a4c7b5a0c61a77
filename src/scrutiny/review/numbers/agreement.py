"""Whether a number that was typed and one that was computed say the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from fractions import Fraction

from scrutiny.review.numbers.quotable import Quotable
from scrutiny.review.numbers.recognise import Number

_NEAR = Fraction(1, 100)
"""How far from a value, relative to it, a loose number may be to be meant for it."""
_CONTRADICTING = Fraction(1, 10)
"""The same for a stated number beside a measure."""
_ROUGH = Fraction(1, 10)
"""How far off "about" may be, relative to what is written."""
_ROUGH_PART = Fraction(5, 100)
"""The same for a part of a whole, absolute."""
_LARGE = 100
"""From here on, two numbers with different units are hardly equal by chance."""
_SMALL = 12
_MOST = 3
"""How many values a message names."""
_TIME_UNITS = ("hour", "min", "sec", "day", "week", "month", "year")


Hedge = tuple[int | None, int | None]
"""How far a value may lie below and above a hedged number, in multiples of what "about" allows; None for any."""
_JUST = "(?:just|a little|slightly|a bit|marginally)"
_HEDGES: dict[str, Hedge] = {
    rf"{_JUST} (?:over|above|more than)": (0, 1),
    rf"nearly|almost|{_JUST} (?:under|below|less than|fewer than)": (1, 0),
    r"up to|at most|no more than|not more than|as (?:many|much) as|a maximum of": (None, 0),
    r"(?:well )?over|above|at least|(?:more|no fewer|no less) than|(?:in excess|a minimum|upwards) of": (0, None),
    r"(?:well )?under|less than|fewer than|below": (None, 0),
    r"about|around|roughly|approximately|approx\.?|some|circa|c\.|close to|in the region of": (1, 1),
}
"""In the order in which they are tried: "no more than" before "more than"."""
_COMPILED = [
    (re.compile(rf"\b(?:{words})\s$".replace(" ", r"\s"), re.IGNORECASE), hedge)
    for words, hedge in _HEDGES.items()
]


def hedge_before(text: str, at: int) -> Hedge | None:
    """Give the hedge that stands before a number, if any."""
    return next((hedge for words, hedge in _COMPILED if words.search(text[:at])), None)


def agrees(number: Number, hedge: Hedge | None, value: Quotable) -> bool:
    """Whether a value says the same as a typed number, given its rounding and hedge.

    A range agrees with what lies in it. Signs are ignored: "fell by 16%" says −16%.
    """
    if not number.amounts or not same_unit(number, value):
        return False
    actual = _comparable(number, value)
    low, high = min(map(abs, number.amounts)), max(map(abs, number.amounts))
    if hedge is None:
        # Half away from zero, as every number of the report is rounded.
        return low - number.step / 2 <= actual < high + number.step / 2
    rough = _ROUGH_PART if number.part else _ROUGH * high
    below, above = hedge
    return (below is None or low - below * rough <= actual) and (above is None or actual <= high + above * rough)


def same_unit(number: Number, value: Quotable) -> bool:
    """Whether a typed number and a value have the same unit; a part of a whole counts as a percentage."""
    unit = "%" if number.part else number.unit
    return unit == value.unit or (value.unit == "" and unit == "hour")


def near(
    number: Number, values: Iterable[Quotable], beside: Collection[str], in_file: Collection[str]
) -> list[Quotable]:
    """Give the values that a loose number equals or nearly equals, the likeliest first.

    They are likelier if values of their topics are in the number's passage (`beside`) or file.
    """
    found = []
    for value in values:
        alike = agrees(number, None, value)
        distance = _distance(number, value)
        if distance is None or not (alike or distance <= _NEAR):
            continue
        same = same_unit(number, value)
        if not same and (distance > 0 or abs(value.number) < _LARGE or number.unit in _TIME_UNITS):
            continue
        if abs(value.number) <= _SMALL and not value.unit and value.topic not in {*beside, *in_file}:
            continue
        rank = (
            value.topic not in beside,
            value.topic not in in_file,
            not same,
            not alike,
            distance,
            len(value.name),
            value.name,
        )
        found.append((rank, value))
    return [value for _, value in sorted(found, key=lambda one: one[0])[:_MOST]]


def contradicting(number: Number, hedge: Hedge | None, values: Iterable[Quotable]) -> Quotable | None:
    """Give the value that a number comes near but contradicts; None if it agrees with any."""
    candidates = [value for value in values if same_unit(number, value)]
    if any(agrees(number, hedge, value) for value in candidates):
        return None
    off = [
        (distance, value.name, value) for value in candidates if (distance := _distance(number, value)) is not None
    ]
    distance, _, nearest = min(off, key=lambda one: one[:2], default=(Fraction(1), "", None))
    return nearest if distance <= _CONTRADICTING else None


def _comparable(number: Number, value: Quotable) -> Fraction:
    """Give a value without its sign, as a part of a whole if the number is one."""
    return abs(value.number) / (100 if number.part else 1)


def _distance(number: Number, value: Quotable) -> Fraction | None:
    """Give how far a number is from a value, relative to that, where that can be said."""
    if not number.amounts or number.unit == "times":
        return None
    actual = _comparable(number, value)
    gaps = [abs(abs(amount) - actual) for amount in number.amounts]
    return min(gaps) / actual if actual else (Fraction(0) if min(gaps) == 0 else None)
