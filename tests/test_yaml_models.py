"""Every model that reads a user's YAML, fed what is wrong in each way: people are told in words that they know."""

import copy
import re
from pathlib import Path

import pytest
import yaml
from fixtures.projects import ROOT

from scrutiny.errors import WrongInput
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.inputs.datapackage import DataPackage
from scrutiny.inputs.measures import MeasuresFile
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.questions.answers import _Answers
from scrutiny.narrative.sections import FrontMatter
from scrutiny.review.reconcile.published import Commentary
from scrutiny.yaml_models import validate_model

SECTION = ROOT / "sections/2020-21-Q1/05-tackling-crime-and-reoffending.qmd"
MODELS = {
    "data package": (DataPackage, ROOT / "data/datapackage.yaml"),
    "measures": (MeasuresFile, ROOT / "data/measures.yaml"),
    "parameters": (Parameters, ROOT / "params/2020-21-Q1.yml"),
    "answers": (_Answers, ROOT / "data/answers.yaml"),
    "remarks": (Commentary, ROOT / "data/published/2020-21-Q1.yaml"),
    "mapping": (MappingFile, ROOT / "data/mappings/recorded_crime.yaml"),
    "front matter": (FrontMatter, SECTION),
}
JARGON = re.compile(
    r"input should|validat|valid (?!YAML)|pydantic|default factory|instance|\bmodel\b|tuple|\bdict|\bstr\b|\bint\b|iterable"
    r"|\bNone\b|literal|frozen|union|mapping\b.*key|at least \d+ (?:item|character)s?|\bparse|\[key\]|function|\bobject\b"
    r"|decimal",
    re.IGNORECASE,
)
WRONG = {
    "nothing": None, "text": "?", "no text": "", "number": 7.5, "yes or no": True, "list": [1], "empty list": [],
    "keys": {"a": 1}, "no keys": {}, "list of lists": [[1]], "list of nothing": [None], "big number": -(10**30),
    "not a number": float("nan"), "infinite": float("inf"),
}  # fmt: skip


def content(path):
    text = path.read_text(encoding="utf-8")
    return yaml.safe_load(text.split("---\n")[1] if path.suffix == ".qmd" else text)


def places(value, path=()):
    """Give the path of each part of what a file holds; of alike ones in a list or mapping, the first two."""
    yield path
    if isinstance(value, dict | list):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        for key in keys if len(keys) < 20 else keys[:2]:
            yield from places(value[key], (*path, key))


def set_at(whole, path, value):
    if not path:
        return value
    changed = copy.deepcopy(whole)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def without(whole, path):
    changed = copy.deepcopy(whole)
    place = changed
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return changed


def told(model, wrong):
    """Give the mistakes; none if it is right after all."""
    try:
        validate_model(wrong, model, Path("a.yaml"))
    except WrongInput as error:
        return [f"{problem.message} | {problem.location} | {problem.hint or ''}" for problem in error.problems]
    return []


def once_each(whole):
    """Give one path of each sequence of names, whatever the positions in lists."""
    seen = {}
    for path in places(whole):
        seen.setdefault(tuple("*" if isinstance(key, int) else key for key in path), path)
    return seen.values()


@pytest.mark.parametrize(("model", "path"), MODELS.values(), ids=MODELS)
def test_whatever_is_wrong_is_told_without_jargon(model, path):
    whole = content(path)
    small = {key: whole[key] for key in list(whole)[:3]} if model is MeasuresFile else whole
    messages = {}
    for at in once_each(small):
        for how, value in WRONG.items():
            messages |= dict.fromkeys(told(model, set_at(small, at, value)), (at, how))
        if at:
            messages |= dict.fromkeys(told(model, without(small, at)), (at, "missing"))
        if isinstance(value_at := _value(small, at), dict):
            messages |= dict.fromkeys(told(model, set_at(small, at, {**value_at, "velue": 1})), (at, "unknown"))
            messages |= dict.fromkeys(told(model, set_at(small, at, {**value_at, 7: 1})), (at, "no text"))
    assert messages
    said = [(message.partition(" | ")[0], message, why) for message, why in messages.items()]
    assert [one for one in said if JARGON.search(one[1])] == []
    # Nothing twice: "not '2020-06', not '2020-06'".
    assert [one for one in said if re.search(r"(, not .+)\1$", one[0])] == []


def _value(whole, path):
    for key in path:
        whole = whole[key]
    return whole


@pytest.mark.parametrize(
    ("model", "key", "value", "message"),
    [
        (Parameters, "quarter", "2020-06", "a quarter is written like 2020-21-Q1, not '2020-06'"),
        (Parameters, "sections", "90", "a list belongs here, not '90'"),
        (Parameters, "sources", [1], "keys and their values belong here"),
        (DataPackage, "resources", {"a": 1}, "a list belongs here"),
        (DataPackage, "title", "", "this is empty"),
        (DataPackage, "created", "June", "a date such as 2020-06-30 belongs here, not 'June'"),
        (Commentary, "title", 7, "text belongs here, not 7"),
    ],
)
def test_what_is_said(model, key, value, message):
    path = next(path for known, path in MODELS.values() if known is model)
    assert message in [one.partition(" | ")[0] for one in told(model, {**content(path), key: value})]


def test_a_measure_without_its_statistic_or_dataset_is_told_once():
    whole = {"crime.all": {"title": "All", "statistic": 7, "dataset": "a", "where": {}, "unit": "a"}}
    messages = told(MeasuresFile, whole)
    assert len(messages) == 5
    assert all("crime.all" in message for message in messages)
