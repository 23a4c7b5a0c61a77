"""PDF, Word and HTML documents read back: their text and pictures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import chain, zip_longest
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import pypdfium2  # type: ignore[import-untyped]

from scrutiny.review.compare import Excerpt

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TOP = "before the first heading"
_INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "u",
    "wbr",
}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NO_TEXT = {"script", "style"}
_HEADING = re.compile(r"h[1-6]")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(?P<content>.*)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A picture in a document; the SHA-256 digest is empty if the document does not hold its bytes."""

    place: str
    alternative: str
    digest: str


@dataclass(frozen=True)
class Document:
    """What a document says and shows; the pictures of a PDF are not read."""

    excerpts: list[Excerpt]
    pictures: list[Picture]


class Unreadable(Exception):
    """A document that cannot be read; says why."""


def read_document(path: Path) -> Document:
    """Read a document by its suffix."""
    read = {".pdf": _read_pdf, ".docx": _read_word, ".html": _read_html}[path.suffix]
    try:
        return read(path)
    except (OSError, ValueError, LookupError, RuntimeError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise Unreadable(f"it cannot be read: {error}") from None


def _read_pdf(path: Path) -> Document:
    with pypdfium2.PdfDocument(path) as pages:
        texts = [page.get_textpage().get_text_bounded() for page in pages]
    return Document(
        [
            Excerpt(f"page {number}", line)
            for number, text in enumerate(texts, start=1)
            for line in text.splitlines()
            if line.strip()
        ],
        [],
    )


def pages_that_differ(pdf: Path, other: Path) -> list[int]:
    """Give the numbers of the pages of two PDFs that look different."""
    with pypdfium2.PdfDocument(pdf) as pages, pypdfium2.PdfDocument(other) as others:
        return [
            number
            for number, both in enumerate(zip_longest(pages, others), start=1)
            if len({page and hashlib.sha256(page.render().buffer).digest() for page in both}) > 1
        ]


def has_picture(pdf: Path, number: int) -> bool:
    """Whether a page of a PDF, counted from 1, has a picture on it."""
    with pypdfium2.PdfDocument(pdf) as pages:
        return any(pages[number - 1].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))


def word_parts(path: Path) -> dict[str, bytes]:
    """Give the files in a Word document."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _read_word(path: Path) -> Document:
    document = Document([], [])
    parts = word_parts(path)
    names = [name for name in parts if re.fullmatch(r"word/[a-z]+[0-9]*\.xml", name)]
    # Running text first, then headers, footers, footnotes and comments.
    for name in sorted(names, key=lambda one: (one != "word/document.xml", one)):
        place = _TOP if name == "word/document.xml" else PurePosixPath(name).stem
        targets = _targets(parts, PurePosixPath(name))
        for paragraph in ElementTree.fromstring(parts[name]).iter(f"{_W}p"):
            text = "".join(_runs(paragraph))
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            if style is not None and style.get(f"{_W}val", "").startswith("Heading") and text.strip():
                place = f"under {_single_blanks(text)}"
            if text.strip():
                document.excerpts.append(Excerpt(place, text))
            for drawing in chain(paragraph.iter(f"{_DRAWING}inline"), paragraph.iter(f"{_DRAWING}anchor")):
                properties = drawing.find(f"{_DRAWING}docPr")
                alternative = "" if properties is None else _single_blanks(properties.get("descr", ""))
                for blip in drawing.iter(f"{_A}blip"):
                    content = parts.get(targets.get(blip.get(f"{_RELATED}embed", ""), ""))
                    digest = hashlib.sha256(content).hexdigest() if content else ""
                    document.pictures.append(Picture(place, alternative, digest))
    return document


def _runs(paragraph: ElementTree.Element) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag in (f"{_W}t", f"{_W}delText", f"{_W}instrText"):
            yield element.text or ""
        elif element.tag in (f"{_W}tab", f"{_W}br"):
            yield " "


def _targets(parts: dict[str, bytes], part: PurePosixPath) -> dict[str, str]:
    """Map the identifiers of the parts that a part of a Word document refers to, to their names."""
    relations = parts.get(f"{part.parent}/_rels/{part.name}.rels")
    if relations is None:
        return {}
    root = ElementTree.fromstring(relations)
    return {one.get("Id", ""): str(part.parent / one.get("Target", "")) for one in root}


def _read_html(path: Path) -> Document:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    page.end_excerpt()
    return page.document


class _Page(HTMLParser):
    """Collects the text of an HTML page, block by block, hidden blocks included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document([], [])
        self._text: list[str] = []
        self._place = _TOP
        self._silent = 0
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NO_TEXT:
            self._silent += 1
        if tag not in _INLINE:
            self.end_excerpt()
        self._in_heading = self._in_heading or bool(_HEADING.fullmatch(tag))
        attributes = {name: value for name, value in attrs if value}
        if tag == "img":
            embedded = _DATA.match(attributes.get("src", ""))
            digest = digest_of_base64(embedded["content"]) if embedded else ""
            self.document.pictures.append(Picture(self._place, _single_blanks(attributes.get("alt", "")), digest))
        shown = ("alt", "title", "aria-label")
        self._text += [f" [{attributes[name]}] " for name in shown if name in attributes]

    def handle_endtag(self, tag: str) -> None:
        if tag in _NO_TEXT and self._silent:
            self._silent -= 1
        if tag not in _INLINE and tag not in _VOID:
            self.end_excerpt()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def end_excerpt(self) -> None:
        """End the current excerpt; blocks without text make none."""
        text = _single_blanks("".join(self._text))
        self._text.clear()
        if text:
            if self._in_heading:
                self._place = f"under {text}"
            self.document.excerpts.append(Excerpt(self._place, text))
        if text or not self._in_heading:
            self._in_heading = False


def digest_of_base64(content: str) -> str:
    """Give the SHA-256 of what is encoded; empty if it is malformed."""
    try:
        return hashlib.sha256(base64.b64decode(content)).hexdigest()
    except binascii.Error:
        return ""


def _single_blanks(text: str) -> str:
    return " ".join(text.split())
