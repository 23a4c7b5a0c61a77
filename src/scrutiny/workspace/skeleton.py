"""The files that are the same for every quarter: settings, main document, assets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.check import all_problems
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.syntax import shortcodes, split_front_matter
from scrutiny.yaml_models import FastLoader, parse_yaml, read_text

SETTINGS = "_quarto.yml"
SECTIONS = "sections"
QUARTER_FILE = f"{SECTIONS}/_quarter.qmd"
ASSETS = (
    "reference.docx",
    "report.css",
    *(
        f"filters/{name}.lua"
        for name in (
            *("annex", "blocks", "callouts", "data", "finish", "floats", "landscape", "layout"),
            *("origins", "page", "word"),
        )
    ),
    *(f"html/{name}" for name in ("origins.js", "template.html")),
    *(f"pandoc/{name}.lua" for name in ("conditional", "crossref")),
    *(f"typst/{name}.typ" for name in ("bundled", "page", "typst-show", "typst-template")),
)
"""Files of `assets/` that the engines read."""
_HINT = "take it from the program's repository"


def check_skeleton(root: Path) -> None:
    """Raise WrongInput if one of them is missing or cannot be read.

    Likewise if the main document omits the sections, or the report claims to be in another language than English.
    """
    problems = all_problems(lambda: _check_settings(root), lambda: _check_main_document(root))
    problems += [
        Problem("this file is missing", Location(f"assets/{name}"), _HINT)
        for name in ASSETS
        if not (root / "assets" / name).is_file()
    ]
    if problems:
        raise WrongInput(problems)


def _check_settings(root: Path) -> None:
    if problems := list(_language_problems(_mapping(read_text(root / SETTINGS, SETTINGS), SETTINGS), SETTINGS)):
        raise WrongInput(problems)


def _language_problems(content: Mapping[str, object], file: str) -> Iterator[Problem]:
    for key, text in _texts(content):
        if key.rpartition(".")[2] == "lang" and not re.fullmatch(r"en(-.+)?", text):
            what = f"the report would claim to be in the language {text!r}, but the program writes English alone"
            yield Problem(what, Location(file, column=key), "write en-GB: a screen reader would read it wrongly")


def _check_main_document(root: Path) -> None:
    text = read_text(root / MAIN, MAIN)
    front_matter = _mapping(split_front_matter(text)[0], MAIN, first_line=2)
    problems = list(_language_problems(front_matter, MAIN))
    if "title" not in front_matter:
        hint = 'add title: "{{< var report.title >}}"'
        problems.append(Problem("the front matter has no title", Location(MAIN), hint))
    if not any(code.included and code.arguments == (QUARTER_FILE,) and code.alone for code in shortcodes(text)):
        what = f"{QUARTER_FILE} is not included, so the report would have no sections"
        problems.append(Problem(what, Location(MAIN), f"add the line {{{{< include {QUARTER_FILE} >}}}}"))
    if problems:
        raise WrongInput(problems)


def _mapping(text: str, shown_as: str, first_line: int = 1) -> Mapping[str, object]:
    content = parse_yaml(text, Path(shown_as), first_line)
    if not isinstance(content, Mapping):
        raise WrongInput(Problem("this file is empty, or holds no keys and values", Location(shown_as), _HINT))
    return content


def metadata_keys(folder: Path) -> set[str]:
    """Return the keys that `meta` can ask for: those of the settings and the main document, dotted."""
    front_matter = split_front_matter((folder / MAIN).read_text(encoding="utf-8"))[0]
    settings = (folder / SETTINGS).read_text(encoding="utf-8")
    return {key for text in (settings, front_matter) for key, _ in _texts(yaml.load(text, FastLoader))}


def _texts(level: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in level.items():
        if isinstance(value, Mapping):
            yield from _texts(value, f"{prefix}{key}.")
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
