"""Published figures beside ours, over a made-up project of one dataset; and the page of the real one."""

import io
import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from fixtures.projects import QUARTERS, ROOT
from rich.console import Console

from scrutiny.errors import WrongInput, WrongUse
from scrutiny.inputs.project import Project
from scrutiny.review.reconcile import render
from scrutiny.review.reconcile.compare import Agreement
from scrutiny.review.reconcile.render import groups
from scrutiny.review.reconcile.run import reconcile
from scrutiny.statistics.arithmetic import round_half_away

QUARTER = "2020-21-Q1"
PACKAGE = """\
name: a-package
title: A package
licenses: [{name: MIT}]
resources:
  - name: figures
    path: figures.csv
    title: Figures
    description: Some.
    sources: [{name: dashboard, title: The dashboard}]
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
  statistic: {statistic}
  places: {places}
  polarity: lower
  dataset: figures
  where: {{kind: {name}}}
  source: dashboard
  allowed_lag_months: 1
"""
PARAMETERS = """\
quarter: 2020-21-Q1
report: {to: A meeting, date: 2020-09, title: A report, item: 1, force: A force}
sources: {}
sections: [01-one]
"""
NOW, BEFORE, LATEST = "2019-07-01,2020-06-30", "2018-07-01,2019-06-30", "2020-04-01,2020-06-30"
DATA = f"""\
source,area,kind,period_start,period_end,statistic,value,symbol,status,as_at
dashboard,here,one,{BEFORE},count,200,,published,2020-06-30
dashboard,here,one,{NOW},count,167,,published,2020-06-30
dashboard,here,one,{LATEST},percent_change,-4,,published,2020-06-30
dashboard,here,made_up,{NOW},count,3,,illustrative,2020-06-30
dashboard,here,share,{BEFORE},percent,73.4,,published,2020-06-30
dashboard,here,share,{NOW},percent,74.3,,published,2020-06-30
dashboard,here,absent,{NOW},count,,x,published,2020-06-30
"""
HEAD = "line,place,printed,number,fact,period_start,period_end,statistic,ours,why_not"
ROW = f"7,Part: what,167,167,test.one,{NOW},count,test.one,"
READING = "title: A report\nsource: Somewhere\nlicence: MIT\n"


@pytest.fixture
def make(tmp_path):
    """Give a maker of a project with published figures."""

    def made(*rows: str, reading: str = "", data: str = DATA) -> Project:
        for folder in ("data/published", "params", "notebooks", "sections"):
            (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        kinds = {"one": ("count", 0), "made_up": ("count", 0), "share": ("percent", 1), "absent": ("count", 0)}
        texts = {
            "data/datapackage.yaml": PACKAGE,
            "data/measures.yaml": "".join(
                MEASURE.format(name=name, statistic=statistic, places=places)
                for name, (statistic, places) in kinds.items()
            ),
            "data/figures.csv": data,
            f"params/{QUARTER}.yml": PARAMETERS,
            f"data/published/{QUARTER}.csv": "\n".join([HEAD, *rows]) + "\n",
            f"data/published/{QUARTER}.yaml": READING + reading,
        }
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        return Project(tmp_path)

    return made


def row(
    printed, number, statistic, ours="test.one", why="", *, period=NOW, fact="test.one", line=7, place="Part: what"
):
    return f'{line},"{place}","{printed}",{number},{fact},{period},{statistic},{ours},{why}'


VERDICTS = {
    # what: (row, verdict, ours as our report writes it, why)
    "a count": (row("167", 167, "count"), "equal", "167", ""),
    "another count": (row("168", 168, "count"), "differs", "167", "−1 against what is printed"),
    "a change": (row("-33", -33, "change"), "equal", "−33", ""),
    "a percentage, half a per cent away from zero": (row("17%", -17, "percent_change"), "equal after rounding", "−17%", ""),
    "the same to even": (row("16%", -16, "percent_change"), "differs", "−17%", "−1 against what is printed"),
    "as exactly as it is": (
        row("16.5%", -16.5, "percent_change"), "equal", "−17%", "our data have −16.5, shown with fewer decimal places",
    ),
    "a change that was published as one": (
        row("-4%", -4, "percent_change", period=LATEST), "equal", "−4%", "",
    ),
    "a percentage with fewer places": (
        row("74%", 74, "percent", "test.share", fact="test.share"), "equal after rounding", "74.3%", "",
    ),
    "points with fewer places": (
        row("1%", 1, "change", "test.share", fact="test.share"), "equal after rounding", "+0.9 pp", "",
    ),
    "a word": (row("fell", -1, "direction"), "equal", "Decrease", ""),
    "a wrong word": (row("rose", 1, "direction"), "differs", "Decrease", "another direction"),
    "a rough number": (row("over 167", "~167", "count"), "equal", "167", ""),
    "a cell of a dataset": (row("167", 167, "count", "figures: kind=one; area=here"), "equal", "167", ""),
    "made up by us": (
        row("3", 3, "count", "test.made_up"), "differs", "3", "ours is illustrative, and no police figure",
    ),
    "absent": (row("3", 3, "count", "test.absent"), "differs", "[x]", "ours has no figure: not supplied"),
    "a window without data": (
        row("3", 3, "count", period="2001-01-01,2001-12-31"), "differs", "[x]", "ours has no figure: not supplied",
    ),
    "not comparable": (row("3", 3, "count", "", "we do not count it"), "not comparable", "", "we do not count it"),
}  # fmt: skip


@pytest.mark.parametrize("case", VERDICTS)
def test_each_figure_is_judged_beside_ours(make, case):
    text, *expected = VERDICTS[case]
    (line,) = reconcile(make(text), QUARTER).figures
    assert [line.agreement, line.shown, line.why] == expected


BAD_ROWS = {
    # what: (row, column, what is said)
    "no line": (row("167", 167, "count", line="x"), "line", "'x' is no line"),
    "nothing printed": (row("", 167, "count"), "printed", "this cell is empty"),
    "a sign that nobody sees": (row("167\u200b", 167, "count"), "printed", "cannot be seen"),
    "no number": (row("167", "1,67".replace(",", "."), "count"), "number", "write 167"),
    "words for a number": (row("167", "many", "count"), "number", "write digits"),
    "a wrong direction": (row("fell", -3, "direction"), "number", "write 1 for up"),
    "an unknown statistic": (row("167", 167, "counts"), "statistic", 'did you mean "count"'),
    "no fact": (row("167", 167, "count", fact="All Crime"), "fact", "no name of a fact"),
    "no day": (row("167", 167, "count", period="2019-07-01,2020-06-31"), "period_end", "is no day"),
    "backwards": (row("167", 167, "count", period="2020-06-30,2019-07-01"), "period_end", "ends before it begins"),
    "neither ours nor a reason": (row("167", 167, "count", ""), "ours", "has to be filled"),
    "both": (row("167", 167, "count", why="because"), "ours", "has to be filled"),
    "an unknown measure": (row("167", 167, "count", "test.on"), "ours", 'did you mean "test.one"'),
    "another statistic than the measure's": (row("167", 167, "fte"), "ours", "write count as its statistic"),
    "an unknown dataset": (row("167", 167, "count", "figure: kind=one"), "ours", 'did you mean "figures"'),
    "an unknown value": (row("167", 167, "count", "figures: kind=on"), "ours", "which no row has"),
    "no selection": (row("167", 167, "count", "figures: kind"), "ours", "column=value"),
    "too wide a selection": (row("167", 167, "count", "figures: area=here"), "ours", "lines 3"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_bad_row_gets_one_message_of_what_where_and_what_instead(make, case):
    text, column, said = BAD_ROWS[case]
    with pytest.raises(WrongInput) as raised:
        reconcile(make(ROW, text), QUARTER)
    (problem,) = raised.value.problems
    assert (problem.location.line, problem.location.column) == (3, column)
    assert said in str(problem)


def test_all_bad_rows_are_told_at_once(make):
    with pytest.raises(WrongInput) as raised:
        reconcile(make(*(text for text, *_ in BAD_ROWS.values())), QUARTER)
    assert len(raised.value.problems) >= 10


BAD_READINGS = {
    # what: (the file beside the table, where, what is said)
    "a sum of what is not printed": ("sums: {test.one: test.two + test.one}", "sums.test.one", "no figure of 'test.two'"),
    "a pattern that fits nothing": ("sums: {test.*: test.*.*}", "sums.test.*", "no printed figures"),
    "no share": ("shares: {test.one: test.one}", "shares.test.one", "write part / whole"),
    "a stale remark": ("remarks: [{findings: [sum 7 test.one 167], ours: So.}]", "remarks", "is not found"),
    "a remark on what is equal": ("remarks: [{findings: [ours 7 test.one 167], ours: So.}]", "remarks", "is not found"),
    "an unknown key": ("remark: []", "remark", "not known"),
    "lines that are none": (
        "read: [{lines: about 7, place: A, printed: B, open: C, ours: D}]", "read.1.lines", "not written in the form",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_READINGS)
def test_a_mistake_beside_the_table_is_told(make, case):
    reading, where, said = BAD_READINGS[case]
    with pytest.raises(WrongInput) as raised:
        reconcile(make(ROW, reading=reading), QUARTER)
    (problem,) = raised.value.problems
    assert str(problem.location) == f"data/published/{QUARTER}.yaml ({where})"
    assert said in str(problem)


def test_a_quarter_without_published_figures_is_answered_with_those_that_have_them(make):
    project = make(ROW)
    (project.params / "2020-21-Q2.yml").write_text(PARAMETERS.replace("Q1", "Q2"), encoding="utf-8")
    with pytest.raises(WrongUse, match=f"2020-21-Q2.csv is missing\n    there are those of {QUARTER}"):
        reconcile(project, "2020-21-Q2")


DIFFERS = row("168", 168, "count")
EXPLAINED = "remarks: [{findings: [ours 7 test.one 168], ours: Ours has a revision.}]"
CONTRADICTS = [row("200", 200, "count", period=BEFORE), ROW, row("16%", -16, "percent_change", "", "so")]


@pytest.fixture
def run(make, command, tmp_path):
    """Run `scrutiny reconcile` in a made-up project."""

    def ran(*rows, reading="", arguments=()):
        make(*rows, reading=reading)
        return command(tmp_path, "reconcile", QUARTER, *arguments)

    return ran


def test_ours_that_differs_unexplained_fails_and_says_what_to_do(run):
    done = run(DIFFERS)
    assert done.returncode == 1
    assert "ours says 167 where '168' is printed (line 7, Part: what)" in done.stderr
    assert 'a remark on "ours 7 test.one 168"' in done.stderr
    assert done.stdout == "differs\t7\tPart: what\t168\t167\t−1 against what is printed\n"


def test_one_that_is_explained_does_not(run):
    assert run(DIFFERS, reading=EXPLAINED).returncode == 0


def test_a_published_report_that_contradicts_itself_does_not_fail(run):
    done = run(*CONTRADICTS)
    assert done.returncode == 0
    assert (
        "contradiction: percentage\t7\tPart: what\t16%\t−17%\t167 − 200 = −33; −33 / 200 = −16.50%" in done.stdout
    )


def test_json_has_every_figure_and_every_recomputation(run):
    done = run(*CONTRADICTS, arguments=["--json"])
    content = json.loads(done.stdout)
    assert content["counts"] == {"equal": 2, "equal after rounding": 0, "differs": 0, "not comparable": 1}
    assert [line["verdict"] for line in content["lines"]] == ["equal", "equal", "not comparable"]
    (finding,) = content["findings"]
    assert (finding["id"], finding["holds"]) == ("percentage 7 test.one 16%", False)
    assert finding["lines"] == [7]


def test_json_is_whole_though_it_fails(run):
    done = run(DIFFERS, arguments=["--json"])
    assert done.returncode == 1
    assert json.loads(done.stdout)["lines"][0]["why"] == "−1 against what is printed"


def test_a_page_is_written_over_a_page_but_over_nothing_else(run, tmp_path):
    target = tmp_path / "page.md"
    assert run(ROW, arguments=["--to", "page.md"]).returncode == 0
    first = target.read_bytes()
    assert run(DIFFERS, reading=EXPLAINED, arguments=["--to", "page.md"]).returncode == 0
    assert target.read_bytes() != first
    assert "Ours has a revision." in target.read_text(encoding="utf-8")
    for text in (b"Mine.", b"\xff\xfe"):
        target.write_bytes(text)
        done = run(ROW, arguments=["--to", "page.md"])
        assert done.returncode == 2
        assert "would be lost" in done.stderr
        assert target.read_bytes() == text
    assert run(ROW, arguments=["--to", "nowhere/page.md"]).returncode == 2
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["page.md"]


def test_hostile_text_arrives_as_typed(make):
    hostile = "[red]Part[/red]: <b>|`@x` $1$"
    found = reconcile(make(row("168 [bold]", 168, "count", place=hostile)), QUARTER)
    console = Console(record=True, width=200, file=io.StringIO())
    for table in render.view(found, every=True).tables:
        console.print(table)
    assert console.export_text().count(hostile) == 2
    assert r"&#60;b&#62;\|\`@x\` &#36;1&#36;" in render.as_page(found)
    assert "\t".join(render.view(found).lines).split("\t")[2] == hostile


def test_findings_with_one_remark_are_told_in_one_row(make):
    reading = "remarks: [{findings: [percentage 7 test.one 16%, difference 7 test.one -34], recomputed: 1 + 1 = 2, ours: So.}]"
    found = reconcile(make(*CONTRADICTS, row("-34", -34, "change", "", "so"), reading=reading), QUARTER)
    (group,) = groups(found)
    assert (group.printed, group.recomputed, group.ours) == ("16%; -34", "−17%; −33", "So.")
    assert group.arithmetic == "167 − 200 = −33; −33 / 200 = −16.50%; 1 + 1 = 2"


# The September 2020 report.


@pytest.fixture(scope="module")
def september():
    return reconcile(Project(ROOT), QUARTERS[0])


def test_the_committed_page_is_what_the_command_writes_now(september):
    assert (ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8") == render.as_page(september), (
        f"run: scrutiny reconcile {QUARTERS[0]} --to docs/reconciliation.md"
    )


def test_nothing_of_ours_differs_unexplained(september):
    assert september.problems == []
    assert september.counts[Agreement.DIFFERS] <= 4
    assert september.counts[Agreement.NOT_COMPARABLE] <= 18
    assert len(september.figures) >= 480


@pytest.mark.parametrize(
    ("check", "line", "recomputed"),
    [
        ("share", 29, "62.2%"),
        ("twice", 211, "-23%"),
        ("twice", 282, "95"),
        ("share", 299, "24%"),
        ("difference", 346, "−749"),
        ("percentage", 352, "−5%"),
        ("slight", 436, "−17.88%, estimated"),
        ("percentage", 532, "49%"),
        ("difference", 532, "39"),
        ("months", 533, "20,833"),
        ("months", 533, "21,537"),
    ],
)
def test_what_is_wrong_in_it_is_found_by_computing(september, check, line, recomputed):
    assert (check, line, recomputed) in [
        (finding.check, finding.figure.line, finding.recomputed) for finding in september.contradictions
    ]


@pytest.fixture
def copied(tmp_path):
    """Give what reconciling reads of the real project, to change."""
    for name in ("data", "params", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_changed_cell_of_our_data_is_found_at_each_place_that_prints_it(copied):
    cells = copied / "data/recorded_crime.csv"
    text = cells.read_text(encoding="utf-8")
    assert text.count(",134069,") == 1
    cells.write_text(text.replace(",134069,", ",134070,"), encoding="utf-8")
    found = reconcile(Project(copied), QUARTERS[0])
    assert len(found.problems) == 4
    assert [
        (one.published.line, one.published.printed, one.why)
        for one in found.differing
        if one.id not in found.remarks
    ] == [
        (211, "134,069", "+1 against what is printed"),
        (216, "-25,769", "+1 against what is printed"),
        (519, "-25,769", "+1 against what is printed"),
        (519, "134,069", "+1 against what is printed"),
    ]


def test_a_mended_figure_of_the_published_report_leaves_a_stale_remark(copied):
    figures = copied / f"data/published/{QUARTERS[0]}.csv"
    text = figures.read_text(encoding="utf-8")
    figures.write_text(text.replace(",-747,-747,", ",-749,-749,"), encoding="utf-8")
    with pytest.raises(WrongInput) as raised:
        reconcile(Project(copied), QUARTERS[0])
    assert [problem.message for problem in raised.value.problems] == [
        f"'{check} 346 sexual.all -747' is remarked on, and is not found"
        for check in ("difference", "sum", "ours")
    ]


def test_without_remarks_the_same_is_found(copied, september):
    """Nothing is taken from a list: the file beside the table only says what hangs together."""
    beside = copied / f"data/published/{QUARTERS[0]}.yaml"
    beside.write_text(beside.read_text(encoding="utf-8").partition("\nnotes:")[0], encoding="utf-8")
    found = reconcile(Project(copied), QUARTERS[0])
    assert [one.id for one in found.contradictions] == [one.id for one in september.contradictions]
    assert len(found.problems) == 4


def test_the_arithmetic_of_the_page_is_right(september):
    steps = {step for group in groups(september) for step in group.arithmetic.split("; ") if step}
    assert len(steps) >= 35
    assert [step for step in sorted(steps) if not is_right(step)] == []


def is_right(equation: str) -> bool:
    terms, result = equation.replace("−", "-").replace(",", "").split(" = ")
    first, *rest = re.findall(r"(?:(?<=[\d%]) ([+/-]) )?(-?[\d.]+)(%?)", terms)
    value = Fraction(first[1])
    for sign, number, percent in rest:
        term = Fraction(number) / (100 if percent else 1)
        value = value / term if sign == "/" else value + term if sign == "+" else value - term
    if result.endswith("%"):
        value *= 100
    result = result.rstrip("%")
    return round_half_away(value, len(result.partition(".")[2])) == Fraction(result)


def test_the_files_are_described_with_source_and_licence():
    text = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert "published/" in text
    assert Path(ROOT / "docs" / "reference" / "reconcile.md").is_file()
