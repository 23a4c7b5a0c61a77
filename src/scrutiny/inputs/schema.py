"""Datasets read from their CSV files, validated against the data package and the rules of figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.datapackage import ALWAYS_REQUIRED, LINE, Field, Resource
from scrutiny.inputs.rules import RULES
from scrutiny.suggest import nearest

if TYPE_CHECKING:
    import pandera.pandas as pa

SHOWN_PROBLEMS = 20
"""How many mistakes of one file are shown at a time."""

_SIGNIFICANT_DIGITS = 15  # as many as a float keeps, so that no figure is altered


def read_dataset(resource: Resource, path: Path, cache: Cache = NOTHING) -> pd.DataFrame:
    """Read and validate a dataset, or take over what was read from the same content and found valid.

    Parameters
    ----------
    path : Path
        The CSV file: UTF-8, with or without a byte order mark.

    Returns
    -------
    pandas.DataFrame
        A row a figure in the order of the file, with the data package's columns in its order (dates as
        datetime64, numbers as float64, integers as Int64, text as str with "" for an empty cell) and
        the column `line`, the line of the file.

    Raises
    ------
    WrongInput
        With all mistakes found, of which the first 20 are shown.
    """

    def read() -> pd.DataFrame:
        frame, problems = _validated(resource, path)
        if problems:
            raise WrongInput(_first(problems, f"data/{resource.path}"))
        text = [field.name for field in resource.fields if field.type == "string"]
        return frame.fillna(dict.fromkeys(text, "")).reset_index()[[*frame.columns, LINE]]

    return cache.remember(
        "rows", lambda: resource.key(path, cache), read, _to_json, lambda kept: _from_json(resource, kept)
    )


def dataset_problems(resource: Resource, path: Path) -> list[Problem]:
    """Return all mistakes of a dataset, however many; see `read_dataset`."""
    try:
        _, problems = _validated(resource, path)
    except WrongInput as error:
        return list(error.problems)
    return _by_line(problems)


def _to_json(rows: pd.DataFrame) -> dict[str, list[Any]]:
    def plain(cell: Any) -> Any:
        if pd.isna(cell):
            return None
        return f"{cell:%Y-%m-%d}" if isinstance(cell, date) else cell

    return {str(name): [plain(cell) for cell in column.tolist()] for name, column in rows.items()}


def _from_json(resource: Resource, columns: Mapping[str, list[Any]]) -> pd.DataFrame:
    dtypes = {field.name: _TYPES[field.type].dtype for field in resource.fields} | {LINE: "int64"}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=dtype) for name, dtype in dtypes.items()})


def _validated(resource: Resource, path: Path) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a dataset, indexed by the lines of the file, and find what is wrong with it."""
    file = f"data/{resource.path}"
    header, whole, problems = read_records(path, file, [field.name for field in resource.fields])
    cells = pd.DataFrame([row for _, row in whole], columns=header, dtype="str")
    cells = cells.set_axis(pd.Index([line for line, _ in whole], dtype="int64", name=LINE))
    cells = cells[[field.name for field in resource.fields]]
    frame, type_problems = _typed(cells, resource, file)
    constraint_problems = _constraint_problems(frame, resource, file)
    problems += type_problems
    # A cell of the wrong type is empty in the frame: it is reported once, not also as missing.
    reported = {problem.location for problem in type_problems}
    problems += [problem for problem in constraint_problems if problem.location not in reported]
    problems += _rule_problems(frame, file, reported={problem.location for problem in problems})
    problems += _duplicate_problems(cells, resource, file)
    return frame, problems


@dataclass(frozen=True)
class _Type:
    """How cells of a field type are written: a parser that raises ValueError, the column's dtype, and a hint."""

    parse: Callable[[str], object]
    dtype: str
    what: str
    instead: str


def _parse_number(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or sum(map(str.isdigit, text)) > _SIGNIFICANT_DIGITS:
        raise ValueError
    return float(text)


def _parse_integer(text: str) -> int:
    if not re.fullmatch(rf"-?[0-9]{{1,{_SIGNIFICANT_DIGITS}}}", text):
        raise ValueError
    return int(text)


def _parse_date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text)


_TYPES: Mapping[str, _Type] = {
    "string": _Type(str, "str", "", ""),
    "number": _Type(
        _parse_number,
        "float64",
        "is not a number",
        "write digits only, such as -1234.5: a plain hyphen for minus, no commas, no % or £, "
        f"at most {_SIGNIFICANT_DIGITS} digits",
    ),
    "integer": _Type(
        _parse_integer, "Int64", "is not a whole number", "write digits only, such as -1234, without commas"
    ),
    "date": _Type(_parse_date, "datetime64[us]", "is not a date", "write an existing day as 2020-06-30"),
}


def _typed(cells: pd.DataFrame, resource: Resource, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Convert text to each field's type; an empty cell, or one of the wrong type, becomes missing."""
    problems: list[Problem] = []
    columns = {}
    for field in resource.fields:
        kind = _TYPES[field.type]
        parsed: list[object] = []
        for line, cell in cells[field.name].items():
            try:
                parsed.append(kind.parse(cell) if cell else None)
            except ValueError:
                parsed.append(None)
                place = Location(file, int(str(line)), field.name)
                problems.append(Problem(f"{cell!r} {kind.what}", place, kind.instead))
        columns[field.name] = pd.Series(parsed, index=cells.index, dtype=kind.dtype)
    return pd.DataFrame(columns, index=cells.index), problems


def _constraint_problems(frame: pd.DataFrame, resource: Resource, file: str) -> list[Problem]:
    """Validate what the data package says of each field, and that sources are the dataset's."""
    # Imported late: the kernels of a build take over what the build has validated.
    import pandera.pandas as pa

    schema = pa.DataFrameSchema(
        {field.name: pa.Column(nullable=True, checks=_checks(field, resource)) for field in resource.fields}
    )
    problems = []
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        fields = {field.name: field for field in resource.fields}
        for case in errors.failure_cases.itertuples():
            what, instead = _failure(case.check, case.failure_case, fields[case.column], resource)
            problems.append(Problem(what, Location(file, int(case.index), case.column), instead))
    return problems


def _checks(field: Field, resource: Resource) -> list[pa.Check]:
    """Return pandera checks whose `error` names the constraint."""
    import pandera.pandas as pa

    limits = field.constraints
    checks = []
    if limits.required or field.name in ALWAYS_REQUIRED:
        checks.append(pa.Check(lambda column: column.notna(), ignore_na=False, error="required"))
    if field.name == "source":
        checks.append(pa.Check.isin(resource.source_names, error="source"))
    if limits.enum is not None:
        checks.append(pa.Check.isin(limits.enum, error="enum"))
    if limits.pattern is not None:
        checks.append(pa.Check.str_matches(rf"(?:{limits.pattern})\Z", error="pattern"))
    if limits.minimum is not None:
        checks.append(pa.Check.ge(_comparable(limits.minimum), error="minimum"))
    if limits.maximum is not None:
        checks.append(pa.Check.le(_comparable(limits.maximum), error="maximum"))
    return checks


def _failure(check: str, value: object, field: Field, resource: Resource) -> tuple[str, str]:
    """Say what is wrong with a cell that fails a check, and what to write instead."""
    limits = field.constraints
    shown = repr(value) if isinstance(value, str) else _plain(value)
    if check == "required":
        return "this cell is empty", f"write {_wanted(field, resource)}"
    if check == "source":
        return f"{shown} is no source of {resource.name}", nearest(str(value), resource.source_names)
    if check == "enum":
        return f"{shown} is not known here", nearest(str(value), limits.enum or ())
    if check == "pattern":
        return f"{shown} is not of the form it has to be", f"it has to match {limits.pattern}"
    bound, side = (limits.minimum, "least") if check == "minimum" else (limits.maximum, "most")
    return f"{shown} is too {'low' if side == 'least' else 'high'}", f"at {side} {bound} is possible"


def _wanted(field: Field, resource: Resource) -> str:
    if field.name == "source":
        return " or ".join(resource.source_names)
    if field.constraints.enum:
        return "one of " + ", ".join(field.constraints.enum)
    return {"date": "a day as 2020-06-30", "string": "a text"}.get(field.type, "a number")


def _comparable(limit: date | float) -> pd.Timestamp | float:
    return pd.Timestamp(limit) if isinstance(limit, date) else limit


def _plain(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _duplicate_problems(cells: pd.DataFrame, resource: Resource, file: str) -> list[Problem]:
    key = list(resource.table_schema.primary_key)
    first_line: dict[tuple[str, ...], int] = {}
    problems = []
    for line, *values in cells[key].itertuples(name=None):
        first = first_line.setdefault(tuple(values), line)
        if first != line:
            problems.append(
                Problem(
                    f"lines {first} and {line} are figures of the same {', '.join(key)}",
                    Location(file, line),
                    "keep one of the two",
                )
            )
    return problems


def _rule_problems(frame: pd.DataFrame, file: str, reported: Set[Location | None]) -> list[Problem]:
    """Judge figures by the rules, except cells already reported."""
    problems = []
    for rule in RULES:
        broken = rule.broken(frame)
        # Almost always none; iterating over no rows takes longer than the rule itself.
        if not broken.any():
            continue
        for row in frame[broken].itertuples():
            places = [Location(file, int(str(row.Index)), column) for column in rule.columns]
            if reported.isdisjoint(places):
                problems.append(Problem(rule.what.format(row=row), places[0], rule.instead))
    return problems


def _first(problems: list[Problem], file: str) -> list[Problem]:
    """Keep the first problems by line, and say how many more there are."""
    shown, others = _by_line(problems)[:SHOWN_PROBLEMS], len(problems) - SHOWN_PROBLEMS
    if others > 0:
        shown.append(Problem(f"and {others} more", Location(file), "mend those above, then try again"))
    return shown


def _by_line(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: (problem.location.line or 0) if problem.location else 0)
