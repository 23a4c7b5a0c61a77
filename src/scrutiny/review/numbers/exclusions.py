"""Numbers that state no figure: dates, references, names and the like, each excluded by a named rule.

docs/reference/numbers.md lists the rules with examples, which the tests run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from scrutiny.narrative.pandoc_ast import APART, VALUE
from scrutiny.review.numbers.grammar import SMALL, TENS, WORDS

Guard = Callable[[str, re.Match[str]], bool]

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
_MANY = re.compile(r"\b(?:an?|one|two|three|four|five|six|seven|eight|nine)[\s-]$", re.IGNORECASE)
_CALLS = re.compile(
    r"\b(?:calls?|dial\w*|ring|rang|lines?|service|emergency|numbers?|999|101|111|contact)\b", re.IGNORECASE
)


def _is_year(text: str, found: re.Match[str]) -> bool:
    """Whether a year is meant: it counts nothing, and no change leads to it."""
    if found["sure"]:
        return True
    return not _CHANGED.search(text, 0, found.start("year")) and not _COUNTED.match(text, found.end())


def _consecutive(_: str, found: re.Match[str]) -> bool:
    """Whether two years of a century follow each other, as in 19/20."""
    return (int(found["from"]) + 1) % 100 == int(found["to"])


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether a capitalised number word is not the first of its sentence."""
    before = text[: found.start()].rstrip()
    return before != "" and before[-1] not in f".!?:;“({APART}"


def _is_ordinal(text: str, found: re.Match[str]) -> bool:
    """Whether an ordinal gives a position, not a fraction as in "a third of them"."""
    before = _MANY.search(text[: found.start()])
    return not before or not (part := WORDS.match(text, before.start())) or not part["parts"]


def _is_called(text: str, found: re.Match[str]) -> bool:
    """Whether 999 or 101 is the number that people call."""
    near = text[max(0, found.start() - 24) : found.start()] + text[found.end() : found.end() + 24]
    return bool(_CALLS.search(near)) and not re.match(r"\s?%|[,.]\d", text[found.end() :])


def _not_after(words: str) -> str:
    """Write an expression that matches unless one of some words comes before."""
    return "".join(rf"(?<!\b{word} )" for word in words.split())


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
_LARGE = rf"(?:{'|'.join(word.title() for word in [*SMALL[1:], *TENS])})"
_SURE = (
    r"(?P<sure>\b(?:in|since|until|till|during|before|after|early|late|mid|spring|summer|autumn|winter|years?"
    r"|calendar|financial|throughout|Christmas|Easter|Acts?|Order|Regulations|Code|levels of|half of|quarter of"
    rf"|{_MONTH})[ -])"
)
_SOFT = (
    r"(?:(?:^|(?<=[.!?:;(–—])|(?<=[.!?:;,] ))"
    r"|\b(?:of|by|from|to|and|for|than|the|or|between|with|on|versus|v|against|pre|post|see)[ -])"
)
_COUNTS_ONE = f"only just by to from of than was were is are at least exactly but and or about {' '.join(TENS)}"

EXCLUSIONS: dict[str, Sequence[str | tuple[str, Guard]]] = {
    "date": (
        (
            rf"(?<![\w,.£$€%+−-]){_DAY}(?:(?: ?[,–—-] ?| and | or | to ){_DAY})*(?: of)?"
            rf" (?-i:{_MONTH})(?:,? {_YEAR})?"
        ),
        rf"\b(?-i:{_MONTH}) (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)\b|{_DAY}, {_YEAR}|['’‘]\d\d\b)",
        r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}/\d{1,2}/+\d{2,4}\b|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b",
        (
            r"\b(?:19|20)\d\d[-–/]\d\d(?:[ -]Q[1-4])\b"
            r"|\bQ[1-4](?:,? (?:of )?(?:\d\d/\d\d|(?:19|20)\d\d(?:[-–/]\d\d(?:\d\d)?)?))?(?!\w)"
        ),
        (
            rf"{_not_after('the this last each same that per previous latest a')}"
            r"\bquarters? (?:[1-4]|one|two|three|four)(?: (?:and|to) (?:[1-4]|two|three|four))?(?![\w%]|[.,]\d)"
        ),
        r"(?<![\d,.£])(?:19|20)\d\d[–−/\u2011-](?:\d\d|(?:19|20)\d\d)(?![\d%]|[.,]\d| ?%)",
        (r"(?<![\d,.£/])(?P<from>[1-3]\d)/(?P<to>[1-4]\d)(?![\d/%]| ?%)", _consecutive),
        (
            rf"(?:{_SURE}|{_SOFT})(?P<year>{_YEAR})(?:, {_YEAR})*(?:,? (?:and|or|to|[–-]) {_YEAR})?(?!\w)",
            _is_year,
        ),
        r"\b(?:19|20)\d0s\b|\b\d\d(?:st|nd|th)[ -]century\b",
        r"\b(?:first|second|latter|other) half\b|\bhalf[ -]year(?:s|ly)?\b",
        rf"\b{_DIGITS_OR_WORD} (?:days?|weeks?|months?|years?) ago\b",
    ),
    "time": (
        (
            r"(?<![\d:,.])(?:[01]?\d|2[0-3])[:.][0-5]\d ?(?:[ap]m\b|[ap]\.m\.|hours\b)"
            r"|(?<![\d:,.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])"
        ),
        r"(?<![\d:,.])(?:1[0-2]|[1-9]) ?(?:[ap]m\b|[ap]\.m\.)",
        rf"\b{_DIGITS_OR_WORD} o[’']clock\b",
    ),
    "period": (
        (
            rf"(?<![\w,.]){_DIGITS_OR_WORD}[ -](?:months?|weeks?) (?:up )?(?:to|ending|until)(?= (?:{VALUE}"
            rf"|(?:that|this) (?:date|day)|the end|mid|\d{{1,2}} (?-i:{_MONTH})|(?-i:{_MONTH})|{_YEAR}|@))"
        ),
        rf"(?<![\w,.]){_DIGITS_OR_WORD} (?:months|weeks) before(?= ?[^\w ]|$)",
        rf"\b(?:same|latest|rolling) {_DIGITS_OR_WORD}[ -](?:months?|weeks?)\b",
        r"\b(?:last|past|previous|preceding) (?:12|twelve) months\b|\b(?:12|twelve)-month\b",
    ),
    "reference": (
        (
            r"\b(?:sections?|paragraphs?|paras?\.?|appendi(?:x|ces)|annex(?:es)?|chapters?|schedules?|clauses?"
            r"|articles?|footnotes?|items?|lines?|rows?"
            r"|(?-i:Tables?|Figures?|Figs?\.?|Charts?|Maps?|Pages?|Parts?|Notes?)|pp?\.)"
            r" ?\d{1,3}(?:\.\d+)*(?:\([a-z0-9]+\))*[a-z]?"
            r"(?:(?:, | and | or | to |–|-)\d{1,3}(?:\.\d+)*[a-z]?)*"
            r"(?![\w%]|,\d{3}|\.\d| ?%)"
        ),
        r"\b[sS]{1,2}\.? ?\d{1,3}[A-Z]?\b(?!,\d{3}|\.\d| ?%)",
        r"(?<![\w.])\d+(?:\.\d+){2,}\b",
    ),
    "contact": (r"(?<![\w.,])(?:\+44 ?|0)\d{2,4}[ -]?\d{3,4}(?:[ -]?\d{3,4})?(?![\w,.]\d|\w)",),
    "name": (
        r"\bcovid[ \u2011–-]?(?:19|nineteen)\b|\bsars-cov-2\b|\b24/7\b",
        rf"(?<![\w.,£$€])([2-8]) ?[x×] ?\1s?(?![\w%×]|[.,]\d| ?%)|\b{_DIGITS_OR_WORD}[\u2011-]a[\u2011-]side\b",
        r"(?-i:\b[A-Z][A-Za-z]*[/\u2011-]\d+)\b(?!\d| ?%|[.,]\d)",
        r"(?-i:(?<![\w.,£$€])[A-Za-z]+\d\w*)(?![\w%])",
        r"(?-i:(?<![\w.,£$€])\d+(?!(?:M|K|BN)\b)[A-Z]+\w*)",
        (
            rf"{_not_after('this that each every which any same')}\b(?:level|grade|tier|version|code|band|class"
            r"|category|stage|phase|step|type|junction|zone|room|unit|question|recommendation|no\."
            r"|(?-i:No|Day|Week|Channel|Route|Unit|Station|Platform))s? (?:\d{1,4}|one|two|three|four|five|six)"
            r"(?:(?:,| and| or| to) (?:\d{1,4}|two|three|four|five|six)(?! \w))*(?![\w%]|,\d|\.\d| ?%)"
        ),
        (r"(?<![\w,.£])(?:999|101|111|112)(?! ?%)(?!\w)", _is_called),
        rf"(?-i:\bOperations? (?:[A-Z]\w+ )?(?:\d+|{_LARGE}))\b",
        (rf"(?-i:\b{_LARGE} (?:[A-Z][\w’]+)|(?<=[a-z] )[A-Z]\w+ {_LARGE}\b)", _is_name),
    ),
    "ordinal": (
        r"(?<![\w,.])\d{1,3}(?:st|nd|rd|th)\b",
        (rf"\b(?:(?:twenty|thirty|forty|fifty)[ -])?(?:{_ORDINALS})(?:ly)?(?!\w)", _is_ordinal),
    ),
    "idiom": (
        r"\bno[ -]one(?!\w)|\bone another\b|\bone(?:’s|'s)|\bone of\b(?! (?:one|every))|\bone by one\b",
        r"\bone[ -](?:to|on)[ -]one(?!\w)|\bone[ -](?:off|stop|way|sided)s?\b|\btwo[ -]way\b",
        (
            r"\b(?:the|this|that|which|any|every|each|another|such|other|day|number|square) one(?!\w)"
            r"(?![ -](?:hundred|thousand|million|third|half|quarter))"
        ),
        (
            r"\bone (?:who|whom|whose|that|which|such|can|could|should|may|might|must|would|cannot|day|thing"
            r"|voice)\b"
        ),
        r"\bone [\w-]+ (?:and|or|to|after|from|by) (?:the (?:next|other)|another)\b",
        r"\bone (?:or|and) the (?:other|same)\b|\b(?:on the )?one hand\b|\bat one time\b",
        rf"{_not_after(_COUNTS_ONE)}(?<![\w-])one(?=\s*(?:[.,;:)!?”’]|$))",
        (
            r"\bhalf[ -](?:time|way|hearted|term|hourly)\b|\bzero[ -](?:tolerance|hours)\b"
            r"|\bfifty[ -]fifty\b|\b50/50\b(?!,\d|\.\d| ?%)|\bin two minds\b"
        ),
    ),
}
"""Each rule and its regular expressions, some with a guard that says whether a match is meant.

A blank stands for any white space; case matters only inside ``(?-i:…)``. What is excluded is the group ``year``,
or else the whole match. Of two that overlap, the first in this order counts.
"""

_COMPILED = [
    (rule, re.compile(expression.replace(" ", r"\s"), re.IGNORECASE), guard)
    for rule, expressions in EXCLUSIONS.items()
    for expression, guard in (one if isinstance(one, tuple) else (one, None) for one in expressions)
]
_NUMBER_AHEAD = re.compile(rf"\d|\b(?:{'|'.join([*SMALL, *TENS])}|half|{_ORDINALS})", re.IGNORECASE)


def exclusions(text: str) -> Iterator[tuple[int, int, str]]:
    """Give start, end and rule of what is excluded from a text, without overlaps."""
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
