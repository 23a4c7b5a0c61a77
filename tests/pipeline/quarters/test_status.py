"""How far a quarter has come, judged over a project of one dataset."""

import json
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from scrutiny.analysis.lacking import in_words
from scrutiny.analysis.report import Report
from scrutiny.analysis.supplies import batches, due_by, lacking, supplies
from scrutiny.errors import WrongInput, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.pipeline.quarters import render as showing
from scrutiny.pipeline.quarters.status import Writing, status, text_of

QUARTER = "2020-21-Q2"
LATER = date(2020, 11, 20)

PACKAGE = """\
name: a-package
title: A package
licenses: [{name: MIT}]
resources:
  - name: figures
    path: figures.csv
    title: Figures
    description: Some.
    sources:
      - {name: dashboard, title: The dashboard, supplier: Business intelligence team}
      - {name: survey, title: The survey}
    schema:
      fields:
        - {name: source, type: string}
        - {name: area, type: string}
        - {name: kind, type: string}
        - {name: period_start, type: date}
        - {name: period_end, type: date}
        - {name: statistic, type: string}
        - {name: value, type: number}
        - {name: symbol, type: string}
        - {name: status, type: string}
        - {name: as_at, type: date}
      primaryKey: [source, area, kind, period_start, period_end, statistic]
"""
MEASURE = """\
test.{name}:
  title: {name}
  definition: What is counted.
  unit: offences
  polarity: lower
  dataset: figures
  where: {{kind: {name}}}
  source: dashboard
  allowed_lag_months: {allowed}
"""
PARAMETERS = """\
quarter: 2020-21-Q2
report: {to: A meeting, date: 2020-12, title: A report, item: 1, force: A force}
sources: {}
sections: [01-one, 02-two]
"""

QUARTERLY = "priority: tackling_crime\n  window: quarter"
YEARLY = "priority: tackling_crime"
WHOLE = "2020-07-01,2020-09-30"
MONTHS = ("2020-07-01,2020-07-31", "2020-08-01,2020-08-31", "2020-09-01,2020-09-30")
BEFORE = "2020-04-01,2020-06-30,count,70,,supplied"
OLD = "2019-01-01,2019-03-31,count,70,,supplied"
CENSUS = "2019-04-01,2020-03-31,count,70,,supplied"
MAY_TO_JULY = ("2020-05-01,2020-05-31", "2020-06-01,2020-06-30", "2020-07-01,2020-07-31")


def months(*periods, status="supplied"):
    return [f"{period},count,10,,{status}" for period in periods]


@pytest.fixture
def make(tmp_path):
    """Give a maker of a project that has one measure and its rows."""

    def made(rows=(), keys=QUARTERLY, allowed=1, parameters=PARAMETERS, **sections) -> Project:
        for folder in ("data", "params", "notebooks", "sections/_skeleton", f"sections/{QUARTER}"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / "data/datapackage.yaml").write_text(PACKAGE, encoding="utf-8")
        measure = MEASURE.format(name="one", allowed=allowed) + "".join(f"  {line}\n" for line in [keys] if line)
        (tmp_path / "data/measures.yaml").write_text(measure, encoding="utf-8")
        head = "source,area,kind,period_start,period_end,statistic,value,symbol,status,as_at"
        # A row of another kind, so that the dataset is never empty; and one that no measure asks for.
        lines = ["survey,lancashire,one,2020-07-01,2020-09-30,count,3,,supplied,2020-10-02"]
        lines += [f"dashboard,lancashire,one,{row},2020-10-02" for row in rows]
        (tmp_path / "data/figures.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        (tmp_path / f"params/{QUARTER}.yml").write_text(parameters, encoding="utf-8")
        for name in ("01-one", "02-two"):
            (tmp_path / f"sections/_skeleton/{name}.qmd").write_text(f"# {name}\n", encoding="utf-8")
        for name, text in sections.items():
            path = tmp_path / f"sections/{QUARTER}/{name.replace('__', '-')}.qmd"
            path.write_text(text, encoding="utf-8")
        return Project(tmp_path)

    return made


CASES = {
    # what: (rows, keys of the measure, allowed lag, today, states, window)
    "never supplied": ([], QUARTERLY, 1, LATER, ["missing"], "July to September 2020"),
    "the quarter": ([f"{WHOLE},count,70,,supplied"], QUARTERLY, 1, LATER, ["given"], "July to September 2020"),
    "its months": (months(*MONTHS), QUARTERLY, 1, LATER, ["given"], "July to September 2020"),
    "a month lacks": (months(*MONTHS[:2]), QUARTERLY, 1, LATER, ["missing"], "July to September 2020"),
    "a month before the end lacks": (months(*MONTHS[1:]), QUARTERLY, 1, LATER, ["missing"], "July to September 2020"),
    "only the last quarter": ([BEFORE], QUARTERLY, 1, LATER, ["missing", "stale"], "July to September 2020"),
    "a quarter is allowed": ([BEFORE], QUARTERLY, 3, LATER, ["given"], "April to June 2020"),
    "in the allowed month": (months("2020-08-01,2020-08-31"), QUARTERLY, 1, LATER, ["missing"], "July to September 2020"),
    "a month too old": (months(*MAY_TO_JULY), QUARTERLY, 1, LATER, ["missing", "stale"], "July to September 2020"),
    "the quarter is not over": ([BEFORE], QUARTERLY, 1, date(2020, 9, 30), ["not yet due"], "July to September 2020"),
    "it is over": ([BEFORE], QUARTERLY, 1, date(2020, 10, 1), ["missing", "stale"], "July to September 2020"),
    "given before it is over": ([f"{WHOLE},count,70,,supplied"], QUARTERLY, 1, date(2020, 9, 1), ["given"], "July to September 2020"),
    "not applicable": ([f"{WHOLE},count,,z,supplied"], QUARTERLY, 1, LATER, ["not yet due"], "July to September 2020"),
    "not supplied": ([f"{WHOLE},count,,x,supplied"], QUARTERLY, 1, LATER, ["missing"], "July to September 2020"),
    "hidden": ([f"{WHOLE},count,,c,supplied"], QUARTERLY, 1, LATER, ["given"], "July to September 2020"),
    "made up": ([f"{WHOLE},count,70,,illustrative"], QUARTERLY, 1, LATER, ["illustrative"], "July to September 2020"),
    "partly made up": (
        [*months(*MONTHS[:2]), *months(MONTHS[2], status="illustrative")],
        QUARTERLY, 1, LATER, ["illustrative"], "July to September 2020",
    ),
    "a change": ([f"{WHOLE},percent_change,-4,,supplied"], QUARTERLY, 1, LATER, ["given"], "July to September 2020"),
    "behind by three months": (
        ["2020-04-01,2020-06-30,count,70,,supplied"],
        f"{QUARTERLY}\n  lag_months: 3", 4, LATER, ["given"], "April to June 2020",
    ),
    "behind, and over": (
        ["2020-01-01,2020-03-31,count,70,,supplied"],
        f"{QUARTERLY}\n  lag_months: 3", 4, date(2020, 9, 1), ["missing", "stale"], "April to June 2020",
    ),
    "behind, and not over": ([], f"{QUARTERLY}\n  lag_months: 3", 4, date(2020, 6, 30), ["not yet due"], "April to June 2020"),
    "the quarter is no year": ([f"{WHOLE},count,70,,supplied"], YEARLY, 1, LATER, ["missing"], "October 2019 to September 2020"),
    "once a year, within it": ([CENSUS], "", 12, LATER, ["given"], "April 2019 to March 2020"),
    "once a year, and too old": ([OLD], "", 12, LATER, ["missing", "stale"], "January to March 2020"),
    "asked for as it is supplied": ([BEFORE], "", 1, LATER, ["missing", "stale"], "July to September 2020"),
    "asked for by the quarter, supplied by month": (
        [BEFORE, *months(*MONTHS), *months("2019-10-01,2019-10-31", status="illustrative")],
        "", 1, LATER, ["given"], "July to September 2020",
    ),
    "supplied by four weeks": (
        ["2020-06-03,2020-06-30,count,70,,supplied"], "", 1, LATER, ["missing", "stale"], "3 September to 30 September 2020",
    ),
    "another window to that day": (
        [BEFORE, "2020-04-01,2020-09-30,count,70,,supplied"], "", 1, LATER, ["given"], "July to September 2020",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "keys", "allowed", "today", "states", "window"), CASES.values(), ids=CASES)
def test_how_a_measure_stands(make, rows, keys, allowed, today, states, window):
    (supply,) = status(make(rows, keys, allowed), QUARTER, today).supplies
    assert list(supply.states) == states
    assert supply.period.label == window
    assert supply.source.name == "dashboard"
    assert supply.open == (states != ["given"])


def test_the_source_that_the_parameters_name_is_the_one_that_counts(make):
    project = make([BEFORE], parameters=PARAMETERS.replace("sources: {}", "sources: {test.one: survey}"))
    (supply,) = status(project, QUARTER, LATER).supplies
    assert (supply.source.title, list(supply.states)) == ("The survey", ["given"])


@pytest.mark.parametrize(
    ("meeting", "end", "due"),
    [
        ("2020-12", date(2020, 9, 30), date(2020, 11, 3)),
        ("2020-12-10", date(2020, 9, 30), date(2020, 11, 12)),
        # Weeks before the meeting the period would not be over.
        ("2020-10", date(2020, 9, 30), date(2020, 10, 1)),
    ],
)
def test_due_four_weeks_before_the_meeting(make, meeting, end, due):
    project = make(parameters=PARAMETERS.replace("2020-12", meeting))
    (supply,) = status(project, QUARTER, LATER).supplies
    assert supply.period.end == end
    assert supply.due == due == due_by(supply.period, project.parameters(QUARTER).report)


@pytest.mark.parametrize(
    ("rows", "asked_for"),
    [
        ([], "July to September 2020"),
        (months(*MONTHS[:2]), "September 2020, of July to September 2020"),
        ([*months(MONTHS[0]), *months(MONTHS[2])], "August 2020, of July to September 2020"),
        # Most are missing; a made-up one is no figure.
        (months(MONTHS[0]), "July to September 2020"),
        ([*months(*MONTHS[:2]), *months(MONTHS[2], status="illustrative")], "July to September 2020"),
    ],
)
def test_the_months_that_are_missing_are_named(make, rows, asked_for):
    report = Report(QUARTER, make(rows, QUARTERLY))
    (supply,) = supplies(report)
    assert supply.asked_for == asked_for
    needed, found = lacking(report, ["figures"])
    assert needed == 1
    assert [one.period for one in found] == ([asked_for] if supply.states[0] == "missing" else [])
    assert in_words(found, needed).startswith("1 of the 1 figures of this report was not" if found else "all 1 ")


def test_a_sum_of_others_is_not_asked_for(make):
    project = make()
    path = project.data / "measures.yaml"
    total = (
        MEASURE.format(name="both", allowed=1).replace("kind: both", "kind: one").replace("dashboard", "survey")
    )
    path.write_text(f"{path.read_text(encoding='utf-8')}{total}  sum_of: [test.one]\n", encoding="utf-8")
    # It has figures of its own from one source, and none from the other.
    assert [one.measure.name for one in status(project, QUARTER, LATER).supplies] == ["test.one", "test.both"]
    path.write_text(
        path.read_text(encoding="utf-8").replace("source: survey", "source: dashboard"), encoding="utf-8"
    )
    assert [one.measure.name for one in status(Project(project.root), QUARTER, LATER).supplies] == ["test.one"]


def test_who_wrote_the_sections(make):
    mark = "---\ncarried-over: 2020-21-Q1\n---\n"
    project = make(**{"01__one": f"{mark}\nA text.\n", "_part": f"{mark}A text.  \n\n", "_other": "A part.\n"})
    earlier = project.sections / "2020-21-Q1"
    earlier.mkdir()
    (earlier / "01-one.qmd").write_text("A text.\n", encoding="utf-8")
    found = status(project, QUARTER, LATER)
    assert found.summary[1:] == ("Sections (3): 2 carried over, 1 from the skeleton", "Carried over: 2 headings")
    lines = [line for line in showing.status_lines(found) if line.startswith("carried over")]
    assert lines == [
        f"carried over\tsections/{QUARTER}/{place}\t(before the first heading)\t2020-21-Q1"
        for place in ("01-one.qmd:5", "_part.qmd:4")
    ]
    sections = found.sections
    assert [(section.name, text_of(section)) for section in sections] == [
        ("01-one.qmd", Writing.CARRIED_OVER),
        ("02-two.qmd", Writing.SKELETON),
        ("_part.qmd", Writing.CARRIED_OVER),
    ]
    (project.sections / QUARTER / "01-one.qmd").write_text(f"{mark}\nAnother text.\n", encoding="utf-8")
    assert text_of(status(project, QUARTER, LATER).sections[0]) is Writing.WRITTEN


def test_lines_for_other_programs(make):
    found = status(make([BEFORE], **{"01__one": "# One\n"}), QUARTER, LATER)
    assert found.summary == ("Measures (1): 1 missing, 1 stale", "Sections (2): 1 written, 1 from the skeleton")
    measure, section = showing.status_lines(found)
    assert measure.split("\t") == [
        "missing, stale", "figures", "test.one", "July to September 2020", "Apr to Jun 2020",
        "The dashboard", "Business intelligence team", "2020-11-03",
    ]  # fmt: skip
    assert section.rstrip() == "from the skeleton\tsections/_skeleton/02-two.qmd"


def test_a_source_of_which_nobody_says_who_supplies_it(make):
    project = make(parameters=PARAMETERS.replace("sources: {}", "sources: {test.one: survey}"), keys=YEARLY)
    (line, *_) = showing.status_lines(status(project, QUARTER, LATER))
    assert line.split("\t")[-3:] == ["The survey", "not said", "2020-11-03"]


def test_tables_say_the_same_in_eighty_columns(make):
    console = Console(width=80)
    found = status(make([BEFORE]), QUARTER, LATER)
    with console.capture() as shown:
        for table in [*showing.status_tables(found), showing.due_table(batches(found.supplies))]:
            console.print(table)
    for text in (
        "figures: July to September 2020, by 3 November 2020",
        "Business intelligence team: The dashboard",
        "test.one missing, stale; newest: Apr to Jun 2020",
        "sections/_skeleton/01-one.qmd from the skeleton",
        "figures The dashboard",
        "2020-11-03",
    ):
        assert text in " ".join(shown.get().split()), text


def test_json_has_every_measure_and_section(make):
    found = json.loads(showing.as_json(status(make([BEFORE]), QUARTER, LATER)))
    assert (found["quarter"], found["today"]) == (QUARTER, "2020-11-20")
    (measure,) = found["measures"]
    assert measure == {
        "dataset": "figures",
        "measure": "test.one",
        "title": "one",
        "states": ["missing", "stale"],
        "window": {"start": "2020-07-01", "end": "2020-09-30", "label": "July to September 2020"},
        "newest": {"start": "2020-04-01", "end": "2020-06-30", "label": "April to June 2020"},
        "source": "dashboard",
        "system": "The dashboard",
        "supplier": "Business intelligence team",
        "due": "2020-11-03",
    }
    assert found["sections"][0] == {
        "file": "sections/_skeleton/01-one.qmd",
        "text": "from the skeleton",
        "carried_over": [],
    }


def test_what_is_wrong_is_told(make):
    project = make(["2020-07-01,2020-09-30,count,-1,,supplied", "2020-07-02,2020-07-01,count,1,,supplied"])
    with pytest.raises(WrongInput, match=r"figures\.csv:3") as caught:
        status(project, QUARTER, LATER)
    assert len(caught.value.problems) >= 2
    with pytest.raises(WrongUse, match="no parameters for 2019-20-Q4"):
        status(project, "2019-20-Q4", LATER)


def test_the_command_informs_and_exits_with_0(scrutiny, project_folder: Path):
    done = scrutiny("status", "2019-20-Q4")
    assert done.returncode == 0, done.stderr
    first, second, *lines = done.stdout.splitlines()
    assert "missing" in first
    assert second == "Sections (14): 14 from the skeleton"
    assert any(line.startswith("illustrative\trecorded_crime\tcrime.all\t") for line in lines)
    assert json.loads(scrutiny("status", "2019-20-Q4", "--json").stdout)["quarter"] == "2019-20-Q4"
    assert scrutiny("status", "2019-20-Q5").returncode == 2
