from pathlib import Path

import pytest

from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import load_datapackage

PACKAGE = """
name: example
title: Example
licenses: [{name: MIT}]
resources:
  - name: crime
    path: crime.csv
    title: Crime
    description: Offences.
    sources:
      - {name: dashboard, title: The dashboard}
      - {name: return, title: The annual return, path: "https://example.org"}
    schema:
      fields:
        - {name: source, type: string}
        - {name: area, type: string, constraints: {enum: [here, there]}}
        - {name: period_start, type: date, constraints: {minimum: 2000-01-01}}
        - {name: period_end, type: date}
        - {name: statistic, type: string}
        - {name: value, type: number}
        - {name: symbol, type: string}
        - {name: status, type: string}
        - {name: as_at, type: date}
      primaryKey: [source, area, period_start, period_end, statistic]
      missingValues: [""]
"""


def load(folder, text):
    path = folder / "datapackage.yaml"
    path.write_text(text, encoding="utf-8")
    return load_datapackage(path)


def test_description_is_read(tmp_path):
    crime = load(tmp_path, PACKAGE).resource("crime")
    assert crime.path == "crime.csv"
    assert crime.source_names == ("dashboard", "return")
    assert crime.source_title("return") == "The annual return"
    assert [field.name for field in crime.fields][:3] == ["source", "area", "period_start"]
    assert crime.fields[1].constraints.enum == ("here", "there")
    assert crime.table_schema.primary_key[-1] == "statistic"


def test_standard_keys_that_describe_are_allowed(tmp_path):
    described = PACKAGE.replace(
        "title: Example\n",
        "title: Example\nprofile: tabular-data-package\nkeywords: [police]\ncreated: 2020-09-01\n",
    ).replace("path: crime.csv\n", "path: crime.csv\n    encoding: utf-8\n    format: csv\n")
    assert load(tmp_path, described).resource("crime").title == "Crime"


def test_unknown_dataset_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(WrongInput, match=r"no dataset 'crimes'\n.*did you mean \"crime\""):
        load(tmp_path, PACKAGE).resource("crimes")


def test_missing_file_is_named(tmp_path):
    with pytest.raises(WrongInput, match=r"data/datapackage\.yaml: .*missing"):
        load_datapackage(tmp_path / "datapackage.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("title: Example\n", "title: Example\ncolour: red\n", r"\(colour\): this key is not known"),
        ("title: Crime\n", "label: Crime\n", r"\(resources\.1\.title\): this key is missing"),
        ("path: crime.csv", "path: ../crime.csv", r"\(resources\.1\.path\): .*name of a CSV file"),
        ("path: crime.csv", "path: crime.csv\n    dialect: {delimiter: ;}", r"dialect\): .*not known"),
        ("name: crime\n", "name: Crime\n", r"name consists of lower-case letters"),
        ("name: return", "name: dashboard", r"source 'dashboard' is listed twice"),
        ("name: value, type: number", "name: value, type: number, decimalChar: ','", r"decimalChar.*not known"),
        ("name: value, type: number", "name: value, type: money", r"fields\.6\.type"),
        ("name: value, type: number", "name: value, type: integer", r"field 'value' of type number"),
        ("- {name: as_at, type: date}", "", r"field 'as_at' of type date"),
        ("name: symbol", "name: status", r"field 'status' is described twice"),
        ("enum: [here, there]", "enum: []", r"constraints\.enum"),
        ("enum: [here, there]", "pattern: '('", r"not a regular expression"),
        ("enum: [here, there]", "minimum: 3", r"3 is not a limit for area"),
        ("minimum: 2000-01-01", "minimum: 2000", r"2000 is not a limit for period_start"),
        ("minimum: 2000-01-01", "enum: ['2000-01-01']", r"enum and pattern are for strings"),
        ("[source, area,", "[source, district,", r"primaryKey names 'district'"),
        ("[source, area,", "[area,", r"source must be part of every primaryKey"),
        ("name: symbol", "name: line", r"no field can be named 'line'"),
        ('[""]', '["", "NA"]', r"missingValues"),
        ("resources:\n", "resources:\n  - *again\n", r"not valid YAML"),
    ],
)
def test_mistakes_are_told_by_file_and_key(tmp_path, written, instead, message):
    assert PACKAGE.count(written) == 1
    with pytest.raises(WrongInput, match=message) as raised:
        load(tmp_path, PACKAGE.replace(written, instead))
    assert "data/datapackage.yaml" in str(raised.value)


def test_a_dataset_described_twice_is_refused(tmp_path):
    head, resource = PACKAGE.split("resources:\n")
    with pytest.raises(WrongInput, match="dataset 'crime' is described twice"):
        load(tmp_path, f"{head}resources:\n{resource}{resource}")


def test_the_projects_own_package_is_right():
    path = Path(__file__).parents[2] / "data" / "datapackage.yaml"
    package = load_datapackage(path)
    known = {source.name for source in package.sources}
    assert {name for resource in package.resources for name in resource.source_names} == known
