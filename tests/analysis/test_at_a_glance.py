"""The first page against Appendix A and against the data, each taken another way."""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from scrutiny.analysis.at_a_glance import (
    glance_values,
    judgements,
    largest,
    standing_headline,
    standing_table,
)
from scrutiny.analysis.charts import small_multiples
from scrutiny.analysis.comparison_tables import NO_TARGET, performance
from scrutiny.analysis.judgement import Standing
from scrutiny.analysis.process import process_of
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project

ROOT = Path(__file__).parents[2]
GROUPS = {
    "2020-21-Q1": {
        "better": 10,
        "worse": 5,
        "no_material_change": 7,
        "with_text": 7,
        "not_judged": 0,
        "not_supplied": 0,
    },
    "2019-20-Q4": {
        "better": 0,
        "worse": 1,
        "no_material_change": 0,
        "with_text": 1,
        "not_judged": 8,
        "not_supplied": 19,
    },
}


@cache
def report(quarter):
    return Report(quarter, Project(ROOT))


@cache
def judged(quarter):
    return judgements(report(quarter))


def tables(quarter):
    return {standing: standing_table(report(quarter), judged(quarter), standing) for standing in Standing}


@pytest.mark.parametrize("quarter", GROUPS)
def test_each_measure_of_appendix_a_is_in_one_group(quarter):
    found = tables(quarter)
    assert {standing.value: len(table.rows) for standing, table in found.items()} == GROUPS[quarter]
    heads = [row.head for table in found.values() for row in table.rows]
    appendix = performance(report(quarter), report(quarter).measures_of_appendix(), targets=True)
    assert sorted(heads) == sorted(row.head for row in appendix.rows)


@pytest.mark.parametrize("quarter", GROUPS)
def test_it_says_what_appendix_a_says(quarter):
    appendix = {
        row.head: [cell.text for cell in row.cells]
        for row in performance(report(quarter), report(quarter).measures_of_appendix(), targets=True).rows
    }
    shapes = {"Increase": "▲", "Decrease": "▼", "No": "◆"}
    for table in tables(quarter).values():
        for row in table.rows:
            texts = [cell.text.replace("\N{NO-BREAK SPACE}", " ") for cell in row.cells[:-1]]
            # Where no measure of a group has a target, there is no column for it.
            latest, change, target = texts if "Target" in table.columns else [*texts, NO_TARGET]
            _, told, figure, aim = (text.replace("\N{NO-BREAK SPACE}", " ") for text in appendix[row.head])
            shape = shapes.get(told.partition(" ")[0])
            assert (latest, change, target) == (figure, f"{shape} {told}" if shape else told, aim)


def test_what_changed_most_comes_first_and_is_told():
    worse = tables("2020-21-Q1")[Standing.WORSE]
    assert worse.rows[0].head == "Anti-social behaviour incidents"
    assert [one.measure.name for one in largest(judged("2020-21-Q1"))] == [
        "asb.incidents", "response.grade_3", "crime.public_order",
    ]  # fmt: skip
    assert glance_values(judged("2020-21-Q1")) == {
        "glance.all.quarter.summary": "Of the 29 measures of Appendix A, ten got better, five got worse, seven did "
        "not change materially and seven are to be read with the text.",
        "glance.all.quarter.largest": "Anti-social behaviour incidents rose by 45%, from 50,431 to 73,264, which is "
        "worse. The median time to arrive at a grade 3 routine incident fell by 441.13 min, from 995.70 min to "
        "554.57 min, which is better. Public order offences fell by 31%, from 14,236 to 9,885, which is better. "
        "Each compares the 12 months to 30 June 2020 with a year before.",
    }


def test_made_up_figures_decide_nothing():
    by_name = {one.measure.name: one for one in judged("2019-20-Q4")}
    assert (by_name["crime.all"].standing, by_name["crime.all"].why) == (
        Standing.NOT_JUDGED,
        "illustrative figures",
    )
    assert by_name["csew.confidence"].why == "no figure to compare"
    assert by_name["sexual.other"].standing is Standing.NOT_SUPPLIED
    values = glance_values(judged("2019-20-Q4"))
    assert values["glance.all.quarter.largest"] == (
        "Personal robbery rose by 5%, which is worse. This compares the 12 months to 31 March 2020 with a year before."
    )
    nothing = [one for one in judged("2019-20-Q4") if one.standing is Standing.NOT_JUDGED]
    assert glance_values(nothing)["glance.all.quarter.largest"].startswith("No measure changed materially")


@pytest.mark.parametrize(
    ("quarter", "standing", "headline"),
    [
        ("2020-21-Q1", "better", "ten of 29 measures got better, the largest change first"),
        ("2020-21-Q1", "with_text", "seven of 29 measures are to be read with the text"),
        ("2019-20-Q4", "worse", "one of 29 measures got worse"),
    ],
)
def test_headlines_count(quarter, standing, headline):
    assert standing_headline(judged(quarter), standing) == headline


def test_only_real_series_are_drawn():
    assert not [
        one.measure.name
        for one in judged("2020-21-Q1")
        if process_of(one.measure).decides and "da." not in one.measure.name
    ]
    assert [
        small_multiples(judged("2020-21-Q1"), standing) for standing in ("better", "worse", "no_material_change")
    ] == [None] * 3
    chart = small_multiples(judged("2020-21-Q1"), "with_text")
    plt.close(chart.figure)
    rows = list(csv.DictReader(io.StringIO(chart.to_csv())))
    file = pd.read_csv(ROOT / "data" / "domestic_abuse.csv")
    months = file[(file["counted"] == "crimes") & (file["period_start"].str[:7] == file["period_end"].str[:7])]
    drawn = months[months["period_start"].between("2017-07-01", "2020-06-01")]
    assert [int(row["Figure"]) for row in rows] == drawn.sort_values("period_start")["value"].astype(int).tolist()
    assert {row["Measure"] for row in rows} == {"Domestic abuse crime"}
    assert chart.headline == "Domestic abuse crime: no signal in the quarter"
    assert chart.alternative_text.startswith(
        "Line chart of domestic abuse crime by month, July 2017 to June 2020: "
    )
