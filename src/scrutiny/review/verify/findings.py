"""What a verification compared, and what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scrutiny.errors import Location, Problem
from scrutiny.review.compare import Difference
from scrutiny.text import visible

LONGEST = 160
"""The number of characters shown of either side."""


class Part(StrEnum):
    """The part of a workspace that a comparison is about."""

    FILES = "files"
    NOTEBOOKS = "notebooks"
    VALUES = "values"
    DOCUMENTS = "documents"


class Verdict(StrEnum):
    """The result of a comparison, or of all of them: then in part, if something could not be compared."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPARED = "not compared"
    IN_PART = "verified in part"


@dataclass(frozen=True)
class Compared:
    """One comparison of the workspace with the same computed again.

    Parameters
    ----------
    cell : str
        Label or position of the notebook's cell, if it is about one.
    what : str
        What was compared, such as "source" or "table".
    count : int
        The number of things compared: cells of a table, values, lines.
    note : str
        How it was compared, where that matters, or why it was not.
    done : bool
        Whether it could be compared.
    """

    part: Part
    file: str
    cell: str = ""
    what: str = ""
    count: int = 1
    differences: tuple[Difference, ...] = ()
    note: str = ""
    done: bool = True

    @property
    def verdict(self) -> Verdict:
        """The result."""
        if self.differences:
            return Verdict.DIFFERS
        return Verdict.AGREES if self.done else Verdict.NOT_COMPARED

    def as_record(self) -> dict[str, Any]:
        """Give the content of its JSON."""
        return {
            "part": self.part,
            "file": self.file,
            "cell": self.cell or None,
            "what": self.what,
            "count": self.count,
            "verdict": self.verdict,
            "note": self.note or None,
            "differences": [
                {"what": one.what, "here": one.before, "again": one.after} for one in self.differences
            ],
        }


def differing(part: Part, file: str, what: str) -> Compared:
    """Report a file that cannot be compared in detail."""
    return Compared(part, file, differences=(Difference(what),))


def problems_of(compared: Iterable[Compared]) -> list[Problem]:
    """Give the differences of several comparisons, each with its place."""
    return [
        Problem(
            in_words(difference),
            Location(visible(one.file), column=f"cell {one.cell.removeprefix('cell ')}" if one.cell else None),
        )
        for one in compared
        for difference in one.differences
    ]


def in_words(difference: Difference) -> str:
    """Write a difference on one line; a no-break space becomes a blank."""
    what, before, after, _ = difference
    if before is not None or after is not None:
        here, again = ("nothing" if text is None else f'"{text}"' for text in shorten(before, after))
        what = f"{what}: here {here}, computed anew {again}"
    return visible(what).replace("\N{NO-BREAK SPACE}", " ")


def shorten(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Shorten two long texts to the surroundings of the place where they first differ."""
    texts = (before or "", after or "")
    if max(map(len, texts)) <= LONGEST:
        return before, after
    parting = next((at for at, signs in enumerate(zip(*texts, strict=False)) if len(set(signs)) > 1), 0)
    begin = max(parting - LONGEST // 3, 0)
    end = begin + LONGEST
    one, other = (f"{'…' if begin else ''}{text[begin:end]}{'…' if len(text) > end else ''}" for text in texts)
    return None if before is None else one, None if after is None else other
