"""Mapping files: what the columns and cells of a force's own extract mean for a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.extract.durations import Duration
from scrutiny.importers.extract.parse import PeriodForm
from scrutiny.inputs.datapackage import FIGURE_FIELDS, DataPackage, Resource
from scrutiny.statistics import periods
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

PERIOD = "period"
"""In a mapping, period_start and period_end together, read from one cell."""
LEAVE_OUT = "leave_out"
_PERIOD_FIELDS = ("period_start", "period_end")
_DAYS = (*_PERIOD_FIELDS, "as_at")
_OPTIONAL = ("symbol", "status", "as_at")


def _as_written(value: object) -> object:
    """Turn a number or a day of YAML back into text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _is_format(text: str) -> str:
    if not all(re.search(f"%{part}", text) for part in ("[YyG]", "[dj]")):
        raise ValueError("write a date format like %d/%m/%Y: %d for the day, %m for the month, %Y for the year")
    return text


def _is_window(text: str) -> str:
    periods.window(periods.Quarter(2020, 1), text)
    return text


def _is_reference(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{1,2}[1-9][0-9]{0,3}", text):
        raise ValueError("a cell is named like B2")
    return text


YamlText = Annotated[str, BeforeValidator(_as_written)]


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Wide(Strict):
    """What the headers of the columns of figures are: a column of the dataset, or ``period``."""

    to: str


class MappingFile(Strict):
    """What an extract means for one dataset; its keys are explained in `docs/reference/import.md`."""

    dataset: str
    description: str | None = None
    sheet: str | None = None
    header_row: int | None = Field(default=None, ge=1)
    header_rows: int = Field(default=1, ge=1, le=5)
    columns: dict[str, str] = Field(default_factory=dict)
    wide: Wide | None = None
    constants: dict[str, YamlText] = Field(default_factory=dict)
    period: PeriodForm | None = None
    window: Annotated[str, AfterValidator(_is_window)] | None = None
    as_at_cell: Annotated[str, AfterValidator(_is_reference)] | None = None
    dates: tuple[Annotated[str, AfterValidator(_is_format)], ...] = ()
    scale: Decimal | None = Field(default=None, gt=0)
    duration: Duration = False
    values: dict[str, dict[str, YamlText]] = Field(default_factory=dict)
    absent: dict[str, Literal["x", "z", "c", "leave_out"]] = Field(default_factory=dict)
    marks: dict[str, Literal["", "p", "r"]] = Field(default_factory=dict)
    footnotes: tuple[YamlText, ...] = ()
    fill_down: tuple[str, ...] = ()
    leave_out: dict[str, tuple[YamlText, ...]] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        targets = [*self.columns.values(), *self.constants, *([self.wide.to] if self.wide else [])]
        if twice := next((name for name in targets if targets.count(name) > 1), None):
            raise ValueError(f"{twice} is given twice, in columns, wide or constants")
        if self.wide is None and "value" not in targets:
            raise ValueError("no column is the value: add it to columns, or describe its columns with wide")
        if self.wide is not None and "value" in targets:
            raise ValueError("with wide, the figures are in the columns that wide describes; leave out value")
        if (PERIOD in targets) != (self.period is not None):
            raise ValueError("period gives the form of a period in columns or wide; give both or neither")
        ways = [PERIOD in targets, self.window is not None, all(name in targets for name in _PERIOD_FIELDS)]
        if sum(ways) != 1:
            what = "give the period in one way"
            raise ValueError(f"{what}: period in columns or wide, a window, or period_start and period_end")
        if not (self.columns or self.header_row):
            raise ValueError("without named columns, give the row of the header as header_row")
        if self.as_at_cell and "as_at" in targets:
            raise ValueError("as_at is given twice")
        for mark in self.marks:
            if re.fullmatch(r"\w*[0-9]\w*", mark):
                raise ValueError(f"the mark {mark!r} could be digits of a figure")
        return self

    @property
    def wide_to(self) -> str:
        """What the headers of the columns of figures are; empty without any."""
        return self.wide.to if self.wide else ""


def load_mapping(path: Path, package: DataPackage) -> tuple[MappingFile, Resource]:
    """Read a mapping file, and the description of its dataset; raises WrongInput with all mistakes."""
    mapping = load_model(path, MappingFile)
    by_name = {resource.name: resource for resource in package.resources}
    if mapping.dataset not in by_name:
        what = f"there is no dataset {mapping.dataset!r}"
        raise WrongInput(Problem(what, Location(path, column="dataset"), nearest(mapping.dataset, by_name)))
    resource = by_name[mapping.dataset]
    if problems := [*_wrong_columns(mapping, resource, path), *_wrong_values(mapping, resource, path)]:
        raise WrongInput(problems)
    return mapping, resource


def _wrong_columns(mapping: MappingFile, resource: Resource, path: Path) -> Iterator[Problem]:
    names = [field.name for field in resource.fields]
    known = [*names, PERIOD]
    given = {f"columns.{source}": target for source, target in mapping.columns.items()}
    given |= {f"constants.{name}": name for name in mapping.constants}
    given |= {"wide.to": mapping.wide.to} if mapping.wide else {}
    for key, target in (given | {f"values.{name}": name for name in mapping.values}).items():
        if target not in known:
            what = f"{resource.name} has no column {target!r}"
            yield Problem(what, Location(path, column=key), nearest(target, known))
    covered = {*given.values(), *(_PERIOD_FIELDS if mapping.period or mapping.window else ())}
    for name in names:
        if name not in covered and name not in _OPTIONAL and name != "value":
            what = f"the mapping does not say what {name} is"
            yield Problem(what, Location(path), f"add it to columns or to constants, as {name}: …")


def _wrong_values(mapping: MappingFile, resource: Resource, path: Path) -> Iterator[Problem]:
    fields = {field.name: field for field in resource.fields}
    given = [(f"constants.{name}", name, value) for name, value in mapping.constants.items()]
    given += [
        (f"values.{name}.{source}", name, value)
        for name, translations in mapping.values.items()
        for source, value in translations.items()
    ]
    for key, name, value in given:
        if name in _DAYS and not _is_day(value):
            what = f"{value!r} is not a date"
            yield Problem(what, Location(path, column=key), "write an existing day as 2020-06-30")
        known = resource.source_names if name == "source" else None
        if (name in fields and name not in FIGURE_FIELDS) or name in ("area", "statistic", "symbol", "status"):
            known = fields[name].constraints.enum
        if known is not None and value not in known:
            what = f"the column {name} of {resource.name} has no {value!r}"
            yield Problem(what, Location(path, column=key), nearest(value, known))
