"""Extracts that are wrong in one way each, and the message that each must give."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bad_input.workbooks import Error, Formula, ods, xlsx

LONG = """
dataset: recorded_crime
columns: {Month: period, Offence: offence, Offences: value}
period: month
constants: {source: recorded-crime-dashboard, area: lancashire, statistic: count}
values: {offence: {All Crime: all, Robbery - Personal: robbery_personal}}
"""
SHEET = LONG + "sheet: Data\n"
WIDE = """
dataset: recorded_crime
columns: {Offence: offence}
wide: {to: period}
period: month
constants: {source: recorded-crime-dashboard, area: lancashire, statistic: count}
values: {offence: {All Crime: all, Robbery - Personal: robbery_personal}}
"""
AREAS = """
dataset: recorded_crime
columns: {Force: area, Month: period, Offences: value}
period: month
constants: {source: recorded-crime-dashboard, offence: all, statistic: count}
values: {area: {Lancashire Constabulary: lancashire}}
"""
DAYS = """
dataset: recorded_crime
columns: {From: period_start, To: period_end, Offences: value}
constants: {source: recorded-crime-dashboard, area: lancashire, offence: all, statistic: count}
"""
QUARTERS = LONG.replace("period: month", "period: quarter")
YEARS = LONG.replace("period: month", "period: financial_year")
PERCENT = """
dataset: operation_encompass
columns: {Month: period, Compliance: value}
period: month
constants: {source: operation-encompass, area: lancashire, statistic: percent}
"""
TIMES = """
dataset: response
columns: {Month: period, Median: value}
period: month
duration: true
constants: {source: responding-dashboard, area: lancashire, grade: grade_1, statistic: minutes}
"""
CENSUS = """
dataset: workforce
columns: {Function: function, Part: sub_function, FTE: value}
window: financial_year
constants: {source: workforce-census, area: lancashire, statistic: fte}
"""
HEAD = "Month,Offence,Offences\n"
GOOD = "Jul-20,All Crime,12345\n"


@dataclass(frozen=True)
class Bad:
    """An extract, and the message for it, in which the file is named {file}."""

    name: str
    content: bytes | str
    message: str
    file: str = "extract.csv"
    mapping: str = LONG
    options: Mapping[str, str] = field(default_factory=dict)


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as made:
        for name, member in members.items():
            made.writestr(name, member)
    return content.getvalue()


def link() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        info = zipfile.ZipInfo("crime.csv")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    return content.getvalue()


def with_password() -> bytes:
    """Set the flag for a password in the entries of an archive."""
    content = bytearray(archive({"crime.csv": (HEAD + GOOD).encode()}))
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", content, content.index(start) + at, 1)
    return bytes(content)


def overlapping() -> bytes:
    """Many entries of the directory lead to the same compressed bytes."""
    content = archive({"0.csv": b"1," * 2**19})
    directory = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[directory:end]
    entries = entry * 2000
    tail = bytearray(content[end:])
    struct.pack_into("<HHII", tail, 8, 2000, 2000, len(entries), directory)
    return content[:directory] + entries + bytes(tail)


def sheet(*rows: Sequence[object], merged: Sequence[str] = ()) -> bytes:
    return xlsx({"Data": [("Month", "Offence", "Offences"), *rows]}, merged=merged)


ZEROS = b"0" * 2**24

CASES = (
    # encodings and files
    Bad("no such encoding", HEAD.encode() + b"Jul-20,All Crime,12345\x81\n", '{file}:2: this text is not in UTF-8, UTF-16 or Windows-1252\n    export it again, as "CSV UTF-8"'),
    Bad("two encodings", HEAD.encode() + "Jul-20,All Crime £,1\n".encode() + "Jul-20,£,1\n".encode("cp1252"), '{file}:2: this file is UTF-8 here, but not everywhere\n    export it again, as "CSV UTF-8"'),
    Bad("binary", b"Month,Offence\x00,Offences\n" + GOOD.encode() * 9, "{file}: this is not a text file\n    export it again, as CSV or XLSX"),
    Bad("a workbook named csv", sheet(("Jul-20", "All Crime", 1)), "{file}: this is a workbook or an archive, not a CSV file\n    give it its own ending, .xlsx, .ods or .zip"),
    Bad("an old workbook named csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "{file}: this is a workbook of Excel 2003 or before, or one with a password, not a CSV file\n    save it as .xlsx"),
    Bad("a PDF named csv", b"%PDF-1.7\n", "{file}: this is a PDF, not a CSV file\n    ask for the figures as CSV or XLSX"),
    Bad("a web page named csv", "<html><table><tr><td>1</td></tr></table></html>", "{file}: this is a web page, not a CSV file\n    open it, and save it as CSV"),
    Bad("a CSV file named xlsx", HEAD + GOOD, "{file}: this is not a workbook, although its name ends in .xlsx\n    open it, and save it as .xlsx or .ods", file="extract.xlsx"),
    Bad("another kind of file", b"x", "{file}: this kind of file cannot be read: its name ends in .docx\n    possible endings: .csv, .tsv, .txt, .xlsx, .xlsm, .ods, .zip", file="extract.docx"),
    Bad("empty", b"", "{file}: this file is empty\n    export it again"),
    Bad("only blanks", " \r\n ,,\r\n", "{file}: this file is empty\n    export it again"),
    Bad("only a header", HEAD, "{file}: there is no row below the header\n    export it again"),
    Bad("an open quotation mark", HEAD + 'Jul-20,"All Crime,12345\n', '{file}:2: a cell that starts with " here is never closed\n    put a " at either end of the cell, and write "" for a " inside it'),
    Bad("too many columns", ",".join(f"c{n}" for n in range(1001)) + "\n", "{file}: this has 1,001 columns, but a table may have at most 1,000\n    delete what is far to the right of the table"),
    # header
    Bad("a column is missing", "Month,Offence,Number\nJul-20,All Crime,1\n", "{file}:1: the column 'Offences' is missing\n    did you mean \"Offence\"?", mapping=LONG + "ignore: [Number]\n"),
    Bad("a column is misspelt", "Month,Offense,Offences\nJul-20,All Crime,1\n", "{file}:1: the column 'Offence' is missing\n    did you mean \"Offences\" or \"Offense\"?", mapping=LONG + "ignore: [Offense]\n"),
    Bad("an unknown column", "Month,Offence,District,Offences\nJul-20,All Crime,East,1\n", "{file}:1 (District): the mapping does not know the column 'District'\n    add it to columns, or to ignore"),
    Bad("a column twice", "Month,Offence,Offences,Offences\nJul-20,All Crime,1,2\n", "{file}:1 (Offences): the column 'Offences' occurs 2 times\n    keep one"),
    Bad("a column without a name", "Month,Offence,Offences,\nJul-20,All Crime,1,2\n", "{file}:1 (column D): this column has data but no name\n    name it, in the mapping as \"column D\", or delete what is in it"),
    Bad("no header", "Jul-20,All Crime,1\nAug-20,All Crime,1\n", "{file}: no row has the columns of the mapping: Month, Offence, Offences\n    check columns in the mapping, and the file"),
    Bad("the header stands elsewhere", "\n\n" + HEAD + GOOD, "{file}:1: row 1 is empty, but the mapping says the header is there\n    correct header_row, or leave it out", mapping=LONG + "header_row: 1\n"),
    Bad("a merged header", xlsx({"Data": [("Month", "Offence", "Offences", ""), ("Jul-20", "All Crime", 1, 2)]}, merged=["C1:D1"]), "{file}, sheet Data:1 (column D): one name is merged over the columns C to D\n    unmerge the cells and name each column, or set header_rows if the names are below", file="extract.xlsx"),
    Bad("a month of a wide table", "Offence,Jul-20,Agu-20\nAll Crime,1,2\n", "{file}:1 (Agu-20): 'Agu-20' is not a month\n    write it as Apr-20, April 2020, 2020-04, or a real date of its first or last day", mapping=WIDE),
    Bad("a total in a wide table", "Offence,Jul-20,Aug-20,Total\nAll Crime,1,2,3\n", "{file}:1 (Total): 'Total' is not a month\n    if it is a total of the others, add it to ignore", mapping=WIDE),
    Bad("a month twice in a wide table", "Offence,Jul-20,July 2020\nAll Crime,1,2\n", "{file}:1 (Jul-20): the columns 'Jul-20' (B) and 'July 2020' (C) are both July 2020\n    keep one, and correct the name of the other", mapping=WIDE),
    Bad("a row too long", HEAD + "Jul-20,All Crime,12,345\n", '{file}:2: this row has 4 cells, but the header has 3\n    a cell with a comma in it needs a " at either end'),
    Bad("a row too short", HEAD + "Jul-20,All Crime\n", '{file}:2: this row has 2 cells, but the header has 3\n    a cell was lost or added, so that others may have moved: export it again, or as a workbook'),
    # workbooks
    Bad("no such sheet", xlsx({"Dta": [("Month", "Offence", "Offences"), ("Jul-20", "All Crime", 1)]}), "{file}: the workbook has no sheet 'Data'\n    did you mean \"Dta\"?", file="extract.xlsx", mapping=SHEET),
    Bad("two sheets", xlsx({"A": [("x",)], "B  B": [("y",)]}), "{file}: this workbook has 2 sheets: A, B B\n    name the one to read in the mapping, as sheet: …", file="extract.xlsx"),
    Bad("an empty workbook", xlsx({"Data": []}), "{file}, sheet Data: this workbook is empty, or has only hidden sheets\n    export it again", file="extract.xlsx"),
    Bad("only a hidden sheet", xlsx({"Data": [("x",)]}, hidden=["Data"]), "{file}: this workbook is empty, or has only hidden sheets\n    export it again", file="extract.xlsx"),
    Bad("a damaged workbook", sheet(("Jul-20", "All Crime", 1))[:-100], "{file}: this archive is damaged\n    get it from its source again", file="extract.xlsx"),
    Bad("an archive named xlsx", archive({"a.txt": b"x"}), "{file}: this workbook is damaged (Cannot detect file format)\n    open it, and save it again", file="extract.xlsx"),
    Bad("a formula without a value", sheet(("Jul-20", "All Crime", Formula("SUM(C3:C9)"))), "{file}, sheet Data:2 (Offences): this formula has no stored value\n    open the workbook in Excel or LibreOffice and save it, or replace the formula with its value", file="extract.xlsx"),
    Bad("a formula without a value in ODS", ods({"Data": [("Month", "Offence", "Offences"), ("Jul-20", "All Crime", Formula("SUM([.C3])"))]}), "{file}, sheet Data:2 (Offences): this formula has no stored value\n    open the workbook in Excel or LibreOffice and save it, or replace the formula with its value", file="extract.ods"),
    Bad("an error", sheet(("Jul-20", "All Crime", Error("#DIV/0!"))), "{file}, sheet Data:2 (Offences): this cell has the error #DIV/0!\n    correct the formula in the workbook, and save it", file="extract.xlsx"),
    Bad("a date where a number belongs", sheet(("Jul-20", "All Crime", dt.date(2020, 7, 1))), "{file}, sheet Data:2 (Offences): '2020-07-01' is a date or a time, but a number belongs here\n    format the column as numbers", file="extract.xlsx"),
    Bad("TRUE where a number belongs", sheet(("Jul-20", "All Crime", True)), "{file}, sheet Data:2 (Offences): 'TRUE' is TRUE or FALSE, but a number belongs here\n    format the column as numbers", file="extract.xlsx"),
    Bad("a day within a month", sheet((dt.date(2026, 4, 20), "All Crime", 1)), "{file}, sheet Data:2 (Month): '2026-04-20' is a day within a month\n    write the month; Excel reads Apr-20 as 20 April unless the cell is text", file="extract.xlsx"),
    Bad("a serial number of another century", sheet((4394, "All Crime", 1)), "{file}, sheet Data:2 (Month): '4394' is not a month\n    write it as Apr-20, April 2020, 2020-04, or a real date of its first or last day", file="extract.xlsx"),
    Bad("a cell far away", xlsx({"Data": [("Month", "Offence", "Offences", *[""] * 1500, "x"), ("Jul-20", "All Crime", 1)]}), "{file}, sheet Data: this has 1,504 columns, but a table may have at most 1,000\n    delete what is far to the right of the table", file="extract.xlsx"),
    # periods
    Bad("no month", HEAD + "Summer,All Crime,1\n", "{file}:2 (Month): 'Summer' is not a month\n    write it as Apr-20, April 2020, 2020-04, or a real date of its first or last day"),
    Bad("a month that is none", HEAD + "2020-13,All Crime,1\n", "{file}:2 (Month): '2020-13' is not a month\n    write it as Apr-20, April 2020, 2020-04, or a real date of its first or last day"),
    Bad("a date of which nobody says how it is written", HEAD + "01/07/2020,All Crime,1\n", "{file}:2 (Month): it is not clear which part of '01/07/2020' is the day and which the month\n    add its format under `dates` in the mapping, such as %d/%m/%Y"),
    Bad("a day that is none", HEAD + "31/06/2020,All Crime,1\n", "{file}:2 (Month): '31/06/2020' is not a date\n    write an existing day as 2020-06-30 or as %d/%m/%Y", mapping=LONG + 'dates: ["%d/%m/%Y"]\n'),
    Bad("no month at all", HEAD + ",All Crime,1\n", "{file}:2 (Month): this cell is empty\n    fill it, or name the column under fill_down in the mapping"),
    Bad("a quarter 5", HEAD + "2020-21 Q5,All Crime,1\n", "{file}:2 (Month): '2020-21 Q5' is not a quarter\n    write it as 2020-21 Q1, Q1 2020/21 or Apr-Jun 2020", mapping=QUARTERS),
    Bad("a quarter of no year", HEAD + "2020-22 Q1,All Crime,1\n", "{file}:2 (Month): '2020-22 Q1' is not a quarter\n    write it as 2020-21 Q1, Q1 2020/21 or Apr-Jun 2020", mapping=QUARTERS),
    Bad("a quarter of the calendar year", HEAD + "2020 Q1,All Crime,1\n", "{file}:2 (Month): '2020 Q1' is not a quarter\n    write it as 2020-21 Q1, Q1 2020/21 or Apr-Jun 2020", mapping=QUARTERS),
    Bad("a financial year that is none", HEAD + "2020/22,All Crime,1\n", "{file}:2 (Month): '2020/22' is not a financial year\n    write it as 2020/21", mapping=YEARS),
    Bad("a month after the quarter", HEAD + GOOD, "{file}:2 (Offences): July 2020 is after the quarter 2020-21-Q1\n    give the quarter of the file, or take the figure out", options={"quarter": "2020-21-Q1"}),
    Bad("another quarter", HEAD + "Mar-20,All Crime,1\n", "{file}: no figure is for the quarter 2020-21-Q1: the newest is for March 2020\n    export that quarter, or give the quarter of the file", options={"quarter": "2020-21-Q1"}),
    Bad("a month drawn before it ended", HEAD + "Oct-20,All Crime,1\n", "{file}:2 (as_at): 2020-10-05 is before the period ended, 2020-10-31\n    write the day on which the figure was drawn, or end the period on that day"),
    Bad("a month missing", HEAD + "Jul-20,All Crime,1\nSep-20,All Crime,1\n", "{file}: August 2020 is missing between other months of recorded-crime-dashboard lancashire all count\n    export these months as well"),
    Bad("a month twice", HEAD + "Jul-20,All Crime,1\nJuly 2020,All Crime,2\n", "{file}:2: rows 2–3 are of one figure, but differ in Month: 'Jul-20' and 'July 2020'\n    keep one"),
    Bad("the end before the start", "From,To,Offences\n2020-08-01,2020-07-31,1\n", "{file}:2 (period_end): 2020-07-31 is before period_start, 2020-08-01\n    write a last day that is not before the first", mapping=DAYS),
    Bad("a day of the previous century", "From,To,Offences\n1920-07-01,2020-07-31,1\n", "{file}:2 (period_start): 1920-07-01 is too low\n    at least 2000-01-01 is possible", mapping=DAYS),
    # figures
    Bad("n/a", HEAD + "Jul-20,All Crime,n/a\n", "{file}:2 (Offences): 'n/a' is not a number\n    if it means that there is no figure, name it under `absent` in the mapping"),
    Bad("an empty figure", HEAD + "Jul-20,All Crime,\n", '{file}:2 (Offences): this cell is empty\n    write the figure, or say under `absent` in the mapping what an empty cell means, such as "": x'),
    Bad("a decimal comma", HEAD + 'Jul-20,All Crime,"12,5"\n', "{file}:2 (Offences): '12,5' is not a number\n    put a comma before three digits, and a point before decimals: 1,234.5"),
    Bad("commas at the wrong places", HEAD + 'Jul-20,All Crime,"1,23,456"\n', "{file}:2 (Offences): '1,23,456' is not a number\n    put a comma before three digits, and a point before decimals: 1,234.5"),
    Bad("a blank for thousands", HEAD + "Jul-20,All Crime,12 345\n", "{file}:2 (Offences): '12 345' is not a number\n    write digits only, such as -1234.5"),
    Bad("negative", HEAD + "Jul-20,All Crime,-12\n", "{file}:2 (value): -12 is negative, which the statistic count cannot be\n    write the figure itself; a change has the statistic change"),
    Bad("negative in brackets", HEAD + "Jul-20,All Crime,(12)\n", "{file}:2 (Offences): '(12)' is not a number\n    write a negative number with a hyphen, -1234"),
    Bad("not whole", HEAD + "Jul-20,All Crime,12.5\n", "{file}:2 (value): 12.5 is not a whole number, as the statistic count must be\n    write the count itself, or another statistic"),
    Bad("a letter O", HEAD + "Jul-20,All Crime,12O\n", "{file}:2 (Offences): '12O' is not a number\n    write digits only, such as -1234.5"),
    Bad("a footnote mark at a figure", HEAD + "Jul-20,All Crime,123*\n", "{file}:2 (Offences): '123*' is not a number\n    if a mark follows the figure, name it under `marks` in the mapping"),
    Bad("a percentage where a count belongs", HEAD + "Jul-20,All Crime,45%\n", "{file}:2 (Offences): '45%' is not a number\n    leave % out, or make the statistic percent"),
    Bad("more digits than a number keeps", HEAD + "Jul-20,All Crime,1234567890123456\n", "{file}:2 (Offences): '1234567890123456' is not a number\n    write digits only, such as -1234.5"),
    Bad("in exponents", HEAD + "Jul-20,All Crime,1.2E+05\n", "{file}:2 (Offences): '1.2E+05' is not a number\n    write all digits; in Excel, format the column as numbers"),
    Bad("more than 100 per cent", "Month,Compliance\nJul-20,143%\n", "{file}:2 (value): 143 is not between 0 and 100, as a percentage is\n    write 33.8 for 33.8%; a change has the statistic percent_change or point_change", mapping=PERCENT),
    Bad("fractions where percentages belong", sheet()[:0] + xlsx({"S": [("Month", "Compliance"), ("Jul-20", 0.615)]}), "{file}, sheet S: no percentage is above 1: these look like fractions, 0.45 for 45%\n    set scale in the mapping to 100, or to 1 if they are percentages", file="extract.xlsx", mapping=PERCENT),
    Bad("no time", "Month,Median\nJul-20,10.2\n", "{file}:2 (Median): '10.2' is not a time\n    write minutes and seconds as 10:12, or 1:10:12 with hours", mapping=TIMES),
    Bad("61 seconds", "Month,Median\nJul-20,10:61\n", "{file}:2 (Median): '10:61' is not a time\n    write minutes and seconds as 10:12, or 1:10:12 with hours", mapping=TIMES),
    # labels
    Bad("an offence that is not translated", HEAD + "Jul-20,Robery - Personal,1\n", "{file}:2 (Offence): the mapping does not translate 'Robery - Personal'\n    add it to values.offence; did you mean \"Robbery - Personal\"?"),
    Bad("a footnote digit at a label", HEAD + "Jul-20,All Crime2,1\n", "{file}:2 (Offence): the mapping does not translate 'All Crime2'\n    if '2' marks a footnote, add it to footnotes in the mapping"),
    Bad("an empty label", HEAD + "Jul-20,,1\n", "{file}:2 (Offence): this cell is empty\n    fill it, or name the column under fill_down in the mapping"),
    Bad("another force", "Force,Month,Offences\nLancashire Constabulry,Jul-20,1\n", "{file}:2 (Force): the mapping does not translate 'Lancashire Constabulry'\n    add it to values.area; did you mean \"Lancashire Constabulary\"?", mapping=AREAS),
    Bad("a subtotal", HEAD + GOOD + "Jul-20,Total,99\n", "{file}:3 (Offence): the mapping does not translate 'Total'\n    if it is a total, write leave_out: {Offence: [Total]} in the mapping"),
    Bad("an area that nobody translates", "Force,Month,Offences\nCumbria,Jul-20,1\n", "{file}:2 (area): 'Cumbria' is not known here\n    known: england_and_wales, lancashire, most_similar_group, north_west", mapping=AREAS.replace("values: {area: {Lancashire Constabulary: lancashire}}", "")),
    # archives
    Bad("a damaged archive", archive({"crime.csv": (HEAD + GOOD).encode()})[:-30], "{file}: this archive is damaged\n    get it from its source again", file="extract.zip"),
    Bad("an archive with a path outside", archive({"../crime.csv": (HEAD + GOOD).encode()}), "{file}: this archive has a path outside itself, '../crime.csv'\n    do not use it: unpacking it could overwrite other files", file="extract.zip"),
    Bad("an archive with a path of another disk", archive({"C:\\crime.csv": (HEAD + GOOD).encode()}), "{file}: this archive has a path outside itself, 'C:\\\\crime.csv'\n    do not use it: unpacking it could overwrite other files", file="extract.zip"),
    Bad("an archive with a path from the root", archive({"/etc/crime.csv": (HEAD + GOOD).encode()}), "{file}: this archive has a path outside itself, '/etc/crime.csv'\n    do not use it: unpacking it could overwrite other files", file="extract.zip"),
    Bad("an archive with a link", link(), "{file}: 'crime.csv' in this archive is a link to another file\n    pack the file itself", file="extract.zip"),
    Bad("an archive with a password", with_password(), "{file}: 'crime.csv' in this archive has a password\n    unpack it with its password, and import the unpacked file", file="extract.zip"),
    Bad("an archive that explodes", archive({"crime.csv": ZEROS}), "{file}: this unpacks to more than 200 times its size, which no table does\n    get it from its source again, or unpack it yourself and look inside", file="extract.zip"),
    Bad("an archive whose members overlap", overlapping(), "{file}: this unpacks to more than 200 times its size, which no table does\n    get it from its source again, or unpack it yourself and look inside", file="extract.zip"),
    Bad("an archive of too many files", archive({f"{n}.txt": b"" for n in range(10_001)}), "{file}: this archive holds more than 10,000 files\n    get it from its source again, or unpack it yourself and look inside", file="extract.zip"),
    Bad("an archive without tables", archive({"readme.md": b"x"}), "{file}: this has no file that ends in .csv or .tsv or .txt or .xlsx or .xlsm or .ods\n    look inside", file="extract.zip"),
    Bad("a gzipped file that explodes", gzip.compress(ZEROS), "{file}: this unpacks to more than 200 times its size, which no table does\n    get it from its source again, or unpack it yourself and look inside", file="extract.csv.gz"),
    Bad("a damaged gzipped file", gzip.compress((HEAD + GOOD * 1000).encode())[:-20], "{file}: this file is damaged (Compressed file ended before the end-of-stream marker was reached)\n    get it from its source again", file="extract.csv.gz"),
    Bad("a workbook that explodes", archive({"xl/workbook.xml": ZEROS}), "{file}: this unpacks to more than 200 times its size, which no table does\n    get it from its source again, or unpack it yourself and look inside", file="extract.xlsx"),
    # what stands there
    Bad("a published figure", "From,To,Offences\n2019-07-01,2020-06-30,134070\n", "{file}:2: 134069 is published, so it is not replaced by 134070\n    take the row out or, if its figure is from another system, give it a source of its own", mapping=DAYS),
    # hostile cells
    Bad("HTML in a label", HEAD + "Jul-20,<script>alert(1)</script>,1\n", "{file}:2 (Offence): the mapping does not translate '<script>alert(1)</script>'\n    add it to values.offence; known: All Crime, Robbery - Personal"),
    Bad("a shortcode as a figure", HEAD + "Jul-20,All Crime,{{< var crime.all.year.count >}}\n", "{file}:2 (Offences): '{{< var crime.all.year.count >}}' is not a number\n    if it means that there is no figure, name it under `absent` in the mapping"),
    Bad("a spreadsheet formula as a figure", HEAD + 'Jul-20,All Crime,"=HYPERLINK(""http://example.org"")"\n', "{file}:2 (Offences): '=HYPERLINK(\"http://example.org\")' is not a number\n    this is a formula as text; write its value instead"),
    Bad("a spreadsheet formula as a label", HEAD + "Jul-20,=1+1,1\n", "{file}:2 (Offence): the mapping does not translate '=1+1'\n    add it to values.offence; known: All Crime, Robbery - Personal"),
    Bad("Markdown in a label", HEAD + "Jul-20,**All Crime**,1\n", "{file}:2 (Offence): the mapping does not translate '**All Crime**'\n    add it to values.offence; did you mean \"All Crime\"?"),
    Bad("Typst in a label", HEAD + 'Jul-20,"#read(""/etc/passwd"")",1\n', "{file}:2 (Offence): the mapping does not translate '#read(\"/etc/passwd\")'\n    add it to values.offence; known: All Crime, Robbery - Personal"),
    Bad("HTML in an enumerated column", 'Function,Part,FTE\n"<b>Intelligence</b>",All,1\n', "{file}:2 (function): '<b>Intelligence</b>' is not known here\n    did you mean \"Intelligence\"?", mapping=CENSUS, options={"quarter": "2020-21-Q2"}),
)  # fmt: skip
