"""Tables and texts compared: what differs is named by row and column, or by its place, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny import markdown
from scrutiny.review.verify import grids
from scrutiny.review.verify.findings import Difference, shortened, visible
from scrutiny.review.verify.outputs import compare_outputs
from scrutiny.review.verify.passages import Passage, passage_differences
from scrutiny.review.verify.reading import Unreadable, read_document

TABLE = [["Offence", "2019", "2020"], ["All", "10", "8"], ["Burglary", "4", "3"]]


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (TABLE, []),
        ([TABLE[0], TABLE[1], ["Burglary", "4", "2"]], ["row Burglary, column 2020: 2, 3"]),
        ([["Offence", "2018", "2020"], *TABLE[1:]], ["the head of column 2: 2018, 2019"]),
        ([TABLE[0], ["Most", "10", "8"], TABLE[2]], ["the head of row 1: Most, All"]),
        (TABLE[:2], ["row Burglary: None, Burglary | 4 | 3"]),
        ([*TABLE, ["Theft", "1", "1"]], ["row Theft: Theft | 1 | 1, None"]),
        ([TABLE[0], ["All", "10"], TABLE[2]], ["row All: All | 10, All | 10 | 8"]),
        ([["Offence"]], ["the heads of the columns: Offence, Offence | 2019 | 2020"]),
        ([], ["the table: None, Offence | 2019 | 2020\nAll | 10 | 8\nBurglary | 4 | 3"]),
    ],
    ids=["none", "cell", "head of a column", "head of a row", "row gone", "row added", "short row", "columns", "table"],
)  # fmt: skip
def test_cells_are_named_by_the_heads_of_row_and_column(here, expected):
    assert [f"{one.what}: {one.here}, {one.again}" for one in grids.cell_differences(here, TABLE)] == expected


TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=12).map(
    lambda text: " ".join(text.split())
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4), st.sets(st.integers(0, 3)))
def test_a_table_that_a_notebook_shows_is_read_back_as_it_was_meant(rows, strong):
    written = markdown.table(rows, ["Head", "Figure"], strong=strong, parts={0} - strong)
    grid, rest = grids.of_markdown(f"{written}\n\n::: {{.notes}}\nNotes.\n:::")
    assert grid == [["Head", "Figure"], *map(list, rows)]
    assert rest == "::: {.notes}\nNotes.\n:::"


def passages(*texts: str) -> list[Passage]:
    return [Passage(f"page {number}", text) for number, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    ("here", "again", "expected"),
    [
        (("a", "b"), ("a", "b"), []),
        (("a", "b", "c"), ("a", "x", "c"), [("page 2", "b", "x")]),
        (("a", "one two", "three"), ("a", "one", "two three"), []),
        (("a", "b"), ("a", "b", "c"), [("page 3", None, "c")]),
        (("a", "b", "c"), ("b", "c"), [("page 1", "a", None)]),
        ((), ("a",), [("page 1", None, "a")]),
        (("x", "b", "y"), ("a", "b", "c"), [("page 1", "x", "a"), ("page 3", "y", "c")]),
    ],
    ids=["none", "changed", "broken elsewhere", "added", "gone", "all", "two"],
)
def test_passages_that_differ_are_named_by_their_place(here, again, expected):
    found = passage_differences(passages(*here), passages(*again))
    assert [(one.what, one.here, one.again) for one in found] == expected


@given(st.lists(TEXT), st.lists(TEXT))
def test_texts_agree_if_and_only_if_they_say_the_same(here, again):
    same = " ".join(" ".join(here).split()) == " ".join(" ".join(again).split())
    assert (not list(passage_differences(passages(*here), passages(*again)))) == same


def test_long_texts_are_shortened_to_where_they_part():
    here, again = shortened("x" * 500 + "1" + "y" * 500, "x" * 500 + "2" + "y" * 500)
    assert here is not None and again is not None
    assert len(here) < 200 and "1" in here and "2" in again and here.startswith("…") and here.endswith("…")
    assert str(Difference("it", None, "a\x1bb")) == 'it: here nothing, computed anew "a␛b"'


@given(st.text())
def test_no_terminal_obeys_what_is_shown(text):
    assert not any(ord(sign) < 0x20 or 0x7F <= ord(sign) < 0xA0 for sign in visible(text))


PNG = {"data": {"image/png": "AAAA", "text/plain": "a"}, "metadata": {"scrutiny": {"csv": "a,b\nx,1\n"}}}
OTHER = {**PNG, "data": {**PNG["data"], "image/png": "BBBB"}}


@pytest.mark.parametrize(("same", "done", "count"), [(True, True, 1), (False, False, 0)])
def test_another_picture_is_a_difference_only_where_it_is_drawn_with_the_same_packages(same, done, count):
    results = {result[0]: result for result in compare_outputs([PNG], [OTHER], "fig-x", same_drawing=same)}
    _, _, differences, note, was_done = results["picture"]
    assert (was_done, len(differences)) == (done, count)
    assert ("not compared" in note) != done
    assert not results["data"][2]


@pytest.mark.parametrize("name", ["report.pdf", "report.docx", "report.html"])
def test_what_is_no_document_is_told(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\xff\xfeno document")
    with pytest.raises(Unreadable, match="it cannot be read"):
        read_document(path)
