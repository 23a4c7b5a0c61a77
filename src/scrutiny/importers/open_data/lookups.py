"""Tables in `data/` that translate open data: forces, offences, outcomes of a search."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.files.cells import plain
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.project import Project

FORCES = "police_forces.csv"
CODES = "offence_codes.csv"
OFFENCES = "offence_groups.csv"
SEARCHES = "stop_and_search_codes.csv"
STREET = "street_categories.csv"

TERRITORIAL = "territorial"
_FOOTNOTES = re.compile(r"(?<=[A-Za-z)])\s*\d+(?:\s*,\s*\d+)*(?=\)?$)|\s*\[[^\]]*\](?=\)?$)")
_RAISED = re.compile(r"\s*[⁰¹²³⁴⁵⁶⁷⁸⁹](?:[\s,˒]*[⁰¹²³⁴⁵⁶⁷⁸⁹])*")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹˒", "0123456789,")


def raised(text: str) -> str:
    """Give a text with raised digits as a footnote in brackets: "104²" is "104 [2]"."""
    return _RAISED.sub(lambda found: f" [{found[0].translate(_LOWERED).strip()}]", text)


def unmarked(label: str) -> str:
    """Give a label without footnotes: "Greater Manchester9", "fraud3)", "North West 7,8", "Robbery [note 3]"."""
    label = " ".join(raised(label).split())
    while (without := _FOOTNOTES.sub("", label)) != label:
        label = without
    return label


def marks(label: str) -> tuple[str, ...]:
    """Give the footnotes of a label: ("7", "8") of "North West 7,8"."""
    label = " ".join(raised(label).split())
    found: list[str] = []
    while removed := _FOOTNOTES.findall(label):
        found[:0] = re.findall(r"\d+", " ".join(removed))
        label = _FOOTNOTES.sub("", label)
    return tuple(found)


def alike(label: str) -> str:
    """Give a name for comparison: "Avon & Somerset" is "Avon and Somerset"."""
    text = plain(unmarked(label)).replace("&", "and")
    text = re.sub(r"\s*-\s*", "-", text)
    text = re.sub(r"^(.*), city of$", r"city of \1", text)
    return re.sub(r"( constabulary| police service| police)$", "", text)


@dataclass(frozen=True)
class Force:
    """A body that records crime (``territorial`` or ``other``), or an area with a ``total``."""

    area: str
    kind: str


@dataclass(frozen=True)
class Offence:
    """A group of offences, of the level ``total``, ``group``, ``subgroup`` or ``knife``."""

    level: str
    name: str
    counted_as: frozenset[tuple[str, str]]
    """Datasets, and the offence as they call it; none where the report has no such figure."""


@dataclass(frozen=True)
class Lookups:
    """The tables of a project, each read on demand."""

    project: Project

    def areas(self, dataset: str) -> tuple[str, ...]:
        """Give the areas that a dataset knows."""
        fields = self.project.datapackage.resource(dataset).fields
        return next((field.constraints.enum or () for field in fields if field.name == "area"), ())

    @cached_property
    def forces(self) -> Mapping[str, Force]:
        """Forces by name, as `alike` writes it; a name that a region has too is the force's."""
        last_territorial = sorted(self._force_rows, key=lambda row: row["kind"] == TERRITORIAL)
        return {alike(row["name"]): Force(row["area"], row["kind"]) for row in last_territorial}

    @cached_property
    def totals(self) -> Mapping[str, str]:
        """Regions and countries by name, as `alike` writes it."""
        return {alike(row["name"]): row["area"] for row in self._force_rows if row["kind"] == "total"}

    @property
    def first_names(self) -> dict[str, str]:
        """The first name of each area in the table."""
        return {row["area"]: row["name"] for row in reversed(self._force_rows)}

    @cached_property
    def _force_rows(self) -> list[dict[str, str]]:
        return self._rows(FORCES, ("name", "area", "kind", "source"), key=("name", "kind"))

    @cached_property
    def codes(self) -> Mapping[str, tuple[str, str]]:
        """Group and subgroup of each offence code."""
        columns = ("code", "description", "group", "subgroup", "source")
        return {row["code"]: (row["group"], row["subgroup"]) for row in self._rows(CODES, columns, key=("code",))}

    @cached_property
    def offences(self) -> Mapping[tuple[str, str], Offence]:
        """Groups and subgroups by level and name, as `alike` writes it."""
        columns = ("level", "name", "same_as", "dataset", "offence", "source", "remark")
        rows = self._rows(OFFENCES, columns, key=("level", "name", "dataset"))
        counted: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for row in rows:
            if row["dataset"]:
                counted[row["level"], row["same_as"] or row["name"]].add((row["dataset"], row["offence"]))
        offences = {}
        for row in rows:
            level, name = row["level"], row["same_as"] or row["name"]
            offences[level, alike(row["name"])] = Offence(level, name, frozenset(counted[level, name]))
        return offences

    def search_codes(self, column: str) -> Mapping[str, str]:
        """Values of a column of stop and search records, and what each is counted as; "" if it is not."""
        columns = ("column", "value", "counted_as", "source")
        return {
            row["value"]: row["counted_as"]
            for row in self._rows(SEARCHES, columns, key=("column", "value"))
            if row["column"] == column
        }

    def street_categories(self) -> Mapping[str, str]:
        """Categories of street-level crime, and what each is counted as; "" if it is not."""
        rows = self._rows(STREET, ("value", "counted_as", "source"), key=("value",))
        return {row["value"]: row["counted_as"] for row in rows}

    def _rows(self, name: str, columns: Sequence[str], key: Sequence[str]) -> list[dict[str, str]]:
        file = f"data/{name}"
        header, records, problems = read_records(self.project.data / name, file, columns)
        rows = [(line, dict(zip(header, cells, strict=True))) for line, cells in records]
        lines: dict[tuple[str, ...], int] = {}
        for line, row in rows:
            first = lines.setdefault(tuple(row[column] for column in key), line)
            if first != line:
                what = f"lines {first} and {line} have the same {', '.join(key)}"
                problems.append(Problem(what, Location(file, line), "keep one of the two"))
        if problems:
            raise WrongInput(problems)
        return [row for _, row in rows]
