"""Numbers that are stated: where they stand, and which values contradict them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scrutiny.errors import Place, Problem
from scrutiny.inputs.measures import Measures
from scrutiny.narrative.sections import Stated
from scrutiny.review.numbers.agreement import agrees, contradicting, hedge_before
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import Book, Quotable
from scrutiny.review.numbers.recognise import Number, numbers_in
from scrutiny.suggest import instead_of

_SENTENCE_END = re.compile(r"[.!?][”’)]*(?=\s|$)")


def places(stated: Stated, passage: Passage) -> list[tuple[int, int]]:
    """Find a stated text in a passage, which is without markup and has quotation marks as they are printed."""
    words = re.sub(r"[*_\\~^]", "", stated.text).split()
    pattern = r"\s+".join(re.sub(r"['’‘\"“”]", "['’‘\"“”]", re.escape(word)) for word in words)
    return [found.span() for found in re.finditer(pattern, passage.text)] if words else []


def wrong_stated(
    position: int, stated: Stated, file: str, passages: Sequence[Passage], book: Book, measures: Measures
) -> Iterator[Problem]:
    """Find what is wrong with a stated number.

    Parameters
    ----------
    position : int
        Its place under `stated:`, from 1.
    file : str
        The file, as the analyst knows it.
    passages : sequence of Passage
        Of that file.
    """
    found = [(passage, span) for passage in passages for span in places(stated, passage)]
    if not found:
        key = Place(file, column=f"stated.{position}.text")
        what = f'the stated number "{stated.text}" stands only where nobody reads it'
        yield Problem(what, key, "in code, a comment or an attribute; write it into the text, or remove it")
        return
    numbers = [(passage, number) for passage, span in found for number in _within(passage, span)]
    if stated.value is None:
        for passage, number in numbers:
            named = _measures_named(passage, number, measures)
            values = [value for value in book.quotable.values() if value.measure in named]
            if other := contradicting(number, hedge_before(passage.text, number.start), values):
                yield _contradiction(stated, Place(file, passage.line(number.start)), other)
        return
    key = Place(file, column=f"stated.{position}.value")
    if stated.value not in book:
        texts = {name: traced.text for name, traced in book.origins.values.items()}
        yield Problem(f"nothing publishes the value {stated.value}", key, instead_of(stated.value, texts))
        return
    if len({number.text for _, number in numbers}) != 1:
        what = f'the stated text "{stated.text}" has {len(numbers) or "no"} numbers, and value: is for one'
        yield Problem(what, key, "state each by itself, or take value: out")
        return
    # A value without a number, such as "not supplied", contradicts nothing.
    value = book.quotable.get(stated.value)
    for passage, number in numbers:
        if value and not agrees(number, hedge_before(passage.text, number.start), value):
            yield _contradiction(stated, Place(file, passage.line(number.start)), value)


def _contradiction(stated: Stated, place: Place, value: Quotable) -> Problem:
    quoted = f"{{{{< var {value.name} >}}}}"
    return Problem(
        f'"{stated.text}" is stated, and {quoted} says "{value.text}"',
        place,
        f"write {quoted}, or mend the one that is wrong",
    )


def _within(passage: Passage, span: tuple[int, int]) -> list[Number]:
    start, end = span
    return [one for one in numbers_in(passage.text) if one.rule is None and start <= one.start and one.end <= end]


def _measures_named(passage: Passage, number: Number, measures: Measures) -> set[str]:
    """Give the measures that a sentence is about: those of its values, and those that it calls by their title."""
    ends = [found.end() for found in _SENTENCE_END.finditer(passage.text)]
    start = max((end for end in ends if end <= number.start), default=0)
    end = min((end for end in ends if end >= number.end), default=len(passage.text))
    named = {".".join(name.split(".")[:2]) for at, name in passage.values.items() if start <= at < end}
    sentence = _words(passage.text[start:end])
    for name, measure in measures.items():
        if any(_words(one) in sentence for one in (measure.title, measure.subject) if one and " " in one):
            named.add(name)
    return named


def _words(text: str) -> str:
    """Give the words of a text, small and with blanks around each, to look for some of them in a row."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
