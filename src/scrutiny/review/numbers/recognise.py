"""The numbers in a text, each found once, and what they amount to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.narrative.pandoc_ast import APART
from scrutiny.review.numbers.exclusions import exclusions
from scrutiny.review.numbers.grammar import FIGURE, UNIT, WORDS, amounts_of, unit_of

_LONGEST = 200
"""Characters of a number, beyond which its amount counts as unknown."""


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Parameters
    ----------
    text : str
        As written, unit included.
    amounts : tuple of Fraction
        One, or the two ends of a range or sides of a size; none if it is vague ("hundreds").
    unit : str
        ``%``, ``pp``, ``£``, ``min`` and the like; empty for a count.
    step : Fraction
        What it is rounded to: 1, 1/10, 100,000 for "1.2 million".
    part : bool
        Whether it is a part of a whole ("a third"), which may also be said as a percentage.
    rule : str
        The rule that excludes it; empty if it states a figure.
    """

    text: str
    start: int
    end: int
    amounts: tuple[Fraction, ...] = ()
    unit: str = ""
    step: Fraction = Fraction(1)
    part: bool = False
    rule: str = ""


def numbers_in(text: str) -> list[Number]:
    """Find the numbers in a text without markup (see `passages.Passage`), including those that are excluded."""
    found = [Number(text[start:end], start, end, rule=rule) for start, end, rule in exclusions(text)]
    rest = _without(text, found)
    figures = [_number(rest, one) for one in FIGURE.finditer(rest)]
    free = _without(rest, figures)
    words = [_number(rest, one) for one in WORDS.finditer(free)]
    # "1 in 4" and "3 quarters" begin with a figure.
    longer = [
        _number(rest, one)
        for one in WORDS.finditer(rest)
        if (one["ratio"] or one["parts"]) and re.search(r"\d", one[0])
    ]
    shorter = [
        one
        for one in (*figures, *words)
        if all(one.end <= other.start or other.end <= one.start for other in longer)
    ]
    return sorted([*found, *shorter, *longer], key=lambda one: one.start)


def _without(text: str, numbers: list[Number]) -> str:
    """Blank numbers out with a character that no other number extends across."""
    for one in numbers:
        text = text[: one.start] + APART * (one.end - one.start) + text[one.end :]
    return text


def _number(text: str, found: re.Match[str]) -> Number:
    groups = found.groupdict()
    unitless = any(groups.get(name) for name in ("times", "vague", "ratio"))
    unit = None if unitless else UNIT.match(text, found.end())
    end = unit.end() if unit else found.end()
    amounts, step, part = amounts_of(found) if len(found[0]) <= _LONGEST else ((), Fraction(1), False)
    name = "times" if groups.get("times") else unit_of(unit, money=bool(groups.get("money")))
    return Number(text[found.start() : end], found.start(), end, amounts, name, step, part and unit is None)
