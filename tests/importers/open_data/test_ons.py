"""Police force area workbooks of several editions: headers of one row or three, footnotes as digits or in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT

from scrutiny.errors import WrongInput
from scrutiny.importers import Offer, Options, reader
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


def test_footnotes_of_the_figures_taken_are_told(tmp_path):
    said = [note for offer in read(tmp_path, xlsx(OLD_BOOK)) for note in offer.notes]
    assert said == [
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
        ([*NEW_P1[:2], ["Area code", "Area name", "Crimes"], NEW_P1[4]], "table P1 has no column that is in data/offence_groups.csv"),
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


def test_a_workbook_of_something_else(tmp_path):
    for title in (RATES, P1.replace("P1", "P7").format("March 2022"), P4.replace("P4", "P1").format("March 2022")):
        with pytest.raises(WrongInput, match="no sheet is table P1 or P4"):
            read(tmp_path, xlsx({"P1": [[title], *NEW_P1[1:]]}))
