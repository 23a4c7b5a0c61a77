"""Words for rise and fall beside a value that went another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.inputs.measures import Measure, Measures
from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import CHANGES, Book, statistic_of
from scrutiny.statistics.wording import Direction

FALLS = (
    "fell|falls?|fallen|falling|decreas(?:e|es|ed|ing)|declin(?:e|es|ed|ing)|drop(?:s|ped|ping)?|reduc(?:e|es|ed|ing)"
    "|reductions?|shr(?:inks?|ank|unk)|dip(?:s|ped|ping)?|plunged?|slump(?:s|ed)?|sank|halved"
)
RISES = (
    "rose|ris(?:e|es|en|ing)|increas(?:e|es|ed|ing)|gr(?:ow|ows|ew|own|owing|owth)|climb(?:s|ed|ing)?|jump(?:s|ed)?"
    "|surg(?:e|es|ed|ing)|soar(?:s|ed|ing)?|doubled|trebled|tripled"
)
STAYS = "unchanged|stable|steady|flat|(?:no|little|hardly any) change|(?:not|hardly|scarcely) changed?"
DOWN = "down|lower|fewer|less"
UP = "up|higher|more"
"""`DOWN` and `UP` tell a change only beside its size: "down by 5%", "5% fewer"; "more than 5%" tells none."""

# A blank stands for one of any kind.
_WORDS = (
    (Direction.DECREASE, rf"\b(?:{FALLS})\b(?! (?:due|into|under|within|ill|off|back on|short of the)\b)"),
    (
        Direction.INCREASE,
        rf"(?<!gave )(?<!give )(?<!gives )(?<!giving )\b(?:{RISES})\b(?! to the (?:challenge|occasion))",
    ),
    (Direction.NO_CHANGE, rf"\b(?:{STAYS})\b"),
    (Direction.DECREASE, rf"\b(?:down|lower|fewer|less)\b(?=,? (?:by |at )?{VALUE})|(?<={VALUE} )(?:{DOWN})\b"),
    (Direction.INCREASE, rf"\b(?:up|higher|more)\b(?=,? (?:by |at )?{VALUE})|(?<={VALUE} )(?:{UP})\b"),
)
_COMPILED = tuple((way, re.compile(words.replace(" ", r"\s"), re.IGNORECASE)) for way, words in _WORDS)
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_BOUNDARY = re.compile(
    r"[;:!?—–\ue005]|\.(?=\s|$)"
    r"|\b(?:but|while|whereas|although|though|because|which|despite|when|as|if|so|who|that|after|before|since"
    r"|unless|until|than)\b|\band\b(?!\s(?:by|to)\b)"
    r"|,(?!\s(?:by|to|from|at|an?|or|in|on|over|with|compared)\b)",
    re.IGNORECASE,
)
_SPLIT = "\ue005"
_NEGATED = re.compile(
    r"\b(?:not|no|never|without|neither|nor|cannot|failed\sto|rather\sthan|instead\sof)(?:\s\w+){0,2}\s$|n[’']t(?:\s\w+){0,2}\s$",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:will|would|should|could|may|might|must|expect\w*|aims?|aiming|targets?|plans?|planned|hopes?|hoped|forecast\w*"
    r"|likely|unlikely|need(?:s|ed)?)\b|\bto\s$",
    re.IGNORECASE,
)
_STILL = re.compile(r"\bcontinu\w+\sto\s$", re.IGNORECASE)
_OF_A_CHANGE = re.compile(r"(?:\b(?:to|at)\s|\()$")
"""What leads from a verb to the figure that a change led to."""


@dataclass(frozen=True)
class WrongWay:
    """A word beside a value that went another way.

    Parameters
    ----------
    word : str
        As it is written, "not" included.
    name : str
        The value.
    """

    word: str
    line: int
    name: str
    went: Direction

    def instead(self, book: Book) -> str:
        """Say what to write."""
        stem = self.name.rpartition(".")[0]
        movement = f"{stem}.movement{statistic_of(self.name)[1]}"
        if movement in book:
            return f'write {{{{< var {movement} >}}}}, which says "{book.says(movement)}"'
        word = {Direction.INCREASE: "rose", Direction.DECREASE: "fell", Direction.NO_CHANGE: "did not change"}
        return f"write that it {word[self.went]}"


def wrong_ways(passage: Passage, book: Book, measures: Measures) -> Iterator[WrongWay]:
    """Find the words for rise and fall in a passage that its values contradict."""
    text = _PARENTHESIS.sub(_apart, passage.text)
    start = 0
    for boundary in [*(found.end() for found in _BOUNDARY.finditer(text)), len(text)]:
        yield from _in_clause(passage, text, start, boundary, book, measures)
        start = boundary


def _apart(found: re.Match[str]) -> str:
    """Part what stands in brackets from its sentence, if it tells a change of its own."""
    inside = found[1]
    tells = any(words.search(inside) for _, words in _COMPILED)
    return f"{_SPLIT}{inside}{_SPLIT}" if tells else found[0]


def _in_clause(
    passage: Passage, text: str, start: int, end: int, book: Book, measures: Measures
) -> Iterator[WrongWay]:
    clause = text[start:end]
    words = [(found.start(), found[0], way) for way, pattern in _COMPILED for found in pattern.finditer(clause)]
    if not words:
        return
    told: set[tuple[int, str]] = set()
    for offset, name in sorted(passage.values.items()):
        if not start <= offset < end or name not in book:
            continue
        at = offset - start
        statistic = statistic_of(name)[0]
        tells_change = statistic in (*CHANGES, "in_brief", "direction")
        nearest, word, way = min(words, key=lambda one: (abs(one[0] - at), one[0]))
        if not tells_change and (nearest > at or not _OF_A_CHANGE.search(clause[:at])):
            continue
        before = clause[:nearest]
        if _NOT_YET.search(before) and not _STILL.search(before):
            continue
        went = book.direction(name)
        negated = _NEGATED.search(before)
        # "Fell by 25,769 (16%)" is one mistake.
        about = (nearest, name.rpartition(".")[0])
        if went is None or about in told:
            continue
        if _contradicts(way, went, negated=negated is not None, name=name, book=book, measures=measures):
            told.add(about)
            written = clause[negated.start() : nearest] + word if negated else word
            yield WrongWay(" ".join(written.split()), passage.line(start + nearest), name, went)


def _contradicts(
    way: Direction, went: Direction, *, negated: bool, name: str, book: Book, measures: Measures
) -> bool:
    if way is Direction.NO_CHANGE:
        return not negated and went is not Direction.NO_CHANGE and _material(name, book, measures)
    return way is went if negated else way is not went


def _material(name: str, book: Book, measures: Measures) -> bool:
    """Whether a change is as large as its measure calls material; not, where that is not known."""
    topic, measure, window, _ = (*name.split("."), "", "", "")[:4]
    known: Measure | None = dict(measures).get(f"{topic}.{measure}")
    suffix = statistic_of(name)[1]
    for statistic in ("percent_change", "change"):
        value = book.quotable.get(f"{topic}.{measure}.{window}.{statistic}{suffix}")
        if known and value and value.unit in ("%", "pp"):
            return abs(value.number) >= Fraction(str(known.material_change))
    return False
