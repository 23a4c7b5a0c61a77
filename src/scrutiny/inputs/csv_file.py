"""CSV files of `data/`, read into records with the lines on which they stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.suggest import nearest
from scrutiny.text import require_plain_text

Record = tuple[int, list[str]]
"""The line on which a record begins, the header being line 1, and its cells."""


def numbered_records(
    text: Iterable[str],
    file: str,
    *,
    separator: str = ",",
    first_line: int = 1,
    instead: str = 'put a " at either end of the cell, and write "" for a " inside it',
) -> Iterator[Record]:
    """Read records of CSV, of which the first is on `first_line`, on demand.

    Raises WrongInput at a quoted cell that is never closed, with the advice `instead`.
    """
    reader = csv.reader(text, delimiter=separator, strict=True)
    line = first_line
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + first_line
    except csv.Error:
        what = 'a cell that starts with " here is never closed'
        raise WrongInput(Problem(what, Location(file, line), instead)) from None


def read_records(path: Path, file: str, columns: Sequence[str]) -> tuple[list[str], list[Record], list[Problem]]:
    """Read a UTF-8 CSV file, which the user knows as `file`, that has given columns in any order.

    Gives the columns in the order of the file, the records that have as many cells, and what is wrong with the
    others. Raises WrongInput if the file is missing, empty or not UTF-8, a quoted cell is never closed, or the
    header is wrong.
    """
    text = io.StringIO(_text(path, file), newline="")
    records = [record for record in numbered_records(text, file) if record[1]]
    if not records:
        raise WrongInput(Problem("this file is empty", Location(file), f"begin with the line {','.join(columns)}"))
    (_, header), *body = records
    if problems := _header_problems(header, columns, file):
        raise WrongInput(problems)
    whole, problems = _whole_records(body, len(header), file)
    return header, whole, problems


def numbered_rows(path: Path, file: str, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Give the line and the cells, by column, of each whole record of a file; see `read_records`."""
    header, records, _ = read_records(path, file, columns)
    for line, cells in records:
        yield line, dict(zip(header, cells, strict=True))


def _text(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        instead = "add it, or correct its path in data/datapackage.yaml"
        raise WrongInput(Problem("this file is missing", Location(file), instead)) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Location(file, content.count(b"\n", 0, error.start) + 1)
        instead = 'save it as "CSV UTF-8 (comma delimited)"'
        raise WrongInput(Problem("not UTF-8 text", place, instead)) from None
    require_plain_text(text, file)
    return text


def _header_problems(header: Sequence[str], expected: Sequence[str], file: str) -> list[Problem]:
    if len(header) == 1 and (separator := re.search(r"[;\t]", header[0])):
        name = "semicolons" if separator[0] == ";" else "tabs"
        what = f"the cells are separated by {name}, not commas"
        return [Problem(what, Location(file, 1), "save it as CSV with commas")]
    missing = [name for name in expected if name not in header]
    problems = [
        Problem(f"the column {name} is missing", Location(file, 1), f"the columns are {','.join(expected)}")
        for name in missing
    ]
    for name, times in Counter(header).items():
        if name not in expected:
            known = nearest(name, missing or expected)
            problems.append(Problem(f"the column {name!r} is not known here", Location(file, 1, name), known))
        elif times > 1:
            problems.append(
                Problem(f"the column {name} occurs {times} times", Location(file, 1, name), "keep one")
            )
    return problems


def _whole_records(body: Iterable[Record], width: int, file: str) -> tuple[list[Record], list[Problem]]:
    """Separate the records that have as many cells as the header from what is wrong with the others."""
    whole, problems = [], []
    for line, cells in body:
        if not any(cells):
            problems.append(Problem("all cells of this line are empty", Location(file, line), "delete it"))
        elif len(cells) != width:
            what = f"this line has {len(cells)} cells, and the header {width}"
            instead = 'a cell with a comma in it needs a " at either end' if len(cells) > width else None
            problems.append(Problem(what, Location(file, line), instead))
        else:
            whole.append((line, cells))
    return whole, problems
