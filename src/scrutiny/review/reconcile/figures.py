"""The figures of a published report."""

from __future__ import annotations

from dataclasses import dataclass

from scrutiny.statistics import ledger
from scrutiny.statistics.stated import BASES, COMPARISONS, LEVELS, StatedFigure

STATISTICS = (*LEVELS, *(f"{name}{base}" for name in COMPARISONS for base in BASES))


@dataclass(frozen=True, kw_only=True)
class PublishedFigure(StatedFigure):
    """A figure at one place of the published report.

    Parameters
    ----------
    row : int
        Line of the file of published figures; `line` is that of the published report.
    place : str
        The same in words, "Part: what".
    ours : str
        Where our report has it: a measure, or a dataset with values of its columns; empty for nowhere.
    why_not : str
        Why our report does not have it.
    """

    row: int
    place: str
    printed: str
    ours: str = ""
    why_not: str = ""

    @property
    def part(self) -> str:
        """The part of the report that it is in."""
        return self.place.partition(": ")[0]


Ledger = ledger.Ledger[PublishedFigure]
Entry = ledger.Entry[PublishedFigure]
