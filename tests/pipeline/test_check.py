"""`scrutiny check` as a user and as a program meet it."""

import json

import pytest

QUARTER = "2020-21-Q1"
FIELDS = {"id", "check", "dataset", "file", "line", "column", "value", "what", "expected", "lines"}


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_held_is_counted_and_nothing_is_open(scrutiny):
    ran = scrutiny("check", QUARTER)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "102  percentages from 0 to 100\n" in ran.stdout
    assert "Answered: 4\n  sums-" in ran.stdout
    assert "The makers of scrutiny: The report of September 2020 prints both" in ran.stdout
    assert "\nQuestioned: nothing\n" in ran.stdout
    assert "--answer" not in ran.stdout
    assert all(len(line) <= 115 for line in ran.stdout.splitlines())


def test_a_question_is_asked_answered_and_asked_no_more(scrutiny, project_folder):
    replace(project_folder / "data/domestic_abuse.csv", "2020-04-30,count,1632,", "2020-04-30,count,16320,")
    ran = scrutiny("check", QUARTER)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Questioned: 2\n" in ran.stdout
    assert "16,320 (lancashire, crimes: count, April 2020) is 14,625 more than 1,695 before" in " ".join(
        ran.stdout.split()
    )
    # The answer that was given to the sum before the figure changed.
    assert "Answers in data/answers.yaml that fit no question any more" in ran.stdout

    found = json.loads(scrutiny("check", QUARTER, "--json").stdout)
    assert [(one["check"], one["line"], one["value"]) for one in found["questioned"]] == [
        ("sums", 68, "20788"),
        ("jumps", 77, "16320"),
    ]
    assert len(found["unasked"]) == 1
    assert all(question["id"] in ran.stdout for question in found["questioned"])
    options = [option for question in found["questioned"] for option in ("--answer", question["id"])]
    ran = scrutiny("check", QUARTER, *options, "--answer", "sums-0123456789", "--by", "A", "--reason", "B")
    assert ran.returncode == 2
    assert "by: A\n" not in (project_folder / "data/answers.yaml").read_text()
    ran = scrutiny("check", QUARTER, *options, "--by", "An analyst", "--reason", "A test.")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("is answered, in data/answers.yaml") == 2
    found = json.loads(scrutiny("check", "2019-20-Q4", "--json").stdout)
    assert found["questioned"] == []
    assert [one["answer"]["by"] for one in found["answered"]].count("An analyst") == 2
    assert set(found["answered"][0]) == FIELDS | {"answer"}
    assert set(found["answered"][0]["answer"]) == {"by", "date", "reason"}


def test_several_questions_get_one_answer(scrutiny, project_folder):
    replace(project_folder / "data/domestic_abuse.csv", "2020-04-30,count,1632,", "2020-04-30,count,16320,")
    said = ("--by", "An analyst", "--reason", "A test.")
    before = (project_folder / "data/answers.yaml").read_bytes()
    ran = scrutiny("check", QUARTER)
    assert (
        "or several for one reason: --answer again, or --answer with a check, a dataset, or DATASET/CHECK"
        in ran.stdout
    )
    ran = scrutiny("check", QUARTER, "--answer", "domestic_abuse", *said)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count(" would be answered:\n  data/domestic_abuse.csv:") == 2
    assert ran.stdout.endswith("\nnothing is written; add --yes to write\n")
    assert (project_folder / "data/answers.yaml").read_bytes() == before
    ran = scrutiny("check", QUARTER, "--answer", "domestic_abuse", *said, "--yes")
    assert (
        ran.stdout.count("is answered, in data/answers.yaml; it is asked no more until its figure changes:") == 2
    )
    assert json.loads(scrutiny("check", QUARTER, "--json").stdout)["questioned"] == []


def test_what_is_wrong_is_told_with_cell_and_expectation(scrutiny, project_folder):
    knife = project_folder / "data/knife_crime.csv"
    replace(knife, ",327,", ",-327,")
    replace(knife, "2019-05-01,2019-05-31", "2019-05-01,2019-05-30")
    replace(knife, "2019-06-01,2019-06-30", "2019-06-31,2019-06-30")
    ran = scrutiny("check", QUARTER)
    assert ran.returncode == 1
    assert "data/knife_crime.csv:12 (value): -327 is negative" in ran.stderr
    assert "data/knife_crime.csv:13 (period_end): 2019-05-01 to 2019-05-30 is not quite whole months" in ran.stderr
    assert "data/knife_crime.csv:14 (period_start): '2019-06-31' is not a date" in ran.stderr
    assert "in order" not in ran.stdout
    assert "Held:" in ran.stdout

    ran = scrutiny("check", QUARTER, "--json")
    assert (ran.returncode, ran.stderr) == (1, "")
    wrong = json.loads(ran.stdout)["wrong"]
    assert [(one["file"], one["line"], one["column"], one["value"]) for one in wrong] == [
        ("data/knife_crime.csv", 12, "value", "-327"),
        ("data/knife_crime.csv", 13, "period_end", "2019-05-30"),
        ("data/knife_crime.csv", 14, "period_start", "2019-06-31"),
    ]
    assert all(set(one) == FIELDS and one["dataset"] == "knife_crime" and one["expected"] for one in wrong)
    assert len({one["id"] for one in wrong}) == 3
    # Whether the answers of a dataset that cannot be read are still asked for is not known.
    assert json.loads(ran.stdout)["unasked"] == []
    assert json.loads(scrutiny("check", QUARTER, "--json").stdout)["wrong"] == wrong
    assert not (project_folder / "build").exists()


def test_json_has_every_mistake(scrutiny, project_folder):
    path = project_folder / "data/recorded_crime.csv"
    path.write_text(path.read_text().replace(",count,", ",counts,"))
    count = path.read_text().count(",counts,")
    ran = scrutiny("check", QUARTER)
    assert f"and {count - 20} more" in ran.stderr
    wrong = json.loads(scrutiny("check", QUARTER, "--json").stdout)["wrong"]
    assert [one["value"] for one in wrong] == ["counts"] * count


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ("params/2020-21-Q1.yml", "params/2020-21-Q1.yml"),
        ("data/datapackage.yaml", "data/datapackage.yaml"),
        ("data/measures.yaml", "data/measures.yaml"),
        ("data/answers.yaml", "data/answers.yaml"),
    ],
)
def test_what_is_wrong_elsewhere(scrutiny, project_folder, broken, message):
    (project_folder / broken).write_text("nonsense: [")
    ran = scrutiny("check", QUARTER)
    assert ran.returncode == 1
    assert ran.stderr.count(message) == 1
    ran = scrutiny("check", QUARTER, "--json")
    assert ran.returncode == 1
    (wrong,) = json.loads(ran.stdout)["wrong"]
    assert (wrong["file"], wrong["dataset"], wrong["value"]) == (message, None, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--answer", "sums-0123456789", "--by", "A", "--reason", "B"],
            "there is no question, check or dataset 'sums-0123456789'",
        ),
        (["--answer", "sums-0123456789"], "an answer needs a name and a reason"),
        (["--by", "A"], "name the question: --answer ID"),
        (["--yes"], "--by, --reason and --yes belong to an answer"),
    ],
)
def test_wrong_use(scrutiny, arguments, message):
    ran = scrutiny("check", QUARTER, *arguments)
    assert ran.returncode == 2
    assert message in ran.stderr
    assert scrutiny("check", "2031-32-Q1", *arguments).returncode == 2
