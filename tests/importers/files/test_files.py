"""Files of any make become the same table of cells."""

import datetime as dt
import gzip
import zipfile

import pytest
from bad_input.workbooks import Formula, altered, ods, xlsx
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import Location, WrongInput, WrongUse
from scrutiny.importers.files.cells import Flaw, as_text, is_empty
from scrutiny.importers.files.csv import decode, read_csv
from scrutiny.importers.files.workbooks import read_tables

TEXT = "Month,Offences £\r\nApr-20,1\r\n\r\nMay-20,2\r\n"
ROWS = [(1, ["Month", "Offences £"]), (2, ["Apr-20", "1"]), (4, ["May-20", "2"])]


def rows_of(table):
    return [(row, list(cells)) for row, cells in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encoding_and_separator_are_found(encoding, separator):
    assert rows_of(read_csv(TEXT.replace(",", separator).encode(encoding), "x.csv")) == ROWS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A title, with a comma\nMonth;Number\nApr;1\nMay;2\n", ["Month", "Number"]),
        ('Month,Number\nApr,"1,234"\n', ["Month", "Number"]),
        ("Month;Number\nApr;1,5\nMay;2,5\n", ["Month", "Number"]),
        ("sep=|\nMonth|Number;with\n", ["Month", "Number;with"]),
        ("Number\n1\n2\n", ["Number"]),
        ('"A, B";"C, D"\n"1, 2";"3, 4"\n', ["A, B", "C, D"]),
    ],
)
def test_a_separator_inside_cells_does_not_mislead(text, expected):
    assert expected in [list(cells) for _, cells in read_csv(text.encode(), "x.csv").rows]


def test_the_line_of_a_row_is_that_of_the_file():
    table = read_csv(b'sep=;\nA;B\n"two\nlines";1\nx;2\n', "x.csv")
    assert rows_of(table) == [(2, ["A", "B"]), (3, ["two\nlines", "1"]), (5, ["x", "2"])]


@given(st.lists(st.lists(st.text("abc £é,;\"'\n1", min_size=1), min_size=2, max_size=4), min_size=3, max_size=8))
def test_no_file_is_read_as_another_error_than_ours(rows):
    content = "\n".join(",".join(row) for row in rows).encode("cp1252")
    try:
        read_csv(content, "x.csv")
    except WrongInput as error:
        assert len(error.problems) == 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_utf_8_is_read_as_such(text):
    content = ("Month" + text).encode()
    assert decode(content, Location("x.csv")) == "Month" + text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"), (12.5, "12.5"), (True, "TRUE"), (dt.date(2020, 4, 1), "2020-04-01"),
        (dt.datetime(2020, 4, 1), "2020-04-01"), ("\xa0 All\tcrime\n", "All crime"),
        ("a\x1b[31mb", "a [31mb"), ("Lanca​shire", "Lanca shire"), ("‮evil", "evil"),
    ],
)  # fmt: skip
def test_cells_as_text(cell, text):
    assert as_text(cell) == text


@pytest.mark.parametrize(("make", "name"), [(xlsx, "a.xlsx"), (ods, "a.ods")])
def test_workbooks_are_read_with_their_rows_and_types(tmp_path, make, name):
    rows = [
        ["Title"],
        [],
        ["Month", "Number", "", "Share"],
        [dt.date(2020, 4, 1), 12, "", 0.5],
        ["", Formula("1+1", 2), Formula("SUM(B4:B9)"), "a & b"],
    ]
    (tmp_path / name).write_bytes(make({"First": rows, "Second": [["x"]]}))
    first, second = read_tables([tmp_path / name])
    assert (first.sheet, second.sheet, first.name) == ("First", "Second", f"{tmp_path / name}, sheet First")
    assert [row for row, _ in first.rows] == [1, 3, 4, 5]
    assert [list(cells)[:4] for _, cells in first.rows[2:3]] == [[dt.date(2020, 4, 1), 12, "", 0.5]]
    _, last = first.rows[-1]
    assert last[1] == 2
    assert isinstance(last[2], Flaw)
    assert not is_empty(last[2])
    assert last[3] == "a & b"
    assert [table.sheet for table in read_tables([tmp_path / name], sheet="second ")] == ["Second"]


def test_hidden_sheets_are_read_only_by_name(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(xlsx({"Data": [["a"]], "Old": [["b"]]}, hidden=["Old"]))
    assert [table.sheet for table in read_tables([path])] == ["Data"]
    assert [table.sheet for table in read_tables([path], sheet="Old")] == ["Old"]


def test_folders_archives_and_gzipped_files_give_what_is_in_them(tmp_path):
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "b.csv").write_text("b,1\n")
    (folder / ".hidden.csv").write_text("no,1\n")
    (folder / "~$lock.xlsx").write_text("no")
    (folder / "notes.docx").write_text("no")
    (folder / "c.csv.gz").write_bytes(gzip.compress(b"c,1\n"))
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.writestr("2020-04/a.csv", "a,1\n")
        archive.writestr("2020-05/z.csv.gz", gzip.compress(b"z,1\n"))
        archive.writestr("__MACOSX/2020-04/._a.csv", "no")
        archive.writestr("readme.md", "no")
    tables = {table.name.removeprefix(f"{folder}/"): rows_of(table)[0][1][0] for table in read_tables([folder])}
    assert tables == {
        "a.zip: 2020-04/a.csv": "a",
        "a.zip: 2020-05/z.csv.gz": "z",
        "c.csv.gz": "c",
        "deep/b.csv": "b",
    }


def test_a_name_in_an_archive_cannot_write_to_the_terminal(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("\x1b[2Jcrime.csv", "a,1\n")
    assert [table.name for table in read_tables([tmp_path / "a.zip"])] == [f"{tmp_path / 'a.zip'}: [2Jcrime.csv"]


def test_a_file_that_is_not_there_is_a_wrong_use(tmp_path):
    with pytest.raises(WrongUse, match="there is no such file or folder"):
        list(read_tables([tmp_path / "no.csv"]))


def test_entities_that_explode_are_refused(tmp_path):
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    path = tmp_path / "a.xlsx"
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "lol">{lols}]><worksheet'
    workbook = altered(xlsx({"Data": [["a"]]}), b"<worksheet", bomb.encode())
    path.write_bytes(altered(workbook, b">a</t>", b">&l11;</t>"))
    with pytest.raises(WrongInput, match="this workbook is damaged"):
        list(read_tables([path]))


def test_a_value_repeated_over_a_whole_sheet_is_refused_before_room_is_made_for_it(tmp_path):
    path = tmp_path / "a.ods"
    row = b'<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="900"'
    path.write_bytes(altered(ods({"Data": [["a"]]}), b"<table:table-row><table:table-cell", row))
    with pytest.raises(WrongInput, match="extends to row 1,000,000 with 900 columns"):
        list(read_tables([path]))
