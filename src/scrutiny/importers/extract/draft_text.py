"""A mapping in the making, written as YAML with comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from scrutiny.errors import Problem
from scrutiny.importers.extract.todo import left_to_do


@dataclass
class Draft:
    """A mapping in the making: its keys, and a comment for each that needs one."""

    dataset: str
    keys: dict[str, object] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    score: float = 0
    """How well the dataset fits the file."""

    def text(self, head: Sequence[str]) -> str:
        """Write it as YAML."""
        lines = [f"# {line}" for line in head] + [f"dataset: {self.dataset}"]
        for name, content in self.keys.items():
            lines += _entry(name, content, self.comments)
        return "\n".join(lines) + "\n"

    @property
    def left(self) -> list[Problem]:
        """What is left to the analyst."""
        return list(left_to_do(self.keys, Path()))


def _scalar(value: object) -> str:
    return (
        yaml.safe_dump(value, default_flow_style=True, width=10_000, allow_unicode=True)
        .removesuffix("...\n")
        .strip()
    )


def _entry(
    name: str, content: object, comments: Mapping[str, str], path: str = "", depth: int = 0
) -> Iterator[str]:
    path = f"{path}.{name}" if depth else name
    comment = f"  # {comments[path]}" if path in comments else ""
    indent = "  " * depth
    if isinstance(content, dict):
        yield f"{indent}{_scalar(name)}:{comment}"
        for key, part in content.items():
            yield from _entry(key, part, comments, path, depth + 1)
    else:
        yield f"{indent}{_scalar(name)}: {_scalar(content)}{comment}"
