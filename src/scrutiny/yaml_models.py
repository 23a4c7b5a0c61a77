"""YAML files of the project, read into strict pydantic models with mistakes told by file and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, RootModel, ValidationError
from pydantic_core import ErrorDetails

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.suggest import nearest
from scrutiny.text import require_plain_text

_KEYS = "keys and their values"
_BELONGS = {
    "string": "text",
    "model": _KEYS,
    "dict": _KEYS,
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "finite": "a number",
    "date": "a date such as 2020-06-30",
    "list": "a list",
    "tuple": "a list",
}
"""What belongs where pydantic finds a mistake, by the first word of its type."""
_BOUNDS = {
    "greater_than": "more than {gt:,} belongs here",
    "greater_than_equal": "{ge:,} or more belongs here",
    "less_than": "less than {lt:,} belongs here",
    "less_than_equal": "{le:,} or less belongs here",
    "too_long": "this is longer than {max_length:,}",
    "string_too_long": "this is longer than {max_length:,} characters",
    "string_pattern_mismatch": "this is not written in the form that the documentation gives",
}


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=BaseModel)


FastLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads as `yaml.SafeLoader` does, ten times as fast where PyYAML comes with its C library."""

_DEEPEST = 50
"""So deep may what PyYAML's C library reads be: it calls itself for each level, until Python crashes."""
_MERGE = "tag:yaml.org,2002:merge"


class _UniqueKeys(yaml.constructor.SafeConstructor):
    """A loader that refuses a key written twice, where plain YAML keeps the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = ["<<" if key.tag == _MERGE else self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if node.value[position][0].tag == _MERGE:
                raise yaml.MarkedYAMLError(
                    problem="the key << is not known here; write the keys out",
                    problem_mark=node.value[position][0].start_mark,
                )
            if key in keys[:position]:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} is written twice",
                    problem_mark=node.value[position][0].start_mark,
                )
        return super().construct_mapping(node, deep)


class _Telling(_UniqueKeys, yaml.SafeLoader):
    """Says in words that people know what is wrong."""


class _Fast(_UniqueKeys, FastLoader):  # type: ignore[misc, valid-type]
    """Reads what is right."""


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
    with suppress(yaml.YAMLError, ValueError):
        if not _is_deep(text):
            return yaml.load(text, _Fast)
    try:
        return yaml.load(text, _Telling)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + first_line if error.problem_mark else None
        raise WrongInput(
            Problem(
                f"not valid YAML: {error.problem}",
                Location(shown_as, line),
                "mend the line, or the one above it",
            )
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        # ValueError: what looks like a date and is none.
        raise WrongInput(
            Problem(f"not valid YAML: {error}", Location(shown_as), "mend it, or put it in quotes")
        ) from None
    except RecursionError:
        raise WrongInput(
            Problem("not valid YAML: nested too deeply", Location(shown_as), "write it flatter")
        ) from None


def _is_deep(text: str) -> bool:
    """Whether there are more levels of lists and mappings than `_DEEPEST`; what is below these is not read."""
    depth = 0
    for event in yaml.parse(text, FastLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False


def read_text(path: Path, shown_as: Path | str) -> str:
    """Read a user's text file: UTF-8, with or without a byte order mark.

    Raises
    ------
    WrongInput
        If it is missing, a folder, of another encoding, or no plain text.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise WrongInput(Problem("not UTF-8 text", Location(shown_as), "save the file as UTF-8")) from None
    except IsADirectoryError:
        what = "this is a folder, and a file belongs here"
        raise WrongInput(Problem(what, Location(shown_as), "move it away, and put the file there")) from None
    except OSError:
        raise WrongInput(Problem("this file is missing", Location(shown_as), "put it back")) from None
    require_plain_text(text, shown_as)
    return text


def load_model(path: Path, model: type[Model], shown_as: Path | None = None) -> Model:
    """Read a YAML file into a model.

    Raises
    ------
    WrongInput
        With every mistake of the file: absent, not YAML, unknown key, wrong type.
    """
    shown_as = shown_as or path
    return validate_model(parse_yaml(read_text(path, shown_as), shown_as), model, shown_as)


def validate_model(content: Any, model: type[Model], shown_as: Path) -> Model:
    """Validate what a YAML file held; mistakes are told by file and key."""
    if content is None:
        content = {}
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise WrongInput(_problems(error.errors(), model, content, shown_as)) from None


def in_words(error: ErrorDetails) -> str:
    """Say what is wrong in words of people who know YAML, and nothing of how it is read."""
    kind, context = error["type"], error.get("ctx", {})
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(**context)
    if kind in ("string_too_short", "too_short"):
        least = context["min_length"]
        return "this is empty" if least == 1 else f"this is shorter than {least}"
    if kind in ("enum", "literal_error"):
        return f"{context['expected'].replace('True', 'true').replace('False', 'false')} belongs here"
    if kind == "missing":
        return "this key is missing"
    if kind == "extra_forbidden":
        return "this key is not known here"
    if belongs := _BELONGS.get(kind.partition("_")[0]):
        return f"{belongs} belong{'s' * (belongs != _KEYS)} here"
    message = error["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _problems(
    errors: Iterable[ErrorDetails], model: type[BaseModel], content: Any, shown_as: Path
) -> list[Problem]:
    """Give the mistakes, those of one place that may hold one of several kinds as one."""
    by_place: dict[tuple[int | str, ...], list[ErrorDetails]] = {}
    for error in errors:
        # What other mistakes made unknown is none by itself.
        if error["type"] != "default_factory_not_called":
            place = error["loc"]
            is_kind = error["type"].split("_")[0] in _BELONGS and place[-1:] not in ((), ("[key]",))
            if is_kind and not _is_there(place, content):
                place = place[:-1]
            by_place.setdefault((*place, "" if place != error["loc"] else error["type"]), []).append(error)
    problems = []
    for place, same in by_place.items():
        first = same[0]
        if len(same) > 1:
            kinds = dict.fromkeys(_BELONGS[one["type"].split("_")[0]] for one in same)
            first = {**first, "type": "kinds", "msg": f"{' or '.join(kinds)} belongs here"}
        problems.append(_problem({**first, "loc": place[:-1]}, model, content, shown_as))
    return problems


def _is_there(location: tuple[int | str, ...], content: Any) -> bool:
    """Whether a location leads somewhere, and does not end with the name of a kind."""
    for part in location:
        try:
            content = content[part]
        except (LookupError, TypeError):
            return False
    return True


def _problem(error: ErrorDetails, model: type[BaseModel], content: Any, shown_as: Path) -> Problem:
    place = Location(shown_as, column=".".join(_location(error["loc"], content)) or None)
    if error["type"] == "invalid_key" or (error["loc"] and error["loc"][-1] == "[key]"):
        return Problem("this key is not text", place, f'put it in quotes: "{error["input"]}"')
    if error["type"] in ("model_type", "model_attributes_type", "dict_type"):
        known = _keys(model, error["loc"])
        return Problem(
            in_words(error),
            place,
            "write them on lines of their own, as key: value" + (f"; known: {', '.join(known)}" if known else ""),
        )
    if error["type"] == "extra_forbidden":
        return Problem(
            in_words(error),
            place,
            nearest(str(error["loc"][-1]), _keys(model, error["loc"][:-1])),
        )
    if error["type"] == "missing":
        return Problem(in_words(error), place, f"add {error['loc'][-1]}: …")
    message, given, hint = in_words(error), error["input"], None
    if given is None:
        message += ", and nothing does"
    elif isinstance(given, str | int | float | bool) and str(given).strip():
        written = str(given).lower() if isinstance(given, bool) else repr(given)
        message += "" if written in message else f", not {written}"
        hint = f'put it in quotes: "{written}"' if error["type"] == "string_type" else None
    return Problem(message, place, hint)


def _location(location: tuple[int | str, ...], content: Any) -> Iterator[str]:
    level = content
    for part in location:
        if part == "[key]":
            return
        # People count the parts of a list from 1; a mapping may have numbers for keys.
        yield str(part + 1 if isinstance(part, int) and isinstance(level, list) else part)
        try:
            level = level[part]
        except (LookupError, TypeError):
            level = None


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
