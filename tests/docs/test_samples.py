"""What docs/ quotes of the commands is what they print, and the tutorial works as it is written."""

from __future__ import annotations

import io
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple

import pytest
from fixtures.projects import ROOT

from scrutiny.cli import main

DOCS = ROOT / "docs"


class Ran(NamedTuple):
    """How a command ended, and what it wrote."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[[str], Ran]


def blocks(page: Path, language: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = re.finditer(
        rf"^(?P<indent> *)```{language}\n(?P<text>.*?)^(?P=indent)```$", text, re.MULTILINE | re.DOTALL
    )
    return [dedent(block["text"]) for block in found]


def samples(page: Path) -> Iterator[tuple[str, str]]:
    """Give each command of a page, and what it is said to print."""
    for block in blocks(page, "console"):
        command, _, output = block.partition("\n")
        yield command.removeprefix("$ "), output


def matches(output: str, told: str) -> bool:
    """Whether an output is what is told: a line of dots stands for any lines, dots in a line for any text."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*") + r"\n"
        for line in told.splitlines()
    )
    return re.fullmatch(pattern, output) is not None


def runner(folder: Path) -> Run:
    @cache
    def run(command: str) -> Ran:
        arguments = shlex.split(command)
        assert arguments[0] == "scrutiny"
        # JSON is written as bytes.
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n", write_through=True) for _ in range(2))
        with (
            pytest.MonkeyPatch.context() as patch,
            redirect_stdout(out),
            redirect_stderr(err),
            pytest.raises(SystemExit) as exited,
        ):
            patch.chdir(folder)
            patch.setattr("sys.argv", arguments)
            main()
        return Ran(exited.value.code or 0, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    return run


@pytest.fixture(scope="module")
def project(built, tmp_path_factory) -> Path:
    """Give a copy of the project with both quarters built, and the extracts that the pages take in."""
    folder = tmp_path_factory.mktemp("samples") / "project"
    shutil.copytree(built["2020-21-Q1"].parents[1], folder, ignore=shutil.ignore_patterns("done"))
    (extract,) = blocks(DOCS / "how-to" / "import-data.md", "csv")
    (folder / "crime.csv").write_text(extract, encoding="utf-8")
    (folder / "knife-crime.csv").write_text(
        "Month,Knife crime\nJul-20,97\nAug-20,88\nSep-20,n/k\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def run(project) -> Run:
    return runner(project)


SAMPLES = [
    pytest.param(*sample, id=f"{page.stem}: {sample[0]}")
    for page in sorted(DOCS.rglob("*.md"))
    if page.name != "tutorial.md"
    for sample in samples(page)
]


@pytest.mark.parametrize(("command", "told"), SAMPLES)
def test_a_sample_is_what_the_command_prints(run, command, told):
    done = run(command)
    assert done.returncode == 0, done.stderr
    assert matches(done.stdout, told), done.stdout


def test_the_tutorial(built, tmp_path):
    page = DOCS / "tutorial.md"
    folder = tmp_path / "project"
    shutil.copytree(built["2020-21-Q1"].parents[1], folder, ignore=shutil.ignore_patterns("done"))
    (extract,) = blocks(page, "csv")
    (folder / "knife-crime.csv").write_text(extract, encoding="utf-8")
    (sentence,) = blocks(page, "markdown")
    run = runner(folder)
    for command, told in samples(page):
        if command.startswith("scrutiny build"):
            section = folder / "sections" / "2020-21-Q2" / "05-tackling-crime-and-reoffending.qmd"
            text = section.read_text(encoding="utf-8")
            edited = re.sub(
                r"(?<=\(VRU\) \{#sec-violence-reduction-unit\}\n\n).*?\n(?=\n\{\{< embed notebooks/knife_crime)",
                lambda _: sentence,
                text,
                flags=re.DOTALL,
            )
            assert edited != text
            section.write_text(edited, encoding="utf-8")
        done = run(command)
        assert done.returncode == 0, done.stderr
        assert matches(done.stdout, told), done.stdout
    report = (folder / "build" / "2020-21-Q2" / "_output" / "report.html").read_text(encoding="utf-8")
    (said,) = re.findall(r"^((?:> .*\n)+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    said = " ".join(said.replace("> ", "").split())
    assert said in " ".join(re.sub(r"<[^>]+>", "", report).replace("\N{NO-BREAK SPACE}", " ").split())


JSON = {
    "check": "scrutiny check 2020-21-Q1 --json",
    "status": "scrutiny status 2020-21-Q1 --json",
    "values": "scrutiny values 2020-21-Q1 --json",
    "import": "scrutiny import extract knife-crime.csv --mapping data/mappings/knife_crime.yaml --as-at 2020-10-05 --json",
    "numbers": "scrutiny numbers 2020-21-Q1 --json",
    "explain": "scrutiny explain 2020-21-Q1 crime.all.year.percent_change --json",
    "reconcile": "scrutiny reconcile 2020-21-Q1 --json",
    "diff": "scrutiny diff build/2019-20-Q4 build/2020-21-Q1 --json",
    "verify": "scrutiny verify build/2020-21-Q1",
}  # fmt: skip


def keys(content: Any) -> set[str]:
    """Give the keys of a record, or of all records of a list."""
    records = content if isinstance(content, list) else [content]
    return {key for record in records if isinstance(record, dict) for key in record}


@pytest.mark.parametrize("name", JSON)
def test_the_page_of_json_has_the_keys_that_are_written(run, project, name):
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    sample = json.loads(re.search(rf"^## {name}\n.*?^```json\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1])
    done = run(JSON[name])
    assert done.returncode == 0, done.stderr
    told = project / "build" / "2020-21-Q1" / "_output" / "verification.json" if name == "verify" else None
    written = json.loads(told.read_text(encoding="utf-8") if told else done.stdout)
    assert set(sample) == set(written)
    for key, content in sample.items():
        if isinstance(content, list) and keys(written[key]):
            # A kind of number that this quarter has none of may be in the sample.
            assert keys(written[key]) <= keys(content), key
            assert keys(content) - keys(written[key]) <= {"near"}, key


def test_each_command_that_writes_json_is_on_the_page():
    page = (DOCS / "reference" / "json.md").read_text(encoding="utf-8")
    help_texts = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    writing = [
        part.split("\n")[0] for part in help_texts.split("## scrutiny ")[1:] if "--json" in part.split("```")[1]
    ]
    assert sorted(writing) == sorted(re.findall(r"^## (\w+)$", page, re.MULTILINE)) == sorted(JSON)
