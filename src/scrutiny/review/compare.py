"""What two sides say, compared: mappings by key, texts by passage and by word."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple, TypeVar

_WORD = re.compile(r"(?:\{\{<.*?>\}\}|[^ ])+")
_SIMILAR = 0.4
"""The share of two texts that has to be the same for one to be an edit of the other."""
_MOST_PAIRS = 2500
"""Above this number of possible pairs no edits are looked for: the text is a new one."""

Pair = tuple[str | None, str | None]
_Key = TypeVar("_Key", bound="str | tuple[Any, ...]")
_Value = TypeVar("_Value")


class Difference(NamedTuple):
    """Something that two sides say differently.

    Parameters
    ----------
    what : str
        What differs, such as "row Burglary, column Change".
    before, after : str or None
        What either side says; None where it has no such thing. Both are None where `what` says it all.
    column : str
        In a table, the head of the column.
    """

    what: str
    before: str | None = None
    after: str | None = None
    column: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of text, and its place in a document, such as "page 3" or "under Background"."""

    place: str
    text: str


def changed(
    before: Mapping[_Key, _Value], after: Mapping[_Key, _Value]
) -> Iterator[tuple[_Key, _Value | None, _Value | None]]:
    """Find the keys, sorted, that two mappings have different values for; None where a side lacks the key."""
    for key in sorted({*before, *after}):
        if before.get(key) != after.get(key):
            yield key, before.get(key), after.get(key)


def leaves(nested: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], str]:
    """Flatten nested mappings: the keys down to each leaf, and its text, or JSON of any other leaf."""
    if not isinstance(nested, Mapping):
        return {path: nested if isinstance(nested, str) else json.dumps(nested, ensure_ascii=False)}
    return {
        below: text for key, value in nested.items() for below, text in leaves(value, (*path, str(key))).items()
    }


def merge_order(before: Iterable[_Key], after: Iterable[_Key]) -> list[_Key]:
    """Merge the keys of two sides into one order, the same whichever side comes first."""
    places = [{key: place for place, key in enumerate(side)} for side in (before, after)]
    return sorted(
        {*places[0], *places[1]}, key=lambda key: (min(side[key] for side in places if key in side), key)
    )


def align(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[bool, slice, slice]]:
    """Align two sequences of texts.

    Yields
    ------
    tuple of (bool, slice, slice)
        Whether a stretch is the same on both sides, and where either side has it; one of them may be empty.
    """
    # Equal ends need no search, which is slow where many lines are equal, as in HTML.
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    rest = shorter - start
    end = next((at for at in range(rest) if before[-1 - at] != after[-1 - at]), rest)
    if start:
        yield True, slice(start), slice(start)
    middles = before[start : len(before) - end], after[start : len(after) - end]
    for tag, *bounds in SequenceMatcher(None, *middles, autojunk=False).get_opcodes():
        first, last, other_first, other_last = (start + at for at in bounds)
        yield tag == "equal", slice(first, last), slice(other_first, other_last)
    if end:
        yield True, slice(len(before) - end, len(before)), slice(len(after) - end, len(after))


def compare_passages(before: Sequence[Passage], after: Sequence[Passage]) -> Iterator[Difference]:
    """Name the passages that differ by their places; that a line breaks elsewhere is no difference."""
    if _join(before) == _join(after):
        return
    texts = ([_join([passage]) for passage in side] for side in (before, after))
    for same, one, other in align(*texts):
        old, new = before[one], after[other]
        if same or _join(old) == _join(new):
            continue
        if len(old) == len(new):
            for passage, made in zip(old, new, strict=True):
                yield Difference(passage.place, passage.text, made.text)
        else:
            yield Difference((old or new)[0].place, _join(old) or None, _join(new) or None)


def _join(passages: Iterable[Passage]) -> str:
    return " ".join(" ".join(passage.text for passage in passages).split())


def numbered_lines(text: str) -> list[Passage]:
    """Give the lines of a text that are not blank, each with its number as its place."""
    lines = enumerate(text.split("\n"), start=1)
    return [Passage(f"line {number}", line) for number, line in lines if line.strip()]


def compare_words(before: str, after: str) -> list[tuple[str, str]]:
    """Compare two texts word by word, the same from either side; a shortcode counts as one word.

    Returns
    -------
    list of (str, str)
        By turns words that both texts have, and words of one in place of those of the other.
    """
    if before > after:
        return [(old, new) for new, old in compare_words(after, before)]
    words, others = _WORD.findall(before), _WORD.findall(after)
    return [(" ".join(words[one]), " ".join(others[other])) for _, one, other in align(words, others)]


def pair_texts(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Pair the texts that differ in two sequences, the same from either side; None where one has no counterpart.

    The texts are as similar as can be in all pairs together, and keep their order.
    """
    if list(before) > list(after):
        yield from ((one, other) for other, one in pair_texts(after, before))
        return
    for same, one, other in align(before, after):
        if not same:
            yield from _pair_similar(before[one], after[other])


def _pair_similar(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    likeness = {
        (at, other): _likeness(text, text_after)
        for at, text in enumerate(before)
        for other, text_after in enumerate(after)
        if len(before) * len(after) <= _MOST_PAIRS
    }
    best: dict[tuple[int, int], float] = {}

    def best_if_paired(at: int, other: int) -> float:
        alike = likeness.get((at, other), 0.0)
        return alike + best.get((at + 1, other + 1), 0.0) if alike >= _SIMILAR else -1.0

    for at in reversed(range(len(before))):
        for other in reversed(range(len(after))):
            unpaired = max(best.get((at + 1, other), 0.0), best.get((at, other + 1), 0.0))
            best[at, other] = max(unpaired, best_if_paired(at, other))
    at = other = 0
    while at < len(before) and other < len(after):
        if best_if_paired(at, other) == best[at, other]:
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
    # Upper bounds, and quicker to compute.
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _SIMILAR:
        return 0.0
    return matcher.ratio()
