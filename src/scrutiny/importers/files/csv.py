"""CSV files of any make: their encoding and what separates their cells are found by themselves."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.importers.files.cells import Table, require_columns

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_TABLE = 256 * 2**20
"""Bytes that a CSV file may have to be read whole."""

_SEPARATORS = ",;\t|"
_LOOKED_AT = 100  # records by which the separator is found
_UTF8_SIGN = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_SEPARATOR_LINE = re.compile(r"sep=(?P<separator>.)\r?\n")  # which Excel writes and reads, and does not show
_NO_TEXT = {
    # how a file begins: what it is, and what to do
    b"PK\x03\x04": ("a workbook or an archive", "give it its own ending, .xlsx, .ods or .zip"),
    b"\xd0\xcf\x11\xe0": ("a workbook of Excel 2003 or before, or one with a password", "save it as .xlsx"),
    b"%PDF": ("a PDF", "ask for the figures as CSV or XLSX"),
    b"\x1f\x8b": ("a gzipped file", "let its name end in .csv.gz"),
}


def read_csv(content: bytes, name: str) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    content : bytes
        UTF-8 with or without a byte order mark, UTF-16 or Windows-1252; separated by commas, semicolons,
        tabs or bars.
    name : str
        The file as its user would name it.

    Raises
    ------
    WrongInput
        If it is empty, no text, of no such encoding, too large, or a cell does not end.
    """
    place = Place(name)
    if len(content) > LARGEST_TABLE:
        what = f"this has more than {LARGEST_TABLE // 2**20} MiB"
        raise WrongInput(Problem(what, place, "export fewer rows, or in parts"))
    text = decode(content, place)
    if not text.strip():
        raise WrongInput(Problem("this file is empty", place, "export it again"))
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise WrongInput(Problem("this is a web page, and no CSV file", place, "open it, and save it as CSV"))
    first_line = 1
    if found := _SEPARATOR_LINE.match(text):
        separator, text, first_line = found["separator"], text[found.end() :], 2
    else:
        separator = _separator(text)
    rows: list[tuple[int, list[str]]] = []
    reader = _reader(text, separator)
    line = first_line
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                require_columns(len(cells), place)
                rows.append((line, cells))
            line = reader.line_num + first_line
    except csv.Error:
        raise WrongInput(
            Problem(
                'a cell that begins with " here does not end',
                Place(name, line),
                'put one " at either end of the cell, and write "" for a " inside it',
            )
        ) from None
    if not rows:
        raise WrongInput(Problem("this file is empty", place, "export it again"))
    return Table(name, rows)


def decode(content: bytes, place: Place) -> str:
    """Decode text whose encoding nobody states.

    Raises
    ------
    WrongInput
        If it is no text, or of two encodings.
    """
    for start, (what, instead) in _NO_TEXT.items():
        if content.startswith(start):
            raise WrongInput(Problem(f"this is {what}, and no CSV file", place, instead))
    encoding = _encoding(content)
    if encoding == "cp1252" and (found := _UTF8_SIGN.search(content)):
        line = content.count(b"\n", 0, found.start()) + 1
        what = "this file is UTF-8 in one place, as here, and not in another"
        raise WrongInput(Problem(what, Place(place.file, line), 'export it again, as "CSV UTF-8"'))
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "this is text neither of UTF-8 nor of UTF-16 nor of Windows"
        raise WrongInput(Problem(what, Place(place.file, line), 'export it again, as "CSV UTF-8"')) from None
    if "\0" in text:
        raise WrongInput(Problem("this is no text file", place, "export it again, as CSV or XLSX"))
    return text


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Latin letters of UTF-16 have a zero byte each: before it in one order, after it in the other.
    start = content[:1000]
    if start.count(0) * 3 > len(start):
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _reader(text: str, separator: str) -> Reader:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _separator(text: str) -> str:
    """Find what separates cells: what gives the most records of one width, and then the greatest width."""
    best, found = (0, 0), ","
    for separator in _SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for cells in islice(_reader(text, separator), _LOOKED_AT):
                widths[len(cells)] += len(cells) > 1
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if times and (times, width) > best:
            best, found = (times, width), separator
    return found
