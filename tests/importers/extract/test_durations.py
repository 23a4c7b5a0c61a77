"""A time has one meaning, whether as text or as a cell of a workbook, or is refused."""

import datetime as dt
from decimal import Decimal

import pytest
from bad_input.cases import TIMES
from bad_input.workbooks import Formatted, ods, xlsx
from fixtures.projects import ROOT
from hypothesis import given
from hypothesis import strategies as st

from scrutiny import importers as intake
from scrutiny.errors import WrongInput
from scrutiny.importers.extract.durations import read_seconds
from scrutiny.importers.files.cells import CellError, Time
from scrutiny.importers.files.number_formats import time_cell
from scrutiny.inputs.project import Project

FORMS = (True, "m:ss", "h:mm", "h:mm:ss")
STATE = 'state in the mapping which: duration: "m:ss", "h:mm" or "h:mm:ss"'


def h(hours, minutes=0, seconds=0):
    return Decimal(hours * 3600 + minutes * 60 + seconds)


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        # the cell; what it is with true, "m:ss", "h:mm", "h:mm:ss"; None if it is refused
        ("10:12", (612, 612, 36720, None)),
        ("1:10:12", (4212, None, None, 4212)),
        ("10:12:00", (None, None, None, 36720)),
        ("100:12", (6012, 6012, 360720, None)),
        ("1:75:00", (None, None, None, None)),
        ("10:61", (None, None, None, None)),
        ("0:07.5", ("7.5", "7.5", None, None)),
        ("-0:30", (None, None, None, None)),
        ("10.12", (None, None, None, None)),
        ("612", (None, None, None, None)),
        (612, (None, None, None, None)),
        (0.425, (None, None, None, None)),
        ("PT10M12S", (None, None, None, None)),
        (dt.date(2020, 4, 1), (None, None, None, None)),
        ("١٠:١٢", (None, None, None, None)),
        (time_cell(h(10, 12), "h:mm"), (None, 612, 36720, None)),
        (time_cell(h(10, 12, 30), "h:mm"), (None, "612.5", 36750, None)),
        (time_cell(h(0, 10), "h:mm"), (None, 10, 600, None)),
        (time_cell(h(0, 10, 12), "m:ss"), (612, 612, None, None)),
        (time_cell(h(10, 12), "m:ss"), (36720, 36720, None, None)),
        (time_cell(h(10, 12), "h:mm:ss"), (None, None, None, 36720)),
        (time_cell(h(10, 12, 30), "h:mm:ss"), (36750, None, None, 36750)),
        (time_cell(h(0, 10, 12), "h:mm:ss"), (612, None, None, 612)),
        (time_cell(h(0, 10), "h:mm:ss"), (600, None, None, 600)),
        (time_cell(h(26, 3), "h:mm:ss"), (None, 1563, 93780, 93780)),
        (time_cell(h(26, 3), "h:mm"), (None, 1563, 93780, None)),
        (time_cell(h(10, 12), None), (None, None, None, None)),
        (time_cell(h(-1), "h:mm"), (None, None, None, None)),
        (time_cell(h(0), "h:mm"), (0, 0, 0, 0)),
    ],
)
def test_what_a_time_means_in_each_form(cell, seconds):
    for duration, expected in zip(FORMS, seconds, strict=True):
        if expected is None:
            with pytest.raises(CellError):
                read_seconds(cell, duration)
        else:
            assert read_seconds(cell, duration) == Decimal(expected), duration


@given(st.integers(0, 60 * 3600), st.sampled_from(["m:ss", "h:mm", "h:mm:ss"]), st.sampled_from(FORMS))
def test_text_and_cell_of_one_look_never_give_two_figures(seconds, form, duration):
    if form == "h:mm":
        seconds -= seconds % 60  # what a format hides, text has lost
    cell = time_cell(Decimal(seconds), form)
    read = []
    for each in (cell, cell.text):
        try:
            read.append(read_seconds(each, duration))
        except CellError:
            continue
    assert len(set(read)) <= 1


@pytest.mark.parametrize(
    ("cell", "duration", "message", "hint"),
    [
        (
            time_cell(h(10, 12), "h:mm"), True,
            "'10:12' may be hours and minutes, or minutes and seconds", STATE,
        ),
        (
            time_cell(h(10, 12), "h:mm:ss"), "m:ss", "'10:12:00' is not a time as m:ss",
            "write it as 10:12, or correct duration in the mapping",
        ),
        (
            time_cell(h(10, 12), None), "h:mm",
            "the sheet does not show this time, 10:12:00, as hours, minutes and seconds",
            "format the column as [h]:mm:ss in the workbook",
        ),
        (
            "10:12", "h:mm:ss", "'10:12' is not a time as h:mm:ss",
            "write it as 1:10:12, or correct duration in the mapping",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_time_that_is_refused(cell, duration, message, hint):
    with pytest.raises(CellError) as error:
        read_seconds(cell, duration)
    assert (error.value.message, error.value.hint) == (message, hint)


def taken(folder, content, name, mapping):
    (folder / name).write_bytes(content)
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    options = intake.parse_options(folder / "mapping.yaml", "2020-10-05", None)
    (change,) = intake.take_in(Project(ROOT), "extract", [folder / name], options).changes
    return [row["value"] for row in change.added], [problem.message for problem in change.refused]


TYPED = (
    (Formatted(0.425, "h:mm"), xlsx, "a.xlsx"),
    (Formatted("PT10H12M00S", kind="time", text="10:12"), ods, "a.ods"),
)


@pytest.mark.parametrize(("cell", "make", "name"), TYPED)
@pytest.mark.parametrize(
    ("duration", "statistic", "values"),
    [
        ("true", "minutes", []), ("m:ss", "minutes", ["10.2"]), ("h:mm", "minutes", ["612"]),
        ('"h:mm:ss"', "minutes", []), ("m:ss", "seconds", ["612"]), ("false", "minutes", []),
    ],
)  # fmt: skip
def test_ten_twelve_as_it_is_typed_into_a_workbook(tmp_path, cell, make, name, duration, statistic, values):
    mapping = TIMES.replace("duration: true", f"duration: {duration}").replace(": minutes", f": {statistic}")
    content = make({"S": [["Month", "Median"], ["Jul-20", cell]]})
    assert taken(tmp_path, content, name, mapping)[0] == values


def test_only_times_are_read_as_times(tmp_path):
    mapping = """
dataset: call_handling
columns: {Line: telephone_line, Statistic: statistic, Figure: value}
window: quarter
duration: true
constants: {source: force-control-room, area: lancashire}
"""
    (tmp_path / "a.csv").write_text("Line,Statistic,Figure\n999,percent,91.2\n999,seconds,0:07\n")
    (tmp_path / "mapping.yaml").write_text(mapping)
    options = intake.parse_options(tmp_path / "mapping.yaml", "2020-10-05", "2020-21-Q2")
    (change,) = intake.take_in(Project(ROOT), "extract", [tmp_path / "a.csv"], options).changes
    rows = {row["statistic"]: row["value"] for row in (*change.added, *(each.new for each in change.revised))}
    assert (rows, change.refused) == ({"percent": "91.2", "seconds": "7"}, ())


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("mm:ss", "(duration): true, false, 'm:ss', 'h:mm' or 'h:mm:ss' belongs here, not 'mm:ss'"),
        ("m:ss\nscale: 60", "duration says already in what unit times are: leave scale out"),
    ],
)
def test_what_duration_cannot_be(tmp_path, key, message):
    with pytest.raises(WrongInput) as error:
        taken(tmp_path, b"Month,Median\nJul-20,10:12\n", "a.csv", TIMES.replace("true", key))
    assert str(error.value).endswith(message)


def test_a_time_where_a_number_belongs_names_the_key(tmp_path):
    content = xlsx({"S": [["Month", "Median"], ["Jul-20", Formatted(0.425, "h:mm")]]})
    values, problems = taken(tmp_path, content, "a.xlsx", TIMES.replace("duration: true\n", ""))
    assert (values, problems) == ([], ["'10:12' is a time, but a number belongs here"])


def test_times_show_as_the_sheet_does():
    assert [str(time_cell(h(26, 3, 7), form)) for form in ("h:mm:ss", "h:mm", "m:ss")] == [
        "26:03:07",
        "26:03",
        "1563:07",
    ]
    assert isinstance(time_cell(h(1), None), Time)
