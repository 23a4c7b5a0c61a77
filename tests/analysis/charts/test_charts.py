from __future__ import annotations

import csv
import io
import re
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from fixtures.projects import ROOT, copy_project

from scrutiny.analysis.charts import Chart, control_chart, paired_bars, quarter_bars, years_by_month
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project


@pytest.fixture(autouse=True)
def close_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def report(quarter: str, root: Path = ROOT) -> Report:
    return Report(quarter, Project(root))


def labels(axes) -> list[str]:
    return [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in axes.texts]


def above(chart: Chart) -> list[str]:
    return chart.figure.axes[0].get_title(loc="left").split("\n")


def records(chart: Chart) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(chart.to_csv())))


def test_control_chart_draws_the_months_and_labels_mean_and_limits():
    chart = control_chart(report("2020-21-Q1").measure("crime.all"))
    assert len(chart.data) == 36
    # The months' sums are the published totals, taken from the drawn data.
    assert chart.data["value"][24:].sum() == 134_069
    assert chart.data["value"][12:24].sum() == 159_838
    axes = chart.figure.axes[0]
    assert axes.get_ylim()[0] == 0
    baseline = chart.data["value"][:12]
    mean, moving_range = baseline.mean(), baseline.diff().abs().mean()
    levels = {"Lower limit": mean - 2.66 * moving_range, "Mean": mean, "Upper limit": mean + 2.66 * moving_range}
    assert labels(axes) == [
        "Jun 2020: 10,800",
        *(f"{name} {level:,.0f}" for name, level in levels.items()),
        "Lockdown began, 23 March 2020",
    ]
    assert above(chart) == ["All crime, offences a month", "Illustrative: not police figures"]
    assert chart.period == "July 2017 to June 2020"
    assert chart.provenance.illustrative


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
    assert f"latest {values.iloc[-1]:,.0f} in June 2020." in text
    # Made-up figures give no signals: that would be a conclusion from them.
    assert "outside the limits" not in text
    assert set(chart.data["signal"]) == {""}


def test_signals_of_real_figures_are_drawn_and_told():
    chart = control_chart(report("2020-21-Q1").measure("da.crimes"))
    outside = (
        "Outside the limits: December 2017 to February 2018 (below); July to August 2018 (above); December 2018 to "
        "February 2019 (below). "
    )
    assert f" Signals. {outside}Seven or more on one side" in chart.alternative_text
    # A run is told whole, and is a signal from its seventh month on.
    assert (
        " of the mean: May to November 2018 (above); December 2018 to July 2019 (below). "
        in chart.alternative_text
    )
    signals = dict(zip(chart.data["month"], chart.data["signals"], strict=True))
    runs = [month for month, text in signals.items() if "one side" in text]
    assert runs == ["2018-11", "2019-06", "2019-07"]
    assert chart.headline == "Domestic abuse crime: within its expected range in April to June 2020"
    assert chart.note == (
        "No limits, with fewer than 12 months; from December 2017 (Recording improved) limits of "
        "December 2017 to November 2018."
    )


def test_a_quarter_before_the_first_figure_begins_with_it():
    chart = control_chart(report("2019-20-Q4").measure("crime.all"))
    assert chart.period == "July 2017 to March 2020"
    assert len(chart.data) == 33


def test_under_12_months_there_are_no_limits_and_the_chart_says_so(tmp_path):
    eleven = r"lancashire,all,(2017|2018|2019-0[1-7])-\S*,count"
    few = changed(tmp_path, lambda line: "" if re.search(eleven, line) else line, "recorded_crime")
    chart = control_chart(few.measure("crime.all"))
    assert not [label for label in labels(chart.figure.axes[0]) if "limit" in label]
    assert "No limits are drawn, because there are fewer than 12 months." in chart.alternative_text
    assert chart.alternative_text.startswith("Illustrative figures, not police figures. ")
    assert list(records(chart)[0]) == ["Month", "All crime (offences)", "Illustrative"]


def test_bars_carry_their_figures_and_tell_made_up_ones_by_hatching():
    chart = quarter_bars(report("2020-21-Q1").measure("knife.crime"))
    axes = chart.figure.axes[0]
    assert [label for label in labels(axes) if label.isdigit()][-2:] == ["281", "257"]
    assert above(chart) == ["Knife crime, offences a quarter", "Hatched bars are illustrative: not police figures"]
    hatched = [bool(bar.get_hatch()) for bar in axes.patches]
    assert hatched == list(chart.data["illustrative"])
    assert [quarter for quarter, made_up in zip(chart.data["value"], hatched, strict=True) if not made_up] == [
        327,
        281,
        257,
    ]
    assert chart.headline == "Knife crime fell by 9%, from 281 to 257, on the quarter before"
    assert "January to March 2020: 281; April to June 2020: 257." in chart.alternative_text


@pytest.mark.parametrize(
    ("draw", "name", "marked"),
    [
        (quarter_bars, "knife.crime", "Counting rules changed, 1 April 2020"),
        (control_chart, "da.crimes", "Lockdown began, 23 March 2020"),
    ],
)
def test_events_are_marked_and_told(draw, name, marked):
    chart = draw(report("2020-21-Q1").measure(name))
    assert marked in labels(chart.figure.axes[0])
    assert f" Marked: {marked}." in chart.alternative_text


def test_years_by_month_draws_a_labelled_line_a_year():
    chart = years_by_month(report("2020-21-Q1").measure("search.searches"))
    assert sorted(labels(chart.figure.axes[0])) == ["2018: 488", "2019: 664", "2020: 837"]
    assert above(chart) == ["Stops and searches a month", "Illustrative: not police figures"]
    totals = chart.data.groupby("year")["value"].agg(["sum", "size"])
    assert totals.loc["2019"].tolist() == [7510, 12]
    assert totals.loc["2020", "size"] == 6
    assert chart.headline == "Stops and searches by month, year by year"
    assert "2020, 6 months: lowest " in chart.alternative_text


def changed(folder: Path, change, name: str = "domestic_abuse") -> Report:
    """Give the report of a copied project in which the rows of a dataset were changed."""
    dataset = copy_project(folder) / "data" / f"{name}.csv"
    lines = dataset.read_text(encoding="utf-8").splitlines()
    dataset.write_text("\n".join(line for line in map(change, lines) if line) + "\n", encoding="utf-8")
    return report("2020-21-Q1", folder)


def test_a_series_that_stops_early_concludes_nothing_of_the_quarter(tmp_path):
    late = changed(tmp_path, lambda line: "" if re.search(r"crimes,2020-0[456]", line) else line)
    chart = control_chart(late.measure("da.crimes"))
    assert chart.period == "July 2017 to March 2020, no figure for April to June 2020"
    assert " No figure for April to June 2020." in chart.alternative_text
    assert labels(chart.figure.axes[0])[0] == "Mar 2020: 1,695"
    assert chart.headline == "Domestic abuse crime by month against its mean and limits"


def test_real_figures_among_made_up_ones_are_told_apart(tmp_path):
    supplied = changed(
        tmp_path, lambda line: line.replace("illustrative", "supplied") if "incidents,2020-0" in line else line
    )
    chart = control_chart(supplied.measure("da.incidents"))
    assert chart.alternative_text.startswith("30 of 36 figures are illustrative, not police figures. Line chart")
    assert above(chart)[1:] == ["Hollow points are illustrative: not police figures"]
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
    assert chart.alternative_text == (
        "Bar chart in pairs: share satisfied. Burglary: 70% in July 2018 to June 2019, then 67% in July 2019 to June 2020. "
        "Hate crime: 72%, then 69%."
    )
    assert [bar.get_width() for bar in chart.figure.axes[0].patches] == [70, 67, 72, 69]


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
        assert chart.to_csv().count("\n") == 1 + len(chart.data)


@pytest.mark.parametrize(
    ("draw", "name", "heading", "rows"),
    [
        (control_chart, "crime.all", "All crime (offences)", 36),
        (control_chart, "missing.incidents", "Missing person incidents", 36),
        (years_by_month, "search.searches", "Stops and searches", 30),
        (quarter_bars, "knife.crime", "Knife crime (offences)", 8),
    ],
)
def test_csv_holds_what_the_dataset_holds(draw, name, heading, rows):
    measure = report("2020-21-Q1").measure(name)
    told = records(draw(measure))
    assert len(told) == rows
    # Taken the other way: the years' sums come from the dataset, which has some as figures of their own.
    latest = told[-4:] if draw is quarter_bars else told[-12:]
    if draw is not quarter_bars:
        assert sum(int(row[heading]) for row in latest) == measure.figure("year").number
        assert [row["Month"] for row in latest] == [f"{month.start:%Y-%m}" for month, _ in measure.by_month(12)]
    assert [int(row[heading]) for row in latest[-1:]] == [
        measure.figure("quarter" if draw is quarter_bars else "month").number
    ]


def test_csv_says_which_rows_are_illustrative_only_where_some_are():
    knife = records(quarter_bars(report("2020-21-Q1").measure("knife.crime")))
    assert knife[3] == {"Quarter": "2019-20-Q1", "Knife crime (offences)": "327", "Illustrative": "no"}
    assert [row["Illustrative"] for row in knife] == ["yes", "yes", "yes", "no", "yes", "yes", "no", "no"]
    assert "Illustrative" not in records(control_chart(report("2020-21-Q1").measure("da.crimes")))[0]


def test_csv_of_a_control_chart_has_its_limits_and_every_signal():
    chart = control_chart(report("2020-21-Q1").measure("da.crimes"))
    rows = records(chart)
    figures = [float(row["Domestic abuse crime (offences)"]) for row in rows]
    assert [row["Mean"] for row in rows[:5]] == [""] * 5
    baseline = figures[5:17]
    mean = sum(baseline) / 12
    spread = 2.66 * sum(abs(later - earlier) for earlier, later in pairwise(baseline)) / 11
    for name, level in {"Mean": mean, "Lower limit": mean - spread, "Upper limit": mean + spread}.items():
        (written,) = {row[name] for row in rows[5:]}
        assert float(written) == pytest.approx(level, abs=1e-6)
    outside = [abs(figure - mean) > spread for figure in figures[5:]]
    assert ["outside the limits" in row["Signal"] for row in rows[5:]] == outside
    assert rows[4]["Signal"] == ""
    assert rows[6]["Signal"] == "outside the limits; two of three near a limit"
    assert rows[-1]["Signal"] == "none"


@pytest.mark.parametrize(
    ("draw", "runs", "phrase"),
    [
        (control_chart, [18, 7, 8], "the line is broken there"),
        # January 2018 to December 2018; March to September and November to December 2019; January to June 2020.
        (years_by_month, [12, 7, 2, 6], "the lines are broken there"),
    ],
)
def test_a_line_is_broken_where_months_are_missing_and_says_so(tmp_path, draw, runs, phrase):
    missing = changed(
        tmp_path, lambda line: "" if re.search(r"crimes,2019-(01|02|10)-01,2019-\d\d-[23]", line) else line
    )
    chart = draw(missing.measure("da.crimes"))
    lines = [line for line in chart.figure.axes[0].lines if line.get_linestyle() != "None"]
    assert [len(line.get_xdata()) for line in lines if len(line.get_xdata()) > 2] == [
        run for run in runs if run > 2
    ]
    assert sorted(len(line.get_xdata()) for line in lines)[-len(runs) :] == sorted(runs)
    named = "January to February 2019 and October 2019"
    assert chart.period.endswith(f"to June 2020, without {named}")
    assert f"No figure for {named}: {phrase}." in chart.alternative_text


def test_absent_figures_have_their_symbol_in_picture_text_and_csv(tmp_path):
    def change(line: str) -> str:
        if "crimes,2019-05-01,2019-05-31" in line:
            return line.replace("count,1679,,", "count,,c,")
        return "" if "crimes,2019-08-01" in line else line.replace(",,published", ",p,published")

    chart = control_chart(changed(tmp_path, change).measure("da.crimes"))
    told = {row["Month"]: row for row in records(chart)}
    absent = {month: row for month, row in told.items() if not row["Domestic abuse crime (offences)"].isdigit()}
    assert {month: row["Domestic abuse crime (offences)"] for month, row in absent.items()} == {
        "2019-05": "[c]", "2019-08": "[x]",
    }  # fmt: skip
    assert "1679" not in chart.to_csv()
    assert {row["Note"] for month, row in told.items() if month not in absent} == {"provisional"}
    bars = quarter_bars(report("2020-21-Q1", tmp_path).measure("da.crimes"))
    absent_quarters = [row["Quarter"] for row in records(bars) if row["Domestic abuse crime (offences)"] == "[c]"]
    assert absent_quarters == ["2019-20-Q1"]
    assert "April to June 2019: hidden to protect people;" in bars.alternative_text
    assert {"hidden to\nprotect\npeople", "not\nsupplied"} <= set(labels(bars.figure.axes[0]))


def test_a_bar_that_is_absent_and_one_that_is_made_up_leave_their_pair_whole(tmp_path):
    def change(line: str) -> str:
        if ",burglary,all,all,2018-07-01" in line:
            return ""
        return line.replace("published", "illustrative") if ",hate_crime,all,all,2019-07-01" in line else line

    changed_report = changed(tmp_path, change, "satisfaction")
    chart = paired_bars(
        {name: changed_report.measure(f"satisfaction.{name.lower()}") for name in ("Burglary", "Hate")},
        "surveys",
        "Share satisfied",
    )
    assert chart.alternative_text == (
        "Bar chart in pairs: share satisfied. Burglary: not supplied in July 2018 to June 2019, then 67% in July "
        "2019 to June 2020. Hate: 72%, then 69% (illustrative)."
    )
    assert [bar.get_hatch() for bar in chart.figure.axes[0].patches] == [None, None, None, "////"]
    assert above(chart) == ["Share satisfied", "Hatched bars are illustrative: not police figures"]
    assert records(chart)[0] == {
        "Measure": "Burglary",
        "Months": "2018-07 to 2019-06",
        "Share satisfied (%)": "[x]",
        "Illustrative": "no",
    }


def test_alternative_texts_read_as_language():
    quarter = report("2020-21-Q1")
    surveys = {name: quarter.measure(f"satisfaction.{name.lower()}") for name in ("Burglary", "Violence", "Hate")}
    charts = [control_chart(quarter.measure(name)) for name in ("crime.all", "da.crimes")]
    charts += [quarter_bars(quarter.measure("knife.crime")), years_by_month(quarter.measure("search.searches"))]
    for text in [chart.alternative_text for chart in (*charts, paired_bars(surveys, "rates", "Share"))]:
        # What the checker of the PDF takes for language.
        assert sum(letter.isalpha() for letter in text) > 0.5 * len(text)
        assert text.endswith(".")
