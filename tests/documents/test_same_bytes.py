"""Two builds of the same inputs, in unlike surroundings, compared byte by byte."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from fixtures.notebook import without_times
from fixtures.small_project import QUARTER, small_project

from scrutiny.engines.documents import environment, source_date_epoch
from scrutiny.errors import WrongUse

DOCUMENTS = ("report.pdf", "report.docx", "report.html")
EPOCH = 1_600_000_000  # 13 September 2020
LATER = 1_700_000_000  # 14 November 2023
CHANGING = ("finished", "started")


@dataclass(frozen=True)
class Surroundings:
    """What must not matter: the name of the folder, the machine's settings, the user."""

    folder: str
    umask: int
    environment: Mapping[str, str]


def some_locale(*wanted: str) -> str:
    """Give the first of some locales that this machine has."""
    listed = (
        subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout
        if shutil.which("locale")
        else ""
    )
    known = {name.lower().replace("-", "") for name in listed.split()}
    return next((name for name in wanted if name.lower().replace("-", "") in known), "C.UTF-8")


ONE = Surroundings(
    "plain",
    0o022,
    {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": some_locale("de_DE.utf8", "tr_TR.utf8", "en_GB.utf8"),
        "LANGUAGE": "de",
        "PYTHONHASHSEED": "1",
        "USER": "anna",
    },
)
OTHER = Surroundings(
    "Zwei – ünï ☃ (a copy)/deeper",
    0o077,
    {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "4242", "USER": "bert"},
)


def begin_build(folder: Path, where: Surroundings, engine: str, **more: str) -> subprocess.Popen[str]:
    """Build the tiny project as another user on another machine would; nothing of before is there."""
    project = small_project(folder / where.folder / "project")
    home = folder / where.folder / "home"
    (home / "cache").mkdir(parents=True)
    temporary = folder / f"of-{where.environment['USER']}"
    temporary.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "QUARTO_PATH", "SYSTEMROOT") if name in os.environ}
    environment = {
        **kept,
        **where.environment,
        "LOGNAME": where.environment["USER"],
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / "cache"),
        "TMPDIR": str(temporary),
        **more,
    }
    command = [
        sys.executable,
        "-c",
        "from scrutiny.cli import main; main()",
        "build",
        QUARTER,
        "--engine",
        engine,
        "-q",
    ]
    return subprocess.Popen(
        command, cwd=project, env=environment, umask=where.umask, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def built_twice(folder: Path, engine: str) -> tuple[Path, Path]:
    begun = [begin_build(folder, where, engine) for where in (ONE, OTHER)]
    for build in begun:
        said, _ = build.communicate()
        assert build.returncode == 0, said
    one, other = (folder / where.folder / "project" / "build" / QUARTER for where in (ONE, OTHER))
    return one, other


def first_difference(one: bytes, other: bytes, name: str) -> str:
    """Tell where two files first differ; empty if they are the same."""
    if one == other:
        return ""
    if name.endswith(".docx"):
        return _first_in_zip(one, other)
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    begin = max(at - 60, 0)
    line = one.count(b"\n", 0, at) + 1
    return f"{name}, byte {at}, line {line}:\n{one[begin : at + 60]!r}\n{other[begin : at + 60]!r}"


def _first_in_zip(one: bytes, other: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(one)) as first, zipfile.ZipFile(io.BytesIO(other)) as second:
        entries, others = first.infolist(), second.infolist()
        names, again = ([entry.filename for entry in listed] for listed in (entries, others))
        if names != again:
            return f"the entries are {names}\nand {again}"
        for entry, counterpart in zip(entries, others, strict=True):
            told = first_difference(first.read(entry), second.read(counterpart), entry.filename)
            if told:
                return told
            if entry.date_time != counterpart.date_time:
                return f"{entry.filename} is of {entry.date_time}, and of {counterpart.date_time}"
    return "the zip archives differ, and not their entries"


def assert_same(one: Path, other: Path) -> None:
    """Assert that two workspaces are the same, but for the times at which they were made."""
    files = [
        {path.relative_to(side).as_posix() for path in side.rglob("*") if path.is_file()} for side in (one, other)
    ]
    assert files[0] == files[1]
    assert {f"_output/{name}" for name in DOCUMENTS} < files[0]
    # The documents last: where they differ, what they were made from says why.
    for name in sorted(files[0], key=lambda name: (name.startswith("_output/"), name)):
        if name == "_output/manifest.json":
            continue
        read = [as_compared(side, name) for side in (one, other)]
        told = first_difference(read[0], read[1], name)
        assert not told, told


def as_compared(workspace: Path, name: str) -> bytes:
    """Give the bytes of a file; those of an executed notebook without its times, a line for each thing."""
    content = (workspace / name).read_bytes()
    if not name.startswith("notebooks/"):
        return content
    return json.dumps(without_times(json.loads(content)), indent=1, ensure_ascii=False).encode()


def manifest_of(workspace: Path) -> dict:
    manifest = json.loads((workspace / "_output" / "manifest.json").read_text(encoding="utf-8"))
    sums = {name: given for name, given in manifest["sha256"].items() if not name.startswith("notebooks/")}
    return {**{name: told for name, told in manifest.items() if name not in CHANGING}, "sha256": sums}


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> tuple[Path, Path]:
    return built_twice(tmp_path_factory.mktemp("twice"), "pandoc")


def test_two_builds_in_unlike_surroundings_are_the_same(twice):
    assert_same(*twice)
    assert manifest_of(twice[0]) == manifest_of(twice[1])


@pytest.mark.quarto
def test_two_builds_by_quarto_are_the_same(tmp_path):
    assert_same(*built_twice(tmp_path, "quarto"))


@pytest.mark.parametrize("what", [r"0x[0-9a-fA-F]{6,}", r"/tmp/", r"anna|bert", r"Zwei"])
def test_nothing_of_the_machine_stands_in_an_executed_notebook(twice, what):
    for workspace in twice:
        text = (workspace / "notebooks" / "knife.ipynb").read_text(encoding="utf-8")
        assert not re.search(rf"(?<![A-Za-z0-9+/])(?:{what})", text)


def test_times_are_taken_out_of_a_notebook_and_nothing_else(twice):
    notebook = json.loads((twice[0] / "notebooks" / "knife.ipynb").read_text(encoding="utf-8"))
    before = json.dumps(notebook)
    left = without_times(notebook)
    assert json.dumps(notebook) == before
    assert not re.search(r"\d\d:\d\d:\d\d", json.dumps([cell["metadata"] for cell in left["cells"]]))
    assert left["metadata"]["papermill"]["parameters"] == {"quarter": QUARTER}
    for cell, given in zip(left["cells"], notebook["cells"], strict=True):
        assert {**cell, "metadata": None} == {**given, "metadata": None}
        assert set(given["metadata"]) - set(cell["metadata"]) <= {"execution"}


def rendered(workspace: Path, folder: Path, engine: str, epoch: int) -> Path:
    """Make the documents of a workspace again, in another process, with a time of their own."""
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("_output"))
    script = (
        "import sys; from pathlib import Path; from datetime import date; from scrutiny.engines import choose_engine\n"
        "from scrutiny.engines.documents import source_date_epoch\n"
        "choose_engine(sys.argv[2]).render(Path(sys.argv[1]), ('pdf', 'docx', 'html'), Path(sys.argv[1], '_output'),"
        " lambda _: None, lambda _: None, epoch=source_date_epoch(date(2020, 6, 30)))"
    )
    subprocess.run(
        [sys.executable, "-c", script, str(folder), engine],
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}, check=True,
    )  # fmt: skip
    return folder / "_output"


def assert_only_dates_differ(one: Path, other: Path) -> None:
    assert (one / "report.html").read_bytes() == (other / "report.html").read_bytes()
    with zipfile.ZipFile(one / "report.docx") as word, zipfile.ZipFile(other / "report.docx") as later:
        assert word.namelist() == later.namelist()
        differing = {name for name in word.namelist() if word.read(name) != later.read(name)}
        dates = [zipped.read("docProps/core.xml").decode() for zipped in (word, later)]
    assert differing == {"docProps/core.xml"}
    assert re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "", dates[0]) == re.sub(r"\d{4}-\d\d-\d\dT[\d:]+Z", "", dates[1])
    assert "2020-09-13T12:26:40Z" in dates[0]
    assert "2023-11-14T22:13:20Z" in dates[1]
    with pikepdf.open(one / "report.pdf") as pdf, pikepdf.open(other / "report.pdf") as later_pdf:
        for document, day in ((pdf, "D:20200913"), (later_pdf, "D:20231114")):
            assert str(document.docinfo["/CreationDate"]).startswith(day)
        pages = [[page.Contents.read_bytes() for page in document.pages] for document in (pdf, later_pdf)]
    assert pages[0] == pages[1]


def test_the_time_that_the_environment_says_changes_dates_alone(twice, tmp_path):
    one, again, later = (
        rendered(twice[0], tmp_path / name, "pandoc", epoch)
        for name, epoch in (("one", EPOCH), ("again ü", EPOCH), ("later", LATER))
    )
    for name in DOCUMENTS:
        told = first_difference((one / name).read_bytes(), (again / name).read_bytes(), name)
        assert not told, told
    assert_only_dates_differ(one, later)


@pytest.mark.parametrize(
    ("given", "epoch"),
    [
        ("1600000000", EPOCH),
        ("0", 0),
        ("", 1593475200),
        (None, 1593475200),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
    ],
)
def test_the_time_is_that_of_the_environment_or_of_the_data(monkeypatch, given, epoch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if given is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    if epoch is not None:
        assert source_date_epoch(date(2020, 6, 30)) == epoch
        return
    with pytest.raises(WrongUse, match="which is no time"):
        source_date_epoch(date(2020, 6, 30))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"LC_ALL": "C", "LANG": "en_GB.UTF-8"}, "C.UTF-8"),
        ({"LANG": "de_DE.ISO-8859-1"}, "C.UTF-8"),
        ({}, "C.UTF-8"),
        ({"LC_ALL": "", "LANG": "en_GB.utf8"}, ""),
        ({"LC_ALL": "tr_TR.UTF-8"}, "tr_TR.UTF-8"),
    ],
)
def test_engines_read_names_of_files_as_utf_8(monkeypatch, given, told):
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    assert environment(None).get("LC_ALL", "") == told


def test_documents_bear_the_day_of_the_data_unless_told(twice):
    with zipfile.ZipFile(twice[0] / "_output" / "report.docx") as word:
        assert "2020-06-30T00:00:00Z" in word.read("docProps/core.xml").decode()


@pytest.mark.parametrize(
    ("name", "one", "other", "told"),
    [
        ("report.html", b"a\nbc", b"a\nbd", "byte 3, line 2"),
        ("report.html", b"a", b"ab", "byte 1"),
        ("report.html", b"a", b"a", ""),
    ],
)
def test_the_first_difference_is_told(name, one, other, told):
    assert (told in first_difference(one, other, name)) if told else first_difference(one, other, name) == ""
