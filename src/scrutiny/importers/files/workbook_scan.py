"""What a reader of workbooks does not tell: formulas without a value, errors, and stray cells far away."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.files.cells import Flaw, require_columns

Flaws = dict[tuple[int, int], Flaw]
"""Row and column, counted from 0, and what is wrong there."""

MOST_CELLS = 20_000_000
"""Cells that a sheet may span: a reader makes room for all between its corners."""

_UNWORKED = Flaw(
    "a formula stands here whose value the file does not have",
    "open the workbook in Excel or LibreOffice and save it, or put the value in the place of the formula",
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

_Found = tuple[int, int, Flaw | None]


def scan_xlsx(file: BinaryIO, sheet: str, place: Place) -> Flaws:
    """Go through a sheet of an XLSX file before it is read.

    Raises
    ------
    WrongInput
        If it spans more than a table does, or is damaged.
    """
    extent = _Extent()
    with _opened(file, place) as archive:
        for found in _xlsx_cells(archive, sheet):
            extent.add(*found)
    return extent.judged(place)


def scan_ods(file: BinaryIO, place: Place) -> dict[str, Flaws]:
    """Go through all sheets of an ODS file before it is opened, because opening it reads them.

    Raises
    ------
    WrongInput
        If one spans more than a table does, or the file is damaged.
    """
    extents: dict[str, _Extent] = defaultdict(_Extent)
    with _opened(file, place) as archive:
        for sheet, found in _ods_cells(archive):
            extents[sheet].add(*found)
    return {sheet: extent.judged(Place(f"{place}, sheet {sheet}")) for sheet, extent in extents.items()}


@contextmanager
def _opened(file: BinaryIO, place: Place) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, ValueError):
        raise WrongInput(Problem("this workbook is damaged", place, "open it, and save it anew")) from None


@dataclass
class _Extent:
    """How far a sheet reaches, and its flaws."""

    bottom: int = 0
    right: int = 0
    flaws: Flaws = field(default_factory=dict)

    def add(self, row: int, column: int, flaw: Flaw | None) -> None:
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        if flaw:
            self.flaws[row, column] = flaw

    def judged(self, place: Place) -> Flaws:
        """Give the flaws, or refuse what reaches too far."""
        require_columns(self.right + 1, place)
        if (self.bottom + 1) * (self.right + 1) > MOST_CELLS:
            what = f"this sheet reaches down to row {self.bottom + 1:,} with {self.right + 1:,} columns"
            raise WrongInput(Problem(what, place, "delete what stands far below the table"))
        return self.flaws


def _error(shown: str) -> Flaw:
    return Flaw(f"the error {shown} stands here", "mend the formula in the workbook, and save it")


def _xlsx_cells(archive: zipfile.ZipFile, sheet: str) -> Iterator[_Found]:
    """Give the cells that have a value or a flaw."""
    row = column = -1
    with archive.open(_xlsx_part(archive, sheet)) as part:
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            name = element.tag.rpartition("}")[2]
            if event == "start" and name == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
            elif event == "start" and name == "c":
                column = _column(element.get("r")) if element.get("r") else column + 1
            elif event == "end" and name == "c":
                formula = value = None
                for child in element:
                    tag = child.tag.rpartition("}")[2]
                    formula = child if tag == "f" else formula
                    value = child if tag in ("v", "is") else value
                if element.get("t") == "e":
                    yield row, column, _error(value.text or "" if value is not None else "")
                elif formula is not None and element.get("t") != "str" and (value is None or not value.text):
                    yield row, column, _UNWORKED
                elif value is not None:
                    yield row, column, None
            elif event == "end" and name == "row":
                element.clear()


def _column(reference: str | None) -> int:
    found = _REFERENCE.fullmatch(reference or "")
    if not found:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _xlsx_part(archive: zipfile.ZipFile, sheet: str) -> str:
    """Find the part of the archive that is a sheet; KeyError if there is none."""
    workbook = next((name for name in _targets(archive, "_rels/.rels").values() if "workbook" in name), "")
    folder, file = posixpath.split(workbook)
    targets = _targets(archive, f"{folder}/_rels/{file}.rels", folder)
    for element in ElementTree.fromstring(archive.read(workbook)).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            return next((targets[value] for key, value in element.items() if key.endswith("}id")), "")
    raise KeyError(sheet)


def _targets(archive: zipfile.ZipFile, part: str, folder: str = "") -> dict[str, str]:
    relations = ElementTree.fromstring(archive.read(part.lstrip("/")))
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
        for relation in relations
    }


def _ods_cells(archive: zipfile.ZipFile) -> Iterator[tuple[str, _Found]]:
    """Give the last of each run of equal cells that have a value, and each flaw, with their sheet."""
    sheet, row = "", 0
    with archive.open("content.xml") as part:
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                sheet, row = element.get(f"{_TABLE}name", ""), 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", 1))
                for found in _ods_row(element, row, repeated):
                    yield sheet, found
                row += repeated
                element.clear()


def _ods_row(element: ElementTree.Element, row: int, repeated: int) -> Iterator[_Found]:
    column = 0
    for cell in element:
        times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        kind = cell.get(f"{_OFFICE}value-type")
        if cell.get(f"{_CALC}value-type") == "error":
            yield row, column, _error("".join(cell.itertext()))
        elif kind is None and cell.get(f"{_TABLE}formula"):
            yield row, column, _UNWORKED
        if kind is not None:
            yield row + repeated - 1, column + times - 1, None
        column += times
