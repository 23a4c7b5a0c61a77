"""Where a figure comes from: the rows it was computed from, and how."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

AS_SUPPLIED = "as it stands in the dataset"
"""Formula of a figure that is a dataset's row."""


@dataclass(frozen=True, order=True)
class SourceRow:
    """A row of a dataset: its name and the line of its file, the header being line 1."""

    dataset: str
    line: int


@dataclass(frozen=True)
class Provenance:
    """Where a figure, or the result of several, comes from.

    Parameters
    ----------
    sources : frozenset of str
        Titles of the systems.
    as_at : date, optional
        The latest day on which one of the rows was drawn.
    statuses : frozenset of str
        Statuses of the rows: published, illustrative, supplied, open.
    formula : str
        How it was computed, in words without a full stop; not compared.
    rounding : int
        The multiple to which disclosure control rounded a figure of it, 1 being whole per cents; 0 if it did not.
    revised, announced : bool
        Whether a row says that it revises what was published, and whether each does or was published itself;
        not compared.
    """

    sources: frozenset[str] = frozenset()
    as_at: date | None = None
    statuses: frozenset[str] = frozenset()
    rows: frozenset[SourceRow] = field(default=frozenset(), repr=False)
    formula: str = field(default=AS_SUPPLIED, compare=False)
    rounding: int = 0
    revised: bool = field(default=False, compare=False)
    announced: bool = field(default=False, compare=False)

    @classmethod
    def union(cls, parts: Iterable[Provenance], formula: str = "") -> Provenance:
        """Combine the provenance of several figures, by default with their formulas, each once."""
        parts = list(parts)
        return cls(
            frozenset().union(*(part.sources for part in parts)),
            max((part.as_at for part in parts if part.as_at), default=None),
            frozenset().union(*(part.statuses for part in parts)),
            frozenset().union(*(part.rows for part in parts)),
            formula or "; ".join(dict.fromkeys(part.formula for part in parts)),
            max((part.rounding for part in parts), default=0),
            any(part.revised for part in parts),
            all(part.announced for part in parts),
        )

    @classmethod
    def of_row(
        cls, source: str, as_at: date, status: str, symbol: str, row: SourceRow, rounding: int = 0
    ) -> Provenance:
        """Give that of a dataset's row."""
        published, revised = status == "published", symbol == "r"
        return cls(
            frozenset({source}),
            as_at,
            frozenset({status}),
            frozenset({row}),
            rounding=rounding,
            revised=revised and not published,
            announced=revised or published,
        )

    @property
    def later(self) -> bool:
        """Whether some of it was neither published nor says that it revises what was."""
        return not self.announced and bool(self.statuses - {"published"})

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return "illustrative" in self.statuses

    def to_json(self) -> dict[str, Any]:
        """Convert to the form that notebook outputs and `origins.json` hold, with lines by dataset."""
        lines = defaultdict(list)
        for row in sorted(self.rows):
            lines[row.dataset].append(row.line)
        return {
            "formula": self.formula,
            "rows": dict(lines),
            "sources": sorted(self.sources),
            "as_at": None if self.as_at is None else self.as_at.isoformat(),
            "statuses": sorted(self.statuses),
        }


PROVENANCE_UNKNOWN = "provenance unknown"
UNKNOWN = Provenance(formula=f"{PROVENANCE_UNKNOWN}: the notebook's own text")
"""Of plain text that a notebook publishes."""
UNKNOWN_IN_PART = Provenance(formula=f"{PROVENANCE_UNKNOWN} for the rest: the notebook's own text")
"""Of plain text beside text whose provenance is known."""
