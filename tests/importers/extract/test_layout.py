"""What a sheet hides, and a second table below the first."""

import datetime as dt

import pytest
from bad_input.cases import LONG, WIDE
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT

from scrutiny import importers as intake
from scrutiny.errors import WrongInput
from scrutiny.inputs.project import Project

HEAD = ["Month", "Offence", "Offences"]
ROWS = [HEAD, ["Jul-20", "All Crime", 1], ["Aug-20", "All Crime", 2], ["Sep-20", "All Crime", 3]]
SHOW = "show all rows (Data, Clear filter) if they belong to the figures, or delete the hidden ones"
BELOW = "another table begins here; nothing from here on is read"


def taken(folder, content, name, mapping=LONG):
    (folder / name).write_bytes(content)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    options = intake.parse_options(folder / "mapping.yaml", "2020-10-05", None)
    (change,) = intake.take_in(Project(ROOT), "extract", [folder / name], options).changes
    return sorted(row["value"] for row in change.added), change.refused


def lines(rows):
    return "".join(",".join(map(str, row)) + "\n" for row in rows).encode()


@pytest.mark.parametrize(("make", "name"), [(xlsx, "a.xlsx"), (ods, "a.ods")])
@pytest.mark.parametrize(
    ("rows", "columns", "mapping", "message"),
    [
        ([3, 4], [], LONG, f", sheet S:3: 2 rows are hidden, from row 3 on\n    {SHOW}"),
        ([4], [], LONG, f", sheet S:4: this row is hidden\n    {SHOW}"),
        ([], [3], LONG, ", sheet S:1 (Offences): this column is hidden\n    show it, delete it, or add it to ignore"),
    ],
)  # fmt: skip
def test_what_is_hidden_is_neither_read_nor_left_out_in_silence(
    tmp_path, make, name, rows, columns, mapping, message
):
    content = make({"S": ROWS}, hidden_rows=rows, hidden_columns=columns)
    with pytest.raises(WrongInput) as error:
        taken(tmp_path, content, name, mapping)
    assert str(error.value).endswith(f"{name}{message}")


def test_what_is_not_read_may_be_hidden(tmp_path):
    rows = [["A title"], *([*row, 9] for row in ROWS)]
    rows[1][3] = "Old"
    content = xlsx({"S": rows}, hidden_rows=[1, 9], hidden_columns=[4, 7])
    assert taken(tmp_path, content, "a.xlsx", LONG + "ignore: [Old]\n") == (["1", "2", "3"], ())


OTHER = ["Oct-20", "All Crime", 9]
WIDER = [["Offence", "Jul-20", "Aug-20"], ["All Crime", 1, 2], []]


@pytest.mark.parametrize(
    ("rows", "mapping", "line"),
    [
        ([*ROWS, [], HEAD, OTHER], LONG, 6),
        ([*ROWS, ["Lancashire"], HEAD, OTHER], LONG, 6),
        ([*ROWS, [], ["Quarter", "Kind", "Searches"], OTHER], LONG, 6),
        ([*WIDER, ["Offence", "Oct-20", "Nov-20"], ["Robbery - Personal", 3, 4]], WIDE, 4),
        ([*WIDER, ["Offence", "2020/21", "2021/22"], ["Robbery - Personal", 3, 4]], WIDE, 4),
    ],
)
def test_a_second_table_below_is_not_read_as_the_first(tmp_path, rows, mapping, line):
    read = ["1", "2"] if mapping == WIDE else ["1", "2", "3"]
    for content, name in ((lines(rows), "a.csv"), (xlsx({"S": rows}), "a.xlsx")):
        values, refused = taken(tmp_path, content, name, mapping)
        assert values == read
        assert [problem.location.line for problem in refused if problem.message == BELOW] == [line]


def test_real_months_in_the_header_of_a_second_table(tmp_path):
    rows = [*WIDER, ["Offence", dt.date(2020, 10, 1), dt.date(2020, 11, 1)], ["Robbery - Personal", 3, 4]]
    values, refused = taken(tmp_path, xlsx({"S": rows}), "a.xlsx", WIDE)
    assert (values, [problem.message for problem in refused]) == (["1", "2"], [BELOW])


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS[:2], [], *ROWS[2:]],
        [*ROWS[:2], HEAD, *ROWS[2:]],
        [*ROWS, [], ["Source: the force", "with", "words"]],
        [*ROWS[:3], [], ["Sep-20", "All Crime", "3 (p)"]],
    ],
)
def test_gaps_headers_of_pages_and_notes_are_no_second_table(tmp_path, rows):
    mapping = LONG + "notes: ['Source:']\nmarks: {(p): p}\n"
    assert taken(tmp_path, lines(rows), "a.csv", mapping) == (["1", "2", "3"], ())


def test_a_cell_of_two_lines_is_no_gap(tmp_path):
    content = b'Month,Offence,Offences\nJul-20,"All\nCrime",1\nMonth,Offence,Offences\nAug-20,All Crime,2\n'
    assert taken(tmp_path, content, "a.csv") == (["1", "2"], ())
