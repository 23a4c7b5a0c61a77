"""The report of a quarter that was published, after later months were taken in: nothing published changes."""

import shutil
from datetime import date
from fractions import Fraction

import pytest
import yaml
from fixtures.projects import ROOT

from scrutiny.analysis.comparison_tables import annual_and_quarterly_changes, performance
from scrutiny.analysis.judgement import judge
from scrutiny.analysis.phrases import headline, values_of
from scrutiny.analysis.report import Report
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import judge as ask
from scrutiny.statistics.periods import Period

OFFENCES = ["crime.all", "crime.public_order"]
OWN = "recorded-crime-dashboard,lancashire,all,"


def with_months(folder, symbol="", window="year"):
    """Give the first quarter's report where 27 months were supplied later: 11,000, and 10,000 from April 2020 on."""
    for name in ("data", "params"):
        shutil.copytree(ROOT / name, folder / name)
    path = folder / "data/recorded_crime.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    rows = [row for row in rows if not (row.startswith(OWN) and "illustrative" in row)]
    for month in Period.of_months(date(2020, 9, 30), 27).months:
        value = 11_000 if month.end < date(2020, 4, 1) else 10_000
        rows.append(f"{OWN}{month.start},{month.end},count,{value},{symbol},supplied,2020-10-05")
    path.write_text("\n".join([head, *sorted(rows)]) + "\n", encoding="utf-8")
    path = folder / "data/measures.yaml"
    measures = yaml.safe_load(path.read_text(encoding="utf-8"))
    measures["crime.all"]["window"] = window
    path.write_text(yaml.safe_dump(measures, allow_unicode=True), encoding="utf-8")
    return Report("2020-21-Q1", Project(folder))


def test_what_was_published_stands_against_months_that_came_later(tmp_path):
    now, then = with_months(tmp_path), Report("2020-21-Q1", Project(ROOT))
    for name in OFFENCES:
        values, before = (values_of(report, name) for report in (now, then))
        for each in ("change", "percent_change", "in_brief", "direction", "movement"):
            for window in ("quarter", "year"):
                assert values[f"{name}.{window}.{each}"] == before[f"{name}.{window}.{each}"]
        assert values[f"{name}.year.count"] == before[f"{name}.year.count"]
    tables = [annual_and_quarterly_changes(report, OFFENCES, row_head="Offence") for report in (now, then)]
    assert tables[0].texts == tables[1].texts
    one = now.measure("crime.all")
    assert headline(one, one.comparison("quarter")) == "All crime fell by 23% (a difference of 8,739)"
    assert judge(one).comparison.percent_change.number == 100 * Fraction(134069 - 159838, 159838)


def test_origins_table_and_check_say_that_later_counts_give_another_figure(tmp_path):
    report = with_months(tmp_path, window="quarter")
    # April to June: 3 × 10,000 against 3 × 11,000.
    later = "the two figures, supplied later, would give: Decrease (−9%, −3,000)"
    assert later in report.measure("crime.all").comparison("quarter").change.formula
    assert later in values_of(report, "crime.all")["crime.all.quarter.movement"].provenance.formula
    table = performance(report, ["crime.all"])
    assert table.notes[0] == f"All crime, Apr to Jun 2020: the change is as it was published; {later}."
    assert "33,000" in table.texts[0][1]
    asked = {question.value: question for question in ask(report.project).open if question.check == "changes"}
    assert "not the change from 33,000 to 30,000; a report shows -23, as published" in asked["-23"].what
    assert len(asked["-23"].lines) == 6
    assert asked["-8739"].expected == "-3,000, rounded"


def test_a_revision_that_says_so_is_shown(tmp_path):
    report = with_months(tmp_path, symbol="r")
    one = report.measure("crime.all")
    assert one.comparison("quarter").in_brief == "Decrease (−9%, −3,000) [r]"
    # And the year: 9 × 11,000 + 3 × 10,000, where 134,069 was published.
    assert one.figure("year").marked("129,000") == "129,000 [r]"
    assert one.figure("year").number == 129_000
    assert "134,069" in one.figure("year").formula


@pytest.mark.parametrize("part", ["27.2", "20.0"])
def test_sentence_and_table_have_one_share(tmp_path, part):
    """The share that was supplied, 33.8%, is not quoted beside spend that gives another."""
    for name in ("data", "params"):
        shutil.copytree(ROOT / name, tmp_path / name)
    path = tmp_path / "data/budget.csv"
    old = "visible,2020-04-01,2020-06-30,gbp_million,27.2"
    path.write_text(path.read_text(encoding="utf-8").replace(f",{old}", f",{old[:-4]}{part}"), encoding="utf-8")
    report = Report("2020-21-Q1", Project(tmp_path))
    share = report.measure("budget.visible_share").figure("quarter").number
    assert share == 100 * Fraction(part) / (Fraction("52.8") + Fraction("6.9") + Fraction("20.8"))
    open_questions = [one for one in ask(report.project).open if one.check == "shares"]
    assert [one.value for one in open_questions] == ([] if part == "27.2" else ["33.8"])
    if open_questions:
        assert "is not 20 in per cent of 80.5; a report shows what is computed" in open_questions[0].what
        assert open_questions[0].expected == "24.84%, rounded"
