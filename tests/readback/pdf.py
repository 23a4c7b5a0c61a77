"""A PDF read back: its structure tree with pikepdf, what is painted with pdfplumber."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pdfplumber
import pikepdf
from fixtures.once import once_for_all

from readback.document import ANNEX, OF_THE_PROGRAM, Document, tidy
from scrutiny.files import file_digest

Char = dict[str, Any]

_REFERENCE = re.compile(r"((Figure|Table|Section) )?\d+(\.\d+)*")
_FOOTNOTES = ("Note", "FENote")


class Mark(NamedTuple):
    """A sequence of marked content: its page, from 0, and its id there."""

    page: int
    mcid: int


@dataclass
class Element:
    kind: str
    alt: str | None = None
    parents: tuple[str, ...] = ()
    content: list[Element | Mark] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Give this element and those in it, in reading order."""
        yield self
        for part in self.content:
            if isinstance(part, Element):
                yield from part.walk()

    def of_kind(self, *kinds: str) -> list[Element]:
        return [element for element in self.walk() if element.kind in kinds]

    def marks(self, *, footnotes: bool = False) -> list[Mark]:
        """Give the marked content in reading order; a footnote is read, but stands elsewhere."""
        found: list[Mark] = []
        for part in self.content:
            if isinstance(part, Mark):
                found.append(part)
            elif footnotes or part.kind not in _FOOTNOTES:
                found += part.marks(footnotes=footnotes)
        return found

    def pages(self) -> set[int]:
        return {mark.page for mark in self.marks()}


class Pdf:
    """A PDF, opened twice: for what it says it is and for what is seen."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = pikepdf.open(path)
        self._pages = {page.objgen: at for at, page in enumerate(self.file.pages)}
        self._painted = pdfplumber.open(path)

    @cached_property
    def pages(self) -> list[pdfplumber.page.Page]:
        pages = list(self._painted.pages)

        def read(folder: Path) -> None:
            objects = [page.objects for page in pages]
            for image in (image for of_page in objects for image in of_page.get("image", [])):
                # Holds the open file.
                del image["stream"]
            (folder / "objects").write_bytes(pickle.dumps(objects))

        # Reading what is painted on the pages of a report takes seconds.
        kept = once_for_all(f"painted-{file_digest(self.path)}", read)
        for page, objects in zip(pages, pickle.loads((kept / "objects").read_bytes()), strict=True):
            page._objects = objects
        return pages

    @cached_property
    def tree(self) -> Element:
        root = Element("Root")
        self._read(self.file.Root.StructTreeRoot.K, root, None)
        return root

    def _read(self, node: Any, into: Element, page: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for part in node:
                self._read(part, into, page)
        elif not isinstance(node, pikepdf.Dictionary):
            into.content.append(Mark(self._pages[page.objgen], int(node)))
        elif "/S" in node:
            alt = str(node.Alt) if "/Alt" in node else None
            element = Element(str(node.S)[1:], alt, (*into.parents, into.kind))
            into.content.append(element)
            if "/K" in node:
                self._read(node.K, element, node.get("/Pg", page))
        elif node.get("/Type") == "/MCR":
            into.content.append(Mark(self._pages[node.get("/Pg", page).objgen], int(node.MCID)))

    @cached_property
    def _chars(self) -> dict[Mark, list[Char]]:
        found: dict[Mark, list[Char]] = {}
        for at, page in enumerate(self.pages):
            for char in page.chars:
                if char.get("mcid") is not None:
                    found.setdefault(Mark(at, char["mcid"]), []).append(char)
        return found

    def chars(self, element: Element) -> list[Char]:
        return [char for mark in element.marks() for char in self._chars.get(mark, [])]

    def text(self, element: Element) -> str:
        pieces: list[str] = []
        before: Char | None = None
        for char in self.chars(element):
            if before is not None and _apart(before, char):
                pieces.append(" ")
            pieces.append(char["text"])
            before = char
        return tidy("".join(pieces))

    def painted(self, page: int) -> list[int]:
        """Give the ids of the marked content of a page in the order they are painted."""
        found = []
        for operands, operator in pikepdf.parse_content_stream(self.file.pages[page]):
            if str(operator) == "BDC" and isinstance(operands[1], pikepdf.Dictionary) and "/MCID" in operands[1]:
                found.append(int(operands[1].MCID))
        return found

    def headings(self) -> list[Element]:
        return [element for element in self.tree.walk() if re.fullmatch(r"H\d", element.kind)]

    def tables(self) -> list[Element]:
        """Give the tables but for those of the program itself."""
        tables = self.tree.of_kind("Table")
        return [table for table in tables if self.text(self.rows(table)[0][0]) not in OF_THE_PROGRAM]

    def listed(self) -> list[Element]:
        """Give the headings that the contents and bookmarks list: the parts of the annex are not among them."""
        headings = self.headings()
        titles = [self.text(heading) for heading in headings]
        return headings[: titles.index(ANNEX) + 1] if ANNEX in titles else headings

    def rows(self, table: Element) -> list[list[Element]]:
        return [row.of_kind("TH", "TD") for row in table.of_kind("TR")]


def _apart(before: Char, after: Char) -> bool:
    same_line = abs(before["top"] - after["top"]) < before["size"] * 0.6
    return not same_line or after["x0"] - before["x1"] > before["size"] * 0.2


def read_pdf(path: Path) -> Document:
    pdf = Pdf(path)
    document = Document()
    for heading in pdf.headings():
        if pdf.text(heading) != "Contents":
            document.add_heading(int(heading.kind[1]), pdf.text(heading))
    for table in pdf.tree.of_kind("Table"):
        document.tables.append([[pdf.text(cell) for cell in row] for row in pdf.rows(table)])
    for caption in pdf.tree.of_kind("Caption"):
        document.add_caption(pdf.text(caption))
    document.alternative_texts = [figure.alt for figure in pdf.tree.of_kind("Figure")]
    for link in pdf.tree.of_kind("Link"):
        if not {"TOC", "Lbl"} & set(link.parents) and _REFERENCE.fullmatch(pdf.text(link)):
            document.references.append(pdf.text(link))
    document.text = pdf.text(pdf.tree)
    return document
