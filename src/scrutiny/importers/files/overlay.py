"""What a workbook says of its cells beyond their values, laid over the values."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.cells import CellValue, Flaw, require_columns

MOST_CELLS = 20_000_000
"""Cells that a sheet may span, because a reader allocates all of them."""
NO_VALUE = Flaw(
    "this formula has no stored value",
    "open the workbook in Excel or LibreOffice and save it, or replace the formula with its value",
)


def error(shown: str) -> Flaw:
    """Give the flaw of a cell that shows an error such as #DIV/0!."""
    return Flaw(f"this cell has the error {shown}", "correct the formula in the workbook, and save it")


@dataclass
class Overlay:
    """What is to stand in place of the bare values of a sheet; rows and columns are counted from 0."""

    height: int = 0
    width: int = 0
    from_1904: bool = False
    """Whether days are counted from 1 January 1904."""
    hidden_rows: list[range] = field(default_factory=list)
    hidden_columns: list[range] = field(default_factory=list)
    _cells: list[tuple[range, range, CellValue]] = field(default_factory=list)

    def add(self, row: int, column: int, cell: CellValue | None, *, rows: int = 1, columns: int = 1) -> None:
        """Add a cell that has something in it, and what is to stand there instead, if its value is not enough."""
        self.height, self.width = max(self.height, row + rows), max(self.width, column + columns)
        if cell is not None:
            self._cells.append((range(row, row + rows), range(column, column + columns), cell))

    def hide_rows(self, row: int, rows: int = 1) -> None:
        """Note that rows are not shown."""
        self.hidden_rows.append(range(row, row + rows))

    def hide_columns(self, first: int, last: int) -> None:
        """Note that columns are not shown."""
        self.hidden_columns.append(range(first, last + 1))

    def require_size(self, place: Location) -> None:
        """Refuse a sheet that is too large to be read; raises WrongInput."""
        require_columns(self.width, place)
        if self.height * self.width > MOST_CELLS:
            what = f"this sheet extends to row {self.height:,} with {self.width:,} columns"
            raise WrongInput(Problem(what, place, "delete what is far below the table"))

    def lay_over(self, rows: list[list[CellValue]]) -> None:
        """Replace cells, and append those that the reader has left out at the end."""
        for across, along, cell in self._cells:
            rows.extend([] for _ in range(across.stop - len(rows)))
            for row in across:
                rows[row].extend([""] * (along.stop - len(rows[row])))
                rows[row][along.start : along.stop] = [cell] * len(along)

    def hidden(self) -> tuple[frozenset[int], frozenset[int]]:
        """Give the rows, from 1, and the columns, from 0, that are not shown."""
        rows = {row + 1 for rows in self.hidden_rows for row in range(rows.start, min(rows.stop, self.height))}
        columns = {column for of in self.hidden_columns for column in range(of.start, min(of.stop, self.width))}
        return frozenset(rows), frozenset(columns)
