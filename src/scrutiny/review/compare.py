"""Two sides compared: mappings by key, texts by paragraph and by word."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple, TypeVar

_WORD = re.compile(r"(?:\{\{<.*?>\}\}|[^ ])+")
_SIMILAR = 0.4
"""The share of two texts that has to be the same for one to be an edit of the other."""
_MOST_PAIRS = 2500
"""With more possible pairs than these, no edits are looked for: the text is a new one."""

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
        What each side says; None where it has no such thing, and on both where `what` says it all.
    column : str
        In a table, the head of the column.
    """

    what: str
    before: str | None = None
    after: str | None = None
    column: str = ""


@dataclass(frozen=True)
class Excerpt:
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
    """Align two sequences: for each stretch, whether it is the same, and where each side has it, if it does."""
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


def compare_excerpts(before: Sequence[Excerpt], after: Sequence[Excerpt]) -> Iterator[Difference]:
    """Name the excerpts that differ by their places; that a line breaks elsewhere is no difference."""
    if _join(before) == _join(after):
        return
    texts = ([_join([excerpt]) for excerpt in side] for side in (before, after))
    for same, one, other in align(*texts):
        old, new = before[one], after[other]
        if same or _join(old) == _join(new):
            continue
        if len(old) == len(new):
            for excerpt, made in zip(old, new, strict=True):
                yield Difference(excerpt.place, excerpt.text, made.text)
        else:
            yield Difference((old or new)[0].place, _join(old) or None, _join(new) or None)


def _join(excerpts: Iterable[Excerpt]) -> str:
    return " ".join(" ".join(excerpt.text for excerpt in excerpts).split())


def numbered_lines(text: str) -> list[Excerpt]:
    """Give the lines of a text that are not blank."""
    lines = enumerate(text.split("\n"), start=1)
    return [Excerpt(f"line {number}", line) for number, line in lines if line.strip()]


def compare_words(before: str, after: str) -> list[tuple[str, str]]:
    """Give by turns the words that two texts share and those that differ; a shortcode is one word."""
    if before > after:
        return [(old, new) for new, old in compare_words(after, before)]
    words, others = _WORD.findall(before), _WORD.findall(after)
    return [(" ".join(words[one]), " ".join(others[other])) for _, one, other in align(words, others)]


def pair_texts(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Pair the texts that differ in two sequences, the same from either side; None where one has no counterpart.

    Pairs keep the order of the texts, and are together as similar as they can be.
    """
    if list(before) > list(after):
        yield from ((one, other) for other, one in pair_texts(after, before))
        return
    for same, one, other in align(before, after):
        if not same:
            yield from _pair_similar(before[one], after[other])


def _pair_similar(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    few = len(before) * len(after) <= _MOST_PAIRS
    best: defaultdict[tuple[int, int], float] = defaultdict(float)
    paired: dict[tuple[int, int], float] = {}
    for at in reversed(range(len(before) if few else 0)):
        for other in reversed(range(len(after))):
            alike = _likeness(before[at], after[other])
            paired[at, other] = alike + best[at + 1, other + 1] if alike >= _SIMILAR else -1.0
            best[at, other] = max(best[at + 1, other], best[at, other + 1], paired[at, other])
    at = other = 0
    while few and at < len(before) and other < len(after):
        if paired[at, other] == best[at, other]:
            yield before[at], after[other]
            at, other = at + 1, other + 1
        elif best[at + 1, other] == best[at, other]:
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
