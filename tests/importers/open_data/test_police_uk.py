"""Monthly files of data.police.uk as a user may have them, and what is wrong with them."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from fixtures.projects import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrutiny.errors import WrongInput, WrongUse
from scrutiny.importers import Offer, Options, reader
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Quarter

PROJECT = Project(ROOT)
SEARCH_COLUMNS = [
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender",
    "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
    "Outcome linked to object of search", "Removal of more than just outer clothing",
]  # fmt: skip
STREET_COLUMNS = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
    "Crime type", "Last outcome category", "Context",
]  # fmt: skip
WHITE = "White - English/Welsh/Scottish/Northern Irish/British"
BLACK = "Black/African/Caribbean/Black British - African"
ASIAN = "Asian/Asian British - Pakistani"
NOT_STATED = "Other ethnic group - Not stated"
NO_ACTION = "A no further action disposal"
ASB = "Anti-social behaviour"


def search(day: str, ethnicity: str = WHITE, outcome: str = NO_ACTION, kind: str = "Person search") -> list[str]:
    officer = {WHITE: "Asian", BLACK: "White"}.get(ethnicity, "")
    time = day if "T" in day else f"{day}T12:00:00+00:00"
    return [kind, time, "", "", "", "", "Male", "18-24", ethnicity, officer, "PACE", "Fireworks", outcome, "", ""]


def incident(month: str, kind: str = ASB, force: str = "Lancashire Constabulary", place: str = "1") -> list[str]:
    return ["", month, force, force, "-2.7", "53.7", f"On or near {place}", "E01", "Preston 1A", kind, "", ""]


def as_csv(rows: Sequence[Sequence[str]], header: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def searches(*rows: list[str]) -> bytes:
    return as_csv(rows, SEARCH_COLUMNS)


def incidents(*rows: list[str]) -> bytes:
    return as_csv(rows, STREET_COLUMNS)


def placed(folder: Path, files: dict[str, bytes]) -> list[Path]:
    paths = []
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    return paths


def read(kind: str, *paths: Path) -> Offer:
    (offer,) = reader(f"police-uk-{kind}")(PROJECT, paths, Options())
    return offer


def counts(offer: Offer) -> dict[tuple[str, ...], int]:
    return {
        (
            *(cells[column] for column in ("ethnic_group", "counted") if column in cells),
            cells["period_start"][:7],
        ): int(cells["value"])
        for cells in (row.cells for row in offer.rows)
    }


def refused(offer: Offer, folder: Path) -> list[str]:
    return [str(problem).replace(f"{folder}/", "").split("\n")[0] for problem in offer.refused]


def notes(offer: Offer) -> str:
    return "\n".join(offer.notes)


APRIL = [
    search("2020-04-01", WHITE, "Arrest"),
    search("2020-04-02", WHITE, kind="Person and Vehicle search"),
    search("2020-04-03", BLACK, "Suspect arrested"),
    search("2020-04-04", ASIAN),
    search("2020-04-05", NOT_STATED, "Arrest"),
    search("2020-04-06", "", kind="Vehicle search"),
]
MAY = [search("2020-05-07", ASIAN, "Community resolution")]
EXPECTED = {
    ("all", "searches", "2020-04"): 5,
    ("all", "arrests", "2020-04"): 3,
    ("white", "searches", "2020-04"): 2,
    ("white", "arrests", "2020-04"): 1,
    ("black", "searches", "2020-04"): 1,
    ("black", "arrests", "2020-04"): 1,
    ("asian", "searches", "2020-04"): 1,
    ("asian", "arrests", "2020-04"): 0,
    ("all", "searches", "2020-05"): 1,
    ("all", "arrests", "2020-05"): 0,
    ("white", "searches", "2020-05"): 0,
    ("white", "arrests", "2020-05"): 0,
    ("black", "searches", "2020-05"): 0,
    ("black", "arrests", "2020-05"): 0,
    ("asian", "searches", "2020-05"): 1,
    ("asian", "arrests", "2020-05"): 0,
}


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            archive.writestr(name, file)
    return content.getvalue()


SITE = {
    "2020-04/2020-04-lancashire-stop-and-search.csv": searches(*APRIL),
    "2020-05/2020-05-lancashire-stop-and-search.csv": searches(*MAY),
    "2020-04/2020-04-cumbria-stop-and-search.csv": searches(*APRIL),
    "2020-04/2020-04-btp-stop-and-search.csv": searches(*APRIL),
    "2020-04/2020-04-dyfed-powys-stop-and-search.csv": searches(*APRIL),
    "2020-04/2020-04-lancashire-street.csv": incidents(incident("2020-04")),
    "2020-04/2020-04-lancashire-outcomes.csv": b"Crime ID,Month\n",
}


@pytest.mark.parametrize("form", ["single", "gzip", "folder", "zip", "merged"])
def test_searches_by_month_and_group(tmp_path, form):
    own = {name: content for name, content in SITE.items() if "lancashire-stop" in name}
    if form == "single":
        paths = placed(tmp_path, own)
    elif form == "gzip":
        paths = placed(tmp_path, {f"{name}.gz": gzip.compress(content) for name, content in own.items()})
    elif form == "folder":
        placed(tmp_path / "site", SITE)
        paths = [tmp_path / "site"]
    elif form == "zip":
        paths = placed(tmp_path, {"site.zip": zipped(SITE)})
    else:
        paths = placed(tmp_path, {"lancashire-stop-and-search_2020.csv": searches(*APRIL, *MAY)})
    offer = read("stop-and-search", *paths)
    assert counts(offer) == EXPECTED
    assert not refused(offer, tmp_path)
    assert {row.cells["as_at"] for row in offer.rows} == {"2020-05-31"}
    said = notes(offer)
    assert "the ethnic group is the self-defined one (Self-defined ethnicity)" in said
    assert "in all only: 1 search record of people of mixed, another or no stated group" in said
    assert "skipped: 1 record of searches of vehicles alone" in said
    assert ("skipped: 3 files of other forces" in said) == (form in ("folder", "zip"))
    assert ("skipped: 2 files of another kind than stop-and-search" in said) == (form in ("folder", "zip"))
    assert "repeats" not in said


def test_exact_repeats_are_counted_and_told(tmp_path):
    files = {"2020-04-lancashire-stop-and-search.csv": searches(*APRIL, APRIL[0], APRIL[0], APRIL[3])}
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert counts(offer)["all", "searches", "2020-04"] == 8
    assert "exact repeats of another record of the file: 3; all are counted, as published" in notes(offer)


FILE = "2020-04-lancashire-stop-and-search.csv"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (search("2020-04-09", "Klingon"), "(Self-defined ethnicity): 'Klingon' is not in data/stop_and_search_codes.csv"),
        (search("2020-04-09", outcome="Let go"), "(Outcome): 'Let go' is not in data/stop_and_search_codes.csv"),
        (search("2020-04-09", kind="Bag search"), "(Type): 'Bag search' is not in data/stop_and_search_codes.csv"),
        (search("2020-03-09"), "(Date): 2020-03-09 in the file of 2020-04"),
        (search("09/04/2020"), "(Date): '09/04/2020T12:00:00+00:00' is not a time"),
        (search("2020-04-31"), "(Date): '2020-04-31T12:00:00+00:00' is not a time"),
        (search("2020-02-30T"), "(Date): '2020-02-30T' is not a time"),
    ],
)  # fmt: skip
def test_a_refused_record_takes_its_month_along(tmp_path, row, told):
    files = {
        FILE: searches(*APRIL, row, row),
        "2020-05-lancashire-stop-and-search.csv": searches(*MAY),
    }
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert refused(offer, tmp_path) == [
        f"{FILE}:8 {told}",
        f"{FILE}: 2020-04 is not taken, because a record of it was refused",
    ]
    assert {month for *_, month in counts(offer)} == {"2020-05"}


def test_british_summer_time_ends_the_month_an_hour_earlier(tmp_path):
    files = {"2020-05-lancashire-stop-and-search.csv": searches(*MAY, search("2020-04-30T23:30:00+00:00"))}
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert not refused(offer, tmp_path)
    assert counts(offer)["all", "searches", "2020-05"] == 2


def test_a_month_that_nobody_can_tell_stops_the_file(tmp_path):
    files = {"lancashire-stop-and-search.csv": searches(*APRIL, search("soon"))}
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert counts(offer) == {}
    assert refused(offer, tmp_path)[1:] == [
        "lancashire-stop-and-search.csv: nothing is taken, because a record of an unknown month was refused"
    ]


TIMES = [
    "2020-04-30T22:15:00.000000+00:00", "2020-04-30T22:15:00.5Z", "2020-04-30 22:15:00", "2020-04-30T22:15+00:00",
]  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_times_as_forces_write_them(tmp_path, time):
    offer = read(
        "stop-and-search", *placed(tmp_path, {FILE: searches([*search("x")[:1], time, *search("x")[2:]])})
    )
    assert (counts(offer)["all", "searches", "2020-04"], refused(offer, tmp_path)) == (1, [])


def test_a_value_that_stands_in_another_column(tmp_path):
    arrest = search("2020-04-09", outcome="Arrest")
    shifted = [*arrest[:11], *arrest[12:], ""]
    files = {FILE: searches(*APRIL, shifted, [*arrest[:12], "", "Arrest", ""], search("2020-04-10", outcome=""))}
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert counts(offer) == {}
    assert refused(offer, tmp_path) == [
        f"{FILE}:8 (Outcome): this cell is empty, and 'Arrest' is in another",
        f"{FILE}: 2020-04 is not taken, because a record of it was refused",
    ]


def test_a_search_in_the_wrong_month_takes_both_along(tmp_path):
    march = "2020-03-lancashire-stop-and-search.csv"
    files = {march: searches(search("2020-03-01")), FILE: searches(*APRIL, search("2020-03-09"))}
    assert counts(read("stop-and-search", *placed(tmp_path, files))) == {}


def daily(days: Sequence[int], month: str = "2020-04", each: int = 8) -> list[list[str]]:
    return [search(f"{month}-{day:02}T{hour + 8:02}:00:00+00:00") for day in days for hour in range(each)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (daily(range(1, 20)), "on day 20 to 30, where about 88 would be usual"),
        (daily(range(14, 31)), "on day 1 to 13, where about 104 would be usual"),
        (daily([*range(1, 11), *range(15, 31)]), "on day 11 to 14, where about 32 would be usual"),
        (daily(range(1, 29)), ""),
        (daily(range(1, 31)), ""),
        (daily([3, 20], each=4), ""),
    ],
)
def test_days_without_searches_are_told(tmp_path, rows, told):
    said = notes(read("stop-and-search", *placed(tmp_path, {FILE: searches(*rows)})))
    assert (f"there is no record of 2020-04 {told}; is {tmp_path / FILE} complete?" in said) == bool(told)
    assert ("there is no record of" in said) == bool(told)


def crime(number: int, kind: str = "Burglary") -> list[str]:
    return [f"{number:064x}", *incident("2020-04", kind, place=str(number % 7))[1:]]


STREETS = [
    *(incident("2020-04", place=str(number)) for number in range(40)),
    *(crime(number) for number in range(40)),
]
SEARCHED = daily(range(1, 11))
AGAIN = "records are here again, in the same order as from line 2 on"
NEARLY = "nearly all of the 160 records of 2020-04 are there twice"


@pytest.mark.parametrize(
    ("kind", "rows", "told"),
    [
        pytest.param("street", STREETS * 2, f":82: 80 {AGAIN}", id="twice"),
        pytest.param("street", STREETS * 3, f":82: 160 {AGAIN}", id="three times"),
        pytest.param("street", [*STREETS, *STREETS[:8]], f":82: 8 {AGAIN}", id="a block again"),
        pytest.param("street", STREETS[:3] * 2, f":5: 3 {AGAIN}", id="a small file twice"),
        pytest.param("street", [row for row in STREETS for _ in (1, 2)], f": {NEARLY}", id="each line twice"),
        pytest.param("street", [*STREETS, *STREETS[::-1]], f": {NEARLY}", id="twice, sorted otherwise"),
        pytest.param(
            "street", [*STREETS, *([*row[:10], "Court", ""] for row in STREETS[79:39:-1])],
            ": 40 of 80 crimes of 2020-04 have the identifier of another", id="two editions",
        ),
        pytest.param("stop-and-search", SEARCHED * 2, f":82: 80 {AGAIN}", id="searches twice"),
        pytest.param(
            "stop-and-search", [*SEARCHED, *([*row[:4], "53.7", *row[5:]] for row in SEARCHED)], f":82: 80 {AGAIN}",
            id="searches of two editions",
        ),
        pytest.param("stop-and-search", [*SEARCHED, *SEARCHED[::-1]], f": {NEARLY}", id="sorted otherwise"),
        pytest.param("street", [row for row in STREETS[:40] for _ in range(3)][:90] + STREETS[40:], None, id="moved"),
        pytest.param("street", [*STREETS, *STREETS[:3]], None, id="three again"),
        pytest.param("street", [*STREETS, *[STREETS[0]] * 30], None, id="one point many times"),
        pytest.param("stop-and-search", [*SEARCHED, *SEARCHED[::9]], None, id="two people at once"),
    ],
)  # fmt: skip
def test_content_that_is_there_twice(tmp_path, kind, rows, told):
    name = f"2020-04-lancashire-{kind}.csv"
    content = incidents(*rows) if kind == "street" else searches(*rows)
    offer = read(kind, *placed(tmp_path, {name: content}))
    if told is None:
        assert refused(offer, tmp_path) == []
        assert counts(offer)
    else:
        assert refused(offer, tmp_path)[0] == f"{name}{told}"
        assert refused(offer, tmp_path)[-1] == f"{name}: 2020-04 is not taken, because it has content twice"
        assert counts(offer) == {}


def test_a_file_that_is_named_twice(tmp_path):
    (path,) = placed(tmp_path, {LANCASHIRE: incidents(incident("2020-04"))})
    offer = read("street", path, path)
    assert counts(offer) == {("2020-04",): 1}
    assert refused(offer, tmp_path) == [
        f"{LANCASHIRE}: 2020-04 is in two files of this name, and is taken from the first"
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_that_has_a_file_twice(tmp_path):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(LANCASHIRE, incidents(incident("2020-04")))
        archive.writestr(LANCASHIRE, incidents(incident("2020-04")))
    offer = read("street", *placed(tmp_path, {"site.zip": content.getvalue()}))
    assert counts(offer) == {("2020-04",): 1}
    assert "2020-04 is in two files of this name" in refused(offer, tmp_path)[0]


def test_the_months_of_the_quarter_that_are_missing(tmp_path):
    paths = placed(tmp_path, {LANCASHIRE: incidents(incident("2020-04"))})
    (offer,) = reader("police-uk-street")(PROJECT, paths, Options(quarter=Quarter.parse("2020-21-Q1")))
    assert "there are no records of 2020-05, 2020-06" in notes(offer)


def test_a_file_that_ends_in_the_middle_of_a_line(tmp_path):
    content = incidents(incident("2020-04")).rstrip()
    offer = read("street", *placed(tmp_path, {LANCASHIRE: content}))
    assert f"{tmp_path / LANCASHIRE} ends in the middle of a line; is it complete?" in notes(offer)


def test_a_month_in_two_files_is_not_added_up(tmp_path):
    files = {f"a/{FILE}": searches(*APRIL), f"b/{FILE}": searches(*APRIL)}
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert counts(offer)["all", "searches", "2020-04"] == 5
    assert refused(offer, tmp_path) == [f"b/{FILE}: 2020-04 is in two files, and is taken from a/{FILE}"]


def test_months_that_are_missing_or_empty(tmp_path):
    files = {
        FILE: searches(*APRIL),
        "2020-05-lancashire-stop-and-search.csv": searches(),
        "2020-07-lancashire-stop-and-search.csv": searches(search("2020-07-01")),
    }
    offer = read("stop-and-search", *placed(tmp_path, files))
    assert {month for *_, month in counts(offer)} == {"2020-04", "2020-07"}
    assert "there are no records of 2020-05, 2020-06" in notes(offer)
    assert (
        "2020-05-lancashire-stop-and-search.csv: this has no record; nothing is taken"
        in refused(offer, tmp_path)[0]
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("searches.csv", searches(*APRIL), "its name does not say which force's records it has"),
        (
            "2020-13-lancashire-stop-and-search.csv",
            searches(*APRIL),
            "its name says 2020-13, which is not a month",
        ),
        (FILE, b"Type,Date,Outcome\n", "the column 'Self-defined ethnicity' is missing"),
        (FILE, b"", "this file is empty"),
        (FILE, searches(*APRIL).rstrip() + b",\r\n", ":7: this line has 16 cells, but the header has 15"),
        (FILE, searches(*APRIL).replace(b"Fireworks", b"Firew\xf6rks"), "not UTF-8 text"),
        (FILE, searches(*APRIL) + b'"Person search', 'a cell that starts with " here is never closed'),
        ("2020-04-cumbria-street.csv", incidents(), "there is no file of stop-and-search data"),
        (FILE, as_csv(APRIL, [*SEARCH_COLUMNS[:-1], " date"]), ":1: the column 'Date' is there twice"),
        (FILE, as_csv(APRIL, [*SEARCH_COLUMNS[:-1], "Outcome\u200b"]), ":1: the column 'Outcome' is there twice"),
        (
            FILE,
            searches(*APRIL[:3], SEARCH_COLUMNS, *APRIL[3:]),
            ":5: the header is here again, as if two files had been joined",
        ),
        (
            FILE,
            searches(*APRIL).replace(b"Fireworks", b'"Fireworks', 1).replace(b",Fireworks", b',Fireworks"', 2),
            ":2: a cell here goes on to line 3, with other records in it",
        ),
        (f"{FILE}.gz", gzip.compress(searches(*APRIL), mtime=0)[:-9], "this file is damaged"),
        ("site.zip", zipped({FILE: searches(*APRIL)})[:-30], "this archive is damaged"),
        ("site.zip", zipped({FILE: b""}), "this file is empty"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, told):
    with pytest.raises(WrongInput) as error:
        read("stop-and-search", *placed(tmp_path, {name: content}))
    assert told in str(error.value)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(WrongUse, match="there is no such file"):
        read("street", tmp_path / "2020-04-lancashire-street.csv")


def test_incidents_by_month(tmp_path):
    april = [
        incident("2020-04"),
        incident("2020-04"),
        incident("2020-04", place="2"),
        incident("2020-04", "Burglary"),
        incident("2020-04", "Violence and sexual offences"),
        incident("2020-04", "Burglary"),
    ]
    files = {
        "2020-04-lancashire-street.csv": incidents(*april),
        "2020-05-lancashire-street.csv": incidents(incident("2020-05", place="3")),
        "2020-05-cumbria-street.csv": incidents(incident("2020-05", force="Cumbria Constabulary")),
    }
    placed(tmp_path / "site", files)
    offer = read("street", tmp_path / "site")
    assert offer.dataset == "anti_social_behaviour"
    assert counts(offer) == {("2020-04",): 3, ("2020-05",): 1}
    assert not refused(offer, tmp_path)
    said = notes(offer)
    assert "skipped, because the report has no such figure: Burglary (2), Violence and sexual offences (1)" in said
    assert "exact repeats of another record of the file: 2, of which 1 are of anti-social behaviour" in said
    assert "skipped: 1 file of other forces" in said


def test_a_file_of_several_forces(tmp_path):
    rows = [
        incident("2020-04"),
        incident("2020-05"),
        *[incident("2020-04", force="Cumbria Constabulary")] * 3,
        incident("2020-04", force="British Transport Police"),
    ]
    offer = read("street", *placed(tmp_path, {"national.csv": incidents(*rows)}))
    assert counts(offer) == {("2020-04",): 1, ("2020-05",): 1}
    assert refused(offer, tmp_path) == []
    assert "skipped: 4 records of 2 other forces" in notes(offer)
    assert "repeats" not in notes(offer)


LANCASHIRE = "2020-04-lancashire-street.csv"
SHIFTED = [*incident("2020-04")[1:], ""]
"""A record without its first cell, and with one more at the end."""
MONTHLESS = "(Month): 'Lancashire Constabulary' is not a month"
NO_FORCE = "(Reported by): data/police_forces.csv has no force"
IN_TWO = "2020-04 is not taken, because a record of it was refused"
NOTHING = "nothing is taken, because a record of an unknown month was refused"


@pytest.mark.parametrize(
    ("name", "row", "told", "taken_along", "left"),
    [
        (LANCASHIRE, incident("2020-04", force="Lancs"), f"{NO_FORCE} 'Lancs'", IN_TWO, ["2020-05"]),
        (LANCASHIRE, incident("2020-04", force="Constabulry"), f"{NO_FORCE} 'Constabulry'", IN_TWO, ["2020-05"]),
        (LANCASHIRE, incident("2020-04", force=""), f"{NO_FORCE} ''", IN_TWO, ["2020-05"]),
        (LANCASHIRE, SHIFTED, MONTHLESS, IN_TWO, ["2020-05"]),
        (LANCASHIRE, ["", *incident("2020-04")[:-1]], f"{NO_FORCE} '2020-04'", IN_TWO, ["2020-05"]),
        (LANCASHIRE, [""] * 12, f"{NO_FORCE} ''", IN_TWO, ["2020-05"]),
        (LANCASHIRE, [name.upper() for name in STREET_COLUMNS], f"{NO_FORCE} 'REPORTED BY'", IN_TWO, ["2020-05"]),
        (
            LANCASHIRE, incident("2020-04", force="Cumbria Constabulary"),
            "(Reported by): a record of Cumbria Constabulary in the file of lancashire", IN_TWO, ["2020-05"],
        ),
        ("national.csv", incident("2020-04", force="Lancs"), f"{NO_FORCE} 'Lancs'", IN_TWO, ["2020-05", "2020-06"]),
        ("national.csv", SHIFTED, MONTHLESS, NOTHING, ["2020-05"]),
        ("national.csv", incident("April"), "(Month): 'April' is not a month", NOTHING, ["2020-05"]),
        ("national.csv", incident("1020-04"), "(Month): '1020-04' is not a month", NOTHING, ["2020-05"]),
        (
            "national.csv", incident("2020-04", "ASB"), "(Crime type): 'ASB' is not in data/street_categories.csv",
            IN_TWO, ["2020-05", "2020-06"],
        ),
        *(
            (LANCASHIRE, incident("2020-04", kind), f"(Crime type): {told}", IN_TWO, ["2020-05"])
            for kind, told in {
                "n/a": "'n/a' is not in data/street_categories.csv",
                "Antisocial behaviour": "'Antisocial behaviour' is not in data/street_categories.csv",
                "": "there is no category",
                "\u200b": "there is no category",
            }.items()
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_placed_takes_along_all_it_may_be_of(tmp_path, name, row, told, taken_along, left):
    first = [incident("2020-04"), row] + ([incident("2020-06")] if name == "national.csv" else [])
    files = {name: incidents(*first), "2020-05-lancashire-street.csv": incidents(incident("2020-05"))}
    offer = read("street", *placed(tmp_path, files))
    assert refused(offer, tmp_path) == [f"{name}:3 {told}", f"{name}: {taken_along}"]
    assert [month for (month,) in counts(offer)] == left


@pytest.mark.parametrize(
    "cells",
    [
        {9: "Anti-social behaviour "}, {9: "Anti-social behaviour\u00a0"}, {9: "ANTI-SOCIAL  BEHAVIOUR"},
        {9: "Anti\u2010social behaviour"}, {9: "\ufeffAnti-social behaviour"},
        {2: "lancashire constabulary\u00a0"}, {2: "\u200bLancashire  Constabulary"},
    ],
)  # fmt: skip
def test_blanks_and_capitals_change_nothing(tmp_path, cells):
    row = [cells.get(at, cell) for at, cell in enumerate(incident("2020-04"))]
    offer = read("street", *placed(tmp_path, {LANCASHIRE: incidents(incident("2020-04", place="2"), row)}))
    assert (counts(offer), refused(offer, tmp_path)) == ({("2020-04",): 2}, [])


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (incident("2020-03"), ":3 (Month): 2020-03 in the file of 2020-04"),
        (incident("2020-04", ""), ":3 (Crime type): there is no category"),
    ],
)
def test_a_refused_incident_takes_its_month_along(tmp_path, row, told):
    name = "2020-04-lancashire-street.csv"
    offer = read("street", *placed(tmp_path, {name: incidents(incident("2020-04"), row)}))
    assert refused(offer, tmp_path)[0] == f"{name}{told}"
    assert refused(offer, tmp_path)[-1] == f"{name}: 2020-04 is not taken, because a record of it was refused"
    assert counts(offer) == {}


def test_a_month_without_incidents_is_refused_and_not_none(tmp_path):
    files = {"2020-04-lancashire-street.csv": incidents(incident("2020-04", "Burglary"))}
    offer = read("street", *placed(tmp_path, files))
    assert counts(offer) == {}
    assert "there is no incident of anti-social behaviour in 2020-04" in refused(offer, tmp_path)[0]


def test_hostile_archives(tmp_path):
    paths = placed(
        tmp_path, {"site.zip": zipped({"../2020-04-lancashire-street.csv": incidents(incident("2020-04"))})}
    )
    with pytest.raises(WrongInput, match="has a path outside itself"):
        read("street", *paths)
    bomb = incidents(incident("2020-04")) + b"\n" * (8 * 2**20)
    paths = placed(tmp_path, {"bomb.zip": zipped({"2020-04-lancashire-street.csv": bomb})})
    with pytest.raises(WrongInput, match="unpacks to more than"):
        read("street", *paths)
    paths = placed(tmp_path, {"2020-04-lancashire-street.csv.gz": gzip.compress(bomb)})
    with pytest.raises(WrongInput, match="unpacks to more than"):
        read("street", *paths)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "2020-04-lancashire-street.csv.gz", "bomb.zip", "site.zip",
    ]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([4, 5, 6]),
            st.sampled_from([WHITE, BLACK, ASIAN, NOT_STATED, ""]),
            st.sampled_from(["Arrest", NO_ACTION]),
            st.sampled_from(["Person search", "Vehicle search"]),
        ),
        min_size=1,
    )
)
def test_groups_and_the_others_add_up_to_all_searches(tmp_path, records):
    rows = [
        search(f"2020-{month:02}-10T{at // 60 % 24:02}:{at % 60:02}:00Z", *rest)
        for at, (month, *rest) in enumerate(records)
    ]
    offer = read("stop-and-search", *placed(tmp_path, {"lancashire-stop-and-search.csv": searches(*rows)}))
    found = counts(offer)
    of_people = [record for record in records if record[3] == "Person search"]
    assert sum(
        count for (group, counted, _), count in found.items() if (group, counted) == ("all", "searches")
    ) == len(of_people)
    in_groups = sum(record[1] in (WHITE, BLACK, ASIAN) for record in of_people)
    assert (
        sum(count for (group, counted, _), count in found.items() if group != "all" and counted == "searches")
        == in_groups
    )
    arrests = sum(record[2] == "Arrest" for record in of_people)
    assert (
        sum(count for (group, counted, _), count in found.items() if (group, counted) == ("all", "arrests"))
        == arrests
    )
