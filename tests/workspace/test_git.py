"""What git says of a project's inputs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scrutiny.workspace.git import Source, checkout_of


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = write(
        tmp_path / "top" / "project", {"data/a.csv": "a\n", "params/Q.yml": "", "docs/x.md": "", "_quarto.yml": ""}
    )
    git(folder.parent, "init", "--quiet")
    git(folder.parent, "add", ".")
    commit(folder)
    return folder


def git(folder: Path, *arguments: str) -> str:
    told = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *told, *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def commit(folder: Path) -> str:
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD").strip()


def test_inputs_as_they_are_in_git(checkout):
    assert checkout_of(checkout) == Source(commit=git(checkout, "rev-parse", "HEAD").strip(), differs=False)


@pytest.mark.parametrize(
    ("edit", "differing"),
    [
        (lambda root: (root / "data/a.csv").write_text("b\n"), ("data/a.csv",)),
        (lambda root: (root / "params/Q.yml").unlink(), ("params/Q.yml",)),
        (lambda root: write(root, {"sections/Q/ü é.qmd": ""}), ("sections/Q/ü é.qmd",)),
        (lambda root: git(root, "mv", "data/a.csv", "data/b.csv"), ("data/a.csv", "data/b.csv")),
        (lambda root: (root / "docs/x.md").write_text("no input"), ()),
        (lambda root: write(root, {"build/x": "", "note.txt": ""}), ()),
    ],
    ids=["changed", "removed", "not in git", "renamed", "docs", "untracked elsewhere"],
)
def test_inputs_that_differ_from_the_commit_are_named(checkout, edit, differing):
    edit(checkout)
    assert checkout_of(checkout).differing == differing
    assert checkout_of(checkout).differs == bool(differing)


def test_without_git_or_in_a_repository_of_something_else_nothing_is_known(tmp_path, monkeypatch):
    top = write(tmp_path, {"other.txt": ""})
    git(top, "init", "--quiet")
    git(top, "add", ".")
    commit(top)
    project = write(top / "build" / "project", {"data/a.csv": "", "_quarto.yml": ""})
    assert checkout_of(project) == Source()
    monkeypatch.setenv("PATH", "")
    assert checkout_of(top) == Source()
