"""What a text knows of its provenance: whatever is done to it, and against the rows of the files themselves."""

from __future__ import annotations

import copy
import csv
import json
import pickle
import re
import textwrap
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project
from scrutiny.notebook import change_values, share_values, values_of
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, provenance_of, total
from scrutiny.statistics.provenance import PROVENANCE_UNKNOWN, UNKNOWN, UNKNOWN_IN_PART, Provenance, SourceRow
from scrutiny.statistics.value import Value, to_json
from scrutiny.statistics.wording import Direction

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def report() -> Report:
    return Report("2020-21-Q1", Project(ROOT))


def figures(text: Value) -> list[Fraction]:
    """Read the figures of a text's rows from the files, by line."""
    found = []
    for row in sorted(text.provenance.rows):
        with (ROOT / "data" / f"{row.dataset}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            found += [Fraction(each["value"]) for each in reader if reader.line_num == row.line]
    return found


def test_a_value_is_its_text():
    value = Value(
        "5",
        Provenance(as_at=date(2020, 7, 1), rows=frozenset({SourceRow("d", 2)}), formula="said"),
        number=Fraction(5),
    )
    assert value == "5"
    assert {value: 1} == {"5": 1}
    assert to_json(value) == {
        "formula": "said",
        "rows": {"d": [2]},
        "sources": [],
        "as_at": "2020-07-01",
        "statuses": [],
        "number": "5",
        "direction": None,
        "absent": False,
    }


def numbered(line: int) -> Value:
    """Give a value whose signs are all the number of its row, so that they say of any text where it comes from."""
    return Value(
        f"{line},{line}{line} {line}", Provenance(rows=frozenset({SourceRow("d", line)}), formula=f"row {line}")
    )


A, B = numbered(1), numbered(2)
BOTH = "row 1; row 2"
OWN = UNKNOWN_IN_PART.formula


@pytest.mark.parametrize(
    ("text", "says", "formula"),
    [
        (A + B, "1,11 12,22 2", BOTH),
        (A + ", " + B, "1,11 1, 2,22 2", BOTH),
        ("(" + A + ").", "(1,11 1).", "row 1"),
        ("Of " + A + " " + B + ", " + A, "Of 1,11 1 2,22 2, 1,11 1", f"{BOTH}; {OWN}"),
        (f"{A}", "1,11 1", "row 1"),
        (f"{A}; {B}", "1,11 1; 2,22 2", UNKNOWN.formula),
        (f"{A} of " + B, "1,11 1 of 2,22 2", f"row 2; {OWN}"),
        ("{}, {}".format(A, B), "1,11 1, 2,22 2", UNKNOWN.formula),  # noqa: UP032
        ("%s, %s" % (A, B), "1,11 1, 2,22 2", UNKNOWN.formula),  # noqa: UP031
        (", ".join([A, B]), "1,11 1, 2,22 2", UNKNOWN.formula),
        (A.join(one for one in [B, "-"]), "2,22 21,11 1-", f"{BOTH}; {OWN}"),
        (A[:2], "1,", "row 1"),
        (A.split()[1], "1", "row 1"),
        (A.partition(",")[2], "11 1", "row 1"),
        (A.replace(" ", B), "1,112,22 21", BOTH),
        (A.replace(" ", " and "), "1,11 and 1", f"row 1; {OWN}"),
        (A.center(8), " 1,11 1 ", "row 1"),
        (A[:1].upper() + A[1:], "1,11 1", "row 1"),
        (str(A), "1,11 1", "row 1"),
        ("plain", "plain", UNKNOWN.formula),
    ],
)  # fmt: skip
def test_what_is_made_of_values_has_their_provenance_or_says_that_it_is_unknown(text, says, formula):
    assert text == says
    assert to_json(text)["formula"] == formula
    lines = [int(line) for line in re.findall(r"row (\d)", formula)]
    assert to_json(text)["rows"] == ({"d": lines} if lines else {})


def test_number_and_direction_are_those_of_the_whole_text():
    value = Value("−5", UNKNOWN, number=Fraction(-5), direction=Direction.DECREASE)
    for same in (value.strip(), f"{value}", str(value), copy.deepcopy(value), value[:], value + ""):
        assert (same.number, same.direction) == (-5, Direction.DECREASE)
    for other in (value[1:], value + " offences"):
        assert (other.number, other.direction) == (None, None)


@pytest.mark.parametrize("wrong", [lambda: A + 5, lambda: 5 + A, lambda: A.join([5]), lambda: A.center("x")])
def test_what_is_no_text_is_refused_as_by_any_text(wrong):
    with pytest.raises(TypeError):
        wrong()


OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a + "w",
    lambda a, b: "w" + a,
    lambda a, b: ", " + a,
    lambda a, b: f"{a}",
    lambda a, b: f"{a} {b}",
    lambda a, b: f"{a:>12}",
    lambda a, b: f"{a:7<12}",
    lambda a, b: f"{a!s:.3}",
    lambda a, b: str(a),
    lambda a, b: "%s w" % a,  # noqa: UP031
    lambda a, b: a % () if "%" not in a else a,
    lambda a, b: "{} {}".format(a, b),  # noqa: UP032
    lambda a, b: a.format(b),
    lambda a, b: a.format_map({}),
    lambda a, b: a.join([b, a, "w"]),
    lambda a, b: a.join(iter([b, b])),
    lambda a, b: a.join({b: 1}),
    lambda a, b: ", ".join([a, b]),
    lambda a, b: "".join(reversed(a)),
    lambda a, b: "".join(a),
    lambda a, b: a.replace("1", b),
    lambda a, b: a.replace(b, "w", 1),
    lambda a, b: a.translate({ord("1"): b, ord(" "): "w"}),
    lambda a, b: re.sub("1|^", b, a),
    lambda a, b: a[1:],
    lambda a, b: a[::-1],
    lambda a, b: a[:1],
    lambda a, b: a * 2,
    lambda a, b: 2 * a,
    lambda a, b: a.upper(),
    lambda a, b: a.lower(),
    lambda a, b: a.title(),
    lambda a, b: a.capitalize(),
    lambda a, b: a.casefold(),
    lambda a, b: a.swapcase(),
    lambda a, b: a.strip("1 "),
    lambda a, b: a.lstrip(b),
    lambda a, b: a.rstrip(),
    lambda a, b: a.center(9, "w"),
    lambda a, b: a.ljust(9, "7"),
    lambda a, b: a.rjust(9, b[:1] or " "),
    lambda a, b: a.zfill(9),
    lambda a, b: a.expandtabs(),
    lambda a, b: a.partition(",")[0],
    lambda a, b: a.rpartition(b or "w")[2],
    lambda a, b: a.split(" ", maxsplit=1)[-1],
    lambda a, b: a.rsplit(",")[0],
    lambda a, b: (a.splitlines() or [a])[0],
    lambda a, b: a.removeprefix("1"),
    lambda a, b: a.removesuffix(b),
    lambda a, b: copy.copy(a),
    lambda a, b: pickle.loads(pickle.dumps(a)),
    lambda a, b: json.loads(json.dumps(a)),
    lambda a, b: textwrap.fill(a, 5),
    lambda a, b: max(a, b),
    lambda a, b: a.encode().decode(),
]
STEPS = st.tuples(st.sampled_from(OPERATIONS), st.integers(0), st.integers(0))


@given(st.lists(STEPS, min_size=1, max_size=8))
def test_no_operation_loses_provenance_in_silence(steps):
    texts: list[str] = [numbered(1), numbered(2), numbered(3), "w"]
    for operation, one, other in steps:
        # What grows without end says nothing new.
        texts.append(operation(texts[one % len(texts)], texts[other % len(texts)])[:200])
    for text in texts:
        said = to_json(text)
        known = {str(line) for line in said["rows"].get("d", [])}
        assert set(re.findall(r"[w1-9]", text)) <= known or PROVENANCE_UNKNOWN in said["formula"]
        assert isinstance(text, Value) or said == to_json("")


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
    assert values_of(report, measure, windows=(window,))[name].provenance.formula == formula


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
    assert share.provenance.formula.endswith(f"{part} in per cent of People searched, {int(whole):,}")


def test_every_value_of_a_change_knows_its_rows(report):
    hate = report.measure("hate.crimes")
    compared = hate.comparison_with_previous_quarter()
    for name, text in change_values(hate, "hate.crimes.quarter", compared, "_on_previous_quarter").items():
        assert text.provenance.rows, name


def test_sums_of_sums_say_so():
    months = [Datum(Fraction(number)) for number in (1, 2, 3)]
    quarters = [total(months, "months"), total(months, "months")]
    assert total(quarters, "measures").formula == "the sum of 2 measures, each the sum of 3 months"
    assert provenance_of([*months, *quarters, NOT_SUPPLIED]).formula == (
        "as it stands in the dataset; the sum of 3 months; no row of the dataset gives it"
    )
