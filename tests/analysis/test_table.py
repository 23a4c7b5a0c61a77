import csv
import io
from dataclasses import replace
from fractions import Fraction

import pytest

from scrutiny.analysis.table import Level, Table, TableCell, TableRow, by_column
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_APPLICABLE, Datum
from scrutiny.statistics.provenance import Provenance


def datum(number, symbol="", status="published"):
    return Datum(
        None if number is None else Fraction(number),
        symbol,
        Provenance(frozenset({"A system"}), statuses=frozenset({status})),
    )


def test_the_legend_explains_the_symbols_that_occur_and_no_others():
    data = [datum(None, "x"), datum(1, "p"), datum(2, status="illustrative"), datum(3)]
    table = Table(["A", "B"], [TableRow("row", [TableCell(one.marked("1"), {"": one})]) for one in data])
    assert [row.cells[0].text for row in table.rows] == ["[x]", "1 [p]", "1 [i]", "1"]
    assert table.legend.startswith("[x] not supplied; [p] provisional; [i] illustrative: made up")
    assert "[z]" not in table.legend and "[c]" not in table.legend
    # Made-up figures do not come from the system whose figures they stand in for.
    assert table.notes == ("Source: A system.", f"{table.legend}.")
    assert "\n::: {.notes}\nSource: A system.\n\n\\[x\\] not supplied" in table.to_markdown()


def test_totals_stand_in_bold_and_parts_are_set_in():
    rows = [
        TableRow("Sum", [TableCell("3")], Level.TOTAL),
        TableRow("A *part*", [TableCell("1")], Level.PART),
        TableRow("Other", [TableCell("2")]),
    ]
    lines = Table(["Name", "Count"], rows).to_markdown().splitlines()
    assert [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:5]] == [
        ["**Sum**", "**3**"],
        ["[A \\*part\\*]{.part}", "1"],
        ["Other", "2"],
    ]


def test_csv_has_the_figures_beside_what_the_table_says():
    change = {"%": datum(Fraction(-50, 3)), "difference": datum(-2)}
    table = Table(
        ["Name", "Count", "Latest", "Change", "Target"],
        [
            TableRow("All, of which", [TableCell("1,234", {"": datum(1234)}), TableCell("1.3 min", {"": datum("1.25")}), TableCell("−17%", change), TableCell("none set")], Level.TOTAL),
            TableRow("=SUM(A1)", [TableCell("[x]", {"": datum(None, "x")}), TableCell("2 [i]", {"": datum(2, status="illustrative")}), TableCell("[z]", {"%": datum(None, "z")}), TableCell("<b>")]),
        ],
    )  # fmt: skip
    assert list(csv.reader(io.StringIO(table.to_csv()))) == [
        ["Name", "Count", "Latest", "Latest, figure", "Change", "Change, %", "Change, difference", "Target"],
        ["All, of which", "1234", "1.3 min", "1.25", "−17%", "-16.666667", "-2", "none set"],
        ["'=SUM(A1)", "[x]", "2 [i]", "2", "[z]", "[z]", "", "<b>"],
    ]


NEVER, ELSEWHERE, COME = datum(None, "x"), datum(7), NOT_APPLICABLE


@pytest.mark.parametrize(
    ("rows", "missing", "heads"),
    [
        ([("a", [NEVER]), ("b", [ELSEWHERE])], {"a"}, ["b"]),
        # Its measure has a figure in another window, so it is in no list.
        ([("a", [NEVER]), ("b", [ELSEWHERE])], set(), ["a", "b"]),
        ([("a", [NEVER, ELSEWHERE]), ("b", [ELSEWHERE])], {"a"}, ["a", "b"]),
        ([("a", [NEVER]), ("b", [NEVER])], set(), []),
        ([("a", [NEVER, COME])], set(), []),
        ([("a", [NEVER, datum(None, "z")])], set(), ["a"]),
        ([("a", [NEVER, datum(None, "c")])], set(), ["a"]),
        ([("a", [])], {"a"}, ["a"]),
    ],
)
def test_what_was_not_supplied_is_left_out(monkeypatch, rows, missing, heads):
    monkeypatch.setattr("scrutiny.analysis.table.is_missing", lambda measure: measure in missing)
    table = Table(
        ["Measure", "One", "Two"],
        [TableRow(head, [TableCell("", {"": datum}) for datum in data], measures=(head,)) for head, data in rows],
    )
    assert [row.head for row in table.supplied.rows] == heads


PARTS = "Because of rounding, parts may not add up to totals."


def rounded_to(unit: int, number) -> Datum:
    one = datum(number)
    return replace(one, provenance=replace(one.provenance, rounding=unit))


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        # A total, and its parts.
        ([TableCell.plain(datum(each), 2) for each in ("49.07", "38.47", "1.22", "7.65", "1.72")], PARTS),
        ([TableCell.plain(datum(each), 2) for each in ("49.06", "38.47", "1.22", "7.65", "1.72")], ""),
        ([TableCell.plain(datum(each), 0) for each in ("100", "33.3", "33.3", "33.4")], PARTS),
        ([TableCell.plain(datum(each), 0) for each in ("100", "33.5", "33.5", "33")], PARTS),
        # More than four times half a unit is no rounding: `check` asks.
        ([TableCell.plain(datum(each), 0) for each in ("100", "33", "33", "31")], ""),
        ([TableCell.plain(datum(each), 1) for each in ("0.04", "0.04", "0")], ""),
        ([TableCell.plain(datum(None, "x"), 0), TableCell.plain(datum(1), 0)], ""),
        ([TableCell.plain(datum(10), 0), TableCell.plain(datum(9), 0), TableCell.plain(datum(None, "x"), 0)], ""),
        ([TableCell("100"), TableCell.plain(datum(99), 0)], ""),
        # Counts are exact unless disclosure control rounds them.
        ([TableCell.plain(rounded_to(5, each), 0) for each in (35, 15, 15)], f"Counts are rounded to the nearest 5 to protect people. {PARTS}"),
        ([TableCell.plain(rounded_to(5, each), 0) for each in (30, 15, 15)], "Counts are rounded to the nearest 5 to protect people."),
        # Changes add up too.
        ([TableCell.change(Comparison.computed(datum(0), datum(each), "gbp_million", 0)) for each in ("2.6", "1.3", "1.3")], PARTS),
        ([TableCell.change(Comparison.computed(datum(0), datum(each), "count")) for each in (3, 1, 1)], ""),
    ],
)  # fmt: skip
def test_one_note_says_that_parts_may_not_add_up_if_they_do_not(cells, note):
    rows = [TableRow(str(position), [cell]) for position, cell in enumerate(cells)]
    table = Table(["Name", "Figure"], rows, by_column(rows, [(0, range(1, len(rows)))]))
    assert table.rounding == note
    assert [one for one in table.notes if "ounding" in one or "rounded" in one] == [note][: bool(note)]
    assert Table(["Name", "Figure"], rows).rounding == note.replace(PARTS, "").strip()


@pytest.mark.parametrize(
    ("statistic", "places", "before", "after", "differ"),
    [
        ("minutes", 1, "10.24", "9.76", True),
        ("minutes", 1, "10.2", "9.8", False),
        ("percent", 0, "70.4", "75.6", True),
    ],
)
def test_a_change_that_is_not_the_difference_of_what_is_shown_has_a_note(statistic, places, before, after, differ):
    compared = Comparison.computed(datum(before), datum(after), statistic, places)
    cells = [
        TableCell.plain(compared.before, places),
        TableCell.change(compared),
        TableCell.plain(compared.after, places),
    ]
    table = Table(
        ["Name", "Before", "Change", "Latest"], [TableRow("row", cells)], changes=[(cells[2], cells[:2])]
    )
    expected = "Because of rounding, changes may not be the differences of the figures shown."
    assert table.rounding == (expected if differ else "")
