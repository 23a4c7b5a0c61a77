import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.cache import Cache
from scrutiny.errors import WrongInput
from scrutiny.inputs import schema
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.schema import SHOWN_PROBLEMS, dataset_problems, read_dataset

STATISTICS = [
    "count", "percent", "minutes", "seconds", "fte", "gbp_million", "respondents", "satisfied", "change",
    "percent_change", "percent_change_on_last_report", "change_on_previous_quarter",
]  # fmt: skip
RESOURCE = Resource.model_validate(
    yaml.safe_load(f"""
name: calls
path: calls.csv
title: Calls
description: Calls.
sources: [{{name: dashboard, title: Dashboard}}, {{name: return, title: Return}}]
schema:
  fields:
    - {{name: source, type: string, constraints: {{required: true}}}}
    - {{name: area, type: string, constraints: {{required: true, enum: [lancashire, north_west]}}}}
    - {{name: code, type: string, constraints: {{pattern: "[A-Z][0-9]"}}}}
    - {{name: rank, type: integer, constraints: {{minimum: 1, maximum: 9}}}}
    - {{name: period_start, type: date, constraints: {{required: true, minimum: 2000-01-01}}}}
    - {{name: period_end, type: date, constraints: {{required: true}}}}
    - {{name: statistic, type: string, constraints: {{required: true, enum: {STATISTICS}}}}}
    - {{name: value, type: number}}
    - {{name: symbol, type: string, constraints: {{enum: [x, z, c, p, r]}}}}
    - {{name: status, type: string, constraints: {{required: true, enum: [published, supplied]}}}}
    - {{name: as_at, type: date, constraints: {{required: true}}}}
  primaryKey: [source, area, code, period_start, period_end, statistic]
""")
)
COLUMNS = [field.name for field in RESOURCE.fields]
HEADER = ",".join(COLUMNS)
ROW = "dashboard,lancashire,A1,1,2020-04-01,2020-06-30,count,257,,published,2020-06-30"


def read(folder, content):
    path = folder / "calls.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_dataset(RESOURCE, path)


def problems_of(folder, content):
    with pytest.raises(WrongInput) as raised:
        read(folder, content)
    return [str(problem) for problem in raised.value.problems]


def row(**cells):
    return ",".join({**dict(zip(COLUMNS, ROW.split(","), strict=True)), **cells}.values())


def test_a_dataset_is_read_with_types_and_lines(tmp_path):
    absent = row(code="", rank="", statistic="percent", value="", symbol="x")
    frame = read(tmp_path, f"{HEADER}\n{ROW}\n\n{absent}\n")
    expected = pd.DataFrame(
        {
            "source": ["dashboard", "dashboard"],
            "area": ["lancashire", "lancashire"],
            "code": ["A1", ""],
            "rank": pd.array([1, None], dtype="Int64"),
            "period_start": pd.to_datetime(["2020-04-01", "2020-04-01"]),
            "period_end": pd.to_datetime(["2020-06-30", "2020-06-30"]),
            "statistic": ["count", "percent"],
            "value": [257.0, None],
            "symbol": ["", "x"],
            "status": ["published", "published"],
            "as_at": pd.to_datetime(["2020-06-30", "2020-06-30"]),
            "line": [2, 4],
        }
    )
    pd.testing.assert_frame_equal(frame, expected)


@pytest.mark.parametrize(
    "rows", [[], [ROW], [row(code="", rank="", statistic="percent", value="", symbol="x"), ROW]]
)
def test_what_was_read_is_kept_as_it_was(tmp_path, monkeypatch, rows):
    path = tmp_path / "calls.csv"
    path.write_text("\n".join([HEADER, *rows, ""]))
    cache = Cache(tmp_path / "cache", "")
    read_once = read_dataset(RESOURCE, path, cache)
    with monkeypatch.context() as patched:
        patched.setattr(schema, "_validated", None)
        pd.testing.assert_frame_equal(read_dataset(RESOURCE, path, cache), read_once)
    # Of another content, or described otherwise, nothing is kept.
    path.write_text("\n".join([HEADER, *rows, ROW.replace("published", "publisht"), ""]))
    with pytest.raises(WrongInput, match="publisht"):
        read_dataset(RESOURCE, path, cache)
    path.write_text("\n".join([HEADER, *rows, ""]))
    other = RESOURCE.model_copy(update={"sources": RESOURCE.sources[1:]})
    if rows:
        with pytest.raises(WrongInput, match="'dashboard' is no source of calls"):
            read_dataset(other, path, cache)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"{HEADER}\n{ROW}\n".encode("utf-8-sig"), id="byte order mark"),
        pytest.param(f"{HEADER}\r\n{ROW}\r\n", id="line ends of Windows"),
        pytest.param(f"{HEADER}\n{ROW}", id="no line end at the end"),
        pytest.param(f"{','.join(COLUMNS[::-1])}\n{','.join(ROW.split(',')[::-1])}\n", id="columns reordered"),
    ],
)
def test_ways_to_write_a_csv_are_alike(tmp_path, content):
    pd.testing.assert_frame_equal(read(tmp_path, content), read(tmp_path, f"{HEADER}\n{ROW}\n"))


def test_header_alone_is_a_dataset_without_figures(tmp_path):
    frame = read(tmp_path, f"{HEADER}\n")
    assert frame.empty
    pd.testing.assert_series_equal(frame.dtypes, read(tmp_path, f"{HEADER}\n{ROW}\n").dtypes)


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        pytest.param("", ["calls.csv: this file is empty", HEADER], id="empty file"),
        pytest.param("\n\n", ["this file is empty"], id="blank lines only"),
        pytest.param(f"{HEADER}\nCaf\xe9".encode("latin-1"), [":2: not UTF-8"], id="not UTF-8"),
        pytest.param(f"{HEADER}\n".encode("utf-16"), [":1: not UTF-8"], id="UTF-16"),
        pytest.param(
            HEADER.replace(",", ";"), [":1: the cells are separated by semicolons, not commas"], id="semicolons"
        ),
        pytest.param(HEADER.replace(",", "\t"), [":1: the cells are separated by tabs, not commas"], id="tabs"),
        pytest.param(HEADER.replace(",value", ""), ["the column value is missing", HEADER], id="missing column"),
        pytest.param(f"{HEADER},note", ["(note): the column 'note' is not known here"], id="unknown column"),
        pytest.param(f"{HEADER},value", ["the column value occurs 2 times"], id="column twice"),
        pytest.param(
            f'{HEADER}\n{ROW}\n"dash', [':3: a cell that starts with " here is never closed'], id="open quote"
        ),
    ],
)
def test_a_file_that_is_no_dataset(tmp_path, content, parts):
    (problem,) = problems_of(tmp_path, content)
    assert "data/calls.csv" in problem
    assert all(part in problem for part in parts)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(WrongInput, match=r"data/calls\.csv: this file is missing"):
        read_dataset(RESOURCE, tmp_path / "calls.csv")


def test_a_misspelt_column_is_answered_with_the_missing_one(tmp_path):
    missing, unknown = problems_of(tmp_path, HEADER.replace("period_end", "period_ends"))
    assert "the column period_end is missing" in missing
    assert 'did you mean "period_end"?' in unknown


@pytest.mark.parametrize(
    ("cells", "parts"),
    [
        ({"value": "1,234"}, ["this line has 12 cells, and the header 11"]),
        ({"value": '"1,234"'}, ["(value): '1,234' is not a number", "no commas"]),
        ({"value": "−5", "statistic": "change"}, ["(value): '−5' is not a number", "plain hyphen"]),
        ({"value": "16%"}, ["'16%' is not a number"]),
        ({"value": "nan"}, ["'nan' is not a number"]),
        ({"value": "1e5"}, ["'1e5' is not a number"]),
        ({"value": " 5"}, ["' 5' is not a number"]),
        ({"value": "٣"}, ["is not a number"]),
        ({"value": "0.1234567890123456"}, ["is not a number", "15 digits"]),
        ({"rank": "1.0"}, ["(rank): '1.0' is not a whole number"]),
        ({"rank": "0"}, ["(rank): 0 is too low", "at least 1"]),
        ({"rank": "10"}, ["(rank): 10 is too high", "at most 9"]),
        ({"period_end": "2020-06-31"}, ["(period_end): '2020-06-31' is not a date", "2020-06-30"]),
        ({"period_end": "30/06/2020"}, ["(period_end): '30/06/2020' is not a date"]),
        ({"period_end": "20200630"}, ["(period_end): '20200630' is not a date"]),
        ({"period_end": ""}, ["(period_end): this cell is empty", "a day as 2020-06-30"]),
        ({"period_start": "1999-12-31"}, ["(period_start): 1999-12-31 is too low", "2000-01-01"]),
        ({"period_end": "2020-03-31"}, ["(period_end): 2020-03-31 is before period_start, 2020-04-01"]),
        ({"period_end": "2020-06-29"}, ["(period_end): 2020-04-01 to 2020-06-29 is not quite whole months"]),
        ({"period_start": "2020-04-02"}, ["(period_end): 2020-04-02 to 2020-06-30 is not quite whole months"]),
        ({"period_start": "2020-03-31"}, ["(period_end): 2020-03-31 to 2020-06-30 is not quite whole months"]),
        (
            {"period_end": "2020-07-01", "as_at": "2020-07-01"},
            ["2020-04-01 to 2020-07-01 is not quite whole months"],
        ),
        ({"period_start": "2020-02-01", "period_end": "2020-02-28"}, ["not quite whole months", "2020-02-29"]),
        (
            {"statistic": "change_on_previous_quarter", "period_end": "2020-05-31"},
            ["2020-05-31 is not a quarter, as change_on_previous_quarter needs"],
        ),
        ({"as_at": "2020-06-29"}, ["(as_at): 2020-06-29 is before the period ended, 2020-06-30"]),
        ({"area": ""}, ["(area): this cell is empty", "lancashire, north_west"]),
        ({"area": "lancashir"}, ["(area): 'lancashir' is not known", 'did you mean "lancashire"?']),
        ({"statistic": "percent change"}, ["(statistic)", 'did you mean "percent_change"']),
        ({"source": "dashbord"}, ["(source): 'dashbord' is no source of calls", 'did you mean "dashboard"?']),
        ({"source": ""}, ["(source): this cell is empty", "dashboard or return"]),
        ({"code": "A12"}, ["(code): 'A12' is not of the form", "[A-Z][0-9]"]),
        ({"symbol": "q"}, ["(symbol): 'q' is not known", "known: c, p, r, x, z"]),
        ({"value": ""}, ["(value): there is no value, and no symbol"]),
        ({"value": "", "symbol": "p"}, ["(value): there is no value, and no symbol"]),
        ({"symbol": "x"}, ["(symbol): the symbol x says that there is no figure", "257"]),
        ({"value": "-1"}, ["(value): -1 is negative", "count"]),
        ({"value": "2.5"}, ["(value): 2.5 is not a whole number"]),
        ({"value": "-0.1", "statistic": "minutes"}, ["-0.1 is negative", "minutes"]),
        ({"value": "-0.1", "statistic": "seconds"}, ["-0.1 is negative", "seconds"]),
        ({"value": "-0.1", "statistic": "fte"}, ["-0.1 is negative", "fte"]),
        ({"value": "100.1", "statistic": "percent"}, ["100.1 is not between 0 and 100"]),
        ({"value": "-0.1", "statistic": "percent"}, ["-0.1 is not between 0 and 100"]),
        ({"value": "2.5", "statistic": "respondents"}, ["2.5 is not a whole number", "respondents"]),
        ({"value": "-1", "statistic": "satisfied"}, ["-1 is negative", "satisfied"]),
        ({"value": "-0.1", "statistic": "gbp_million"}, ["-0.1 is negative", "gbp_million"]),
        ({"value": "-101", "statistic": "percent_change_on_last_report"}, ["-101 would be a decrease"]),
        ({"value": "-101", "statistic": "percent_change"}, ["-101 would be a decrease of more than 100%"]),
    ],
)
def test_a_wrong_row_is_told_once_with_line_and_column(tmp_path, cells, parts):
    (problem,) = problems_of(tmp_path, f"{HEADER}\n{row(code='B1')}\n{row(**cells)}\n")
    assert problem.startswith("data/calls.csv:3")
    assert all(part in problem for part in parts)


@pytest.mark.parametrize("column", ["source", "period_start", "period_end", "statistic", "status", "as_at"])
def test_what_every_figure_has_is_required_whatever_the_data_package_says(tmp_path, column):
    fields = tuple(
        field.model_copy(update={"constraints": field.constraints.model_copy(update={"required": False})})
        for field in RESOURCE.table_schema.fields
    )
    lenient = RESOURCE.model_copy(
        update={"table_schema": RESOURCE.table_schema.model_copy(update={"fields": fields})}
    )
    path = tmp_path / "calls.csv"
    path.write_text(f"{HEADER}\n{row(**{column: ''})}\n", encoding="utf-8")
    problems = dataset_problems(lenient, path)
    assert f"data/calls.csv:2 ({column}): this cell is empty" in str(problems[0])


@pytest.mark.parametrize(
    "cells",
    [
        {"value": "0"},
        {"value": "257", "symbol": "p"},
        {"value": "", "symbol": "c"},
        {"value": "-8739", "statistic": "change"},
        {"value": "-441.13", "statistic": "change"},
        {"value": "-100", "statistic": "percent_change"},
        {"value": "420", "statistic": "percent_change"},
        {"value": "100", "statistic": "percent"},
        {"period_end": "2020-04-01"},
        {"period_start": "2020-06-03"},
        {"period_start": "2020-06-15"},
        {"period_end": "2020-06-15"},
        {"period_start": "2020-02-01", "period_end": "2020-02-29"},
        {"period_start": "2019-07-01"},
        {"value": "-1", "statistic": "change_on_previous_quarter"},
    ],
)
def test_rows_at_the_edge_of_the_rules_are_right(tmp_path, cells):
    assert len(read(tmp_path, f"{HEADER}\n{row(**cells)}\n")) == 1


@pytest.mark.parametrize(
    ("line", "part"),
    [
        (ROW.rsplit(",", 2)[0], "this line has 9 cells, and the header 11"),
        (f"{ROW},", "this line has 12 cells, and the header 11"),
        ("," * 10, "all cells of this line are empty"),
    ],
)
def test_a_ragged_line_is_named(tmp_path, line, part):
    (problem,) = problems_of(tmp_path, f"{HEADER}\n{ROW}\n{line}\n")
    assert problem.startswith(f"data/calls.csv:3: {part}")


def test_a_line_is_that_of_the_file_after_a_cell_of_two_lines(tmp_path):
    code = '"A\n1"'
    one, two = problems_of(tmp_path, f"{HEADER}\n{row(code=code)}\n{row(value='q')}\n")
    assert one.startswith("data/calls.csv:2 (code)")
    assert two.startswith("data/calls.csv:4 (value)")


def test_a_duplicate_key_names_both_lines(tmp_path):
    (problem,) = problems_of(tmp_path, f"{HEADER}\n{ROW}\n{row(code='B1')}\n{row(value='258')}\n")
    assert problem.startswith("data/calls.csv:4: lines 2 and 4 are figures of the same source, area, code")


def test_figures_of_two_sources_do_not_clash(tmp_path):
    assert len(read(tmp_path, f"{HEADER}\n{ROW}\n{row(source='return', value='258')}\n")) == 2


def test_all_mistakes_are_told_together_by_line(tmp_path):
    problems = problems_of(
        tmp_path,
        "\n".join(
            [
                HEADER,
                row(area="lancashir", value="-1"),
                row(period_end="2020-02-30"),
                "dashboard",
                row(code="C1"),
                row(code="C1"),
                row(value="q", symbol="y"),
            ]
        ),
    )
    places = [problem.split(": ")[0].removeprefix("data/calls.csv:") for problem in problems]
    assert places == ["2 (area)", "2 (value)", "3 (period_end)", "4", "6", "7 (value)", "7 (symbol)"]


def test_many_mistakes_are_counted(tmp_path):
    wrong = "\n".join(row(code=f"A{number % 10}", value=f"-{number + 1}") for number in range(30))
    problems = problems_of(tmp_path, f"{HEADER}\n{wrong}\n")
    # 30 negative counts, and 20 keys that were there before.
    assert len(problems) == SHOWN_PROBLEMS + 1
    assert problems[-1].startswith(f"data/calls.csv: and {30 + 20 - SHOWN_PROBLEMS} more")


days = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@st.composite
def figures(draw):
    start = draw(days).replace(day=1) + timedelta(draw(st.integers(4, 20)))
    statistic = draw(st.sampled_from(STATISTICS[:-1]))
    limits = {"percent": (0, 100), "change": (-(10**8), 10**8)}
    limits |= dict.fromkeys(("percent_change", "percent_change_on_last_report"), (-100, 10_000))
    low, high = limits.get(statistic, (0, 10**8))
    places = 0 if statistic in ("count", "respondents", "satisfied") else 4
    value = draw(st.decimals(low, high, places=places))
    symbol = draw(st.sampled_from(["", "p", "r", "x", "z", "c"]))
    return {
        "source": draw(st.sampled_from(RESOURCE.source_names)),
        "area": draw(st.sampled_from(["lancashire", "north_west"])),
        "code": draw(st.sampled_from(["", "A1", "Z9"])),
        "rank": draw(st.none() | st.integers(1, 9)),
        "period_start": start,
        "period_end": start + timedelta(draw(st.integers(0, 400))),
        "statistic": statistic,
        "value": None if symbol in ("x", "z", "c") else value,
        "symbol": symbol,
        "status": draw(st.sampled_from(["published", "supplied"])),
        "as_at": start + timedelta(400 + draw(st.integers(0, 400))),
    }


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(figures(), max_size=6, unique_by=lambda f: tuple(f[c] for c in RESOURCE.table_schema.primary_key)))
def test_what_is_written_is_read_back(tmp_path, rows):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    frame = read(tmp_path, text.getvalue())
    assert list(frame["line"]) == list(range(2, len(rows) + 2))
    for read_back, written in zip(frame.to_dict("records"), rows, strict=True):
        for column, given_value in written.items():
            found = read_back[column]
            if given_value is None:
                assert pd.isna(found)
            elif isinstance(given_value, date):
                assert found == pd.Timestamp(given_value)
            elif column == "value":
                assert Decimal(repr(found)) == given_value
            else:
                assert found == given_value


def test_all_mistakes_can_be_had(tmp_path):
    wrong = [row(code=f"A{number % 10}", value=f"-{number + 1}") for number in range(30)]
    (tmp_path / "calls.csv").write_text("\n".join([HEADER, *wrong]))
    problems = dataset_problems(RESOURCE, tmp_path / "calls.csv")
    assert len(problems) == 30 + 20
    assert [problem.location.line for problem in problems] == sorted(problem.location.line for problem in problems)
    (problem,) = dataset_problems(RESOURCE, tmp_path / "nothing.csv")
    assert problem.message == "this file is missing"
