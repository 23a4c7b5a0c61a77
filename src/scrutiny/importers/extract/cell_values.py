"""Cells of an extract as a mapping file defines them: what the columns of a dataset get."""

from __future__ import annotations

from decimal import Decimal
from string import ascii_uppercase

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.labels import letters, translated
from scrutiny.importers.extract.mapping import PERIOD, MappingFile
from scrutiny.importers.extract.parse import EMPTY, read_day, read_number, read_period
from scrutiny.importers.files.cells import CellError, CellValue, SourceTable, as_text, is_empty, plain
from scrutiny.importers.offer import period_cells

_SECONDS = {"minutes": 60}  # in the unit of a statistic that is a time; others are in seconds
_PLACES_OF_TIME = 4


def read_field(cell: CellValue, target: str, mapping: MappingFile) -> dict[str, str]:
    """Read a cell that is not a figure for a column of the dataset, or for ``period``; raises CellError."""
    if target == PERIOD and mapping.period is not None:
        return period_cells(read_period(cell, mapping.period, mapping.dates))
    if target in ("period_start", "period_end", "as_at"):
        return {target: read_day(cell, mapping.dates).isoformat()}
    if not is_empty(cell):
        return {target: translated(as_text(cell), target, mapping)}
    if target == "symbol":
        return {target: ""}
    raise CellError(*EMPTY)


def read_as_at(table: SourceTable, reference: str, mapping: MappingFile) -> str:
    """Read the day on which a whole table was drawn; raises WrongInput if the cell is not a day."""
    wanted = int(reference.lstrip(ascii_uppercase))
    cells = dict(table.rows).get(wanted, ())
    cell = next((cell for at, cell in enumerate(cells) if f"{letters(at)}{wanted}" == reference), "")
    try:
        return read_day(cell, mapping.dates).isoformat()
    except CellError as error:
        what = f"the date on which it was drawn: {error.message}"
        raise WrongInput(Problem(what, table.place(wanted, reference), error.hint)) from None


def absent(cell: CellValue, mapping: MappingFile) -> str | None:
    """Give the symbol for a cell that says that there is no figure; None for any other cell."""
    if not isinstance(cell, str):
        return None
    symbols = {plain(" ".join(text.split())): symbol for text, symbol in mapping.absent.items()}
    return symbols.get(plain(as_text(cell)))


def read_figure(cell: CellValue, statistic: str, mapping: MappingFile) -> tuple[str, str]:
    """Read a figure in the dataset's unit, and the symbol beside it; raises CellError if there is none."""
    if is_empty(cell):
        instead = 'write the figure, or say under `absent` in the mapping what an empty cell means, such as "": x'
        raise CellError("this cell is empty", instead)
    symbol = ""
    if isinstance(cell, str):
        text = as_text(cell)
        for mark, meaning in mapping.marks.items():
            if text.endswith(mark):
                cell, symbol = text.removesuffix(mark).rstrip(), meaning
                break
    number = read_number(
        cell,
        percent=statistic.startswith(("percent", "point")),
        money=statistic == "gbp_million",
        duration=mapping.duration,
    )
    if mapping.duration:
        number = round(number / _SECONDS.get(statistic, 1), _PLACES_OF_TIME)
    number *= mapping.scale or 1
    return format(number.normalize() if number else Decimal(0), "f"), symbol
