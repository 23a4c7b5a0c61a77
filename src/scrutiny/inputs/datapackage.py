"""The description of the datasets: `data/datapackage.yaml`, a Frictionless Data Package.

Keys of the standard (https://specs.frictionlessdata.io) that would change how a file is read, such as `dialect` or
`decimalChar`, are not implemented, and so refused rather than ignored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, Self

import pydantic
from pydantic import AfterValidator, model_validator

from scrutiny.cache import Cache
from scrutiny.errors import Problem, WrongInput
from scrutiny.files import file_digest
from scrutiny.inputs.partitions import PartsOf, wrong_parts
from scrutiny.statistics.arithmetic import Number, exact, round_half_away
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

FIGURE_FIELDS = {
    "source": "string",
    "area": "string",
    "period_start": "date",
    "period_end": "date",
    "statistic": "string",
    "value": "number",
    "symbol": "string",
    "status": "string",
    "as_at": "date",
}
"""Fields of every dataset of figures and their types; a topic adds its own."""
PUBLIC = ("published", "open")
"""Statuses of figures that anyone can read elsewhere."""
ALWAYS_REQUIRED = FIGURE_FIELDS.keys() - {"area", "value", "symbol"}
"""Those that no row may leave empty, whatever the data package says."""
LINE = "line"
"""Column of a dataset as read, with the line of the file, the header being line 1."""


def _is_name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", text):
        raise ValueError("a name consists of lower-case letters, digits, _ and -")
    return text


def _is_csv_beside(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*\.csv", text):
        raise ValueError("path is the name of a CSV file in data/")
    return text


def _is_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"pattern is not a regular expression ({error})") from None
    return text


Name = Annotated[str, AfterValidator(_is_name)]
Title = Annotated[str, pydantic.Field(min_length=1)]


class License(Strict):
    """A licence under which the data may be used."""

    name: Title
    title: str | None = None
    path: str | None = None


class Source(Strict):
    """A system or publication that figures come from; its title is for captions, its supplier is a role."""

    name: Name
    title: Title
    supplier: Title | None = None
    path: str | None = None
    email: str | None = None
    description: str | None = None


class Constraints(Strict):
    """What the cells of a field have to satisfy."""

    required: bool = False
    enum: tuple[str, ...] | None = pydantic.Field(default=None, min_length=1)
    pattern: Annotated[str, AfterValidator(_is_pattern)] | None = None
    minimum: date | int | float | None = None
    maximum: date | int | float | None = None


class Field(Strict):
    """A column of a dataset."""

    name: Name
    type: Literal["string", "number", "integer", "date"]
    title: str | None = None
    description: str | None = None
    format: Literal["default"] = "default"
    example: str | None = None
    constraints: Constraints = Constraints()
    parts_of: PartsOf = pydantic.Field(alias="partsOf", default_factory=dict)
    """Values that are totals, and the values that add up to each."""
    follows: str | None = None
    """The field whose value implies this one's, so that rows need not agree in this one to add up."""

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.parts_of and (self.type != "string" or (self.name in FIGURE_FIELDS and self.name != "area")):
            raise ValueError(f"partsOf is for fields that say what is counted, and {self.name} is not one")
        if wrong := wrong_parts(self.parts_of, self.constraints.enum):
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _constraints_fit(self) -> Self:
        limits = self.constraints
        if self.type != "string" and (limits.enum or limits.pattern):
            raise ValueError(f"enum and pattern are for strings, but {self.name} has the type {self.type}")
        for limit in (limits.minimum, limits.maximum):
            wrong_type = self.type == "string" or isinstance(limit, date) != (self.type == "date")
            if limit is not None and wrong_type:
                raise ValueError(f"{limit} is not a limit for {self.name}, which has the type {self.type}")
        return self


class Disclosure(Strict):
    """How small counts are kept from revealing individuals; see `docs/explanation/disclosure.md`."""

    persons: bool = True
    """Whether the counts are of people, as they are taken to be unless the file says otherwise."""
    threshold: int = pydantic.Field(default=5, ge=1)
    """Counts from 1 to below it are hidden."""
    rounding: int = pydantic.Field(default=1, ge=1)
    """Counts shown are rounded to a multiple of it, and percentages to whole ones unless it is 1."""

    @model_validator(mode="after")
    def _rounding_hides_nothing_else(self) -> Self:
        if self.rounded(self.threshold) < self.threshold:
            what = f"rounding to {self.rounding} would show {self.threshold} as less than the threshold"
            raise ValueError(f"{what}; {self.threshold} itself would do")
        return self

    @property
    def rounds(self) -> bool:
        """Whether it changes figures that are shown."""
        return self.persons and self.rounding > 1

    def rounded(self, count: Number) -> int:
        """Round a count to the nearest multiple of `rounding`, halves up."""
        return int(round_half_away(exact(count) / self.rounding)) * self.rounding

    def possible(self, shown: int) -> range:
        """Give the counts that a reader who sees a rounded one may take it to be."""
        return range(max(shown - self.rounding // 2, self.threshold), shown + (self.rounding + 1) // 2) or range(1)


class TableSchema(Strict):
    """The columns of a dataset and its key."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = pydantic.Field(alias="primaryKey", min_length=1)
    missing_values: tuple[Literal[""]] = pydantic.Field(alias="missingValues", default=("",))

    @model_validator(mode="after")
    def _describes_figures(self) -> Self:
        types = {field.name: field.type for field in self.fields}
        if LINE in types:
            raise ValueError(f"no field can be named {LINE!r}, which is kept for the line of the file")
        if twice := _repeated([field.name for field in self.fields]):
            raise ValueError(f"the field {twice!r} is described twice")
        for name, kind in FIGURE_FIELDS.items():
            if types.get(name) != kind:
                raise ValueError(f"a dataset of figures needs a field {name!r} of type {kind}")
        for name in self.primary_key:
            if name not in types:
                raise ValueError(f"primaryKey names {name!r}, which is not a field")
        if "source" not in self.primary_key:
            raise ValueError("source must be part of every primaryKey")
        divided = {field.name for field in self.fields if field.parts_of}
        for name, other in ((field.name, field.follows) for field in self.fields):
            if other is not None and other not in divided - {name}:
                raise ValueError(f"{name} follows {other!r}, which is not another field with partsOf")
        return self


class Resource(Strict):
    """A dataset of figures: the CSV file `path` in `data/`, with figures of the given sources."""

    name: Name
    path: Annotated[str, AfterValidator(_is_csv_beside)]
    title: Title
    description: Title
    profile: str | None = None
    format: Literal["csv"] = "csv"
    mediatype: Literal["text/csv"] = "text/csv"
    encoding: Literal["utf-8"] = "utf-8"
    licenses: tuple[License, ...] = ()
    sources: tuple[Source, ...] = pydantic.Field(min_length=1)
    disclosure: Disclosure = Disclosure()
    table_schema: TableSchema = pydantic.Field(alias="schema")

    @model_validator(mode="after")
    def _each_source_once(self) -> Self:
        if twice := _repeated(self.source_names):
            raise ValueError(f"the source {twice!r} is listed twice")
        return self

    def key(self, path: Path, cache: Cache) -> str:
        """Return the key of what is kept of the dataset: its description and the content of its file."""
        return cache.key(self.model_dump_json(), file_digest(path))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The columns, in the order of the file."""
        return self.table_schema.fields

    @property
    def source_names(self) -> tuple[str, ...]:
        """Names of the systems its figures may come from."""
        return tuple(source.name for source in self.sources)

    @cached_property
    def category_fields(self) -> tuple[Field, ...]:
        """The fields that say what is counted: the key's own and the area, except those that follow another."""
        return tuple(
            field
            for field in self.fields
            if field.name in self.table_schema.primary_key
            and (field.name not in FIGURE_FIELDS or field.name == "area")
            and field.follows is None
        )

    def source_title(self, name: str) -> str:
        """Give a source's title, for captions; KeyError if the dataset has no such source."""
        return {source.name: source.title for source in self.sources}[name]


class DataPackage(Strict):
    """All datasets of the project."""

    profile: str | None = None
    name: Name
    id: str | None = None
    title: Title
    description: str | None = None
    homepage: str | None = None
    version: str | None = None
    created: date | None = None
    keywords: tuple[str, ...] = ()
    contributors: tuple[dict[str, str], ...] = ()
    licenses: tuple[License, ...] = pydantic.Field(min_length=1)
    sources: tuple[Source, ...] = ()
    resources: tuple[Resource, ...]

    @model_validator(mode="after")
    def _each_resource_once(self) -> Self:
        if twice := _repeated([resource.name for resource in self.resources]):
            raise ValueError(f"the dataset {twice!r} is described twice")
        return self

    def resource(self, name: str) -> Resource:
        """Give the description of a dataset; raises WrongInput if there is none of that name."""
        by_name = {resource.name: resource for resource in self.resources}
        if name not in by_name:
            what = f"data/datapackage.yaml has no dataset {name!r}"
            raise WrongInput(Problem(what, hint=nearest(name, by_name)))
        return by_name[name]


def load_datapackage(path: Path) -> DataPackage:
    """Read `data/datapackage.yaml`; raises WrongInput with all its mistakes."""
    return load_model(path, DataPackage, Path("data/datapackage.yaml"))


def _repeated(names: Sequence[str]) -> str | None:
    return next((name for name in names if names.count(name) > 1), None)
