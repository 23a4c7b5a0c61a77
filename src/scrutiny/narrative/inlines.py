"""What stands in the text of narrative: the inlines of pandoc, judged one by one."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import unquote

from scrutiny.narrative import attributes
from scrutiny.narrative.attributes import NOT_LISTED, Attr
from scrutiny.narrative.fonts import lacking, named
from scrutiny.narrative.outline import Named, Outline
from scrutiny.narrative.pandoc_ast import (
    BLOCK,
    OTHER,
    STAND_INS,
    VALUE,
    Node,
    Parsed,
    is_value,
    plain,
)
from scrutiny.narrative.stray_markup import literal_in_line

_SHORTCODE = re.compile(f"[{VALUE}{OTHER}{BLOCK}]")
_REFERENCE = re.compile(r"(fig|tbl|sec)-[\w-]*\w")
_ADDRESS = re.compile(r"(https?://|mailto:|tel:)\S", re.IGNORECASE)


class InlineWalk(ABC):
    """Visits inlines, and fills an outline.

    Parameters
    ----------
    files : collection of str
        Files of the workspace that may be pictured.
    """

    def __init__(self, parsed: Parsed, files: Collection[str]) -> None:
        self.parsed = parsed
        self.files = files
        self.outline = Outline()

    def tell(self, what: str, instead: str, at: str | int | None = None) -> None:
        """Note a problem, on a line, where something stands literally, or at the element sought last."""
        line = at if isinstance(at, int) else self.parsed.line(at)
        self.outline.problems.append((what, line, instead))

    def tell_all(self, found: Iterable[tuple[str, str]], at: str | int | None = None) -> None:
        """Note several problems of one place."""
        for what, instead in found:
            self.tell(what, instead, at)

    def attribute(self, text: str, line: int | None = None) -> None:
        """Judge the text of an attribute, or an address."""
        if _SHORTCODE.search(unquote(text)):
            self.tell(
                "a shortcode stands inside attributes or the address of a link",
                "a value may stand in running text, headings, captions, cells, link texts and footnotes",
                line,
            )
        self.characters(text)

    def characters(self, text: str) -> None:
        """Find characters that cannot be printed."""
        for character in lacking(STAND_INS.sub("", text)):
            what = f"the typeface of the report has no {named(character)}"
            self.tell(what, "write it in words, or with letters and signs of the keyboard", character)

    def code(self, attr: Attr, text: str, what: str = "piece of code") -> None:
        """Visit code, in a paragraph or a block."""
        if _SHORTCODE.search(text) or "{{" in text:
            instead = "take it out; a value may stand beside the code"
            self.tell("a shortcode or {{ stands inside code, where Quarto reads it all the same", instead, "{{")
        name, classes, pairs = attr
        if (
            name
            or pairs
            or len(classes) > (what == "block of code")
            or not all(re.fullmatch(r"[\w+#-]+", one) for one in classes)
        ):
            self.tell(f"a {what} has no attributes but the language of a block", "fence it as ``` or ```python")

    def text(self, inlines: list[Node], inside: frozenset[str], *, at_start: bool = False) -> None:
        """Visit the inlines of a paragraph, heading, caption or cell."""
        for line in plain(inlines).split("\n"):
            self.outline.problems += literal_in_line(line, self.parsed, at_start=at_start)
        self.inlines(inlines, inside)

    def inlines(self, inlines: list[Node], inside: frozenset[str]) -> None:
        """Visit inlines of any kind."""
        for inline in inlines:
            self._inline(inline, inside)

    def _inline(self, inline: Node, inside: frozenset[str]) -> None:
        content: Any = inline.get("c")
        match inline["t"]:
            case "Str":
                self._string(content)
            case "Space" | "SoftBreak" | "LineBreak":
                pass
            case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript":
                if not content:
                    self.tell(
                        "~ or ^ with nothing between them, or code that is not closed", "close it, or write \\~"
                    )
                self.inlines(content, inside)
            case "Quoted":
                self.inlines(content[1], inside)
            case "Code":
                self.characters(content[1])
                self.code(*content)
            case "Cite":
                self._cite(content[0])
            case "Link":
                self._link(inside, *content)
            case "Image":
                self.image(*content)
                if content[0][0]:
                    self.tell(f"the picture #{content[0][0]} has no caption", "write it between the [ and ]", "![")
            case "Note":
                if inside & {"heading", "footnote"}:
                    self.tell(
                        f"a footnote inside a {min(inside & {'heading', 'footnote'})} {NOT_LISTED}",
                        "write it in the text",
                    )
                start = self.parsed.mark()
                self.blocks(content, inside | {"footnote"})
                self.parsed.go(start)
            case "Span":
                if not is_value(inline):
                    self.tell_all(attributes.span(content[0]), f".{(*content[0][1], '')[0]}")
                    for _, text in content[0][2]:
                        self.attribute(text)
                    self.inlines(content[1], inside)
            case "RawInline":
                self.raw(*content)
            case "Math":
                self.tell(
                    f"${content[1]}$ is read as mathematics", "write \\$ for a dollar sign", f"${content[1]}"
                )
            case kind:
                name = kind.lower()
                self.tell(f"a span of the class {name} is not known", "write it without", f".{name}")

    def _string(self, text: str) -> None:
        if VALUE in text:
            self.tell(
                "a value stands where it is not read as one",
                "put blanks around it, or take the signs beside it out",
            )
        for found in re.finditer(rf"{BLOCK}(\d+)", text):
            code = self.parsed.codes[int(found[1])]
            instead = "put it on a line of its own, blank lines around it"
            self.tell(f"{code.name} has to stand alone on its line", instead, code.line)
        self.characters(text)

    def _cite(self, citations: list[dict[str, Any]]) -> None:
        key = citations[0]["citationId"]
        if not _REFERENCE.fullmatch(key):
            what = f"@{key} is read as a citation, which the report has none of"
            self.tell(what, "refer to @fig-…, @tbl-… or @sec-…, or write \\@ for the sign itself", f"@{key}")
        elif len(citations) > 1 or citations[0]["citationPrefix"] or citations[0]["citationSuffix"]:
            what = f"the brackets around or behind @{key} are read as part of the reference"
            self.tell(what, "write @tbl-… or [-@tbl-…] by itself, and \\[ for a bracket", f"@{key}")
        else:
            self.outline.references.append(Named(key, self.parsed.line(f"@{key}")))

    def _link(self, inside: frozenset[str], attr: Attr, content: list[Node], target: list[str]) -> None:
        address = target[0]
        at = f"]({address}" if address else "]()"
        self.attribute(address)
        if address.startswith("#"):
            self.outline.links.append(Named(address[1:], self.parsed.line(at)))
        elif not _ADDRESS.match(address):
            self.tell(
                f"the link to {address or 'nothing'} leads nowhere", "write #id of a heading, or https://…", at
            )
        if attr[0] or attr[2] or set(attr[1]) - {"uri", "email"}:
            self.tell("a link has no attributes", "take them out", at)
        if not plain(content):
            self.tell("the link has no text", "write what it leads to between [ and ]", at)
        self.inlines(content, inside)

    def image(self, attr: Attr, _: list[Node], target: list[str]) -> None:
        """Visit a picture; its caption is the figure's, or shown nowhere."""
        address = unquote(target[0])
        for text in (address, *(text for _, text in attr[2])):
            self.attribute(text)
        self.tell_all(attributes.picture(attr, address, self.files), f"]({address}")

    def raw(self, format_: str, text: str) -> None:
        """Visit markup of one format, in a paragraph or a block; only comments are allowed."""
        if format_ == "html":
            if not re.fullmatch(r"\s*<!--.*-->\s*", text, re.DOTALL):
                instead = "write it as Markdown, or \\< for the sign itself"
                self.tell(f"the HTML {text.strip()} would show only in HTML", instead, text)
        elif format_ == "tex":
            command = re.match(r"\\[A-Za-z]+", text)
            shown = command[0] if command else text
            self.tell(f"the LaTeX {shown} would show nowhere", "write \\\\ for a backslash", shown)
        else:
            self.tell("raw markup is not shown alike in all formats", "write it as Markdown")

    @abstractmethod
    def blocks(self, blocks: Sequence[Node], inside: frozenset[str]) -> None:
        """Visit blocks, such as those of a footnote."""
