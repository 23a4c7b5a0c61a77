"""CSV files of any kind: their encoding and separator are detected."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from itertools import islice

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.cells import SourceTable, require_columns
from scrutiny.inputs.csv_file import Record, numbered_records

LARGEST_TABLE = 256 * 2**20
"""Bytes that a CSV file may have to be read whole."""

_SEPARATORS = ",;\t|"
_SAMPLE = 100  # records by which the separator is found
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_SEPARATOR_LINE = re.compile(r"sep=(?P<separator>.)\r?\n")  # written and read by Excel, but not shown
_NOT_TEXT = {
    # first bytes of a file: what it is, and what to do
    b"PK\x03\x04": ("a workbook or an archive", "give it its own ending, .xlsx, .ods or .zip"),
    b"\xd0\xcf\x11\xe0": ("a workbook of Excel 2003 or before, or one with a password", "save it as .xlsx"),
    b"%PDF": ("a PDF", "ask for the figures as CSV or XLSX"),
    b"\x1f\x8b": ("a gzipped file", "let its name end in .csv.gz"),
}


def read_csv(content: bytes, name: str) -> SourceTable:
    """Read a CSV file that its user knows as `name`; raises WrongInput if it cannot be read.

    It may be UTF-8 with or without a byte order mark, UTF-16 or Windows-1252, with commas, semicolons, tabs or
    bars between cells.
    """
    place = Location(name)
    if len(content) > LARGEST_TABLE:
        what = f"this has more than {LARGEST_TABLE // 2**20} MiB"
        raise WrongInput(Problem(what, place, "export fewer rows, or in parts"))
    text = decode(content, place)
    if not text.strip():
        raise WrongInput(Problem("this file is empty", place, "export it again"))
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise WrongInput(Problem("this is a web page, not a CSV file", place, "open it, and save it as CSV"))
    first_line = 1
    if found := _SEPARATOR_LINE.match(text):
        separator, text, first_line = found["separator"], text[found.end() :], 2
    else:
        separator = _separator(text)
    rows: list[Record] = []
    lines = io.StringIO(text, newline="")
    for line, cells in numbered_records(lines, name, separator=separator, first_line=first_line):
        if any(cell.strip() for cell in cells):
            require_columns(len(cells), place)
            rows.append((line, cells))
    if not rows:
        raise WrongInput(Problem("this file is empty", place, "export it again"))
    line, cells = rows[-1]
    cut = len(rows) > 1 and not text.endswith(("\n", "\r"))
    what = f"{name} ends without an end of line after {cells[-1]!r} in row {line}; is it complete?"
    return SourceTable(name, rows, file_notes=(what,) if cut else ())


def decode(content: bytes, place: Location) -> str:
    """Decode text of unknown encoding; raises WrongInput if it is not text, or in two encodings."""
    for start, (what, instead) in _NOT_TEXT.items():
        if content.startswith(start):
            raise WrongInput(Problem(f"this is {what}, not a CSV file", place, instead))
    encoding = _encoding(content)
    if encoding == "cp1252" and (found := _UTF8_CHARACTER.search(content)):
        line = content.count(b"\n", 0, found.start()) + 1
        what = "this file is UTF-8 here, but not everywhere"
        raise WrongInput(Problem(what, Location(place.file, line), 'export it again, as "CSV UTF-8"'))
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        what = "this text is not in UTF-8, UTF-16 or Windows-1252"
        raise WrongInput(Problem(what, Location(place.file, line), 'export it again, as "CSV UTF-8"')) from None
    if "\0" in text:
        raise WrongInput(Problem("this is not a text file", place, "export it again, as CSV or XLSX"))
    return text


def _encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # In UTF-16 each Latin letter has a zero byte, before or after it.
    start = content[:1000]
    if start.count(0) * 3 > len(start):
        return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator(text: str) -> str:
    """Find the separator: the one that gives the most records of one width, then the greatest width."""
    best, found = (0, 0), ","
    for separator in _SEPARATORS:
        widths: Counter[int] = Counter()
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        try:
            for cells in islice(reader, _SAMPLE):
                widths[len(cells)] += len(cells) > 1
        except csv.Error:
            continue
        width, times = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        if times and (times, width) > best:
            best, found = (times, width), separator
    return found
