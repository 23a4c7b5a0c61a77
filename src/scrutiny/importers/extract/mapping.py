"""Mapping files: what the columns and cells of a force's own extract mean for a dataset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.importers.extract.durations import Duration
from scrutiny.importers.extract.parse import PeriodForm
from scrutiny.importers.extract.todo import require_finished
from scrutiny.importers.files.cells import plain, visible
from scrutiny.inputs.datapackage import FIGURE_FIELDS, DataPackage, Resource
from scrutiny.statistics import periods
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, parse_yaml, read_text, validate_model

PERIOD = "period"
"""In a mapping, period_start and period_end together, read from one cell."""
LEAVE_OUT = "leave_out"
_PERIOD_FIELDS = ("period_start", "period_end")
DAYS = (*_PERIOD_FIELDS, "as_at")
_OPTIONAL = ("symbol", "status", "as_at")
_NOT_WIDE = ("value", "symbol", "status", *DAYS)
_ADD_UP = ("count", "fte", "gbp_million", "respondents", "satisfied", "change", "change_on_previous_quarter")
_TIMES = ("minutes", "seconds")
_NUMBER = re.compile(r"[-+(£]*[0-9][0-9,. ]*[%)]*")


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


def alike(text: str) -> str:
    """Give the name of a column, or a label, for comparison."""
    return plain(visible(text))


def lettered(name: str) -> int | None:
    """Give the position of a column named by its letter, ``column A``; None for any other name."""
    if not (found := re.fullmatch(r"column ([A-Z]{1,2})", name)):
        return None
    position = 0
    for letter in found[1]:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position - 1


def adds_up(statistic: str) -> bool:
    """Whether figures of parts add up to that of the whole, as counts do and percentages or averages do not."""
    return statistic in _ADD_UP


def unit(statistic: str) -> str:
    """Give what figures are counted in, which is the same for those that one scale suits."""
    if statistic.startswith(("percent", "point")):
        return "percent"
    return "count" if statistic.startswith("change") or statistic in ("respondents", "satisfied") else statistic


class Wide(Strict):
    """What the headers of the columns of figures are: a column of the dataset, or ``period``."""

    to: str


class MappingFile(Strict):
    """What an extract means for one dataset; its keys are explained in `docs/reference/import.md`."""

    dataset: str
    description: str | None = None
    files: tuple[str, ...] = ()
    together_with: tuple[str, ...] = ()
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
    keep: dict[str, tuple[YamlText, ...]] = Field(default_factory=dict)
    join: dict[str, Annotated[tuple[str, ...], Field(min_length=2)]] = Field(default_factory=dict)
    sum: tuple[str, ...] = ()
    zeros_omitted: bool = False
    ignore: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _targets_fit(self) -> Self:
        if wrong := next((name for name in ("value", PERIOD) if name in self.constants), None):
            raise ValueError(f"{wrong} is read from the file, so it cannot be one of the constants")
        if self.wide and self.wide.to in _NOT_WIDE:
            raise ValueError(f"wide cannot be {self.wide.to}: write period, statistic or what is counted")
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
        if not (self.header_row or any(lettered(name) is None for name in self.needed)):
            raise ValueError("without named columns, give the row of the header as header_row")
        if self.as_at_cell and "as_at" in targets:
            raise ValueError("as_at is given twice")
        return self

    @model_validator(mode="after")
    def _columns_fit(self) -> Self:
        if not all(visible(name) for name in (*self.needed, *self.ignore)):
            raise ValueError('a column without a name is named by its letter: "column A"')
        if twice := _twice(self.columns):
            raise ValueError(f"the column {twice!r} is given twice in columns")
        needed = {alike(name) for name in self.needed}
        if wrong := next((name for name in self.ignore if alike(name) in needed), None):
            raise ValueError(f"the column {wrong!r} is needed, so it cannot be ignored")
        for name in self.join:
            if self.columns.get(name, "value") == "value":
                raise ValueError(f"the column {name!r} is joined: say in columns what it is, other than value")
            if alike(name) in needed:
                raise ValueError(f"the file has a column {name!r}, so choose another name for what is joined")
        for name, values in self.keep.items():
            left_out = {alike(value) for value in self.leave_out.get(name, ())}
            if both := next((value for value in values if alike(value) in left_out), None):
                raise ValueError(f"keep and leave_out both have {both!r} of {name}")
        return self

    @model_validator(mode="after")
    def _labels_fit(self) -> Self:
        for name, translations in self.values.items():
            if twice := _twice(translations):
                raise ValueError(f"{twice!r} is given twice in values.{name}")
            for mark in self.footnotes:
                if label := next((each for each in translations if each.endswith(mark) and each != mark), None):
                    raise ValueError(
                        f"{label!r} in values.{name} ends with the footnote {mark!r}: write it without"
                    )
        if twice := _twice(self.absent):
            raise ValueError(f"{twice!r} is given twice in absent")
        if number := next((text for text in self.absent if _NUMBER.fullmatch(text)), None):
            raise ValueError(f"{number!r} in absent could be a figure")
        for mark in self.marks:
            if re.fullmatch(r"\w*[0-9]\w*", mark):
                raise ValueError(f"the mark {mark!r} could be digits of a figure")
        if not all(visible(text) for text in self.notes):
            raise ValueError("a note needs a text by which it is known")
        return self

    @model_validator(mode="after")
    def _figures_fit(self) -> Self:
        if self.scale is not None and len({unit(name) for name in self.statistics}) > 1:
            kinds = " and ".join(self.statistics)
            raise ValueError(f"scale would multiply all figures, {kinds}: take them in by two mappings")
        if self.duration and (wrong := [name for name in self.statistics if unit(name) not in _TIMES]):
            raise ValueError(f"with duration, figures are minutes or seconds, not {' and '.join(wrong)}")
        if self.duration and self.scale is not None:
            raise ValueError("duration says already in what unit times are: leave scale out")
        if self.sum and (wrong := [name for name in self.statistics if not adds_up(name)]):
            raise ValueError(f"sum adds up counts, but {' and '.join(wrong)} cannot be added up")
        if self.zeros_omitted and not self.sum:
            raise ValueError("zeros_omitted is about sums: name the columns to add up under sum")
        return self

    @property
    def statistics(self) -> tuple[str, ...]:
        """What its figures can be; empty if only the file says so."""
        if "statistic" in self.constants:
            return (self.constants["statistic"],)
        return tuple(dict.fromkeys(self.values.get("statistic", {}).values()))

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have; names of joined ones are the mapping's own."""
        own = [name for name in self.columns if name not in self.join]
        parts = [part for parts in self.join.values() for part in parts]
        return tuple(dict.fromkeys([*own, *parts, *self.fill_down, *self.leave_out, *self.keep, *self.sum]))

    @property
    def says_when(self) -> bool:
        """Whether it says when the figures were drawn."""
        return "as_at" in (*self.columns.values(), *self.constants) or self.as_at_cell is not None

    @property
    def wide_to(self) -> str:
        """What the headers of the columns of figures are; empty without any."""
        return self.wide.to if self.wide else ""


def _twice(names: Iterable[str]) -> str | None:
    """Find a name that is there before, but for case, spaces or dashes."""
    seen: set[str] = set()
    for name in names:
        if alike(name) in seen:
            return name
        seen.add(alike(name))
    return None


def load_mapping(path: Path, package: DataPackage) -> tuple[MappingFile, Resource]:
    """Read a mapping file, and the description of its dataset; raises WrongInput with all mistakes."""
    content = parse_yaml(read_text(path, path), path)
    require_finished(content, path)
    mapping = validate_model(content, MappingFile, path)
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
        if name in DAYS and not _is_day(value):
            what = f"{value!r} is not a date"
            yield Problem(what, Location(path, column=key), "write an existing day as 2020-06-30")
        known = resource.source_names if name == "source" else None
        if (name in fields and name not in FIGURE_FIELDS) or name in ("area", "statistic", "symbol", "status"):
            known = fields[name].constraints.enum
        if known is not None and value not in known:
            what = f"the column {name} of {resource.name} has no {value!r}"
            yield Problem(what, Location(path, column=key), nearest(value, known))
