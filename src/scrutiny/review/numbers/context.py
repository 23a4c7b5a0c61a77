"""What stands around a number and says whether it states a figure, for the rules that leave numbers out."""

from __future__ import annotations

import re

from scrutiny.narrative.pandoc_ast import APART
from scrutiny.review.numbers.grammar import TENS, WORDS

_CHANGED = re.compile(
    r"(?:rose|risen?|rises|rising|fell|fall(?:s|en|ing)?|increas\w+|decreas\w+|declin\w+|dropp?\w*|grew|grow\w*"
    r"|reduc\w+|went|up|down|over|under|than|only|just|about|around|nearly|almost|least|most|some|total of)"
    r"(?:\s\w+ly)?(?:\s(?:by|to|from))?(?:\s[\d,.]+\sto)?\s$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\s(?:(?:new|more|fewer|less|other|recorded|reported|additional|further)\s)?(?:offen[cd]\w+|crimes?|incidents?"
    r"|people|persons?|officers?|searches|arrests?|calls?|victims?|reports?|referrals?|volunteers?|hours?|minutes?"
    r"|days?|weeks?|months?|cases?|constables?|cadets?|visits?|views?|members?|groups?|surveys?|burglaries"
    r"|robberies|assaults?|homicides?|children|students?|million|thousand|hundred|billion|times?|pounds?)\b",
    re.IGNORECASE,
)


def is_year(text: str, found: re.Match[str]) -> bool:
    """Whether a year is meant: nothing is counted by it, and no change leads to it."""
    if found.groupdict().get("sure"):
        return True
    return not _CHANGED.search(text, 0, found.start("year")) and not _COUNTED.match(text, found.end())


def in_order(_: str, found: re.Match[str]) -> bool:
    """Whether two years of a hundred follow each other, as in 19/20."""
    return (int(found["from"]) + 1) % 100 == int(found["to"])


def is_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word for a number is written large inside a sentence, beside another such word."""
    before = text[: found.start()].rstrip()
    at_start = not before or before[-1] in ".!?:;“(" or before[-1] == APART
    return not at_start


_MANY = re.compile(r"\b(?:an?|one|two|three|four|five|six|seven|eight|nine)[\s-]$", re.IGNORECASE)


def is_ordinal(text: str, found: re.Match[str]) -> bool:
    """Whether an ordinal counts places, and does not name a part: "a third of them" does."""
    before = _MANY.search(text[: found.start()])
    return not before or not (part := WORDS.match(text, before.start())) or not part["parts"]


def stands_for_a_thing(text: str, found: re.Match[str]) -> bool:
    """Whether a "one" at the end of a clause stands for a thing, and is no count."""
    counted = (
        r"\b(?:only|just|by|to|from|of|than|was|were|is|are|at|least|exactly|but|and|or|about"
        rf"|{'|'.join(TENS)})\s$"
    )
    return not re.search(counted, text[: found.start()], re.IGNORECASE)


def beside_calls(text: str, found: re.Match[str]) -> bool:
    """Whether 999 or 101 is the number that people call."""
    near = text[max(0, found.start() - 24) : found.start()] + text[found.end() : found.end() + 24]
    return bool(
        re.search(
            r"\b(?:calls?|dial\w*|ring|rang|lines?|service|emergency|numbers?|999|101|111|contact)\b", near, re.I
        )
        and not re.match(r"\s?%|[,.]\d", text[found.end() :])
    )


def names_its_own(text: str, found: re.Match[str]) -> bool:
    """Whether a level, grade or stage has the number, and no number of other things follows."""
    return not re.search(r"\b(?:this|that|each|every|which|any|same)\s$", text[: found.start()], re.IGNORECASE)
