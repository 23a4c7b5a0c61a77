"""A month is judged alike on the first page, in every chart and in every quarter's report."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from fixtures.projects import QUARTERS, ROOT, copy_project
from matplotlib.dates import date2num

from scrutiny.analysis.at_a_glance import judgements
from scrutiny.analysis.charts import control_chart, small_multiples
from scrutiny.analysis.judgement import Standing, judge
from scrutiny.analysis.phrases import movement
from scrutiny.analysis.process import process_of
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period

MEASURE = "asb.incidents"
STEP = "{from: 2018-05, reason: Recorded in a new system}"
WAVE = [4, 6]
"""Twice as far apart as their limits are from their mean is far from a signal."""


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def project(folder: Path, values, baselines: str = "", last: date = date(2020, 6, 30), status="supplied") -> Path:
    """Copy the example with a series of our own by month, an x where there is no figure."""
    root = copy_project(folder)
    file = root / "data" / "anti_social_behaviour.csv"
    months = Period.of_months(last, len(values)).months
    rows = [
        f"recorded-crime-dashboard,lancashire,{month.start},{month.end},count,{value},,{status},2020-06-30"
        for month, value in zip(months, values, strict=True)
        if value is not None
    ]
    head = file.read_text(encoding="utf-8").partition("\n")[0]
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    if baselines:
        measures = root / "data" / "measures.yaml"
        text = measures.read_text(encoding="utf-8")
        with_them = text.replace(f"\n{MEASURE}:\n", f"\n{MEASURE}:\n  baselines: [{baselines}]\n")
        assert with_them != text
        measures.write_text(with_them, encoding="utf-8")
    return root


def measure(root: Path, quarter: str = "2020-21-Q1", name: str = MEASURE):
    return Report(quarter, Project(root)).measure(name)


def told(chart) -> dict[str, tuple[str, ...]]:
    """What a chart's CSV says of each month's limits and signals."""
    rows = csv.DictReader(io.StringIO(chart.to_csv()))
    return {
        row["Month"]: tuple(row.get(name, "") for name in ("Mean", "Lower limit", "Upper limit", "Signal"))
        for row in rows
    }


def series(step: int = 0, count: int = 36) -> list[int]:
    """Figures that vary evenly, from the eleventh month on (May 2018 of 36) higher by a step."""
    return [100 + WAVE[at % 2] + (step if at >= 10 else 0) for at in range(count)]


@pytest.mark.parametrize("steps", ["", STEP, "{from: 2019-02, reason: A, months: 14}"])
def test_a_month_is_judged_alike_in_every_quarter_and_through_every_window(tmp_path, steps):
    values = [1000 + (at * 37) % 60 + (90 if at > 25 else 0) for at in range(36)]
    root = project(tmp_path, values, steps)
    everything = told(control_chart(measure(root), months=400))
    assert len(everything) == 36
    for quarter in QUARTERS:
        for months in (3, 12, 24, 36):
            shown = told(control_chart(measure(root, quarter), months=months))
            assert len(shown) == min(months, 36 if quarter == "2020-21-Q1" else 33)
            assert {month: everything[month] for month in shown} == shown, (quarter, months)


def test_december_2019_is_judged_alike_in_both_quarters_of_the_example():
    now, before = (told(control_chart(measure(ROOT, quarter, "da.crimes"))) for quarter in QUARTERS)
    both = now.keys() & before.keys()
    assert len(both) == 33
    assert "2019-12" in both
    assert {month: now[month] for month in both} == {month: before[month] for month in both}


CASES = {
    "level": (series(), ""),
    "a signal in April": ([*series()[:33], 140, *series()[34:]], ""),
    "a signal in June": ([*series()[:35], 60], ""),
    "a signal in March": ([*series()[:32], 140, *series()[33:]], ""),
    "a shift that ended in April": ([*series()[:27], *[106] * 7, 104, 105], ""),
    "a shift that is not yet one": ([*series()[1:31], *[106] * 6], ""),
    "a step that is known": (series(50), STEP),
    "a step that is not": (series(50), ""),
    "a late step": (series(), "{from: 2020-05, reason: A}"),
    "too few": (series()[:11], ""),
    "stopped": ([*series()[:35], None], ""),
}


@pytest.mark.parametrize("case", CASES)
def test_the_first_page_and_the_charts_do_not_contradict_each_other(tmp_path, case):
    values, baselines = CASES[case]
    root = project(tmp_path, values, baselines)
    for quarter in QUARTERS:
        report = Report(quarter, Project(root))
        for one in (one for one in judgements(report) if "control chart" in one.why):
            chart = control_chart(one.measure)
            months = [f"{month.start:%Y-%m}" for month in one.measure.period("quarter").months]
            signals = [told(chart)[month][3] not in ("", "none") for month in months]
            assert one.material is any(signals)
            assert one.why.startswith("yes" if any(signals) else "no")
            quiet = f"{one.measure.title}: within its expected range in {one.measure.period('quarter')}"
            assert (chart.headline == quiet) is not any(signals)
            multiples = small_multiples([one], one.standing)
            assert (
                multiples.headline == f"{one.measure.title}: {'a' if any(signals) else 'no'} signal in the quarter"
            )
            assert list(multiples.data["signal"] != "") == [
                text not in ("", "none") for *_, text in told(chart).values()
            ]
            columns = ["mean", "lower", "upper"]
            assert multiples.data[columns].equals(chart.data[columns])
        own = judge(report.measure(MEASURE))
        decided = "control chart" in own.why
        neutral = f"{own.measure.title} by month"
        assert control_chart(own.measure).headline.startswith(neutral) is not decided


@pytest.mark.parametrize(
    ("case", "material"),
    [
        ("level", False), ("a signal in April", True), ("a signal in June", True), ("a signal in March", False),
        ("a shift that ended in April", True), ("a shift that is not yet one", False),
        ("a step that is known", False), ("a step that is not", True),
    ],
)  # fmt: skip
def test_only_signals_of_the_quarter_are_material(tmp_path, case, material):
    assert judge(measure(project(tmp_path, *CASES[case]))).material is material


def test_a_known_step_is_drawn_and_told(tmp_path):
    root = project(tmp_path, series(50), STEP)
    chart = control_chart(measure(root))
    reason = "Recorded in a new system"
    assert chart.note == (
        f"No limits, with fewer than 12 months; from May 2018 ({reason}) limits of May 2018 to April 2019."
    )
    assert (
        " No limits are drawn for July 2017 to April 2018, because there are fewer than 12 months. Limits begin anew "
        f"in May 2018: {reason}. Mean 155, limits 150 to 160, of May 2018 to April 2019. No month gives a signal."
    ) in chart.alternative_text
    (axes,) = chart.figure.axes
    assert f"{reason}, May\N{NO-BREAK SPACE}2018" in [text.get_text().replace("\n", " ") for text in axes.texts]
    assert {cells[0] for month, cells in told(chart).items() if month < "2018-05"} == {""}
    judged = judge(measure(root))
    assert judged.why == f"no (control chart, anew from May 2018: {reason})"
    multiples = small_multiples([judged], judged.standing)
    assert multiples.note == chart.note
    assert reason in multiples.alternative_text


def test_both_stretches_are_drawn_each_with_its_mean_and_limits(tmp_path):
    values = [100 + WAVE[at % 2] + (50 if at >= 15 else 0) for at in range(36)]
    chart = control_chart(measure(project(tmp_path, values, "{from: 2018-10, reason: A}")))
    for drawn in (chart, small_multiples([judge(measure(tmp_path))], "no_material_change")):
        levels = [line for line in drawn.figure.axes[0].lines if len(set(line.get_ydata())) == 1]
        means = [line for line in levels if line.get_linestyle() == "-" and len(line.get_xdata()) == 2]
        assert [line.get_ydata()[0] for line in means] == [105, 155]
        assert means[0].get_xdata()[-1] == means[1].get_xdata()[0] == date2num(date(2018, 10, 1))
    assert (
        chart.note
        == "Limits of July 2017 to June 2018; from October 2018 (A) limits of October 2018 to September 2019."
    )


def test_a_step_before_the_shown_months_is_told_no_more(tmp_path):
    chart = control_chart(measure(project(tmp_path, series(50, 60), "{from: 2017-02, reason: A}")))
    assert chart.note == "Limits of February 2017 to January 2018."
    assert "anew" not in chart.alternative_text
    assert "anew" not in judge(measure(tmp_path)).why


def test_a_step_in_a_gap_begins_with_the_next_figure(tmp_path):
    values = series(50)
    values[8:12] = [None] * 4
    chart = control_chart(measure(project(tmp_path, values, STEP)))
    assert "from May 2018 (Recorded in a new system) limits of July 2018 to June 2019." in chart.note


def test_a_step_that_a_quarter_has_not_reached_changes_nothing_in_it(tmp_path):
    root = project(tmp_path, series(), "{from: 2020-04, reason: A}")
    chart = control_chart(measure(root, "2019-20-Q4"))
    assert chart.note == "Limits of July 2017 to June 2018."


@pytest.mark.parametrize(
    ("baselines", "standing", "why"),
    [
        # Twice as many, because they are recorded in another way: neither the months nor the year can tell.
        ("{from: 2020-01, reason: A}", Standing.NOT_JUDGED, "not comparable (from January 2020: A)"),
        # The step is not in either year.
        ("{from: 2018-07, reason: A}", Standing.WORSE, "yes (control chart: outside the limits, above, anew from July 2018: A)"),
        # The months are judged by themselves, but the year before them was recorded in another way.
        ("{from: 2019-04, reason: A}", Standing.WITH_TEXT, "yes (control chart: outside the limits, above, anew from April 2019: A)"),
        ("", Standing.WORSE, "yes (control chart: outside the limits, above)"),
    ],
)  # fmt: skip
def test_a_change_across_a_step_is_no_better_and_no_worse(tmp_path, baselines, standing, why):
    values = [*series(), *[210, 208, 500]][3:]
    judged = judge(measure(project(tmp_path, values, baselines)))
    assert (judged.standing, judged.why) == (standing, why)
    between = baselines and "2018" not in baselines
    assert ("(comparable only from" in movement(judged.measure, judged.comparison)) is bool(between)


def test_made_up_figures_beside_real_ones_give_no_limits(tmp_path):
    root = project(tmp_path, [*[900] * 18, *series()[:18]])
    file = root / "data" / "anti_social_behaviour.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1:19] = [line.replace("supplied", "illustrative") for line in lines[1:19]]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    chart = control_chart(measure(root))
    assert chart.note == "Limits of January to December 2019."
    assert {cells for month, cells in told(chart).items() if month < "2019"} == {("", "", "", "")}
    assert process_of(measure(root)).decides


def test_limits_of_a_percentage_have_its_decimal_places_and_stay_below_100(tmp_path):
    root = project(tmp_path, [97, 99] * 18)
    file = root / "data" / "measures.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace(f"\n{MEASURE}:\n", f"\n{MEASURE}:\n  statistic: percent\n  places: 1\n"), encoding="utf-8"
    )
    data = root / "data" / "anti_social_behaviour.csv"
    data.write_text(data.read_text(encoding="utf-8").replace(",count,", ",percent,"), encoding="utf-8")
    chart = control_chart(measure(root))
    assert " Mean 98.0%, limits 92.7% to 100.0%, of July 2017 to June 2018." in chart.alternative_text
