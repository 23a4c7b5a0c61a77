from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from conftest import copy_project

from scrutiny import chart_style
from scrutiny.charts import control_chart, paired_bars, quarter_bars, years_by_month
from scrutiny.project import Project
from scrutiny.report import Report

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def close_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def report(quarter: str, root: Path = ROOT) -> Report:
    return Report(quarter, Project(root))


def labels(axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def test_control_chart_draws_the_months_and_labels_mean_and_limits():
    chart = control_chart(report("2020-21-Q1").measure("crime.all"))
    assert len(chart.data) == 36
    # The months' sums are the published totals, taken from the drawn data.
    assert chart.data["value"][24:].sum() == 134_069
    assert chart.data["value"][12:24].sum() == 159_838
    axes = chart.figure.axes[0]
    assert axes.get_ylim()[0] == 0
    values = chart.data["value"]
    mean, moving_range = values.mean(), values.diff().abs().mean()
    assert [label.split()[-1] for label in labels(axes) if " limit " in label or "mean" in label] == [
        f"{mean + 2.66 * moving_range:,.0f}", f"{mean:,.0f}", f"{mean - 2.66 * moving_range:,.0f}",
    ]  # fmt: skip
    assert chart.period == "July 2017 to June 2020"
    assert chart.origin.illustrative


def test_headline_of_made_up_figures_concludes_nothing():
    chart = control_chart(report("2020-21-Q1").measure("crime.all"))
    assert chart.headline == "All crime by month against its mean and limits"


def test_alternative_text_is_computed_from_the_data():
    chart = control_chart(report("2020-21-Q1").measure("crime.all"))
    values = chart.data["value"]
    text = chart.alternative_text
    assert text.startswith(
        "Illustrative figures, not police figures. Line chart of all crime by month, July 2017 to June 2020: "
    )
    assert f"lowest {values.min():,.0f} in April 2020" in text
    assert f"highest {values.max():,.0f} in " in text
    assert f"latest {values.iloc[-1]:,.0f}." in text
    # Made-up figures give no signals: that would be a conclusion from them.
    assert "outside the limits" not in text
    assert set(chart.data["signal"]) == {""}


def test_signals_of_real_figures_are_drawn_and_told():
    chart = control_chart(report("2020-21-Q1").measure("da.crimes"))
    assert "July 2017 outside the limits (below)" in chart.alternative_text
    assert chart.data["signal"].iloc[0] == "outside the limits"
    assert chart.headline == "Domestic abuse crime was within its expected range in June 2020"


def test_a_quarter_before_the_first_figure_begins_with_it():
    chart = control_chart(report("2019-20-Q4").measure("crime.all"))
    assert chart.period == "July 2017 to March 2020"
    assert len(chart.data) == 33


def test_under_12_months_there_are_no_limits_and_the_chart_says_so():
    chart = control_chart(report("2020-21-Q1").measure("crime.all"), months=11)
    assert not [label for label in labels(chart.figure.axes[0]) if "limit" in label]
    assert "No limits are drawn, because there are fewer than 12 months." in chart.alternative_text


def test_bars_carry_their_figures_and_tell_made_up_ones_by_hatching():
    chart = quarter_bars(report("2020-21-Q1").measure("knife.crime"))
    axes = chart.figure.axes[0]
    assert [label for label in labels(axes) if label.isdigit()][-2:] == ["281", "257"]
    hatched = [bool(bar.get_hatch()) for bar in axes.patches]
    assert hatched == list(chart.data["illustrative"])
    assert [quarter for quarter, made_up in zip(chart.data["value"], hatched, strict=True) if not made_up] == [
        327,
        281,
        257,
    ]
    assert chart.headline == "Knife crime fell by 9%, from 281 to 257, on the quarter before"
    assert "January to March 2020 281; April to June 2020 257." in chart.alternative_text


@pytest.mark.parametrize(
    ("draw", "name", "marked"),
    [
        (quarter_bars, "knife.crime", "Counting rules changed, 1 April 2020"),
        (control_chart, "da.crimes", "Lockdown began, 23 March 2020"),
    ],
)
def test_events_are_marked_and_told(draw, name, marked):
    chart = draw(report("2020-21-Q1").measure(name))
    label, _, day = marked.partition(", ")
    assert f"{label}\n{day}" in labels(chart.figure.axes[0])
    assert f" Marked: {marked}." in chart.alternative_text


def test_years_by_month_draws_a_labelled_line_a_year():
    chart = years_by_month(report("2020-21-Q1").measure("search.searches"))
    assert labels(chart.figure.axes[0]) == ["2018", "2019", "2020", "Illustrative: not police figures"]
    totals = chart.data.groupby("year")["value"].agg(["sum", "size"])
    assert totals.loc["2019"].tolist() == [7510, 12]
    assert totals.loc["2020", "size"] == 6
    drawn = [line for line in chart.figure.axes[0].lines if line.get_linestyle() != "None"]
    assert len({(line.get_color(), line.get_marker(), line.get_linestyle()) for line in drawn}) == 3
    assert chart.headline == "Stops and searches by month, year by year"
    assert "2020, 6 months: lowest " in chart.alternative_text


def changed(folder: Path, change) -> Report:
    """Give the report of a copied project in which the rows of domestic abuse were changed."""
    dataset = copy_project(folder) / "data" / "domestic_abuse.csv"
    lines = dataset.read_text(encoding="utf-8").splitlines()
    dataset.write_text("\n".join(line for line in map(change, lines) if line) + "\n", encoding="utf-8")
    return report("2020-21-Q1", folder)


def test_a_series_that_stops_early_concludes_nothing_of_the_quarter(tmp_path):
    late = changed(tmp_path, lambda line: "" if re.search(r"crimes,2020-0[456]", line) else line)
    chart = control_chart(late.measure("da.crimes"))
    assert chart.period == "July 2017 to March 2020"
    assert chart.headline == "Domestic abuse crime by month against its mean and limits"


def test_real_figures_among_made_up_ones_are_told_apart(tmp_path):
    supplied = changed(
        tmp_path, lambda line: line.replace("illustrative", "supplied") if "incidents,2020-0" in line else line
    )
    chart = control_chart(supplied.measure("da.incidents"))
    assert chart.alternative_text.startswith("30 of 36 figures are illustrative, not police figures. Line chart")
    assert "Hollow points are illustrative: not police figures" in labels(chart.figure.axes[0])
    hollow = [line for line in chart.figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert [len(line.get_xdata()) for line in hollow] == [30]
    assert set(chart.data["signal"]) == {""}


def test_pairs_of_bars_carry_their_figures_and_say_which_is_which():
    measures = {"Burglary": "satisfaction.burglary", "Hate crime": "satisfaction.hate"}
    reported = {name: report("2020-21-Q1").measure(measure) for name, measure in measures.items()}
    chart = paired_bars(reported, "surveys", "Share satisfied")
    assert sorted(labels(chart.figure.axes[0])) == sorted(
        ["70%, Jul 2018 to Jun 2019", "67%, Jul 2019 to Jun 2020", "72%", "69%"]
    )
    assert chart.headline == "both surveys fell"
    assert chart.alternative_text.startswith("Bar chart in pairs. Burglary, Jul 2018 to Jun 2019: 70%; ")
    assert [bar.get_width() for bars in chart.figure.axes[0].containers for bar in bars] == [70, 72, 67, 69]


def test_a_measure_without_figures_says_so_in_place_of_a_chart(tmp_path):
    project = copy_project(tmp_path)
    dataset = project / "data" / "knife_crime.csv"
    kept = [
        line for line in dataset.read_text(encoding="utf-8").splitlines() if not re.search(r",20(18|19|20)-", line)
    ]
    row = "constabulary-analysts,lancashire,2010-04-01,2010-06-30,count,1,,published,2010-06-30"
    dataset.write_text("\n".join([*kept, row]) + "\n", encoding="utf-8")
    measure = report("2020-21-Q1", project).measure("knife.crime")
    for chart in (
        control_chart(measure),
        quarter_bars(measure),
        years_by_month(measure),
        paired_bars({"Knife": measure}, "kinds", "Share"),
    ):
        assert chart.alternative_text == "An empty chart: no figures were supplied for it."
        assert labels(chart.figure.axes[0]) == ["No figures were supplied"]
        assert chart.figure.get_figheight() < 1


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    "colour", [chart_style.DARK_BLUE, chart_style.DARK_PINK, chart_style.DARK_GREY, chart_style.MID_GREY]
)
def test_text_and_lines_stand_out_from_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5
