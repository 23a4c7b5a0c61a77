"""`scrutiny import`, as a user types it."""

import json
from datetime import date
from hashlib import sha256

import pytest

CRIME = 'Offence Group,Month,Offences\nAll Crime,Jun-20,11999\n,Jul-20,"12,345"\n'
WRONG = CRIME + ",Aug-20,n/k\n"
COMMAND = (
    "import",
    "extract",
    "crime.csv",
    "--mapping",
    "data/mappings/recorded_crime.yaml",
    "--as-at",
    "2020-10-05",
)


@pytest.fixture
def dataset(project_folder):
    (project_folder / "crime.csv").write_text(CRIME, encoding="utf-8")
    return project_folder / "data" / "recorded_crime.csv"


def test_without_yes_it_shows_what_it_would_do_and_writes_nothing(scrutiny, project_folder, dataset):
    (project_folder / "crime.csv").write_text(WRONG, encoding="utf-8")
    before = dataset.read_bytes()
    run = scrutiny(*COMMAND)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        "recorded_crime (data/recorded_crime.csv): 1 added, 1 revised, 1 refused",
        "  added    recorded-crime-dashboard lancashire all 2020-07-01 2020-07-31 count: 12345 (supplied)",
        "  revised  recorded-crime-dashboard lancashire all 2020-06-01 2020-06-30 count: 10800 (illustrative) -> 11999 (supplied)",
        "  note     no figure has these values of offence, for which the mapping has labels: violence_with_injury (Violence With Injury); violence_without_injury (Violence Without Injury); burglary_residential (Burglary - Residential); …",
        "  note     nothing to leave out: no row has 'Total' in Month",
        "  refused  crime.csv:4 (Offences): 'n/k' is not a number",
        "           if it means that there is no figure, name it under `absent` in the mapping",
        "nothing is written; add --yes to write, and --without-refused to write the others",
    ]
    assert dataset.read_bytes() == before


def test_with_yes_it_writes_whole_or_not_at_all(scrutiny, project_folder, dataset):
    before = dataset.read_bytes()
    (project_folder / "crime.csv").write_text(WRONG, encoding="utf-8")
    stopped = scrutiny(*COMMAND, "--yes")
    assert stopped.returncode == 3
    assert "nothing is written, because 1 figure or row is refused" in stopped.stderr
    assert dataset.read_bytes() == before
    agreed = scrutiny(*COMMAND, "--yes", "--without-refused", "--json")
    assert agreed.returncode == 0
    written = json.loads(agreed.stdout)
    assert written["written"] == ["data/recorded_crime.csv", "data/imports.csv"]
    assert [refusal["row"] for refusal in written["datasets"][0]["refused"]] == [4]
    assert b"lancashire,all,2020-07-01,2020-07-31,count,12345,,supplied,2020-10-05\n" in dataset.read_bytes()
    kept = (project_folder / "data" / "imports.csv").read_text(encoding="utf-8")
    assert f"{date.today()},extract,crime.csv,{sha256(WRONG.encode()).hexdigest()},,,,recorded_crime," in kept
    assert kept.endswith("2020-06-01/2020-06-30,2020-07-01/2020-07-31,2 3,11999 12345\n")
    again = scrutiny(*COMMAND, "--yes", "--without-refused")
    assert again.stdout.splitlines()[-1] == "nothing to write"
    assert (project_folder / "data" / "imports.csv").read_text(encoding="utf-8") == kept


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("import", "extrakt", "crime.csv"),
            "'extrakt' is not a kind of source file\n    did you mean \"extract\"?",
        ),
        (("import", "extract", "crime.csv"), "an extract needs a mapping"),
        (COMMAND[:-2], "the date on which the figures were drawn is not given\n    add --as-at 2020-10-05"),
        ((*COMMAND[:-1], "5/10/2020"), "--as-at '5/10/2020' is not a date\n    write it as 2020-10-05"),
        ((*COMMAND, "--quarter", "Q2"), "a quarter is written like 2020-21-Q1, not 'Q2'"),
        (("import", "extract", "no.csv", *COMMAND[3:]), "no.csv: there is no such file or folder"),
        (
            ("import", "ons-pfa", "crime.csv", "--mapping", "mapping.yaml"),
            "--mapping is for extracts; ons-pfa files say themselves what they hold\n    leave it out",
        ),
    ],
)
def test_wrong_use_is_told_and_exits_with_2(scrutiny, dataset, arguments, message):
    run = scrutiny(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert message in run.stderr


def test_files_are_named_from_the_folder_in_which_the_user_is(scrutiny, project_folder, dataset):
    run = scrutiny(
        "import", "extract", "../crime.csv", "--mapping", "mappings/recorded_crime.yaml", "--as-at", "2020-10-05",
        "--quarter", "2020-21-Q1", cwd=project_folder / "data",
    )  # fmt: skip
    assert run.returncode == 0
    assert "refused  crime.csv:3 (Offences): July 2020 is after the quarter 2020-21-Q1" in run.stdout


def test_a_folder_comes_in_by_one_command(scrutiny, project_folder):
    folder = project_folder / "quarter"
    folder.mkdir()
    (folder / "crime.csv").write_text(CRIME, encoding="utf-8")
    (folder / "hate.csv").write_text("Month,Hate offences\nSep 2020,250\n", encoding="utf-8")
    command = ("import", "quarter", "--quarter", "2020-21-Q2", "--as-at", "2020-10-05")
    shown = scrutiny(*command)
    assert (shown.returncode, shown.stderr) == (0, "")
    lines = shown.stdout.splitlines()
    assert lines[:2] == [
        "read by data/mappings/recorded_crime.yaml: quarter/crime.csv",
        "recorded_crime (data/recorded_crime.csv): 1 added, 1 revised",
    ]
    assert lines[-3:] == [
        (
            "not taken: quarter/hate.csv: this file is not recognised; nearest is data/mappings/hate_crime.yaml, but the"
            " column 'Hate crimes' is missing; the mapping does not know the column 'Hate offences'"
        ),
        (
            '    did you mean "Hate offences"?; begin a mapping with scrutiny mapping quarter/hate.csv, or leave it out with'
            ' --leave-out "hate.csv"'
        ),
        "nothing is written; correct what is not taken or leave it out, then add --yes",
    ]
    before = (project_folder / "data" / "recorded_crime.csv").read_bytes()
    stopped = scrutiny(*command, "--yes", "--without-refused")
    assert stopped.returncode == 3
    assert stopped.stderr == (
        "scrutiny: nothing is written, because a file is not taken\n"
        "    see above; what is not needed is left out with --leave-out NAME\n"
    )
    assert (project_folder / "data" / "recorded_crime.csv").read_bytes() == before
    done = scrutiny(*command, "--yes", "--leave-out", "hate.csv", "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert [told[key] for key in ("read", "left_out", "not_taken", "written")] == [
        {"data/mappings/recorded_crime.yaml": ["quarter/crime.csv"]},
        ["quarter/hate.csv"],
        [],
        ["data/recorded_crime.csv", "data/imports.csv"],
    ]
    assert (
        b"lancashire,all,2020-07-01,2020-07-31,count,12345,,supplied,2020-10-05\n"
        in (project_folder / "data" / "recorded_crime.csv").read_bytes()
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("extract",), "no file is named\n    write scrutiny import extract FILE"),
        (("crime.csv", "--mapping", "m.yaml"), "--mapping is for extracts, but no kind of source is named"),
        (("nothing.csv",), "nothing.csv: there is no such file or folder"),
        (("ons-pfa", "crime.csv", "--leave-out", "x"), "--leave-out is for files that are to be recognised"),
    ],
)
def test_a_batch_used_wrongly_is_told(scrutiny, dataset, arguments, message):
    run = scrutiny("import", *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert message in run.stderr
