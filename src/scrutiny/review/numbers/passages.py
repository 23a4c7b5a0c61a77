"""The running text of narrative, as pandoc reads it: what of it is searched for numbers, and on which lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrutiny.narrative.pandoc_ast import APART, BLOCK, VALUE, Node, Parsed, code_of, is_value, parse
from scrutiny.narrative.syntax import without_code, wrap_values

_TOKEN = re.compile(rf"[^\W_]+|{VALUE}")
_NOT_SHOWN = re.compile(
    rf"""\]\([^)\n]*\)        # the address of a link or picture
      | \[\^[^\]\s]+\]       # the name of a footnote
      | @(?:fig|tbl|sec)-[\w-]*
      | \{{[^{{}}\n]*\}}     # attributes
      | {BLOCK}\d+""",
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
    return {name: list(_Source(name, parsed).passages()) for name, parsed in read.items()}


@dataclass
class _Source:
    """A file whose words are followed, in the order in which pandoc gives them."""

    file: str
    parsed: Parsed
    _at: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        shown = without_code(self.parsed.text)
        shown = _NOT_SHOWN.sub(_blanked, shown)
        lines = [0]
        lines += [found.end() for found in re.finditer("\n", shown)]
        self._words: list[str] = []
        self._lines: list[int] = []
        line = 0
        for found in _TOKEN.finditer(shown):
            while line < len(lines) and lines[line] <= found.start():
                line += 1
            self._words.append(found[0])
            self._lines.append(line)
        # A value in code or in an attribute is not shown, and counts all the same.
        names = [code.arguments[0] if code.arguments else "" for code in self.parsed.codes if code.name == "var"]
        offsets = [found.start() for found in re.finditer(VALUE, self.parsed.text)]
        by_offset = dict(zip(offsets, names, strict=False))
        self._names = [by_offset.get(found.start(), "") for found in _TOKEN.finditer(shown)]

    def passages(self) -> Iterator[Passage]:
        """Give all of the file."""
        yield from self._blocks(self.parsed.blocks)

    def _blocks(self, blocks: Sequence[Node]) -> Iterator[Passage]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: Node) -> Iterator[Passage]:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                if code_of(block) is None:
                    yield from self._passage(content)
            case "Header":
                yield from self._passage(content[2])
            case "LineBlock":
                for line in content:
                    yield from self._passage(line)
            case "BulletList":
                for item in content:
                    yield from self._blocks(item)
            case "OrderedList":
                for item in content[1]:
                    yield from self._blocks(item)
            case "DefinitionList":
                for term, definitions in content:
                    yield from self._passage(term)
                    for definition in definitions:
                        yield from self._blocks(definition)
            case "BlockQuote":
                yield from self._blocks(content)
            case "Table":
                yield from self._table(content)
            case "Figure":
                yield from self._blocks(content[1][1])
            case "Div":
                # The title of a callout is shown, though it is an attribute.
                for title in (text for key, text in content[0][2] if key == "title"):
                    yield from self._made(title)
                yield from self._blocks(content[1])

    def _table(self, content: Sequence[Any]) -> Iterator[Passage]:
        _, caption, _, head, bodies, foot = content
        rows = [*head[1], *(row for body in bodies for part in body[2:] for row in part), *foot[1]]
        for row in rows:
            for cell in row[1]:
                yield from self._blocks(cell[4])
        yield from self._blocks(caption[1])

    def _passage(self, inlines: Sequence[Node]) -> Iterator[Passage]:
        notes: list[list[Node]] = []
        yield from self._made("".join(self._text(inlines, notes)))
        here = self._at
        for note in notes:
            yield from self._blocks(note)
        self._at = here

    def _text(self, inlines: Sequence[Node], notes: list[list[Node]]) -> Iterator[str]:
        for inline in inlines:
            content: Any = inline.get("c")
            match inline["t"]:
                case "Str":
                    yield content
                case "Space":
                    yield " "
                case "SoftBreak" | "LineBreak":
                    yield "\n"
                case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript" | "Underline" | "SmallCaps":
                    yield from self._text(content, notes)
                case "Quoted":
                    yield "“"
                    yield from self._text(content[1], notes)
                    yield "”"
                case "Span":
                    yield from [VALUE] if is_value(inline) else self._text(content[1], notes)
                case "Link" if not set(content[0][1]) & {"uri", "email"}:
                    yield from self._text(content[1], notes)
                case "Note":
                    notes.append(content)
                case _:
                    yield APART

    def _made(self, text: str) -> Iterator[Passage]:
        if not text.strip():
            return
        tokens = list(_TOKEN.finditer(text))
        places = self._follow([token[0] for token in tokens])
        known = [place for place in places if place is not None]
        line = self._lines[known[0]] if known else self._lines[min(self._at, len(self._lines) - 1)]
        lines = []
        values = {}
        at = 0
        for token, place in zip(tokens, places, strict=True):
            lines += [line] * (token.start() - at)
            if place is not None:
                line = self._lines[place]
                if token[0] == VALUE:
                    values[token.start()] = self._names[place]
            lines += [line] * (token.end() - token.start())
            at = token.end()
        lines += [line] * (len(text) - at)
        yield Passage(self.file, text, tuple(lines), values)

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


def _blanked(found: re.Match[str]) -> str:
    title = _TITLE.search(found[0])
    blank = re.sub(r"[^\n]", " ", found[0])
    return blank[: title.start(1)] + title[1] + blank[title.end(1) :] if title else blank
