"""Police force area workbooks of several editions: headers of one row or three, footnotes as digits or in words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import pytest
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT

from scrutiny.errors import WrongInput
from scrutiny.importers import Offer, Options, reader
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.open_data.lookups import Lookups
from scrutiny.importers.open_data.ons_table import OnsTable, Unclear
from scrutiny.inputs.project import Project

PROJECT = Project(ROOT)

P1 = (
    "Table P1:  Police recorded crime by offence group and police force area, English regions and Wales, "
    "number of offences, year ending {}"
)
P4 = (
    "Table P4:  Knife and sharp instrument offences recorded by the police for selected offences, by police force "
    "area, year ending {}"
)
RATES = "Table P3:  Police recorded crime by offence group and police force area, rate of offences, year ending June 2019"

OLD_P1 = [
    [P1.format("June 20191,2")],
    [],
    ["England and Wales"],
    ["", "", "Total recorded crime (excluding fraud3)", "", "Victim-based crime"],
    ["Area Code", "Area Name", "", "", "Violence against the person", "Violence with injury", "Robbery 4", "Burglary",
     "Residential burglary5"],
    ["", "", "Numbers"],
    ["K04000001", "ENGLAND AND WALES6", 5000.0, "", 1700.0, 500.0, 80.0, 400.0, 290.0],
    ["E12000002", "North West 7,8", 700.0, "", 250.0, 77.0, 10.0, 59.0, 42.0],
    ["E23000006", "Cheshire7", 92.0, "", 33.0, 10.0, 4.0, 5.0, 3.0],
    ["E23000003", "Lancashire 8", 160.0, "", 62.0, 19.0, 1.0, 13.0, 9.0],
    ["", "British Transport Police", 68.0, "", 12.0, 3.0, 7.0, 1.0, 0.0],
    ["3. Fraud is recorded nationally."],
    ["4. Robbery is of two kinds."],
    ["8. Lancashire changed its systems."],
]  # fmt: skip
OLD_P4 = [
    [P4.format("June 20191,2,3")],
    ["", "", "Total of selected serious offences", "", "Attempted murder", ""],
    ["Area Code", "Area Name", "Number of\n offences\n involving a\n knife6", "% involving a knife",
     "Number of\n offences\n involving a\n knife6", "% involving a knife"],
    ["E23000005", "Greater Manchester8", 3000.0, 7.25, 13.0, "-"],
    ["E23000003", "Lancashire9", 1159.0, 4.466281310211946, 13.0, "-"],
    ["9. Lancashire's first quarter is imputed."],
    ["9. Surrey counts glass."],
]  # fmt: skip
NEW_P1 = [
    [P1.format("March 2022 [note 1][note 2]")],
    ["This worksheet contains one table. Some cells refer to notes."],
    ["Area code", "Area name", "Total recorded crime (excluding fraud) [note 3]", "Violence against the person [note 4]",
     "Violence with injury", "Robbery", "All other theft offences", "Residential burglary [note 5]"],
    ["K04000001", "England and Wales [note 6]", 5300000, 2100000, 560000, 66000, 480000, 190000],
    ["E23000003", "Lancashire", "137,101", 58153, 17000, 1030, 13000, 5900],
    ["E23000012", "Sussex [note 9]", 110000, 45000, 13000, 900, 9000, 3600],
]  # fmt: skip
NEW_P4 = [
    [P4.format("March 2022 [note 1]")],
    ["Area code", "Area name", "Total of selected serious offences: number of offences involving a knife [note 6]",
     "Total of selected serious offences: % involving a knife"],
    ["E23000003", "Lancashire", 1250, 4.1],
]  # fmt: skip


def read(folder: Path, *contents: bytes, suffix: str = ".xlsx") -> list[Offer]:
    paths = []
    for number, content in enumerate(contents):
        paths.append(folder / f"tables-{number}{suffix}")
        paths[-1].write_bytes(content)
    return reader("ons-pfa")(PROJECT, paths, Options())


def counts(offers: list[Offer]) -> dict[tuple[str, str, str, str], int]:
    return {
        (offer.dataset, cells.get("offence", ""), cells["period_start"], cells["period_end"]): int(cells["value"])
        for offer in offers
        for cells in (row.cells for row in offer.rows)
    }


def told(offers: list[Offer], folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}/", "").split("\n")[0] for offer in offers for problem in offer.refused]


OLD = {
    ("recorded_crime", "all", "2018-07-01", "2019-06-30"): 160,
    ("recorded_crime", "violence_against_the_person", "2018-07-01", "2019-06-30"): 62,
    ("recorded_crime", "violence_with_injury", "2018-07-01", "2019-06-30"): 19,
    ("recorded_crime", "robbery", "2018-07-01", "2019-06-30"): 1,
    ("recorded_crime", "burglary_residential", "2018-07-01", "2019-06-30"): 9,
    ("knife_crime", "", "2018-07-01", "2019-06-30"): 1159,
}
NEW = {
    ("recorded_crime", "all", "2021-04-01", "2022-03-31"): 137_101,
    ("recorded_crime", "violence_against_the_person", "2021-04-01", "2022-03-31"): 58_153,
    ("recorded_crime", "violence_with_injury", "2021-04-01", "2022-03-31"): 17_000,
    ("recorded_crime", "robbery", "2021-04-01", "2022-03-31"): 1_030,
    ("recorded_crime", "burglary_residential", "2021-04-01", "2022-03-31"): 5_900,
    ("knife_crime", "", "2021-04-01", "2022-03-31"): 1_250,
}
OLD_BOOK = {"Notes": [["Notes"]], "Table P1": OLD_P1, "Table P3": [[RATES], *OLD_P1[1:]], "Table P4 ": OLD_P4}
NEW_BOOK = {"Cover": [["Tables"]], "P1": NEW_P1, "P4": NEW_P4}


@pytest.mark.parametrize(
    ("contents", "suffix", "expected"),
    [
        ([xlsx(OLD_BOOK)], ".xlsx", OLD),
        ([xlsx(NEW_BOOK)], ".xlsx", NEW),
        ([ods(OLD_BOOK)], ".ods", OLD),
        ([ods(NEW_BOOK)], ".ods", NEW),
        ([xlsx(OLD_BOOK), xlsx(NEW_BOOK)], ".xlsx", OLD | NEW),
        ([xlsx(OLD_BOOK), xlsx(OLD_BOOK)], ".xlsx", OLD),
    ],
    ids=["2019", "2022", "2019 as ODS", "2022 as ODS", "two editions", "one edition twice"],
)
def test_editions(tmp_path, contents, suffix, expected):
    offers = read(tmp_path, *contents, suffix=suffix)
    assert counts(offers) == expected
    assert not told(offers, tmp_path)
    of_all = {(row.cells["area"], row.cells["source"]) for offer in offers for row in offer.rows}
    assert of_all == {("lancashire", "ons-pfa")}


NOT_THERE = [
    "Sexual offences", "Theft offences", "Criminal damage and arson", "Drug offences",
    "Possession of weapons offences", "Public order offences", "Miscellaneous crimes against society",
    "Violence without injury",
]  # fmt: skip


def test_footnotes_of_the_figures_taken_are_told(tmp_path):
    said = [note for offer in read(tmp_path, xlsx(OLD_BOOK)) for note in offer.notes]
    assert said == [
        f"table P1 has no column of {', '.join(NOT_THERE)}",
        "table P1, note 8: Lancashire changed its systems.",
        "table P1, note 3: Fraud is recorded nationally.",
        "table P1, note 4: Robbery is of two kinds.",
        "table P1, note 5: see the notes of the workbook",
        "table P4, note 9: Lancashire's first quarter is imputed.",
        "table P4, note 9: Surrey counts glass.",
    ]


def with_cell(sheet: list[list[object]], row: int, column: int, cell: object) -> list[list[object]]:
    return [
        [cell if (row, column) == (at, position) else other for position, other in enumerate(cells)]
        for at, cells in enumerate(sheet)
    ]


@pytest.mark.parametrize("cell", ["-", "[x]", "..", 12.5, "", True])
def test_a_cell_that_is_no_count_is_refused_alone(tmp_path, cell):
    offers = read(tmp_path, xlsx({"P1": with_cell(NEW_P1, 4, 5, cell)}))
    assert ("recorded_crime", "robbery", "2021-04-01", "2022-03-31") not in counts(offers)
    assert len(counts(offers)) == 4
    (problem,) = told(offers, tmp_path)
    shown = (
        "the count is missing" if cell == "" else f"'{str(cell).upper() if cell is True else cell}' is not a count"
    )
    assert problem == f"tables-0.xlsx, sheet P1:5 (Robbery): {shown}"


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (with_cell(NEW_P1, 0, 0, P1.format("2022")), "the title does not give the year, as year ending June 2019"),
        (with_cell(NEW_P1, 0, 0, P1.format("Marsh 2022")), "the title does not give the year, as year ending June 2019"),
        (with_cell(NEW_P1, 4, 1, "Lancs"), "table P1 has no row of lancashire"),
        ([*NEW_P1[:2], ["Area code", "Area name", "Crimes"], NEW_P1[4][:3]], "table P1 has no column that is in data/offence_groups.csv"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_taken(tmp_path, sheet, problem):
    offers = read(tmp_path, xlsx({"P1": sheet}))
    assert counts(offers) == {}
    assert problem in told(offers, tmp_path)[0]


def test_two_editions_that_differ(tmp_path):
    offers = read(tmp_path, xlsx({"P1": NEW_P1}), xlsx({"P1": with_cell(NEW_P1, 4, 5, 1031)}))
    assert counts(offers)["recorded_crime", "robbery", "2021-04-01", "2022-03-31"] == 1030
    (problem,) = told(offers, tmp_path)
    where, what = "tables-1.xlsx, sheet P1:5", "recorded_crime robbery, April 2021 to March 2022"
    assert problem == f"{where}: {what}: 1,031 here, 1,030 in tables-0.xlsx, sheet P1"


def test_two_sheets_of_one_workbook_that_differ(tmp_path):
    offers = read(tmp_path, xlsx({"P1": NEW_P1, "P1 old": with_cell(NEW_P1, 4, 5, 1031)}))
    assert ("recorded_crime", "robbery", "2021-04-01", "2022-03-31") not in counts(offers)
    assert len(counts(offers)) == 4
    (problem,) = told(offers, tmp_path)
    assert problem.endswith("1,031 here, 1,030 in tables-0.xlsx, sheet P1; neither is taken")


def test_a_workbook_of_something_else(tmp_path):
    for title in (RATES, P1.replace("P1", "P7").format("March 2022"), P4.replace("P4", "P1").format("March 2022")):
        with pytest.raises(WrongInput, match="no sheet is table P1 or P4"):
            read(tmp_path, xlsx({"P1": [[title], *NEW_P1[1:]]}))


COLUMNS = [
    "Total recorded crime (excluding fraud)", "Violence against the person", "Violence with injury",
    "Violence without injury", "Sexual offences", "Robbery", "Theft offences", "Residential burglary",
    "Criminal damage and arson", "Drug offences", "Possession of weapons offences", "Public order offences",
    "Miscellaneous crimes against society",
]  # fmt: skip
FORCES = {
    "Cheshire": [4_516, 1_200, 411, 509, 211, 97, 1_301, 203, 601, 307, 89, 503, 207],
    "Lancashire": [5_661, 1_403, 503, 611, 307, 1_249, 1_401, 305, 503, 211, 97, 389, 101],
    "Merseyside": [6_227, 2_003, 701, 805, 401, 1_103, 1_607, 407, 307, 103, 203, 401, 99],
}


def whole(header: Sequence[object] = COLUMNS) -> list[list[object]]:
    """Give table P1 of a region: its forces from row 4 on, the region above them."""
    region = [sum(counts) for counts in zip(*FORCES.values(), strict=True)]
    rows = [["E12000002", "North West", *region]]
    rows += [[f"E2300000{code}", name, *counts] for code, (name, counts) in enumerate(FORCES.items(), 3)]
    return [[P1.format("March 2022 [note 1]")], ["Area code", "Area name", *header], *rows]


def test_the_whole_table(tmp_path):
    offers = read(tmp_path, xlsx({"P1": whole()}))
    assert sorted(counts(offers).values()) == sorted([*FORCES["Lancashire"], 307])
    assert not told(offers, tmp_path)
    assert [note for offer in offers for note in offer.notes] == [f"{tmp_path}/tables-0.xlsx has no table P4"]


AT = "tables-0.xlsx, sheet P1"


def without(sheet: list[list[object]], column: int) -> list[list[object]]:
    return [[cell for at, cell in enumerate(cells) if at != column] for cells in sheet]


def inserted(sheet: list[list[object]], column: int, cells: Sequence[object]) -> list[list[object]]:
    return [[*row[:column], cell, *row[column:]] for row, cell in zip(sheet, cells, strict=True)]


def shifted(sheet: list[list[object]], row: int) -> list[list[object]]:
    return [[*cells[:2], "", *cells[2:]] if at == row else cells for at, cells in enumerate(sheet)]


def renamed(label: str, other: str) -> list[list[object]]:
    return whole([other if column == label else column for column in COLUMNS])


@pytest.mark.parametrize(
    ("sheet", "problem"),
    [
        (with_cell(whole(), 4, 7, "1249,5"), f"{AT}:5 (Robbery): '1249,5' is not a count"),
        (with_cell(whole(), 4, 7, -1249), f"{AT}:5 (Robbery): '-1249' is not a count"),
        (with_cell(whole(), 4, 7, "12495"), f"{AT}:5 (Robbery): the forces of North West do not add up to it in this column, so one of the counts is wrong"),
        (with_cell(whole()[:2] + whole()[4:5], 2, 7, 12495), f"{AT}:3: the groups of Lancashire add up to 11,246 more than its total, so nothing of the row is taken"),
        (shifted(whole(), 4), f"{AT}: column P has figures but no label, so that others may have moved"),
        (inserted(whole(), 3, ["", "", 1, 2, 3, 4]), f"{AT}: column D has figures but no label, so that others may have moved"),
        (inserted(whole(), 3, ["", COLUMNS[0], 1, 2, 3, 4]), f"{AT}: table P1 has 2 columns of numbers of Total recorded crime (excluding fraud)"),
        (renamed("Theft offences", "Robbery"), f"{AT}: table P1 has 2 columns of numbers of Robbery"),
        ([*whole(), whole()[4]], f"{AT}:7: rows 5 and 7 are both of Lancashire"),
        (with_cell(whole(), 4, 0, "E10000017"), f"{AT}:5: the code E10000017 is not one of a police force area"),
        ([*whole()[:1], ["Figures are in thousands"], *whole()[1:]], f"{AT}: the figures may not be numbers of offences: Figures are in thousands"),
        ([*whole()[:1], ["", "", "Year ending March 2021"], *whole()[1:]], f"{AT}: the header has another year than the title: Year ending March 2021"),
        (with_cell(whole(), 0, 0, P1.format("March 2022") + ", and year ending March 2021"), f"{AT}: the title does not give the year, as year ending June 2019"),
        (with_cell(whole(), 0, 0, P1.format("March 201")), f"{AT}: the title does not give the year, as year ending June 2019"),
        ([*whole()[:4], ["E23000003", "Lancashire", *["[x]"] * 13]], f"{AT}:5 (Total recorded crime (excluding fraud)): '[x]' is not a count"),
    ],
)  # fmt: skip
def test_damage_is_refused_and_gives_no_other_figure(tmp_path, sheet, problem):
    offers = read(tmp_path, xlsx({"P1": sheet}))
    assert problem in told(offers, tmp_path)
    right = counts(read(tmp_path, xlsx({"P1": whole()})))
    assert counts(offers).items() <= right.items()


@pytest.mark.parametrize(
    ("sheet", "note"),
    [
        (renamed("Robbery", "Robberies"), "table P1 has no column of Robbery; not in data/offence_groups.csv, and left out: Robberies"),
        (without(whole(), 7), "table P1 has no column of Robbery"),
        (with_cell(whole(), 4, 7, "1,249²"), "table P1, note 2: see the notes of the workbook"),
    ],
)  # fmt: skip
def test_what_is_left_out_or_marked_is_told(tmp_path, sheet, note):
    offers = read(tmp_path, xlsx({"P1": sheet}))
    assert note in [note for offer in offers for note in offer.notes]
    assert not told(offers, tmp_path)
    right = counts(read(tmp_path, xlsx({"P1": whole()})))
    assert counts(offers).items() <= right.items()


@pytest.mark.parametrize(
    ("title", "last"),
    [
        ("June 2019", "2019-06-30"),
        ("June 20191,2", "2019-06-30"),
        ("June 2019 [note 1]", "2019-06-30"),
        ("June 2019¹˒²", "2019-06-30"),
        ("June 2019 [1, 2]", "2019-06-30"),
        ("June 181,2", "2018-06-30"),
        ("June 18", "2018-06-30"),
        ("June 20", "2020-06-30"),
        ("June 201,2", None),
        ("June", None),
    ],
)
def test_the_year_of_a_title(tmp_path, title, last):
    offers = read(tmp_path, xlsx({"P1": with_cell(whole(), 0, 0, P1.format(title))}))
    assert {row.cells["period_end"] for offer in offers for row in offer.rows} == ({last} if last else set())
    assert bool(told(offers, tmp_path)) == (last is None)


MIDLANDS = [
    ["E12000005", "West Midlands", 475_108], ["E23000015", "Staffordshire", 83_773],
    ["E23000017", "Warwickshire", 41_923], ["E23000016", "West Mercia", 86_854],
    ["E23000014", "West Midlands", 262_558],
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (MIDLANDS, 262_558),
        ([MIDLANDS[4], *MIDLANDS[:4]], 262_558),
        ([["", *row[1:]] for row in MIDLANDS], 262_558),
        ([MIDLANDS[0], *MIDLANDS[1:4], ["", *MIDLANDS[4][1:]]], 262_558),
        (MIDLANDS[1:], 262_558),
        ([["", "North West", 700], *(["", *row[1:]] for row in MIDLANDS[:4])], None),
        (MIDLANDS[:4], None),
        ([["", "North West", 700], ["", "West Midlands", 475_108]], None),
    ],
    ids=[
        "codes",
        "force first",
        "no codes",
        "one code lost",
        "forces alone",
        "no force",
        "region alone",
        "regions",
    ],
)
def test_a_region_is_not_the_force_of_its_name(tmp_path, rows, expected):
    lookups = Lookups(PROJECT)
    book = xlsx({"P1": [[P1.format("March 2022")], ["Area code", "Area name", COLUMNS[0]], *rows]})
    (tmp_path / "p1.xlsx").write_bytes(book)
    (table,) = read_tables([tmp_path / "p1.xlsx"])
    ons = OnsTable(table, lookups, ("total",))
    if expected is None:
        with pytest.raises(Unclear) if len(rows) != 4 else nullcontext():
            assert ons.row_of("west_midlands") is None
        return
    row = ons.row_of("west_midlands")
    assert row is not None and row.cells[2] == expected
