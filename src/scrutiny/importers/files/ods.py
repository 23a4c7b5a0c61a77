"""What an ODS file says of its cells beyond their values: formats, raised marks, errors, what is hidden."""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from xml.etree import ElementTree

from scrutiny.importers.files.cells import CellValue, Flaw, joined
from scrutiny.importers.files.number_formats import SCALED, form_of_text, percentage, time_cell
from scrutiny.importers.files.overlay import NO_VALUE, Overlay, error

_NAMES = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT, _STYLE = (_NAMES % name for name in ("table", "office", "text", "style"))
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DURATION = re.compile(
    r"(?P<minus>-?)P(?:(?P<days>[0-9]+)D)?(?:T(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+(?:[.,][0-9]+)?)S)?)?"
)
_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_FAR = 50  # times what is shown: it is shown in thousands
_LENGTHS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def read_overlays(archive: zipfile.ZipFile) -> dict[str, Overlay]:
    """Read what each sheet says of its cells, by its name; KeyError if a part of the file is missing."""
    raised: dict[str, str] = {}
    if "styles.xml" in archive.namelist():
        raised |= _raised(ElementTree.fromstring(archive.read("styles.xml")))
    overlays: defaultdict[str, Overlay] = defaultdict(Overlay)
    sheet, row, column = "", 0, 0
    with archive.open("content.xml") as part:
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                sheet, row, column = element.get(f"{_TABLE}name", ""), 0, 0
            elif event == "end" and element.tag == f"{_OFFICE}automatic-styles":
                raised |= _raised(element)
            elif event == "start" and element.tag == f"{_TABLE}table-column":
                times = int(element.get(f"{_TABLE}number-columns-repeated", 1))
                if _is_hidden(element):
                    overlays[sheet].hide_columns(column, column + times - 1)
                column += times
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                times = int(element.get(f"{_TABLE}number-rows-repeated", 1))
                if _is_hidden(element):
                    overlays[sheet].hide_rows(row, times)
                _read_row(element, row, times, raised, overlays[sheet])
                row += times
                element.clear()
    return dict(overlays)


def _is_hidden(element: ElementTree.Element) -> bool:
    return element.get(f"{_TABLE}visibility") in ("collapse", "filter")


def _read_row(element: ElementTree.Element, row: int, rows: int, raised: dict[str, str], overlay: Overlay) -> None:
    column = 0
    for cell in element:
        columns = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        kind = cell.get(f"{_OFFICE}value-type")
        flaw: Flaw | None = None
        if cell.get(f"{_CALC}value-type") == "error":
            flaw = error("".join(cell.itertext()))
        elif kind is None and cell.get(f"{_TABLE}formula"):
            flaw = NO_VALUE
        if flaw or kind is not None:
            overlay.add(row, column, flaw or _cell(cell, str(kind), raised), rows=rows, columns=columns)
        column += columns


def _cell(cell: ElementTree.Element, kind: str, raised: dict[str, str]) -> CellValue | None:
    """Give what is to stand in place of the bare value of a cell; None if the value is enough."""
    if kind == "string":
        runs = list(_runs(cell, raised))
        return joined(runs) if any(place for _, place in runs) else None
    shown = "".join(text for text, _ in _runs(cell, raised)).strip()
    if kind == "time":
        seconds = _seconds(cell.get(f"{_OFFICE}time-value", ""))
        return seconds if isinstance(seconds, Flaw) else time_cell(seconds, form_of_text(shown, seconds))
    if kind == "percentage":
        return percentage(Decimal(cell.get(f"{_OFFICE}value", "")) * 100)
    if kind in ("float", "currency"):
        number = Decimal(cell.get(f"{_OFFICE}value", ""))
        if shown.endswith("%"):
            return percentage(number)
        if (found := _NUMBER.search(shown)) and 0 < Decimal(found[0].replace(",", "")) * _FAR < abs(number):
            return SCALED
    return None


def _seconds(text: str) -> Decimal | Flaw:
    found = _DURATION.fullmatch(text)
    if not found:
        return Flaw(f"{text!r} is not a time", "open the workbook in LibreOffice and save it")
    parts = (Decimal((found[name] or "0").replace(",", ".")) * length for name, length in _LENGTHS.items())
    return round(sum(parts, Decimal(0)), 3) * (-1 if found["minus"] else 1)


def _raised(styles: ElementTree.Element) -> dict[str, str]:
    """Find the styles of text that raise or lower it."""
    found = {}
    for style in styles.iter(f"{_STYLE}style"):
        for properties in style.iter(f"{_STYLE}text-properties"):
            position = properties.get(f"{_STYLE}text-position", "").split(" ")[0]
            if position not in ("", "0%"):
                lowered = position.startswith(("sub", "-"))
                found[style.get(f"{_STYLE}name", "")] = "subscript" if lowered else "superscript"
    return found


def _runs(element: ElementTree.Element, raised: dict[str, str], place: str = "") -> Iterator[tuple[str, str]]:
    """Give the text of a cell, without comments, and whether each part is raised or lowered."""
    if element.tag.startswith(_TEXT) and element.text:
        yield element.text, place
    for number, child in enumerate(element):
        name = child.tag.removeprefix(_TEXT)
        if name == "p" and number and any(before.tag == child.tag for before in element[:number]):
            yield "\n", ""
        if name == "s":
            yield " " * int(child.get(f"{_TEXT}c", 1)), place
        elif name in ("tab", "line-break"):
            yield " ", place
        elif name == "note":
            yield "".join(child.findtext(f"{_TEXT}note-citation") or ""), "superscript"
        elif child.tag.startswith(_TEXT):
            yield from _runs(child, raised, raised.get(child.get(f"{_TEXT}style-name", ""), place))
        if element.tag.startswith(_TEXT) and child.tail:
            yield child.tail, place
