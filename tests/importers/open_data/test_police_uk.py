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
        incident("2020-04", force="Lancs Police"),
    ]
    offer = read("street", *placed(tmp_path, {"national.csv": incidents(*rows)}))
    assert counts(offer) == {("2020-04",): 1, ("2020-05",): 1}
    assert refused(offer, tmp_path) == [
        "national.csv:8 (Reported by): data/police_forces.csv has no force 'Lancs Police'"
    ]
    assert "skipped: 5 records of 3 other forces" in notes(offer)
    assert "repeats" not in notes(offer)


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
    rows = [search(f"2020-{month:02}-10", *rest) for month, *rest in records]
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
