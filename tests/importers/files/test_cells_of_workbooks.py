"""What a workbook says of its cells beyond their values: the same in XLSX and ODS, and as the sheet shows it."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from bad_input.workbooks import Error, Formatted, Rich, altered, ods, xlsx

from scrutiny.importers.files.cells import Flaw, Serial1904, Time, joined
from scrutiny.importers.files.number_formats import BUILT_IN, SCALED, NumberFormat, parse_format
from scrutiny.importers.files.workbooks import read_tables

UNCLEAR = "this cell's format shows some numbers as percentages and others not"


def cells_of(folder, made, name):
    (folder / name).write_bytes(made)
    (table,) = read_tables([folder / name])
    return table


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("General", NumberFormat()), ("0.00", NumberFormat()), ("#,##0;[Red]-#,##0", NumberFormat()),
        ("0.00E+00", NumberFormat()), ('"£"#,##0.00', NumberFormat()), ("[$£-809]#,##0", NumberFormat()),
        ("dd/mm/yyyy", NumberFormat()), ("mmm-yy", NumberFormat()), ("dd/mm/yyyy hh:mm", NumberFormat()),
        ("@", NumberFormat()), ('0" of 100"', NumberFormat()), ("0_%", NumberFormat()), ("0*%", NumberFormat()),
        ("0%", NumberFormat("hundredfold")), ("0.0 %", NumberFormat("hundredfold")),
        ("0.0%;[Red]-0.0%", NumberFormat("hundredfold")), ('0.0%;-0.0%;"-"', NumberFormat("hundredfold")),
        ('0.0"%"', NumberFormat("as it is")), (r"0.0\%", NumberFormat("as it is")),
        ("[<1]0.0%;0.0", NumberFormat("unclear")), ("0%%", NumberFormat("unclear")),
        ("#,##0,", NumberFormat("scaled")), ('0.0,,"m"', NumberFormat("scaled")), (";;;", NumberFormat("hidden")),
        ("h:mm", NumberFormat("", True, "h:mm")), ("hh:mm;@", NumberFormat("", True, "h:mm")),
        ("[h]:mm", NumberFormat("", True, "h:mm", True)), ("h:mm:ss", NumberFormat("", True, "h:mm:ss")),
        ("[hh]:mm:ss.0", NumberFormat("", True, "h:mm:ss", True)), ("mm:ss", NumberFormat("", True, "m:ss")),
        ("[mm]:ss", NumberFormat("", True, "m:ss", True)), ("h:mm AM/PM", NumberFormat("", True)),
        ("[$-F400]h:mm:ss AM/PM", NumberFormat("", True, "h:mm:ss")), ("[s]", NumberFormat("", True, None, True)),
        ('h"h "mm', NumberFormat("", True)),
    ],
)  # fmt: skip
def test_what_a_format_says(code, form):
    assert parse_format(code) == form


def test_the_formats_that_are_known_by_number_only():
    assert [parse_format(BUILT_IN[number]).percent for number in (9, 10)] == ["hundredfold", "hundredfold"]
    forms = [parse_format(BUILT_IN[number]).form for number in (20, 21, 45, 46, 47)]
    assert forms == ["h:mm", "h:mm:ss", "m:ss", "h:mm:ss", "m:ss"]


def serial(**parts):
    return float(dt.timedelta(**parts) / dt.timedelta(days=1))


TEN_TWELVE = serial(hours=10, minutes=12)
SHOWN = [
    # XLSX, ODS, what is read of it
    (Formatted(0.672, "0.0%"), Formatted(0.672, kind="percentage", text="67.2%"), "67.2%"),
    (Formatted(0.67200000000000004, "0%"), Formatted(0.67200000000000004, kind="percentage", text="67%"), "67.2%"),
    (Formatted(1, "0%"), Formatted(1, kind="percentage", text="100%"), "100%"),
    (Formatted(55, '0"%"'), Formatted(55, text="55%"), "55%"),
    (Formatted(-0.05, "0.0%;[Red]-0.0%"), Formatted(-0.05, kind="percentage", text="-5.0%"), "-5%"),
    (Formatted(12300000, "0.0,,"), Formatted(12300000, text="12.3"), SCALED),
    (Formatted(12300000, "#,##0"), Formatted(12300000, text="12,300,000"), 12300000),
    (Formatted(0.001, "0"), Formatted(0.001, text="0"), 0.001),
    (Formatted(0.55, "0.00"), Formatted(0.55, text="0.55"), 0.55),
    (Formatted(0.55, "[<1]0.0%;0.0"), None, Flaw(UNCLEAR, "format the column as a number, or as %")),
    (
        Formatted(TEN_TWELVE, "h:mm"),
        Formatted("PT10H12M00S", kind="time", text="10:12"),
        Time(Decimal(36720), "h:mm", "10:12"),
    ),
    (
        Formatted(TEN_TWELVE, "h:mm:ss"),
        Formatted("PT10H12M00S", kind="time", text="10:12:00"),
        Time(Decimal(36720), "h:mm:ss", "10:12:00"),
    ),
    (
        Formatted(serial(minutes=10, seconds=12), "mm:ss"),
        Formatted("PT10M12S", kind="time", text="10:12"),
        Time(Decimal(612), "m:ss", "10:12"),
    ),
    # a part is hidden: the hours, the days
    (
        Formatted(TEN_TWELVE, "mm:ss"),
        Formatted("PT10H12M", kind="time", text="12:00"),
        Time(Decimal(36720), None, "10:12:00"),
    ),
    (
        Formatted(serial(hours=26, minutes=3), "h:mm"),
        Formatted("P1DT2H3M", kind="time", text="02:03"),
        Time(Decimal(93780), None, "26:03:00"),
    ),
    (
        Formatted(serial(hours=26, minutes=3), "[h]:mm"),
        Formatted("PT26H3M", kind="time", text="26:03"),
        Time(Decimal(93780), "h:mm", "26:03"),
    ),
    (
        Formatted(serial(seconds=7, milliseconds=500), "h:mm:ss.0"),
        Formatted("PT0H0M7.5S", kind="time", text="0:00:07.5"),
        Time(Decimal("7.5"), "h:mm:ss", "0:00:07.5"),
    ),
    (
        Formatted(-TEN_TWELVE, "h:mm"),
        Formatted("-PT10H12M", kind="time", text="-10:12"),
        Time(Decimal(-36720), None, "-10:12:00"),
    ),
    (
        Formatted(TEN_TWELVE, "h:mm AM/PM"),
        Formatted("PT10H12M", kind="time", text="10:12 AM"),
        Time(Decimal(36720), None, "10:12:00"),
    ),
    (Rich([("104", ""), ("2", "superscript")]), Rich([("104", ""), ("2", "superscript")]), "104 [2]"),
    (Rich([("104", ""), ("2", "subscript")]), Rich([("104", ""), ("2", "subscript")]), "104 [2]"),
    (Rich([("1", ""), ("04", "")]), Rich([("1", ""), ("04", "")]), "104"),
]  # fmt: skip


@pytest.mark.parametrize(("of_excel", "of_libreoffice", "cell"), SHOWN)
def test_a_cell_is_what_the_sheet_shows(tmp_path, of_excel, of_libreoffice, cell):
    read = [
        cells_of(tmp_path, make({"S": [["A", "B"], ["x", given]]}), name).rows[1][1][1]
        for make, name, given in ((xlsx, "a.xlsx", of_excel), (ods, "a.ods", of_libreoffice))
        if given
    ]
    assert read == [cell] * len(read)
    assert {type(each) for each in read} == {type(cell)}


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ([("Fraud", ""), ("3", "superscript")], "Fraud [3]"),
        ([("fraud", ""), ("3", "superscript"), (")", "")], "fraud [3])"),
        ([("North West", ""), ("7", "superscript"), (",8", "superscript")], "North West [7,8]"),
        ([("12 ", ""), ("(p)", "superscript")], "12 (p)"),
        ([("June 2019", ""), ("1,2", "superscript")], "June 2019 [1,2]"),
        ([("1", "superscript"), ("Source: ONS", "")], "1 Source: ONS"),
        ([("1", ""), ("st", "superscript"), (" April", "")], "1st April"),
        ([("CO", ""), ("2", "subscript")], "CO2"),
        ([("104", ""), (" ", "superscript")], "104 "),
    ],
)
def test_raised_marks_are_set_apart(runs, text):
    assert joined(runs) == text


def test_shared_strings_have_their_marks_too(tmp_path):
    shared = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Number</t></si><si><r><t>104</t></r>'
        b'<r><rPr><vertAlign val="superscript"/></rPr><t>2</t></r></si></sst>'
    )
    made = io.BytesIO(xlsx({"S": [["A"], ["x"]]}))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", shared)
    relation = (
        b'<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    workbook = altered(
        made.getvalue(), b'Target="styles.xml"/></Relationships>', b'Target="styles.xml"/>' + relation
    )
    workbook = altered(workbook, b't="inlineStr"><is><t xml:space="preserve">x</t></is>', b't="s"><v>1</v>')
    assert [list(cells) for _, cells in cells_of(tmp_path, workbook, "a.xlsx").rows] == [["A"], ["104 [2]"]]


def test_days_counted_from_1904(tmp_path):
    day = dt.date(2020, 4, 1)
    bare = (day - dt.date(1904, 1, 1)).days
    table = cells_of(tmp_path, xlsx({"S": [[day, bare, 1.5]]}, from_1904=True), "a.xlsx")
    assert list(table.rows[0][1]) == [day, bare, 1.5]
    assert isinstance(table.rows[0][1][1], Serial1904)


@pytest.mark.parametrize(("make", "name"), [(xlsx, "a.xlsx"), (ods, "a.ods")])
def test_what_is_hidden_is_known(tmp_path, make, name):
    rows = [["A", "B", "C"], [1, 2, 3], ["", "", ""], [4, 5, 6]]
    table = cells_of(tmp_path, make({"S": rows}, hidden_rows=[3, 4], hidden_columns=[2]), name)
    assert (table.hidden_rows, table.hidden_columns) == ({4}, {1})
    assert table.notes == (f"read, though hidden in {tmp_path / name}, sheet S: rows (1), columns (1)",)
    table = cells_of(tmp_path, make({"S": rows}), name)
    assert (table.hidden_rows, table.hidden_columns) == (set(), set())


def test_what_a_merged_cell_covers_is_no_figure(tmp_path):
    table = cells_of(tmp_path, xlsx({"S": [["A", "B"], [1, 2]]}, merged=["A2:B2"]), "a.xlsx")
    assert table.rows[1][1][0] == 1
    assert table.rows[1][1][1].message == "this cell is covered by a merged one, but has something in it"


@pytest.mark.parametrize("written", ["NaN", "1e400", "-INF"])
def test_what_is_no_number_is_a_flaw(tmp_path, written):
    table = cells_of(tmp_path, xlsx({"S": [["A"], [Formatted(written)]]}), "a.xlsx")
    assert isinstance(table.rows[1][1][0], Flaw)


def test_an_error_repeated_over_cells_is_one_in_each(tmp_path):
    one = b'<table:table-cell office:value-type="float" office:value="7"/>'
    of_calc = b"urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
    three = (
        b'<table:table-cell xmlns:calcext="' + of_calc + b'" table:number-columns-repeated="3" '
        b'calcext:value-type="error" office:value-type="string"><text:p xmlns:text='
        b'"urn:oasis:names:tc:opendocument:xmlns:text:1.0">#N/A</text:p></table:table-cell>'
    )
    table = cells_of(tmp_path, altered(ods({"S": [["A"], [7]]}), one, three), "a.ods")
    assert [cell.message for cell in table.rows[1][1]] == ["this cell has the error #N/A"] * 3


def test_errors_are_still_flaws(tmp_path):
    table = cells_of(tmp_path, xlsx({"S": [["A"], [Error("#REF!")]]}), "a.xlsx")
    assert table.rows[1][1][0].message == "this cell has the error #REF!"
