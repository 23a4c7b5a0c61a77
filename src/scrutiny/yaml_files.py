"""YAML files of the project, read into strict pydantic models with mistakes told by file and key."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, RootModel, ValidationError
from pydantic_core import ErrorDetails

from scrutiny.errors import Place, Problem, WrongInput


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=BaseModel)


class _UniqueKeys(yaml.SafeLoader):
    """A loader that refuses a key written twice, where plain YAML keeps the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} is written twice",
                    problem_mark=node.value[position][0].start_mark,
                )
        return super().construct_mapping(node, deep)


def parse_yaml(text: str, shown_as: Path, first_line: int = 1) -> Any:
    """Parse YAML, with mistakes told by file and line.

    Parameters
    ----------
    text : str
        The YAML.
    shown_as : Path
        The file it comes from, as the user would name it.
    first_line : int
        Line of the file at which `text` begins.

    Raises
    ------
    WrongInput
        If it is not YAML or a key is written twice.
    """
    try:
        return yaml.load(text, _UniqueKeys)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else None
        raise WrongInput(
            Problem(
                f"not valid YAML: {error.problem}",
                Place(shown_as, line),
                "mend the line, or the one above it",
            )
        ) from None
    except yaml.YAMLError as error:
        raise WrongInput(Problem(f"not valid YAML: {error}", Place(shown_as))) from None


def load_model(path: Path, model: type[Model], shown_as: Path | None = None) -> Model:
    """Read a YAML file into a model.

    Raises
    ------
    WrongInput
        With every mistake of the file: absent, not YAML, unknown key, wrong type.
    """
    shown_as = shown_as or path
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WrongInput(Problem("this file is missing", Place(shown_as))) from None
    except UnicodeDecodeError:
        raise WrongInput(Problem("not UTF-8 text", Place(shown_as), "save the file as UTF-8")) from None
    return validate_model(parse_yaml(text, shown_as), model, shown_as)


def validate_model(content: Any, model: type[Model], shown_as: Path) -> Model:
    """Validate what a YAML file held; mistakes are told by file and key."""
    if content is None:
        content = {}
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise WrongInput([_problem(item, model, shown_as) for item in error.errors()]) from None


def nearest(name: str, names: Iterable[str], count: int = 3) -> str:
    """Say which known names are nearest to a wrong one, or list some that exist.

    Returns
    -------
    str
        Such as ``did you mean "quarter"?``, for the `instead` of a problem.
    """
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=count)
    if close:
        return "did you mean " + " or ".join(f'"{other}"' for other in close) + "?"
    if not known:
        return "there are none yet"
    return "known: " + ", ".join(known[:12]) + (", …" if len(known) > 12 else "")


def _problem(error: ErrorDetails, model: type[BaseModel], shown_as: Path) -> Problem:
    # People count from 1.
    location = ".".join(str(part + 1 if isinstance(part, int) else part) for part in error["loc"])
    place = Place(shown_as, column=location or None)
    if error["type"] == "extra_forbidden":
        return Problem(
            "this key is not known here",
            place,
            nearest(str(error["loc"][-1]), _keys(model, error["loc"][:-1])),
        )
    if error["type"] == "missing":
        return Problem("this key is missing", place, f"add {error['loc'][-1]}: …")
    message = error["msg"].removeprefix("Value error, ")
    given = error["input"]
    shown = f", not {given!r}" if isinstance(given, str | int | float | bool) or given is None else ""
    return Problem(message[:1].lower() + message[1:] + shown, place)


def _keys(model: type[BaseModel], location: Iterable[int | str]) -> list[str]:
    """Keys known at a place inside a model; the parts of a list or mapping are models of its kind."""
    level: Any = model
    for part in location:
        if isinstance(level, type) and issubclass(level, RootModel):
            level = level.model_fields["root"].annotation
        if isinstance(level, type) and issubclass(level, BaseModel):
            fields = {field.alias or name: field for name, field in level.model_fields.items()}
            level = fields[str(part)].annotation if str(part) in fields else None
        else:
            models = [
                inner for inner in get_args(level) if isinstance(inner, type) and issubclass(inner, BaseModel)
            ]
            level = models[0] if models else None
    if not (isinstance(level, type) and issubclass(level, BaseModel)):
        return []
    return [field.alias or name for name, field in level.model_fields.items()]
