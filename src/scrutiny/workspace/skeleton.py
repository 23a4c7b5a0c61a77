"""The files that are the same for every quarter: settings, main document, assets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.syntax import (
    shortcodes,
    split_front_matter,
)
from scrutiny.yaml_models import FastLoader, parse_yaml, read_text

SETTINGS = "_quarto.yml"
SECTIONS = "sections"
QUARTER_FILE = f"{SECTIONS}/_quarter.qmd"
ASSETS = (
    "reference.docx",
    "report.css",
    *(
        f"filters/{name}.lua"
        for name in ("annex", "blocks", "callouts", "data", "finish", "floats", "origins", "page", "word")
    ),
    *(f"html/{name}" for name in ("origins.js", "template.html")),
    *(f"pandoc/{name}.lua" for name in ("conditional", "crossref")),
    *(f"typst/{name}.typ" for name in ("bundled", "page", "typst-show", "typst-template")),
)
"""Files of `assets/` that the engines read."""


def check_skeleton(root: Path) -> None:
    """Judge the files that are the same for every quarter: settings, main document, assets.

    Raises
    ------
    WrongInput
        If one is missing or cannot be read, or the main document does not include the sections.
    """
    problems: list[Problem] = []
    try:
        _mapping(read_text(root / SETTINGS, SETTINGS), SETTINGS)
    except WrongInput as error:
        problems += error.problems
    try:
        text = read_text(root / MAIN, MAIN)
        front_matter = _mapping(split_front_matter(text)[0], MAIN, first_line=2)
        if "title" not in front_matter:
            problems.append(
                Problem("the front matter has no title", Place(MAIN), 'add title: "{{< var report.title >}}"')
            )
        includes = [code.arguments for code in shortcodes(text) if code.name == "include" and code.alone]
        if (QUARTER_FILE,) not in includes:
            what = f"{QUARTER_FILE} is not included, so the report would have no sections"
            problems.append(Problem(what, Place(MAIN), f"add the line {{{{< include {QUARTER_FILE} >}}}}"))
    except WrongInput as error:
        problems += error.problems
    problems += [
        Problem("this file is missing", Place(f"assets/{name}"), "take it from the program's repository")
        for name in ASSETS
        if not (root / "assets" / name).is_file()
    ]
    if problems:
        raise WrongInput(problems)


def _mapping(text: str, shown_as: str, first_line: int = 1) -> Mapping[str, object]:
    content = parse_yaml(text, Path(shown_as), first_line)
    if not isinstance(content, Mapping):
        what = "this file is empty, or holds no keys and values"
        raise WrongInput(Problem(what, Place(shown_as), "take it from the program's repository"))
    return content


def metadata_keys(folder: Path) -> set[str]:
    """Give the keys that `meta` can ask for: those of the project and of the skeleton, dotted."""
    front_matter = split_front_matter((folder / MAIN).read_text(encoding="utf-8"))[0]
    both = (folder / SETTINGS).read_text(encoding="utf-8"), front_matter
    keys: set[str] = set()

    def collect(level: Mapping[str, object], path: str) -> None:
        for key, value in level.items():
            if isinstance(value, Mapping):
                collect(value, f"{path}{key}.")
            elif isinstance(value, str):
                keys.add(f"{path}{key}")

    for text in both:
        collect(yaml.load(text, FastLoader), "")
    return keys
