"""The Quarto syntax of narrative, found in its text: shortcodes, references, labels, headings."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass

REFERENCE_KINDS = ("fig", "tbl", "sec")

_FENCE = re.compile(r"^[ \t>]*(?P<fence>`{3,}|~{3,})")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CODE_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_SHORTCODE = re.compile(r"(?<!\{)\{\{<(?P<inside>.*?)>\}\}(?!\})", re.DOTALL)
_OPENED = re.compile(r"(?<!\{)\{\{<")
_REFERENCE = re.compile(r"(?P<bare>\[-)?(?<![\w@\\./])@(?P<label>(?P<kind>fig|tbl|sec)-[\w-]*\w)")
_ATTRIBUTES = re.compile(r"\{(?P<inside>[^{}\n]*)\}")
_ID = re.compile(r"(?:^|\s)#(?P<id>[^\s#{}]+)")
_LINK = re.compile(r"\]\(#(?P<id>[^)\s]+)\)")
_HEADING = re.compile(
    r"^(?P<level>#{1,6})[ \t]+(?P<text>.*?)[ \t]*#*[ \t]*(?P<attributes>\{[^{}]*\})?[ \t]*$", re.MULTILINE
)
_CALLOUT_OPENED = re.compile(r"^:{3,}[ \t]*\{[^{}\n]*\.callout-[^{}\n]*\}\s*\Z", re.MULTILINE)
_WRAPPED = re.compile(r"\[(?P<inside>[^\[\]]*)\]\{\.value\b")


@dataclass(frozen=True)
class Shortcode:
    """A ``{{< name arguments >}}``.

    Parameters
    ----------
    name : str
    arguments : tuple of str
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


@dataclass(frozen=True)
class Reference:
    """A reference such as ``@fig-x``."""

    label: str
    kind: str
    line: int


@dataclass(frozen=True)
class Label:
    """An id defined by attributes: ``{#fig-x}``."""

    name: str
    line: int


@dataclass(frozen=True)
class Heading:
    """A heading written with ``#``."""

    level: int
    text: str
    label: str | None
    numbered: bool
    line: int


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


def shortcodes(text: str) -> list[Shortcode]:
    """Find the shortcodes outside code and comments."""
    return list(_shortcodes(text, without_code(text)))


def shortcodes_in_code(text: str) -> list[Shortcode]:
    """Find the shortcodes inside code, where Quarto executes them all the same."""
    outside = {found.start for found in shortcodes(text)}
    without_comments = _COMMENT.sub(lambda comment: _blank(comment[0]), text)
    return [found for found in _shortcodes(text, without_comments) if found.start not in outside]


def unclosed_shortcodes(text: str) -> list[int]:
    """Give the lines on which a ``{{<`` is not closed."""
    closed = {found.start for found in shortcodes(text)}
    return [
        _line(text, opened.start())
        for opened in _OPENED.finditer(without_code(text))
        if opened.start() not in closed
    ]


def replace_shortcodes(text: str, replacement: Callable[[Shortcode], str]) -> str:
    """Replace each shortcode outside code and comments by what a function gives for it."""
    pieces = []
    at = 0
    for found in shortcodes(text):
        pieces += [text[at : found.start], replacement(found)]
        at = found.end
    return "".join([*pieces, text[at:]])


def without_shortcodes(text: str) -> str:
    """Blank out code, comments and shortcodes; length and lines stay."""
    return _SHORTCODE.sub(lambda found: _blank(found[0], "\x00"), without_code(text))


def references(text: str) -> list[Reference]:
    """Find the references to figures, tables and sections."""
    return [
        Reference(found["label"], found["kind"], _line(text, found.start("label")))
        for found in _REFERENCE.finditer(without_shortcodes(text))
    ]


def labels(text: str) -> list[Label]:
    """Find the ids that attributes define."""
    return [
        Label(found["id"], _line(text, block.start()))
        for block in _ATTRIBUTES.finditer(without_shortcodes(text))
        for found in _ID.finditer(block["inside"])
    ]


def headings(text: str) -> list[Heading]:
    """Find the headings, in their order; one that opens a callout is that one's title, and no heading."""
    found = []
    # Shortcodes have no attributes: with their braces blanked, those of the heading can be told.
    blanked = without_shortcodes(text)
    for heading in _HEADING.finditer(blanked):
        if _CALLOUT_OPENED.search(blanked, 0, heading.start()):
            continue
        attributes = heading["attributes"] or ""
        name = _ID.search(attributes[1:-1])
        start, end = heading.span("text")
        found.append(
            Heading(
                len(heading["level"]),
                text[start:end],
                name["id"] if name else None,
                ".unnumbered" not in attributes,
                _line(text, heading.start()),
            )
        )
    return found


def links(text: str) -> list[Label]:
    """Find the ids that ordinary links of the report lead to: ``[text](#id)``."""
    return [Label(found["id"], _line(text, found.start())) for found in _LINK.finditer(without_shortcodes(text))]


def automatic_id(heading: str) -> str:
    """Give the id that pandoc gives to a heading without one.

    By https://pandoc.org/MANUAL.html#extension-auto_identifiers: letters and digits in lower case, spaces as
    hyphens, nothing before the first letter.
    """
    words = re.sub(r"[^\w\s.-]", "", heading.lower()).split()
    return re.sub(r"^[^a-z]+", "", "-".join(words)) or "section"


def misplaced_values(text: str) -> list[Shortcode]:
    """Find the shortcodes that stand in attributes or in the target of a link."""
    blanked = without_shortcodes(text)
    spans = [block.span() for block in re.finditer(r"\{[^{}\n]*\x00[^{}\n]*\}", blanked)]
    spans += [target.span() for target in re.finditer(r"\]\([^()\n]*\x00[^()\n]*\)", blanked)]
    return [found for found in shortcodes(text) if any(start < found.start < end for start, end in spans)]


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
        if found.name != "var" or inside or found.start < body_start:
            return written
        return f'[{written}]{{.value data-name="{found.arguments[0]}"}}'

    return replace_shortcodes(text, wrap)


def _shortcodes(text: str, searched: str) -> Iterator[Shortcode]:
    for found in _SHORTCODE.finditer(searched):
        name, *arguments = _words(found["inside"])
        line_start = text.rfind("\n", 0, found.start()) + 1
        line_end = text.find("\n", found.end())
        rest = text[line_start : found.start()] + text[found.end() : line_end if line_end >= 0 else None]
        yield Shortcode(
            name, tuple(arguments), found.start(), found.end(), _line(text, found.start()), not rest.strip()
        )


def _words(inside: str) -> list[str]:
    try:
        words = shlex.split(inside)
    except ValueError:
        words = inside.split()
    return words or [""]


def _blank(text: str, by: str = " ") -> str:
    return re.sub(r"[^\n]", by, text)


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
