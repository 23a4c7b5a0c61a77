"""Words for rise and fall beside a value that went the other way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from scrutiny.errors import Location, Problem
from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import CHANGES, Book, measure_of, statistic_of, var
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
# These words describe a change only beside its size: "down by 5%", "5% fewer", but not "more than 5%".
_DOWN, _UP = (
    rf"\b(?:{words})\b(?=,? (?:by |at )?{VALUE})|(?<={VALUE} )(?:{words})\b"
    for words in ("down|lower|fewer|less", "up|higher|more")
)
# A blank stands for any white space.
_WORDS = (
    (Direction.DECREASE, rf"\b(?:{FALLS})\b(?! (?:due|into|under|within|ill|off|back on|short of the)\b)"),
    (
        Direction.INCREASE,
        rf"(?<!gave )(?<!give )(?<!gives )(?<!giving )\b(?:{RISES})\b(?! to the (?:challenge|occasion))",
    ),
    (Direction.NO_CHANGE, rf"\b(?:{STAYS})\b"),
    (Direction.DECREASE, _DOWN),
    (Direction.INCREASE, _UP),
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
"""What stands between a verb and the figure that a change led to."""
_TELLING = (*CHANGES, "in_brief", "direction")
_VERBS = {Direction.INCREASE: "rose", Direction.DECREASE: "fell", Direction.NO_CHANGE: "did not change"}


def wrong_directions(passage: Passage, file: str, book: Book) -> Iterator[Problem]:
    """Find the words for rise and fall in a passage that its values contradict."""
    text = _PARENTHESIS.sub(_apart, passage.text)
    start = 0
    for boundary in [*(found.end() for found in _BOUNDARY.finditer(text)), len(text)]:
        for word, at, name, went in _in_clause(passage, text[start:boundary], start, book):
            yield Problem(
                f'"{word}" stands beside {var(name)}, which says "{book.says(name)}" (direction: {went.lower()})',
                Location(file, passage.line(at)),
                _instead(name, went, book),
            )
        start = boundary


def _instead(name: str, went: Direction, book: Book) -> str:
    movement = f"{name.rpartition('.')[0]}.movement{statistic_of(name)[1]}"
    if movement in book:
        return f'write {var(movement)}, which says "{book.says(movement)}"'
    return f"write that it {_VERBS[went]}"


def _apart(found: re.Match[str]) -> str:
    """Separate a parenthesis from its sentence, if it describes a change of its own."""
    describes = any(words.search(found[1]) for _, words in _COMPILED)
    return f"{_SPLIT}{found[1]}{_SPLIT}" if describes else found[0]


def _in_clause(passage: Passage, clause: str, start: int, book: Book) -> Iterator[tuple[str, int, str, Direction]]:
    """Find the words of a clause, which begins at `start` in the passage, that its values contradict.

    Gives each word as written, "not" included, and its place; the value's name and direction.
    """
    words = [(found.start(), found[0], way) for way, pattern in _COMPILED for found in pattern.finditer(clause)]
    if not words:
        return
    reported: set[tuple[int, str]] = set()
    for offset, name in sorted(passage.values.items()):
        at = offset - start
        if name not in book or not 0 <= at < len(clause):
            continue
        nearest, word, way = min(words, key=lambda one: (abs(one[0] - at), one[0]))
        if statistic_of(name)[0] not in _TELLING and (nearest > at or not _OF_A_CHANGE.search(clause[:at])):
            continue
        before = clause[:nearest]
        if _NOT_YET.search(before) and not _STILL.search(before):
            continue
        went = book.direction(name)
        # "Fell by 25,769 (16%)" is one mistake.
        about = (nearest, name.rpartition(".")[0])
        if went is None or about in reported:
            continue
        negated = _NEGATED.search(before)
        contradicts = (way is went) is (negated is not None)
        if way is Direction.NO_CHANGE:
            contradicts = not negated and way is not went and is_material(name, book)
        if contradicts:
            reported.add(about)
            written = clause[negated.start() : nearest] + word if negated else word
            yield " ".join(written.split()), start + nearest, name, went


def is_material(name: str, book: Book) -> bool:
    """Whether a change is known to be at least as large as its measure calls material."""
    stem, basis = ".".join(name.split(".")[:3]), statistic_of(name)[1]
    values = (book.quotable.get(f"{stem}.{statistic}{basis}") for statistic in reversed(CHANGES))
    change = next((value for value in values if value and value.unit in ("%", "pp")), None)
    measure = book.measures.get(measure_of(name))
    return bool(change and measure and abs(change.number) >= Fraction(str(measure.material_change)))
