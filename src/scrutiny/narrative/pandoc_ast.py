"""Narrative as pandoc reads it, file by file, and where what it read stands in the source."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pypandoc

from scrutiny.narrative.syntax import (
    ALONE,
    READER,
    VALUE_CLASS,
    Shortcode,
    blank,
    line_at,
    replace_shortcodes,
    shortcodes,
    split_front_matter,
    without_code,
)

# Characters of Unicode's private use, which mean nothing in Markdown, stand for what pandoc is not to read.
VALUE, ESCAPED, APART = "\ue001", "\ue003", "\ue004"
CODES = "\U00100000-\U0010fffd"
"""For a regular expression: the first of them stands for the first shortcode, and so on."""
STAND_INS = re.compile(f"[\ue001-\ue004{CODES}]")
_FIRST_CODE = ord(CODES[0])
_ESCAPE = re.compile(r"\\[!-,/:-@\[\]^`{-~]")
_WORDS_SOUGHT = 6
_BEFORE_TEXT = r"[^\w\n]*(?:\d+[.)][ ])?"
_PROCESSES = 2
_TAB = 4
"""Pandoc's own width of a tab, for which its program, but not its library, puts blanks."""

# Each file is read by itself, so that what one leaves open takes nothing from the next.
_READ_EACH = f"""
local files = {{}}
for number, text in ipairs(pandoc.json.decode(io.read("a"), false)) do
  local messages, document = pandoc.log.silence(pandoc.read, text, "{READER}")
  if next(document.meta) then
    table.insert(messages, 1, {{ type = "Metadata" }})
  end
  local encoded = table.concat(pandoc.List.map(messages, pandoc.json.encode), ",")
  files[number] = "[" .. pandoc.write(document, "json") .. ",[" .. encoded .. "]]"
end
io.write("[", table.concat(files, ","), "]")
"""

Node = dict[str, Any]
"""A block or inline, by https://hackage.haskell.org/package/pandoc-types."""
WHITE_SPACE = {"Space": " ", "SoftBreak": "\n", "LineBreak": "\n"}


@dataclass
class Parsed:
    """A file of narrative as pandoc reads it.

    Parameters
    ----------
    blocks : list of Node
        Stand-ins take the place of escaped characters and of shortcodes: of `codes`, by their number in `CODES`.
    messages : list of dict
        Pandoc's warnings.
    text : str
        What it read, line for line that of the source.
    at : int
        Offset of the element sought last.
    """

    blocks: list[Node]
    messages: list[dict[str, Any]]
    text: str
    codes: Sequence[Shortcode]
    at: int = field(default=0, init=False)

    def seek(self, words: str, before: str = "") -> int:
        """Go to the first words of an element, as `plain` gives them; give their line, or that of the last found.

        `before` is a regular expression for what stands before them on the line.
        """
        words = re.sub(VALUE_CLASS, "", words)
        sought = re.findall(rf"[^\W_]+|[{CODES}]", words.lstrip(APART).partition(APART)[0])[:_WORDS_SOUGHT]
        if sought or before:
            needle = r"[\W_]*?".join(map(re.escape, sought))
            for pattern in (rf"^{before or _BEFORE_TEXT}{needle}", rf"(?<!\w){needle}"):
                if found := self.has(pattern):
                    self.at = found.start()
                    if not re.search(rf"[\w{CODES}]", words.partition("\n")[0]):
                        self.at = self.text.rfind("\n", 0, max(self.at - 1, 0)) + 1
                    break
        return self.line()

    def line(self, literal: str | None = None) -> int:
        """Give the line of the element sought last, or of what stands literally in it or below it."""
        found = self.text.find(literal, self.at) if literal else -1
        return line_at(self.text, found if found >= 0 else self.at)

    def has(self, pattern: str) -> re.Match[str] | None:
        """Find a regular expression in the source, from the element sought last."""
        return re.compile(pattern, re.MULTILINE).search(self.text, self.at)

    def codes_in(self, text: str) -> dict[int, Shortcode]:
        """Give the shortcodes of a text by their offsets."""
        found = re.finditer(f"[{CODES}]", text)
        return {code.start(): self.codes[ord(code[0]) - _FIRST_CODE] for code in found}

    def block_code(self, block: Node) -> Shortcode | None:
        """Give the shortcode that stands for a block in place of a paragraph, if one does."""
        text = plain(block["c"]) if block["t"] == "Para" else ""
        code = self.codes_in(text).get(0)
        return code if code and code.name in ALONE and len(text) == 1 else None

    def line_text(self, line: int) -> str:
        """Give a line of what was read."""
        return self.text.split("\n")[line - 1]


def parse(texts: Mapping[str, str]) -> dict[str, Parsed]:
    """Let pandoc read files of narrative, each by itself; values are wrapped as in the workspace."""
    bodies = {name: _body(text) for name, text in texts.items()}
    neutral = {name: _neutral(body) for name, body in bodies.items()}
    shares = [dict(list(neutral.items())[start::_PROCESSES]) for start in range(_PROCESSES)]
    with ThreadPoolExecutor(_PROCESSES) as pool:
        read = {name: one for share in pool.map(read_each, shares) for name, one in share.items()}
    return {
        name: Parsed(
            read[name][0]["blocks"],
            read[name][1],
            re.sub(VALUE_CLASS, lambda found: blank(found[0]), neutral[name]),
            shortcodes(bodies[name]),
        )
        for name in texts
    }


def read_each(texts: Mapping[str, str]) -> dict[str, Any]:
    """Give pandoc's document and messages for each text, as it stands."""
    if not texts:
        return {}
    command = [pypandoc.get_pandoc_path(), "lua", "-e", _READ_EACH]
    content = json.dumps([text.expandtabs(_TAB) for text in texts.values()]).encode()
    ran = subprocess.run(command, input=content, capture_output=True, check=True)
    return dict(zip(texts, json.loads(ran.stdout), strict=True))


def _body(text: str) -> str:
    _, lines, body = split_front_matter(text)
    return STAND_INS.sub("\N{REPLACEMENT CHARACTER}", "\n" * lines + body)


def _neutral(text: str) -> str:
    """Put stand-ins for shortcodes and escaped characters."""
    codes = shortcodes(text)

    def stand_in(code: Shortcode) -> str:
        return chr(_FIRST_CODE + codes.index(code)) + text.count("\n", code.start, code.end) * "\n"

    text = re.sub(VALUE_CLASS, "{.value in=text}", replace_shortcodes(text, stand_in))
    outside = without_code(text)
    return _ESCAPE.sub(lambda found: ESCAPED if outside[found.start()] == "\\" else found[0], text)


def parts(node: Node) -> list[list[Node]]:
    """Give the lists of nodes that a node holds, in the order in which they are read.

    The terms of a definition list and the lines of a block of lines are nodes of their own: "Term", "Line".
    """
    content: Any = node.get("c")
    match node["t"]:
        case "Para" | "Plain" | "Term" | "Line" | "BlockQuote" | "Note":
            return [content]
        case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript" | "Underline" | "SmallCaps":
            return [content]
        case "Quoted" | "Cite" | "Span" | "Link" | "Image" | "Div":
            return [content[1]]
        case "Header":
            return [content[2]]
        case "BulletList":
            return list(content)
        case "OrderedList":
            return list(content[1])
        case "LineBlock":
            return [[{"t": "Line", "c": line}] for line in content]
        case "DefinitionList":
            return [one for term, texts in content for one in ([{"t": "Term", "c": term}], *texts)]
        case "Table":
            _, (_, caption), _, head, bodies, foot = content
            rows = [*head[1], *(row for body in bodies for row in (*body[2], *body[3])), *foot[1]]
            return [*(cell[4] for row in rows for cell in row[1]), caption]
        case "Figure":
            return [content[1][1], content[2]]
    return []


class Visitor:
    """Visits pandoc's tree in reading order: a "Para" by the method `_visit_para`, or, without one, its parts."""

    def visit(self, nodes: Iterable[Node]) -> None:
        """Visit nodes one after the other."""
        for node in nodes:
            getattr(self, f"_visit_{node['t'].lower()}", self.visit_parts)(node)

    def visit_parts(self, node: Node) -> None:
        """Visit what a node holds."""
        for part in parts(node):
            self.visit(part)


def plain(inlines: Sequence[Node]) -> str:
    """Give the text of inlines line by line; what does not stand there literally begins with `APART`."""
    return "".join(_plain(inline) for inline in inlines)


def _plain(inline: Node) -> str:
    kind = inline["t"]
    if kind == "Str":
        return str(inline["c"])
    if kind in WHITE_SPACE:
        return WHITE_SPACE[kind]
    within = "" if kind == "Note" else "".join(map(plain, parts(inline)))
    return within if kind in ("Quoted", "Cite") else APART + within


def is_value(inline: Node) -> bool:
    """Whether an inline is a value, wrapped as the workspace has it."""
    is_span = inline["t"] == "Span" and "value" in inline["c"][0][1]
    return is_span and re.fullmatch(f"[{CODES}]", plain(inline["c"][1])) is not None
