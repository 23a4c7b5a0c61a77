"""The Quarto syntax of narrative, found in its text: front matter, code, shortcodes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

READER = "markdown+autolink_bare_uris"
"""How pandoc reads narrative; Quarto reads addresses in running text as links, too."""
ALONE = ("embed", "include", "pagebreak")
"""Shortcodes that stand for blocks."""

_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?P<inside>.*?)>\}\}(?!\})", re.DOTALL)
_FOOTNOTE = re.compile(r"^[ \t>]*\[\^(?P<name>[^\]\s]+)\]:", re.MULTILINE)
_WRAPPED = re.compile(r"\[(?P<inside>[^\[\]]*)\]\{\.value\b")


@dataclass(frozen=True)
class Shortcode:
    """A ``{{< name arguments >}}``.

    Parameters
    ----------
    start, end : int
        Offsets in the text.
    line : int
        From 1.
    alone : bool
        Whether nothing else stands on its line.
    """

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    line: int
    alone: bool


def split_front_matter(text: str) -> tuple[str, int, str]:
    """Part the YAML between two ``---`` at the head of a file from what follows.

    Returns
    -------
    yaml, lines, body : str, int, str
        The YAML without its fences, the number of lines it takes with them, and the rest.
    """
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        return "", 0, text
    return found[1], found[0].count("\n"), text[found.end() :]


def without_code(text: str) -> str:
    """Blank out code and comments; length and lines stay."""
    lines = []
    fence = ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if fence:
            lines.append(_blank(line))
            if found and found["fence"].startswith(fence) and not line.strip(" \t>\n").strip(fence[0]):
                fence = ""
        elif found:
            fence = found["fence"]
            lines.append(_blank(line))
        else:
            lines.append(line)
    for pattern in (_COMMENT, _CODE_SPAN):
        blanked = pattern.sub(lambda code: _blank(code[0]), "".join(lines))
        lines = [blanked]
    return "".join(lines)


def footnotes(text: str) -> list[tuple[str, int]]:
    """Find the names of the footnotes defined outside code and comments, and their lines."""
    return [(found["name"], _line(text, found.start("name"))) for found in _FOOTNOTE.finditer(without_code(text))]


def shortcodes(text: str) -> list[Shortcode]:
    """Find the shortcodes outside code and comments."""
    return list(_found(text))


def replace_shortcodes(text: str, replacement: Callable[[Shortcode], str]) -> str:
    """Replace each shortcode outside code and comments by what a function gives for it."""
    pieces = []
    at = 0
    for found in shortcodes(text):
        pieces += [text[at : found.start], replacement(found)]
        at = found.end
    return "".join([*pieces, text[at:]])


def wrap_values(text: str) -> str:
    """Wrap each ``var`` of running text in a span that names it, so that a document keeps the binding.

    ``{{< var a.b >}}`` becomes ``[{{< var a.b >}}]{.value data-name="a.b"}``. One that an author has wrapped
    already is left; no line is added or taken.
    """
    wrapped = [found.span() for found in _WRAPPED.finditer(text)]
    body = split_front_matter(text)[2]
    body_start = len(text) - len(body)

    def wrap(found: Shortcode) -> str:
        written = text[found.start : found.end]
        inside = any(start < found.start < end for start, end in wrapped)
        if found.name != "var" or not found.arguments or inside or found.start < body_start:
            return written
        return f'[{written}]{{.value data-name="{found.arguments[0]}"}}'

    return replace_shortcodes(text, wrap)


def without_embeds(text: str, addresses: Collection[str]) -> str:
    """Take out the embeds of some tables and figures, ``notebooks/a.ipynb#tbl-b``; no line is added or taken."""

    def taken_out(found: Shortcode) -> str:
        gone = found.name == "embed" and found.arguments and found.arguments[0] in addresses
        return "" if gone else text[found.start : found.end]

    return replace_shortcodes(text, taken_out)


# A text is searched several times in a build: by each check, and for each thing that is replaced.
@lru_cache(maxsize=256)
def _found(text: str) -> tuple[Shortcode, ...]:
    return tuple(_shortcodes(text))


def _shortcodes(text: str) -> Iterator[Shortcode]:
    if "{{<" not in text:
        return
    for found in _SHORTCODE.finditer(without_code(text)):
        name, *arguments = _words(found["inside"])
        line_start = text.rfind("\n", 0, found.start()) + 1
        line_end = text.find("\n", found.end())
        rest = text[line_start : found.start()] + text[found.end() : line_end if line_end >= 0 else None]
        yield Shortcode(
            name, tuple(arguments), found.start(), found.end(), _line(text, found.start()), not rest.strip()
        )


def _words(inside: str) -> list[str]:
    words = inside.split()
    if re.search(r"[\"'\\]", inside):
        with suppress(ValueError):
            words = shlex.split(inside)
    return words or [""]


def _blank(text: str, by: str = " ") -> str:
    return re.sub(r"[^\n]", by, text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
