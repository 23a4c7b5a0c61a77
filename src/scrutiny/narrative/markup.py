"""Markup of narrative that the two engines or the three formats would not show alike."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import pairwise

from scrutiny.narrative import attributes
from scrutiny.narrative.attributes import LANDSCAPE, NOT_LISTED
from scrutiny.narrative.inlines import InlineChecks
from scrutiny.narrative.outline import Columns, Heading, Named, Outline, Table
from scrutiny.narrative.pandoc_ast import STAND_INS, Node, Parsed, parts, plain
from scrutiny.narrative.stray_markup import stray_in_source
from scrutiny.narrative.syntax import ALONE
from scrutiny.narrative.tables import columns_of

PARTLY = frozenset(attributes.CONDITIONS)
_PLACES = {"embed": PARTLY | {"callout", LANDSCAPE}, "include": frozenset[str](), "pagebreak": PARTLY}
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-+*]|\d+[.)])[ \t]+)?(?:`{3,}|~{3,})")


def outline(parsed: Parsed, files: Collection[str]) -> Outline:
    """Outline a file of narrative, and find everything in it that `docs/reference/authoring.md` does not list.

    `files` are those of the workspace that may be pictured.
    """
    checks = _BlockChecks(parsed, files)
    checks.messages()
    checks.visit(parsed.blocks)
    found = checks.outline
    # A shortcode inside a piece of markup stands for itself.
    found.problems = [
        (STAND_INS.sub("…", what), line, STAND_INS.sub("…", instead))
        for what, line, instead in (*found.problems, *stray_in_source(parsed.text))
    ]
    return found


class _BlockChecks(InlineChecks):
    """Visits blocks, and what stands in them."""

    def messages(self) -> None:
        """Note pandoc's warnings."""
        for message in self.parsed.messages:
            line = message.get("line", 1)
            match message["type"]:
                case "DuplicateNoteReference":
                    what = f"the footnote {message['contents']} is defined twice"
                    self.report(what, "give one of the two another name", line)
                case "NoteDefinedButNotUsed":
                    name = message["key"]
                    instead = f"write [^{name}] where it belongs, or take it out"
                    self.report(f"the footnote {name} is never used", instead, line)
                case "UnclosedDiv":
                    line = message["openpos"]["line"]
                    shown = self.parsed.line_text(line).strip(" \t>:")
                    self.report(f"the block {shown} is not closed", "close it with ::: on a line of its own", line)
                case "Metadata":
                    self.report(f"a block of metadata {NOT_LISTED}", "take it out", line)
                case "DuplicateIdentifier":
                    pass  # reported with both places
                case _:
                    self.report(str(message.get("pretty", message["type"])), "mend the line", line)

    def _visit_para(self, node: Node) -> None:
        code = self.parsed.block_code(node)
        if code is None:
            self.parsed.seek(plain(node["c"]))
            self.text(node["c"], at_start=node["t"] != "Term" and "cell" not in self.inside)
        elif others := self.inside - _PLACES[code.name]:
            what = f"{code.name} stands inside a {min(others)}"
            self.report(what, "put it outside, blank lines around it", code.line)
        elif code.name == "embed" and code.argument:
            self._label(code.argument.partition("#")[2], code.line)
            self.outline.tables.append(self._table(code.argument, code.line))
        elif code.name == "include":
            self.outline.parts.append(code)

    _visit_plain = _visit_term = _visit_para

    def _visit_header(self, node: Node) -> None:
        name, own, line = self._heading(node)
        if others := self.inside - PARTLY - {LANDSCAPE}:
            where = f"a {min(others)} that does not open it" if "callout" in others else "a list or quotation"
            where = where if others & {"callout", "list", "quotation"} else f"a block of the kind {min(others)}"
            self.report(f"a heading inside {where} {NOT_LISTED}", "put the heading outside")
            return
        level, (_, classes, _), content = node["c"]
        codes = self.parsed.codes_in(plain(content)).values()
        if any(code.name not in ALONE for code in codes) and not own:
            instead = "end the line with an id, such as {#sec-recorded-crime}"
            self.report("a heading with a value in it needs an id of its own", instead)
        if own:
            self._label(name, line)
        self.outline.parts.append(Heading(level, name, own, "unnumbered" not in classes, line))

    def _heading(self, node: Node) -> tuple[str, bool, int]:
        """Visit the text of a heading or title; give its id, whether that is written there, and its line."""
        level, attr, content = node["c"]
        words = plain(content)
        line = self.parsed.seek(words, before=rf"[ \t>]*(?:[-+*]|\d+[.)])?[ \t]*#{{{level}}}[ \t]+")
        written = self.parsed.line_text(line)
        with self.within("heading"):
            self.text(content)
        if not written.lstrip(" \t>-+*0123456789.)").startswith("#"):
            self.report(f"an underlined heading {NOT_LISTED}", "write it with #")
        if not words.strip():
            self.report("the heading is empty", "write its text, or take it out")
        self.report_all(attributes.heading(level, attr))
        return attr[0], re.search(rf"#{re.escape(attr[0])}(?=[\s}}])", written) is not None, line

    def _visit_bulletlist(self, node: Node) -> None:
        if node["t"] == "OrderedList" and node["c"][0][1]["t"] not in ("Decimal", "DefaultStyle"):
            self.report("a list without numbers " + NOT_LISTED, "number it 1. 2. 3.")
        with self.within("list"):
            self.visit_parts(node)

    _visit_orderedlist = _visit_definitionlist = _visit_bulletlist

    def _visit_blockquote(self, node: Node) -> None:
        with self.within("quotation"):
            self.visit_parts(node)

    def _visit_codeblock(self, node: Node) -> None:
        attr, text = node["c"]
        self.parsed.seek(text)
        first = text.partition("\n")[0].strip()
        lines = self.parsed.text.split("\n")
        if not any(_FENCE.match(one) and other.strip(" \t>") == first for one, other in pairwise(lines)):
            instead = "begin the line at the margin, or below the text of its list's item; code is fenced with ```"
            self.report("text that is set in by four blanks or more is printed as code", instead)
        self.code(attr, text, "block of code")

    def _visit_rawblock(self, node: Node) -> None:
        self.parsed.seek(node["c"][1], before=r"[ \t>]*[<\\]?")
        self.raw(node)

    def _visit_table(self, node: Node) -> None:
        attr, (_, caption), *_ = node["c"]
        cells = parts(node)[:-1]
        texts = (plain(block["c"]) for cell in cells for block in cell if block["t"] in ("Plain", "Para"))
        self.parsed.seek(next(filter(None, texts), ""), before=r"[ \t>]*\|?[ \t*:]*")
        start = self.parsed.at
        self.report_all(attributes.captioned("table", attr, bool(caption), "block" in self.inside), ": ")
        with self.within("cell"):
            for part in (*cells, caption):
                self.visit(part)
                self.parsed.at = start
        if LANDSCAPE in attr[1]:
            self._lies_across(self.parsed.line())
        table = self._table(attr[0], self.parsed.line(), columns_of(node, self.parsed.codes_in))
        self.outline.tables.append(replace(table, across=table.across or LANDSCAPE in attr[1]))
        self._label(attr[0])

    def _table(self, name: str, line: int, columns: Columns = ()) -> Table:
        set_in = bool(self.inside & {"callout", "list", "quotation"})
        return Table(name, line, columns, LANDSCAPE in self.inside, set_in)

    def _lies_across(self, line: int) -> None:
        """Check where something of the class `landscape` stands."""
        if others := self.inside - PARTLY:
            what = f"a landscape page inside a {min(others)} {NOT_LISTED}"
            instead = "one .landscape is enough: take this one out"
            self.report(what, instead if LANDSCAPE in others else "put it outside, blank lines around it", line)

    def _visit_figure(self, node: Node) -> None:
        attr, (_, caption), blocks = node["c"]
        self.parsed.seek(plain(caption[0]["c"]) if caption else "", before=r"[^\w\n]*!\[[^\w\n]*")
        self.report_all(attributes.captioned("picture", attr, bool(caption), "block" in self.inside))
        self._label(attr[0])
        with self.within("cell"):
            for block in caption:
                self.text(block["c"])
        for block in blocks:
            for inline in block["c"]:
                self.picture(inline)

    def _visit_div(self, node: Node) -> None:
        attr, content = node["c"]
        name, classes, pairs = attr
        self.parsed.seek("", before=rf"[ \t>]*(?:[-+*][ \t]+)?:{{3,}}[^\n]*{re.escape(name or (*classes, '')[0])}")
        start = self.parsed.line()
        self.report_all(attributes.block(attr, content))
        kind = "block" if attributes.is_float(name) else (*classes, "block")[0]
        if LANDSCAPE in classes:
            self._lies_across(start)
        for _, text in pairs:
            self.attribute(text, start)
        self._label(name)
        if kind.startswith("callout-"):
            kind = "callout"
            if content and content[0]["t"] == "Header":
                title, *content = content
                name, own, _ = self._heading(title)
                if own:
                    self.report(f"the title of a callout has no id, and not #{name}", "take the id out")
        with self.within(kind), self.within(LANDSCAPE if LANDSCAPE in classes else kind):
            self.visit(content)

    def _visit_lineblock(self, node: Node) -> None:
        self.parsed.seek(plain(node["c"][0]))
        self.report(f"a block of lines {NOT_LISTED}", "write a list, or paragraphs")

    def _visit_horizontalrule(self, _: Node) -> None:
        # A rule of hyphens is reported with other rows of them.
        if rule := self.parsed.has(r"^[ \t>]*([*_])([ \t]*\1){2,}[ \t]*$"):
            self.report(f"a rule across the page {NOT_LISTED}", "use a heading", rule[0])

    def _label(self, name: str, line: int | None = None) -> None:
        if name:
            line = line or self.parsed.line(f"#{name}")
            self.outline.labels.append(Named(name, line, bool(self.inside & PARTLY)))
