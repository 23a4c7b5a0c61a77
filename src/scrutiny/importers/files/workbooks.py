"""Tables of cells from a user's files: CSV, XLSX and ODS, gzipped, in folders and in zip archives."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import SourceName, check_archive, source_files
from scrutiny.importers.files.cells import CellValue, Flaw, SourceTable, is_empty, require_columns, visible
from scrutiny.importers.files.csv import LARGEST_TABLE, read_csv
from scrutiny.suggest import nearest

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Flaws = dict[tuple[int, int], Flaw]
"""Row and column, counted from 0, and what is wrong with the cell."""
MOST_CELLS = 20_000_000
"""Cells that a sheet may span, because a reader allocates all of them."""
_NO_VALUE = Flaw(
    "this formula has no stored value",
    "open the workbook in Excel or LibreOffice and save it, or replace the formula with its value",
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_Found = tuple[str, int, int, Flaw | None]
"""Sheet, row and column of a cell, and what is wrong with it."""

CSV = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
LARGEST_WORKBOOK = 2**30
"""Bytes of a workbook once unpacked, because it is read whole."""
_WORKBOOK_ENDING = " or ".join(WORKBOOKS[::2])


def read_tables(paths: Sequence[Path], sheet: str | None = None) -> Iterator[SourceTable]:
    """Read all tables of the files, folders and archives that a user named.

    Of a workbook only the sheet named is read, or all that are not hidden. Raises WrongUse or WrongInput at the
    first file that is missing, cannot be read, or is not safe; the others are no use without it.
    """
    for source in source_files(paths, [*CSV, *WORKBOOKS]):
        with source.open() as stream:
            content = stream.read(LARGEST_TABLE + 1)
        if not content:
            raise WrongInput(Problem("this file is empty", Location(source.name), "export it again"))
        if source.suffix in WORKBOOKS:
            yield from _sheets(content, source.name, sheet)
        else:
            yield read_csv(content, source.name)


def _sheets(content: bytes, name: SourceName, sheet: str | None) -> Iterator[SourceTable]:
    import python_calamine as calamine

    place = Location(name)
    if not content.startswith(b"PK"):
        what = f"this is not a workbook, although its name ends in {Path(name).suffix}"
        raise WrongInput(Problem(what, place, f"open it, and save it as {_WORKBOOK_ENDING}"))
    check_archive(io.BytesIO(content), place, LARGEST_WORKBOOK)
    is_ods = name.lower().removesuffix(".gz").endswith(".ods")
    # Opening an ODS file reads all its sheets.
    flaws = _scan(content, place, _ods_cells) if is_ods else {}
    try:
        with calamine.load_workbook(io.BytesIO(content)) as workbook:
            for found in _sheet_names(workbook, place, sheet):
                if not is_ods:
                    flaws = _scan(content, place, partial(_xlsx_cells, sheet=found))
                yield _sheet(workbook, name.with_sheet(visible(found)), found, flaws.get(found, {}))
    except calamine.PasswordError:
        what = "this workbook has a password"
        raise WrongInput(Problem(what, place, "save it without one")) from None
    except calamine.CalamineError as error:
        what = f"this workbook is damaged ({error})"
        raise WrongInput(Problem(what, place, "open it, and save it again")) from None


def _sheet_names(workbook: CalamineWorkbook, place: Location, sheet: str | None) -> list[str]:
    import python_calamine as calamine

    if sheet is None:
        return [
            one.name
            for one in workbook.sheets_metadata
            if one.visible == calamine.SheetVisibleEnum.Visible and one.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    wanted = " ".join(sheet.split()).casefold()
    for name in workbook.sheet_names:
        if " ".join(name.split()).casefold() == wanted:
            return [name]
    what = f"the workbook has no sheet {sheet!r}"
    raise WrongInput(Problem(what, place, nearest(sheet, workbook.sheet_names)))


def _sheet(workbook: CalamineWorkbook, name: str, sheet: str, flaws: Flaws) -> SourceTable:
    found = workbook.get_sheet_by_name(sheet)
    rows: list[list[CellValue]] = [[_cell(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
    for (row, column), flaw in flaws.items():
        rows.extend([] for _ in range(row + 1 - len(rows)))
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = flaw
    filled = [(row, cells) for row, cells in enumerate(rows, 1) if not all(map(is_empty, cells))]
    return SourceTable(name, filled, visible(sheet), found.merged_cell_ranges or ())


def _cell(cell: CellValue) -> CellValue:
    """Give whole numbers as integers, though all numbers of a workbook are floats, and days as dates."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return cell


def _scan(
    content: bytes, place: Location, cells: Callable[[zipfile.ZipFile], Iterator[_Found]]
) -> dict[str, Flaws]:
    """Find the flaws of sheets; raises WrongInput if one is too large to be read, or damaged."""
    extents: dict[str, tuple[int, int]] = {}
    flaws: dict[str, Flaws] = defaultdict(dict)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for sheet, row, column, flaw in cells(archive):
                height, width = extents.get(sheet, (0, 0))
                extents[sheet] = max(height, row + 1), max(width, column + 1)
                if flaw:
                    flaws[sheet][row, column] = flaw
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, ValueError):
        raise WrongInput(Problem("this workbook is damaged", place, "open it, and save it again")) from None
    for sheet, (height, width) in extents.items():
        of_sheet = Location(f"{place}, sheet {visible(sheet)}")
        require_columns(width, of_sheet)
        if height * width > MOST_CELLS:
            what = f"this sheet extends to row {height:,} with {width:,} columns"
            raise WrongInput(Problem(what, of_sheet, "delete what is far below the table"))
    return flaws


def _error(shown: str) -> Flaw:
    return Flaw(f"this cell has the error {shown}", "correct the formula in the workbook, and save it")


def _xlsx_cells(archive: zipfile.ZipFile, sheet: str) -> Iterator[_Found]:
    """Give the cells of a sheet that have a value or a flaw."""
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
                    yield sheet, row, column, _error(value.text or "" if value is not None else "")
                elif formula is not None and element.get("t") != "str" and (value is None or not value.text):
                    yield sheet, row, column, _NO_VALUE
                elif value is not None:
                    yield sheet, row, column, None
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


def _ods_cells(archive: zipfile.ZipFile) -> Iterator[_Found]:
    """Give the last of each run of equal cells that have a value, and each flaw, of all sheets."""
    sheet, row = "", 0
    with archive.open("content.xml") as part:
        for event, element in ElementTree.iterparse(part, ("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                sheet, row = element.get(f"{_TABLE}name", ""), 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", 1))
                for last_row, column, flaw in _ods_row(element, row, repeated):
                    yield sheet, last_row, column, flaw
                row += repeated
                element.clear()


def _ods_row(element: ElementTree.Element, row: int, repeated: int) -> Iterator[tuple[int, int, Flaw | None]]:
    column = 0
    for cell in element:
        times = int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        kind = cell.get(f"{_OFFICE}value-type")
        if cell.get(f"{_CALC}value-type") == "error":
            yield row, column, _error("".join(cell.itertext()))
        elif kind is None and cell.get(f"{_TABLE}formula"):
            yield row, column, _NO_VALUE
        if kind is not None:
            yield row + repeated - 1, column + times - 1, None
        column += times
