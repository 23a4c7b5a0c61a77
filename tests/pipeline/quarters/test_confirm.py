"""Confirming by name that what was written for an earlier quarter still holds."""

import pytest
import yaml

from scrutiny.errors import WrongUse
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.narrative.syntax import split_front_matter
from scrutiny.pipeline.quarters.confirm import confirm

OLD, NEW = "2020-21-Q1", "2020-21-Q2"
TEXT = """\
# Crime {#sec-crime}

It fell by up to 60%.

## Notes

One note.

## Others {#sec-others}

Others rose.

## Notes

Another note.
"""
STATED = "stated:\n  # said so\n  - text: up to 60%\n    source: a partner\n"
PARAMETERS = "report: {to: T, date: 2020-12, title: A, item: 1, force: F}\nsources: {}\nsections: [01-a]\n"


@pytest.fixture
def project(tmp_path):
    (tmp_path / "params").mkdir()
    for quarter, mark in ((OLD, ""), (NEW, f"carried-over: {OLD}\n")):
        (tmp_path / "params" / f"{quarter}.yml").write_text(f"quarter: {quarter}\n{PARAMETERS}", encoding="utf-8")
        (tmp_path / "sections" / quarter).mkdir(parents=True)
        text = f"---\n{mark}{STATED}---\n{TEXT}"
        (tmp_path / "sections" / quarter / "01-a.qmd").write_text(text, encoding="utf-8")
    return Project(tmp_path)


def left(project):
    (section,) = load_narrative(project.sections, NEW, ["01-a"]).sections
    return [one.name for one in section.all_carried_over]


def path(project):
    return project.sections / NEW / "01-a.qmd"


@pytest.mark.parametrize(
    ("name", "still"),
    [
        # A heading is confirmed with the numbers that stand in its text.
        ("Crime", ["Notes", "Others", "Notes"]),
        ("sec-crime", ["Notes", "Others", "Notes"]),
        ("#sec-others", ["Crime", "up to 60%", "Notes", "Notes"]),
        ("  oTHERS ", ["Crime", "up to 60%", "Notes", "Notes"]),
        ("01-a.qmd:12", ["Crime", "up to 60%", "Others", "Notes"]),
        ("up to 60%", ["Crime", "Notes", "Others", "Notes"]),
    ],
)
def test_what_is_confirmed_is_carried_over_no_more(project, name, still):
    assert left(project) == ["Crime", "up to 60%", "Notes", "Others", "Notes"]
    (told,) = confirm(project, NEW, [name], "A Name")
    assert left(project) == still
    assert told.endswith(" is confirmed by A Name")
    front_matter, _, body = split_front_matter(path(project).read_text(encoding="utf-8"))
    assert body == TEXT
    assert "# said so" in front_matter
    (confirmed,) = yaml.safe_load(front_matter)["confirmed"]
    assert confirmed["by"] == "A Name"


def test_several_are_confirmed_in_turn_and_again(project):
    confirm(project, NEW, ["Crime"], "A")
    confirm(project, NEW, ["Crime", "Others"], "B")
    front_matter = yaml.safe_load(split_front_matter(path(project).read_text(encoding="utf-8"))[0])
    assert [(one["name"], one["by"]) for one in front_matter["confirmed"]] == [("Crime", "B"), ("Others", "B")]


def test_a_confirmation_is_of_the_text_that_there_was(project):
    confirm(project, NEW, ["Others"], "A")
    for quarter in (OLD, NEW):
        file = project.sections / quarter / "01-a.qmd"
        file.write_text(file.read_text(encoding="utf-8").replace("Others rose", "Others fell"), encoding="utf-8")
    assert "Others" in left(project)


@pytest.mark.parametrize(
    ("name", "by", "told"),
    [
        ("Other", "A", "has no heading or stated number 'Other'\n    did you mean"),
        ("Notes", "A", "there are several 'Notes'\n    name one by its place: sections/2020-21-Q2/01-a.qmd:12"),
        ("Crime", None, "a confirmation needs a name"),
        ("Crime", " ", "a confirmation needs a name"),
    ],
)
def test_nothing_is_written_where_a_name_does_not_do(project, name, by, told):
    before = path(project).read_bytes()
    with pytest.raises(WrongUse) as caught:
        confirm(project, NEW, ["Others", name], by)
    assert told in str(caught.value)
    assert path(project).read_bytes() == before
