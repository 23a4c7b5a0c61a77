"""Rows below the header of an extract: which are data, skipped or cannot be placed, and their cells by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from scrutiny.errors import Problem, WrongInput
from scrutiny.importers.extract.header import Header
from scrutiny.importers.extract.header_names import texts_of
from scrutiny.importers.extract.labels import letters
from scrutiny.importers.extract.mapping import MappingFile, alike
from scrutiny.importers.files.cells import CellValue, Flaw, SourceTable, as_text, is_empty, plain

Named = Mapping[str, CellValue]
"""Cells of a row by the mapping's names of their columns, joined ones too."""
_SLIPS = 2
_SHORT = 5
_LISTED = 3


@dataclass(frozen=True)
class Row:
    """A row of data, or a text that stands alone between rows: its cells with those above filled down."""

    line: int
    cells: Sequence[CellValue]
    named: Named
    alone: bool = False
    wrong: Problem | None = None
    """What is wrong with the number of cells of a row that is no text alone."""


@dataclass
class Body:
    """The rows below a header; what is skipped is counted in `skipped`, values not kept in `dropped`."""

    table: SourceTable
    header: Header
    mapping: MappingFile
    skipped: Counter[str]
    dropped: dict[str, Counter[str]]
    matched: set[tuple[str, str]]
    """Columns and values of `leave_out` and `keep` that some row has."""
    is_data: Callable[[Named], bool]
    """Whether a row could be read as data."""
    above: dict[int, CellValue] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Row | Problem]:
        """Give the rows, and what is wrong with one as a whole; raises WrongInput at another header."""
        rows = self.table.rows
        usual = self._usual_width()
        heads = [self._texts(cells) for _, cells in rows[self.header.first : self.header.body]]
        position, expected = self.header.body, 0
        while position < len(rows):
            line, cells = rows[position]
            if expected and line > expected:
                self.above.clear()
            expected = self._end(position)
            if [self._texts(cells) for _, cells in rows[position : position + len(heads)]] == heads:
                self.skipped["repeated headers"] += 1
                self.above.clear()
                position += len(heads)
                expected = self._end(position - 1)
                continue
            position += 1
            if item := self._row(line, cells, usual):
                yield item

    def _end(self, position: int) -> int:
        """Give the line below a row, which in a CSV file may have several."""
        line, cells = self.table.rows[position]
        breaks = (re.findall(r"\r\n|\r|\n", cell) for cell in cells if isinstance(cell, str))
        return line + 1 + (sum(map(len, breaks)) if self.table.sheet is None else 0)

    @cached_property
    def figures(self) -> Set[int]:
        """The columns of figures."""
        value = [name for name, target in self.mapping.columns.items() if target == "value"]
        return {*self.header.wide, *(self.header.position[name] for name in value)}

    def _row(self, line: int, cells: Sequence[CellValue], usual: int) -> Row | Problem | None:
        note = self._note(cells)
        alone = self._is_alone(cells)
        if not note:
            self._refuse_other_header(line, cells)
        wrong = None if note else self._wrong_width(line, cells, usual)
        if wrong and not alone:
            # A label that is lost with it would be another row's below.
            self.above.clear()
            return wrong
        filled = self._filled_down(line, cells)
        row = Row(line, filled, self._named(filled), alone, wrong)
        if note:
            self.above.clear()
            if not self._has_figures(cells) or not self.is_data(row.named):
                self.skipped["notes below or between the rows"] += 1
                return None
            what = f"this row has figures, but begins like the note {note!r}"
            return Problem(what, self.table.place(line), "write more of the note under notes in the mapping")
        if reason := self._left_out(filled):
            self.skipped[reason] += 1
            return None
        return row if row.alone else self._kept(row)

    def _texts(self, cells: Sequence[CellValue]) -> list[str]:
        texts = [plain(text) for text in texts_of(cells)]
        while texts and not texts[-1]:
            texts.pop()
        return texts

    def _usual_width(self) -> int:
        """Give the number of cells that most rows of a CSV file have, or in doubt its header."""
        header = len(self.table.rows[self.header.body - 1][1])
        widths = Counter([header, *(len(cells) for _, cells in self.table.rows[self.header.body :])])
        return max(widths, key=lambda width: (widths[width], width == header))

    def _wrong_width(self, line: int, cells: Sequence[CellValue], usual: int) -> Problem | None:
        """Refuse a row whose cells may stand below other names than theirs."""
        names = self.header.names
        extra = next((at for at in range(len(names), len(cells)) if not is_empty(cells[at])), None)
        if self.table.sheet is not None:
            if extra is None:
                return None
            place = self.table.place(line, f"column {letters(extra)}")
            return Problem("this cell is outside the table", place, "name its column, or empty the cell")
        last = max(at for at, name in enumerate(names) if name or at in self.header.position.values()) + 1
        what = f"this row has {len(cells)} cells, but the header has {len(names)}"
        if extra is not None:
            return Problem(what, self.table.place(line), 'a cell with a comma in it needs a " at either end')
        lost = len(cells) < last
        if not lost and len(cells) != usual:
            what = f"this row has {len(cells)} cells, but most have {usual}"
            lost = len(cells) > usual or any(is_empty(cell) for cell in cells[:last])
        instead = "a cell was lost or added, so that others may have moved: export it again, or as a workbook"
        return Problem(what, self.table.place(line), instead) if lost else None

    def _refuse_other_header(self, line: int, cells: Sequence[CellValue]) -> None:
        """Refuse a table below whose header has names of this one, but not the same in the same order."""
        names = [plain(name) for name in self.header.names]
        texts = [plain(text) for text in texts_of(cells, len(names))]
        filled = [text for text in texts if text]
        elsewhere = sum(text in names and not text.isdigit() for text in filled)
        labels = {
            at: self.mapping.values.get(self.mapping.columns.get(name, ""), {})
            for name, at in self.header.position.items()
        }
        own = [at for at, known in labels.items() if names[at] and texts[at] not in map(alike, known)]
        same = any(texts[at] == names[at] for at in own)
        if same or (elsewhere > 1 and elsewhere * 2 >= len(filled)):
            what = "another header stands here, whose columns are not those of the first"
            instead = "take the tables in one by one, each from a file or sheet of its own"
            raise WrongInput(Problem(what, self.table.place(line), instead))

    def _note(self, cells: Sequence[CellValue]) -> str:
        """Give the entry of `notes` with which a row begins; empty if there is none."""
        first = next((text for text in texts_of(cells) if text), "")
        return next((start for start in self.mapping.notes if plain(first).startswith(alike(start))), "")

    def _has_figures(self, cells: Sequence[CellValue]) -> bool:
        """Whether a column of figures is not empty, but for the row's first cell."""
        first = next((at for at, cell in enumerate(cells) if not is_empty(cell)), 0)
        return any(at != first and at < len(cells) and not is_empty(cells[at]) for at in self.figures)

    def _is_alone(self, cells: Sequence[CellValue]) -> bool:
        """Whether a row is one text, which no column of figures has."""
        filled = [at for at, cell in enumerate(cells) if not is_empty(cell)]
        if len(filled) != 1 or filled[0] in self.figures:
            return False
        cell = cells[filled[0]]
        return isinstance(cell, str) and any(map(str.isalpha, cell))

    def _filled_down(self, line: int, cells: Sequence[CellValue]) -> Sequence[CellValue]:
        """Fill empty cells from above; a new label ends those of the columns to its right."""
        columns = sorted(self.header.position[name] for name in self.mapping.fill_down)
        filled = [*cells, *[""] * (len(self.header.names) - len(cells))]
        for column in columns:
            if not is_empty(filled[column]):
                for right in (each for each in columns if each > column):
                    self.above.pop(right, None)
                self.above[column] = filled[column]
            elif self._may_fill(line, column):
                filled[column] = self.above.get(column, "")
        return filled

    def _may_fill(self, line: int, column: int) -> bool:
        """Whether an empty cell has what is above it; where cells are merged, only those do."""
        spans = [
            (top, bottom)
            for (top, left), (bottom, _) in self.table.merged
            if left == column and top < bottom and top >= self.table.rows[self.header.body][0] - 1
        ]
        return not spans or any(top < line - 1 <= bottom for top, bottom in spans)

    def _named(self, cells: Sequence[CellValue]) -> Named:
        named = {name: cells[at] for name, at in self.header.position.items()}
        joined = {name: _joined([named[part] for part in parts]) for name, parts in self.mapping.join.items()}
        return named | joined

    def _left_out(self, cells: Sequence[CellValue]) -> str:
        """Say why a row is left out; empty if it is not."""
        for name, values in self.mapping.leave_out.items():
            text = as_text(cells[self.header.position[name]])
            for value in (value for value in values if alike(value) == plain(text)):
                self.matched.add((name, value))
                return f"rows with {text!r} in {name}"
        return ""

    def _kept(self, row: Row) -> Row | Problem | None:
        """Give a row that is to be kept; refuse one that may be."""
        for name, values in self.mapping.keep.items():
            text = as_text(row.cells[self.header.position[name]])
            if value := next((value for value in values if alike(value) == plain(text)), None):
                self.matched.add((name, value))
                continue
            place = self.table.place(row.line, name)
            if not text:
                what = "this cell is empty, so it is not known whether the row is to be kept"
                return Problem(what, place, f'fill it, or add "" to leave_out.{name} in the mapping')
            if value := next((value for value in values if _nearly(plain(text), alike(value))), None):
                what = f"{text!r} is not to be kept, but {value!r} is"
                return Problem(what, place, f"add it to keep.{name}, or to leave_out.{name}, in the mapping")
            self.dropped.setdefault(name, Counter())[text] += 1
            return None
        return row


def dropped_notes(dropped: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Say how many rows were not kept, and which values they had."""
    for name, values in dropped.items():
        shown = ", ".join(f"{value!r}" for value, _ in values.most_common(_LISTED))
        more = f" and {len(values) - _LISTED} others" if len(values) > _LISTED else ""
        count = sum(values.values())
        yield f"skipped: rows with another {name} than is to be kept: {shown}{more} ({count:,})"


def _joined(cells: Sequence[CellValue]) -> CellValue:
    """Join cells with blanks, or as 2020-07 or 2020/21 Q1 if they are numbers; empty if one of them is."""
    if flaw := next((cell for cell in cells if isinstance(cell, Flaw)), None):
        return flaw
    if any(is_empty(cell) for cell in cells):
        return ""
    text = " ".join(as_text(cell) for cell in cells)
    if found := re.fullmatch(r"(20[0-9]{2}) ([0-9]{1,2})|([0-9]{1,2}) (20[0-9]{2})", text):
        return f"{found[1] or found[4]}-{int(found[2] or found[3]):02}"
    if found := re.fullmatch(r"(20[0-9]{2}[/-](?:20)?[0-9]{2}) ([1-4])", text):
        return f"{found[1]} Q{found[2]}"
    return text


def _nearly(one: str, other: str) -> bool:
    """Whether two labels differ by no more than a slip of the pen, and not in digits."""
    if min(len(one), len(other)) < _SHORT or re.findall("[0-9]", one) != re.findall("[0-9]", other):
        return False
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return max(len(one), len(other)) - sum(block.size for block in blocks) <= _SLIPS
