"""What an import would change, and changing it: whole or not at all."""

import csv
import io
import json
import os
import shutil
from datetime import date

import pytest
from fixtures.projects import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny import importers as intake
from scrutiny.errors import Location, WrongInput
from scrutiny.importers.offer import Offer, OfferedRow
from scrutiny.importers.proposal import propose, to_csv
from scrutiny.importers.summary import as_json, as_lines
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import answer, judge
from scrutiny.inputs.schema import read_dataset
from scrutiny.statistics.periods import Period

ROW = {
    "source": "constabulary-analysts", "area": "lancashire", "period_start": "2020-07-01",
    "period_end": "2020-07-31", "statistic": "count", "value": "98", "symbol": "", "status": "supplied",
    "as_at": "2020-10-05",
}  # fmt: skip
PUBLISHED = {"period_start": "2020-04-01", "period_end": "2020-06-30"}
ILLUSTRATIVE = {"period_start": "2020-03-01", "period_end": "2020-03-31"}


@pytest.fixture
def project(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return Project(tmp_path)


def offer(project, *records, dataset="knife_crime", **more):
    rows = tuple(
        OfferedRow(
            {**ROW, **{name: cell for name, cell in record.items() if name not in ("file", "row")}},
            Location(record.get("file", "knife.csv"), record.get("row", 2)),
        )
        for record in records
    )
    return Offer(dataset, rows, **more)


def proposed(project, *records):
    return propose(project, [offer(project, *records)])


def rows(project, dataset="knife_crime"):
    text = (project.data / f"{dataset}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def told(proposal):
    return [str(problem) for problem in proposal.refused]


def standing(project, period):
    return next(row for row in rows(project) if row.items() >= {**period, "statistic": "count"}.items())


def test_an_offer_without_rows_changes_nothing():
    assert propose(Project(ROOT), [Offer("knife_crime", ())]).changes[0].changes is False


def test_an_absent_column_is_empty(project):
    (row,) = offer(project, {}).rows
    cells = {name: cell for name, cell in row.cells.items() if name != "symbol"}
    proposal = propose(project, [Offer("knife_crime", (OfferedRow(cells, row.place),))])
    assert [dict(added) for added in proposal.changes[0].added] == [ROW]


def test_a_new_figure_is_added_where_its_key_belongs(project):
    before = rows(project)
    proposal = proposed(project, {})
    assert rows(project) == before, "nothing is written yet"
    assert [dict(figure)["value"] for figure in proposal.changes[0].added] == ["98"]
    assert [path.name for path in proposal.write()] == ["knife_crime.csv"]
    after = rows(project)
    key = project.datapackage.resource("knife_crime").table_schema.primary_key
    assert [tuple(row[name] for name in key) for row in after] == sorted(
        tuple(row[name] for name in key) for row in after
    )
    assert [row for row in after if row not in before] == [{name: ROW[name] for name in after[0]}]


def test_a_real_figure_takes_the_place_of_an_illustrative_one(project):
    old = standing(project, ILLUSTRATIVE)
    assert old["status"] == "illustrative"
    proposal = proposed(project, ILLUSTRATIVE)
    (revision,) = proposal.changes[0].revised
    assert (revision.old["value"], revision.new["value"]) == (old["value"], "98")
    proposal.write()
    assert standing(project, ILLUSTRATIVE)["status"] == "supplied"
    assert len(rows(project)) == len(rows(Project(ROOT)))


def test_a_published_figure_is_never_replaced(project):
    old = standing(project, PUBLISHED)
    assert old["status"] == "published"
    proposal = proposed(project, PUBLISHED)
    (problem,) = told(proposal)
    assert problem.startswith(
        f"knife.csv:2: {old['value']} is published, so it is not replaced by 98\n    take the row"
    )
    assert proposal.write() == ()
    same = proposed(project, {**PUBLISHED, "value": f"{old['value']}.0"})
    assert (len(same.changes[0].same), told(same)) == (1, [])


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ({}, {}, "same"),
        ({}, {"value": "99"}, "revised"),
        ({}, {"as_at": "2020-10-06"}, "revised"),
        ({}, {"symbol": "p"}, "revised"),
        ({}, {"value": "", "symbol": "x"}, "revised"),
        ({}, {"status": "open"}, "revised"),
        (
            {},
            {"value": "99", "as_at": "2020-10-04"},
            "98 was drawn on 2020-10-05, so it is not replaced by 99, drawn earlier, on 2020-10-04",
        ),
        ({}, {"status": "illustrative"}, "98 is supplied, so it is not replaced by an illustrative figure"),
        ({"status": "illustrative"}, {"as_at": "2020-10-04"}, "revised"),
        ({"value": "", "symbol": "z"}, {}, "revised"),
    ],
)
def test_a_figure_that_stands_there_is_revised_kept_or_left(project, first, second, outcome):
    proposed(project, first).write()
    proposal = proposed(project, second)
    change = proposal.changes[0]
    counted = {"added": change.added, "revised": change.revised, "same": change.same}
    if outcome in counted:
        assert {name: len(figures) for name, figures in counted.items() if figures} == {outcome: 1}
        assert told(proposal) == []
    else:
        assert outcome in told(proposal)[0]
        assert not change.changes


def test_a_figure_offered_twice_is_taken_once_and_one_of_two_values_not_at_all(project):
    again = proposed(project, {}, {"row": 3, "file": "other.csv"})
    assert (len(again.changes[0].added), again.changes[0].notes) == (
        1,
        ("exact repeats of another figure, taken once: 1",),
    )
    differing = proposed(project, {}, {"row": 3, "value": "97"})
    assert differing.changes[0].added == ()
    assert "2 different figures have the same key:" in told(differing)[0]
    assert "knife.csv:3" in told(differing)[0]


def test_each_figure_is_judged_by_the_schema_at_its_place_in_the_source_file(project):
    proposal = proposed(
        project,
        {"row": 2, "value": "-1"},
        {"row": 3, "value": "n/a", "period_end": "2020-07-30"},
        {"row": 4, "source": "analysts"},
        {"row": 5, "period_start": "2020-08-01", "period_end": "2020-08-31"},
    )
    assert len(proposal.changes[0].added) == 1
    assert {problem.location.line for problem in proposal.refused} == {2, 3, 4}
    assert {problem.location.file for problem in proposal.refused} == {"knife.csv"}
    assert {problem.location.column for problem in proposal.refused} >= {"value", "source"}


def test_several_offers_are_compared_and_written_together(project):
    knife = offer(project, {}, {"row": 9, **ILLUSTRATIVE}, notes=("a note",))
    asb = offer(project, {"source": "recorded-crime-dashboard"}, dataset="anti_social_behaviour")
    proposal = propose(project, [knife, asb])
    assert [(change.resource.name, len(change.added), len(change.revised)) for change in proposal.changes] == [
        ("knife_crime", 1, 1),
        ("anti_social_behaviour", 1, 0),
    ]
    assert {path.name for path in proposal.write()} == {"knife_crime.csv", "anti_social_behaviour.csv"}
    assert not list(project.data.glob(".import*"))


def test_if_one_dataset_cannot_be_replaced_all_stay_as_they_were(project, monkeypatch):
    before = {path: path.read_bytes() for path in project.data.glob("*.csv")}
    asb = offer(project, {"source": "recorded-crime-dashboard"}, dataset="anti_social_behaviour")
    proposal = propose(project, [offer(project, {}), asb])
    replace, calls = os.replace, []

    def fail_the_second(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_the_second)
    with pytest.raises(WrongInput, match="they are unchanged"):
        proposal.write()
    assert {path: path.read_bytes() for path in project.data.glob("*.csv")} == before
    assert not list(project.data.glob(".import*"))


def test_ctrl_c_while_writing_leaves_all_as_it_was(project, monkeypatch):
    before = (project.data / "knife_crime.csv").read_bytes()

    def stop(source, target):
        raise KeyboardInterrupt

    proposal = proposed(project, {})
    monkeypatch.setattr(os, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        proposal.write()
    assert (project.data / "knife_crime.csv").read_bytes() == before
    assert not list(project.data.glob(".import*"))


def test_a_dataset_that_changed_meanwhile_is_not_overwritten(project):
    proposal = proposed(project, {})
    path = project.data / "knife_crime.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(WrongInput, match="has changed since it was compared"):
        proposal.write()


def test_a_dataset_that_is_wrong_as_it_stands_takes_nothing_in(project):
    path = project.data / "knife_crime.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("count,91,", "count,9l,"), encoding="utf-8")
    with pytest.raises(WrongInput, match="'9l' is not a number"):
        proposed(project, {})


def test_refused_rows_are_left_out_only_if_the_user_agrees(project):
    proposal = proposed(project, {}, {"row": 3, "value": "-1", **ILLUSTRATIVE})
    with pytest.raises(WrongInput, match="nothing is written, because 1 figure or row is refused"):
        intake.write(proposal, without_refused=False)
    assert rows(project) == rows(Project(ROOT))
    assert intake.write(proposal, without_refused=True)
    assert len(rows(project)) == len(rows(Project(ROOT))) + 1


@settings(max_examples=12, deadline=None)
@given(months=st.dictionaries(st.integers(1, 12), st.integers(0, 10**6), min_size=1), order=st.randoms())
def test_what_is_imported_stands_there_in_any_order_and_a_second_time_changes_nothing(
    tmp_path_factory, months, order
):
    project = Project(tmp_path_factory.mktemp("project"))
    project.data.mkdir()
    for name in ("datapackage.yaml", "knife_crime.csv"):
        shutil.copyfile(ROOT / "data" / name, project.data / name)
    periods = {month: Period.of_months(date(2021, month, 1), 1) for month in months}
    records = [
        {
            "period_start": f"{period.start}",
            "period_end": f"{period.end}",
            "value": f"{months[month]}",
            "as_at": "2022-01-05",
        }
        for month, period in periods.items()
    ]
    order.shuffle(records)
    before = rows(project)
    proposed(project, *records).write()
    resource = project.datapackage.resource("knife_crime")
    frame = read_dataset(resource, project.data / "knife_crime.csv")
    taken = frame[frame["as_at"] == "2022-01-05"]
    assert dict(zip(taken["period_start"].dt.month, taken["value"], strict=True)) == months
    assert len(frame) == len(before) + len(months)
    assert not proposed(project, *records).changes[0].changes
    assert to_csv(resource, rows(project)) == (project.data / "knife_crime.csv").read_bytes()


def monthly(values, first="2021-01"):
    starts = [f"{first[:5]}{int(first[5:]) + at:02}-01" for at in range(len(values))]
    return [
        {
            "period_start": start,
            "period_end": str(Period.of_months(date.fromisoformat(start), 1).end),
            "value": value,
        }
        for start, value in zip(starts, map(str, values), strict=True)
    ]


def test_an_import_asks_what_check_will_ask(project):
    rows_ = [{**row, "as_at": "2021-10-05"} for row in monthly([900, 950, 920, 940, 590])]
    proposal = proposed(project, *rows_)
    (change,) = proposal.changes
    (question,) = change.questions
    assert question.what.startswith("590 (lancashire: count, May 2021) is 350 less than 940 before")
    lines = "\n".join(as_lines(proposal, ()))
    assert (
        f"  asked    {question.what}\n       expected: {question.expected}; check asks it as {question.id}\n"
        in lines
    )
    assert json.loads(as_json(proposal, ()))["datasets"][0]["questions"] == [
        {"id": question.id, "what": question.what, "expected": question.expected}
    ]
    intake.write(proposal, without_refused=False)
    assert [one.id for one in judge(project).open if one.check == "jumps"] == [question.id]
    # Rows that are there already are not asked about again, nor what is answered.
    assert proposed(project, *rows_).changes[0].questions == ()
    redrawn = [{**row, "as_at": "2021-11-05"} for row in rows_]
    assert [one.id for one in proposed(project, *redrawn).changes[0].questions] == [question.id]
    answer(project, [question.id], by="An analyst", reason="The scheme ended.", on=date(2021, 11, 5))
    assert proposed(project, *redrawn).changes[0].questions == ()


def test_offered_figures_are_judged_with_those_that_are_there(project):
    first = [{**row, "as_at": "2021-10-05"} for row in monthly([900, 950, 920])]
    intake.write(proposed(project, *first), without_refused=False)
    (change,) = proposed(project, {**monthly([1900], "2021-04")[0], "as_at": "2021-10-05"}).changes
    assert [question.value for question in change.questions] == ["1900"]
