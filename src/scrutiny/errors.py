"""A user's mistakes: one family of exceptions, which are printed without a traceback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Location:
    """Where in a user's file a mistake is.

    Parameters
    ----------
    line : int, optional
        Line of a text file or row of a table, from 1, header included.
    column : str, optional
        Column of a table or key of a YAML file.
    """

    file: Path | str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        text = str(self.file)
        if self.line is not None:
            text += f":{self.line}"
        if self.column:
            text += f" ({self.column})"
        return text


@dataclass(frozen=True)
class Problem:
    """One mistake: what is wrong, its location, and what to write instead."""

    message: str
    location: Location | None = None
    hint: str | None = None

    def __str__(self) -> str:
        text = f"{self.location}: {self.message}" if self.location else self.message
        if self.hint:
            text += f"\n    {self.hint}"
        return text


class ScrutinyError(Exception):
    """Mistakes that the user can fix, all at once; the command line prints them and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, problems: str | Problem | Sequence[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class CheckFound(ScrutinyError):
    """A check found something."""

    exit_code = 1


class WrongUse(ScrutinyError):
    """The command was misused: an unknown quarter, an engine that is not installed."""

    exit_code = 2


class WrongInput(ScrutinyError):
    """Data, parameters, notebooks' labels or narrative are wrong."""

    exit_code = 3


class NotebookFailed(ScrutinyError):
    """A cell of a notebook raised."""

    exit_code = 4


class EngineFailed(ScrutinyError):
    """The engine could not make a document."""

    exit_code = 5


IN_PART = 6
"""Exit code of a verification that found nothing wrong, but could not compare everything."""
