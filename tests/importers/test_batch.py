"""Files recognised by the mapping, or the open data, whose columns they have, and written all or not at all."""

import shutil
import zipfile

import pytest
from bad_input.workbooks import xlsx
from fixtures.projects import ROOT
from importers.extract.test_extract import CASES

from scrutiny import importers as intake
from scrutiny.errors import WrongInput, WrongUse
from scrutiny.importers import batch, recognise
from scrutiny.importers.files.archives import all_files
from scrutiny.inputs.project import Project

OPTIONS = intake.parse_options(None, "2020-10-05", "2020-21-Q2")
# What nine units of a force send for a quarter.
NINE = (
    "recorded_crime", "crime_comparisons", "anti_social_behaviour", "knife_crime", "sexual_offences",
    "domestic_abuse", "hate_crime", "response", "child_sexual_exploitation",
)  # fmt: skip
HATE = "Month,Hate crimes\nSep 2020,250\n"
MAPPING = """dataset: {dataset}
columns: {{Month: period, Number: value}}
period: month
constants: {{source: {source}, area: lancashire, statistic: count}}
"""
SOURCES = {"knife_crime": "constabulary-analysts", "anti_social_behaviour": "recorded-crime-dashboard"}
PRC = (
    "Financial Year,Financial Quarter,Force Name,Offence Group,Number of Offences\n"
    "2019/20,1,Lancashire,Robbery,120\n"
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


def put(project, **files):
    for name, content in files.items():
        path = project.root / "in" / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def taken(project, *names, leave_out=(), options=OPTIONS):
    return batch.take_in(
        project, [(project.root / name).relative_to(project.root) for name in names or ("in",)], options, leave_out
    )


def told(found):
    return [str(problem) for problem in found.unread]


def test_nine_extracts_of_a_quarter_come_in_at_once(project):
    for dataset in NINE:
        (project.root / "in" / CASES[dataset][0]).write_bytes(CASES[dataset][1])
    before = {dataset: set((project.data / f"{dataset}.csv").read_text().splitlines()) for dataset in NINE}
    found = taken(project)
    assert (told(found), [str(problem) for problem in found.proposal.refused]) == ([], [])
    assert {way: list(files) for way, files in found.readings.items()} == {
        f"data/mappings/{dataset}.yaml": [f"in/{CASES[dataset][0]}"] for dataset in NINE
    }
    intake.write(found.proposal, without_refused=False, unread=found.unread)
    for dataset in NINE:
        after = set((project.data / f"{dataset}.csv").read_text().splitlines())
        assert after - before[dataset] == set(CASES[dataset][3]), dataset


@pytest.mark.parametrize("dataset", CASES)
def test_each_example_is_recognised_among_all_mappings(project, dataset):
    name, content = CASES[dataset][:2]
    put(project, **{name.replace(".", "__"): content})
    assert list(taken(project).readings) == [f"data/mappings/{dataset}.yaml"]


def test_files_of_a_zip_archive_are_recognised_one_by_one(project):
    with zipfile.ZipFile(project.root / "quarter.zip", "w") as archive:
        for dataset in ("hate_crime", "knife_crime"):
            archive.writestr(CASES[dataset][0], CASES[dataset][1])
    found = taken(project, "quarter.zip")
    assert found.readings == {
        "data/mappings/hate_crime.yaml": ["quarter.zip: hate.csv"],
        "data/mappings/knife_crime.yaml": ["quarter.zip: knife.ods"],
    }
    assert sum(len(change.added) for change in found.proposal.changes) == 4


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("prc__csv", PRC, "home-office-prc"),
        ("2020-04-lancashire-street__csv", "Month\n", "police-uk-street"),
        ("2020-04-lancashire-stop-and-search__csv", "Type\n", "police-uk-stop-and-search"),
        ("april__csv", ("Crime ID,Month,Reported by,Falls within,Crime type\n,2020-04,Lancashire Constabulary,"
         "Lancashire Constabulary,Anti-social behaviour\n"), "police-uk-street"),
        ("pfa__xlsx", xlsx({"P1": [["Table P1: Police recorded crime by offence group, number of offences, year ending June 2019"]]}), "ons-pfa"),
    ],
)  # fmt: skip
def test_open_data_are_recognised(project, name, content, kind):
    put(project, **{name: content})
    (source,) = all_files([project.root / "in"])
    assert recognise.recognise(source, recognise.mappings(project)) == [recognise.Way(kind)]


def test_outcomes_of_data_police_uk_are_left_out_and_listed(project):
    street = (
        "Crime ID,Month,Reported by,Falls within,Crime type\n"
        ",2020-09,Lancashire Constabulary,Lancashire Constabulary,Anti-social behaviour\n"
    )
    put(project, **{"2020-09-lancashire-street__csv": street, "2020-09-lancashire-outcomes__csv": "Crime ID\n"})
    found = taken(project)
    assert (told(found), found.left_out) == ([], ["in/2020-09-lancashire-outcomes.csv"])
    assert found.readings == {"police-uk-street": ["in/2020-09-lancashire-street.csv"]}
    (row,) = found.proposal.changes[0].added
    assert (row["source"], row["value"], row["as_at"]) == ("police-uk-street", "1", "2020-10-05")


NOT_TAKEN = {
    "a column is called otherwise": (
        {"hate__csv": "Month,Hate offences\nSep 2020,250\n"},
        ("in/hate.csv: this file is not recognised; nearest is data/mappings/hate_crime.yaml, but the column"
        " 'Hate crimes' is missing; the mapping does not know the column 'Hate offences'\n"
        '    did you mean "Hate offences"?; begin a mapping with scrutiny mapping in/hate.csv, or leave it out with'
        ' --leave-out "hate.csv"'),
    ),
    "a column is new": (
        {"hate__csv": "Month,Hate crimes,Solved\nSep 2020,250,20\n"},
        ("in/hate.csv: this file is not recognised; nearest is data/mappings/hate_crime.yaml, but the mapping does"
        " not know the column 'Solved'\n    add it to columns, or to ignore; begin a mapping with scrutiny mapping"
        ' in/hate.csv, or leave it out with --leave-out "hate.csv"'),
    ),
    "no column is known": (
        {"cats__csv": "Cat,Colour\nTom,grey\n"},
        ("in/cats.csv: this file is not recognised: no mapping in data/mappings/ has one of its columns\n"
        '    begin a mapping with scrutiny mapping in/cats.csv, or leave it out with --leave-out "cats.csv"'),
    ),
    "months are all it names": (
        {"robbery__csv": "Aug 20,Sep 20\n41,40\n"},
        ("in/robbery.csv: this file is not recognised; nearest is data/mappings/child_sexual_exploitation.yaml, but"
        " its columns fit, but the mapping is for files named *cse* or *exploitation*\n"
        "    add its name to files in the mapping; begin a mapping with scrutiny mapping in/robbery.csv, or leave it"
        ' out with --leave-out "robbery.csv"'),
    ),
    "it is no table": (
        {"letter__docx": b"PK"},
        ("in/letter.docx: this kind of file cannot be read: its name ends in .docx\n"
        '    save it as CSV or XLSX, or leave it out with --leave-out "letter.docx"'),
    ),
    "it is empty": ({"hate__csv": b""}, "in/hate.csv: this file is empty\n    export it again"),
    "a sheet too many": (
        {"hate__xlsx": xlsx({"A": [["Month", "Hate crimes"], ["Sep 2020", 250]], "B": [["Month", "Hate crimes"]]})},
        ("in/hate.xlsx: this file is not recognised; nearest is data/mappings/hate_crime.yaml, but this workbook has"
        " 2 sheets: A, B\n    name the one to read in the mapping, as sheet: …; begin a mapping with scrutiny"
        ' mapping in/hate.xlsx, or leave it out with --leave-out "hate.xlsx"'),
    ),
    "no row is below its header": (
        {"hate__csv": "Month,Hate crimes\n"},
        "in/hate.csv: there is no row below the header\n    export it again",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_TAKEN)
def test_a_file_that_is_not_taken_is_named_and_nothing_is_written(project, case):
    files, message = NOT_TAKEN[case]
    put(project, knife__csv="Month,Knife crime\nSep 2020,90\n", **files)
    found = taken(project)
    assert told(found) == [message]
    assert sum(len(change.added) for change in found.proposal.changes) == 1, "the others are shown"
    with pytest.raises(WrongInput, match="nothing is written, because a file is not taken"):
        intake.write(found.proposal, without_refused=True, unread=found.unread)
    (name,) = (name.replace("__", ".") for name in files)
    for pattern in (name, f"in/{name}".upper(), name[:3] + "*"):
        without = taken(project, leave_out=[pattern])
        assert (told(without), without.left_out) == ([], [f"in/{name}"])


def test_what_is_left_out_has_to_be_there(project):
    put(project, hate__csv=HATE)
    with pytest.raises(WrongUse) as raised:
        taken(project, leave_out=["hat.csv"])
    assert str(raised.value) == (
        '--leave-out hat.csv: there is no such file among those named\n    did you mean "hate.csv"?'
    )


def with_mapping(project, name, dataset, more=""):
    (project.data / "mappings" / f"{name}.yaml").write_text(
        MAPPING.format(dataset=dataset, source=SOURCES[dataset]) + more
    )


def test_a_file_that_fits_two_mappings_is_named_with_what_differs(project):
    with_mapping(project, "knife_two", "knife_crime")
    with_mapping(project, "asb_two", "anti_social_behaviour")
    put(project, figures__csv="Month,Number\nSep 2020,90\n")
    assert told(taken(project)) == [
        (
            "in/figures.csv: this file fits data/mappings/asb_two.yaml and data/mappings/knife_two.yaml, which differ in"
            " dataset, constants\n    say which is for it (files: ['figures.csv'] in the mapping) or that both are (together_with:"
            ' [knife_two]), or leave it out with --leave-out "figures.csv"'
        )
    ]


@pytest.mark.parametrize(
    ("knife", "asb", "read"),
    [
        ("files: [figures*]\n", "", ["knife_two"]),
        ("files: [figures*]\n", "files: [other*]\n", ["knife_two"]),
        ("together_with: [asb_two]\n", "", ["asb_two", "knife_two"]),
        ("", "together_with: [knife_two]\n", ["asb_two", "knife_two"]),
    ],
)
def test_a_mapping_says_whether_a_file_is_its_own(project, knife, asb, read):
    with_mapping(project, "knife_two", "knife_crime", knife)
    with_mapping(project, "asb_two", "anti_social_behaviour", asb)
    put(project, figures__csv="Month,Number\nSep 2020,90\n")
    found = taken(project)
    assert (told(found), list(found.readings)) == ([], [f"data/mappings/{name}.yaml" for name in read])
    assert len(found.proposal.changes) == len(read)


def test_wrong_mappings_of_the_project_are_all_told(project):
    with_mapping(project, "one", "knife_crime", "together_with: [knife_krime]\n")
    (project.data / "mappings" / "two.yaml").write_text("dataset: TODO\ncolumns: {A: TODO, TODO: value}\n")
    put(project, hate__csv=HATE)
    with pytest.raises(WrongInput) as raised:
        taken(project)
    assert [str(problem) for problem in raised.value.problems] == [
        "data/mappings/two.yaml (dataset): this mapping is not finished\n    write what belongs there in place of TODO",
        "data/mappings/two.yaml (columns.A): this mapping is not finished\n    write what belongs there in place of TODO",
        "data/mappings/two.yaml (columns.TODO): this mapping is not finished\n    write what belongs there in place of TODO",
        (
            "data/mappings/one.yaml (together_with): there is no other mapping or kind of open data 'knife_krime'\n"
            '    did you mean "knife_crime"?'
        ),
    ]


@pytest.mark.parametrize(
    ("second", "outcome"),
    [
        (250, (1, [], ["exact repeats of another figure, taken once: 1"])),
        (
            251,
            (
                0,
                [
                    (
                        "in/hate.csv:2: 2 different figures have the same key: recorded-crime-dashboard, lancashire,"
                        " crimes, 2020-09-01, 2020-09-30, count\n    keep one of them; the others: in/late.csv:2"
                    )
                ],
                [],
            ),
        ),
    ],
)
def test_files_of_one_dataset_are_judged_together(project, second, outcome):
    put(project, hate__csv=HATE, late__csv=f"Month,Hate crimes\nSep 2020,{second}\n")
    (change,) = taken(project).proposal.changes
    assert (len(change.added), [str(problem) for problem in change.refused], list(change.notes)) == outcome


def test_two_mappings_of_one_dataset_make_one_change(project):
    with_mapping(project, "other", "knife_crime")
    put(project, a__csv="Month,Number\nAug 2020,80\n", b__csv="Month,Knife crime\nSep 2020,90\n")
    (change,) = taken(project).proposal.changes
    assert [row["value"] for row in change.added] == ["80", "90"]
    put(project, a__csv="Month,Number\nSep 2020,80\n")
    (change,) = taken(project).proposal.changes
    assert (len(change.added), len(change.refused)) == (0, 1), "one key, two figures"


def test_a_day_is_for_the_mappings_that_do_not_say_it(project):
    put(project, hate__csv=HATE, asb__xlsx=CASES["anti_social_behaviour"][1])
    days = {row["as_at"] for change in taken(project).proposal.changes for row in change.added}
    assert days == {"2020-10-05"}
    with pytest.raises(WrongUse) as raised:
        taken(project, options=intake.parse_options(None, None, "2020-21-Q2"))
    assert str(raised.value) == (
        "data/mappings/hate_crime.yaml: the date on which the figures were drawn is not given\n"
        "    add --as-at 2020-10-05, or as_at to the mapping"
    )


def test_a_file_named_twice_is_read_once(project):
    put(project, hate__csv=HATE)
    found = taken(project, "in", "in/hate.csv")
    assert found.readings == {"data/mappings/hate_crime.yaml": ["in/hate.csv"]}
