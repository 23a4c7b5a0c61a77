"""How numbers are written in digits and in words, and what they amount to."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = {"hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9}
SHORT_SCALES = {"k": 10**3, "m": 10**6, "bn": 10**9}
PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
         "ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100}  # fmt: skip
TIMES_AS_MANY: dict[str, int | Fraction] = {
    **dict.fromkeys(("twice", "double", "doubled", "doubling"), 2),
    **dict.fromkeys(("treble", "trebled", "triple", "tripled"), 3),
    "quadrupled": 4,
    **dict.fromkeys(("halved", "halving"), Fraction(1, 2)),
}
_VALUES = {word: n for n, word in enumerate(SMALL)} | {word: 10 * n for n, word in enumerate(TENS, 2)}

# In an expression a blank stands for any white space, line ends included.
_ONES = "|".join(SMALL[1:10])
_BELOW_100 = rf"(?:(?:{'|'.join(TENS)})(?:[- ](?:{_ONES}))?|{'|'.join(sorted(SMALL, key=len, reverse=True))})"
_BELOW_1000 = rf"(?:(?:an? |{_BELOW_100}[- ])?hundred(?: and {_BELOW_100}| {_BELOW_100})?|{_BELOW_100})"
_CARDINAL = (
    rf"(?:(?:(?:half )?an? |{_BELOW_1000}[- ])?(?:thousand|million|billion)"
    rf"(?:,? (?:and )?{_BELOW_1000})*|(?:(?:half )?an? |{_BELOW_100} )?dozen|{_BELOW_1000})"
)
_SEVERAL_PARTS = rf"(?:{'|'.join(SMALL[1:11])}|\d+)[- ](?:halves|(?:{'|'.join(list(PARTS)[1:])})s)"
_ONE_PART = (
    rf"one[- ](?:{'|'.join(PARTS)})|(?:an? )?half(?! an? (?:million|thousand|billion|dozen))"
    r"(?: an?(?= (?:hour|minute|day|week|month|year)))?"
)
# The word after it distinguishes "a third of them" from "a third report".
_A_PLACE = (
    "party|parties|person|time|phase|stage|step|report|round|wave|quarter|year|month|week|day|meeting|reason|way|option"
    "|offence|offender|incident|case|victim|officer|team|group|area|force|attack|earlier|later|ago|before|one"
)
_A_PART = rf"(?:{'|'.join(list(PARTS)[1:])})(?![- ](?:{_A_PLACE})\b)"
WORDS = re.compile(
    rf"(?<!\w)(?:(?P<parts>{_SEVERAL_PARTS}|{_ONE_PART}|an? {_A_PART})"
    rf"|(?P<mixed>(?:{'|'.join(SMALL[1:13])}) and an? (?:half|quarter|third))"
    rf"|(?P<ratio>(?:{_BELOW_100}|\d+) (?:in|out of)(?: every)? (?:ten|five|four|three|eight|six|twenty|\d+)"
    r"(?! \w*(?:month|week|day|year|hour)))"
    rf"|(?P<vague>(?:(?:several|many|a few|some) )?(?:(?:tens|hundreds|thousands|dozens|millions|billions)"
    rf"(?: of (?:thousands|millions))?)|(?:several|a few|many|some) (?:hundred|thousand|dozen|million|billion))"
    rf"|(?P<times>(?:{'|'.join(TIMES_AS_MANY)})(?! (?:counting|counted|check|checked|jeopardy|glazing))"
    rf"|(?:{_BELOW_100})-?fold)"
    rf"|(?P<cardinal>{_CARDINAL}))(?!\w)".replace(" ", r"\s"),
    re.IGNORECASE,
)
_VULGAR = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_DIGITS = r"(?:\d{1,3}(?:[,\u00a0\u2009\u202f]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+)"
_SCALE = r"(?:[ ]?(?:million|billion|thousand|hundred|dozen)(?!\w)|(?:bn|[mMkK])(?!\w))"
FIGURE = re.compile(
    rf"""(?<![\d.])(?P<sign>(?<!\w)[+\-−–±])?(?P<money>[£€$][ ]?)?
    (?:(?P<over>\d+[ ]?/[ ]?\d+)|(?P<whole>\d*)(?P<vulgar>[{_VULGAR}])
       |(?P<low>{_DIGITS})(?P<low_unit>[ ]?%|(?:bn|[mMkK]))?(?:[–—−-]|[ ]?[x×][ ]?)(?P<sign2>£)?(?P<high>{_DIGITS})
       |(?P<number>{_DIGITS}))
    (?P<scale>{_SCALE})?""".replace("[ ]", r"\s"),
    re.VERBOSE,
)
UNIT = re.compile(
    r"\s?(?P<percent>%|per\s?cent\b|percent\b)|\s?(?P<points>pp\b|percentage\spoints?\b)"
    r"|[\s-]?(?P<time>(?:hour|hr|minute|min|second|sec|day|week|month|year|yr)s?\b)|(?P<pence>p\b|\spence\b)",
    re.IGNORECASE,
)
_TIME_UNITS = {"hr": "hour", "minute": "min", "second": "sec", "yr": "year"}


def unit_of(found: re.Match[str] | None, money: bool) -> str:
    """Give the unit that follows a number: ``%``, ``pp``, ``£``, ``min`` and the like; empty for a count."""
    if found is None:
        return "£" if money else ""
    if time := found["time"]:
        name = time.lower().rstrip("s")
        return _TIME_UNITS.get(name, name)
    return "%" if found["percent"] else "pp" if found["points"] else "p"


def amounts_of(found: re.Match[str]) -> tuple[tuple[Fraction, ...], Fraction, bool]:
    """Give amounts, step and part (see `recognise.Number`) of a match of `FIGURE` or `WORDS`."""
    return _of_figure(found) if found.re is FIGURE else _of_words(found)


def _of_figure(found: re.Match[str]) -> tuple[tuple[Fraction, ...], Fraction, bool]:
    scale = _scale(found["scale"])
    sign = -1 if (found["sign"] or "") in ("-", "−", "–") else 1
    if found["over"]:
        part, whole = (int(side) for side in re.split(r"\s?/\s?", found["over"]))
        return ((Fraction(part, whole),) if whole else ()), Fraction(1, 20), True
    if found["vulgar"]:
        numeric = Fraction(unicodedata.numeric(found["vulgar"])).limit_denominator(8)
        return (scale * (int(found["whole"] or 0) + numeric),), scale / 20, not found["whole"]
    ends = [found["low"], found["high"]] if found["low"] else [found["number"]]
    numbers = [_number(end) for end in ends]
    step = min(Fraction(1, 10 ** len(end.partition(".")[2])) for end in ends)
    return tuple(sign * scale * number for number in numbers), scale * step, False


def _of_words(found: re.Match[str]) -> tuple[tuple[Fraction, ...], Fraction, bool]:
    words = re.sub(r"[\s-]+", " ", found[0].lower()).replace(",", "")
    if found["vague"]:
        return (), Fraction(1), False
    if found["parts"]:
        first, _, last = words.rpartition(" ")
        if "hour" in words or not first or last in ("a", "an"):
            return (Fraction(1, 2),), Fraction(1, 20), True
        last = "half" if last == "halves" else last.removesuffix("s")
        count = int(first) if first.isdigit() else _VALUES.get(first, 1)
        return (Fraction(count, PARTS[last]),), Fraction(1, 20), True
    if found["mixed"]:
        whole, _, part = words.partition(" and ")
        return (_VALUES[whole] + Fraction(1, PARTS[part.split()[1]]),), Fraction(1, 4), False
    if found["ratio"]:
        part, whole = re.split(r" (?:in|out of)(?: every)? ", words)
        whole_number = _cardinal(whole)
        return ((_cardinal(part) / whole_number,) if whole_number else ()), Fraction(1, 20), True
    if found["times"]:
        if words.endswith("fold"):
            return (_cardinal(words.removesuffix("fold").strip()),), Fraction(1), False
        return (Fraction(TIMES_AS_MANY[words]),), Fraction(1, 20), False
    return (_cardinal(words),), Fraction(1), False


def _number(written: str) -> Fraction:
    plain = re.sub(r"[,\s]", "", written)
    # Digits of any script count.
    return Fraction("".join(one if one == "." else str(unicodedata.digit(one)) for one in plain))


def _scale(written: str | None) -> Fraction:
    name = (written or "").strip().lower()
    return Fraction(SCALES.get(name) or SHORT_SCALES.get(name) or 1)


def _cardinal(words: str) -> Fraction:
    if words.isdigit():
        return Fraction(words)
    total = current = Fraction(0)
    for word in words.replace("-", " ").split():
        if word in ("a", "an"):
            current = current or Fraction(1)
        elif word == "half":
            current = Fraction(1, 2)
        elif word in ("hundred", "dozen"):
            current = (current or Fraction(1)) * SCALES[word]
        elif word in SCALES:
            total += (current or Fraction(1)) * SCALES[word]
            current = Fraction(0)
        elif word != "and":
            current += _VALUES[word]
    return total + current
