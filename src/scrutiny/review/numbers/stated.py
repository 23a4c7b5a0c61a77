"""Stated numbers: where they stand, and which values contradict them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrutiny.errors import Location, Problem
from scrutiny.narrative.section import Stated
from scrutiny.review.numbers.agreement import agrees, contradicting, hedge_before
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import Book, Quotable, measure_of, var
from scrutiny.review.numbers.recognise import Number, numbers_in


def places(stated: Stated, passage: Passage) -> list[tuple[int, int]]:
    """Find a stated text in a passage, which has no markup and has quotation marks as they are printed."""
    words = re.sub(r"[*_\\~^]", "", stated.text).split()
    pattern = r"\s+".join(re.sub(r"['’‘\"“”]", "['’‘\"“”]", re.escape(word)) for word in words)
    return [found.span() for found in re.finditer(pattern, passage.text)] if words else []


def wrong_stated(
    position: int, stated: Stated, file: str, passages: Sequence[Passage], book: Book
) -> Iterator[Problem]:
    """Find what is wrong with a stated number, whose position under `stated:` counts from 1, in its file."""
    found = [(passage, span) for passage in passages for span in places(stated, passage)]
    if not found:
        yield Problem(
            f'the stated number "{stated.text}" stands only where nobody reads it',
            Location(file, column=f"stated.{position}.text"),
            "in code, a comment or an attribute; write it into the text, or remove it",
        )
        return
    numbers = [(passage, number) for passage, span in found for number in _within(passage, span)]
    if stated.value is None:
        for passage, number in numbers:
            measures = _measures_named(passage, number, book)
            values = [value for value in book.quotable.values() if value.measure in measures]
            if other := contradicting(number, hedge_before(passage.text, number.start), values):
                yield _contradiction(stated, Location(file, passage.line(number.start)), other)
        return
    key = Location(file, column=f"stated.{position}.value")
    if stated.value not in book:
        yield book.unknown(stated.value, key)
        return
    if len({number.text for _, number in numbers}) != 1:
        what = f'the stated text "{stated.text}" has {len(numbers) or "no"} numbers, and value: is for one'
        yield Problem(what, key, "state each by itself, or take value: out")
        return
    # A value without a number, such as "not supplied", contradicts nothing.
    value = book.quotable.get(stated.value)
    for passage, number in numbers:
        if value and not agrees(number, hedge_before(passage.text, number.start), value):
            yield _contradiction(stated, Location(file, passage.line(number.start)), value)


def _contradiction(stated: Stated, place: Location, value: Quotable) -> Problem:
    what = f'"{stated.text}" is stated, and {var(value.name)} says "{value.text}"'
    return Problem(what, place, f"write {var(value.name)}, or correct the one that is wrong")


def _within(passage: Passage, span: tuple[int, int]) -> list[Number]:
    start, end = span
    return [one for one in numbers_in(passage.text) if not one.rule and start <= one.start and one.end <= end]


def _measures_named(passage: Passage, number: Number, book: Book) -> set[str]:
    """Give the measures that a number's sentence is about: by its values, or by their titles in it."""
    start = max(start for start, _ in passage.sentences if start <= number.start)
    end = min(end for _, end in passage.sentences if end >= number.end)
    sentence = _words(passage.text[start:end])
    return {measure_of(name) for at, name in passage.values.items() if start <= at < end} | {
        name
        for name, measure in book.measures.items()
        if any(_words(one) in sentence for one in (measure.title, measure.subject) if one and " " in one)
    }


def _words(text: str) -> str:
    """Give the words of a text in small letters with a blank around each, to search for several in a row."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "
