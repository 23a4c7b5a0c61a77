import csv
import io
from fractions import Fraction

from scrutiny.analysis.table import Level, Table, TableCell, TableRow
from scrutiny.statistics.datum import Datum
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
