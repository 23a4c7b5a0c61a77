"""Whether a number that was typed and one that was computed say the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from fractions import Fraction

from scrutiny.review.numbers.quotable import Quotable
from scrutiny.review.numbers.recognise import Number

_NEAR = Fraction(1, 100)
"""Up to this distance, relative to the value, a loose number nearly says what the value does."""
_CONTRADICTING = Fraction(1, 10)
"""Up to this distance a stated number beside a measure is taken to be about it."""
_ROUGH = Fraction(1, 10)
"""How far off "about" may be, relative to what is written."""
_ROUGH_PART = Fraction(5, 100)
"""The same for a part of a whole, absolute."""
_LARGE = 100
"""From here on two numbers with different units are hardly equal by chance."""
_SMALL = 12
_MOST = 3
"""How many values a message names."""
_TIME_UNITS = ("hour", "min", "sec", "day", "week", "month", "year")


class Hedge(StrEnum):
    """Words before a number that say how exactly it is meant."""

    EXACT = ""
    ABOUT = "about"
    OVER = "over"
    JUST_OVER = "just over"
    UNDER = "under"
    JUST_UNDER = "just under"
    AT_MOST = "up to"


_JUST = "(?:just|a little|slightly|a bit|marginally)"
_HEDGES = {
    Hedge.JUST_OVER: rf"{_JUST} (?:over|above|more than)",
    Hedge.JUST_UNDER: rf"nearly|almost|{_JUST} (?:under|below|less than|fewer than)",
    Hedge.AT_MOST: r"up to|at most|no more than|not more than|as (?:many|much) as|a maximum of",
    Hedge.OVER: r"(?:well )?over|above|at least|(?:more|no fewer|no less) than|(?:in excess|a minimum|upwards) of",
    Hedge.UNDER: r"(?:well )?under|less than|fewer than|below",
    Hedge.ABOUT: r"about|around|roughly|approximately|approx\.?|some|circa|c\.|close to|in the region of",
}
_COMPILED = {
    hedge: re.compile(rf"\b(?:{words})\s$".replace(" ", r"\s"), re.IGNORECASE) for hedge, words in _HEDGES.items()
}


def hedge_before(text: str, at: int) -> Hedge:
    """Give the hedge that stands before a number."""
    return next((hedge for hedge, words in _COMPILED.items() if words.search(text[:at])), Hedge.EXACT)


def agrees(number: Number, hedge: Hedge, value: Quotable) -> bool:
    """Whether a value says the same as a typed number, given its rounding and hedge.

    A range agrees with what lies in it. Signs are ignored: "fell by 16%" says −16%.
    """
    if not number.amounts or not same_unit(number, value):
        return False
    actual = _comparable(number, value)
    low, high = min(map(abs, number.amounts)), max(map(abs, number.amounts))
    rough = _ROUGH_PART if number.part else _ROUGH * high
    half_step = number.step / 2
    match hedge:
        case Hedge.OVER:
            return actual >= low
        case Hedge.UNDER | Hedge.AT_MOST:
            return actual <= high
        case Hedge.JUST_OVER:
            return low <= actual <= high + rough
        case Hedge.JUST_UNDER:
            return low - rough <= actual <= high
        case Hedge.ABOUT:
            return low - rough <= actual <= high + rough
    # Half away from zero, as every number of the report is rounded.
    return low - half_step <= actual < high + half_step


def same_unit(number: Number, value: Quotable) -> bool:
    """Whether a typed number and a value have the same unit; a part of a whole counts as a percentage."""
    unit = "%" if number.part else number.unit
    return unit == value.unit or (value.unit == "" and unit == "hour")


def near(
    number: Number, values: Iterable[Quotable], beside: Collection[str], in_file: Collection[str]
) -> list[Quotable]:
    """Give the values that a loose number equals or nearly equals, the likeliest first.

    Parameters
    ----------
    beside, in_file : collection of str
        Topics of the values in the number's passage and in its file.
    """
    found = []
    for value in values:
        alike = agrees(number, Hedge.EXACT, value)
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


def contradicting(number: Number, hedge: Hedge, values: Iterable[Quotable]) -> Quotable | None:
    """Give the value that a number nearly says but contradicts; None if it agrees with any of the values."""
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
    """Give how far a number is off, relative to the value; None where that cannot be said."""
    if not number.amounts or number.unit == "times":
        return None
    actual = _comparable(number, value)
    gaps = [abs(abs(amount) - actual) for amount in number.amounts]
    return min(gaps) / actual if actual else (Fraction(0) if min(gaps) == 0 else None)
