"""A question that the data raise: not a mistake in itself, but someone has to explain it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scrutiny.errors import Location, Problem
from scrutiny.files import content_digest
from scrutiny.text import line_numbers

_ID_LENGTH = 10


@dataclass(frozen=True)
class Question:
    """A question of a check about the value in a cell, and the figures that it concerns."""

    check: str
    dataset: str
    file: str
    line: int
    column: str
    value: str
    what: str
    expected: str
    lines: tuple[int, ...]
    """Lines of the other rows that it concerns."""
    figures: tuple[str, ...]
    """Key and value of what an answer is about, and keys alone of what it is compared with; not lines, so that an
    answer outlasts added and sorted rows."""
    against: Decimal | None = None
    """What the figures that it is compared with come to; None if a revision of them changes nothing."""
    little: Decimal = Decimal(0)
    """By how much they may be revised before the question is asked again."""

    @property
    def id(self) -> str:
        """Name and digest of the figures concerned: once what is answered for changes it is another question."""
        return f"{self.check}-{content_digest(self.check, self.dataset, *self.figures)[:_ID_LENGTH]}"

    @property
    def problem(self) -> Problem:
        """The question in the form of a mistake."""
        what = f"{self.what}; see {line_numbers(self.lines)}" if self.lines else self.what
        return Problem(what, Location(self.file, self.line, self.column), f"expected: {self.expected}")


@dataclass(frozen=True)
class Outcome:
    """What a check found in one dataset: how often its expectation held, and where it did not."""

    held: int
    questions: tuple[Question, ...] = ()
