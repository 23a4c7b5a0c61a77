"""Whether a sheet shows all that is read of it, and where its table ends."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.cell_values import absent
from scrutiny.importers.extract.header import Header
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.files.cells import CellValue, SourceTable, as_text, cell_at, is_empty, plain


def _require_shown(table: SourceTable, header: Header, mapping: MappingFile) -> None:
    """Refuse hidden rows and columns with data, which a filter may have left out; raises WrongInput."""
    problems: list[Problem] = []
    if hidden := [row for row, _ in table.rows[_first(header, mapping) :] if row in table.hidden_rows]:
        what = (
            f"{len(hidden)} rows are hidden, from row {hidden[0]} on" if len(hidden) > 1 else "this row is hidden"
        )
        instead = "show all rows (Data, Clear filter) if they belong to the figures, or delete the hidden ones"
        problems.append(Problem(what, table.place(hidden[0]), instead))
    ignored = {plain(name) for name in mapping.ignore}
    used = {*header.position.values(), *header.wide}
    for column in sorted(table.hidden_columns & used):
        name = header.names[column]
        if plain(name) not in ignored and not all(is_empty(cell_at(cells, column)) for _, cells in table.rows):
            place = table.place(table.rows[header.body - 1][0], name)
            problems.append(Problem("this column is hidden", place, "show it, delete it, or add it to ignore"))
    if problems:
        raise WrongInput(problems)


def first_table(table: SourceTable, header: Header, mapping: MappingFile) -> tuple[SourceTable, list[Problem]]:
    """Give a table without another that stands below it, and what is wrong if there is one.

    Raises WrongInput if rows or columns of it are hidden.
    """
    _require_shown(table, header, mapping)
    heads = [_texts(cells) for _, cells in table.rows[_first(header, mapping) : header.body]]
    value = [name for name, target in mapping.columns.items() if target == "value"]
    figures = {*header.wide, *(header.position[name] for name in value)}
    for position in range(header.body + 1, len(table.rows)):
        above, cells = table.rows[position - 1 : position + 1]
        repeats = [_texts(cells) for _, cells in table.rows[position : position + len(heads)]] == heads
        gap = cells[0] > _end(*above, table)
        if (repeats and (gap or _is_title(above[1]))) or (gap and _is_header(cells[1], figures, mapping)):
            what = "another table begins here; nothing from here on is read"
            instead = "take the tables in one by one, each from a file or sheet of its own"
            return replace(table, rows=table.rows[:position]), [Problem(what, table.place(cells[0]), instead)]
    return table, []


def _first(header: Header, mapping: MappingFile) -> int:
    return header.body - mapping.header_rows


def _texts(cells: Sequence[CellValue]) -> list[str]:
    texts = [plain(as_text(cell)) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _end(line: int, cells: Sequence[CellValue], table: SourceTable) -> int:
    """Give the line below a row, which in a CSV file may have several."""
    breaks = (cell.count("\n") for cell in cells if isinstance(cell, str) and table.sheet is None)
    return line + 1 + sum(breaks)


def _is_title(cells: Sequence[CellValue]) -> bool:
    return sum(not is_empty(cell) for cell in cells) == 1


def _is_header(cells: Sequence[CellValue], figures: set[int], mapping: MappingFile) -> bool:
    """Whether a row has names, months or years in all columns of figures."""
    return all(_is_name(cell_at(cells, column), mapping) for column in figures) and not any(
        plain(next(filter(None, map(as_text, cells)), "")).startswith(plain(note)) for note in mapping.notes
    )


def _is_name(cell: CellValue, mapping: MappingFile) -> bool:
    if not isinstance(cell, str) or is_empty(cell):
        return isinstance(cell, dt.date)
    return bool(_NAME.match(as_text(cell))) and absent(cell, mapping) is None


_NAME = re.compile(r"(19|20)[0-9]{2} ?[/-]|[^\W\d]")
