"""Markup that pandoc took for text, so that it would be printed as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from scrutiny.narrative.outline import Found
from scrutiny.narrative.pandoc_ast import APART, CODES, Parsed
from scrutiny.narrative.syntax import line_at, without_code

_GLUED = "put a blank line before it, set in no further than what stands above; a sign itself is written \\#, 1\\."
_AT_START = (
    # how a line of text begins, how it does in the source, what it was to be
    (r"[-+*](?=\s)|1[.)](?=\s)", r"(?:[-+*]|1[.)])\s", "a list"),
    (r"#+", r"#+", "a heading"),
    (r"\|", r"\|", "a table"),
    (r">", r">", "a quotation"),
    (r":::.*", r":::", "or end a block"),
    (r":(?=\s)", r":\s", "a caption or definition"),
    # Typography has made dashes of the hyphens.
    (r"[|: ]*(?:-{2,}|[–—])[-–—|: ]*$", r"[|: ]*-{2,}[-|: ]*$", "a row of dashes"),
)
_BEFORE = r"^[ \t>]*(?:(?:[-+*]|\d+[.)])[ \t]+)?"
_ANYWHERE = (
    (
        r"\{\{[<%]?|\{[<%]|[>%]?\}\}|[>%]\}",
        "is not read as a shortcode",
        "write {{< var name >}}, closed on the same line; a brace itself is written \\{",
    ),
    (
        r"\{[^{}\s]*\}?",
        "would be printed as it stands",
        "write attributes, {#sec-crime} or {.class}, where docs/reference/authoring.md has them; a brace is \\{",
    ),
    (r"\[\^[^\]\s]*\]:", "would be printed as it stands", "put a blank line before the footnote"),
    (r"<!", "begins a comment that is not closed", "close it with -->"),
    (r"`+", "begins code that is not closed", "close it with as many `, or write \\`"),
    (
        rf"[\^~](?={APART}[{CODES}])",
        "would be printed as it stands",
        "no value stands between two ^ or ~; the sign itself is written \\^",
    ),
    (r"\]\(", "is not read as a link or picture", "write [text](https://…), without blanks in the address"),
    (r":::", "would be printed as it stands", "put it on a line of its own, blank lines around the block"),
)
_NOTE = re.compile(r"\[\^(?P<name>[^\]\s]+)\](?!:)")
_IN_SOURCE = (
    # what pandoc reads without saying how it was written
    (
        r"^[ \t>]*(?:(?:-[ \t]*){2,}|=+[ \t]*)$",
        (
            "an underlined heading, a rule or a table without pipes is not among what "
            "docs/reference/authoring.md lists"
        ),
        "write headings with #, tables with |",
    ),
    (
        r"^[ \t>]*\+[-=:+]{3,}",
        "a grid table is not among what docs/reference/authoring.md lists",
        "write it with pipes: | a | b |",
    ),
    (
        r"^[ \t>]*\[(?!\^)[^\]\n]+\]:[ \t]*\S",
        "an address apart from its link is not among what docs/reference/authoring.md lists",
        "write [text](https://…)",
    ),
)
_DELIMITERS = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:[|+][ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\{(?P<kind>[^}.][^}]*)\}", re.MULTILINE)


def stray_in_line(line: str, parsed: Parsed, *, at_start: bool) -> Iterator[Found]:
    """Find markup in a line of the paragraph sought last, as pandoc read it.

    `at_start` says whether blocks may begin where the line does.
    """
    for pattern, source, what in _AT_START if at_start else ():
        found = re.match(pattern, line)
        # Written as an entity or with a backslash, it is meant to be text.
        written = parsed.has(_BEFORE + source) if found else None
        if found and written:
            at = line_at(parsed.text, written.start())
            shown = written[0].strip()
            if set(line) <= {":"}:
                yield "::: closes a block that was not opened", at, "take it out, or open the block above it"
            else:
                yield f"{shown} does not begin {what} here, and would be printed as it stands", at, _GLUED
            return
    for note in _NOTE.finditer(line):
        if parsed.has(re.escape(note[0])):
            what = f"the footnote {note['name']} is not defined in this file"
            yield what, parsed.line(note[0]), f"add a line [^{note['name']}]: …"
    for pattern, what, instead in _ANYWHERE:
        found = re.search(pattern, line)
        if found and parsed.has(re.escape(found[0])):
            yield f"{found[0]} {what}", parsed.line(found[0]), instead
            return


def stray_in_source(text: str) -> Iterator[Found]:
    """Find markup in the source that pandoc reads without saying how it was written."""
    for fence in _FENCE.finditer(text):
        what = f"a block of {{{fence['kind']}}} is not shown alike in all formats"
        instead = "code runs in notebooks; a block to be read is fenced as ``` or ```python"
        yield what, line_at(text, fence.start()), instead
    prose = without_code(text)
    for pattern, what, instead in _IN_SOURCE:
        for found in re.finditer(pattern, prose, re.MULTILINE):
            yield what, line_at(text, found.start()), instead
    yield from _uneven_rows(text.split("\n"), prose.split("\n"))


def _uneven_rows(source: Sequence[str], prose: Sequence[str]) -> Iterator[Found]:
    """Find rows of tables with more or fewer cells than columns: pandoc drops what is too much, and pads the rest.

    `prose` is the source without code, in which a | separates nothing.
    """
    for position, line in enumerate(prose):
        if not (_DELIMITERS.fullmatch(line) and "|" in line and position and "|" in prose[position - 1]):
            continue
        width = _cell_count(source[position], line.replace("+", "|"))
        below = takewhile(lambda number: "|" in prose[number], range(position + 1, len(prose)))
        for number in (position - 1, *below):
            if (count := _cell_count(source[number], prose[number])) != width:
                cells = f"{count} cell{'s' * (count != 1)}"
                what = f"this row has {cells}, and the table {width} column{'s' * (width != 1)}"
                yield what, number + 1, "give it one cell for each column; a | in a cell is written \\|"


def _cell_count(source: str, prose: str) -> int:
    written = re.sub(_BEFORE, "", source).strip()
    return prose.count("|") - written.startswith("|") - written.endswith("|") + 1
