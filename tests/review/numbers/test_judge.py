"""Numbers judged: what is bound, stated, loose or wrong, and what to write instead."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest
from fixtures.projects import QUARTERS, ROOT, copy_project

from scrutiny.errors import WrongInput
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance, read_provenance
from scrutiny.inputs.measures import load_measures
from scrutiny.inputs.project import Project
from scrutiny.narrative.conditions import resolved
from scrutiny.narrative.sections import load_narrative
from scrutiny.narrative.syntax import shortcodes
from scrutiny.review.numbers.judge import Binding, judge
from scrutiny.review.numbers.quotable import is_date
from scrutiny.statistics.wording import Direction

UP, DOWN, SAME = Direction.INCREASE, Direction.DECREASE, Direction.NO_CHANGE
VALUES = [
    ("crime.all.year.count", "134,069", 134_069, None),
    ("crime.all.year_before.count", "159,838", 159_838, None),
    ("crime.all.year.change", "−25,769", -25_769, DOWN),
    ("crime.all.year.percent_change", "−16%", Fraction(-25_769 * 100, 159_838), DOWN),
    ("crime.all.year.in_brief", "Decrease (−16%, −25,769)", None, DOWN),
    ("crime.all.year.direction", "decrease", None, DOWN),
    ("crime.all.year.movement", "fell by 16%, from 159,838 to 134,069", None, DOWN),
    ("crime.all.year.period", "July 2019 to June 2020", None, None),
    ("knife.crime.quarter.count", "257", 257, None),
    ("knife.crime.quarter.percent_change", "+1%", 1, UP),
    ("knife.crime.quarter.movement", "rose by 1%", None, UP),
    ("knife.crime.quarter.change_on_previous_quarter", "−24", -24, DOWN),
    ("knife.crime.quarter.movement_on_previous_quarter", "fell by 9%", None, DOWN),
    ("hate.crimes.year.percent_change", "0%", 0, SAME),
    ("hate.crimes.year.movement", "did not change", None, SAME),
    ("budget.visible.quarter.gbp_million", "£27.2m", Fraction("27.2"), None),
    ("workforce.local.year.share", "49.07%", Fraction("49.07"), None),
    ("encompass.compliance.month.percent", "55%", 55, None),
    ("atm.attacks.quarter.count", "1", 1, None),
    ("asb.incidents.year.count", "not supplied", None, None),
    ("period.year.end", "30 June 2020", None, None),
    ("report.force", "A force", None, None),
]
ORIGINS = ReportProvenance(
    {
        name: ProvenanceRecord(
            name, text, number=None if number is None else Fraction(number), direction=direction
        )
        for name, text, number, direction in VALUES
    },
    {},
)
MEASURES = load_measures(ROOT / "data" / "measures.yaml")


def judged(folder, text, **parts):
    folder = folder / "sections"
    (folder / "Q").mkdir(parents=True)
    for name, content in {"01-a": text, **parts}.items():
        (folder / "Q" / f"{name}.qmd").write_text(content, encoding="utf-8")
    return judge(load_narrative(folder, "Q", ["01-a"]), ORIGINS, MEASURES)


def var(name):
    return f"{{{{< var {name} >}}}}"


def stating(text, value=None, source="a partner"):
    named = f"    value: {value}\n" if value else ""
    return f'---\nstated:\n  - text: "{text}"\n    source: {source}\n{named}---\n\n'


# The project itself.


@pytest.mark.parametrize("quarter", QUARTERS)
def test_no_number_of_the_project_is_loose_or_wrong(built, quarter):
    project = Project(ROOT)
    narrative = load_narrative(project.sections, quarter, project.parameters(quarter).sections)
    found = judge(narrative, read_provenance(built[quarter]), project.measures)
    assert [str(problem) for problem in (*found.problems, *found.asked)] == []
    assert found.counts[Binding.BOUND] > 100
    assert found.counts[Binding.LOOSE] == 0
    quoted = [one.value for one in found.numbers if one.text.startswith("{{<")]
    sources = {one.file: (ROOT / one.file).read_text(encoding="utf-8") for one in found.numbers}
    assert quoted == [name for text in sources.values() for name in re.findall(r"\{\{< var (\S+) >\}\}", text)]
    for one in found.numbers:
        # A value stands on the line that is told, and of a number the first word does.
        assert one.text.split()[0] in sources[one.file].splitlines()[one.line - 1], one


def test_no_sentence_of_the_project_is_left_where_the_next_quarter_lacks_its_figure(built):
    project = Project(ROOT)
    narrative = load_narrative(project.sections, QUARTERS[0], project.parameters(QUARTERS[0]).sections)
    provenance = read_provenance(built[QUARTERS[0]])
    values = {name: record.text for name, record in provenance.values.items()}
    # Years that were over are not asked for again, nor is what the last meeting heard.
    kept = ("calendar_year", "financial_year", "year_to_previous_quarter")
    absent = {name for name in values if not is_date(name) and name.split(".")[2] not in kept}
    for section in resolved(narrative, values, absent, {*values, *provenance.shown} - absent).sections:
        if not section.from_skeleton:
            quoted = {code.argument for code in shortcodes(section.current) if code.name == "var"}
            assert not quoted & absent, section.name


@pytest.mark.parametrize(
    ("typed", "instead", "named"),
    [
        ("All crime was 134,069.", "03-background", "crime.all.year.count"),
        ("Crime fell by 16.1%.", "05-tackling-crime-and-reoffending", "crime.all.year.percent_change"),
        ("Nearly half served.", "04-protecting-local-policing", "workforce.local_policing.financial_year.share"),
        ("About 73,000 incidents.", "05-tackling-crime-and-reoffending", "asb.incidents.year.count"),
        ("They spent £27.2 million.", "04-protecting-local-policing", "budget.visible.quarter.gbp_million"),
    ],
)
def test_a_number_typed_into_a_real_section_is_found_and_named(built, tmp_path, typed, instead, named):
    project = Project(copy_project(tmp_path))
    path = project.sections / QUARTERS[0] / f"{instead}.qmd"
    text = path.read_text(encoding="utf-8") + f"\n{typed}\n"
    path.write_text(text, encoding="utf-8")
    narrative = load_narrative(project.sections, QUARTERS[0], project.parameters(QUARTERS[0]).sections)
    found = judge(narrative, read_provenance(built[QUARTERS[0]]), project.measures)
    (loose,) = [one for one in found.numbers if one.binding is Binding.LOOSE]
    assert loose.file == f"sections/{QUARTERS[0]}/{instead}.qmd"
    assert loose.line == text.count("\n")
    assert loose.near[0].name == named
    assert f"write {{{{< var {named} >}}}}, which says" in str(found.problems[0])


# Kinds.


def test_numbers_are_bound_stated_loose_or_left_out(tmp_path):
    text = (
        stating("up to 60%")
        + f"# Crime {{#sec-a}}\n\n{var('crime.all.year.count')} to {var('period.year.end')}, {var('report.force')};\n"
        f"up to\n60% less since 23 March, {var('asb.incidents.year.count')}, 99 <!-- 98 -->\n"
    )
    found = judged(tmp_path, text)
    assert [
        (one.binding.value, one.line, one.text, one.value or one.source or one.rule) for one in found.numbers
    ] == [
        ("bound", 9, var("crime.all.year.count"), "crime.all.year.count"),
        ("left out", 9, var("period.year.end"), "period.year.end"),
        ("left out", 9, var("report.force"), "report.force"),
        ("stated", 11, "60%", "a partner"),
        ("left out", 11, "23 March", "date"),
        ("bound", 11, var("asb.incidents.year.count"), "asb.incidents.year.count"),
        ("loose", 11, "99", ""),
    ]
    assert found.counts == {Binding.BOUND: 2, Binding.STATED: 1, Binding.LOOSE: 1}


def test_an_included_part_is_judged_and_another_is_not(tmp_path):
    found = judged(
        tmp_path,
        "{{< include sections/_part.qmd >}}\n",
        _part="{{< include sections/_deep.qmd >}}\n\n7 days\n",
        _deep="Text.\n\n8 days\n",
        _other="9 days\n",
    )
    assert [(one.file, one.line, one.text) for one in found.numbers] == [
        ("sections/Q/_part.qmd", 3, "7 days"),
        ("sections/Q/_deep.qmd", 3, "8 days"),
    ]


def test_hostile_text_is_told_as_typed(tmp_path):
    found = judged(tmp_path, "[b]5[/b] <!-- --> \\[red\\] 6 \\< 7 &lt; 8\n")
    assert [one.text for one in found.numbers] == ["5", "6", "7", "8"]


def test_an_unknown_value_is_told_with_the_nearest(tmp_path):
    (problem,) = judged(tmp_path, "\n" + var("crime.al.year.count")).wrong
    assert "sections/Q/01-a.qmd:2: nothing publishes the value crime.al.year.count" in str(problem)
    assert "crime.all.year.count" in str(problem)


# What a loose number may be.


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("134,069 offences", ["crime.all.year.count"]),
        ("134069 offences", ["crime.all.year.count"]),
        ("134 thousand", ["crime.all.year.count"]),
        ("133,900 offences", ["crime.all.year.count"]),
        ("131,000 offences", []),
        ("fell by 16%", ["crime.all.year.percent_change"]),
        ("fell by 16.1%", ["crime.all.year.percent_change"]),
        ("fell by 16.2%", ["crime.all.year.percent_change"]),
        ("fell by 17%", []),
        ("16 pp", []),
        ("16 days", []),
        ("£27.2 million", ["budget.visible.quarter.gbp_million"]),
        ("£27,200,000", ["budget.visible.quarter.gbp_million"]),
        ("27.2 offences", []),
        ("half of them", ["workforce.local.year.share"]),
        ("one offence", []),
        (f"one offence, {var('atm.attacks.quarter.count')}", ["atm.attacks.quarter.count"]),
        ("hundreds of offences", []),
        ("257 in all", ["knife.crime.quarter.count"]),
        ("257% of it", ["knife.crime.quarter.count"]),
        ("25.7% of it", []),
    ],
)
def test_the_values_that_a_loose_number_nearly_says(tmp_path, text, named):
    (loose,) = [one for one in judged(tmp_path, text).numbers if one.binding is Binding.LOOSE]
    assert [value.name for value in loose.near] == named


def test_a_value_of_the_same_topic_goes_first(tmp_path):
    text = f"{var('encompass.compliance.month.percent')} was 55%, and over half.\n"
    loose = [one for one in judged(tmp_path, text).numbers if one.binding is Binding.LOOSE]
    assert loose[0].near[0].name == "encompass.compliance.month.percent"


# Stated numbers.


@pytest.mark.parametrize(
    ("text", "value", "holds"),
    [
        ("Almost half", "workforce.local.year.share", True),
        ("about half", "workforce.local.year.share", True),
        ("more than half", "workforce.local.year.share", False),
        ("over half", "encompass.compliance.month.percent", True),
        ("a little over half", "encompass.compliance.month.percent", True),
        ("nearly half", "encompass.compliance.month.percent", False),
        ("about a third", "encompass.compliance.month.percent", False),
        ("up to 60%", "encompass.compliance.month.percent", True),
        ("up to 50%", "encompass.compliance.month.percent", False),
        ("at least 50%", "encompass.compliance.month.percent", True),
        ("55%", "encompass.compliance.month.percent", True),
        ("54%", "encompass.compliance.month.percent", False),
        ("50–60%", "encompass.compliance.month.percent", True),
        ("49.1%", "workforce.local.year.share", True),
        ("49%", "workforce.local.year.share", True),
        ("50%", "workforce.local.year.share", False),
        ("about 50%", "workforce.local.year.share", True),
        ("16%", "crime.all.year.percent_change", True),
        ("16", "crime.all.year.percent_change", False),
        ("£27.2 million", "budget.visible.quarter.gbp_million", True),
        ("some 134,000 offences", "crime.all.year.count", True),
        ("134,000 offences", "crime.all.year.count", False),
        ("fewer than 100,000", "crime.all.year.count", False),
        ("99 calls", "asb.incidents.year.count", True),
    ],
)
def test_a_stated_number_agrees_with_the_value_it_names(tmp_path, text, value, holds):
    found = judged(tmp_path, f"{stating(text, value)}It was {text} then.\n")
    assert [one.binding for one in found.numbers] == [Binding.STATED]
    assert found.numbers[0].value == value
    assert (found.wrong == ()) is holds, found.wrong
    if not holds:
        says = ORIGINS.values[value].text
        (problem,) = found.wrong
        assert str(problem).startswith(
            f'sections/Q/01-a.qmd:8: "{text}" is stated, and {var(value)} says "{says}"'
        )


@pytest.mark.parametrize(
    ("stated", "value", "body", "told"),
    [
        ("60%", "crime.al.year.count", "60% of it", "nothing publishes the value crime.al.year.count"),
        ("5 of 6 boats", "crime.all.year.count", "5 of 6 boats", "has 2 numbers, and value: is for one"),
        ("Covid-19", "crime.all.year.count", "Covid-19", "has no numbers, and value: is for one"),
        ("60%", None, "text <!-- 60% -->", "stands only where nobody reads it"),
    ],
)
def test_a_wrong_stated_number(tmp_path, stated, value, body, told):
    found = judged(tmp_path, stating(stated, value) + body + "\n")
    (problem,) = found.wrong
    assert told in str(problem)
    assert "sections/Q/01-a.qmd (stated.1." in str(problem)


@pytest.mark.parametrize(
    ("stated", "body", "contradicting"),
    [
        ("134,569", f"Crime was 134,569, {var('crime.all.year.movement')}.", "crime.all.year.count"),
        ("134,569", "All crime was 134,569.", "crime.all.year.count"),
        ("134,569", f"134,569 bicycles. Crime {var('crime.all.year.movement')}.", None),
        ("134,569", "There were 134,569 bicycles.", None),
        ("134,069", "All crime was 134,069.", None),
        ("about 135,000", "All crime was about 135,000.", None),
        ("17%", "All crime fell by 17%.", "crime.all.year.percent_change"),
        ("60%", "All crime fell by 60%.", None),
        ("17 days", "All crime took 17 days.", None),
    ],
)
def test_a_stated_number_that_a_value_contradicts(tmp_path, stated, body, contradicting):
    found = judged(tmp_path, f"{stating(stated)}{body}\n")
    told = [str(problem) for problem in found.wrong]
    assert len(told) == (contradicting is not None), told
    if contradicting:
        assert f'"{stated}" is stated, and {var(contradicting)} says' in told[0]


@pytest.mark.parametrize(
    ("stated", "body", "loose"),
    [
        ("20", "20% of them", ["20%"]),
        ("20%", "20% of them, and 20 more", ["20"]),
        ("20%", "−20%", ["−20%"]),
        ("2,5", "12,534", ["12,534"]),
        ("two people", "**two** people; twenty-two people", ["twenty-two"]),
        ("the force's 5 cars", "the force's 5 cars", []),
        ("more than\\n  5 cars", "more than 5 cars", []),
    ],
)
def test_a_stated_text_has_to_hold_the_whole_number(tmp_path, stated, body, loose):
    if stated == "two people":
        body += "; two people"
    found = judged(tmp_path, stating(stated) + body + "\n")
    assert [one.text for one in found.numbers if one.binding is Binding.LOOSE] == loose


def test_a_key_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(WrongInput, match=r"stated\.1\.values"):
        judged(tmp_path, stating("60%").replace("source", "values: a.b.c.d\n    source") + "60%\n")


# Words for rise and fall.

CHANGE, SHARE, COUNT = "crime.all.year.change", "crime.all.year.percent_change", "crime.all.year.count"
ROSE, BRIEF = "knife.crime.quarter.percent_change", "crime.all.year.in_brief"
NOTHING = "hate.crimes.year.percent_change"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"All crime rose by {var(SHARE)}.", "rose"),
        (f"All crime rose by {var(CHANGE)} ({var(SHARE)}).", "rose"),
        (f"All crime fell by {var(SHARE)}.", None),
        (f"All crime was falling, by {var(SHARE)}.", None),
        (f"All crime grew ({var(CHANGE)}).", "grew"),
        (f"an increase of {var(CHANGE)}", "increase"),
        (f"an increase\nof {var(CHANGE)}", "increase"),
        (f"a reduction of {var(CHANGE)}", None),
        (f"All crime rose to {var(COUNT)}.", "rose"),
        (f"All crime fell to {var(COUNT)}.", None),
        (f"It rose from {var(COUNT)} to something.", None),
        (f"Crime rose; of it, {var(COUNT)} offences", None),
        (f"Knife crime fell by {var(ROSE)}.", "fell"),
        (f"Knife crime did not fall, but rose by {var(ROSE)}.", None),
        (f"It did not rise by {var(ROSE)}.", "not rise"),
        (f"with no increase ({var(ROSE)})", "no increase"),
        (f"with no increase ({var(SHARE)})", None),
        (f"It is up by {var(SHARE)}.", "up"),
        (f"It is up {var(ROSE)}.", None),
        (f"{var(SHARE)} more than before", "more"),
        (f"{var(SHARE)} fewer offences", None),
        (f"more than {var(SHARE)} of them", None),
        (f"up to {var(COUNT)} offences", None),
        (f"While burglary rose, crime changed by {var(SHARE)}.", None),
        (f"Burglary rose, and crime changed by {var(SHARE)}.", None),
        (f"Burglary rose and crime changed by {var(SHARE)}.", None),
        (f"Crime (burglary rose) changed by {var(SHARE)}.", None),
        (f"Crime rose (a change of {var(SHARE)}).", "rose"),
        (f"Crime rose: {var('crime.all.year.movement')}.", None),
        (f"It should rise by {var(SHARE)}.", None),
        (f"It continues to rise, by {var(SHARE)}.", "rise"),
        (f"The costs fall due at {var(ROSE)}.", None),
        (f"It gave rise to {var(COUNT)} calls.", None),
        (f"It rose by {var(NOTHING)}.", "rose"),
        (f"It was unchanged, at {var(NOTHING)}.", None),
        (f"It was stable, with a change of {var(SHARE)}.", "stable"),
        (f"It was stable, with a change of {var(ROSE)}.", None),
        (f"It was not stable, with a change of {var(SHARE)}.", None),
        (f"All crime increased ({var(BRIEF)}).", "increased"),
        (f"It rose by {var('knife.crime.quarter.change_on_previous_quarter')}.", "rose"),
        (f"- rose by {var(SHARE)}\n- fell by {var(SHARE)}", "rose"),
        ("Crime rose `by 5`.", None),
    ],
)
def test_a_word_for_rise_or_fall_is_held_against_the_value(tmp_path, text, word):
    told = [str(problem) for problem in judged(tmp_path, f"# Crime\n\n{text}\n").wrong]
    assert len(told) == (word is not None), told
    if word:
        assert told[0].startswith(f'sections/Q/01-a.qmd:3: "{word}" stands beside {{{{< var ')


def test_what_to_write_instead_is_the_movement_of_the_same_comparison(tmp_path):
    text = f"It rose by {var(SHARE)}.\n\nIt rose by {var('knife.crime.quarter.change_on_previous_quarter')}.\n"
    first, second = (str(problem) for problem in judged(tmp_path, text).wrong)
    assert (
        '"rose" stands beside {{< var crime.all.year.percent_change >}}, which says "−16%" (direction: decrease)'
        in first
    )
    assert 'write {{< var crime.all.year.movement >}}, which says "fell by 16%, from 159,838 to 134,069"' in first
    assert 'write {{< var knife.crime.quarter.movement_on_previous_quarter >}}, which says "fell by 9%"' in second
