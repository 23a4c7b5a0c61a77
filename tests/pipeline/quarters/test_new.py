"""A new quarter: its parameters, its narrative marked as carried over, and the report that says so."""

import base64
import re
import shutil
from pathlib import Path

import pytest
import yaml
from fixtures.projects import QUARTERS, copy_project, quiet
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.errors import ScrutinyError, WrongInput, WrongUse
from scrutiny.inputs.parameters import load_parameters
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.narrative.syntax import split_front_matter
from scrutiny.pipeline.build import build
from scrutiny.pipeline.quarters.new import begin, carried_over
from scrutiny.statistics.periods import Quarter

OLD, NEW = QUARTERS[0], "2020-21-Q2"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
PARAMETERS = f"""\
# What differs.
quarter: {OLD}  # this one
report:
  to: A meeting
  date: 2020-09
  title: A report
  item: "2"
  force: A force
sources: {{}}

sections:   # in order
  - 01-one
  - 02-two
"""
STATED = "stated:\n  - text: up to 60%\n    source: a partner  # said so\n"
ONE = f"---\n{STATED}---\n\n# One {{#sec-one}}\n\nIt fell by up to 60%.\n"


@pytest.fixture
def small(tmp_path) -> Project:
    """Give a project of two sections, one its own and one the skeleton's, a part and a picture."""
    for folder in ("data", "params", "notebooks", "sections/_skeleton", f"sections/{OLD}"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / f"params/{OLD}.yml").write_text(PARAMETERS, encoding="utf-8")
    for name in ("01-one", "02-two"):
        (tmp_path / f"sections/_skeleton/{name}.qmd").write_text("# From the skeleton\n", encoding="utf-8")
    own = tmp_path / "sections" / OLD
    (own / "01-one.qmd").write_text(ONE, encoding="utf-8")
    (own / "_part.qmd").write_text("A part.\n", encoding="utf-8")
    (own / "a-map.png").write_bytes(PNG)
    return Project(tmp_path)


def files(root: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in root.rglob("*")}


def texts(project: Project, quarter: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (project.sections / quarter).iterdir()}


def carried(project: Project, quarter: str) -> dict[str, str | None]:
    order = project.parameters(quarter).sections
    narrative = load_narrative(project.sections, quarter, order)
    return {one.name: [str(text.quarter) for text in one.all_carried_over] for one in narrative.sections}


def test_parameters_and_narrative_of_the_new_quarter(small):
    begun = begin(small, NEW)
    assert (str(begun.earlier), begun.sections) == (OLD, ("01-one.qmd", "_part.qmd", "a-map.png"))
    written = (small.params / f"{NEW}.yml").read_text(encoding="utf-8")
    assert written == PARAMETERS.replace(OLD, NEW).replace("2020-09", "2020-12")
    assert begun.parameters == load_parameters(small.params, NEW)
    sections = texts(small, NEW)
    assert sections["a-map.png"] == PNG
    assert sections["01-one.qmd"].decode() == ONE.replace("---\nstated", f"---\ncarried-over: {OLD}\nstated")
    # The heading, and what is stated in its text.
    assert carried(small, NEW) == {"01-one.qmd": [OLD, OLD], "_part.qmd": [OLD], "02-two.qmd": []}
    assert {path.name for path in small.params.iterdir()} == {f"{OLD}.yml", f"{NEW}.yml"}


MEETINGS = [
    # date of the earlier quarter's meeting, the new quarter, --date, its date
    ("2020-09", "2020-21-Q2", None, "2020-12"),
    ("2020-09", "2020-21-Q3", None, "2021-03"),
    ("2020-09", "2021-22-Q1", None, "2021-09"),
    ("2020-09", "2019-20-Q4", None, "2020-06"),
    ("2020-09-10", "2020-21-Q2", None, "2020-12-10"),
    ("2020-11-30", "2020-21-Q2", None, "2021-02-28"),
    ("'2020-09'", "2020-21-Q2", None, "2020-12"),
    ("2020-09", "2020-21-Q2", "2021-01", "2021-01"),
    ("2020-09-10", "2020-21-Q2", "2020-12-03", "2020-12-03"),
    ('"2020-09-10"', "2020-21-Q2", "2020-12", "2020-12"),
]


@pytest.mark.parametrize(("before", "quarter", "given_date", "after"), MEETINGS)
def test_the_meeting_moves_on_with_the_quarter(small, before, quarter, given_date, after):
    text = PARAMETERS.replace("2020-09", before)
    (small.params / f"{OLD}.yml").write_text(text, encoding="utf-8")
    begun = begin(small, quarter, earlier=OLD, meeting=given_date)
    assert begun.parameters.report.date == after
    # Nothing but the two values differs.
    quote = before[0] if before[0] in "'\"" else ""
    written = (small.params / f"{quarter}.yml").read_text(encoding="utf-8")
    assert written == text.replace(OLD, quarter).replace(before, f"{quote}{after}{quote}")


def test_parameters_in_braces(small):
    flow = "{quarter: 2020-21-Q1, report: {date: 2020-09, to: T, title: A, item: 1, force: F}, sources: {}, sections: [01-one, 02-two]}\n"
    (small.params / f"{OLD}.yml").write_text(flow, encoding="utf-8")
    begin(small, NEW)
    written = (small.params / f"{NEW}.yml").read_text(encoding="utf-8")
    assert written == flow.replace(OLD, NEW).replace("2020-09", "2020-12")


def test_the_newest_earlier_quarter_is_the_one_to_begin_from(small):
    for quarter in ("2018-19-Q4", "2020-21-Q4"):
        text = PARAMETERS.replace(OLD, quarter).replace("A force", quarter)
        (small.params / f"{quarter}.yml").write_text(text, encoding="utf-8")
    assert str(begin(small, NEW).earlier) == OLD
    assert str(begin(small, "2020-21-Q3", earlier="2018-19-Q4").earlier) == "2018-19-Q4"
    assert str(begin(small, "2021-22-Q1").earlier) == "2020-21-Q4"


def test_the_skeleton_serves(small):
    before = files(small.root)
    assert begin(small, NEW, skeleton=True).sections == ()
    assert set(files(small.root)) - set(before) == {f"params/{NEW}.yml"}
    assert carried(small, NEW) == {"01-one.qmd": [], "02-two.qmd": []}


def test_a_quarter_without_sections_of_its_own_hands_none_on(small):
    shutil.rmtree(small.sections / OLD)
    assert begin(small, NEW).sections == ()
    assert not (small.sections / NEW).exists()


def test_text_that_nobody_has_edited_stays_that_of_the_quarter_it_was_written_for(small):
    begin(small, NEW)
    edited = small.sections / NEW / "_part.qmd"
    edited.write_text(edited.read_text(encoding="utf-8").replace("A part", "Another part"), encoding="utf-8")
    begin(small, "2020-21-Q3")
    assert carried(small, "2020-21-Q3") == {"01-one.qmd": [OLD, OLD], "_part.qmd": [NEW], "02-two.qmd": []}
    # One mark, not two.
    assert (small.sections / "2020-21-Q3" / "_part.qmd").read_text(encoding="utf-8").count("carried-over") == 1


def nothing(project):
    pass


def there(*names):
    def make(project):
        for name in names:
            path = project.root / name
            path.mkdir() if name.startswith("sections") else path.write_text("mine", encoding="utf-8")

    return make


def wrong_parameters(project):
    (project.params / f"{OLD}.yml").write_text(PARAMETERS.replace("to:", "too:"), encoding="utf-8")


def wrong_section(project):
    (project.sections / OLD / "01-one.qmd").write_text("---\nstatd: []\n---\n", encoding="utf-8")


def no_skeleton(project):
    (project.sections / "_skeleton" / "01-one.qmd").unlink()


REFUSED = {
    "no quarter": (nothing, "2020-22-Q2", {}, WrongUse, ["like 2020-21-Q1, not '2020-22-Q2'"]),
    "no quarter, but a path": (nothing, f"../{NEW}", {}, WrongUse, ["a quarter is written like"]),
    "parameters there": (there(f"params/{NEW}.yml"), NEW, {}, WrongUse, [f"params/{NEW}.yml: this exists already"]),
    "sections there": (there(f"sections/{NEW}"), NEW, {}, WrongUse, [f"sections/{NEW}: this exists already"]),
    "both there": (
        there(f"params/{NEW}.yml", f"sections/{NEW}"), NEW, {"skeleton": True}, WrongUse,
        [f"params/{NEW}.yml: this", f"sections/{NEW}: this", f"scrutiny status {NEW}"],
    ),
    "none before": (nothing, "2019-20-Q4", {}, WrongUse, ["no quarter before 2019-20-Q4", "name one with --from"]),
    "begun from itself": (nothing, NEW, {"earlier": NEW}, WrongUse, [f"there are no parameters for {NEW}"]),
    "from one that is not there": (nothing, NEW, {"earlier": "2019-20-Q3"}, WrongUse, ["no parameters for 2019-20-Q3"]),
    "from none": (nothing, NEW, {"earlier": "last"}, WrongUse, ["not 'last'"]),
    "no date": (nothing, NEW, {"meeting": "December"}, WrongUse, ["--date: write the month (2020-09)", "not 'December'"]),
    "no such month": (nothing, NEW, {"meeting": "2020-13"}, WrongUse, ["--date: write the month"]),
    "wrong parameters": (wrong_parameters, NEW, {}, WrongInput, [f"params/{OLD}.yml (report.too)"]),
    "wrong narrative": (wrong_section, NEW, {}, WrongInput, [f"sections/{OLD}/01-one.qmd (statd)", "did you mean"]),
    "no skeleton": (no_skeleton, NEW, {"skeleton": True}, WrongInput, ["there is no section 01-one"]),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "quarter", "options", "kind", "messages"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_everything_as_it_was(small, spoil, quarter, options, kind, messages):
    spoil(small)
    before = files(small.root)
    with pytest.raises(kind) as caught:
        begin(small, quarter, **options)
    for message in messages:
        assert message in str(caught.value)
    assert files(small.root) == before


@pytest.mark.parametrize("broken", ["replace", "write_bytes"])
def test_what_cannot_be_written_leaves_nothing_half_written(small, monkeypatch, broken):
    before = files(small.root)
    whole = getattr(Path, broken)

    def fail(path, *arguments):
        # The folder of sections is there by the time the parameters cannot be put in place.
        if broken == "write_bytes" or arguments[0].parent == small.params:
            raise PermissionError(13, "Permission denied")
        return whole(path, *arguments)

    monkeypatch.setattr(Path, broken, fail)
    with pytest.raises(WrongInput, match="cannot be written: Permission denied"):
        begin(small, NEW)
    assert files(small.root) == before


FRONT_MATTERS = {
    "none": ("", {}),
    "empty": ("---\n---\n", {}),
    "stated": (f"---\n{STATED}---\n", {"stated": [{"text": "up to 60%", "source": "a partner"}]}),
    "in braces": (
        "---\n{stated: [{text: up to 60%, source: é}]}\n---\n",
        {"stated": [{"text": "up to 60%", "source": "é"}]},
    ),
    "an old mark first": (
        f"---\ncarried-over: 2019-20-Q4\n{STATED}---\n",
        {"stated": [{"text": "up to 60%", "source": "a partner"}]},
    ),
    "an old mark last, with a confirmation": (
        f"---\n{STATED}confirmed:\n- name: A\n  by: B\n  text: {'0' * 12!r}\ncarried-over: 2019-20-Q4\n---\n",
        {"stated": [{"text": "up to 60%", "source": "a partner"}]},
    ),
    "an old mark in braces": ("---\n{carried-over: 2019-20-Q4}\n---\n", {}),
}


@pytest.mark.parametrize(("front_matter", "rest"), FRONT_MATTERS.values(), ids=FRONT_MATTERS)
@settings(max_examples=40, deadline=None)
@given(body=st.text(alphabet="a -#:\n\t'\"{}é…", max_size=60))
def test_a_mark_changes_nothing_else(front_matter, rest, body):
    text = carried_over(f"{front_matter}A text, up to 60%.\n{body}", Quarter.parse(OLD))
    yaml_text, _, carried_body = split_front_matter(text)
    assert carried_body == f"A text, up to 60%.\n{body}"
    assert yaml.safe_load(yaml_text) == {"carried-over": OLD, **rest}


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Project:
    """Give the project with one notebook and two sections, in which a new quarter is begun."""
    root = copy_project(tmp_path_factory.mktemp("begun"))
    for notebook in (root / "notebooks").glob("*.ipynb"):
        if notebook.stem != "recorded_crime":
            notebook.unlink()
    shutil.rmtree(root / "sections")
    own = root / "sections" / OLD
    own.mkdir(parents=True)
    (own / "01-crime.qmd").write_text(
        "{{< pagebreak >}}\n\n# Crime\n\nAll crime {{< var crime.all.year.movement >}}.\n\n"
        "{{< embed notebooks/recorded_crime.ipynb#tbl-recorded-crime >}}\n",
        encoding="utf-8",
    )
    (own / "02-others.qmd").write_text("{{< include sections/_part.qmd >}}\n", encoding="utf-8")
    (own / "_part.qmd").write_text("# Others\n\nOthers fell.\n", encoding="utf-8")
    parameters = root / "params" / f"{OLD}.yml"
    text = parameters.read_text(encoding="utf-8").partition("sections:")[0]
    parameters.write_text(f"{text}sections:\n  - 01-crime\n  - 02-others\n", encoding="utf-8")
    project = Project(root)
    begin(project, NEW)
    return project


def test_the_report_says_what_is_carried_over_until_it_is_edited(begun):
    def page() -> str:
        (document,) = build(Project(begun.root), NEW, quiet(), engine_name="pandoc", formats=("html",)).documents
        return document.read_text(encoding="utf-8")

    told = "Carried over from quarter 1 of 2020-21"
    # A section, and the part that another includes.
    shown = page()
    assert shown.count(told) == 2
    assert "All crime <span" in shown
    heading = re.search(r"<h\d[^>]*>[^\n]*Crime</h\d>", shown)
    assert heading and heading.end() < shown.index(told) < shown.index("All crime <span")
    part = begun.sections / NEW / "_part.qmd"
    part.write_text(part.read_text(encoding="utf-8").replace("fell", "rose"), encoding="utf-8")
    shown = page()
    assert shown.count(told) == 1
    assert "Others rose." in shown


def test_a_mistake_below_a_callout_is_told_by_the_analysts_line(begun):
    path = begun.sections / NEW / "01-crime.qmd"
    earlier = begun.sections / OLD / "01-crime.qmd"
    good, before = path.read_text(encoding="utf-8"), earlier.read_text(encoding="utf-8")
    text = good.replace("crime.all.year.movement", "crime.al.year.movement")
    line = text[: text.index("crime.al.")].count("\n") + 1
    path.write_text(text, encoding="utf-8")
    earlier.write_text(split_front_matter(text)[2], encoding="utf-8")
    try:
        with pytest.raises(ScrutinyError, match=rf"01-crime\.qmd:{line}: nothing publishes the value crime\.al\."):
            build(Project(begun.root), NEW, quiet(), engine_name="pandoc", formats=("html",))
    finally:
        path.write_text(good, encoding="utf-8")
        earlier.write_text(before, encoding="utf-8")


def test_the_command_says_what_it_wrote_what_is_due_and_what_is_next(scrutiny, project_folder):
    done = scrutiny("new", NEW)
    assert done.returncode == 0, done.stderr
    assert f"{NEW} is begun, from {OLD}:" in done.stdout
    assert f"params/{NEW}.yml: the meeting is December 2020" in done.stdout
    assert "Next: scrutiny import" in done.stdout
    due = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert ["confidence", "July 2019 to June 2020"] in [[line[0], line[2]] for line in due]
    crime = next(line for line in due if line[0] == "recorded_crime")
    assert crime[1:5] == [
        "Lancashire Constabulary Recorded Crime dashboard",
        "October 2019 to September 2020",
        "Business intelligence team",
        "2020-11-03",
    ]
    # Figures of other forces run a month behind.
    assert next(line[2] for line in due if line[0] == "crime_comparisons") == "September 2019 to August 2020"
    again = scrutiny("new", NEW)
    assert (again.returncode, again.stdout) == (2, "")
    assert "this exists already, and nothing is overwritten" in again.stderr
    found = scrutiny("status", NEW)
    assert found.returncode == 0
    assert f"carried over\tsections/{NEW}/03-background.qmd:4\tBackground\t{OLD}" in found.stdout.splitlines()
