"""Text and pictures read back from PDF, Word and HTML, everything that stands there."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from scrutiny.review.verify.passages import Passage

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TOP = "before the first heading"
_INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u"}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NO_TEXT = {"script", "style"}
_HEADING = re.compile(r"h[1-6]")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,(?P<content>.*)", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """A picture in a document.

    Parameters
    ----------
    alternative : str
        Its alternative text, white space as single blanks.
    total : str
        SHA-256 of its bytes; empty if it is not in the document.
    """

    place: str
    alternative: str
    total: str


@dataclass(frozen=True)
class Read:
    """What was read from a document."""

    passages: list[Passage]
    pictures: list[Picture]


class Unreadable(Exception):
    """A document that cannot be read; says why."""


def read_document(path: Path) -> Read:
    """Read a document of one of the three formats.

    Raises
    ------
    Unreadable
        If it is damaged.
    """
    reader: Callable[[Path], Read] = {".pdf": _read_pdf, ".docx": _read_word, ".html": _read_html}[path.suffix]
    try:
        return reader(path)
    except Unreadable:
        raise
    except (OSError, ValueError, LookupError, RuntimeError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise Unreadable(f"it cannot be read: {error}") from None


def _read_pdf(path: Path) -> Read:
    # Imported late: only this format needs it.
    from scrutiny.review.verify.pdf import lines_of

    return Read([Passage(f"page {number}", line) for number, line in lines_of(path)], [])


def _read_word(path: Path) -> Read:
    passages: list[Passage] = []
    pictures: list[Picture] = []
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"word/[a-z]+[0-9]*\.xml", name)]
        # Running text first, then headers, footers, footnotes and comments.
        for name in sorted(names, key=lambda one: (one != "word/document.xml", one)):
            root = ElementTree.fromstring(archive.read(name))
            place = _TOP if name == "word/document.xml" else PurePosixPath(name).stem
            targets = _targets(archive, name)
            for paragraph in root.iter(f"{_W}p"):
                text = "".join(_runs(paragraph))
                style = paragraph.find(f"{_W}pPr/{_W}pStyle")
                if style is not None and style.get(f"{_W}val", "").startswith("Heading") and text.strip():
                    place = f"under {_blanks(text)}"
                if text.strip():
                    passages.append(Passage(place, text))
                pictures += _pictures(paragraph, place, archive, targets)
    return Read(passages, pictures)


def _runs(paragraph: ElementTree.Element) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag in (f"{_W}t", f"{_W}delText", f"{_W}instrText"):
            yield element.text or ""
        elif element.tag in (f"{_W}tab", f"{_W}br"):
            yield " "


def _targets(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    part = PurePosixPath(name)
    relations = str(part.parent / "_rels" / f"{part.name}.rels")
    if relations not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read(relations))
    return {one.get("Id", ""): str(part.parent / one.get("Target", "")) for one in root}


def _pictures(
    paragraph: ElementTree.Element, place: str, archive: zipfile.ZipFile, targets: dict[str, str]
) -> Iterator[Picture]:
    for kind in ("inline", "anchor"):
        for drawing in paragraph.iter(f"{_DRAWING}{kind}"):
            told = drawing.find(f"{_DRAWING}docPr")
            alternative = "" if told is None else told.get("descr", "")
            for blip in drawing.iter(f"{_A}blip"):
                target = targets.get(blip.get(f"{_RELATED}embed", ""), "")
                content = archive.read(target) if target in archive.namelist() else b""
                yield Picture(place, _blanks(alternative), hashlib.sha256(content).hexdigest() if content else "")


def _read_html(path: Path) -> Read:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    page.close()
    page.end_passage()
    return Read(page.passages, page.pictures)


class _Page(HTMLParser):
    """Gathers what an HTML page says, block by block, hidden blocks included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self.pictures: list[Picture] = []
        self._text: list[str] = []
        self._place = _TOP
        self._silent = 0
        self._heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NO_TEXT:
            self._silent += 1
        if tag not in _INLINE:
            self.end_passage()
        self._heading = self._heading or bool(_HEADING.fullmatch(tag))
        told = {name: value or "" for name, value in attrs}
        if tag == "img":
            found = _DATA.match(told.get("src", ""))
            self.pictures.append(
                Picture(
                    self._place, _blanks(told.get("alt", "")), _sum_of_base64(found["content"]) if found else ""
                )
            )
        self._text += [f" [{told[name]}] " for name in ("alt", "title", "aria-label") if told.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag in _NO_TEXT and self._silent:
            self._silent -= 1
        if tag not in _INLINE and tag not in _VOID:
            self.end_passage()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text.append(data)

    def end_passage(self) -> None:
        """Begin a new passage."""
        text = _blanks("".join(self._text))
        self._text.clear()
        if text:
            if self._heading:
                self._place = f"under {text}"
            self.passages.append(Passage(self._place, text))
        if text or not self._heading:
            self._heading = False


def _sum_of_base64(content: str) -> str:
    try:
        return hashlib.sha256(base64.b64decode(content)).hexdigest()
    except binascii.Error:
        return ""


def _blanks(text: str) -> str:
    return " ".join(text.split())
