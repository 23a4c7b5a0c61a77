"""What the linters of `make test` find in a section, and what they leave alone."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from fixtures.projects import FIXTURES, ROOT

SLIPS = [
    ("a level of headings left out", "# A\n\n### B\n", 3, "heading-hierarchy"),
    ("an id twice", "# A {#sec-a}\n\n# B {#sec-a}\n", 3, "duplicate-reference-labels"),
    ("a comment behind an id", "# A {#sec-a} <!-- ask -->\n", 1, "heading-eaten-attrs"),
    ("a row with a cell too many", "| A | B |\n|---|---|\n| 1 | 2 | 3 |\n", 3, "table-column-count"),
    ("a list glued to a paragraph", "Offences:\n- burglary\n- robbery\n", 2, "swallowed-list-marker"),
    ("an item without text", "- burglary\n-\n- robbery\n", 2, "empty-list-item"),
    ("a block glued to a paragraph", "Mind:\n::: {.callout-note}\nText.\n:::\n", 2, "stray-fenced-div-markers"),
    ("an end of no block", "Text.\n\n:::\n", 3, "stray-fenced-div-markers"),
    ("a reference as the address of a link", "See [there](@fig-a).\n", 1, "crossref-as-link-target"),
    ("an address as the text of its link", "[https://a.org/](https://a.org/)\n", 1, "link-text-is-url"),
    ("a link without address", "See [there][nowhere].\n", 1, "undefined-reference-label"),
    ("a footnote without text", "Crime.[^one]\n", 1, "undefined-footnote-id"),
    ("a footnote that is not used", "Crime.\n\n[^one]: Its text.\n", 3, "unused-footnote-id"),
    ("a footnote written the wrong way round", "Crime.[^of all kinds]\n", 1, "reversed-footnote-marker"),
    ("two footnotes side by side", "Crime.[^a][^b]\n\n[^a]: A.\n\n[^b]: B.\n", 1, "adjacent-footnote-refs"),
    ("a character that does not exist", "Crime &nbps; fell.\n", 1, "html-entities"),
    ("front matter that cannot be read", "---\nstated:\n  - text: a\n   source: b\n---\n", 4, "yaml-parse-error"),
]  # fmt: skip

MISSPELT = "We recieved the color,\nand the behavior.\n"
SPELT = "The organisation recognised the colour, analysed its behaviour and its licensing.\n"


def run(program: str, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    found = shutil.which(program, path=sysconfig.get_path("scripts"))
    assert found, f"{program} is not in the virtual environment"
    return subprocess.run([found, *arguments], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> set[tuple[str, int, str]]:
    """Give file, line and rule of what the linter of the markup finds in the slips, each a section of its own."""
    folder = tmp_path_factory.mktemp("slips")
    shutil.copyfile(ROOT / "panache.toml", folder / "panache.toml")
    for name, text, _, _ in SLIPS:
        (folder / f"{name}.qmd").write_text(text, encoding="utf-8")
    done = run("panache", "lint", "--message-format", "short", ".", folder=folder)
    assert done.returncode == 1
    said = re.findall(r"^(.+)\.qmd:(\d+):\d+: \w+\[([\w-]+)\]", done.stdout, re.MULTILINE)
    return {(Path(name).name, int(line), rule) for name, line, rule in said}


@pytest.mark.parametrize(("name", "line", "rule"), [(name, line, rule) for name, _, line, rule in SLIPS])
def test_a_slip_is_found(found, name, line, rule):
    assert (name, line, rule) in found


def test_all_the_syntax_passes(tmp_path):
    shutil.copyfile(ROOT / "panache.toml", tmp_path / "panache.toml")
    shutil.copytree(FIXTURES / "syntax" / "sections", tmp_path / "sections")
    done = run("panache", "lint", "sections", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "No issues found in 5 file(s)\n"), done.stdout


def test_spelling_is_british(tmp_path):
    (tmp_path / "a.qmd").write_text(MISSPELT, encoding="utf-8")
    (tmp_path / "b.qmd").write_text(SPELT, encoding="utf-8")
    done = run("codespell", "--toml", ROOT / "pyproject.toml", "a.qmd", "b.qmd", folder=tmp_path)
    assert done.stdout.splitlines() == [
        "a.qmd:1: recieved ==> received",
        "a.qmd:1: color ==> colour",
        "a.qmd:2: behavior ==> behaviour",
    ]
