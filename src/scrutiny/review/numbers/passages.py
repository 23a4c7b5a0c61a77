"""The running text of narrative, as pandoc reads it: what of it is searched for numbers, and on which lines."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scrutiny.narrative.pandoc_ast import (
    APART,
    CODES,
    VALUE,
    WHITE_SPACE,
    Node,
    Parsed,
    Visitor,
    is_value,
    parse,
    parts,
    plain,
)
from scrutiny.narrative.syntax import blank, line_at, without_code, wrap_values

_TOKEN = re.compile(rf"[^\W_]+|[{CODES}]")
_NOT_SHOWN = re.compile(
    r"""\]\([^)\n]*\)        # the address of a link or picture
      | \[\^[^\]\s]+\]       # the name of a footnote
      | @(?:fig|tbl|sec)-[\w-]*
      | \{[^{}\n]*\}     # attributes""",
    re.VERBOSE,
)
_TITLE = re.compile(r"\btitle=[\"']([^\"']*)")
_AHEAD = 12
"""So many words of the source may stand between two that follow each other in the text."""
_ALIKE = 3
"""So many words in a row are sought further off."""


@dataclass(frozen=True)
class Passage:
    """A paragraph, heading, caption, cell, item or footnote: what is one piece of text.

    Parameters
    ----------
    file : str
        Its name, as it was given.
    text : str
        Without markup; `VALUE` stands for a value, `APART` for code, a picture or a reference.
    lines : tuple of int
        The line on which each character stands.
    values : mapping of int to str
        Offset of each `VALUE`, and the value's name.
    """

    file: str
    text: str
    lines: tuple[int, ...]
    values: Mapping[int, str]

    def line(self, at: int) -> int:
        """Give the line of a character."""
        return self.lines[min(at, len(self.lines) - 1)]


def passages(texts: Mapping[str, str]) -> dict[str, list[Passage]]:
    """Read files of narrative, each by itself.

    Parameters
    ----------
    texts : mapping of str to str
        Name of each file, and its text.
    """
    read = parse({name: wrap_values(text) for name, text in texts.items()})
    return {name: _Passages(name, parsed).found for name, parsed in read.items()}


class _Passages(Visitor):
    """The passages of a file, whose words are followed in the source in the order in which pandoc gives them."""

    def __init__(self, file: str, parsed: Parsed) -> None:
        self.found: list[Passage] = []
        self._file = file
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
            elif is_value(inline):
                pieces.append(plain(inline["c"][1]))
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
        places = self._follow([token[0] for token in tokens])
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
        self.found.append(Passage(self._file, shown, tuple(lines), values))

    def _follow(self, words: Sequence[str]) -> list[int | None]:
        """Find each word of a piece of text in the source."""
        places: list[int | None] = []
        for position, word in enumerate(words):
            found = self._next(word, words[position : position + _ALIKE], first=position == 0)
            places.append(found)
            if found is not None:
                self._at = found + 1
        return places

    def _next(self, word: str, row: Sequence[str], *, first: bool) -> int | None:
        at = self._at
        if not first and self._words[at : at + 1] == [word]:
            return at
        for start in (at, 0):
            for place in range(start, len(self._words)):
                if self._words[place] == word and self._words[place : place + len(row)] == list(row):
                    if len(row) == _ALIKE or place - at <= _AHEAD or first:
                        return place
                    break
        return next((at + n for n, other in enumerate(self._words[at : at + _AHEAD]) if other == word), None)


def _is_bare_address(inline: Node) -> bool:
    return inline["t"] == "Link" and not {"uri", "email"}.isdisjoint(inline["c"][0][1])


def _blanked(found: re.Match[str]) -> str:
    """Blank out what is not shown, except the title of a callout."""
    title = _TITLE.search(found[0])
    blanks = blank(found[0])
    return blanks[: title.start(1)] + title[1] + blanks[title.end(1) :] if title else blanks
