"""Narrative as pandoc reads it, file by file, with the place of what it read in the source."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypandoc

from scrutiny.narrative.syntax import (
    ALONE,
    READER,
    Shortcode,
    replace_shortcodes,
    shortcodes,
    split_front_matter,
    without_code,
)

# What cannot mean anything in Markdown stands for what is not to be read: of Unicode's private use.
BLOCK, VALUE, OTHER, ESCAPED, APART = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
STAND_INS = re.compile(r"[\ue000-\ue004]")
_ESCAPE = re.compile(r"\\[!-,/:-@\[\]^`{-~]")
_WRAP = re.compile(r"\{\.value\b[^{}]*\}")
_WORDS_SOUGHT = 6
_BEFORE_TEXT = r"[^\w\n]*(?:\d+[.)][ ])?"
_PROCESSES = 2

# Each file is read by itself, so that what one leaves open takes nothing from the next.
_READ_EACH = f"""
function Reader(sources)
  local files, said = pandoc.Blocks({{}}), {{}}
  for _, source in ipairs(sources) do
    local messages, doc = pandoc.log.silence(pandoc.read, source.text, "{READER}")
    if next(doc.meta) then
      table.insert(messages, 1, {{ type = "Metadata" }})
    end
    files:insert(pandoc.Div(doc.blocks))
    said[#said + 1] = "[" .. table.concat(pandoc.List.map(messages, pandoc.json.encode), ",") .. "]"
  end
  return pandoc.Pandoc(files, {{ said = pandoc.List.map(said, pandoc.MetaString) }})
end
"""

Node = dict[str, Any]


@dataclass
class Parsed:
    """A file of narrative as pandoc reads it.

    Parameters
    ----------
    blocks : list of dict
        Pandoc's, by https://hackage.haskell.org/package/pandoc-types. Stand-ins take the place of shortcodes
        and of escaped characters: `BLOCK` with a number is one of `codes`, `VALUE` a value.
    messages : list of dict
        What pandoc warned of.
    text : str
        What it read, line for line that of the source.
    """

    blocks: list[Node]
    messages: list[dict[str, Any]]
    text: str
    codes: list[Shortcode]
    _at: int = field(default=0, init=False)

    def seek(self, words: str, before: str = "") -> int:
        """Go to the first words of an element; give their line, or that of the last one found.

        Parameters
        ----------
        words : str
            As `plain` gives them.
        before : str
            Regular expression for what stands before them on the line.
        """
        words = _WRAP.sub("", words)
        sought = re.findall(r"[^\W_]+", words.lstrip(APART).partition(APART)[0])[:_WORDS_SOUGHT]
        if sought or before:
            needle = r"[\W_]*?".join(map(re.escape, sought))
            for pattern in (rf"^{before or _BEFORE_TEXT}{needle}", rf"(?<!\w){needle}"):
                found = re.compile(pattern, re.MULTILINE).search(self.text, self._at)
                if found:
                    self._at = found.start()
                    if not re.search(r"\w", words.partition("\n")[0]):
                        self._at = self.text.rfind("\n", 0, max(self._at - 1, 0)) + 1
                    break
        return self.line()

    def line(self, literal: str | None = None) -> int:
        """Give the line of the element sought last, or of what stands literally in it or below it."""
        found = self.text.find(literal, self._at) if literal else -1
        return self.text.count("\n", 0, found if found >= 0 else self._at) + 1

    def mark(self) -> int:
        """Give the place of the element sought last, to `go` back to."""
        return self._at

    def go(self, mark: int) -> None:
        """Go back, from what stands elsewhere in the source."""
        self._at = mark

    def has(self, pattern: str) -> re.Match[str] | None:
        """Find a regular expression in the source, from the element sought last."""
        return re.compile(pattern, re.MULTILINE).search(self.text, self._at)

    def line_text(self, line: int) -> str:
        """Give a line of what was read."""
        return self.text.split("\n")[line - 1]


def parse(texts: Mapping[str, str]) -> dict[str, Parsed]:
    """Let pandoc read files of narrative, each by itself.

    Parameters
    ----------
    texts : mapping of str to str
        Name of a file and its text, the values wrapped as in the workspace.
    """
    bodies = {name: _body(text) for name, text in texts.items()}
    codes = {name: shortcodes(body) for name, body in bodies.items()}
    neutral = {name: _neutral(body, codes[name]) for name, body in bodies.items()}
    names = list(texts)
    parts = [names[start::_PROCESSES] for start in range(_PROCESSES)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        read = [
            pool.submit(_read, [neutral[name] for name in part], Path(folder, str(n)))
            for n, part in enumerate(parts)
        ]
        results = {
            name: result
            for part, future in zip(parts, read, strict=True)
            for name, result in zip(part, future.result(), strict=True)
        }
    return {
        name: Parsed(*results[name], _WRAP.sub(lambda found: " " * len(found[0]), neutral[name]), codes[name])
        for name in names
    }


def _read(texts: Sequence[str], folder: Path) -> list[tuple[list[Node], list[dict[str, Any]]]]:
    if not texts:
        return []
    folder.mkdir()
    (folder / "reader.lua").write_text(_READ_EACH, encoding="utf-8")
    paths = [folder / str(position) for position in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    # Named from the folder: where the locale is C, pandoc does not find what lies in one like /tmp/ü.
    names = [path.name for path in paths]
    command = [pypandoc.get_pandoc_path(), "--from", "reader.lua", "--to", "json", *names]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    document = json.loads(ran.stdout)
    said = [json.loads(messages["c"]) for messages in document["meta"]["said"]["c"]]
    return [(file["c"][1], messages) for file, messages in zip(document["blocks"], said, strict=True)]


def _body(text: str) -> str:
    _, lines, body = split_front_matter(text)
    return STAND_INS.sub("\N{REPLACEMENT CHARACTER}", "\n" * lines + body)


def _neutral(text: str, codes: Sequence[Shortcode]) -> str:
    """Put stand-ins for shortcodes and escaped characters."""
    numbers = {code.start: number for number, code in enumerate(codes)}

    def stand_in(code: Shortcode) -> str:
        lines = text.count("\n", code.start, code.end) * "\n"
        if code.name in ALONE:
            return f"{BLOCK}{numbers[code.start]}{lines}"
        return (VALUE if code.name == "var" else OTHER) + lines

    text = _WRAP.sub("{.value in=text}", replace_shortcodes(text, stand_in))
    outside = without_code(text)
    return _ESCAPE.sub(lambda found: ESCAPED if outside[found.start()] == "\\" else found[0], text)


def plain(inlines: Sequence[Node]) -> str:
    """Give the text of inlines line by line; what does not stand there literally begins with `APART`."""
    pieces = []
    for inline in inlines:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        match kind:
            case "Str":
                pieces.append(content)
            case "Space":
                pieces.append(" ")
            case "SoftBreak" | "LineBreak":
                pieces.append("\n")
            case "Emph" | "Strong" | "Strikeout" | "Superscript" | "Subscript" | "Underline" | "SmallCaps":
                pieces += [APART, plain(content)]
            case "Quoted" | "Cite":
                pieces.append(plain(content[1]))
            case "Span" | "Link" | "Image":
                pieces += [APART, plain(content[1])]
            case _:
                pieces.append(APART)
    return "".join(pieces)


def is_value(inline: Node) -> bool:
    """Whether an inline is a value, wrapped as the workspace has it."""
    return inline["t"] == "Span" and "value" in inline["c"][0][1] and plain(inline["c"][1]) == VALUE


def code_of(block: Node) -> int | None:
    """Give the number of the shortcode that a paragraph consists of, if it does."""
    content = block["c"]
    if block["t"] == "Para" and len(content) == 1 and content[0]["t"] == "Str" and content[0]["c"][0] == BLOCK:
        number: str = content[0]["c"][1:]
        return int(number) if number.isdigit() else None
    return None
