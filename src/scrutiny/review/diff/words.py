"""Two texts compared: paragraphs paired, and words of a paragraph that came or went."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"(?:\{\{<.*?>\}\}|[^ ])+")
_ALIKE = 0.4
"""How much of two paragraphs has to be the same for one to be an edit of the other."""
_MOST_PAIRS = 2500
"""Where more pairs than these are possible, no edit is looked for: the text is another one."""

Pair = tuple[str | None, str | None]


@dataclass(frozen=True)
class Piece:
    """Words, with a blank between, that both texts have, or those of one in place of those of the other."""

    before: str
    after: str

    @property
    def same(self) -> bool:
        """Whether both have them."""
        return self.before == self.after


def pieces(before: str, after: str) -> list[Piece]:
    """Compare two texts word by word; what stands between blanks is a word, and so is a shortcode."""
    if before > after:
        # A matcher may see another way from the other side: from either side it is to look the same.
        return [Piece(piece.after, piece.before) for piece in pieces(after, before)]
    words, others = _WORD.findall(before), _WORD.findall(after)
    found: list[Piece] = []
    for _, start, end, begin, stop in SequenceMatcher(None, words, others, autojunk=False).get_opcodes():
        found.append(Piece(" ".join(words[start:end]), " ".join(others[begin:stop])))
    return found


def paired(before: Sequence[str], after: Sequence[str]) -> list[Pair]:
    """Pair the paragraphs of two texts in their order; None where one has no counterpart."""
    if list(before) > list(after):
        return [(one, other) for other, one in paired(after, before)]
    return list(_paired(before, after))


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, begin, stop in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(before[start:end], after[begin:stop], strict=True)
        else:
            yield from _most_alike(before[start:end], after[begin:stop])


def _most_alike(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Pair paragraphs so that what is paired is as much alike as can be; those before each stay before it."""
    likeness = {
        (at, other): _likeness(text, text_after)
        for at, text in enumerate(before)
        for other, text_after in enumerate(after)
        if len(before) * len(after) <= _MOST_PAIRS
    }
    best: dict[tuple[int, int], float] = {}

    def paired_from(at: int, other: int) -> float:
        alike = likeness.get((at, other), 0.0)
        return alike + best.get((at + 1, other + 1), 0.0) if alike >= _ALIKE else -1.0

    for at in reversed(range(len(before))):
        for other in reversed(range(len(after))):
            without = max(best.get((at + 1, other), 0.0), best.get((at, other + 1), 0.0))
            best[at, other] = max(without, paired_from(at, other))
    at = other = 0
    while at < len(before) and other < len(after):
        if paired_from(at, other) == best[at, other]:
            yield before[at], after[other]
            at, other = at + 1, other + 1
        elif best.get((at + 1, other), 0.0) == best[at, other]:
            yield before[at], None
            at += 1
        else:
            yield None, after[other]
            other += 1
    yield from ((text, None) for text in before[at:])
    yield from ((None, text) for text in after[other:])


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    # Both are upper bounds, and quicker.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _ALIKE:
        return 0.0
    return matcher.ratio()
