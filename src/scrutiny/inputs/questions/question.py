"""A question that the data raise: not wrong by itself, but someone has to say why it is so."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from scrutiny.errors import Place, Problem
from scrutiny.files import content_digest
from scrutiny.text import line_numbers

_ID_LENGTH = 10


@dataclass(frozen=True)
class Question:
    """A question, and the figures that it concerns.

    Parameters
    ----------
    check : str
        Name of the check that raises it.
    file : str
        As the user would name it.
    value : str
        What stands there.
    what : str
        What is striking.
    expected : str
        What was expected instead.
    lines : tuple of int
        Of the other rows that it concerns.
    figures : tuple of str
        The keys and values that an answer is about. Neither lines nor other figures are among them, so that
        an answer holds when rows are added or sorted.
    """

    check: str
    dataset: str
    file: str
    line: int
    column: str
    value: str
    what: str
    expected: str
    lines: tuple[int, ...]
    figures: tuple[str, ...]

    @property
    def id(self) -> str:
        """Name and sum of the figures concerned: another question once they change."""
        return f"{self.check}-{content_digest(self.check, self.dataset, *self.figures)[:_ID_LENGTH]}"

    @property
    def problem(self) -> Problem:
        """As mistakes are told."""
        what = f"{self.what}; see {line_numbers(self.lines)}" if self.lines else self.what
        return Problem(what, Place(self.file, self.line, self.column), f"expected: {self.expected}")

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` takes."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Make it from what was remembered."""
        return cls(**{**content, "lines": tuple(content["lines"]), "figures": tuple(content["figures"])})


@dataclass(frozen=True)
class Outcome:
    """What a check found in one dataset.

    Parameters
    ----------
    held : int
        How often what it expects was so.
    """

    held: int
    questions: tuple[Question, ...] = ()
