"""CSV files of `data/`, read into records with the lines on which they stand."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput, refuse_conflict
from scrutiny.suggest import nearest

Record = tuple[int, list[str]]
"""The line on which a record begins, the header being line 1, and its cells."""


def read_records(path: Path, file: str, columns: Sequence[str]) -> tuple[list[str], list[Record], list[Problem]]:
    """Read a CSV file that has given columns, in any order.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark.
    file : str
        The file as the user would name it.
    columns : sequence of str
        All its columns.

    Returns
    -------
    header, records, problems
        The columns in the order of the file, the records that have as many cells, and what is wrong with
        the others.

    Raises
    ------
    WrongInput
        If the file is missing, no UTF-8 or empty, a cell does not end, or the header is wrong.
    """
    records = _records(_text(path, file), file)
    if not records:
        raise WrongInput(Problem("this file is empty", Place(file), f"begin with the line {','.join(columns)}"))
    (_, header), *body = records
    if problems := _header_problems(header, columns, file):
        raise WrongInput(problems)
    whole, problems = _whole_records(body, len(header), file)
    return header, whole, problems


def _text(path: Path, file: str) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise WrongInput(
            Problem("this file is missing", Place(file), "add it, or mend its path in data/datapackage.yaml")
        ) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongInput(
            Problem("not UTF-8 text", Place(file, line), 'save it as "CSV UTF-8 (comma delimited)"')
        ) from None
    refuse_conflict(text, file)
    return text


def _records(text: str, file: str) -> list[tuple[int, list[str]]]:
    """Split into records with the line on which each begins; blank lines are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            if cells:
                records.append((line, cells))
            line = reader.line_num + 1
    except csv.Error:
        raise WrongInput(
            Problem(
                'a cell that begins with " here does not end',
                Place(file, line),
                'put one " at either end of the cell, and write "" for a " inside it',
            )
        ) from None
    return records


def _header_problems(header: Sequence[str], expected: Sequence[str], file: str) -> list[Problem]:
    if len(header) == 1 and (separator := re.search(r"[;\t]", header[0])):
        name = "semicolons" if separator[0] == ";" else "tabs"
        return [Problem(f"the cells are separated by {name}", Place(file, 1), "separate them by commas")]
    missing = [name for name in expected if name not in header]
    problems = [
        Problem(f"the column {name} is missing", Place(file, 1), f"the columns are {','.join(expected)}")
        for name in missing
    ]
    for name, times in Counter(header).items():
        if name not in expected:
            known = nearest(name, missing or expected)
            problems.append(Problem(f"the column {name!r} is not known here", Place(file, 1, name), known))
        elif times > 1:
            problems.append(Problem(f"the column {name} is there {times} times", Place(file, 1, name), "keep one"))
    return problems


def _whole_records(
    body: Iterable[tuple[int, list[str]]], width: int, file: str
) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """Keep the records that have as many cells as the header, and tell the others."""
    whole, problems = [], []
    for line, cells in body:
        if not any(cells):
            problems.append(Problem("all cells of this line are empty", Place(file, line), "delete it"))
        elif len(cells) != width:
            problems.append(
                Problem(
                    f"this line has {len(cells)} cells, and the header {width}",
                    Place(file, line),
                    'a cell with a comma in it stands between two "' if len(cells) > width else None,
                )
            )
        else:
            whole.append((line, cells))
    return whole, problems
