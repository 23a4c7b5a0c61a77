"""Cells of an extract as a mapping file defines them: what the columns of a dataset get."""

from __future__ import annotations

from decimal import Decimal
from string import ascii_uppercase

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.durations import read_seconds
from scrutiny.importers.extract.labels import letters, translated
from scrutiny.importers.extract.mapping import PERIOD, MappingFile
from scrutiny.importers.extract.parse import EMPTY, read_day, read_number, read_period, shown
from scrutiny.importers.files.cells import CellError, CellValue, Flaw, SourceTable, as_text, is_empty, plain
from scrutiny.importers.offer import period_cells
from scrutiny.statistics.wording import TIMES

_SECONDS = {"minutes": 60, "seconds": 1}  # in the unit of each statistic that is a time
_PLACES_OF_TIME = 4
_PERCENT = 100  # the scale of fractions
_HIGHEST_FRACTION = {"percent": 1}  # of what is multiplied by 100; a change may be more than +100%


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
    if isinstance(cell, Flaw):
        return None
    symbols = {plain(" ".join(text.split())): symbol for text, symbol in mapping.absent.items()}
    return symbols.get(plain(as_text(cell)))


def states_percent(cell: CellValue, mapping: MappingFile) -> bool:
    """Whether a cell itself says that it is a percentage, with a % in its text or its format."""
    return isinstance(cell, str) and _without_mark(cell, mapping)[0].endswith("%")


def _without_mark(cell: str, mapping: MappingFile) -> tuple[str, str]:
    """Give a figure without the mark behind it, and what the mark means."""
    text = as_text(cell)
    for mark, meaning in mapping.marks.items():
        if text.endswith(mark):
            return text.removesuffix(mark).rstrip(), meaning
    return text, ""


def read_figure(cell: CellValue, statistic: str, mapping: MappingFile) -> tuple[str, str]:
    """Read a figure in the dataset's unit, and the symbol beside it; raises CellError if there is none."""
    if is_empty(cell):
        instead = 'write the figure, or say under `absent` in the mapping what an empty cell means, such as "": x'
        raise CellError("this cell is empty", instead)
    symbol = ""
    if isinstance(cell, str):
        cell, symbol = _without_mark(cell, mapping)
    if mapping.duration and statistic in TIMES:
        number = round(read_seconds(cell, mapping.duration) / _SECONDS[statistic], _PLACES_OF_TIME)
    else:
        percent = statistic.startswith(("percent", "point"))
        number = read_number(cell, percent=percent, money=statistic == "gbp_million")
        number *= _scale(cell, number, statistic, mapping) if percent else mapping.scale or 1
    return format(number.normalize() if number else Decimal(0), "f"), symbol


def _scale(cell: CellValue, number: Decimal, statistic: str, mapping: MappingFile) -> Decimal:
    """Give what a percentage is multiplied by: nothing that states a % is multiplied again."""
    scale = mapping.scale or Decimal(1)
    if scale == 1:
        return scale
    if states_percent(cell, mapping):
        if scale == _PERCENT and not 0 < abs(number) <= 1:
            return Decimal(1)
        what = f"{shown(cell)} states a percentage, but the mapping multiplies by {scale}"
        raise CellError(what, "leave scale out of the mapping, or the % out of the cells")
    if scale == _PERCENT and abs(number) > _HIGHEST_FRACTION.get(statistic, 10):
        what = f"{shown(cell)} is not a fraction, but the mapping multiplies by {scale}"
        raise CellError(what, f"write it with its %, as {as_text(cell)}%, or correct scale in the mapping")
    return scale
