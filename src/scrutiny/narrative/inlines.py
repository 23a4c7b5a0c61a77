"""Text of narrative as pandoc reads it, its inlines checked one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from scrutiny.fonts import unprintable
from scrutiny.narrative import attributes
from scrutiny.narrative.attributes import NOT_LISTED, Attr
from scrutiny.narrative.outline import Named, Outline
from scrutiny.narrative.pandoc_ast import CODES, STAND_INS, Node, Parsed, Visitor, is_value, plain
from scrutiny.narrative.stray_markup import stray_in_line
from scrutiny.narrative.syntax import ALONE
from scrutiny.narrative.tables import pieces

_SHORTCODE = re.compile(f"[{CODES}]")
_REFERENCE = re.compile(r"(fig|tbl|sec)-[\w-]*\w")
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)\S", re.IGNORECASE)

_LONGEST_PIECE = 70
"""Characters of a piece of a word, in the size of the text, for which every page has room."""


class InlineChecks(Visitor):
    """Visits inlines, and fills an outline; `inside` says what the visited nodes stand in, such as "list"."""

    def __init__(self, parsed: Parsed, files: Collection[str]) -> None:
        self.parsed = parsed
        self.files = files
        self.inside: frozenset[str] = frozenset()
        self.outline = Outline()

    def report(self, what: str, instead: str, at: str | int | None = None) -> None:
        """Note a problem on a line, where a text stands literally, or at the element sought last."""
        line = at if isinstance(at, int) else self.parsed.line(at)
        self.outline.problems.append((what, line, instead))

    def report_all(self, found: Iterable[tuple[str, str]], at: str | int | None = None) -> None:
        """Note several problems in one place."""
        for what, instead in found:
            self.report(what, instead, at)

    @contextmanager
    def within(self, place: str) -> Iterator[None]:
        """Note what the nodes visited in the block stand in."""
        before = self.inside
        self.inside |= {place}
        yield
        self.inside = before

    def text(self, inlines: list[Node], *, at_start: bool = False) -> None:
        """Visit the inlines of a paragraph, heading, caption or cell."""
        for line in plain(inlines).split("\n"):
            self.outline.problems += stray_in_line(line, self.parsed, at_start=at_start)
        self.visit(inlines)

    def attribute(self, text: str, line: int | None = None) -> None:
        """Check the text of an attribute, or an address."""
        if _SHORTCODE.search(unquote(text)):
            what = "a shortcode stands inside attributes or the address of a link"
            instead = "a value may stand in running text, headings, captions, cells, link texts and footnotes"
            self.report(what, instead, line)
        self.characters(text)

    def characters(self, text: str) -> None:
        """Find characters that cannot be printed."""
        for character, what in unprintable(STAND_INS.sub("", text)).items():
            self.report(what, "write it in words, or with letters and signs of the keyboard", character)

    def code(self, attr: Attr, text: str, what: str = "piece of code") -> None:
        """Check code, in a paragraph or a block."""
        if _SHORTCODE.search(text) or "{{" in text:
            instead = "take it out; a value may stand beside the code"
            self.report("a shortcode or {{ stands inside code, where Quarto reads it all the same", instead, "{{")
        name, classes, pairs = attr
        languages = [one for one in classes if re.fullmatch(r"[\w+#-]+", one)]
        if name or pairs or languages != classes or len(classes) > (what == "block of code"):
            self.report(f"a {what} has no attributes but the language of a block", "fence it as ``` or ```python")

    def picture(self, node: Node) -> None:
        """Check a picture; its caption is the figure's, or shown nowhere."""
        attr, _, target = node["c"]
        address = unquote(target[0])
        for text in (address, *(text for _, text in attr[2])):
            self.attribute(text)
        shown = STAND_INS.sub("…", address)
        self.report_all(attributes.picture(attr, shown, self.files), f"]({address}")

    def raw(self, node: Node) -> None:
        """Check markup of one format, in a paragraph or a block; only comments are allowed."""
        format_, text = node["c"]
        if format_ == "html":
            if not re.fullmatch(r"\s*<!--.*-->\s*", text, re.DOTALL):
                instead = "write it as Markdown, or \\< for the sign itself"
                self.report(f"the HTML {text.strip()} would show only in HTML", instead, text)
        elif format_ == "tex":
            command = re.match(r"\\[A-Za-z]+", text)
            shown = command[0] if command else text
            self.report(f"the LaTeX {shown} would show nowhere", "write \\\\ for a backslash", shown)
        else:
            self.report("raw markup is not shown alike in all formats", "write it as Markdown")

    _visit_rawinline = raw

    def _visit_str(self, node: Node) -> None:
        text = node["c"]
        for code in self.parsed.codes_in(text).values():
            if code.name == "var":
                instead = "put blanks around it, or take the signs beside it out"
                self.report("a value stands where it is not read as one", instead)
            elif code.name in ALONE:
                instead = "put it on a line of its own, blank lines around it"
                self.report(f"{code.name} has to stand alone on its line", instead, code.line)
        self.characters(text)
        if len(piece := max(pieces(text), key=len)) > _LONGEST_PIECE:
            instead = "write it in parts; an address may stand behind words: [words](https://…)"
            self.report(f"{piece[:30]}… is as wide as a page, and breaks nowhere", instead, piece[:30])

    def _visit_emph(self, node: Node) -> None:
        if not node["c"]:
            what = "~ or ^ with nothing between them, or code that is not closed"
            self.report(what, "close it, or write \\~")
        self.visit_parts(node)

    _visit_strong = _visit_strikeout = _visit_superscript = _visit_subscript = _visit_emph

    def _visit_underline(self, node: Node) -> None:
        name = node["t"].lower()
        self.report(f"a span of the class {name} is not known", "write it without", f".{name}")

    _visit_smallcaps = _visit_underline

    def _visit_code(self, node: Node) -> None:
        attr, text = node["c"]
        self.characters(text)
        self.code(attr, text)

    def _visit_math(self, node: Node) -> None:
        text = node["c"][1]
        self.report(f"${text}$ is read as mathematics", "write \\$ for a dollar sign", f"${text}")

    def _visit_cite(self, node: Node) -> None:
        first, *others = node["c"][0]
        key = first["citationId"]
        if not _REFERENCE.fullmatch(key):
            what = f"@{key} is read as a citation, which the report has none of"
            self.report(what, "refer to @fig-…, @tbl-… or @sec-…, or write \\@ for the sign itself", f"@{key}")
        elif others or first["citationPrefix"] or first["citationSuffix"]:
            what = f"the brackets around or behind @{key} are read as part of the reference"
            self.report(what, "write @tbl-… or [-@tbl-…] by itself, and \\[ for a bracket", f"@{key}")
        else:
            self.outline.references.append(Named(key, self.parsed.line(f"@{key}")))

    def _visit_link(self, node: Node) -> None:
        (name, classes, pairs), content, (address, _) = node["c"]
        at = f"]({address}" if address else "]()"
        self.attribute(address)
        if address.startswith("#"):
            self.outline.links.append(Named(address[1:], self.parsed.line(at)))
        elif not _ADDRESS.match(address):
            what = f"the link to {address or 'nothing'} leads nowhere"
            self.report(what, "write #id of a heading, or https://…", at)
        if name or pairs or set(classes) - {"uri", "email"}:
            self.report("a link has no attributes", "take them out", at)
        if not plain(content):
            self.report("the link has no text", "write what it leads to between [ and ]", at)
        self.visit(content)

    def _visit_image(self, node: Node) -> None:
        self.picture(node)
        if others := self.inside & {"cell", "footnote", "heading"}:
            # A column's width goes by its text, and a heading or caption is repeated where a picture cannot be.
            self.report(f"a picture inside a {min(others)} {NOT_LISTED}", "put it in a paragraph", "![")
        if name := node["c"][0][0]:
            self.report(f"the picture #{name} has no caption", "write it between the [ and ]", "![")

    def _visit_note(self, node: Node) -> None:
        if others := self.inside & {"heading", "footnote"}:
            self.report(f"a footnote inside a {min(others)} {NOT_LISTED}", "write it in the text")
        here = self.parsed.at
        with self.within("footnote"):
            self.visit_parts(node)
        self.parsed.at = here

    def _visit_span(self, node: Node) -> None:
        attr: Any = node["c"][0]
        if not is_value(node):
            self.report_all(attributes.span(attr), f".{(*attr[1], '')[0]}")
            for _, text in attr[2]:
                self.attribute(text)
            self.visit_parts(node)
