"""What a mapping that was begun by the program leaves to the analyst."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput

TODO = "TODO"
"""Stands in a mapping that `scrutiny mapping` began for what is left to the analyst."""


def left_to_do(content: object, path: Path, key: str = "") -> Iterator[Problem]:
    """Find what `scrutiny mapping` has left to the analyst."""
    if isinstance(content, dict):
        for name, part in content.items():
            yield from left_to_do(TODO if name == TODO else part, path, f"{key}.{name}".strip("."))
    elif isinstance(content, list):
        for part in content:
            yield from left_to_do(part, path, key)
    elif content == TODO:
        instead = f"write what belongs there in place of {TODO}"
        yield Problem("this mapping is not finished", Location(path, column=key), instead)


def require_finished(content: object, path: Path) -> None:
    """Refuse a mapping in which something is left to do; raises WrongInput."""
    if problems := list(left_to_do(content, path)):
        raise WrongInput(problems)
