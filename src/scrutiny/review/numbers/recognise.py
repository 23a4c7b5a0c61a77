"""The numbers of a text: each found once, and what it amounts to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.narrative.pandoc_ast import APART
from scrutiny.review.numbers.exclusions import Rule, exclusions
from scrutiny.review.numbers.grammar import FIGURE, UNIT, WORDS, of_figure, of_words, unit_of

_LONGEST = 200
"""What is longer than this is a number that amounts to nothing known."""


@dataclass(frozen=True)
class Number:
    """A number in a text.

    Parameters
    ----------
    text : str
        As it is written, its unit included.
    start, end : int
        Where it stands.
    amounts : tuple of Fraction
        What it amounts to; the two ends of a range; none if it is vague ("hundreds").
    unit : str
        ``%``, ``pp``, ``£``, ``min`` and the like; empty for a count.
    step : Fraction
        To what it is rounded: 1, 1/10, 100,000 for "1.2 million".
    part : bool
        Whether it is a part of a whole ("a third"), which a percentage says too.
    rule : Rule or None
        Why it is left out, if it is.
    """

    text: str
    start: int
    end: int
    amounts: tuple[Fraction, ...] = ()
    unit: str = ""
    step: Fraction = Fraction(1)
    part: bool = False
    rule: Rule | None = None


def numbers_in(text: str) -> list[Number]:
    """Find the numbers of a text, those that a rule leaves out included.

    Parameters
    ----------
    text : str
        Without markup; see `passages.Passage`.
    """
    found = [Number(text[start:end], start, end, rule=rule) for start, end, rule in exclusions(text)]
    rest = text
    for one in found:
        # Nothing goes across what is left out.
        rest = rest[: one.start] + APART * (one.end - one.start) + rest[one.end :]
    figures = [_figure(rest, one) for one in FIGURE.finditer(rest)]
    free = rest
    for one in figures:
        free = free[: one.start] + APART * (one.end - one.start) + free[one.end :]
    ratios = [one for one in WORDS.finditer(rest) if one["ratio"] or one["parts"]]
    words = [_words(rest, one) for one in WORDS.finditer(free)]
    longer = [_words(rest, one) for one in ratios if re.search(r"\d", one[0])]
    for one in longer:
        figures = [other for other in figures if other.end <= one.start or one.end <= other.start]
        words = [other for other in words if other.end <= one.start or one.end <= other.start]
    return sorted([*found, *figures, *words, *longer], key=lambda one: one.start)


def _figure(text: str, found: re.Match[str]) -> Number:
    unit = UNIT.match(text, found.end())
    end = unit.end() if unit else found.end()
    amounts, step = of_figure(found) if len(found[0]) <= _LONGEST else ((), Fraction(1))
    part = bool(found["over"] or found["vulgar"]) and not found["whole"] and unit is None
    return Number(
        text[found.start() : end], found.start(), end, amounts, unit_of(unit, bool(found["money"])), step, part
    )


def _words(text: str, found: re.Match[str]) -> Number:
    unit = None if found["times"] or found["vague"] or found["ratio"] else UNIT.match(text, found.end())
    end = unit.end() if unit else found.end()
    amounts, step, part = of_words(found) if len(found[0]) <= _LONGEST else ((), Fraction(1), False)
    name = "times" if found["times"] else unit_of(unit, money=False)
    return Number(text[found.start() : end], found.start(), end, amounts, name, step, part and unit is None)
