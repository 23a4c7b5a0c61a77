"""The Quarto syntax of narrative, found in its text: front matter, code, shortcodes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

READER = "markdown+autolink_bare_uris"
"""How pandoc reads narrative; Quarto reads addresses in running text as links, too."""
ALONE = ("embed", "include", "pagebreak")
"""Shortcodes that stand for blocks."""
PICTURES = (".png", ".jpg", ".jpeg")
"""Endings of the pictures that all three formats can show: Word has no SVG."""
VALUE_CLASS = r"\{\.value\b[^{}]*\}"
"""Matches the attributes of the span in which `wrap_values` puts a value."""

_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?P<inside>.*?)>\}\}(?!\})", re.DOTALL)
_FOOTNOTE = re.compile(r"^[ \t>]*\[\^(?P<name>[^\]\s]+)\]:", re.MULTILINE)
_VALUE_SPAN = re.compile(rf"\[(?P<inside>[^\[\]]*)\]{VALUE_CLASS}")

Part = TypeVar("Part")


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

    @property
    def argument(self) -> str:
        """The first argument; empty if there is none."""
        return self.arguments[0] if self.arguments else ""

    @property
    def included(self) -> str:
        """The file that it includes; empty if it includes none."""
        return self.argument if self.name == "include" else ""


def split_front_matter(text: str) -> tuple[str, int, str]:
    """Split off the YAML between two ``---`` at the head of a file.

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
        lines.append(blank(line) if fence or found else line)
        if not fence:
            fence = found["fence"] if found else ""
        elif found and found["fence"].startswith(fence) and not line.strip(" \t>\n").strip(fence[0]):
            fence = ""
    without_comments = _COMMENT.sub(lambda found: blank(found[0]), "".join(lines))
    return _CODE_SPAN.sub(lambda found: blank(found[0]), without_comments)


def footnotes(text: str) -> list[tuple[str, int]]:
    """Find the names of the footnotes defined outside code and comments, and their lines."""
    return [
        (found["name"], line_at(text, found.start("name"))) for found in _FOOTNOTE.finditer(without_code(text))
    ]


# A text is searched several times in a build: by each check and each replacement.
@lru_cache(maxsize=256)
def shortcodes(text: str) -> tuple[Shortcode, ...]:
    """Find the shortcodes outside code and comments."""
    codes = []
    for found in _SHORTCODE.finditer(without_code(text) if "{{<" in text else ""):
        start, end = found.span()
        name, *arguments = _words(found["inside"])
        before = text[text.rfind("\n", 0, start) + 1 : start]
        after = text[end:].partition("\n")[0]
        alone = not (before + after).strip()
        codes.append(Shortcode(name, tuple(arguments), start, end, line_at(text, start), alone))
    return tuple(codes)


def _words(inside: str) -> list[str]:
    words = inside.split()
    if re.search(r"[\"'\\]", inside):
        with suppress(ValueError):
            words = shlex.split(inside)
    return words or [""]


def in_reading_order(
    start: Iterable[str], parts: Mapping[str, Sequence[Part]]
) -> Iterator[tuple[tuple[str, ...], Part]]:
    """Go through what files hold as the report is read, each file once, where it is first included.

    Parameters
    ----------
    parts : mapping of str to sequence
        What each file holds, its `Shortcode` objects included.

    Yields
    ------
    path : tuple of str
        The file in which the part stands, after those through which it is included.
    part
    """
    seen: set[str] = set()

    def follow(file: str, through: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Part]]:
        if file in parts and file not in seen:
            seen.add(file)
            path = (*through, file)
            for part in parts[file]:
                yield path, part
                if isinstance(part, Shortcode):
                    yield from follow(part.included, path)

    for file in start:
        yield from follow(file, ())


def replace_shortcodes(text: str, replacement: Callable[[Shortcode], str | None]) -> str:
    """Replace the shortcodes outside code and comments; one for which the function gives None stays."""
    pieces = []
    at = 0
    for found in shortcodes(text):
        if (written := replacement(found)) is not None:
            pieces += [text[at : found.start], written]
            at = found.end
    return "".join([*pieces, text[at:]])


def wrap_values(text: str) -> str:
    """Wrap each ``var`` of running text in a span that names it, so that a document keeps the binding.

    ``{{< var a.b >}}`` becomes ``[{{< var a.b >}}]{.value data-name="a.b"}``, unless an author has wrapped it. No
    line is added or removed.
    """
    wrapped = [found.span("inside") for found in _VALUE_SPAN.finditer(text)]
    body_start = len(text) - len(split_front_matter(text)[2])

    def wrap(code: Shortcode) -> str | None:
        is_wrapped = any(start <= code.start < end for start, end in wrapped)
        if code.name != "var" or not code.argument or is_wrapped or code.start < body_start:
            return None
        return f'[{text[code.start : code.end]}]{{.value data-name="{code.argument}"}}'

    return replace_shortcodes(text, wrap)


def unwrap_values(text: str) -> str:
    """Undo `wrap_values`."""
    return _VALUE_SPAN.sub(r"\g<inside>", text)


def without_embeds(text: str, addresses: Collection[str]) -> str:
    """Remove the embeds of some tables and figures, ``notebooks/a.ipynb#tbl-b``; no line is added or removed."""
    return replace_shortcodes(
        text, lambda code: "" if code.name == "embed" and code.argument in addresses else None
    )


def blank(text: str) -> str:
    """Replace each character by a blank; lines stay."""
    return re.sub(r"[^\n]", " ", text)


def line_at(text: str, offset: int) -> int:
    """Give the line of a character, from 1."""
    return text.count("\n", 0, offset) + 1
