from __future__ import annotations

import re
import zipfile
from pathlib import Path

from lxml import etree

from readback.document import OF_THE_PROGRAM, Document, tidy

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
NAMESPACES = {"w": W[1:-1], "wp": WP[1:-1]}


def word_part(path: Path, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


class Word:
    """A Word document's body and styles, for what goes beyond what it says."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = word_part(path)
        self.styles = {
            style.get(f"{W}styleId"): style for style in word_part(path, "word/styles.xml").iterfind(f"{W}style")
        }
        # But for those of the program itself.
        self.tables = [
            table
            for table in self.root.iter(f"{W}tbl")
            if paragraph_text(next(table.iter(f"{W}p"))) not in OF_THE_PROGRAM
        ]
        self.blocks = list(self.root.iter(f"{W}p", f"{W}tbl"))

    def style(self, paragraph: etree._Element) -> str:
        """Name the style of a paragraph."""
        found = paragraph.find(f"{W}pPr/{W}pStyle")
        return "" if found is None else self.name(found.get(f"{W}val"))

    def name(self, style_id: str) -> str:
        return self.styles[style_id].find(f"{W}name").get(f"{W}val")

    def inherited(self, style_id: str, path: str) -> etree._Element | None:
        """Find a property of a style, in itself or in what it is based on."""
        style: etree._Element | None = self.styles[style_id]
        while style is not None:
            found = style.find(path, NAMESPACES)
            if found is not None:
                return found
            base = style.find(f"{W}basedOn")
            style = None if base is None else self.styles[base.get(f"{W}val")]
        return None

    def is_on(self, paragraph: etree._Element, name: str) -> bool:
        """Say whether a paragraph's style switches a property on."""
        found = self.inherited(paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), f"w:pPr/w:{name}")
        return found is not None and found.get(f"{W}val") != "0"

    def is_right_aligned(self, paragraph: etree._Element) -> bool:
        found = self.inherited(paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), "w:pPr/w:jc")
        return found is not None and found.get(f"{W}val") == "right"

    def beside(self, element: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
        """Give the paragraphs or tables before and after one; a table's own cells are passed over."""
        inside = {id(inner) for inner in element.iter()}
        others = [block for block in self.blocks if block is element or id(block) not in inside]
        at = others.index(element)
        return (others[at - 1] if at else None), (others[at + 1] if at + 1 < len(others) else None)


def style_names(path: Path) -> dict[str, str]:
    styles = word_part(path, "word/styles.xml")
    return {
        style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val") for style in styles.iterfind(f"{W}style")
    }


def paragraph_text(paragraph: etree._Element) -> str:
    pieces = []
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        # Long words have places to break at.
        pieces.append((node.text or "").replace("\u200b", "") if node.tag == f"{W}t" else " ")
    return tidy("".join(pieces))


def read_word(path: Path) -> Document:
    root = word_part(path)
    names = style_names(path)
    document = Document()
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = names.get(style.get(f"{W}val"), "") if style is not None else ""
        if heading := re.fullmatch(r"heading (\d)", name, re.IGNORECASE):
            document.add_heading(int(heading[1]), paragraph_text(paragraph))
        elif "caption" in name.lower():
            document.add_caption(paragraph_text(paragraph))
    for table in root.iter(f"{W}tbl"):
        document.tables.append(
            [
                [" ".join(map(paragraph_text, cell.iter(f"{W}p"))) for cell in row.iterfind(f"{W}tc")]
                for row in table.iterfind(f"{W}tr")
            ]
        )
    document.alternative_texts = [drawing.get("descr") for drawing in root.iter(f"{WP}docPr")]
    for link in root.iter(f"{W}hyperlink"):
        if any(
            paragraph_text(next(table.iter(f"{W}p"))) == OF_THE_PROGRAM[1]
            for table in link.iterancestors(f"{W}tbl")
        ):
            continue
        if re.match(r"(fig|tbl|sec)-", link.get(f"{W}anchor") or "") and not _in_contents(link, names):
            document.references.append(paragraph_text(link))
    document.text = tidy(" ".join(paragraph_text(paragraph) for paragraph in root.iter(f"{W}p")))
    return document


def _in_contents(link: etree._Element, names: dict[str, str]) -> bool:
    style = link.getparent().find(f"{W}pPr/{W}pStyle")
    return style is not None and names.get(style.get(f"{W}val"), "").lower().startswith("toc")
