"""What an XLSX file says of its cells beyond their values: formats, raised marks, errors, what is hidden."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO
from xml.etree import ElementTree

from scrutiny.importers.files.cells import CellValue, joined
from scrutiny.importers.files.number_formats import BUILT_IN, NumberFormat, parse_format
from scrutiny.importers.files.overlay import NO_VALUE, Overlay, error

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLAIN = NumberFormat()
_TRUE = ("1", "true")


@dataclass(frozen=True)
class _Book:
    """What all sheets have in common."""

    formats: Sequence[NumberFormat]
    """By the number of a style."""
    raised: Mapping[int, str]
    """Shared strings that have raised marks, by number."""


def read_overlay(archive: zipfile.ZipFile, sheet: str) -> dict[str, Overlay]:
    """Read what a sheet says of its cells; KeyError if a part of the file is missing."""
    root = next((name for name in _targets(archive, "_rels/.rels").values() if "workbook" in name), "")
    folder, file = posixpath.split(root)
    targets = _targets(archive, f"{folder}/_rels/{file}.rels", folder)
    workbook = ElementTree.fromstring(archive.read(root))
    part, overlay = None, Overlay()
    for element in workbook.iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            part = next((targets[value] for key, value in element.items() if key.endswith("}id")), None)
        elif element.tag.endswith("}workbookPr"):
            overlay.from_1904 = element.get("date1904") in _TRUE
    if part is None:
        raise KeyError(sheet)
    book = _Book(_formats(archive, targets), _raised(archive, targets))
    with archive.open(part) as stream:
        _read_sheet(stream, book, overlay)
    return {sheet: overlay}


def _read_sheet(stream: IO[bytes], book: _Book, overlay: Overlay) -> None:
    row = column = -1
    for event, element in ElementTree.iterparse(stream, ("start", "end")):
        name = element.tag.rpartition("}")[2]
        if event == "start" and name == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
            if _is_hidden(element, "ht"):
                overlay.hide_rows(row)
        elif event == "start" and name == "c":
            column = _column(element.get("r")) if element.get("r") else column + 1
        elif event == "start" and name == "col" and _is_hidden(element, "width"):
            overlay.hide_columns(int(element.get("min", 1)) - 1, int(element.get("max", 1)) - 1)
        elif event == "end" and name == "c":
            filled, cell = _cell(element, book)
            if filled:
                overlay.add(row, column, cell)
        elif event == "end" and name == "row":
            element.clear()


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    return element.get("hidden") in _TRUE or float(element.get(size, 1)) == 0


def _cell(element: ElementTree.Element, book: _Book) -> tuple[bool, CellValue | None]:
    """Tell whether a cell has a value or a flaw, and what is to stand in place of the bare value."""
    formula = value = None
    for child in element:
        tag = child.tag.rpartition("}")[2]
        formula = child if tag == "f" else formula
        value = child if tag in ("v", "is") else value
    kind, text = element.get("t", "n"), (value.text or "") if value is not None else ""
    if kind == "e":
        return True, error(text)
    if formula is not None and kind != "str" and not text:
        return True, NO_VALUE
    if value is None:
        return False, None
    if kind == "s":
        return True, book.raised.get(int(text))
    if kind == "inlineStr":
        return True, _with_marks(value)
    return True, _number(text, int(element.get("s", 0)), book) if kind == "n" else None


def _number(text: str, style: int, book: _Book) -> CellValue | None:
    form = book.formats[style] if style < len(book.formats) else _PLAIN
    if form is _PLAIN:
        return None
    try:
        return form.read(Decimal(text))
    except InvalidOperation:
        return None


def _formats(archive: zipfile.ZipFile, targets: Mapping[str, str]) -> list[NumberFormat]:
    part = next((name for name in targets.values() if name.endswith("styles.xml")), None)
    if part not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read(str(part)))
    codes = dict(BUILT_IN)
    styles: list[int] = []
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name == "numFmt" and element.get("numFmtId"):
            codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
        elif name == "cellXfs":
            styles = [int(style.get("numFmtId", 0)) for style in element]
    known = {number: parse_format(codes[number]) for number in set(styles) & set(codes)}
    formats = {number: _PLAIN if form == _PLAIN else form for number, form in known.items()}
    return [formats.get(number, _PLAIN) for number in styles]


def _raised(archive: zipfile.ZipFile, targets: Mapping[str, str]) -> dict[int, str]:
    part = next((name for name in targets.values() if name.endswith("sharedStrings.xml")), None)
    if part not in archive.namelist():
        return {}
    content = archive.read(str(part))
    if b"vertAlign" not in content:
        return {}
    items = [item for item in ElementTree.fromstring(content) if item.tag.endswith("}si")]
    texts = ((number, _with_marks(item)) for number, item in enumerate(items))
    return {number: text for number, text in texts if text is not None}


def _with_marks(item: ElementTree.Element) -> str | None:
    """Give a rich text with its raised marks set apart; None if it has none."""
    runs: list[tuple[str, str]] = []
    for run in item:
        if run.tag.endswith("}r"):
            text, place = "", ""
            for element in run.iter():
                name = element.tag.rpartition("}")[2]
                if name == "vertAlign":
                    place = element.get("val", "")
                elif name == "t":
                    text += element.text or ""
            runs.append((text, place if place in ("superscript", "subscript") else ""))
    return joined(runs) if any(place for _, place in runs) else None


def _column(reference: str | None) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _targets(archive: zipfile.ZipFile, part: str, folder: str = "") -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read(part.lstrip("/")))
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        for relation in relations
    }
