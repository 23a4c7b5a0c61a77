"""What source files offer for a dataset, before it is compared with what the dataset has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class OfferedRow:
    """Cells of a row for a dataset, by column, and where the row comes from; absent columns are empty."""

    cells: Mapping[str, str]
    place: Location


@dataclass(frozen=True)
class Offer:
    """What source files offer for one dataset, what was refused, and notes for the analyst on how it was read."""

    dataset: str
    rows: tuple[OfferedRow, ...]
    refused: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def period_cells(period: Period) -> dict[str, str]:
    """Give the cells that hold a period."""
    return {"period_start": period.start.isoformat(), "period_end": period.end.isoformat()}
