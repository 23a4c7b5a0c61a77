"""`data/imports.csv`: read and written, refused where wrong, and shown without what is hidden."""

import csv
import io
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.imports import (
    FILE,
    ImportedTable,
    Origin,
    as_text,
    figure_key,
    figure_text,
    imports_as_csv,
    load_imports,
    shown_imports,
)
from scrutiny.statistics.periods import Period

ONE, OTHER = "1" * 64, "e" * 64
TABLE = ImportedTable("2020-10-06", "extract", "crime.xlsx", ONE, "", "", "Data")
MEMBER = ImportedTable("2020-10-07", "police-uk-street", "2020-08.zip", ONE, "2020-08/a, b.csv", OTHER, "")
HEAD = "imported,kind,file,sha256,member,member_sha256,sheet,dataset,source,as_at,series,first,last,rows,figures\n"
LINE = (
    f'2020-10-06,extract,crime.xlsx,{ONE},,,Data,crime,dash,2020-10-05,"area=a,statistic=count",'
    "2020-04-01/2020-04-30,2020-08-01/2020-08-31,2 3 4 5 6,1 2 3 4 5\n"
)
RESOURCE = yaml.safe_load("""
name: crime
path: crime.csv
title: Crime
description: Crime.
sources: [{name: dash, title: Dashboard}]
schema:
  fields:
    - {name: source, type: string, constraints: {required: true}}
    - {name: area, type: string, constraints: {required: true}}
    - {name: period_start, type: date, constraints: {required: true}}
    - {name: period_end, type: date, constraints: {required: true}}
    - {name: statistic, type: string, constraints: {required: true}}
    - {name: value, type: number}
    - {name: symbol, type: string}
    - {name: status, type: string, constraints: {required: true}}
    - {name: as_at, type: date, constraints: {required: true}}
  primaryKey: [source, area, period_start, period_end, statistic]
""")
CRIME = Resource.model_validate(RESOURCE)


def row(month=4, value="91", **cells):
    period = Period.of_months(date(2020, month, 1), 1)
    return {
        "source": "dash", "area": "a", "period_start": f"{period.start}", "period_end": f"{period.end}",
        "statistic": "count", "value": value, "symbol": "", "status": "supplied", "as_at": "2020-10-05", **cells,
    }  # fmt: skip


def of(rows, table=TABLE):
    """Give imports of rows that stand from row 2 on."""
    return {
        figure_key(CRIME, one): Origin(table, str(at), figure_text(one), one["as_at"])
        for at, one in enumerate(rows, 2)
    }


def written(imports):
    return list(csv.DictReader(io.StringIO(imports_as_csv(imports).decode())))


def read_again(tmp_path, imports):
    (tmp_path / FILE).write_bytes(imports_as_csv(imports))
    return load_imports(tmp_path / FILE)


def test_there_need_be_none(tmp_path):
    assert load_imports(tmp_path / FILE) == {}


@pytest.mark.parametrize(
    ("rows", "runs"),
    [
        ([row(month) for month in range(1, 13)], ["1-12: 2 3 4 5 6 7 8 9 10 11 12 13"]),
        # The series lacks April: a run before, and one after it.
        ([row(month) for month in (1, 2, 3, 5, 6)], ["1-3: 2 3 4", "5-6: 5 6"]),
        ([row(month) for month in (1, 3, 5)], ["1-5: 2 3 4"]),
        ([row(5), row(4)], ["4-5: 3 2"]),
        ([row(4), row(5, as_at="2020-10-06")], ["4-4: 2", "5-5: 3"]),
        ([row(4), row(5, source="other")], ["4-4: 2", "5-5: 3"]),
        ([row(4), row(5, statistic="change")], ["5-5: 3", "4-4: 2"]),
        # Years that overlap are at equal steps, too; a quarter is not one of them.
        (
            [
                row(period_start="2019-04-01", period_end="2020-03-31"),
                row(period_start="2019-07-01", period_end="2020-06-30"),
                row(period_start="2019-10-01", period_end="2020-09-30"),
                row(period_start="2020-07-01", period_end="2020-09-30"),
            ],
            ["4-10: 2 3 4", "7-7: 5"],
        ),
        # Weeks are runs of their own.
        (
            [
                row(period_start="2020-06-01", period_end="2020-06-07"),
                row(period_start="2020-06-08", period_end="2020-06-14"),
            ],
            ["6-6: 2", "6-6: 3"],
        ),
        ([row(period_start="", period_end="")], ["-: 2"]),
    ],
)
def test_a_run_is_a_line(tmp_path, rows, runs):
    lines = written(of(rows))
    told = [f"{one['first'][5:7].lstrip('0')}-{one['last'][5:7].lstrip('0')}: {one['rows']}" for one in lines]
    assert told == runs
    assert read_again(tmp_path, of(rows)) == of(rows)


def test_figures_of_one_row_name_it_once(tmp_path):
    wide = {key: replace(origin, rows="7") for key, origin in of([row(4), row(5)]).items()}
    assert [one["rows"] for one in written(wide)] == ["7"]
    assert read_again(tmp_path, wide) == wide


def test_twenty_thousand_figures_are_a_small_file():
    months = [Period.of_months(date(2015 + at // 12, at % 12 + 1, 1), 1) for at in range(60)]
    rows = [
        row(period_start=f"{month.start}", period_end=f"{month.end}", area=f"area {area}", value="12345")
        for area in range(334)
        for month in months
    ]
    content = imports_as_csv(of(rows))
    assert content.count(b"\n") == 335
    assert len(content) < 20 * len(rows)


cells = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1)


@given(
    st.lists(
        st.builds(
            row,
            month=st.integers(1, 12),
            value=st.one_of(st.just(""), st.integers(-9, 99).map(str), st.decimals(-9, 9, places=2).map(str)),
            area=cells,
            symbol=st.sampled_from(["", "p", "x"]),
            as_at=st.sampled_from(["2020-10-05", "2020-11-05"]),
        ),
        max_size=30,
    ),
    st.sampled_from([TABLE, MEMBER, replace(TABLE, file='"a", b.xlsx', sheet="A,\tB")]),
)
def test_what_is_written_is_read_and_written_alike(tmp_path_factory, rows, table):
    imports = of(rows, table)
    again = read_again(tmp_path_factory.mktemp("imports"), imports)
    assert again == imports
    assert imports_as_csv(again) == imports_as_csv(dict(reversed(imports.items())))
    last = {figure_key(CRIME, one): one for one in rows}
    assert all(origin.is_of(last[key]) for key, origin in again.items())


@pytest.mark.parametrize(
    ("edited", "is_still_told"),
    [
        ({}, True),
        ({"value": "91.0"}, True),
        # Made known as published, it still is the file's figure.
        ({"status": "published"}, True),
        ({"value": "92"}, False),
        ({"value": ""}, False),
        ({"symbol": "p"}, False),
        ({"as_at": "2020-10-06"}, False),
    ],
)
def test_a_figure_edited_by_hand_is_not_the_files(edited, is_still_told):
    (origin,) = of([row()]).values()
    assert origin.is_of(row(**edited)) == is_still_told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("imported,", "day,", ":1: the column imported is missing"),
        ("figures\n", "figures,note\n", ":1 (note): the column 'note' is not known here"),
        ("2020-10-06,", "06/10/2020,", ":2 (imported): '06/10/2020' is not a date"),
        (",2020-10-05,", ",,", ":2 (as_at): '' is not a date"),
        (ONE, "1" * 63, f":2 (sha256): '{'1' * 63}' is not a SHA-256 digest"),
        (ONE, "A" * 64, f":2 (sha256): '{'A' * 64}' is not a SHA-256 digest"),
        (f"{ONE},,", f"{ONE},a.csv,", ":2 (member_sha256): '' is not a SHA-256 digest"),
        (f"{ONE},,", f"{ONE},,{OTHER[1:]}", f":2 (member_sha256): '{OTHER[1:]}' is not a SHA-256 digest"),
        (",crime.xlsx,", ",,", ":2 (file): the cell is empty"),
        ("2 3 4 5 6", "2 3 4 5", ":2 (rows): there are rows of 4 figures, but 5 figures"),
        ("2 3 4 5 6", "2 3 4 5 06-Jun", ":2 (rows): '06-Jun' is not a row, or rows"),
        ("1 2 3 4 5\n", "1 2 3 4 5 \n", ":2 (figures): '' is not a figure"),
        ("1 2 3 4 5\n", "1 2 3 4 n/k\n", ":2 (figures): 'n/k' is not a figure"),
        ("1 2 3 4 5\n", "1 2 3 4\n", ":2 (first): 4 figures at equal steps do not fit from 2020-04-01/2020-04-30 to"),
        ("/2020-08-31", "/2020-08-30", ":2 (first): 5 figures at equal steps do not fit"),
        ("2020-04-01/2020-04-30", "April", ":2 (first): 5 figures at equal steps do not fit from April to"),
        ("5\n", f"5\n{LINE}", ":3: line 2 says, too, where crime dash area=a,statistic=count 2020-04-01/2020-04-30"),
        ("imported", "<<<<<<< ours\nimported", ":1: git left two versions of something here"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path, old, new, message):
    assert old in HEAD + LINE
    (tmp_path / FILE).write_text((HEAD + LINE).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WrongInput) as raised:
        load_imports(tmp_path / FILE)
    assert f"data/imports.csv{message}" in str(raised.value)


def test_it_is_told_in_words():
    assert as_text(TABLE, "2020-10-05", ["12"]) == (
        f"crime.xlsx, sheet Data, row 12, sha256 {ONE}, imported 2020-10-06 as at 2020-10-05"
    )
    assert as_text(MEMBER, "2020-08-31", ["3", "2", "5-6+9", "7-8123/1399", "12+"]) == (
        "2020-08.zip: 2020-08/a, b.csv, rows 2–3, 5–6, 9, 1,399 of the rows 7–8123, rows from 12 on, "
        f"sha256 {OTHER}, of the archive {ONE}, imported 2020-10-07 as at 2020-08-31"
    )


def shown(tmp_path, rows, protection, *, persons=True, table=TABLE):
    resource = Resource.model_validate({**RESOURCE, "disclosure": {"persons": persons}})
    with (tmp_path / "crime.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return shown_imports(of([row(4, "3"), row(5)], table), tmp_path, [(resource, protection)])


def test_a_hidden_figure_is_not_given_away(tmp_path):
    """Neither its value nor, with the other figures of the file, its digest."""
    imports = shown(tmp_path, [row(4, "3"), row(5)], {2: (None, "c")})
    assert [(one.figure, one.rows, one.table.sha256) for one in imports.values()] == [
        ("[c]", "2", "[c]"),
        ("91", "3", "[c]"),
    ]
    assert "sha256 withheld, because it could give hidden figures away" in str(next(iter(imports.values())))
    hidden = imports[figure_key(CRIME, row(4))]
    assert hidden.is_of(row(4, "", symbol="c"))
    assert hidden.to_json()["sha256"] is None
    assert read_again(tmp_path, imports) == imports


@pytest.mark.parametrize(
    ("status", "persons", "digest"),
    [("supplied", True, "[c]"), ("open", True, ONE), ("published", True, ONE), ("supplied", False, ONE)],
)
def test_digests_of_what_is_public_or_not_about_people_are_shown(tmp_path, status, persons, digest):
    imports = shown(tmp_path, [row(5, status=status)], {}, persons=persons)
    assert [one.table.sha256 for one in imports.values()] == [digest]


def test_a_rounded_figure_is_shown_as_the_workspace_has_it(tmp_path):
    imports = shown(tmp_path, [row(4, "4"), row(5)], {3: (90, "")})
    # That of April was edited by hand.
    assert [(key[-1], one.figure) for key, one in imports.items()] == [("2020-05-01/2020-05-31", "90")]
