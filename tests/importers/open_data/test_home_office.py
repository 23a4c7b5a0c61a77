"""The Home Office's open data as a user may have it: layouts, labels and counts that are not as they should be."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from bad_input.workbooks import ods, xlsx
from fixtures.projects import ROOT, copy_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.errors import WrongInput
from scrutiny.importers import Offer, Options, reader
from scrutiny.importers.files.cells import CellError
from scrutiny.importers.open_data.home_office_records import (
    COUNT,
    QUARTER,
    YEAR,
    count_of,
    first_year,
    is_total,
    quarter_of,
)
from scrutiny.importers.open_data.lookups import Lookups, alike, marks, unmarked
from scrutiny.importers.proposal import propose
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter

PROJECT = Project(ROOT)
NO_OPTIONS = Options()
BY_CODE = [
    "Financial Year", "Financial Quarter", "Force Name", "Offence Description", "Offence Group",
    "Offence Subgroup", "Offence Code", "Number of Offences",
]  # fmt: skip
BY_GROUP = [
    "Financial Year",
    "Financial Quarter",
    "Force Name",
    "Offence Group",
    "Number of Offences",
    "Population",
]

GROUPS = {
    "Violence against the person": 100,
    "Sexual offences": 20,
    "Robbery": 5,
    "Theft offences": 300,
    "Criminal damage and arson": 40,
    "Drug offences": 30,
    "Possession of weapons offences": 6,
    "Public order offences": 50,
    "Miscellaneous crimes against society": 7,
}
# description, group, subgroup, code, count: of one quarter, one or more codes of each group.
CODES = [
    ["Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", 0],
    ["Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", 2],
    ["Assault with injury", "Violence against the person", "Violence with injury", "8N", 400],
    ["Causing death by careless driving", "Violence against the person", "Violence with injury", "4.8", 3],
    ["Assault without injury", "Violence against the person", "Violence without injury", "105A", 300],
    ["Harassment", "Violence against the person", "Stalking and harassment", "8L", 200],
    ["Rape of a female aged 16 and over", "Sexual offences", "Rape offences", "19C", 60],
    ["Sexual grooming", "Sexual offences", "Other sexual offences", "88A", 10],
    ["Robbery of business property", "Robbery", "Robbery of business property", "34A", 8],
    ["Robbery of personal property", "Robbery", "Robbery of personal property", "34B", 70],
    ["Burglary Residential", "Theft offences", "Domestic burglary", "28E", 500],
    ["Burglary in a dwelling(outcome only)", "Theft offences", "Domestic burglary", "28A", 9],
    ["Shoplifting", "Theft offences", "Shoplifting", "46", 600],
    ["Arson endangering life", "Criminal damage and arson", "Arson", "56A", 30],
    ["Possession of controlled drugs (Cannabis)", "Drug offences", "Possession of drugs", "92E", 80],
    ["Other firearms offences", "Possession of weapons offences", "Possession of weapons offences", "81", 4],
    ["Violent disorder", "Public order offences", "Public order offences", "62A", 90],
    ["Perjury", "Miscellaneous crimes", "Miscellaneous crimes", "67", 5],
]
EXPECTED = {
    "all": 2371,
    "violence_against_the_person": 905,
    "violence_with_injury": 400,
    "violence_without_injury": 300,
    "sexual_offences": 70,
    "robbery": 78,
    "robbery_business": 8,
    "robbery_personal": 70,
    "theft": 1109,
    "burglary_residential": 500,
    "criminal_damage_and_arson": 30,
    "drugs": 80,
    "possession_of_weapons": 4,
    "public_order": 90,
    "miscellaneous": 5,
}


def by_code(
    year: str = "2019/20",
    quarter: object = 2,
    force: str = "Lancashire",
    codes: Sequence[Sequence[object]] = CODES,
) -> list[list[object]]:
    return [
        [year, quarter, force, description, group, subgroup, code, count]
        for description, group, subgroup, code, count in codes
    ]


def by_group(year: str = "2019/20", quarter: object = 2, force: str = "Lancashire") -> list[list[object]]:
    return [[year, quarter, force, group, count, 1_500_000.0] for group, count in GROUPS.items()]


def as_csv(rows: Sequence[Sequence[object]], header: Sequence[str] = BY_CODE) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def read(folder: Path, files: dict[str, bytes], options: Options = NO_OPTIONS) -> list[Offer]:
    paths = []
    for name, content in files.items():
        (folder / name).write_bytes(content)
        paths.append(folder / name)
    return reader("home-office-prc")(PROJECT, paths, options)


def counts(
    offers: Sequence[Offer], dataset: str = "recorded_crime", quarter: str = "2019-07-01"
) -> dict[str, int]:
    """Give the counts of a quarter by offence."""
    return {
        row.cells["offence"]: int(row.cells["value"])
        for offer in offers
        if offer.dataset == dataset
        for row in offer.rows
        if row.cells["period_start"] == quarter
    }


def refused(offers: Sequence[Offer], folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}/", "").split("\n")[0] for offer in offers for problem in offer.refused]


def notes(offers: Sequence[Offer]) -> str:
    return "\n".join(note for offer in offers for note in offer.notes)


def test_codes_become_the_offences_of_the_report(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv(by_code())})
    assert counts(offers) == EXPECTED
    assert counts(offers, "sexual_offences") == {"all": 70, "rape": 60, "other": 10}
    row = offers[0].rows[0].cells
    assert (row["source"], row["area"], row["status"]) == ("home-office-prc", "lancashire", "open")
    assert (row["period_start"], row["period_end"], row["as_at"]) == ("2019-07-01", "2019-09-30", "2019-09-30")
    assert not refused(offers, tmp_path)
    said = notes(offers)
    assert "codes counted as Residential burglary, although the file has Domestic burglary: 28E" in said
    assert "codes counted as Death or serious injury caused by illegal driving, although the file has" in said


@pytest.mark.parametrize(
    ("options", "as_at", "starts"),
    [
        (Options(), "2020-12-31", {"2019-07-01", "2020-10-01"}),
        (Options(quarter=Quarter(2020, 1)), "2019-09-30", {"2019-07-01"}),
        (Options(as_at=date(2021, 1, 28)), "2021-01-28", {"2019-07-01", "2020-10-01"}),
        (Options(as_at=date(2020, 7, 17), quarter=Quarter(2020, 1)), "2020-07-17", {"2019-07-01"}),
    ],
    ids=["neither", "quarter", "as at", "both"],
)
def test_a_quarter_skips_what_is_later_and_the_day_is_the_editions(tmp_path, options, as_at, starts):
    offers = read(tmp_path, {"prc.csv": as_csv([*by_code(), *by_code("2020/21", 3)])}, options)
    rows = [row.cells for offer in offers for row in offer.rows]
    assert {row["as_at"] for row in rows} == {as_at}
    assert {row["period_start"] for row in rows} == starts
    assert ("skipped: 18 figures after 2020-21-Q1" in notes(offers)) == (options.quarter is not None)


def test_groups_alone_give_no_parts_of_them(tmp_path):
    found = counts(read(tmp_path, {"prc.csv": as_csv(by_group(), BY_GROUP)}))
    assert found["all"] == sum(GROUPS.values()) == 558
    assert found["theft"] == 300
    assert len(found) == 10


YEARS = {
    "2018-19": [BY_CODE, *by_code("2018/19", 3)],
    "2019-20": [BY_CODE, *by_code("2019/20", 2), *by_code("2019/20", 2, "Cumbria")],
}
COVER = {"Contents": [["Police recorded crime open data"], ["Sheets", "one a year"]]}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("prc.csv.gz", gzip.compress(as_csv([*by_code("2018/19", 3), *by_code("2019/20", 2)]), mtime=0)),
        ("prc.xlsx", xlsx(COVER | YEARS)),
        ("prc.ods", ods(COVER | YEARS)),
        (
            "prc.xlsx",
            xlsx({"2018-19": [["Police recorded crime"], [], *YEARS["2018-19"]], "2019-20": YEARS["2019-20"]}),
        ),
    ],
    ids=["gzip", "xlsx", "ods", "titles above"],
)
def test_one_sheet_a_year_and_other_forms(tmp_path, name, content):
    offers = read(tmp_path, {name: content})
    assert counts(offers) == counts(offers, quarter="2018-10-01") == EXPECTED
    assert not refused(offers, tmp_path)
    if "Contents" in notes(offers):
        assert f"skipped, because they have no records: {tmp_path / name}, sheet Contents" in notes(offers)
        assert f"skipped: {len(CODES)} records of 1 other force" in notes(offers)


def changed(position: int, **cells: object) -> list[list[object]]:
    rows = by_code()
    for column, cell in cells.items():
        rows[position][[name.replace(" ", "_").lower() for name in BY_CODE].index(column)] = cell
    return rows


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"number_of_offences": " 400 "}, 400),
        ({"number_of_offences": " 1,400 "}, 1400),
        ({"number_of_offences": "-00 "}, 0),
        ({"number_of_offences": "-3 "}, -3),
        ({"number_of_offences": "\N{MINUS SIGN}3"}, -3),
        ({"force_name": "Lancashire Constabulary"}, 400),
        ({"force_name": " LANCASHIRE "}, 400),
        ({"force_name": "Lancashire [note 3]"}, 400),
        ({"financial_year": "2019-20"}, 400),
        ({"financial_year": "2019/2020"}, 400),
        ({"financial_quarter": "Q2"}, 400),
        ({"offence_subgroup": "Violence With Injury"}, 400),
    ],
)
def test_cells_that_are_written_otherwise(tmp_path, cells, expected):
    offers = read(tmp_path, {"prc.csv": as_csv(changed(2, **cells))})
    assert counts(offers)["violence_with_injury"] == expected
    assert not refused(offers, tmp_path)
    assert ("included: 1 negative count, which" in notes(offers)) == (expected < 0)


NOT_TAKEN = "prc.csv: 2019-20-Q2 of lancashire is not taken, because a record that may belong to it was refused"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"number_of_offences": ""}, ["prc.csv:4 (Number of Offences): the count is missing", NOT_TAKEN]),
        ({"number_of_offences": "n/a"}, ["prc.csv:4 (Number of Offences): 'n/a' is not a count", NOT_TAKEN]),
        ({"number_of_offences": "4.5"}, ["prc.csv:4 (Number of Offences): '4.5' is not a count", NOT_TAKEN]),
        ({"number_of_offences": "1,40"}, ["prc.csv:4 (Number of Offences): '1,40' is not a count", NOT_TAKEN]),
        ({"financial_quarter": 5}, ["prc.csv:4 (Financial Quarter): '5' is not a quarter of 2019/20", NOT_TAKEN]),
        ({"financial_quarter": "Jul-Sep"}, ["prc.csv:4 (Financial Quarter): 'Jul-Sep' is not a quarter of 2019/20", NOT_TAKEN]),
        ({"financial_year": "2019/21"}, ["prc.csv:4 (Financial Year): '2019/21' is not a financial year", NOT_TAKEN]),
        (
            {"offence_group": "Violence", "offence_code": "8X"},
            ["prc.csv:4 (Offence Group): data/offence_groups.csv has no offence group 'Violence'", NOT_TAKEN],
        ),
        (
            {"offence_subgroup": "Affray", "offence_code": "8X"},
            ["prc.csv:4 (Offence Subgroup): data/offence_groups.csv has no offence subgroup 'Affray'", NOT_TAKEN],
        ),
    ],
)  # fmt: skip
def test_a_refused_record_takes_its_quarter_along(tmp_path, cells, told):
    # Of another year's quarter nothing is in doubt, unless the year itself is.
    rows = [*changed(2, **cells), *by_code("2018/19", 1)]
    offers = read(tmp_path, {"prc.csv": as_csv(rows)})
    assert [line for line in refused(offers, tmp_path) if "2018-19" not in line] == told
    assert counts(offers) == {}
    assert counts(offers, quarter="2018-04-01") == ({} if "financial_year" in cells else EXPECTED)


@pytest.mark.parametrize("column", ["Offence Code", "Offence Subgroup"])
def test_a_row_without_a_code_may_be_a_total_and_is_not_guessed(tmp_path, column):
    rows = changed(2, **{column.lower().replace(" ", "_"): ""})
    offers = read(tmp_path, {"prc.csv": as_csv(rows)})
    told = f"prc.csv:4 ({column}): there is no {column.lower()}, and nothing marks the row as a total"
    assert refused(offers, tmp_path) == [told, NOT_TAKEN]


def test_a_table_by_group_and_subgroup(tmp_path):
    header = [name for name in BY_CODE if name not in ("Offence Description", "Offence Code")]
    rows = [[*row[:3], *row[4:6], row[7]] for row in by_code()[1:] if row[6] not in ("4.8", "28A")]
    offers = read(tmp_path, {"prc.csv": as_csv(rows, header)})
    assert not refused(offers, tmp_path)
    found = counts(offers)
    assert found["violence_with_injury"] == 400
    assert found["all"] == EXPECTED["all"] - 3 - 9
    # The file's "Domestic burglary" may be that of dwellings alone.
    assert "burglary_residential" not in found


def test_a_record_that_is_there_twice(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv([*by_code(), by_code()[2]])})
    assert refused(offers, tmp_path) == ["prc.csv:20 (Offence Code): 8N of 2019-20-Q2 occurs twice", NOT_TAKEN]
    # The four codes of homicide have one label: two rows of it, as in `CODES`, are right, five are not.
    homicide = by_code()[0]
    offers = read(tmp_path, {"prc.csv": as_csv([*by_code(), *[homicide] * 3])})
    assert len(refused(offers, tmp_path)) == 2


def test_a_file_without_a_group_has_no_total(tmp_path):
    rows = [row for row in by_code() if row[4] != "Drug offences"]
    offers = read(tmp_path, {"prc.csv": as_csv(rows)})
    told = "prc.csv: all offences of 2019-20-Q2 cannot be added up: there is no record of Drug offences"
    assert refused(offers, tmp_path) == [told]
    assert counts(offers) == {key: count for key, count in EXPECTED.items() if key not in ("all", "drugs")}


def test_a_code_that_is_not_known_is_counted_as_the_file_has_it_and_told(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv(changed(2, offence_code="8T"))})
    assert counts(offers) == EXPECTED
    assert "codes not in data/offence_codes.csv, and counted as Violence with injury: 8T" in notes(offers)


def test_what_is_no_force_or_no_record_is_passed_over_and_told(tmp_path):
    fraud = ["Fraud offences recorded by Action Fraud", "Fraud offences", "Fraud: action fraud", "AF", 66776]
    rows = [
        *by_code(),
        *by_code(force="Action Fraud", codes=[fraud]),
        # Until 2013 forces recorded fraud themselves.
        *by_code(codes=[["False accounting", "Fraud offences", "Fraud offences", "52", 12]]),
        *by_code(force="British Transport Police", codes=CODES[:3]),
        *by_code(force="Hampshire and Isle of Wight"),
        *by_code(force="Devon & Cornwall"),
        *by_code(force="England and Wales"),
        ["2019/20", 2, "Lancashire", "Total recorded crime", "", "", "", 2371],
        ["2019/20", 2, "Lancashire", "", "Violence against the person", "Total", "", 905],
    ]
    offers = read(tmp_path, {"prc.csv": as_csv(rows)})
    assert counts(offers) == EXPECTED
    assert not refused(offers, tmp_path)
    said = notes(offers)
    assert (
        "skipped, because they are not territorial forces: Action Fraud (1), British Transport Police (3)" in said
    )
    assert f"skipped: {len(CODES) * 2} records of 2 other forces" in said
    assert "Devon & Cornwall is Devon and Cornwall, Hampshire and Isle of Wight is Hampshire" in said
    assert f"skipped: {len(CODES) + 2} rows of totals" in said


def test_an_unknown_force_is_told_once_and_may_be_any_in_its_quarter(tmp_path):
    rows = [*by_code(), *by_code(quarter=3), *by_code(force="Lancs")]
    offers = read(tmp_path, {"prc.csv": as_csv(rows)})
    told = "prc.csv:38 (Force Name): data/police_forces.csv has no force 'Lancs'"
    assert refused(offers, tmp_path) == [told, NOT_TAKEN]
    assert counts(offers) == {}
    assert counts(offers, quarter="2019-10-01") == EXPECTED


def test_a_file_without_the_force(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv(by_code(force="Cumbria"))})
    assert len(offers) == 1 and not offers[0].rows
    assert "prc.csv: there is no record of lancashire" in refused(offers, tmp_path)[0]


def test_a_year_on_the_sheet_of_another(tmp_path):
    content = xlsx({"2018-19": [BY_CODE, *by_code("2018/19", 3), *by_code("2019/20", 2)]})
    offers = read(tmp_path, {"prc.xlsx": content})
    assert "a record of 2019/20 on the sheet 2018-19" in refused(offers, tmp_path)[0]
    assert counts(offers) == {}
    assert counts(offers, quarter="2018-10-01") == EXPECTED


def test_a_quarter_of_two_files_is_not_added_up(tmp_path):
    same = {"a.csv": as_csv(by_code()), "b.csv": as_csv(by_code())}
    offers = read(tmp_path, same)
    assert counts(offers) == EXPECTED
    assert not refused(offers, tmp_path)
    other = {"a.csv": as_csv(by_code()), "b.csv": as_csv(changed(2, number_of_offences=401))}
    offers = read(tmp_path, other)
    assert counts(offers) == EXPECTED
    assert "b.csv:2: recorded_crime all, July to September 2019: 2,372 here, 2,371 in a.csv" in refused(
        offers, tmp_path
    )


def test_a_file_of_something_else(tmp_path):
    with pytest.raises(WrongInput, match="no table has the columns of the open data: Financial Year"):
        read(tmp_path, {"prc.csv": b"a,b\n1,2\n"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(
    st.lists(st.integers(-50, 5_000), min_size=len(CODES), max_size=len(CODES)),
    st.permutations(range(len(CODES))),
)
def test_groups_add_up_to_all_in_any_order(tmp_path, numbers, order):
    codes = [[*CODES[position][:4], numbers[position]] for position in order]
    found = counts(read(tmp_path, {"prc.csv": as_csv(by_code(codes=codes))}))
    assert found["all"] == sum(numbers)
    parts = Counter(found)
    groups = [
        "violence_against_the_person", "sexual_offences", "robbery", "theft", "criminal_damage_and_arson", "drugs",
        "possession_of_weapons", "public_order", "miscellaneous",
    ]  # fmt: skip
    assert sum(parts[name] for name in groups) == found["all"]


@pytest.mark.parametrize(
    ("label", "plain", "notes_of_it"),
    [
        ("Lancashire 8", "Lancashire", ("8",)),
        ("North West 7,8", "North West", ("7", "8")),
        ("Greater Manchester9", "Greater Manchester", ("9",)),
        ("Total recorded crime (excluding fraud3)", "Total recorded crime (excluding fraud)", ("3",)),
        ("Residential burglary\n(households)6,8", "Residential burglary (households)", ("6", "8")),
        ("Robbery [note 3] [note 12]", "Robbery", ("3", "12")),
        ("Theft [x]", "Theft", ()),
        ("Robbery", "Robbery", ()),
        ("8N", "8N", ()),
    ],
)
def test_footnotes_of_a_label(label, plain, notes_of_it):
    assert unmarked(label) == plain
    assert marks(label) == notes_of_it


@pytest.mark.parametrize(
    ("name", "area"),
    [
        ("Avon & Somerset", "avon_and_somerset"),
        ("Avon and Somerset Constabulary", "avon_and_somerset"),
        ("London, City of", "city_of_london"),
        ("City of London Police", "city_of_london"),
        ("Metropolitan Police Service", "metropolitan_police"),
        ("metropolitan", "metropolitan_police"),
        ("Dyfed-Powys", "dyfed_powys"),
        ("Greater Manchester Police", "greater_manchester"),
        ("Hampshire and Isle of Wight Constabulary", "hampshire"),
    ],
)
def test_names_of_forces(name, area):
    assert Lookups(PROJECT).forces[alike(name)].area == area


def test_the_tables_know_all_43_forces_and_each_offence_that_they_name():
    lookups = Lookups(PROJECT)
    assert len({force.area for force in lookups.forces.values() if force.kind == "territorial"}) == 43
    for group, subgroup in lookups.codes.values():
        assert ("group", alike(group)) in lookups.offences
        assert ("subgroup", alike(subgroup)) in lookups.offences or group == "Fraud offences"
    for offence in lookups.offences.values():
        for dataset, name in offence.counted_as:
            fields = {field.name: field for field in PROJECT.datapackage.resource(dataset).fields}
            assert not name or name in fields["offence"].constraints.enum


@pytest.mark.parametrize(
    ("label", "year"), [("2019/20", 2019), ("1999/00", 1999), ("2019", None), ("2019/19", None)]
)
def test_financial_years(label, year):
    assert first_year(label) == year


def test_labels():
    assert quarter_of({YEAR: "2019/20", QUARTER: "quarter 4"}) == Quarter(2019, 4)
    with pytest.raises(CellError):
        quarter_of({YEAR: "2019/20", QUARTER: "0"})
    assert count_of({COUNT: "12,345,678"}) == 12_345_678
    assert is_total({"offence group": "Sub-total"}) and not is_total({"offence group": "Theft offences"})


ALL_FORCES = [
    record
    for quarter in (1, 2, 3)
    for force in ("Cumbria", "Lancashire", "Merseyside")
    for record in by_code("2019/20", quarter, force)
]
"""Three quarters of three forces, 18 records each: Lancashire's second quarter begins with record 72."""
OTHERS = "2019-20-Q2 of lancashire is not taken, because it lacks records that other forces or quarters have: "
CUT = "prc.csv: this table seems to be cut off: it ends in the middle of "


def edited(position: int, *records: list[object]) -> list[list[object]]:
    """Give the records with others in place of one."""
    return [*ALL_FORCES[:position], *records, *ALL_FORCES[position + 1 :]]


def moved(cells: Sequence[object]) -> list[object]:
    return ["", *cells[:-1]]


def record(position: int, column: int, cell: object) -> list[object]:
    return [cell if at == column else other for at, other in enumerate(ALL_FORCES[position])]


SHIFTED = ALL_FORCES[74]


@pytest.mark.parametrize(
    ("records", "told", "untouched"),
    [
        (edited(74), [f"prc.csv: {OTHERS}8N"], {1, 3}),
        (edited(72), [f"prc.csv: {OTHERS}1/4.1/4.10/4.2"], {1, 3}),
        (edited(74, record(74, 6, "8NN")), [f"prc.csv: {OTHERS}8N"], {1, 3}),
        (edited(74, record(74, 6, "105A")), [f"prc.csv: {OTHERS}8N"], {1, 3}),
        (ALL_FORCES[:85], [f"prc.csv: {OTHERS}56A, 62A, 67, 81, 92E", CUT + "2019-20-Q2, at lancashire"], {1}),
        (ALL_FORCES[:72], ["prc.csv: there is no record of lancashire in 2019-20-Q2, although there are some of other forces", CUT + "2019-20-Q2, at cumbria"], {1}),
        (ALL_FORCES[:80] + ALL_FORCES[90:], [f"prc.csv: {OTHERS}28A, 28E, 34A, 34B, 46 and 5 more"], {1, 3}),
        (ALL_FORCES[:100], [CUT + "2019-20-Q2, at merseyside"], {1, 2}),
        (edited(74, moved(SHIFTED)), ["prc.csv:76 (Force Name): data/police_forces.csv has no force '2'", *(f"prc.csv: 2019-20-Q{number} of lancashire is not taken, because a record that may belong to it was refused" for number in (1, 2, 3))], set()),
        (edited(74, SHIFTED[:-1]), ["prc.csv:76: this row has 7 cells, but the header 8"], set()),
        (edited(74, [*SHIFTED, 7]), ["prc.csv:76: this row has 9 cells, but the header 8", f"prc.csv: {NOT_TAKEN[9:]}"], {1, 3}),
        (edited(74, record(74, 2, "Constabulry")), ["prc.csv:76 (Force Name): data/police_forces.csv has no force 'Constabulry'", f"prc.csv: {NOT_TAKEN[9:]}"], {1, 3}),
        (edited(74, record(74, 2, "")), ["prc.csv:76 (Force Name): data/police_forces.csv has no force ''", f"prc.csv: {NOT_TAKEN[9:]}"], {1, 3}),
        ([*ALL_FORCES[:74], BY_CODE, *ALL_FORCES[74:]], ["prc.csv:76: the header stands here again, so the file may be put together of several"], set()),
        ([*ALL_FORCES, ["2019/20", 2, "Lancashire", "Total recorded crime", "", "", "", 2370]], ["prc.csv: 2019-20-Q2 of lancashire is not taken, because Total recorded crime is 2,370 in the table, but its records add up to 2,371"], {1, 3}),
        ([*ALL_FORCES, ["2019/20", 2, "Lancashire", "", "Drug offences", "Total", "", 81]], ["prc.csv: 2019-20-Q2 of lancashire is not taken, because Drug offences is 81 in the table, but its records add up to 80"], {1, 3}),
    ],
)  # fmt: skip
def test_what_other_forces_and_quarters_have_is_not_taken_without(tmp_path, records, told, untouched):
    offers = read(tmp_path, {"prc.csv": as_csv(records)})
    assert set(told) <= set(refused(offers, tmp_path))
    days = {1: "2019-04-01", 2: "2019-07-01", 3: "2019-10-01"}
    for number, day in days.items():
        assert counts(offers, quarter=day) == (EXPECTED if number in untouched else {}), number


def test_the_whole_table_is_taken_and_what_it_does_not_have_is_noted(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv(ALL_FORCES)})
    assert not refused(offers, tmp_path)
    said = notes(offers)
    assert "of the financial year there is only 2019-20-Q1, 2019-20-Q2, 2019-20-Q3" in said
    assert "codes without a record in 2019-20: 104, 105B, 106, 10A, 10B and" in said


def test_records_of_other_forces_that_are_missing_are_told(tmp_path):
    offers = read(tmp_path, {"prc.csv": as_csv(edited(2))})
    assert not refused(offers, tmp_path)
    assert counts(offers) == EXPECTED
    assert "other forces lack records: cumbria (2019-20-Q1)" in notes(offers)


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ([*BY_CODE[:6], "Number of Offences", "Number of Offences"], "2 columns are called Number Of Offences"),
        ([*BY_CODE[:6], "Code", BY_CODE[7]], "there is no column Offence Code, but there is 'code'"),
        ([*BY_CODE[:5], "Subgroup", *BY_CODE[6:]], "there is no column Offence Subgroup, but there is 'subgroup'"),
        ([*BY_CODE[:7], "Number (thousands)"], "there is no column Number Of Offences, but there is 'number (thousands)'"),
        (["Year", *BY_CODE[1:]], "there is no column Financial Year, but there is 'year'"),
    ],
)  # fmt: skip
def test_headers_by_which_a_figure_would_be_another(tmp_path, header, what):
    offers = read(tmp_path, {"prc.csv": as_csv(by_code(), header)})
    assert f"prc.csv:1: {what}" in refused(offers, tmp_path)
    assert counts(offers) == {}


def test_what_was_imported_before_has_to_be_there_again(tmp_path):
    project = Project(copy_project(tmp_path))
    path = tmp_path / "prc.csv"

    def take(records: list[list[object]], header: Sequence[str] = BY_CODE) -> list[str]:
        path.write_bytes(as_csv(records, header))
        offers = reader("home-office-prc")(project, [path], NO_OPTIONS)
        propose(project, offers).write()
        return [line.replace(f"{project.root}: ", "") for line in refused(offers, tmp_path)]

    assert take([*by_code(), *by_code(quarter=3)]) == []
    before = "although it was imported before"
    assert take(by_code()) == [f"prc.csv: there is no record of lancashire in 2019-20-Q3, {before}"]
    lost = [row for row in by_code() if row[5] != "Violence with injury"]
    (told,) = take([*lost, *[row for row in by_code(quarter=3) if row[5] != "Violence with injury"]])[:1]
    what = "because these were imported before and are not in it: violence_with_injury"
    assert told == f"prc.csv: 2019-20-Q2 of lancashire is not taken, {what}"
    # A table by group has no parts that it could lack.
    groups = [
        ["2019/20", quarter, "Lancashire", group, count, ""]
        for quarter in (2, 3)
        for group, count in GROUPS.items()
    ]
    assert take(groups, BY_GROUP) == []


@pytest.mark.parametrize("name", ["West Midlands Region", "North East", "East", "London Region", "Greater London"])
def test_regions_are_no_forces(name):
    assert Lookups(PROJECT).forces[alike(name)].kind == "total"
    assert Lookups(PROJECT).forces["west midlands"].kind == "territorial"
