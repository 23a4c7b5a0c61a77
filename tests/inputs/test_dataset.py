"""Figures looked up: tables of text, as an extract would give them."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import load_datapackage
from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.schema import read_dataset
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, combine
from scrutiny.statistics.periods import Period, Quarter, window
from scrutiny.statistics.provenance import Provenance

RESOURCE = load_datapackage(Path(__file__).parents[2] / "data" / "datapackage.yaml").resource("knife_crime")
HEAD = "source,area,period_start,period_end,statistic,value,symbol,status,as_at"
QUARTER = window(Quarter.parse("2020-21-Q1"), "quarter")

APRIL = "2020-04-01,2020-04-30,count"
MAY = "2020-05-01,2020-05-31,count"
JUNE = "2020-06-01,2020-06-30,count"
WHOLE = "2020-04-01,2020-06-30,count"
CHANGE = "2020-04-01,2020-06-30,change"


def dataset(tmp_path: Path, *rows: str) -> Dataset:
    path = tmp_path / RESOURCE.path
    lines = [f"constabulary-analysts,lancashire,{row},2020-06-30" for row in rows]
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return Dataset(RESOURCE, read_dataset(RESOURCE, path))


@pytest.mark.parametrize(
    ("rows", "number", "symbols"),
    [
        ([f"{WHOLE},10,,published"], 10, ()),
        ([f"{APRIL},1,,supplied", f"{MAY},2,,supplied", f"{JUNE},3,,supplied"], 6, ()),
        ([f"{WHOLE},10,,published", f"{APRIL},1,,supplied", f"{MAY},2,,supplied", f"{JUNE},3,,supplied"], 10, ()),
        ([f"{WHOLE},10,,illustrative", f"{APRIL},1,,supplied", f"{MAY},2,,supplied", f"{JUNE},3,,supplied"], 6, ()),
        ([f"{APRIL},1,,supplied", f"{MAY},2,,illustrative", f"{JUNE},3,,supplied"], 6, ("i",)),
        ([f"{APRIL},1,,supplied", f"{MAY},2,p,supplied", f"{JUNE},3,,supplied"], 6, ("p",)),
        ([f"{APRIL},1,,supplied", f"{JUNE},3,,supplied"], None, ("x",)),
        ([f"{APRIL},1,,supplied", f"{MAY},,c,supplied", f"{JUNE},,x,supplied"], None, ("c",)),
        ([f"{WHOLE},,z,published"], None, ("z",)),
        ([f"{CHANGE},-70,,published"], None, ("x",)),
    ],
    ids=[
        "given", "summed", "given wins", "made up gives way", "partly made up", "provisional", "a month is missing",
        "hidden before missing", "not applicable", "a change is no count",
    ],
)  # fmt: skip
def test_figure_of_a_window(tmp_path, rows, number, symbols):
    datum = dataset(tmp_path, *rows).figure(QUARTER)
    assert datum.number == number
    assert datum.symbols == symbols


YEAR = window(Quarter.parse("2020-21-Q1"), "year")
QUARTERS = {
    "Q2": "2019-07-01,2019-09-30,count",
    "Q3": "2019-10-01,2019-12-31,count",
    "Q4": "2020-01-01,2020-03-31,count",
    "Q1": WHOLE,
}
TILES = [f"{quarter},{10**position},,open" for position, quarter in enumerate(QUARTERS.values())]


def months_of(period, value, status):
    return [f"{month.start},{month.end},count,{value},,{status}" for month in period.months]


@pytest.mark.parametrize(
    ("rows", "number", "symbols"),
    [
        (TILES, 1111, ()),
        ([*TILES, f"{YEAR.start},{YEAR.end},count,5,,open"], 5, ()),
        ([*TILES, f"{YEAR.start},{YEAR.end},count,5,,illustrative"], 1111, ()),
        ([*TILES, *months_of(YEAR, 2, "supplied")], 24, ()),
        ([*TILES, *months_of(YEAR, 2, "illustrative")], 1111, ()),
        ([*TILES[1:], f"{QUARTERS['Q2']},1,,illustrative", *months_of(YEAR, 2, "illustrative")], 24, ("i",)),
        (TILES[1:], None, ("x",)),
        ([*TILES[1:], *months_of(Quarter.parse("2019-20-Q2").period, 2, "supplied")], None, ("x",)),
        ([*TILES[1:], f"{QUARTERS['Q2']},,c,open"], None, ("c",)),
        ([*TILES[1:], f"{QUARTERS['Q2']},7,p,open"], 1117, ("p",)),
        ([row.replace("count", "change") for row in TILES], None, ("x",)),
    ],
    ids=[
        "summed", "given wins", "made up gives way", "months first", "made-up months give way", "all made up",
        "a quarter is missing", "months do not fill in", "hidden", "provisional", "a change is no count",
    ],
)  # fmt: skip
def test_figure_of_a_window_that_quarters_tile(tmp_path, rows, number, symbols):
    datum = dataset(tmp_path, *rows).figure(YEAR)
    assert datum.number == number
    assert datum.symbols == symbols


@pytest.mark.parametrize(
    ("start", "end", "number"),
    [
        ("2019-07-01", "2020-06-30", 1111),
        ("2019-10-01", "2020-03-31", 110),
        ("2020-04-01", "2020-06-30", 1000),
        ("2019-08-01", "2020-07-31", None),
        ("2019-07-01", "2020-05-31", None),
        ("2019-07-02", "2020-06-30", None),
        ("2020-04-01", "2020-04-30", None),
    ],
)
def test_only_windows_of_whole_financial_quarters_are_tiled(tmp_path, start, end, number):
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    assert dataset(tmp_path, *TILES).figure(period).number == number


def test_a_figure_knows_the_rows_it_comes_from(tmp_path):
    datum = dataset(tmp_path, f"{APRIL},1,,supplied", f"{MAY},2,,supplied", f"{JUNE},3,,supplied").figure(QUARTER)
    assert {(row.dataset, row.line) for row in datum.provenance.rows} == {
        ("knife_crime", line) for line in (2, 3, 4)
    }
    assert datum.provenance.sources == {"Constabulary analysts"}
    assert datum.provenance.as_at.isoformat() == "2020-06-30"


def test_a_selection_that_no_row_has_is_a_misspelling(tmp_path):
    data = dataset(tmp_path, f"{WHOLE},10,,published")
    with pytest.raises(
        WrongInput, match=r"asks for \'lancs\', which no row has\n    known: lancashire|did you mean"
    ):
        data.where({"area": "lancs"}, asked_by="the measure knife.crime")
    with pytest.raises(WrongInput, match="column that does not exist"):
        data.where({"aera": "lancashire"}, asked_by="the measure knife.crime")


def datum(number, status="published"):
    return Datum(
        None if number is None else Fraction(number),
        "x" if number is None else "",
        Provenance(statuses=frozenset({status})),
    )


@pytest.mark.parametrize(
    ("before", "after", "statistic", "brief"),
    [
        (datum(159_838), datum(134_069), "count", "Decrease (−16%, −25,769)"),
        (datum(50_431), datum(73_264), "count", "Increase (+45%, +22,833)"),
        (datum(0), datum(5), "count", "Increase (+5)"),
        (datum(7), datum(7), "count", "No change"),
        (datum(73), datum(74), "percent", "Increase (+1.0 pp)"),
        (datum(None), datum(5), "count", "[x]"),
        (datum(100), datum(50, "illustrative"), "count", "Decrease (−50%, −50) [i]"),
    ],
)
def test_comparison_in_brief(before, after, statistic, brief):
    assert Comparison.computed(before, after, statistic).in_brief == brief


def test_an_absent_part_makes_the_whole_absent():
    assert combine([datum(1), NOT_SUPPLIED], Fraction(1), "their sum").symbol == "x"
    with pytest.raises(ValueError, match="cannot have the symbol"):
        Datum(None)
