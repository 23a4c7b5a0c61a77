"""The pages of docs/: help texts are those of the commands, and the site builds with every link checked."""

from __future__ import annotations

import html
import importlib.util
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fixtures.projects import ROOT

import scrutiny.notebook

PAGES = sorted((ROOT / "docs").rglob("*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


def test_the_help_texts_are_those_of_the_commands():
    found = importlib.util.spec_from_file_location("write_help", ROOT / "docs" / "write_help.py")
    write_help = importlib.util.module_from_spec(found)
    found.loader.exec_module(write_help)
    page = write_help.PAGE.read_text(encoding="utf-8")
    assert page == write_help.with_help(page), "run: make docs"
    assert (
        tuple(re.findall(r"^## scrutiny (\S+)\n\n(?!<)(?:.+\n)+\n<!-- help: \1 -->", page, re.MULTILINE))
        == write_help.COMMANDS
    )


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    decisions = (ROOT / "docs" / "explanation" / "decisions" / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"\]\(([^)#]+\.md)\)", index)) | {
        f"explanation/decisions/{name}" for name in re.findall(r"\]\(([^)#]+\.md)\)", decisions)
    }
    assert {path.relative_to(ROOT / "docs").as_posix() for path in PAGES} - listed == {"index.md"}


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/README.md"])
def test_links_and_files_named_outside_the_site_are_there(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []
    assert [name for name in re.findall(r"docs/[\w/-]+\.md", text) if not (ROOT / name).is_file()] == []


def test_files_of_docs_that_the_project_names_are_there():
    places = ("src", "data", "params", "sections", "notebooks", "panache.toml", "pyproject.toml")
    files = [file for place in places for file in [ROOT / place, *(ROOT / place).rglob("*")] if file.is_file()]
    named = {
        (file.relative_to(ROOT).as_posix(), name)
        for file in files
        if file.suffix in {".py", ".yaml", ".yml", ".qmd", ".ipynb", ".toml"}
        for name in re.findall(r"docs/[\w/-]+\.md", file.read_text(encoding="utf-8"))
    }
    assert named
    assert sorted((file, name) for file, name in named if not (ROOT / name).is_file()) == []


def test_the_site_asks_nothing_of_the_network(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r'<(?:script|img|iframe)[^>]* src="?(?:https?:)?//[^">]*', text) == []
        assert re.findall(r'<link[^>]*href="?(?:https?:)?//[^">]*', text) == []


@pytest.mark.parametrize("name", scrutiny.notebook.__all__)
def test_the_api_page_has_each_name_with_its_signature_and_docstring(site, name):
    page = html.unescape(re.sub(r"<[^>]+>", "", (site / "reference" / "api.html").read_text(encoding="utf-8")))
    text = " ".join(page.split())
    member = getattr(scrutiny.notebook, name)
    first = inspect.cleandoc(member.__doc__).split("\n\n")[0]
    assert " ".join(first.replace("`", "").split()) in text
    if inspect.isfunction(member):
        for parameter in inspect.signature(member).parameters:
            assert re.search(rf"{name}\s?\([^)]*\b{parameter}\b", text)
