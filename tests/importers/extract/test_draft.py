"""A first mapping, begun from a file: little is left to finish, and then the figures are right."""

import shutil
from pathlib import Path

import pytest
import yaml
from fixtures.projects import ROOT
from importers.extract.test_extract import CASES

from scrutiny import importers as intake
from scrutiny.errors import WrongInput, WrongUse
from scrutiny.importers.extract import draft
from scrutiny.importers.extract.known import plain_match
from scrutiny.importers.extract.todo import TODO
from scrutiny.inputs.project import Project

# What nothing in the file names, so that the analyst has to say which dataset it is for.
UNNAMED = ("crime_comparisons", "domestic_abuse", "child_sexual_exploitation", "confidence",
           "national_referral_mechanism")  # fmt: skip
# How much is left to the analyst of each.
LEFT = {
    "recorded_crime": 0, "knife_crime": 0, "hate_crime": 0, "missing_persons": 0, "operation_encompass": 0,
    "stop_and_search": 0, "confidence": 0, "child_sexual_exploitation": 0, "domestic_abuse": 1, "modern_slavery": 1,
    "response": 1, "call_handling": 1, "budget": 1, "crime_comparisons": 1, "workforce": 1, "sexual_offences": 2,
    "stop_and_search_profile": 2, "citizens_in_policing": 3, "crime_threats": 3, "satisfaction": 4,
    "national_referral_mechanism": 4, "anti_social_behaviour": 4,
}  # fmt: skip


@pytest.fixture
def project(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def begun(project, dataset, named=None):
    name, content = CASES[dataset][:2]
    Path(name).write_bytes(content)
    return draft.begin(project, Path(name), named)


def finished(text, example):
    """Put what the project's own mapping says in place of what is left to do."""
    content = yaml.safe_load(text)
    for key in ("window", "scale"):
        if content.get(key) == TODO:
            content[key] = example[key]
    for name, value in content.get("constants", {}).items():
        if value == TODO:
            content["constants"][name] = example["constants"][name]
    for label, symbol in content.get("absent", {}).items():
        if symbol == TODO:
            content["absent"][label] = example["absent"][label]
    for name, labels in content.get("values", {}).items():
        for label in [label for label, value in labels.items() if value == TODO]:
            if label in example["values"][name]:
                labels[label] = example["values"][name][label]
            else:
                del labels[label]
                (column,) = (column for column, target in content["columns"].items() if target == name)
                content.setdefault("leave_out", {}).setdefault(column, []).append(label)
    return content


@pytest.mark.parametrize("dataset", CASES)
def test_a_finished_draft_gives_the_right_figures(project, dataset):
    name, _, as_at, expected, _ = CASES[dataset]
    text = begun(project, dataset, dataset if dataset in UNNAMED else None).text
    content = finished(text, yaml.safe_load((project.data / "mappings" / f"{dataset}.yaml").read_text()))
    assert content["dataset"] == dataset
    mapping = project.root / "mapping.yaml"
    mapping.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    day = "2020-10-05" if as_at else None
    proposal = intake.take_in(project, "extract", [Path(name)], intake.parse_options(mapping, day, "2020-21-Q2"))
    if dataset == "workforce":
        assert len(proposal.refused) + len(proposal.changes[0].same) == 4, "these are published"
        return
    assert [str(problem) for problem in proposal.refused] == []
    # A draft cannot know that a figure is open data's.
    rows = {",".join(row.values()).replace(",supplied,", ",open,") for row in proposal.changes[0].added}
    assert rows == {row.replace(",supplied,", ",open,") for row in expected}


@pytest.mark.parametrize("dataset", CASES)
def test_little_is_left_and_the_mapping_is_refused_until_it_is_done(project, dataset):
    found = begun(project, dataset, dataset if dataset in UNNAMED else None)
    assert len(found.draft.left) == LEFT[dataset]
    path = draft.write(project, found, Path("begun.yaml"))
    assert path.read_text(encoding="utf-8") == found.text
    options = intake.parse_options(path, None, "2020-21-Q2")
    if LEFT[dataset]:
        with pytest.raises(WrongInput) as raised:
            intake.take_in(project, "extract", [Path(CASES[dataset][0])], options)
        assert {problem.message for problem in raised.value.problems} == {"this mapping is not finished"}


def test_the_dataset_has_to_be_named_where_nothing_tells_it(project):
    with pytest.raises(WrongUse) as raised:
        begun(project, "domestic_abuse")
    assert str(raised.value) == (
        "da.csv: it is not clear which dataset this file is for\n"
        "    add --dataset NAME, a name in data/datapackage.yaml"
    )


def test_no_file_is_overwritten(project):
    found = begun(project, "hate_crime")
    assert draft.write(project, found, None) == Path("data/mappings/hate_crime-hate.yaml")
    with pytest.raises(WrongUse, match=r"hate_crime-hate\.yaml: there is such a file already"):
        draft.write(project, found, None)


def test_a_file_without_a_table_is_refused(project):
    Path("note.csv").write_text("Dear all\n")
    with pytest.raises(WrongInput, match=r"note\.csv: no row of figures is below a row of names"):
        draft.begin(project, Path("note.csv"), None)


@pytest.mark.parametrize(
    ("label", "known", "meant"),
    [
        ("All Crime", ["all", "robbery"], "all"),
        ("All robbery", ["all", "robbery"], None),
        ("Robbery of vehicles", ["all", "robbery"], None),
        ("Theft from the person", ["theft"], None),
        ("Burglary - Residential", ["burglary_residential", "all"], "burglary_residential"),
        ("NC/88", ["nc88", "n200"], "nc88"),
        ("MSG", ["most_similar_group", "north_west"], "most_similar_group"),
        ("Grade 2 - Priority", ["grade_1", "grade_2"], "grade_2"),
        ("Special constables", ["specials_constables"], "specials_constables"),
        ("Force total", ["lancashire"], None),
        ("%", ["total"], None),
    ],
)
def test_only_a_plain_match_is_filled_in(label, known, meant):
    assert plain_match(label, known, "recorded_crime Recorded crime") == meant
