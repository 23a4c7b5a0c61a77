"""Tables of cells from a user's files: CSV, XLSX and ODS, gzipped, in folders and in zip archives."""

from __future__ import annotations

import datetime as dt
import io
import math
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.archives import Given, SourceName, check_archive, source_files
from scrutiny.importers.files.cells import CellValue, Flaw, Serial1904, SourceTable, is_empty, visible
from scrutiny.importers.files.csv import LARGEST_TABLE, read_csv
from scrutiny.importers.files.number_formats import time_cell
from scrutiny.importers.files.ods import read_overlays
from scrutiny.importers.files.overlay import Overlay
from scrutiny.importers.files.xlsx import read_overlay
from scrutiny.suggest import nearest

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_COVERED = Flaw("this cell is covered by a merged one, but has something in it", "unmerge the cells, and look")

CSV = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
LARGEST_WORKBOOK = 2**30
"""Bytes of a workbook once unpacked, because it is read whole."""
_WORKBOOK_ENDING = " or ".join(WORKBOOKS[::2])


def read_tables(given: Sequence[Given], sheet: str | None = None) -> Iterator[SourceTable]:
    """Read all tables of the files, folders and archives that a user named.

    Of a workbook only the sheet named is read, or all that are not hidden. Raises WrongUse or WrongInput at the
    first file that is missing, cannot be read, or is not safe; the others are no use without it.
    """
    for source in source_files(given, [*CSV, *WORKBOOKS]):
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
    overlays = _overlays(content, place, read_overlays) if is_ods else {}
    try:
        with calamine.load_workbook(io.BytesIO(content)) as workbook:
            notes = _hidden_sheets(workbook, name) if sheet is None else ()
            for found in _sheet_names(workbook, place, sheet):
                if not is_ods:
                    overlays = _overlays(content, place, partial(read_overlay, sheet=found))
                table = _sheet(workbook, name.with_sheet(visible(found)), found, overlays.get(found, Overlay()))
                yield replace(table, file_notes=notes)
                notes = ()
    except calamine.PasswordError:
        what = "this workbook has a password"
        raise WrongInput(Problem(what, place, "save it without one")) from None
    except calamine.CalamineError as error:
        what = f"this workbook is damaged ({error})"
        raise WrongInput(Problem(what, place, "open it, and save it again")) from None


def _hidden_sheets(workbook: CalamineWorkbook, name: str) -> tuple[str, ...]:
    import python_calamine as calamine

    hidden = [one.name for one in workbook.sheets_metadata if one.visible != calamine.SheetVisibleEnum.Visible]
    return (f"not read, because hidden in {name}: {', '.join(map(visible, hidden))}",) if hidden else ()


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


def _sheet(workbook: CalamineWorkbook, name: str, sheet: str, overlay: Overlay) -> SourceTable:
    found = workbook.get_sheet_by_name(sheet)
    values = found.to_python(skip_empty_area=False)
    rows = [[_cell(cell, from_1904=overlay.from_1904) for cell in row] for row in values]
    overlay.lay_over(rows)
    merged = found.merged_cell_ranges or ()
    _cover(rows, merged)
    filled = [(row, cells) for row, cells in enumerate(rows, 1) if not all(map(is_empty, cells))]
    hidden_rows, hidden_columns = overlay.hidden()
    hidden_rows &= {row for row, _ in filled}
    return SourceTable(name, filled, visible(sheet), merged, hidden_rows, hidden_columns)


def _cover(rows: list[list[CellValue]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Mark what is in cells that the sheet does not show, because they are merged with another."""
    for (top, left), (bottom, right) in merged:
        for row in range(top, min(bottom + 1, len(rows))):
            for column in range(left, min(right + 1, len(rows[row]))):
                if (row, column) != (top, left) and not is_empty(rows[row][column]):
                    rows[row][column] = _COVERED


def _cell(cell: str | float | bool | dt.date | dt.time | dt.timedelta, *, from_1904: bool) -> CellValue:
    """Give whole numbers as integers, though all numbers of a workbook are floats, and days as dates."""
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return Flaw("this cell has no number that can be read", "write the number, and save the workbook")
        return (Serial1904(cell) if from_1904 else int(cell)) if cell.is_integer() else cell
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    if isinstance(cell, dt.time):
        cell = dt.datetime.combine(dt.date.min, cell) - dt.datetime.min
    return time_cell(Decimal(str(cell.total_seconds())), None) if isinstance(cell, dt.timedelta) else cell


def _overlays(
    content: bytes, place: Location, read: Callable[[zipfile.ZipFile], dict[str, Overlay]]
) -> dict[str, Overlay]:
    """Read what sheets say of their cells; raises WrongInput if one is too large to be read, or damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            overlays = read(archive)
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error, ValueError, ArithmeticError):
        raise WrongInput(Problem("this workbook is damaged", place, "open it, and save it again")) from None
    for sheet, overlay in overlays.items():
        overlay.require_size(Location(f"{place}, sheet {visible(sheet)}"))
    return overlays
