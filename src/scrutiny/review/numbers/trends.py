"""Words of trend and comparison beside values: held against the figures, or asked where those cannot tell.

docs/reference/numbers.md lists the kinds with examples.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from scrutiny.narrative.pandoc_ast import VALUE
from scrutiny.review.numbers import claims
from scrutiny.review.numbers.claims import ORDINALS, Claim, Verdict
from scrutiny.review.numbers.directions import FALLS, RISES, STAYS
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import Book

_MOVES = f"(?:{FALLS}|{RISES}|{STAYS}|going (?:up|down))"
_FALLS = "(?:falls|rises|increases|decreases|reductions|declines|drops)"
_FALL = "(?:fall|rise|increase|decrease|reduction|decline|drop)"
_LESS = "(?:more|higher|greater|larger|less|lower|fewer|smaller)"
_MOST = "(?:highest|lowest|largest|smallest|fewest|shortest|longest)"
_THE = "(?:the |its |their |our )?"
_OTHERS = f"[^{VALUE}.;:]{{0,60}}"
_AFTER_A_COLON = f"{_OTHERS}[:;—–] (?:{_OTHERS} )?(?:it|they|these|this|which|both) (?:has |had |have )?{VALUE}"

# In a kind's words a blank stands for any white space; of two that overlap, in `said`, the first kind counts.
KINDS: tuple[tuple[str, tuple[str, ...], Callable[[Claim], Verdict]], ...] = (
    ("explained", (f"(?P<said>{_MOVES}){_AFTER_A_COLON}",), claims.explained),
    (
        "in a row",
        (
            f"(?:for the|the|a) (?:{'|'.join(ORDINALS)}) (?:successive |consecutive )?(?:quarter|month|year|time)",
            "(?:quarter|month|year|time)s? (?:running|in a row|in succession)",
            "consecutive(?:ly)?|in succession|in a row",
        ),
        claims.in_a_row,
    ),
    (
        "pace",
        (
            "(?:even )?(?:more|less) (?:quickly|rapidly|slowly|sharply|steeply|strongly)",
            "(?:much )?(?:faster|slower|steeper|quicker)|accelerat\\w+|slow(?:ed|ing|s)(?: down)?",
        ),
        claims.pace,
    ),
    (
        "continued",
        (
            f"continu\\w+ (?:to )?{_THE}{_MOVES}",
            f"(?:still|again|further|keeps?|kept) {_MOVES}",
            f"(?:another|(?:a )?(?:further|continued|renewed)) {_FALL}",
            f"{_MOVES} (?:further|again|once more)",
            "continu(?:es|ed|ing|ation)|as before|once (?:more|again)|again",
        ),
        claims.continued,
    ),
    ("reversed", ("revers(?:ed|al|es|ing)|no longer \\w+ing|turned (?:round|around|a corner)",), claims.reversed_),
    (
        "referring",
        (
            f"(?:these|those|both|such|all|the) (?:of these )?{_FALLS}",
            f"(?:this|that|the) {_FALL}(?! (?:in|of|to)\\b)",
            f"(?:both|all|each|neither)(?: of (?:them|these|those))?(?: have| has| had)? {_MOVES}",
        ),
        claims.referring,
    ),
    (
        "multiple",
        ("(?:more than |nearly |almost |about )?(?:doubled|doubling|trebled|tripled|halved|halving)",),
        claims.multiple,
    ),
    (
        "record",
        (
            "record (?:high|low|number|level|figure|total)\\w*|all-time \\w+",
            f"(?:{_MOST}|most|best|worst)(?: \\w+){{0,2}} (?:since|on record|ever|(?:for|in) \\w+ years?)",
        ),
        claims.record,
    ),
    (
        "better",
        ("improv(?:ed|es|ing|ements?)|worse(?:n\\w*)?|better(?! (?-i:[A-Z]))|deteriorat\\w+",),
        claims.better,
    ),
    (
        "target",
        (
            f"(?:above|over|below|under|exceed\\w*|beyond|within|outside|short of) {_THE}target",
            f"(?:met|meets|meeting|miss(?:ed|es|ing)|on) {_THE}target",
        ),
        claims.target,
    ),
    ("than", (f"{VALUE}[^{VALUE};]{{0,80}}(?P<said>\\b{_LESS} than) (?:the |in |for )*{VALUE}",), claims.than),
    ("year", (f"(?:financial|calendar) year (?:to|ended|ending|that ended on) {VALUE}",), claims.year),
    ("extreme", (f"(?:most|least) often|(?:the )?{_MOST}",), claims.extreme),
    (
        "majority",
        ("(?:the |a |great |large |vast )*(?:majority|minority)|most of|mostly|the bulk of",),
        claims.majority,
    ),
    (
        "level",
        (f"(?:above|below|higher than|lower than|near) {_THE}(?:average|mean|norm|usual\\w*|expected|normal)",),
        claims.asked,
    ),
    (
        "reported",
        ("(?:the |our )?(?:last|previous|earlier) (?:report|meeting)\\w*|since then|as reported",),
        claims.reported,
    ),
    (
        "alike",
        (
            "in line with|mirror(?:s|ed|ing)|unlike|similar(?:ly)? to|likewise|the same trend",
            "follow(?:s|ed|ing)? (?:the|most)(?: \\w+)? (?:trend|pattern|crime)",
        ),
        claims.asked,
    ),
    (
        "returning",
        (
            "return(?:s|ed|ing) (?:\\w+ )?(?:to|towards)|back to (?:normal|\\w+ levels?)",
            "level(?:led|ling) (?:off|out)|recover(?:ed|s|ing)|peaked|spiked?",
        ),
        claims.asked,
    ),
)
_OF_THEIR_TIME = (
    f"{_MOVES}(?![^{VALUE},;:—.!?]*{VALUE})",
    "now|current(?:ly)?|at present|recent(?:ly)?|new(?:ly)?|so far|to date|yet|soon|will|going to|due to \\w+",
    "expect(?:s|ed)|planned|plans|intends|proposes",
    "(?:this|last|next|the coming) (?:year|quarter|month|months|week|weeks|spring|summer|autumn|winter)",
    "January|February|March|April|(?:in|since|until|by|from|of) May|June",
    "July|August|September|October|November|December|20\\d\\d",
)
"""A move whose clause has no value after it, and what was so at a time: asked only in an old sentence."""


def _compiled(words: str) -> re.Pattern[str]:
    spaced = words.replace(" ", r"\s")
    return re.compile(rf"(?<![\w-])(?:{spaced})(?![\w-])", re.IGNORECASE)


_COMPILED = (
    *((_compiled("|".join(words)), judge) for _, words, judge in KINDS),
    (_compiled("|".join(_OF_THEIR_TIME)), None),
)


@dataclass(frozen=True)
class Doubt:
    """Words of a passage that the values beside them contradict, or cannot judge.

    Parameters
    ----------
    at : int
        Where they stand in the passage.
    name : str
        The value that they stand beside; empty if there is none.
    evidence : str
        The figures that contradict them; empty if the words are only asked.
    """

    at: int
    text: str
    name: str
    evidence: str


def doubts(passage: Passage, book: Book) -> Iterator[Doubt]:
    """Find the words of trend and comparison in a passage that its values contradict, or cannot judge."""
    for sentence, (start, end) in enumerate(passage.sentences):
        taken: list[tuple[int, int]] = []
        for pattern, judge in _COMPILED:
            for found in pattern.finditer(passage.text, start, end):
                said = found.span("said" if "said" in pattern.groupindex else 0)
                if any(said[0] < there and here < said[1] for here, there in taken):
                    continue
                taken.append(said)
                claim = Claim(passage, book, sentence, found)
                verdict = judge(claim) if judge and claim.subject else None
                if verdict is None or not verdict[0]:
                    text = " ".join(found[0].replace(VALUE, "…").split())
                    subject = claim.subject if judge else ""
                    yield Doubt(found.start(), text, subject, verdict[1] if verdict else "")
