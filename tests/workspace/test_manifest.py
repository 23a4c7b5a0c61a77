"""What the manifest says, how it is read back, and what is not taken for one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from scrutiny.errors import WrongInput
from scrutiny.inputs.parameters import Heading, Parameters
from scrutiny.workspace import manifest as manifests
from scrutiny.workspace.git import Source
from scrutiny.workspace.manifest import (
    FILE,
    PACKAGES,
    Manifest,
    content_hash,
    file_digests,
    read_manifest,
    write_manifest,
)

QUARTER = "2020-21-Q1"
CONTENT = {
    "inputs/data/crime.csv": "a,b\n1,2\n",
    "sections/01-a.qmd": "# A\n",
    "downloads/tbl-a.csv": "a\n1\n",
    "report.qmd": "---\n---\n",
    "values.json": "{}\n",
}
OTHER = {"_quarto.yml": "x: y\n", "notebooks/a.ipynb": "{}", "_output/report.pdf": "%PDF", "origins.json": "{}"}


def parameters(**heading: str) -> Parameters:
    told = {"to": "A meeting", "date": "2020-09", "title": "A report", "item": "2", "force": "A force", **heading}
    return Parameters(quarter=QUARTER, report=Heading(**told), sources={"crime": "system"}, sections=["01-a"])


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = write(tmp_path / "workspace", CONTENT | OTHER)
    write_manifest(
        folder, parameters(), project_root=tmp_path, engine="pandoc", engine_version="3.9 with Typst 0.15.2",
        dated=1_593_475_200, started=datetime(2026, 11, 24, 18, tzinfo=UTC),
    )  # fmt: skip
    return folder


def test_it_says_what_the_report_was_made_from_and_with(workspace):
    manifest = read_manifest(workspace)
    assert manifest.quarter == QUARTER
    assert manifest.parameters == parameters().model_dump(mode="json")
    assert manifest.source == Source()
    assert (manifest.engine.name, manifest.engine.version) == ("pandoc", "3.9 with Typst 0.15.2")
    assert manifest.packages == {name: version(name) for name in PACKAGES}
    assert manifest.source_date_epoch == 1_593_475_200
    assert manifest.sha256 == {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in (CONTENT | OTHER).items()
    }
    assert manifest.started < manifest.finished


def test_it_is_sorted_ends_with_a_newline_and_is_written_whole(workspace, monkeypatch):
    text = (workspace / FILE).read_text(encoding="utf-8")
    content = json.loads(text)
    assert text == json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert (workspace / FILE).stat().st_mode & 0o777 == 0o644

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fdopen", interrupted)
    with pytest.raises(KeyboardInterrupt):
        manifests.write_atomically(workspace / FILE, "half")
    assert (workspace / FILE).read_text(encoding="utf-8") == text
    assert sorted(path.name for path in (workspace / "_output").iterdir()) == ["manifest.json", "report.pdf"]


def test_the_content_hash_is_what_the_shell_commands_of_the_page_give(workspace):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "verify.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"```sh\n(cd build/2020-21-Q1\n.*?)```", page, re.DOTALL)
    commands = commands.replace("cd build/2020-21-Q1", f"cd '{workspace}'")
    ran = subprocess.run(["bash", "-c", commands], capture_output=True, text=True, check=True)
    assert ran.stdout.split()[0] == read_manifest(workspace).content_hash


def test_the_content_hash_is_what_the_script_of_the_page_gives(workspace):
    page = (Path(__file__).parents[2] / "docs" / "reference" / "verify.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(script.splitlines()) <= 10
    ran = subprocess.run(["python3", "-c", script], cwd=workspace, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == read_manifest(workspace).content_hash


@pytest.mark.parametrize("name", [*CONTENT, *OTHER])
def test_the_content_hash_changes_with_content_and_with_nothing_else(tmp_path, name):
    before = content_hash(file_digests(write(tmp_path / "one", CONTENT | OTHER), ()))
    after = content_hash(file_digests(write(tmp_path / "other place", {**CONTENT, **OTHER, name: "another"}), ()))
    assert (before != after) == (name in CONTENT)


def test_names_that_begin_with_a_dot_are_no_part_of_a_workspace(workspace):
    write(workspace, {".quarto/x": "", "sections/.ipynb_checkpoints/y": "", ".DS_Store": ""})
    assert file_digests(workspace, (FILE,)) == read_manifest(workspace).sha256


DAMAGED = {
    "not JSON": ("{", "the manifest is damaged: Expecting property name"),
    "not UTF-8": (b"\xff", "the manifest cannot be read"),
    "a list": ("[]", "the manifest is damaged: it does not say its schema_version"),
    "deep": ("[" * 100_000, "the manifest is damaged: "),
    "of the future": ({"schema_version": 3}, "a newer scrutiny wrote this manifest: its schema_version is 3, not 2\n    install the scrutiny that built it, or a newer one"),
    "of the past": ({"schema_version": 1}, "an older scrutiny wrote this manifest: its schema_version is 1, not 2"),
    "version as text": ({"schema_version": "2"}, "it does not say its schema_version"),
    "version true": ({"schema_version": True}, "it does not say its schema_version"),
    "key missing": ({"sha256": None}, "(sha256): the manifest is damaged: keys and their values belong here"),
    "key unknown": ({"more": 1}, "(more): the manifest is damaged: this key is not known here"),
    "no sum": ({"sha256": {"a": "x"}}, "(sha256.a): the manifest is damaged: this is not written in the form"),
    "path above": ({"sha256": {"../x": "0" * 64}}, "'../x' is no path inside the workspace"),
    "path elsewhere": ({"sha256": {"/etc/passwd": "0" * 64}}, "'/etc/passwd' is no path inside the workspace"),
    "path of Windows": ({"sha256": {"a\\..\\..\\x": "0" * 64}}, "is no path inside the workspace"),
    "path in another form": ({"sha256": {"a//b": "0" * 64}}, "'a//b' is no path inside the workspace"),
    "no quarter": ({"quarter": "../2020"}, "(quarter): the manifest is damaged: "),
    "no time": ({"started": "yesterday"}, "(started): the manifest is damaged: "),
}  # fmt: skip


@pytest.mark.parametrize(("written", "message"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_or_newer_manifest_is_refused_in_one_message(workspace, written, message):
    path = workspace / FILE
    if isinstance(written, dict):
        written = json.dumps(json.loads(path.read_text(encoding="utf-8")) | written)
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    with pytest.raises(WrongInput) as caught:
        read_manifest(workspace)
    assert len(caught.value.problems) == 1
    assert message in str(caught.value)
    assert str(caught.value).startswith(FILE)


def test_no_manifest(tmp_path):
    with pytest.raises(WrongInput, match=f"{FILE}: there is no manifest"):
        read_manifest(tmp_path)


def test_every_key_stands_in_the_page():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "verify.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert set(Manifest.model_fields) <= listed
