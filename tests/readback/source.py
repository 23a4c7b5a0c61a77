"""A report's sources read back: its sections in order, with what they embed of the executed notebooks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

from readback.document import tidy

_INCLUDE = re.compile(r"\{\{< include (\S+) >\}\}")
_EMBED = re.compile(r"\{\{< embed (\S+)#(\S+) >\}\}")
_VAR = re.compile(r"\[?\{\{< var (\S+) >\}\}(?:\]\{[^}]*\})?")
_HEADING = re.compile(r"(#+) (.*?)(?:\s+\{.*\})?")


@dataclass
class Embedded:
    label: str
    caption: str
    alternative_text: str | None
    rows: list[list[str]]
    """Cells of the table, the row of its heads first; none for a figure."""
    right_aligned: list[int]


@dataclass
class Source:
    outline: list[tuple[int, str]] = field(default_factory=list)
    """Headings, and captions of what is embedded as level 0, in the order of the narrative."""
    embedded: list[Embedded] = field(default_factory=list)

    @property
    def tables(self) -> list[Embedded]:
        return [embedded for embedded in self.embedded if embedded.rows]

    @property
    def figures(self) -> list[Embedded]:
        return [embedded for embedded in self.embedded if not embedded.rows]


def read_source(workspace: Path) -> Source:
    variables = yaml.safe_load((workspace / "_variables.yml").read_text(encoding="utf-8"))
    source = Source()
    for line in _lines(workspace, "report.qmd"):
        if heading := _HEADING.fullmatch(line):
            source.outline.append((len(heading[1]), _plain(heading[2], variables)))
        elif embed := _EMBED.fullmatch(line):
            source.embedded.append(_embedded(workspace / embed[1], embed[2], variables))
            source.outline.append((0, source.embedded[-1].caption))
    return source


def _lines(workspace: Path, name: str) -> list[str]:
    found: list[str] = []
    for line in (workspace / name).read_text(encoding="utf-8").splitlines():
        include = _INCLUDE.fullmatch(line)
        # The annex is written by the program (test_annex.py).
        if include and include[1] != "sections/_origins.qmd":
            found += _lines(workspace, include[1])
        elif not include:
            found.append(line)
    return found


def _embedded(notebook: Path, label: str, variables: dict[str, Any]) -> Embedded:
    cells = nbformat.read(notebook, as_version=4).cells
    (cell,) = [cell for cell in cells if re.search(rf"^#\| label: {re.escape(label)}$", cell.source, re.MULTILINE)]
    markdown = "\n".join(output["data"].get("text/markdown", "") for output in cell.outputs)
    head, rule, *rows = [line for line in markdown.splitlines() if line.startswith("|")] or ["", ""]
    return Embedded(
        label,
        _plain(cell.metadata.get("fig-cap") or cell.metadata["tbl-cap"], variables),
        cell.metadata.get("fig-alt"),
        [[_plain(text, variables) for text in _cells(row)] for row in (head, *rows)] if head else [],
        [at for at, dashes in enumerate(_cells(rule)) if dashes.endswith("-:")],
    )


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _plain(markdown: str, variables: dict[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found: Any = variables
        for part in match[1].split("."):
            found = found[part]
        return str(found)

    text = re.sub(r"\[([^\]]*)\]\{\.part\}", r"\1", _VAR.sub(value, markdown)).replace("&nbsp;", "\u00a0")
    return tidy(re.sub(r"\\(.)", r"\1", text.replace("**", "")))
