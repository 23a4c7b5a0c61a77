"""Percentages: what a cell states, what scale applies to, and fractions among them."""

import pytest
from bad_input.cases import PERCENT
from bad_input.workbooks import Formatted, ods, xlsx
from fixtures.projects import ROOT

from scrutiny import importers as intake
from scrutiny.inputs.project import Project

MONTHS = ["Jan-20", "Feb-20", "Mar-20", "Apr-20", "May-20", "Jun-20"]
COUNT = """
dataset: recorded_crime
columns: {Month: period, Compliance: value}
period: month
constants: {source: recorded-crime-dashboard, area: lancashire, offence: all, statistic: count}
"""
CHANGE = """
dataset: crime_comparisons
columns: {Month: period, Compliance: value}
period: year_to
constants: {source: forcesight, area: lancashire, offence: all, statistic: percent_change}
"""


def percent(value, code="0.0%", text="%"):
    return Formatted(value, code, kind="percentage", text=text)


def taken(folder, cells, mapping, make=xlsx, name="a.xlsx"):
    rows = [["Month", "Compliance"], *([month, cell] for month, cell in zip(MONTHS, cells, strict=False))]
    if make:
        (folder / name).write_bytes(make({"S": rows}))
    else:
        text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    options = intake.parse_options(folder / "mapping.yaml", "2020-10-05", None)
    (change,) = intake.take_in(Project(ROOT), "extract", [folder / name], options).changes
    rows = sorted(
        (*change.added, *(each.new for each in change.revised), *change.same), key=lambda row: row["period_end"]
    )
    return [row["value"] for row in rows], [str(problem).split(f"{name}")[-1] for problem in change.refused]


WITH_SIGN = "write it with its %, as others here are, or set scale in the mapping to 1 or 100"
AS_IT_IS = "write it with its %, as 61%, or correct scale in the mapping"
SCALE = "leave scale out of the mapping, or the % out of the cells"


@pytest.mark.parametrize(
    ("cells", "scale", "values", "problems"),
    [
        ([percent(0.55), percent(0.52)], None, ["55", "52"], []),
        ([percent(0.672), "67.2%", 66], None, ["67.2", "67.2", "66"], []),
        ([percent(0.005), percent(0.61)], None, ["0.5", "61"], []),
        (
            [0.55, 0.52, "61%", 58], None, ["61", "58"],
            [f", sheet S:2 (Compliance): 0.55 may be 0.55% or 55%\n    {WITH_SIGN}",
             f", sheet S:3 (Compliance): 0.52 may be 0.52% or 52%\n    {WITH_SIGN}"],
        ),
        ([percent(0.55), 1], None, ["55"], [f", sheet S:3 (Compliance): 1 may be 1% or 100%\n    {WITH_SIGN}"]),
        ([percent(0.55), 0], None, ["55", "0"], []),
        (
            [0.55, 0.52, 61], None, ["61"],
            [f", sheet S:{row} (Compliance): {text} may be a fraction: others of its series are as high as 61\n    "
             "set scale in the mapping to 1 if it is right" for row, text in ((2, "0.55"), (3, "0.52"))],
        ),
        ([0.9, 1.1, 3.2], None, ["0.9", "1.1", "3.2"], []),
        ([0.4, 61], 1, ["0.4", "61"], []),
        ([0.55, 0.52], 100, ["55", "52"], []),
        ([0.55, percent(0.52), "61%"], 100, ["55", "52", "61"], []),
        (
            [0.55, "0.61%"], 100, ["55"],
            [f", sheet S:3 (Compliance): '0.61%' states a percentage, but the mapping multiplies by 100\n    {SCALE}"],
        ),
        (
            [0.55, 61], 100, ["55"],
            [f", sheet S:3 (Compliance): '61' is not a fraction, but the mapping multiplies by 100\n    {AS_IT_IS}"],
        ),
        (
            ["61%"], 10, [],
            [f", sheet S:2 (Compliance): '61%' states a percentage, but the mapping multiplies by 10\n    {SCALE}"],
        ),
        (["61% (p)", percent(0.5)], None, ["61", "50"], []),
    ],
)  # fmt: skip
def test_a_percentage_is_what_the_sheet_shows(tmp_path, cells, scale, values, problems):
    mapping = PERCENT + ("" if scale is None else f"scale: {scale}\n") + "marks: {(p): p}\n"
    assert taken(tmp_path, cells, mapping) == (values, problems)


def test_the_same_in_ods_and_csv(tmp_path):
    assert taken(tmp_path, [percent(0.55), percent(0.52)], PERCENT, ods, "a.ods") == (["55", "52"], [])
    values, problems = taken(tmp_path, ["0.55", "0.52", "61%", "0.58"], PERCENT, None, "a.csv")
    assert (values, len(problems)) == (["61"], 3)


@pytest.mark.parametrize("cell", [percent(0.55), Formatted(55, '0"%"')])
def test_a_count_that_is_shown_as_a_percentage_is_refused(tmp_path, cell):
    values, (problem,) = taken(tmp_path, [cell], COUNT)
    assert values == []
    assert problem == (
        ", sheet S:2 (Compliance): '55%' is not a number\n    leave % out, or make the statistic percent"
    )


def test_a_change_that_looks_like_a_fraction_is_refused_and_not_written(tmp_path):
    look = ", sheet S: no percentage is above 1: these look like fractions, 0.45 for 45%\n    "
    expected = ([], [f"{look}set scale in the mapping to 100, or to 1 if they are percentages"])
    assert taken(tmp_path, [-0.051, 0.02], CHANGE) == expected
    assert taken(tmp_path, [percent(-0.051), percent(0.02)], CHANGE) == (["-5.1", "2"], [])
    assert taken(tmp_path, [0.02, 1.25], CHANGE + "scale: 100\n") == (["2", "125"], [])
