"""Numbers that state no figure: dates, references, names and the like, each left out by a rule with a name.

The rules stand with examples in docs/numbers.md, whose table the tests run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers.context import (
    beside_calls,
    in_order,
    is_name,
    is_ordinal,
    is_year,
    names_its_own,
    stands_for_a_thing,
)
from scrutiny.review.numbers.grammar import SMALL, TENS

Guard = Callable[[str, re.Match[str]], bool]

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)(?!\w)"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d%])"
_YEAR = r"(?:19|20)\d\d(?![\d%½]|[.,]\d| %| per ?cent|(?:bn|[a-zA-Z])(?!\w))"
_WORD = rf"(?:{'|'.join([*SMALL[1:], *TENS])})"
_DIGITS_OR_WORD = rf"(?:\d+|{_WORD})"
_ORDINALS = (
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
)


@dataclass(frozen=True)
class Rule:
    """A kind of number that states no figure.

    Parameters
    ----------
    expressions : tuple of (str, callable or None)
        Regular expressions, in which a blank stands for one of any kind; capitals count inside ``(?-i:…)``. What
        stands as ``year`` is left out, or else all. A guard says whether a match is meant.
    """

    name: str
    expressions: tuple[tuple[str, Guard | None], ...]


_SURE = (
    r"(?P<sure>\b(?:in|since|until|till|during|before|after|early|late|mid|spring|summer|autumn|winter|years?"
    r"|calendar|financial|throughout|Christmas|Easter|Acts?|Order|Regulations|Code|levels of|half of|quarter of"
    rf"|{_MONTH})[ -])"
)
_SOFT = (
    r"(?:(?:^|(?<=[.!?:;(–—])|(?<=[.!?:;,] ))"
    r"|\b(?:of|by|from|to|and|for|than|the|or|between|with|on|versus|v|against|pre|post|see)[ -])"
)
_QUARTER_IS_NO_NAME = "".join(
    rf"(?<!\b{word} )"
    for word in ("the", "this", "last", "each", "same", "that", "per", "previous", "latest", "a")
)
_LARGE = rf"(?:{'|'.join(word.title() for word in [*SMALL[1:], *TENS])})"

DATE = Rule(
    "date",
    (
        (
            (
                rf"(?<![\w,.£$€%+−-]){_DAY}(?:(?: ?[,–—-] ?| and | or | to ){_DAY})*(?: of)?"
                rf" (?-i:{_MONTH})(?:,? {_YEAR})?"
            ),
            None,
        ),
        (rf"\b(?-i:{_MONTH}) (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)\b|{_DAY}, {_YEAR}|['’‘]\d\d\b)", None),
        (r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/+\d{2,4}\b|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b", None),
        (
            (
                r"\b(?:19|20)\d\d[-–/]\d\d(?:[ -]Q[1-4])\b"
                r"|\bQ[1-4](?:,? (?:of )?(?:\d\d/\d\d|(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?))?(?!\w)"
            ),
            None,
        ),
        (
            (
                rf"{_QUARTER_IS_NO_NAME}\bquarters? (?:[1-4]|one|two|three|four)"
                r"(?: (?:and|to) (?:[1-4]|two|three|four))?(?![\w%]|[.,]\d)"
            ),
            None,
        ),
        (r"(?<![\d,.£])(?:19|20)\d\d[–−/\u2011-](?:\d\d|(?:19|20)\d\d)(?![\d%]|[.,]\d| ?%)", None),
        (r"(?<![\d,.£/])(?P<from>[1-3]\d)/(?P<to>[1-4]\d)(?![\d/%]| ?%)", in_order),
        (
            rf"(?:{_SURE}|{_SOFT})(?P<year>{_YEAR})(?:, {_YEAR})*(?:,? (?:and|or|to|[–-]) {_YEAR})?(?!\w)",
            is_year,
        ),
        (r"\b(?:19|20)\d0s\b|\b\d\d(?:st|nd|th)[ -]century\b", None),
        (r"\b(?:first|second|latter|other) half\b|\bhalf[ -]year(?:s|ly)?\b", None),
        (rf"\b{_DIGITS_OR_WORD} (?:days?|weeks?|months?|years?) ago\b", None),
    ),
)
TIME = Rule(
    "time",
    (
        (
            (
                r"(?<![\d:,.])(?:[01]?\d|2[0-3])[:.][0-5]\d ?(?:[ap]m\b|[ap]\.m\.|hours\b)"
                r"|(?<![\d:,.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
            ),
            None,
        ),
        (r"(?<![\d:,.])(?:1[0-2]|[1-9]) ?(?:[ap]m\b|[ap]\.m\.)", None),
        (rf"\b{_DIGITS_OR_WORD} o[’']clock\b", None),
    ),
)
PERIOD = Rule(
    "period",
    (
        (
            (
                rf"(?<![\w,.]){_DIGITS_OR_WORD}[ -](?:months?|weeks?) (?:up )?(?:to|ending|until)(?= (?:{VALUE}"
                rf"|(?:that|this) (?:date|day)|the end|mid|\d{{1,2}} (?-i:{_MONTH})|(?-i:{_MONTH})|{_YEAR}|@))"
            ),
            None,
        ),
        (rf"(?<![\w,.]){_DIGITS_OR_WORD} (?:months|weeks) before(?= ?[^\w ]|$)", None),
        (rf"\b(?:same|latest|rolling) {_DIGITS_OR_WORD}[ -](?:months?|weeks?)\b", None),
        (r"\b(?:last|past|previous|preceding) (?:12|twelve) months\b|\b(?:12|twelve)-month\b", None),
    ),
)
REFERENCE = Rule(
    "reference",
    (
        (
            (
                r"\b(?:sections?|paragraphs?|paras?\.?|appendi(?:x|ces)|annex(?:es)?|chapters?|schedules?|clauses?"
                r"|articles?|footnotes?|items?|lines?|rows?"
                r"|(?-i:Tables?|Figures?|Figs?\.?|Charts?|Maps?|Pages?|Parts?|Notes?)|pp?\.)"
                r" ?\d{1,3}(?:\.\d+)*(?:\([a-z0-9]+\))*[a-z]?"
                r"(?:(?:, | and | or | to |–|-)\d{1,3}(?:\.\d+)*[a-z]?)*"
                r"(?![\w%]|,\d{3}|\.\d| ?%)"
            ),
            None,
        ),
        (r"\b[sS]{1,2}\.? ?\d{1,3}[A-Z]?\b(?!,\d{3}|\.\d| ?%)", None),
        (r"(?<![\w.])\d+(?:\.\d+){2,}\b", None),
    ),
)
CONTACT = Rule("contact", ((r"(?<![\w.,])(?:\+44 ?|0)\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{3,4})?(?![\w,.]\d|\w)", None),))
NAME = Rule(
    "name",
    (
        (r"\bcovid[ \u2011–-]?(?:19|nineteen)\b|\bsars-cov-2\b|\b24/7\b", None),
        (r"(?-i:\b[A-Z][A-Za-z]*[/\u2011-]\d+)\b(?!\d| ?%|[.,]\d)", None),
        (r"(?-i:(?<![\w.,£$€])[A-Za-z]+\d\w*)(?![\w%])", None),
        (r"(?-i:(?<![\w.,£$€])\d+(?!(?:M|K|BN)\b)[A-Z]+\w*)", None),
        (
            (
                r"\b(?:level|grade|tier|version|code|band|class|category|stage|phase|step|type|junction|zone|room|unit"
                r"|question|recommendation|no\.|(?-i:No|Day|Week|Channel|Route|Unit|Station|Platform))s?"
                r" (?:\d{1,4}|(?:one|two|three|four|five|six))"
                r"(?:(?:,| and| or| to) (?:\d{1,4}|two|three|four|five|six)(?! \w))*(?![\w%]|,\d|\.\d| ?%)"
            ),
            names_its_own,
        ),
        (r"(?<![\w,.£])(?:999|101|111|112)(?! ?%)(?!\w)", beside_calls),
        (rf"(?-i:\bOperations? (?:[A-Z]\w+ )?(?:\d+|{_LARGE}))\b", None),
        (rf"(?-i:\b{_LARGE} (?:[A-Z][\w’]+)|(?<=[a-z] )[A-Z]\w+ {_LARGE}\b)", is_name),
    ),
)
ORDINAL = Rule(
    "ordinal",
    (
        (r"(?<![\w,.])\d{1,3}(?:st|nd|rd|th)\b", None),
        (rf"\b(?:(?:twenty|thirty|forty|fifty)[ -])?(?:{_ORDINALS})(?:ly)?(?!\w)", is_ordinal),
    ),
)
IDIOM = Rule(
    "idiom",
    (
        (r"\bno[ -]one(?!\w)|\bone another\b|\bone(?:’s|'s)|\bone of\b(?! (?:one|every))|\bone by one\b", None),
        (r"\bone[ -](?:to|on)[ -]one(?!\w)|\bone[ -](?:off|stop|way|sided)s?\b|\btwo[ -]way\b", None),
        (
            (
                r"\b(?:the|this|that|which|any|every|each|another|such|other|day|number|square) one(?!\w)"
                r"(?![ -](?:hundred|thousand|million|third|half|quarter))"
            ),
            None,
        ),
        (
            (
                r"\bone (?:who|whom|whose|that|which|such|can|could|should|may|might|must|would|cannot|day|thing"
                r"|voice)\b"
            ),
            None,
        ),
        (r"\bone [\w-]+ (?:and|or|to|after|from|by) (?:the (?:next|other)|another)\b", None),
        (r"\bone (?:or|and) the (?:other|same)\b|\b(?:on the )?one hand\b|\bat one time\b", None),
        (r"(?<![\w-])one(?=\s*(?:[.,;:)!?”’]|$))", stands_for_a_thing),
        (
            (
                r"\bhalf[ -](?:time|way|hearted|term|hourly)\b|\bzero[ -](?:tolerance|hours)\b"
                r"|\bfifty[ -]fifty\b|\bin two minds\b"
            ),
            None,
        ),
    ),
)

RULES = (DATE, TIME, PERIOD, REFERENCE, CONTACT, NAME, ORDINAL, IDIOM)
"""In the order in which they are tried; of two that overlap the earlier one counts."""

_COMPILED = tuple(
    (rule, re.compile(expression.replace(" ", r"\s"), re.IGNORECASE), guard)
    for rule in RULES
    for expression, guard in rule.expressions
)
_NUMBER_AHEAD = re.compile(rf"\d|\b(?:{'|'.join([*SMALL, *TENS])}|half|{_ORDINALS})", re.IGNORECASE)


def exclusions(text: str) -> Iterator[tuple[int, int, Rule]]:
    """Find what is left out of a text: its beginning, its end, its rule; none overlaps another."""
    if not _NUMBER_AHEAD.search(text):
        return
    taken: list[tuple[int, int]] = []
    for rule, pattern, guard in _COMPILED:
        for found in pattern.finditer(text):
            start = found.start("year") if "year" in pattern.groupindex else found.start()
            end = found.end()
            if any(start < other_end and other < end for other, other_end in taken):
                continue
            if guard is None or guard(text, found):
                taken.append((start, end))
                yield start, end, rule
