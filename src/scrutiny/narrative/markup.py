"""Markup of narrative that the two engines or the three formats would not show alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Any

from scrutiny.narrative import attributes
from scrutiny.narrative.attributes import NOT_LISTED, Attr
from scrutiny.narrative.inlines import InlineWalk
from scrutiny.narrative.outline import Heading, Named, Outline
from scrutiny.narrative.pandoc_ast import OTHER, VALUE, Node, Parsed, code_of, plain
from scrutiny.narrative.stray_markup import unreadable

PARTLY = frozenset(attributes.CONDITIONS)
_PLACES = {"embed": PARTLY | {"callout"}, "include": frozenset[str](), "pagebreak": PARTLY}
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-+*]|\d+[.)])[ \t]+)?(?:`{3,}|~{3,})")


def outline(parsed: Parsed, files: Collection[str]) -> Outline:
    """Walk through a file of narrative as pandoc reads it.

    Parameters
    ----------
    files : collection of str
        Files of the workspace that may be pictured.

    Returns
    -------
    Outline
        With everything of it that is not among what `docs/authoring.md` lists.
    """
    walk = _Walk(parsed, files)
    walk.messages()
    walk.blocks(parsed.blocks, frozenset())
    walk.outline.problems += unreadable(parsed.text)
    return walk.outline


class _Walk(InlineWalk):
    """Visits blocks; `inside` names what they stand in."""

    def messages(self) -> None:
        """Take over what pandoc warned of."""
        for said in self.parsed.messages:
            line = said.get("line", 1)
            match said["type"]:
                case "DuplicateNoteReference":
                    what = f"the footnote {said['contents']} is defined twice"
                    self.tell(what, "give one of the two another name", line)
                case "NoteDefinedButNotUsed":
                    name = said["key"]
                    instead = f"write [^{name}] where it belongs, or take it out"
                    self.tell(f"the footnote {name} is never used", instead, line)
                case "UnclosedDiv":
                    line = said["openpos"]["line"]
                    shown = self.parsed.line_text(line).strip(" \t>:")
                    self.tell(f"the block {shown} is not closed", "close it with ::: on a line of its own", line)
                case "Metadata":
                    self.tell(f"a block of metadata {NOT_LISTED}", "take it out", line)
                case "DuplicateIdentifier":
                    pass  # told with both places
                case _:
                    self.tell(str(said.get("pretty", said["type"])), "mend the line", line)

    def blocks(self, blocks: Sequence[Node], inside: frozenset[str]) -> None:
        for block in blocks:
            self._block(block, inside)

    def _block(self, block: Node, inside: frozenset[str]) -> None:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                number = code_of(block)
                if number is not None:
                    self._placed(number, inside)
                else:
                    self.parsed.seek(plain(content))
                    self.text(content, inside, at_start="cell" not in inside)
            case "Header":
                self._header(inside, *content)
            case "BulletList" | "OrderedList":
                if block["t"] == "OrderedList" and content[0][1]["t"] not in ("Decimal", "DefaultStyle"):
                    self.tell("a list without numbers " + NOT_LISTED, "number it 1. 2. 3.")
                for item in content if block["t"] == "BulletList" else content[1]:
                    self.blocks(item, inside | {"list"})
            case "DefinitionList":
                for term, definitions in content:
                    self.parsed.seek(plain(term))
                    self.text(term, inside)
                    for definition in definitions:
                        self.blocks(definition, inside | {"list"})
            case "BlockQuote":
                self.blocks(content, inside | {"quotation"})
            case "CodeBlock":
                self._code_block(*content)
            case "RawBlock":
                self.parsed.seek(content[1], before=r"[ \t>]*[<\\]?")
                self.raw(*content)
            case "Table":
                self._table(content, inside)
            case "Figure":
                self._figure(content, inside)
            case "Div":
                self._div(inside, *content)
            case "LineBlock":
                self.parsed.seek(plain(content[0]))
                self.tell(f"a block of lines {NOT_LISTED}", "write a list, or paragraphs")
            case "HorizontalRule":
                # One of hyphens is told with the other rows of them.
                if rule := self.parsed.has(r"^[ \t>]*([*_])([ \t]*\1){2,}[ \t]*$"):
                    self.tell(f"a rule across the page {NOT_LISTED}", "use a heading", rule[0])
            case kind:
                self.tell(f"{kind} {NOT_LISTED}", "write it as that page has it")

    def _placed(self, number: int, inside: frozenset[str]) -> None:
        """Note a shortcode that stands for a block."""
        code = self.parsed.codes[number]
        if others := inside - _PLACES[code.name]:
            self.tell(
                f"{code.name} stands inside a {min(others)}", "put it outside, blank lines around it", code.line
            )
        elif code.name == "embed" and code.arguments:
            label = code.arguments[0].partition("#")[2]
            self.outline.labels.append(Named(label, code.line, bool(inside & PARTLY)))
        elif code.name == "include":
            self.outline.parts.append(code)

    def _header(
        self, inside: frozenset[str], level: int, attr: Attr, content: list[Node], *, title: bool = False
    ) -> None:
        name, classes, _ = attr
        words = plain(content)
        line = self.parsed.seek(words, before=rf"[ \t>]*(?:[-+*]|\d+[.)])?[ \t]*#{{{level}}}[ \t]+")
        written = self.parsed.line_text(line)
        own = re.search(rf"#{re.escape(name)}(?=[\s}}])", written) is not None
        self.text(content, inside | {"heading"})
        if not written.lstrip(" \t>-+*0123456789.)").startswith("#"):
            self.tell(f"an underlined heading {NOT_LISTED}", "write it with #")
        if not words.strip():
            self.tell("the heading is empty", "write its text, or take it out")
        self.tell_all(attributes.heading(level, attr))
        if title:
            if own:
                self.tell(f"the title of a callout has no id, and not #{name}", "take the id out")
            return
        if others := inside - PARTLY:
            where = f"a {min(others)} that does not open it" if "callout" in others else "a list or quotation"
            where = where if others & {"callout", "list", "quotation"} else f"a block of the kind {min(others)}"
            self.tell(f"a heading inside {where} {NOT_LISTED}", "put the heading outside")
            return
        if re.search(f"[{VALUE}{OTHER}]", words) and not own:
            instead = "end the line with an id, such as {#sec-recorded-crime}"
            self.tell("a heading with a value in it needs an id of its own", instead)
        if own:
            self.outline.labels.append(Named(name, line, bool(inside & PARTLY)))
        self.outline.parts.append(Heading(level, name, own, "unnumbered" not in classes, line))

    def _code_block(self, attr: Attr, text: str) -> None:
        self.parsed.seek(text)
        first = text.partition("\n")[0].strip()
        if not any(
            _FENCE.match(one) and other.strip(" \t>") == first
            for one, other in pairwise(self.parsed.text.split("\n"))
        ):
            instead = "begin the line at the margin, or below the text of its list's item; code is fenced with ```"
            self.tell("text that is set in by four blanks or more is printed as code", instead)
        self.code(attr, text, "block of code")

    def _table(self, content: list[Any], inside: frozenset[str]) -> None:
        attr, (_, caption), _, head, bodies, foot = content
        rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
        cells = [cell[4] for row in rows for cell in row[1]]
        texts = (plain(block["c"]) for cell in cells for block in cell if block["t"] in ("Plain", "Para"))
        self.parsed.seek(next(filter(None, texts), ""), before=r"[ \t>]*\|?[ \t*:]*")
        start = self.parsed.mark()
        self.tell_all(attributes.captioned("table", attr, bool(caption), "block" in inside), ": ")
        for cell in cells:
            self.blocks(cell, inside | {"cell"})
            self.parsed.go(start)
        self.blocks(caption, inside | {"cell"})
        self.parsed.go(start)
        self._label(attr[0], inside)

    def _figure(self, content: list[Any], inside: frozenset[str]) -> None:
        attr, (_, caption), blocks = content
        self.parsed.seek(plain(caption[0]["c"]) if caption else "", before=r"[^\w\n]*!\[[^\w\n]*")
        self.tell_all(attributes.captioned("picture", attr, bool(caption), "block" in inside))
        self._label(attr[0], inside)
        for block in caption:
            self.text(block["c"], inside | {"cell"})
        for block in blocks:
            for inline in block["c"]:
                self.image(*inline["c"])

    def _label(self, name: str, inside: frozenset[str]) -> None:
        if name:
            self.outline.labels.append(Named(name, self.parsed.line(f"#{name}"), bool(inside & PARTLY)))

    def _div(self, inside: frozenset[str], attr: Attr, content: list[Node]) -> None:
        name, classes, _ = attr
        self.parsed.seek("", before=rf"[ \t>]*(?:[-+*][ \t]+)?:{{3,}}[^\n]*{re.escape(name or (*classes, '')[0])}")
        start = self.parsed.line()
        self.tell_all(attributes.block(attr, content))
        kind = "block" if attributes.is_float(name) else (*classes, "block")[0]
        for _, text in attr[2]:
            self.attribute(text, start)
        self._label(name, inside)
        if kind.startswith("callout-"):
            kind = "callout"
            if content and content[0]["t"] == "Header":
                self._header(inside, *content[0]["c"], title=True)
                content = content[1:]
        self.blocks(content, inside | {kind})
