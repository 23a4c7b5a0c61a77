"""The commands as a user runs them: what they print, and what bad input gets."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
import typer
from conftest import ROOT

from scrutiny.cli import app, main

QUARTER = "2020-21-Q1"
COMMANDS = typer.main.get_command(app).commands


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def in_cell(notebook: str, old: str, new: str):
    def break_it(project: Path) -> None:
        replace(project / "notebooks" / notebook, json.dumps(old)[1:-1], json.dumps(new)[1:-1])

    return break_it


def in_file(path: str, old: str, new: str):
    return lambda project: replace(project / path, old, new)


def written(path: str, content: str | bytes):
    return lambda project: (project / path).write_bytes(
        content if isinstance(content, bytes) else content.encode()
    )


def gone(path: str):
    return lambda project: (project / path).unlink()


def folder(path: str):
    def break_it(project: Path) -> None:
        (project / path).unlink(missing_ok=True)
        (project / path).mkdir(parents=True)

    return break_it


def params(old: str, new: str):
    return in_file(f"params/{QUARTER}.yml", old, new)


SECTION = f"sections/{QUARTER}/03-background.qmd"
SKELETON = "sections/_skeleton/03-background.qmd"

# What is broken, how, the exit code, and what is said.
BEFORE_NOTEBOOKS = [
    ("parameter misspelt", in_file(f"params/{QUARTER}.yml", "  item: 2", "  itme: 2"), 3, ["params/2020-21-Q1.yml (report.itme)", "item"]),
    ("parameter of wrong type", in_file(f"params/{QUARTER}.yml", "date: 2020-09", "date: autumn"), 3, ["(report.date)", "write the month (2020-09)"]),
    ("dataset missing", lambda project: (project / "data/knife_crime.csv").unlink(), 3, ["data/knife_crime.csv", "missing"]),
    ("column missing", in_file("data/knife_crime.csv", ",statistic,", ",statistik,"), 3, ["data/knife_crime.csv", "statistic"]),
    ("wrong type", in_file("data/knife_crime.csv", ",327,", ",about 300,"), 3, ["data/knife_crime.csv:", "value", "about 300"]),
    ("negative count", in_file("data/knife_crime.csv", ",327,", ",-327,"), 3, ["data/knife_crime.csv:", "value", "-327"]),
    ("duplicate key", lambda project: replace(project / "data/knife_crime.csv", "\n", "\n" + "constabulary-analysts,lancashire,2019-04-01,2019-06-30,count,1,,published,2020-06-30\n"), 3, ["data/knife_crime.csv:"]),
    ("section missing", lambda project: [(project / path).unlink() for path in (SECTION, SKELETON)], 3, ["there is no section 03-background", "params/2020-21-Q1.yml"]),
    ("front matter unknown", in_file(SECTION, "# Background", "---\nstatde: []\n---\n\n# Background"), 3, [SECTION, "(statde)", 'did you mean "stated"']),
    ("stated number not there", in_file(SECTION, "# Background", "---\nstated:\n  - {text: up to 60%, source: a partner}\n---\n# Background"), 3, [SECTION, "does not stand in the section"]),
    ("source unknown to the measures", in_file("data/measures.yaml", "polarity: lower", "polarity: down"), 3, ["data/measures.yaml (crime.all.polarity)"]),
    ("front matter not closed", in_file(SECTION, "# Background", "---\nstated: []\n\n# Background"), 3, [f"{SECTION}:1: the front matter is not closed"]),
    ("source of no dataset", params("  budget: ", "  bugdet: "), 3, ["params/2020-21-Q1.yml (sources.bugdet): there is no dataset or measure", 'did you mean "budget'],),
    ("source unknown", params("budget: force-finance", "budget: force-finances"), 3, ["(sources.budget): 'force-finances' is no source of budget", 'did you mean "force-finance"']),
    ("item is yes", params("item: 2", "item: yes"), 3, ["(report.item)", "not True"]),
    ("date is a week", params("date: 2020-09", "date: 2020-W10"), 3, ["write the month (2020-09)"]),
    ("date is no day", params("date: 2020-09", "date: 2020-13-45"), 3, ["params/2020-21-Q1.yml: not valid YAML: month must be in 1..12"]),
    ("title with a shortcode", params("title: Quarterly", 'title: "{{< var x >}}" # '), 3, ["(report.title): this is plain text"]),
    ("statistic unknown", in_file("data/measures.yaml", "statistic: gbp_million", "statistic: gbp_milion"), 3, ["data/measures.yaml (budget.visible.statistic)", 'did you mean "gbp_million"']),
    ("column of where unknown", in_file("data/measures.yaml", "category: visible}", "kategory: visible}"), 3, ["(budget.visible.where.kategory): budget has no column 'kategory'", 'did you mean "category"']),
    ("value of where unknown", in_file("data/measures.yaml", "category: visible}", "category: visibel}"), 3, ["(budget.visible.where.category)", 'did you mean "visible"']),
    ("source of a measure unknown", in_file("data/measures.yaml", "source: force-finance", "source: finance"), 3, ["(budget.visible.source): 'finance' is no source of budget"]),
    ("measure named by a number", lambda project: replace(project / "data/measures.yaml", "budget.visible:", "2020:"), 3, ["data/measures.yaml (2020): this key is not text", 'put it in quotes: "2020"']),
    ("event of no topic", in_file("data/events.csv", ",knife", ",knive"), 3, ["data/events.csv (Counting rules changed): no measure is of the topic 'knive'", 'did you mean "knife"']),
    *(
        (f"conflict left in {file}", in_file(file, before, f"<<<<<<< HEAD\n{before}\n=======\n{before}\n>>>>>>> other\n"), 3, [f"{file}:", "git left two versions of something here"])
        for file, before in [(SECTION, "# Background\n"), (f"params/{QUARTER}.yml", "sources:\n"), ("data/knife_crime.csv", "constabulary-analysts,lancashire,2018-07-01"), ("notebooks/knife_crime.ipynb", ' "cells": [\n')]
    ),
    ("no datapackage", gone("data/datapackage.yaml"), 3, ["data/datapackage.yaml: this file is missing"]),
    ("field named line", in_file("data/datapackage.yaml", "name: offence\n", "name: line\n"), 3, ["a field is not named 'line'"]),
    ("no main document", gone("report.qmd"), 3, ["report.qmd: this file is missing"]),
    ("main document without sections", in_file("report.qmd", "{{< include sections/_quarter.qmd >}}", ""), 3, ["report.qmd: sections/_quarter.qmd is not included", "add the line {{< include sections/_quarter.qmd >}}"]),
    ("main document empty", written("report.qmd", ""), 3, ["report.qmd: this file is empty"]),
    ("main document in another encoding", written("report.qmd", "---\ntitle: £\n---\n".encode("cp1252")), 3, ["report.qmd: not UTF-8 text"]),
    ("no settings", gone("_quarto.yml"), 3, ["_quarto.yml: this file is missing"]),
    ("settings empty", written("_quarto.yml", "# nothing\n"), 3, ["_quarto.yml: this file is empty"]),
    ("settings are no YAML", written("_quarto.yml", "a: [\n"), 3, ["_quarto.yml:2: not valid YAML"]),
    ("settings are a folder", folder("_quarto.yml"), 3, ["_quarto.yml: this is a folder"]),
    ("no filter", gone("assets/filters/finish.lua"), 3, ["assets/filters/finish.lua: this file is missing"]),
    ("parameters are a folder", folder(f"params/{QUARTER}.yml"), 3, ["params/2020-21-Q1.yml: this is a folder"]),
    ("section is a folder", folder(SECTION), 3, [f"{SECTION}: this is a folder"]),
    ("dataset is a folder", folder("data/knife_crime.csv"), 3, ["data/knife_crime.csv: this file is missing"]),
    ("notebook is a folder", folder("notebooks/knife_crime.ipynb"), 3, ["notebooks/knife_crime.ipynb: not a Jupyter notebook"]),
    ("picture is none", written(f"sections/{QUARTER}/picture.png", "GIF89a"), 3, ["picture.png: this is no picture of the kind .png"]),
    ("notebook broken", lambda project: (project / "notebooks/knife_crime.ipynb").write_text("{"), 3, ["notebooks/knife_crime.ipynb: not a Jupyter notebook"]),
]  # fmt: skip
AFTER_NOTEBOOKS = [
    ("value that nothing publishes", in_file(SECTION, "# Background\n", "# Background\n\n{{< var crime.all.year.cuont >}}\n"), 3, [f"{SECTION}:3: nothing publishes the value crime.all.year.cuont", "did you mean"]),
    ("cell raises", in_cell("knife_crime.ipynb", 'report.measure("knife.crime")', 'report.measure("knife.crimes")'), 4, ["notebooks/knife_crime.ipynb (cell [3]): WrongInput", 'did you mean "knife.crime"']),
    ("engine fails", in_file("assets/typst/typst-template.typ", "set document(title: title, ", "nonsense(title, "), 5, ["Typst could not make report.pdf: unknown variable: nonsense"]),
]  # fmt: skip


def said(ran) -> str:
    assert "Traceback" not in ran.stderr + ran.stdout
    return ran.stderr


@pytest.mark.parametrize(
    ("quarter", "message"),
    [
        ("2021-22-Q1", "there are no parameters for 2021-22-Q1: params/2021-22-Q1.yml is missing"),
        ("Q1", "a quarter is written like 2020-21-Q1"),
    ],
)
def test_unknown_quarter_is_wrong_use(scrutiny, quarter, message):
    ran = scrutiny("build", quarter)
    assert ran.returncode == 2
    assert message in said(ran)


@pytest.mark.parametrize(
    ("break_it", "code", "messages"),
    [case[1:] for case in BEFORE_NOTEBOOKS],
    ids=[case[0] for case in BEFORE_NOTEBOOKS],
)
def test_bad_input_is_told_before_anything_is_written(
    project_folder, monkeypatch, capsys, break_it, code, messages
):
    break_it(project_folder)
    monkeypatch.chdir(project_folder)
    # In this process, because there are many.
    monkeypatch.setattr("sys.argv", ["scrutiny", "build", QUARTER, "--engine", "pandoc"])
    with pytest.raises(SystemExit) as exited:
        main()
    told = capsys.readouterr().err
    assert exited.value.code == code, told
    assert "Traceback" not in told
    for message in messages:
        assert message in told
    assert not (project_folder / "build" / QUARTER).exists()


@pytest.mark.parametrize("name", ["build", f"build/{QUARTER}"])
def test_a_file_where_the_build_belongs(scrutiny, project_folder, name):
    path = project_folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a file", encoding="utf-8")
    ran = scrutiny("build", QUARTER, "--engine", "pandoc")
    assert ran.returncode == 3
    assert f"{name}: this is a file, and a folder belongs here" in said(ran)
    assert path.is_file()
    assert not list(project_folder.rglob(".2020-21-Q1-*"))


def test_a_mistake_of_the_program_is_told_even_where_nothing_can_be_written(monkeypatch, capsys, tmp_path):
    def fail(**_: object) -> None:
        raise RuntimeError("unheard of")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("scrutiny.cli.app", fail)
    for folder, told in (
        (tmp_path, f"please send {tmp_path / 'scrutiny-error.log'}"),
        (tmp_path / "no", "unheard of"),
    ):
        if folder.name == "no":
            monkeypatch.setattr("tempfile.gettempdir", lambda: "/nowhere")
            (tmp_path / "scrutiny-error.log").unlink()
            (tmp_path / "scrutiny-error.log").mkdir()
        with pytest.raises(SystemExit) as exited:
            main()
        assert exited.value.code == 70
        assert told in capsys.readouterr().err


def test_failed_builds_leave_the_last_documents_as_they_were(scrutiny, project_folder):
    # One notebook is enough, and quicker.
    for notebook in (project_folder / "notebooks").glob("*.ipynb"):
        if notebook.stem != "knife_crime":
            notebook.unlink()
    params = project_folder / "params" / f"{QUARTER}.yml"
    params.write_text(
        params.read_text(encoding="utf-8").split("sections:")[0] + "sections:\n  - 03-background\n",
        encoding="utf-8",
    )
    for section in (project_folder / SECTION).parent.glob("*.qmd"):
        section.unlink()
    (project_folder / SECTION).write_text(
        "# Background\n\nKnife crime {{< var knife.crime.quarter.movement >}}.\n", encoding="utf-8"
    )

    ran = scrutiny("build", QUARTER, "--engine", "pandoc")
    assert ran.returncode == 0, ran.stderr
    assert re.search(r"built, with pandoc \d", ran.stdout)
    documents = [project_folder / line.strip() for line in ran.stdout.splitlines()[1:]]
    assert [path.suffix for path in documents] == [".pdf", ".docx", ".html"]
    assert "Notebooks: knife_crime" in ran.stderr
    log = (project_folder / "build" / "logs" / f"{QUARTER}.log").read_text(encoding="utf-8")
    assert "Notebooks: knife_crime started" in log
    assert "Documents: pdf done" in log
    before = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in documents}
    # Only what the notebook read is kept.
    kept = {path.name for path in (project_folder / f"build/{QUARTER}/inputs/data").glob("*.csv")}
    assert kept == {"events.csv", "knife_crime.csv"}

    for _, break_it, code, messages in AFTER_NOTEBOOKS:
        kept = {
            path: path.read_bytes()
            for path in project_folder.rglob("*")
            if path.is_file() and "build" not in path.parts
        }
        break_it(project_folder)
        ran = scrutiny("build", QUARTER, "--engine", "pandoc", "--quiet")
        assert ran.returncode == code, ran.stderr
        for message in messages:
            assert message in said(ran)
        assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in documents} == before
        for path, content in kept.items():
            path.write_bytes(content)
    assert {path.name for path in (project_folder / "build").iterdir()} == {QUARTER, "logs"}

    inside = project_folder / "build" / QUARTER / "_output"
    ran = scrutiny("build", QUARTER, "--engine", "pandoc", "--quiet", "--to", "html", cwd=inside)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_check_exits_with_1_where_build_would_exit_with_3(scrutiny, project_folder):
    for name in ("report.qmd", "_quarto.yml", f"params/{QUARTER}.yml", SECTION):
        # Editors of Windows begin a file with a byte order mark.
        (project_folder / name).write_bytes(b"\xef\xbb\xbf" + (project_folder / name).read_bytes())
    ran = scrutiny("check", QUARTER)
    assert (ran.returncode, ran.stderr) == (0, "")
    replace(project_folder / "data/knife_crime.csv", ",327,", ",-327,")
    for path in (SECTION, SKELETON):
        (project_folder / path).unlink()
    ran = scrutiny("check", QUARTER)
    assert ran.returncode == 1
    assert "-327" in said(ran) and "03-background" in said(ran)
    assert not (project_folder / "build").exists()


def test_commands_work_below_the_project_and_inside_a_workspace(scrutiny, project_folder):
    for below in ("sections", f"build/{QUARTER}/notebooks", f"build/{QUARTER}/inputs/data"):
        (project_folder / below).mkdir(parents=True, exist_ok=True)
    for name in ("params", "notebooks"):
        (project_folder / f"build/{QUARTER}/inputs/{name}").mkdir()
    for below in ("sections", f"build/{QUARTER}", f"build/{QUARTER}/notebooks", f"build/{QUARTER}/inputs/data"):
        ran = scrutiny("check", QUARTER, cwd=project_folder / below)
        assert (ran.returncode, ran.stderr) == (0, ""), below


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build"], "Missing argument 'QUARTER'"),
        (["build", QUARTER, "--engine", "latex"], "'quarto', 'pandoc'"),
        (["built", QUARTER], "No such command 'built'"),
        (["build", QUARTER, "--engine", "quarto"], "install Quarto 1.9 or newer, or use --engine pandoc"),
    ],
)
def test_wrong_use(scrutiny, arguments, message):
    ran = scrutiny(*arguments, env={"PATH": "/nowhere", "HOME": "/nowhere", "COLUMNS": "200"})
    assert ran.returncode == 2
    assert message in said(ran)


def test_outside_a_project(scrutiny, project_folder):
    (project_folder / "data").rename(project_folder / "data-away")
    assert scrutiny("doctor").returncode == 0  # needs no project
    ran = scrutiny("check", QUARTER)
    assert ran.returncode == 2
    assert "go to the folder that holds data/, params/ and notebooks/" in said(ran)


def test_doctor_says_which_engine_a_build_uses(scrutiny):
    ran = scrutiny("doctor")
    assert ran.returncode == 0
    found = dict(re.split(r" {2,}", line, maxsplit=1) for line in ran.stdout.splitlines())
    assert {"Python", "papermill", "bundled engine", "Quarto", "a build uses"} <= set(found)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_has_help_and_a_place_in_the_manual(name):
    command = COMMANDS[name]
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params)
    assert f"scrutiny {name}" in (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
