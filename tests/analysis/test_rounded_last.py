"""Sums and changes of rounded figures: in the project and in a workspace, against sums of the exact ones."""

import csv
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
import yaml
from fixtures.relations import SEX, resource
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.analysis.charts import control_chart
from scrutiny.analysis.comparison_tables import months_by_financial_year, performance, target_in_brief
from scrutiny.analysis.phrases import movement, values_of
from scrutiny.analysis.report import Report
from scrutiny.errors import WrongInput
from scrutiny.execution.compute import copy_inputs
from scrutiny.inputs.datapackage import Disclosure
from scrutiny.inputs.project import Project
from scrutiny.inputs.summary import summarise
from scrutiny.statistics.datum import share
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, Period

QUARTER = "2020-21-Q1"
WORKSPACE = "build"
MONTHS = Period.of_months(date(2020, 6, 30), 36).months
LONG_AGO = MONTHS[0].earlier(24)
MEASURES = {
    "people.female": {"where": {"sex": "female"}},
    "people.male": {"where": {"sex": "male"}, "lag_months": 1},
    "people.both": {"where": {"sex": "not_known"}, "sum_of": ["people.female", "people.all"]},
    "people.all": {"where": {"sex": "all"}, "target": {"at_most": 150}},
    "people.share": {"where": {"sex": "all"}, "statistic": "percent", "places": 1},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("rounded") / "force"
    for name in ("data", "params", "notebooks"):
        (root / name).mkdir(parents=True)
    kinds = {"title": "T", "definition": "D", "unit": "people", "polarity": "lower", "dataset": "people",
             "source": "a", "allowed_lag_months": 1}  # fmt: skip
    measures = {
        name: kinds | {"title": name.partition(".")[2].capitalize()} | own for name, own in MEASURES.items()
    }
    (root / "data" / "measures.yaml").write_text(yaml.safe_dump(measures))
    parameters = Path(__file__).parents[2] / "params" / f"{QUARTER}.yml"
    (root / "params" / f"{QUARTER}.yml").write_text(
        parameters.read_text().partition("sources:")[0] + "sources: {}\nsections: [01-a]\n"
    )
    return root


def write(
    folder: Path, rows: list[tuple[str, Period, str, object, str]], rounding: int = 5, threshold: int = 5
) -> Project:
    of = resource(
        SEX | {"partsOf": {"all": ["female", "male", "not_known"]}}, rounding=rounding, threshold=threshold
    )
    package = {
        "name": "p",
        "title": "P",
        "licenses": [{"name": "MIT"}],
        "resources": [of.model_dump(mode="json", by_alias=True, exclude_none=True)],
    }
    (folder / "data" / "datapackage.yaml").write_text(yaml.safe_dump(package))
    lines = [
        [
            "a",
            "here",
            sex,
            period.start,
            period.end,
            statistic,
            *(["", value] if value == "x" else [value, ""]),
            status,
            "2020-06-30",
        ]
        for sex, period, statistic, value, status in [
            *rows,
            *((sex, LONG_AGO, "count", "x", "supplied") for sex in SEX["constraints"]["enum"]),
        ]
    ]
    with (folder / "data" / "people.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([[field.name for field in of.fields], *lines])
    return Project(folder)


def months(sex: str, counts: list[int], status: str = "supplied") -> list[tuple[str, Period, str, object, str]]:
    last = MONTHS[-len(counts) :]
    return [(sex, month, "count", count, status) for month, count in zip(last, counts, strict=True)]


def workspace(project: Project, into: Path) -> Project:
    """Copy the inputs into a workspace, as a build does."""
    (of,) = project.datapackage.resources
    return copy_inputs(project, QUARTER, [], into, {of.path: summarise(of, project.data / of.path).protection})


@pytest.mark.parametrize("where", ["project", WORKSPACE])
def test_a_year_is_summed_first_and_rounded_once(folder, tmp_path, where):
    project = write(folder, months("female", [13] * 12 + [12] * 12))
    report = Report(QUARTER, project if where == "project" else workspace(project, tmp_path))
    women = report.measure("people.female")
    year = women.comparison("year")
    assert [one.number for one in (year.before, year.after, year.change, year.percent_change)] == [
        155,
        145,
        -10,
        -8,
    ]
    assert movement(women, year) == "fell by 8%, from 155 to 145 (rounded to the nearest 5)"
    # Which 15 and which 10 they are is not to be seen: 8% would say 13 and 12.
    month = women.comparison("month")
    assert [one.symbol for one in (month.before, month.after, month.change, month.percent_change)] == [
        "",
        "",
        "c",
        "c",
    ]


@pytest.mark.parametrize(
    ("before", "after", "rounding", "expected"),
    [
        # Counts of the quarter in one row each, as the change says them that is shown: difference, per cent.
        ((156, "supplied"), (144, "supplied"), 5, [-10, -8]),
        ((18, "supplied"), (12, "supplied"), 5, [-5, "c"]),
        ((7, "supplied"), (6, "supplied"), 5, ["c", "c"]),
        ((1001, "supplied"), (1000, "supplied"), 5, ["c", "c"]),
        ((1001, "supplied"), (1001, "supplied"), 5, [0, 0]),
        ((0, "supplied"), (12, "supplied"), 5, [10, "z"]),
        ((150, "published"), (144, "supplied"), 5, [-5, "c"]),
        ((150, "published"), (144, "published"), 5, [-6, -4]),
        ((150, "illustrative"), (144, "illustrative"), 5, [-6, -4]),
        ((156, "supplied"), (144, "supplied"), 1, [-12, Fraction(-100, 13)]),
        ((7, "supplied"), (3, "supplied"), 5, ["c", "c"]),
    ],
)  # fmt: skip
def test_a_change_says_no_more_than_leaves_two_numbers_possible(folder, before, after, rounding, expected):
    quarters = [Period.of_months(date(2020, 6, 30), 3).earlier(months) for months in (12, 0)]
    rows = [("female", period, "count", *one) for period, one in zip(quarters, (before, after), strict=True)]
    compared = Report(QUARTER, write(folder, rows, rounding)).measure("people.female").comparison("quarter")
    assert [one.symbol or one.number for one in (compared.change, compared.percent_change)] == expected


def test_a_sum_that_would_tell_its_parts_is_hidden(folder):
    # To the nearest 2, each 11 is 12. Twelve of them are 132, which can be no other number, if it is shown.
    project = write(folder, months("female", [11] * 24), rounding=2)
    assert Report(QUARTER, project).measure("people.female").figure("year").symbol == "c"
    assert (
        Report(QUARTER, write(folder, months("female", [11, 12] * 12), rounding=2))
        .measure("people.female")
        .figure("year")
        .number
        == 138
    )


def test_what_has_a_hidden_part_is_hidden_and_what_nobody_computed_is_not_added_up(folder, tmp_path):
    project = write(folder, months("female", [13] * 11 + [4] + [12] * 12))
    for report in (Report(QUARTER, project), Report(QUARTER, workspace(project, tmp_path))):
        women = report.measure("people.female")
        assert [women.figure(window).symbol for window in ("year", "year_before")] == ["", "c"]
        assert women.comparison("year").change.symbol == "c"
        five_months = women.figure_of(Period.of_months(date(2020, 5, 31), 5))
        assert (five_months.number, five_months.symbol) == (None, "c")
        assert report.dataset("people").where({"sex": "female"}).figure(women.period("year")).symbol == "c"


def test_made_up_figures_do_not_take_the_place_of_rounded_ones(folder):
    year = Period.of_months(date(2020, 6, 30), 12)
    made_up = ("female", year, "count", 900, "illustrative")
    women = Report(QUARTER, write(folder, [*months("female", [12, 14] * 12), made_up])).measure("people.female")
    assert (women.figure("year").number, women.figure("year").symbols) == (155, ())
    women = Report(QUARTER, write(folder, [*months("female", [12, 4] * 12), made_up])).measure("people.female")
    assert (women.figure("year").number, women.figure("year").symbols) == (None, ("c",))


def test_a_measure_that_adds_up_others_is_rounded_once(folder, tmp_path):
    rows = months("female", [12, 14] * 12) + months("all", [17] * 24)
    project = write(folder, rows)
    for report in (Report(QUARTER, project), Report(QUARTER, workspace(project, tmp_path))):
        both = report.measure("people.both")
        # What is shown of the months makes 330 a year; it is 360.
        assert [both.figure(window).number for window in ("month", "quarter", "year")] == [30, 90, 360]
        table = months_by_financial_year(report.measure("people.female"), 3)
        assert [cell.text for cell in table.rows[-1].cells] == ["[x]", "155", "[z]"]


def test_percentages_are_whole_and_verdicts_are_certain(folder):
    year = Period.of_months(date(2020, 6, 30), 12)
    counts = months("all", [13] * 12 + [12] * 12)
    shares = [
        ("all", period, "percent", value, "supplied") for period, value in ((year.earlier(12), 57.4), (year, 62.6))
    ]
    report = Report(QUARTER, write(folder, counts + shares))
    of = report.measure("people.share")
    texts = values_of(report, "people.share", ("year",))
    assert [texts[f"people.share.year.{name}"] for name in ("percent", "change", "movement")] == [
        "63%", "+5 pp", "rose by 5 percentage points, from 57% to 63%",
    ]  # fmt: skip
    assert of.comparison("year").in_brief == "Increase (+5 pp)"
    assert (
        target_in_brief(report.measure("people.all"), "year")
        == "150\N{NO-BREAK SPACE}or\N{NO-BREAK SPACE}less: met"
    )
    report = Report(QUARTER, write(folder, months("all", [12] * 11 + [16])))
    assert report.measure("people.all").figure("year").number == 150
    assert target_in_brief(report.measure("people.all"), "year") == "150\N{NO-BREAK SPACE}or\N{NO-BREAK SPACE}less"


@pytest.mark.parametrize(
    ("total", "parts", "note"),
    [
        (30, (15, 15), "Counts are rounded to the nearest 5 to protect people."),
        (33, (16, 17), "Because of rounding, parts may not add up to totals."),
        (60, (15, 15), None),
    ],
)
def test_a_total_that_its_rows_do_not_make_is_refused_unless_it_is_rounding(folder, total, parts, note):
    year = Period.of_months(date(2020, 6, 30), 12)
    counts = zip(("all", "female", "not_known"), (total, *parts), strict=True)
    rows = [(sex, year, "count", count, "supplied") for sex, count in counts]
    report = Report(QUARTER, write(folder, rows))
    names = ["people.all", "people.female", "people.both"]
    if note is None:
        with pytest.raises(
            WrongInput, match=r"people\.all is not what the other rows of its table add up to: 60, of 15 and 15"
        ):
            performance(report, names, total="people.all")
    else:
        assert note in performance(report, names, total="people.all").rounding


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(15, 40, "c"), (15, 15, 100), (500, 2000, 25), (510, 2000, "c"), (0, 40, 0)],
)
def test_a_share_is_shown_only_where_rounding_cannot_have_changed_it(folder, part, whole, expected):
    (month,) = MONTHS[-1:]
    report = Report(
        QUARTER,
        write(folder, [("female", month, "count", part, "supplied"), ("all", month, "count", whole, "supplied")]),
    )
    both = [report.measure(name).figure("month") for name in ("people.female", "people.all")]
    shown = share(both[1] if part == whole else both[0], both[1])
    assert (shown.symbol or shown.number) == expected
    assert shown.places(1) == 0


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ([13] * 12 + [12] * 12, "No limits are drawn, because the months are rounded to more than they vary by."),
        ([100, 160] * 12, "Mean 130, limits"),
    ],
)
def test_limits_are_drawn_where_the_months_vary_more_than_they_are_rounded(folder, counts, why):
    chart = control_chart(Report(QUARTER, write(folder, months("female", counts))).measure("people.female"))
    assert why in chart.alternative_text
    assert "expected range" not in chart.headline or "Mean" in why


def test_a_smaller_rounding_than_the_threshold_hides_the_same_in_a_workspace(folder, tmp_path):
    year = Period.of_months(date(2020, 6, 30), 12)
    # What is left of 62 is 8; of the rounded 60 it would be 5, fewer than the threshold.
    rows = [
        ("all", year, "count", 62, "supplied"),
        ("female", year, "count", 23, "supplied"),
        ("male", year, "count", 31, "supplied"),
    ]
    project = write(folder, rows, threshold=8)
    for each in (project, workspace(project, tmp_path)):
        assert list(Report(QUARTER, each).dataset("people").rows["value"])[:3] == [60, 25, 30]


def exact_sum(counts: dict[Period, int], period: Period) -> int | None:
    parts = [counts.get(month) for month in period.months]
    return None if None in parts or any(0 < part < 5 for part in parts) else sum(parts)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.integers(0, 60) | st.sampled_from([5, 7, 12, 13, 300]), min_size=24, max_size=36),
    st.sampled_from([2, 3, 5, 10]),
)
def test_every_sum_is_the_exact_one_rounded_once_and_every_change_that_of_the_exact(
    folder, tmp_path_factory, counts, rounding
):
    rule = Disclosure(rounding=rounding)
    project = write(folder, months("female", counts), rounding)
    copy = workspace(project, tmp_path_factory.mktemp("copy"))
    exact = dict(zip(MONTHS[-len(counts) :], counts, strict=True))
    in_project, in_workspace = (Report(QUARTER, each).measure("people.female") for each in (project, copy))
    for window, base in SAME_PERIOD_A_YEAR_AGO.items():
        for name in (window, base):
            figure, whole = in_workspace.figure(name), exact_sum(exact, in_workspace.period(name))
            assert (figure.number, figure.symbol) == (
                in_project.figure(name).number,
                in_project.figure(name).symbol,
            )
            assert figure.number is None or figure.number == rule.rounded(whole)
        compared, same = in_workspace.comparison(window), in_project.comparison(window)
        assert [compared.change, compared.percent_change] == [same.change, same.percent_change]
        before, after = (exact_sum(exact, in_workspace.period(name)) for name in (base, window))
        if compared.change.number is not None:
            assert compared.change.number == rule.rounded(after - before)
        if compared.percent_change.number is not None:
            assert abs(compared.percent_change.number - Fraction(100 * (after - before), before)) <= Fraction(1, 2)
        if compared.known and compared.before.number:
            shown = [(b, a) for b, a in product(rule.possible(int(compared.before.number)), rule.possible(int(compared.after.number)))
                     if compared.change.number in (None, rule.rounded(a - b))
                     and (compared.percent_change.number is None or abs(compared.percent_change.number - Fraction(100 * (a - b), b)) <= Fraction(1, 2))]  # fmt: skip
            assert len({b for b, _ in shown}) > 1
            assert compared.after.number == 0 or len({a for _, a in shown}) > 1
    for path in (copy.data / "people.csv", copy.root / "rounded.csv"):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                assert (
                    not row["value"] or row["statistic"].startswith("percent") or int(row["value"]) % rounding == 0
                )
