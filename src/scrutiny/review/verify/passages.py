"""Texts compared passage by passage, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from scrutiny.review.verify.findings import Difference


@dataclass(frozen=True)
class Passage:
    """A piece of a document's text, and where it stands, such as "page 3" or "under Background"."""

    place: str
    text: str


def passages_of_lines(text: str, place: str = "line") -> list[Passage]:
    """Give the lines of a text that are not blank."""
    return [
        Passage(f"{place} {number}", line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    ]


def passage_differences(here: Sequence[Passage], again: Sequence[Passage]) -> Iterator[Difference]:
    """Name the passages that differ; that a line is broken elsewhere is no difference."""
    texts, anew = [_plain([one]) for one in here], [_plain([one]) for one in again]
    # What is alike at both ends need not be searched.
    begin = _alike(texts, anew)
    end = _alike(reversed(texts[begin:]), reversed(anew[begin:]))
    middle, other = slice(begin, len(texts) - end), slice(begin, len(anew) - end)
    matcher = SequenceMatcher(None, texts[middle], anew[other], autojunk=False)
    for tag, start, stop, first, last in matcher.get_opcodes():
        one, two = here[middle][start:stop], again[other][first:last]
        if tag != "equal" and _plain(one) != _plain(two):
            yield from _paired(one, two)


def _paired(one: Sequence[Passage], two: Sequence[Passage]) -> Iterator[Difference]:
    if len(one) == len(two):
        for left, right in zip(one, two, strict=True):
            yield Difference(left.place, left.text, right.text)
        return
    place = (one or two)[0].place
    yield Difference(place, _plain(one) or None, _plain(two) or None)


def _plain(passages: Iterable[Passage]) -> str:
    return " ".join(" ".join(one.text for one in passages).split())


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
