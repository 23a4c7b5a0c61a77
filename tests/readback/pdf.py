from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfplumber

from readback.document import Document, tidy

Node = dict[str, Any]

_REFERENCE = re.compile(r"((Figure|Table|Section) )?\d+(\.\d+)*")


class _Text:
    """The text of marked content, by page and id."""

    def __init__(self, pdf: pdfplumber.PDF) -> None:
        self._chars: dict[tuple[int, int], list[Node]] = {}
        for page in pdf.pages:
            for char in page.chars:
                if char.get("mcid") is not None:
                    self._chars.setdefault((page.page_number, char["mcid"]), []).append(char)

    def of(self, node: Node) -> str:
        pieces: list[str] = []
        before: Node | None = None
        for key in self._ids(node, None):
            for char in self._chars.get(key, []):
                if before is not None and self._apart(before, char):
                    pieces.append(" ")
                pieces.append(char["text"])
                before = char
        return tidy("".join(pieces))

    def _ids(self, node: Node, page: int | None) -> list[tuple[int, int]]:
        page = node.get("page_number", page)
        found: list[tuple[int, int]] = []
        for mcid in node.get("mcids", []):
            # pdfplumber drops the page of content that runs on to the next one, where ids begin again.
            here, before = found[-1] if found else (page, -1)
            found.append((here + (mcid < before), mcid))
        for child in node.get("children", []):
            if child["type"] not in ("Note", "FENote"):
                found += self._ids(child, page)
        return sorted(found)

    @staticmethod
    def _apart(before: Node, after: Node) -> bool:
        same_line = abs(before["top"] - after["top"]) < before["size"] * 0.6
        return not same_line or after["x0"] - before["x1"] > before["size"] * 0.2


def _walk(nodes: list[Node], inside: tuple[str, ...] = ()) -> Iterator[tuple[Node, tuple[str, ...]]]:
    for node in nodes:
        yield node, inside
        yield from _walk(node.get("children", []), (*inside, node["type"]))


def read_pdf(path: Path) -> Document:
    document = Document()
    with pdfplumber.open(path) as pdf:
        text = _Text(pdf)
        for node, inside in _walk(pdf.structure_tree):
            kind = node["type"]
            if re.fullmatch(r"H\d", kind):
                if text.of(node) != "Contents":
                    document.add_heading(int(kind[1]), text.of(node))
            elif kind == "Table":
                document.tables.append(
                    [
                        [text.of(cell) for cell, _ in _walk(row["children"]) if cell["type"] in ("TH", "TD")]
                        for row, _ in _walk(node["children"])
                        if row["type"] == "TR"
                    ]
                )
            elif kind == "Caption":
                document.add_caption(text.of(node))
            elif kind == "Figure":
                document.alternative_texts.append(node.get("alt_text"))
            elif kind == "Link" and not {"TOC", "Lbl"} & set(inside) and _REFERENCE.fullmatch(text.of(node)):
                document.references.append(text.of(node))
        document.text = tidy(" ".join(text.of(node) for node in pdf.structure_tree))
    return document
