"""What a text knows of how it came about, checked against the rows of the files read by the csv module alone."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project
from scrutiny.notebook import change_values, share_values, values_of
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, Origin, Row, total
from scrutiny.statistics.value import Derived, derivation, formulas
from scrutiny.statistics.wording import Direction

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> Report:
    return Report("2020-21-Q1", Project(ROOT))


def figures(text: Derived) -> list[Fraction]:
    """Read the figures of a text's rows from the files, by line."""
    found = []
    for row in sorted(text.origin.rows):
        with (ROOT / "data" / f"{row.dataset}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found += [Fraction(each["value"]) for each in reader if reader.line_num == row.line]
    return found


def test_a_derived_text_is_the_text():
    datum = Datum(Fraction(5), "", Origin(rows=frozenset({Row("d", 2)}), as_at=date(2020, 7, 1)))
    text = Derived("5", "said", [datum], number=datum.number)
    assert text == "5"
    assert {text: 1} == {"5": 1}
    assert derivation(text) == {
        "formula": "said",
        "rows": {"d": [2]},
        "sources": [],
        "as_at": "2020-07-01",
        "statuses": [],
        "number": "5",
        "direction": None,
    }
    # Formatting makes another text, of which nothing is known.
    assert derivation(f"{text} or so")["rows"] == {}


SUM = "the sum of 2 measures, Rape and Other sexual offences"


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("crime.all.year.count", "All crime, July 2019 to June 2020: as it stands in the dataset"),
        ("crime.all.year.change", "All crime: 134,069 less 159,838"),
        ("crime.all.year.percent_change", "All crime: 134,069 less 159,838, in per cent of 159,838"),
        ("crime.all.year.movement", "All crime: 134,069 less 159,838, and that in per cent of 159,838"),
        ("crime.all.year.direction", "the sign of All crime: 134,069 less 159,838"),
        ("crime.all.year.end", "the last day of the window year of 2020-21-Q1"),
        ("crime.all.quarter.change", "All crime: as it stands in the dataset"),
        ("crime.all_england_and_wales.year.period", "the window year of 2020-21-Q1, 1 month behind"),
        ("sexual.all.year.change", f"All sexual offences: 4,173 ({SUM}) less 4,922 ({SUM})"),
        ("da.crimes.quarter.count", "Domestic abuse crime, April to June 2020: the sum of 3 months"),
        ("csew.confidence.year.change", "Overall confidence (CSEW): 74.3% less 73.4%"),
        (
            "atm.attacks.quarter_last_year.count",
            "Attacks on cash machines, April to June 2019: no row of the dataset gives it",
        ),
    ],
)
def test_the_formula_in_words(report, name, formula):
    measure, window = name.rsplit(".", 2)[0], name.split(".")[2].removesuffix("_last_year")
    assert values_of(report, measure, windows=(window,))[name].formula == formula


def test_rows_and_numbers_are_those_of_the_files(report):
    values = values_of(report, "crime.all") | values_of(report, "da.crimes") | values_of(report, "sexual.all")
    before, after = figures(values["crime.all.year.change"])
    assert values["crime.all.year.change"].number == after - before
    assert values["crime.all.year.percent_change"].number == 100 * (after - before) / before
    assert values["crime.all.year.movement"].direction is Direction.DECREASE
    months = figures(values["da.crimes.quarter.count"])
    assert (len(months), sum(months)) == (3, values["da.crimes.quarter.count"].number)
    parts = figures(values["sexual.all.year.count"])
    assert (len(parts), sum(parts)) == (2, values["sexual.all.year.count"].number)
    # A change that was published as such has a row of its own.
    assert figures(values["crime.all.quarter.change"]) == [values["crime.all.quarter.change"].number]


def test_a_share_names_part_and_whole(report):
    shares = share_values(report, ["search.individuals_black"], "search.individuals", "calendar_year")
    share = shares["search.individuals_black.calendar_year.share"]
    part, whole = sorted(figures(share))
    assert share.number == 100 * part / whole
    assert share.formula.endswith(f"{part} in per cent of People searched, {int(whole):,}")


def test_every_value_of_a_change_knows_its_rows(report):
    hate = report.measure("hate.crimes")
    compared = hate.comparison_with_previous_quarter()
    for name, text in change_values(hate, "hate.crimes.quarter", compared, "_on_previous_quarter").items():
        assert text.origin.rows, name


def test_sums_of_sums_say_so():
    months = [Datum(Fraction(number)) for number in (1, 2, 3)]
    quarters = [total(months, "months"), total(months, "months")]
    assert total(quarters, "measures").formula == "the sum of 2 measures, each the sum of 3 months"
    assert formulas([*months, *quarters, NOT_SUPPLIED]) == (
        "as it stands in the dataset; the sum of 3 months; no row of the dataset gives it"
    )
