"""What a report says, read from its workspace."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePosixPath
from typing import Any

from scrutiny.errors import Problem, WrongInput
from scrutiny.execution.provenance import FILE as ORIGINS
from scrutiny.execution.provenance import ReportProvenance, read_provenance
from scrutiny.inputs.project import INPUTS
from scrutiny.narrative.syntax import Shortcode, replace_shortcodes, shortcodes, split_front_matter, unwrap_values
from scrutiny.review.tables import Grid, parse_csv, plain_caption
from scrutiny.text import one_line
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.manifest import FILE as MANIFEST
from scrutiny.workspace.skeleton import QUARTER_FILE, SECTIONS
from scrutiny.workspace.write import DOWNLOADS, VALUES

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BETWEEN_PARAGRAPHS = re.compile(r"\n(?=[ \t]*(?:\n|\||(?:[-*+:]|\d+[.)])[ \t]))")
"""Items of a list and rows of a table are paragraphs of their own."""
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}$")
_HEADING = "# "


@dataclass(frozen=True)
class ValueText:
    """What a value says, and its unrounded number where that is known."""

    text: str
    number: Fraction | None = None


@dataclass(frozen=True)
class ShownTable:
    """The data of a table or figure, and its caption without Markdown, where that is known."""

    caption: str
    grid: Grid


@dataclass(frozen=True)
class WrittenSection:
    """A section of the narrative with the files that it includes.

    Its paragraphs are on one line each, with values by name; `names` are the values that it quotes and the labels
    of the tables and figures that it shows.
    """

    file: str
    title: str
    paragraphs: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Contents:
    """What a report says, named as the user named it; `facts` are commit, engine and versions that made it."""

    name: str
    quarter: str
    facts: Mapping[str, str]
    values: Mapping[str, ValueText]
    shown: Mapping[str, ShownTable]
    sections: tuple[WrittenSection, ...]


def is_workspace(folder: Path) -> bool:
    """Whether a folder is a built workspace."""
    return (folder / INPUTS).is_dir() and (folder / QUARTER_FILE).is_file()


def read_contents(folder: Path, name: str) -> Contents:
    """Read what the report in a workspace says, under the name that the user gave it."""
    try:
        listed = json.loads((folder / VALUES).read_text(encoding="utf-8"))
        # Earlier versions did not write where numbers come from.
        provenance = read_provenance(folder) if (folder / ORIGINS).is_file() else ReportProvenance({}, {})
        numbers = {value: record.number for value, record in provenance.values.items()}
        values = {value: ValueText(str(text), numbers.get(value)) for value, text in listed["values"].items()}
        captions = {label: plain_caption(record.text) for label, record in provenance.shown.items()}
        shown = {
            path.stem: ShownTable(captions.get(path.stem, ""), parse_csv(path.read_text(encoding="utf-8")))
            for path in sorted((folder / DOWNLOADS).glob("*.csv"))
        }
        sections = tuple(_read_sections(folder, values))
        return Contents(name, str(listed["quarter"]), _read_facts(folder), values, shown, sections)
    except WrongInput as error:
        problems = [Problem(f"{name}: {problem}") for problem in error.problems]
    except FileNotFoundError as error:
        what = f"{Path(error.filename).name} is missing: an older scrutiny built this, or it is damaged"
        problems = [Problem(f"{name}: {what}", hint="build the report again")]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        problems = [Problem(f"{name}: the workspace is damaged: {error}", hint="build the report again")]
    raise WrongInput(problems)


def _read_facts(folder: Path) -> dict[str, str]:
    """Read a manifest of any version; `scrutiny verify` judges one that is missing or damaged."""
    with suppress(OSError, ValueError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return facts_of(manifest) if manifest and isinstance(manifest, dict) else {}
    return {}


def facts_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Give how a report was made, as far as is known: commit, engine, versions of Python and packages."""
    parts = (manifest.get(key) for key in ("source", "engine", "packages"))
    source, engine, packages = (part if isinstance(part, dict) else {} for part in parts)
    commit = source.get("commit", manifest.get("commit")) or "none"
    facts = {
        "commit": f"{commit} with changes" if source.get("differs") else commit,
        "engine": " ".join(str(engine[key]) for key in ("name", "version") if key in engine),
        "Python": manifest.get("python", ""),
        **dict(sorted(packages.items())),
    }
    return {str(name): str(text) for name, text in facts.items() if text}


def _read_sections(folder: Path, values: Mapping[str, ValueText]) -> Iterator[WrittenSection]:
    def value_of(code: Shortcode) -> str:
        value = values.get(code.argument) if code.name == "var" else None
        return value.text if value else f"({' '.join((code.name, *code.arguments))})"

    for code in shortcodes((folder / QUARTER_FILE).read_text(encoding="utf-8")):
        if file := code.included:
            text = _expand(folder, file, ())
            quoted = (found for found in shortcodes(text) if found.name in ("var", "embed") and found.arguments)
            names = frozenset(found.arguments[0].rpartition("#")[2] for found in quoted)
            paragraphs = tuple(_paragraphs(text))
            heading = next((one for one in paragraphs if one.startswith(_HEADING)), "")
            title = _ATTRIBUTES.sub("", heading.removeprefix(_HEADING)) or Path(file).stem
            yield WrittenSection(file, replace_shortcodes(title, value_of), paragraphs, names)


def _expand(folder: Path, file: str, through: tuple[str, ...]) -> str:
    """Read a file of narrative with those that it includes, except the generated annex."""
    # Nothing outside the workspace is read.
    if file in through or file == ANNEX or PurePosixPath(file).parent.as_posix() != SECTIONS:
        return ""
    text = split_front_matter((folder / file).read_text(encoding="utf-8"))[2]
    return replace_shortcodes(
        text, lambda code: _expand(folder, code.included, (*through, file)) if code.included else None
    )


def _paragraphs(text: str) -> Iterator[str]:
    for block in _BETWEEN_PARAGRAPHS.split(unwrap_values(_COMMENT.sub("", text))):
        if line := one_line(block):
            yield line
