"""Tables read back as they were meant, and compared: what differs is named by row and column, and nothing else is."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny import markdown
from scrutiny.review.tables import compare_grids, parse_csv, parse_pipe_table

TABLE = (("Offence", "2019", "2020"), ("All", "10", "8"), ("Burglary", "4", "3"))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (TABLE, []),
        ((TABLE[0], TABLE[1], ("Burglary", "4", "2")), ["row Burglary, column 2020: 2, 3"]),
        ((("Offence", "2018", "2020"), *TABLE[1:]), ["column 2018: 10; 4, None", "column 2019: None, 10; 4"]),
        ((TABLE[0], ("Most", "10", "8"), TABLE[2]), ["row All: None, 10; 8", "row Most: 10; 8, None"]),
        (TABLE[:2], ["row Burglary: None, 4; 3"]),
        ((*TABLE, ("Theft", "1", "1")), ["row Theft: 1; 1, None"]),
        ((TABLE[0], ("All", "10", ""), TABLE[2]), ["row All, column 2020: , 8"]),
        ((("Offence",),), ["column 2019: None, 10; 4", "column 2020: None, 8; 3", "row All: None, 10; 8", "row Burglary: None, 4; 3"]),
        (tuple(row[:2] for row in TABLE), ["column 2020: None, 8; 3"]),
        ((TABLE[0],), ["row All: None, 10; 8", "row Burglary: None, 4; 3"]),
        ((), ["the table: None, Offence | 2019 | 2020\nAll | 10 | 8\nBurglary | 4 | 3"]),
        ((TABLE[0], TABLE[2], TABLE[1]), ["order of the rows: Burglary; All, All; Burglary"]),
        ((("", *TABLE[0][1:]), *TABLE[1:]), ["head of a column: , Offence"]),
        (((*TABLE[0][:2], ""), *((*row[:2], "0") for row in TABLE[1:])), ["column : 0; 0, None", "column 2020: None, 8; 3"]),
    ],
    ids=["none", "cell", "head of a column", "head of a row", "row gone", "row added", "short row", "columns", "column", "rows", "table", "order", "first column", "empty head"],
)  # fmt: skip
def test_cells_are_named_by_the_heads_of_row_and_column(before, expected):
    assert [f"{one.what}: {one.before}, {one.after}" for one in compare_grids(before, TABLE)] == expected


def test_a_column_of_another_month_is_compared_with_its_like():
    before = (("Offence", "Year to June 2019", "Year to June 2020"), ("Theft", "3", "4"))
    after = (("Offence", "Year to June 2020", "Year to June 2021"), ("Theft", "4", "6"))
    assert [one.what for one in compare_grids(before, after)] == [
        "head of a column",
        "row Theft, column Year to June 2019 / Year to June 2021",
    ]


def test_rows_are_told_apart_by_as_many_columns_as_it_takes():
    head = ("Measure", "Month", "Figure")
    before = (head, ("a", "May", "1"), ("a", "June", "2"), ("b", "May", "3"))
    after = (head, ("a", "June", "2"), ("b", "May", "4"))
    assert list(compare_grids(before, after)) == [
        ("row a, May", "1", None, ""),
        ("row b, May, column Figure", "3", "4", "Figure"),
    ]
    twice = (("Month", "Figure"), ("May", "1"), ("May", "2"))
    assert [one.what for one in compare_grids(twice, (*twice[:2], ("May", "3")))] == ["row May (2), column Figure"]


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), st.sets(st.integers(0, 3)))
def test_a_table_that_a_notebook_shows_is_read_back_as_it_was_meant(rows, strong):
    written = markdown.table(rows, ["Head", "Figure"], strong=strong, parts={0} - strong)
    grid, rest = parse_pipe_table(f"{written}\n\n::: {{.notes}}\nNotes.\n:::")
    assert grid == (("Head", "Figure"), *rows)
    assert rest == "::: {.notes}\nNotes.\n:::"


def test_csv_is_read_with_all_rows_of_one_length():
    assert parse_csv('a,b\n"x\n,y",1\nz\n') == (("a", "b"), ("x\n,y", "1"), ("z", ""))
    with pytest.raises(csv.Error):
        parse_csv('a,b\n"x"y,1\n')
