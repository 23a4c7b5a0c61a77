import gc
import shutil
from pathlib import Path

import pytest

from scrutiny.errors import WrongInput, WrongUse
from scrutiny.inputs.parameters import load_parameters

PARAMS = Path(__file__).parents[2] / "params"
GOOD = (PARAMS / "2020-21-Q1.yml").read_text(encoding="utf-8")


def load_changed(tmp_path: Path, old: str, new: str):
    assert old in GOOD
    (tmp_path / "2020-21-Q1.yml").write_text(GOOD.replace(old, new), encoding="utf-8")
    return load_parameters(tmp_path, "2020-21-Q1")


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("report:", "reprot:", ["(reprot): this key is not known here", 'did you mean "report"?', "add report: …"]),
        ("  item: 2", "  itme: 2", ["(report.itme)", 'did you mean "item"', "(report.item): this key is missing"]),
        ("item: 2", "item: [2]", ["(report.item)", "text belongs here"]),
        ("date: 2020-09", "date: Sept 2020", ["(report.date)", "2020-09-10", "Sept 2020"]),
        ("quarter: 2020-21-Q1", "quarter: 2020-Q1", ["(quarter)", "written like 2020-21-Q1"]),
        ("quarter: 2020-21-Q1", "quarter: 2019-20-Q4", ["this says 2019-20-Q4, but the file is named 2020-21-Q1.yml"]),
        ("01-issue-for-consideration", "issue", ["(sections)", "named like 04-tackling-crime, not 'issue'"]),
        ("02-recommendation", "01-issue-for-consideration", ["(sections)", "is listed twice"]),
        ("sections:", "sections: [", ["2020-21-Q1.yml:", "not valid YAML"]),
        ("report:", "quarter: 2020-21-Q1\nreport:", ["the key 'quarter' is written twice"]),
        ("  item: 2\n", "", ["(report.item): this key is missing"]),
        ("item: 2", "item: yes", ["(report.item)", "not true", 'put it in quotes: "true"']),
        ("force: Lancashire", "force: '- a' #", ["(report.force): start it with a word"]),
        ("item: 2", 'item: ""', ["(report.item)"]),
        ("date: 2020-09", "date: 2020-W10", ["(report.date)", "write the month (2020-09)"]),
        ("date: 2020-09", "date: 2020-13-45", ["not valid YAML: month must be in 1..12", "put it in quotes"]),
        ("force: Lancashire", "force: '{{< meta x >}}' #", ["(report.force): this is plain text"]),
        ("report:", "report: text\nreprot:", ["(report): keys and their values belong here", "known: to, date"]),
        ("sources:", "sources: [a]\nother:", ["(sources): keys and their values belong here"]),
        ("sources:", "sources:\n  2020: x", ["(sources.2020): this key is not text", 'put it in quotes: "2020"']),
        ("report:", "a: &a {b: 1}\nreport:\n  <<: *a", ["2020-21-Q1.yml:5", "the key << is not known here"]),
        ("sources:", "a: " + "[" * 5000 + "\nsources:", ["not valid YAML"]),
        ("sources:", "a: " + "{b: " * 100_000 + "\nsources:", ["not valid YAML: nested too deeply"]),
    ],
)  # fmt: skip
def test_wrong_parameters_are_told_by_file_and_key(tmp_path, old, new, messages):
    # What other tests left must not be collected where the nesting leaves no room for it.
    gc.collect()
    with pytest.raises(WrongInput) as caught:
        load_changed(tmp_path, old, new)
    for message in ["2020-21-Q1.yml", *messages]:
        assert message in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(WrongInput) as caught:
        load_changed(tmp_path, "  item: 2\n  force: Lancashire Constabulary", "  forse: X")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("given", "label"),
    [("2020-09", "September 2020"), ("2020-09-10", "10 September 2020"), ('"2020-09-10"', "10 September 2020")],
)
def test_the_date_may_be_a_month_or_a_day(tmp_path, given, label):
    assert load_changed(tmp_path, "date: 2020-09", f"date: {given}").report.date_label == label


@pytest.mark.parametrize(
    ("quarter", "message"),
    [("2020-21-Q3", "there are no parameters for 2020-21-Q3"), ("spring", "a quarter is written like 2020-21-Q1")],
)
def test_an_unknown_quarter_is_wrong_use(tmp_path, quarter, message):
    shutil.copy(PARAMS / "2020-21-Q1.yml", tmp_path)
    with pytest.raises(WrongUse, match=message):
        load_parameters(tmp_path, quarter)


@pytest.mark.parametrize("path", sorted(PARAMS.glob("*.yml")), ids=lambda path: path.stem)
def test_the_projects_own_are_right(path):
    assert load_parameters(PARAMS, path.stem).quarter == path.stem
