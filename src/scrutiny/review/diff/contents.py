"""What a report says, as its workspace holds it: the side of a comparison."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from scrutiny.errors import Problem, WrongInput
from scrutiny.execution.provenance import FILE as ORIGINS
from scrutiny.execution.provenance import Origins, read_origins
from scrutiny.inputs.project import INPUTS
from scrutiny.narrative.syntax import Shortcode, replace_shortcodes, shortcodes, split_front_matter, unwrap_values
from scrutiny.text import one_line
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.manifest import FILE as MANIFEST
from scrutiny.workspace.skeleton import QUARTER_FILE, SECTIONS
from scrutiny.workspace.write import DOWNLOADS, VALUES

Grid = tuple[tuple[str, ...], ...]
"""Rows of cells, the heads of the columns first."""

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BETWEEN_PARAGRAPHS = re.compile(r"\n(?=[ \t]*(?:\n|\||(?:[-*+:]|\d+[.)])[ \t]))")
"""Items of a list and rows of a table are paragraphs of their own."""
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}$")
_ESCAPED = re.compile(r"\\([^\w\s])")
_HEADING = "# "


@dataclass(frozen=True)
class Said:
    """What a value says, and its unrounded number where that is known."""

    text: str
    number: Fraction | None = None


@dataclass(frozen=True)
class Shown:
    """A table or figure: its caption without its Markdown, empty where that is not known, and its data."""

    caption: str
    grid: Grid


@dataclass(frozen=True)
class Section:
    """A section of the narrative, what it includes put in.

    Parameters
    ----------
    file : str
        Such as ``sections/05-crime.qmd``.
    paragraphs : tuple of str
        Each on one line; a value stands in it by its name.
    names : frozenset of str
        Values that it quotes, and labels of the tables and figures that it shows.
    """

    file: str
    title: str
    paragraphs: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contents:
    """What a report says.

    Parameters
    ----------
    name : str
        As the user named it.
    facts : mapping of str to str
        How it was made: commit, engine, versions of packages.
    shown : mapping of str to Shown
        Tables and figures by label.
    sections : tuple of Section
        In the order of the report.
    """

    name: str
    quarter: str
    facts: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Said] = field(default_factory=dict)
    shown: Mapping[str, Shown] = field(default_factory=dict)
    sections: tuple[Section, ...] = ()


def is_workspace(folder: Path) -> bool:
    """Whether a folder is a built workspace."""
    return (folder / INPUTS).is_dir() and (folder / QUARTER_FILE).is_file()


def read_contents(folder: Path, name: str) -> Contents:
    """Read what the report in a workspace says.

    Parameters
    ----------
    folder : Path
        The workspace; it is only read.
    name : str
        As the user named it.

    Raises
    ------
    WrongInput
        If a file of it is damaged.
    """
    try:
        listed = json.loads((folder / VALUES).read_text(encoding="utf-8"))
        # One of an earlier version does not say where its numbers come from.
        origins = read_origins(folder) if (folder / ORIGINS).is_file() else Origins({}, {})
        numbers = {value: traced.number for value, traced in origins.values.items()}
        values = {value: Said(str(text), numbers.get(value)) for value, text in listed["values"].items()}
        captions = {
            label: _ESCAPED.sub(r"\1", traced.text.replace("**", "")) for label, traced in origins.shown.items()
        }
        shown = {
            path.stem: Shown(captions.get(path.stem, ""), _grid(path))
            for path in sorted((folder / DOWNLOADS).glob("*.csv"))
        }
        sections = tuple(_sections(folder, values))
        return Contents(name, str(listed["quarter"]), facts_of(folder), values, shown, sections)
    except WrongInput as error:
        raise WrongInput([Problem(f"{name}: {problem}") for problem in error.problems]) from None
    except FileNotFoundError as error:
        what = f"{name}: {Path(error.filename).name} is missing: an older scrutiny built this, or it is damaged"
        raise WrongInput(Problem(what, None, "build the report again")) from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        what = f"{name}: the workspace is damaged: {error}"
        raise WrongInput(Problem(what, None, "build the report again")) from None


def facts_of(folder: Path) -> dict[str, str]:
    """Give what a manifest says of how the report was made; nothing where there is none.

    A manifest of any version serves, and of a damaged one what can be read: `scrutiny verify` judges it.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(manifest, dict):
        return {}
    source, engine, packages = (_mapping(manifest, key) for key in ("source", "engine", "packages"))
    commit = source.get("commit", manifest.get("commit"))
    return made_with(
        commit=str(commit or "none"),
        differs=bool(source.get("differs")),
        engine=" ".join(str(engine[key]) for key in ("name", "version") if key in engine),
        python=str(manifest.get("python", "")),
        packages={str(name): str(version) for name, version in packages.items()},
    )


def made_with(
    *, commit: str, differs: bool, python: str, packages: Mapping[str, str], engine: str = ""
) -> dict[str, str]:
    """Put the facts of how a report was made under the names by which they are told; unknown ones are left out."""
    facts = {
        "commit": f"{commit} with changes" if differs else commit,
        "engine": engine,
        "Python": python,
        **dict(sorted(packages.items())),
    }
    return {name: text for name, text in facts.items() if text}


def _mapping(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _grid(path: Path) -> Grid:
    rows = [tuple(row) for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))]
    width = max((len(row) for row in rows), default=0)
    return tuple(row + ("",) * (width - len(row)) for row in rows)


def _sections(folder: Path, values: Mapping[str, Said]) -> Iterator[Section]:
    def said(code: Shortcode) -> str:
        value = values.get(code.argument) if code.name == "var" else None
        return value.text if value else f"({' '.join((code.name, *code.arguments))})"

    main = (folder / QUARTER_FILE).read_text(encoding="utf-8")
    for code in shortcodes(main):
        if file := code.included:
            text = _whole(folder, file, ())
            codes = [found for found in shortcodes(text) if found.arguments]
            names = frozenset(
                found.arguments[0].rpartition("#")[2] for found in codes if found.name in ("var", "embed")
            )
            paragraphs = tuple(_paragraphs(text))
            title = next((one for one in paragraphs if one.startswith(_HEADING)), "")
            title = _ATTRIBUTES.sub("", title.removeprefix(_HEADING)) or Path(file).stem
            yield Section(file, replace_shortcodes(title, said), paragraphs, names)


def _whole(folder: Path, file: str, through: tuple[str, ...]) -> str:
    """Give a file of narrative, what it includes put in; the generated annex is none of it."""
    # Of a workspace, nothing outside it is read.
    if file in through or file == ANNEX or PurePosixPath(file).parent.as_posix() != SECTIONS:
        return ""
    text = split_front_matter((folder / file).read_text(encoding="utf-8"))[2]
    return replace_shortcodes(
        text, lambda code: _whole(folder, code.included, (*through, file)) if code.included else None
    )


def _paragraphs(text: str) -> Iterator[str]:
    for block in _BETWEEN_PARAGRAPHS.split(unwrap_values(_COMMENT.sub("", text))):
        if line := one_line(block):
            yield line
