"""Narrative carried over from an earlier quarter, by heading: no sentence under it is new or confirmed.

Sentences are compared by their words and the names of their values. What a section of the skeleton says serves any
quarter, and is never carried over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pydantic import Field

from scrutiny.narrative.syntax import line_at, replace_shortcodes, shortcodes, without_code
from scrutiny.statistics.periods import Quarter
from scrutiny.yaml_models import Strict

Sentence = tuple[str, ...]
"""Its words in small letters, and the names of its values after `_VALUE`."""
_DIGEST_LENGTH = 12
_VALUE = "var_"
_LOWEST = 7
"""The level of text that stands before the first heading: nothing is below it."""
_HEADING = re.compile(
    r"^(?P<marks>#{1,6})[ \t]+(?P<title>.*?)(?:[ \t]*\{(?P<attributes>[^{}\n]*)\})?[ \t#]*$", re.MULTILINE
)
_NO_WORDS = re.compile(r"\]\([^)\n]*\)|\{[^{}]*\}|\[\^[^\]\s]+\]:?|@[\w-]+")
"""Addresses of links, attributes, references, names of footnotes: a tie to a figure is no edit."""
_BETWEEN_SENTENCES = re.compile(r"\n[ \t>]*\n|\n(?=[ \t>]*(?:[-*+|:]|\d+[.)])[ \t])|[.!?][\"”’)*_\]]*\s")
_WORD = re.compile(r"\w+(?:[.,'-]\w+)*")
_MOST_TYPOS = 2
_LIKE_A_TYPO = 0.8
"""From here on, two words are spellings of one; "fell" and "rose" are not, nor are two numbers."""
_CALLOUT = """
::: {{.callout-warning title="Carried over from {quarter}"}}
{what} was written for {period}. It has not been edited or confirmed since, and may no longer hold.
:::
"""


class Confirmed(Strict):
    """That the text of a heading, or a stated number, still holds; `text` is the digest of what was confirmed."""

    name: str = Field(min_length=1)
    by: str = Field(min_length=1)
    text: str = Field(pattern=rf"^[0-9a-f]{{{_DIGEST_LENGTH}}}$")


@dataclass(frozen=True)
class CarriedOver:
    """A heading whose text, or a stated number that, was written for an earlier quarter."""

    name: str
    line: int
    quarter: Quarter


@dataclass(frozen=True)
class OwnText:
    """The text of a heading down to the next of any level, or before the first; `line` is where it begins."""

    title: str
    key: str
    level: int
    line: int
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Earlier:
    """What was written and stated before, for which quarter, and the sentences that serve any quarter."""

    sentences: Mapping[Sentence, Quarter] = field(default_factory=dict)
    stated: Mapping[str, Quarter] = field(default_factory=dict)
    timeless: frozenset[Sentence] = frozenset()

    def claims(self, text: OwnText) -> list[Sentence]:
        """Give the sentences that may go false."""
        return [sentence for sentence in text.sentences if sentence not in self.timeless]

    def quarter_of(self, sentence: Sentence) -> Quarter | None:
        """Give the quarter for which a sentence was written, if it is an earlier one; a mended typo is no edit."""
        found = self.sentences.get(sentence)
        if found is None and self.sentences:
            alike = (other for other in self.sentences if _but_for_typos(sentence, other))
            found = next((self.sentences[other] for other in alike), None)
        return found

    def quarter_of_all(self, sentences: Iterable[Sentence]) -> Quarter | None:
        """Give the first quarter for which any was written, if none is new."""
        found = [self.quarter_of(sentence) for sentence in sentences]
        known = [quarter for quarter in found if quarter is not None]
        return min(known) if known and len(known) == len(found) else None


def own_texts(text: str) -> list[OwnText]:
    """Split a section by its headings; what stands before the first counts as one, if it says anything."""
    prose = without_code(text)
    headings = list(_HEADING.finditer(prose))
    ends = [*(heading.start() for heading in headings), len(prose)]
    found = []
    if before := tuple(sentences(prose[: ends[0]])):
        breaks = {code.line for code in shortcodes(text) if code.name == "pagebreak"}
        lines = enumerate(prose.split("\n"), 1)
        first = next(number for number, line in lines if line.strip() and number not in breaks)
        found.append(OwnText("(before the first heading)", "", _LOWEST, first, before))
    for heading, end in zip(headings, ends[1:], strict=True):
        key = re.search(r"#([^\s}]+)", heading["attributes"] or "")
        own = tuple(sentences(prose[heading.end() : end]))
        line, level = line_at(prose, heading.start()), len(heading["marks"])
        found.append(OwnText(heading["title"], key[1] if key else "", level, line, own))
    return found


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences, list items and rows of a text that have a word of their author's."""
    named = replace_shortcodes(
        without_code(text), lambda code: _written(code.argument) if code.name == "var" else "\n\n"
    )
    for piece in _BETWEEN_SENTENCES.split(_NO_WORDS.sub(" ", named)):
        words = tuple(_WORD.findall(piece.casefold().replace("’", "'")))
        if any(not word.startswith(_VALUE) for word in words):
            yield words


def _written(name: str) -> str:
    return f" {_VALUE}{re.sub(r'[^a-z0-9]', '_', name)} "


def digest_of(texts: Iterable[Sequence[str]]) -> str:
    """Give a short digest of sentences, or of what is stated."""
    content = "\n".join(" ".join(words) for words in texts)
    return hashlib.sha256(content.encode()).hexdigest()[:_DIGEST_LENGTH]


def _but_for_typos(sentence: Sentence, other: Sentence) -> bool:
    """Whether two sentences differ by the spelling of a word or two."""
    if len(sentence) != len(other):
        return False
    pairs = [(one, two) for one, two in zip(sentence, other, strict=True) if one != two]
    return len(pairs) <= _MOST_TYPOS and all(
        not re.search(r"[\d_]", one + two) and SequenceMatcher(None, one, two).ratio() >= _LIKE_A_TYPO
        for one, two in pairs
    )


def callouts(texts: Sequence[OwnText], carried: Mapping[int, Quarter]) -> dict[int, list[str]]:
    """Give the callouts of the texts that are carried over, by the line below which they stand.

    Where all that stands under a heading is carried over from one quarter, it has one for all.

    Parameters
    ----------
    texts : sequence of OwnText
        In their order; without sentences if nothing of it may go false.
    carried : mapping of int to Quarter
        The quarters of those that are carried over, by line.
    """
    found: dict[int, list[str]] = {}
    done = 0
    for position, text in enumerate(texts):
        if position < done:
            continue
        end = next((n for n in range(position + 1, len(texts)) if texts[n].level <= text.level), len(texts))
        under = [one for one in texts[position:end] if one.sentences]
        quarters = {carried.get(one.line) for one in under}
        if len(quarters) == 1 and (quarter := quarters.pop()):
            done = end
            what = "This text" if [one.line for one in under] == [text.line] else "All text under this heading"
        elif quarter := carried.get(text.line):
            what = "The text of this heading" if end > position + 1 else "This text"
        else:
            continue
        words = _CALLOUT.format(what=what, quarter=quarter.label, period=quarter.period.label)
        found[text.line - (text.level == _LOWEST)] = words.split("\n")
    return found
