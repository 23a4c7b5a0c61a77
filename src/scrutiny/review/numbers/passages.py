"""The running text of narrative as pandoc reads it, with its lines, to be searched for numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scrutiny.narrative.pandoc_ast import (
    APART,
    CODES,
    VALUE,
    WHITE_SPACE,
    Node,
    Parsed,
    Visitor,
    parse,
    parts,
)
from scrutiny.narrative.syntax import blank, line_at, without_code, wrap_values

_TOKEN = re.compile(rf"[^\W_]+|[{CODES}]")
_NOT_SHOWN = re.compile(
    r"""\]\([^)\n]*\)        # the address of a link or picture
      | \[\^[^\]\s]+\]       # the name of a footnote
      | @(?:fig|tbl|sec)-[\w-]*
      | \{[^{}\n]*\}         # attributes""",
    re.VERBOSE,
)
_SENTENCE_END = re.compile(r"[.!?][”’)]*(?=\s|$)")
_TITLE = re.compile(r"\btitle=[\"']([^\"']*)")
_AHEAD = 12
"""How many words of the source may come between two that follow each other in the text."""
_ALIKE = 3
"""How many words in a row are looked for further off."""


@dataclass(frozen=True)
class Passage:
    """One piece of text: a paragraph, heading, caption, cell, item or footnote.

    Parameters
    ----------
    text : str
        Without markup; `VALUE` stands for a value, `APART` for code, a picture or a reference.
    lines : tuple of int
        The line of each character.
    values : mapping of int to str
        The offset of each `VALUE`, and the value's name.
    """

    text: str
    lines: tuple[int, ...]
    values: Mapping[int, str]

    def line(self, at: int) -> int:
        """Give the line of a character."""
        return self.lines[min(at, len(self.lines) - 1)]

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each of its sentences begins and ends."""
        ends = [found.end() for found in _SENTENCE_END.finditer(self.text)]
        ends = list(dict.fromkeys([*ends, len(self.text)]))
        return list(zip([0, *ends], ends, strict=False))


def passages(texts: Mapping[str, str]) -> dict[str, list[Passage]]:
    """Read files of narrative, each by itself."""
    read = parse({name: wrap_values(text) for name, text in texts.items()})
    return {name: _Passages(parsed).found for name, parsed in read.items()}


class _Passages(Visitor):
    """Finds the passages of a file, and the lines of their words in its source."""

    def __init__(self, parsed: Parsed) -> None:
        self.found: list[Passage] = []
        self._parsed = parsed
        shown = _NOT_SHOWN.sub(_blanked, without_code(parsed.text))
        tokens = list(_TOKEN.finditer(shown))
        self._words = [token[0] for token in tokens]
        self._lines = [line_at(shown, token.start()) for token in tokens]
        self._at = 0
        self.visit(parsed.blocks)

    def _visit_para(self, node: Node) -> None:
        if self._parsed.block_code(node) is None:
            notes: list[Node] = []
            (inlines,) = parts(node)
            self._add(self._text(inlines, notes))
            here = self._at
            for note in notes:
                self.visit_parts(note)
            self._at = here

    _visit_plain = _visit_term = _visit_line = _visit_header = _visit_para

    def _visit_div(self, node: Node) -> None:
        # The title of a callout is shown, though it is an attribute.
        for key, text in node["c"][0][2]:
            if key == "title":
                self._add(text)
        self.visit_parts(node)

    def _text(self, inlines: Sequence[Node], notes: list[Node]) -> str:
        """Give the text of inlines, and add the footnotes among them to the notes."""
        pieces = []
        for inline in inlines:
            kind = inline["t"]
            if kind == "Str":
                pieces.append(inline["c"])
            elif kind in WHITE_SPACE:
                pieces.append(WHITE_SPACE[kind])
            elif kind == "Note":
                notes.append(inline)
            elif kind in ("Cite", "Image") or _is_bare_address(inline) or not (within := parts(inline)):
                pieces.append(APART)
            else:
                text = self._text(within[0], notes)
                pieces.append(f"“{text}”" if kind == "Quoted" else text)
        return "".join(pieces)

    def _add(self, text: str) -> None:
        tokens = list(_TOKEN.finditer(text))
        if not tokens:
            return
        places = list(self._follow([token[0] for token in tokens]))
        first = next((place for place in places if place is not None), min(self._at, len(self._lines) - 1))
        line = self._lines[first] if self._lines else 1
        lines: list[int] = []
        for token, place in zip(tokens, places, strict=True):
            lines += [line] * (token.start() - len(lines))
            if place is not None:
                line = self._lines[place]
            lines += [line] * len(token[0])
        lines += [line] * (len(text) - len(lines))
        values = {at: code.argument for at, code in self._parsed.codes_in(text).items() if code.name == "var"}
        shown = "".join(VALUE if at in values else character for at, character in enumerate(text))
        self.found.append(Passage(shown, tuple(lines), values))

    def _follow(self, words: list[str]) -> Iterator[int | None]:
        """Find each word of a piece of text in the source."""
        for position, word in enumerate(words):
            found = self._next(word, words[position : position + _ALIKE], first=position == 0)
            if found is not None:
                self._at = found + 1
            yield found

    def _next(self, word: str, row: list[str], *, first: bool) -> int | None:
        """Find where a word comes next, or rather the row of words that begins with it."""
        at, source, length = self._at, self._words, len(row)
        if not first and source[at : at + 1] == [word]:
            return at
        for start in (at, 0):
            rows = (n for n in range(start, len(source)) if source[n] == word and source[n : n + length] == row)
            place = next(rows, None)
            if place is not None and (length == _ALIKE or place - at <= _AHEAD or first):
                return place
        return next((n for n in range(at, min(at + _AHEAD, len(source))) if source[n] == word), None)


def _is_bare_address(inline: Node) -> bool:
    return inline["t"] == "Link" and not {"uri", "email"}.isdisjoint(inline["c"][0][1])


def _blanked(found: re.Match[str]) -> str:
    """Blank out what is not shown, except the title of a callout."""
    title = _TITLE.search(found[0])
    blanks = blank(found[0])
    return blanks[: title.start(1)] + title[1] + blanks[title.end(1) :] if title else blanks
