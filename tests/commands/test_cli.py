"""The commands as a user runs them: what they print, and what bad input gets."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from fixtures.projects import ROOT, copy_project
from fixtures.small_project import small_project

from scrutiny.cache import cache_of
from scrutiny.cli import app, main
from scrutiny.errors import EngineFailed, NotebookFailed, Problem, WrongInput, WrongUse
from scrutiny.inputs.check import check_inputs
from scrutiny.inputs.project import Project
from scrutiny.workspace.write import write_values

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
    ("item is yes", params("item: 2", "item: yes"), 3, ["(report.item)", "not true"]),
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
    ("field named line", in_file("data/datapackage.yaml", "name: offence\n", "name: line\n"), 3, ["no field can be named 'line'"]),
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
    ("value that nothing publishes", in_file(SECTION, "# Background\n", "# Background\n\n{{< var knife.crime.quarter.cuont >}}\n"), 3, [f"{SECTION}:3: nothing publishes the value knife.crime.quarter.cuont", 'did you mean "knife.crime.quarter.count"?']),
    ("cell raises", in_cell("knife_crime.ipynb", 'report.measure("knife.crime")', 'report.measure("knife.crimes")'), 4, ["notebooks/knife_crime.ipynb (cell [3]): WrongInput", 'did you mean "knife.crime"']),
    ("engine fails", in_file("assets/typst/typst-template.typ", "set document(title: title, ", "nonsense(title, "), 5, ["Typst could not make report.pdf: unknown variable: nonsense"]),
]  # fmt: skip


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
    assert message in ran.stderr


@pytest.fixture(scope="module")
def judged_data(tmp_path_factory) -> Path:
    """Give the cache in which the project's data are judged, so that not every test has to judge them again."""
    root = copy_project(tmp_path_factory.mktemp("judged"))
    project = Project(root)
    check_inputs(project, project.parameters(QUARTER), cache_of(root))
    return root / "build" / ".cache"


@pytest.mark.parametrize(
    ("break_it", "code", "messages"),
    [case[1:] for case in BEFORE_NOTEBOOKS],
    ids=[case[0] for case in BEFORE_NOTEBOOKS],
)
def test_bad_input_is_told_before_anything_is_written(
    scrutiny, project_folder, judged_data, break_it, code, messages
):
    shutil.copytree(judged_data, project_folder / "build" / ".cache")
    break_it(project_folder)
    ran = scrutiny("build", QUARTER, "--engine", "pandoc")
    assert ran.returncode == code, ran.stderr
    for message in messages:
        assert message in ran.stderr
    assert not (project_folder / "build" / QUARTER).exists()


@pytest.mark.parametrize("name", ["build", f"build/{QUARTER}"])
def test_a_file_where_the_build_belongs(scrutiny, project_folder, name):
    path = project_folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("a file", encoding="utf-8")
    ran = scrutiny("build", QUARTER, "--engine", "pandoc")
    assert ran.returncode == 3
    assert f"{name}: expected a folder, found a file" in ran.stderr
    assert path.is_file()
    assert not list(project_folder.rglob(".2020-21-Q1-*"))


def test_a_mistake_of_the_program_is_told_even_where_nothing_can_be_written(monkeypatch, capsys, tmp_path):
    def fail(**_: object) -> None:
        raise RuntimeError("unheard of")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("scrutiny.cli.app", fail)
    for folder, told in (
        (tmp_path, f"internal error; please report it with {tmp_path / 'scrutiny-error.log'}"),
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


def of_one_notebook(project_folder: Path) -> None:
    """Leave one notebook and one section of a project, which is enough, and quicker."""
    for notebook in (project_folder / "notebooks").glob("*.ipynb"):
        if notebook.stem != "knife_crime":
            notebook.unlink()
    for params in (project_folder / "params").glob("*.yml"):
        beginning = params.read_text(encoding="utf-8").split("sections:")[0]
        params.write_text(f"{beginning}sections:\n  - 03-background\n", encoding="utf-8")
    for section in (project_folder / "sections").glob("20*/*.qmd"):
        section.unlink()
    for quarter in ("2019-20-Q4", QUARTER):
        section = project_folder / "sections" / quarter / "03-background.qmd"
        section.parent.mkdir(exist_ok=True)
        section.write_text(
            "# Background\n\nKnife crime {{< var knife.crime.quarter.movement >}}.\n", encoding="utf-8"
        )


def test_failed_builds_leave_the_last_documents_as_they_were(scrutiny, project_folder):
    of_one_notebook(project_folder)
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
            assert message in ran.stderr
        assert {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in documents} == before
        for path, content in kept.items():
            path.write_bytes(content)
    assert {path.name for path in (project_folder / "build").iterdir()} - {".cache", ".lock"} == {QUARTER, "logs"}

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
    assert "-327" in ran.stderr and "03-background" in ran.stderr
    assert not (project_folder / "build").exists()


def test_commands_work_below_the_project_and_inside_a_workspace(scrutiny, tmp_path):
    project_folder = small_project(tmp_path / "small")
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
        (["build", "--fresh"], "Missing argument 'QUARTER'"),
        (["build", QUARTER, "--engine", "latex"], "'quarto', 'pandoc'"),
        (["preview"], "Missing argument 'QUARTER'"),
        (["preview", QUARTER, "--port", "70000"], "'--port': Input should be less than or equal to 65535"),
        (["preview", QUARTER, "--port", "http"], "'--port': Input should be a valid integer"),
        (["values"], "Missing argument 'QUARTER'"),
        (["values", QUARTER, "--json", "--snippets"], "two forms of the list\n    choose one"),
        (["values", "Q1", "--last"], "a quarter is written like 2020-21-Q1"),
        (["values", "2021-22-Q1"], "params/2021-22-Q1.yml is missing"),
        (["values", QUARTER, "--last"], f"{QUARTER} has not been built"),
        (["built", QUARTER], "No such command 'built'"),
        (["build", QUARTER, "--engine", "quarto"], "install Quarto 1.9 or newer, or use --engine pandoc"),
    ],
)
def test_wrong_use(scrutiny, monkeypatch, arguments, message):
    for name, value in {"PATH": "/nowhere", "HOME": "/nowhere", "QUARTO_PATH": "", "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    ran = scrutiny(*arguments)
    assert ran.returncode == 2
    assert message in ran.stderr


def test_outside_a_project(scrutiny, project_folder):
    (project_folder / "data").rename(project_folder / "data-away")
    assert scrutiny("doctor").returncode == 0  # needs no project
    ran = scrutiny("check", QUARTER)
    assert ran.returncode == 2
    assert "go to the folder that holds data/, params/ and notebooks/" in ran.stderr


def test_doctor_says_which_engine_a_build_uses(scrutiny):
    ran = scrutiny("doctor")
    assert ran.returncode == 0
    found = dict(re.split(r" {2,}", line, maxsplit=1) for line in ran.stdout.splitlines())
    assert {"Python", "papermill", "bundled engine", "Quarto", "a build uses"} <= set(found)


def is_built(project: Project, quarter: str) -> SimpleNamespace:
    documents = [project.build / quarter / "_output" / f"report.{suffix}" for suffix in ("pdf", "html")]
    engine = SimpleNamespace(name="pandoc", version="3.9")
    return SimpleNamespace(engine=engine, documents=documents, questions=0, carried_over=())


DATA_WRONG = WrongInput(Problem("data/knife_crime.csv:7: wrong"))
UNKNOWN = WrongUse("there are no parameters for 2020-21-Q9")

# What becomes of each quarter, the exit code, what is said of those built and of those not.
BATCHES = [
    ({"2019-20-Q4": None, QUARTER: None}, 0, ["2019-20-Q4", QUARTER], ""),
    ({"2019-20-Q4": None, "2020-21-Q9": UNKNOWN, QUARTER: None}, 2, ["2019-20-Q4", QUARTER], "scrutiny: not built: 2020-21-Q9\nthere are no parameters for 2020-21-Q9\n"),
    ({"2019-20-Q4": DATA_WRONG, QUARTER: DATA_WRONG}, 3, [], f"scrutiny: not built: 2019-20-Q4, {QUARTER}\ndata/knife_crime.csv:7: wrong\n"),
    ({"2019-20-Q4": NotebookFailed("a cell"), QUARTER: EngineFailed("Typst"), "2020-21-Q2": UNKNOWN}, 5, [], f"scrutiny: not built: 2019-20-Q4\na cell\nscrutiny: not built: {QUARTER}\nTypst\nscrutiny: not built: 2020-21-Q2\n{UNKNOWN}\n"),
    ({QUARTER: DATA_WRONG}, 3, [], "scrutiny: data/knife_crime.csv:7: wrong\n"),
]  # fmt: skip


@pytest.mark.parametrize(("outcomes", "code", "built", "told"), BATCHES)
def test_a_batch_tells_what_is_built_and_at_the_end_what_is_not(
    scrutiny, monkeypatch, outcomes, code, built, told
):
    asked = []

    def build_all(project, quarters, progress, **options):
        asked.append((quarters, options))
        return [(quarter, outcomes[quarter] or is_built(project, quarter)) for quarter in quarters]

    monkeypatch.setattr("scrutiny.pipeline.build.build_all", build_all, raising=False)
    # A quarter that is named twice is built once.
    ran = scrutiny("build", *outcomes, next(iter(outcomes)), "--fresh", "--to", "pdf")
    lines = [
        line
        for quarter in built
        for line in (
            f"{quarter} is built, with pandoc 3.9:",
            f"  {Path('build', quarter, '_output', 'report.pdf')}",
            f"  {Path('build', quarter, '_output', 'report.html')}",
        )
    ]
    assert ran == (code, "".join(f"{line}\n" for line in lines), told)
    assert asked == [(tuple(outcomes), {"engine_name": None, "formats": ("pdf",), "fresh": True})]
    ran = scrutiny("build", *outcomes, "--quiet")
    assert ran == (code, "", told)


def test_a_batch_builds_what_it_can(scrutiny, project_folder):
    of_one_notebook(project_folder)
    replace(project_folder / "sections/2019-20-Q4/03-background.qmd", "knife.crime", "knife.crmie")
    ran = scrutiny("build", "2019-20-Q4", "2020-21-Q9", QUARTER, "Q1", "--engine", "pandoc", "--to", "html")
    assert ran.returncode == 3
    assert ran.stdout.splitlines()[1:] == [f"  {Path('build', QUARTER, '_output', 'report.html')}"]
    told = ran.stderr.partition("scrutiny: not built")[2]
    assert (
        "sections/2019-20-Q4/03-background.qmd:3: nothing publishes the value knife.crmie.quarter.movement" in told
    )
    assert 'did you mean "knife.crime.quarter.movement"?' in told
    assert "not built: Q1\n" in told and "not built: 2020-21-Q9\n" in told
    built = project_folder / "build"
    assert (built / QUARTER / "_output" / "report.html").is_file()
    # Each quarter that exists has a log of its own; nothing of a failed build is left.
    assert {path.name for path in (built / "logs").iterdir()} == {"2019-20-Q4.log", f"{QUARTER}.log"}
    log = (built / "logs" / "2019-20-Q4.log").read_text(encoding="utf-8")
    assert "knife.crmie" in log and f"{QUARTER} built" not in log
    assert {path.name for path in built.iterdir()} - {".cache", ".lock"} == {QUARTER, "logs"}

    # What the build says is what values says, and what editors complete from.
    written = json.loads((built / QUARTER / "values.json").read_text(encoding="utf-8"))
    ran = scrutiny("values", QUARTER, "--json")
    assert (ran.returncode, json.loads(ran.stdout)) == (0, written)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        ([], {"engine_name": None, "port": 0, "open_browser": True}),
        (
            ["--port", "8000", "--no-browser", "--engine", "quarto"],
            {"engine_name": "quarto", "port": 8000, "open_browser": False},
        ),
    ],
)
def test_preview_is_called_as_asked_and_stopped_without_a_traceback(
    scrutiny, monkeypatch, project_folder, arguments, options
):
    asked = []

    def preview(project, quarter, **options):
        asked.append((project.root, quarter, options))
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "scrutiny.pipeline.preview", SimpleNamespace(preview=preview))
    ran = scrutiny("preview", QUARTER, *arguments)
    assert ran == (130, "", "scrutiny: stopped; the last documents are as they were\n")
    assert asked == [(project_folder, QUARTER, options)]


SAID = {
    "crime.all.year.count": "134,069",
    "crime.all.year.movement": "fell by 16%, from 159,838 to 134,069",
    "glance.marks.year.text": "[x] is \N{MINUS SIGN}1 [bold]",
}


@pytest.fixture
def listed(project_folder: Path) -> Path:
    """Give a project whose last build left a list of values."""
    workspace = project_folder / "build" / QUARTER
    workspace.mkdir(parents=True)
    write_values(workspace, QUARTER, SAID)
    return project_folder


@pytest.mark.parametrize(
    ("arguments", "out"),
    [
        ([], "".join(f"{name}\t{text}\n" for name, text in SAID.items())),
        (["all", "*.count"], "crime.all.year.count\t134,069\n"),
        (["134,069", "--text", "movement"], "crime.all.year.movement\tfell by 16%, from 159,838 to 134,069\n"),
        (["glance", "--json"], json.dumps({"quarter": QUARTER, "values": {"glance.marks.year.text": "[x] is \N{MINUS SIGN}1 [bold]"}}, indent=2, ensure_ascii=False) + "\n"),
    ],
)  # fmt: skip
def test_values_are_listed_for_other_programs_in_utf_8(scrutiny_process, listed, arguments, out):
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252"}
    ran = scrutiny_process("values", QUARTER, "--last", *arguments, env=environment, text=False)
    assert (ran.returncode, ran.stdout.decode()) == (0, out)


def test_values_as_snippets(scrutiny, listed):
    code, out, _ = scrutiny("values", QUARTER, "--last", "--snippets", "count")
    assert code == 0
    assert json.loads(out)["crime.all.year.count"]["body"] == "{{< var crime.all.year.count >}}"


def test_values_in_a_terminal_are_written_as_they_are_quoted(scrutiny, monkeypatch, listed):
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, out, _ = scrutiny("values", QUARTER, "--last")
    assert code == 0
    out = re.sub(r"\x1b\[[0-9;]*m", "", out)
    # A shortcode is never broken; what it says may be.
    for name in SAID:
        assert f"{{{{< var {name} >}}}}" in out
    assert "[x] is \N{MINUS SIGN}1 [bold]" in out


def test_values_that_match_nothing_exit_with_1(scrutiny, listed):
    ran = scrutiny("values", QUARTER, "crime.al.year.count", "--last")
    assert ran[:2] == (1, "")
    assert ran[2].endswith(
        'scrutiny: no name of a value matches "crime.al.year.count"\n    did you mean "crime.all.year.count"?\n'
    )


def test_values_that_nobody_reads_to_the_end(listed):
    many = {f"crime.m{number}.year.count": "1" * 50 for number in range(5000)}
    write_values(listed / "build" / QUARTER, QUARTER, many)
    command = "from scrutiny.cli import main; main()"
    listing = subprocess.Popen(
        [sys.executable, "-c", command, "values", QUARTER, "--last"],
        cwd=listed,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert listing.stdout.readline() == f"crime.m0.year.count\t{'1' * 50}\n"
    listing.stdout.close()
    said = listing.stderr.read()
    listing.stderr.close()
    listing.wait()
    assert "Traceback" not in said and "internal error" not in said and "Exception" not in said


@pytest.mark.parametrize("module", ["pandas", "papermill", "scrutiny.pipeline.build"])
def test_the_commands_start_without_what_they_do_not_need(module):
    code = f"import scrutiny.cli, scrutiny.pipeline.values, sys; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_and_option_has_help_and_a_place_in_the_manual(name):
    command = COMMANDS[name]
    assert command.help
    assert all(getattr(parameter, "help", None) for parameter in command.params)
    assert f"scrutiny {name}" in (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
