"""Tables of cells out of a user's files: CSV, XLSX and ODS, gzipped, in folders and in zip archives."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.files.archives import SourceFile, check_archive, source_files
from scrutiny.importers.files.cells import Cell, Table, is_empty, visible
from scrutiny.importers.files.csv import LARGEST_TABLE, read_csv
from scrutiny.importers.files.workbook_scan import Flaws, scan_ods, scan_xlsx
from scrutiny.yaml_models import nearest

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

CSV = (".csv", ".tsv", ".txt")
WORKBOOKS = (".xlsx", ".xlsm", ".ods")
LARGEST_WORKBOOK = 2**30
"""Bytes that a workbook may have when it is unpacked, because it is read whole."""
_WORKBOOK_ENDING = " or ".join(WORKBOOKS[::2])


def read_tables(paths: Sequence[Path], sheet: str | None = None) -> Iterator[Table]:
    """Read all tables of the files that a user named.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, archives.
    sheet : str, optional
        The sheet to read of a workbook; all that are not hidden without it.

    Raises
    ------
    WrongUse, WrongInput
        If a file is missing, cannot be read, or is not to be trusted; at the first, because what stands in
        the others is of use only together.
    """
    for source in source_files(paths, [*CSV, *WORKBOOKS]):
        yield from tables_of(source, sheet)


def tables_of(source: SourceFile, sheet: str | None = None) -> Iterator[Table]:
    """Read the tables of one file; see `read_tables`."""
    with source.open() as stream:
        content = stream.read(LARGEST_TABLE + 1)
    if not content:
        raise WrongInput(Problem("this file is empty", Place(source.name), "export it again"))
    if source.suffix in WORKBOOKS:
        yield from _sheets(content, source.name, sheet)
    else:
        yield read_csv(content, source.name)


def _sheets(content: bytes, name: str, sheet: str | None) -> Iterator[Table]:
    import python_calamine as calamine

    place = Place(name)
    if not content.startswith(b"PK"):
        what = f"this is no workbook, though its name ends in {Path(name).suffix}"
        raise WrongInput(Problem(what, place, f"open it, and save it as {_WORKBOOK_ENDING}"))
    check_archive(io.BytesIO(content), place, LARGEST_WORKBOOK)
    flaws = scan_ods(io.BytesIO(content), place) if name.lower().removesuffix(".gz").endswith(".ods") else None
    try:
        with calamine.load_workbook(io.BytesIO(content)) as workbook:
            for found in _chosen(workbook, place, sheet):
                shown = Place(f"{name}, sheet {visible(found)}")
                of_sheet = scan_xlsx(io.BytesIO(content), found, shown) if flaws is None else flaws.get(found, {})
                yield _sheet(workbook, str(shown), found, of_sheet)
    except calamine.PasswordError:
        what = "this workbook has a password"
        raise WrongInput(Problem(what, place, "save it without one")) from None
    except calamine.CalamineError as error:
        what = f"this workbook is damaged ({error})"
        raise WrongInput(Problem(what, place, "open it, and save it anew")) from None


def _chosen(workbook: CalamineWorkbook, place: Place, sheet: str | None) -> list[str]:
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


def _sheet(workbook: CalamineWorkbook, name: str, sheet: str, flaws: Flaws) -> Table:
    found = workbook.get_sheet_by_name(sheet)
    rows: list[tuple[int, list[Cell]]] = []
    for position, read in enumerate(found.to_python(skip_empty_area=False)):
        cells = [_cell(cell) for cell in read]
        rows.append((position + 1, cells))
    for (row, column), flaw in flaws.items():
        while len(rows) <= row:
            rows.append((len(rows) + 1, []))
        cells = rows[row][1]
        cells.extend([""] * (column + 1 - len(cells)))
        cells[column] = flaw
    filled = [(row, cells) for row, cells in rows if not all(is_empty(cell) for cell in cells)]
    return Table(name, filled, visible(sheet), found.merged_cell_ranges or ())


def _cell(cell: Cell) -> Cell:
    """Give whole numbers as such, and a day as a day; every number of a workbook is a float."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date()
    return cell
