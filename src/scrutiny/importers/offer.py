"""What source files offer for a dataset, before it is compared with what the dataset has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scrutiny.errors import Location, Problem
from scrutiny.statistics.periods import Period, Quarter


@dataclass(frozen=True)
class Options:
    """What a user may specify: the mapping of an extract, and what the files do not say themselves."""

    mapping: Path | None = None
    as_at: date | None = None
    """The day on which the figures were drawn."""
    quarter: Quarter | None = None
    """The quarter for which they are imported; later figures of an extract are refused, of open data skipped."""


_MOST_SPANS = 20
"""Of rows in more pieces only the first, the last and the number are kept."""


class Rows:
    """Rows of a source file that one figure is counted from, in the order of the file."""

    def __init__(self) -> None:
        self._spans: list[list[int]] = []
        self._count = 0

    def add(self, row: int) -> None:
        """Add a row, which comes after those before it."""
        self._count += 1
        if self._spans and self._spans[-1][1] + 1 >= row:
            self._spans[-1][1] = row
        elif len(self._spans) <= _MOST_SPANS:
            self._spans.append([row, row])
        else:
            # It is too scattered already: only the end counts.
            self._spans[-1][1] = row

    @property
    def first(self) -> int:
        """The first of them."""
        return self._spans[0][0]

    def __str__(self) -> str:
        if len(self._spans) > _MOST_SPANS:
            return f"{self._spans[0][0]}-{self._spans[-1][1]}/{self._count}"
        return "+".join(str(first) if first == last else f"{first}-{last}" for first, last in self._spans)


@dataclass(frozen=True)
class OfferedRow:
    """Cells of a row for a dataset, by column, and where the row comes from; absent columns are empty."""

    cells: Mapping[str, str]
    place: Location
    rows: str = ""
    """The rows of the source file that it was counted from, as `Rows` writes them; empty for that of its place."""
    kind: str = ""
    """Kind of the source file."""


@dataclass(frozen=True)
class Offer:
    """What source files offer for one dataset, what was refused, and notes for the analyst on how it was read."""

    dataset: str
    rows: tuple[OfferedRow, ...]
    refused: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: str) -> Offer:
        """Say of each row of which kind its source file is."""
        return replace(self, rows=tuple(replace(row, kind=kind) for row in self.rows))


def period_cells(period: Period) -> dict[str, str]:
    """Give the cells that hold a period."""
    return {"period_start": period.start.isoformat(), "period_end": period.end.isoformat()}
