"""A figure with what must travel along: its symbol, status, source and the rows it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from scrutiny.statistics import arithmetic

AS_SUPPLIED = "as it stands in the dataset"
"""How a figure of a dataset's row came about."""
ILLUSTRATIVE = "i"
ABSENT = ("c", "z", "x")
"""Symbols that stand instead of a figure, the one that a sum takes over first."""

LEGEND = {
    "x": "not supplied",
    "z": "not applicable or not yet due",
    "c": "hidden to protect people",
    "p": "provisional",
    "r": "revised",
    ILLUSTRATIVE: "illustrative: made up so that the report has a figure here, and not a police figure",
}
"""What each symbol of a table means, in the order in which a legend gives them."""


DIFFERENCE = "the later figure less the earlier"
PERCENTAGE_CHANGE = f"{DIFFERENCE}, in per cent of the earlier"
SHARE = "a part in per cent of its whole"
"""How others came about, likewise."""


@dataclass(frozen=True, order=True)
class Row:
    """A row of a dataset: its name and the line of its file, the header being line 1."""

    dataset: str
    line: int


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Parameters
    ----------
    sources : frozenset of str
        Titles of the systems.
    as_at : date, optional
        The latest day on which one of the rows was drawn.
    statuses : frozenset of str
        Statuses of the rows: published, illustrative, supplied, open.
    """

    sources: frozenset[str] = frozenset()
    as_at: date | None = None
    statuses: frozenset[str] = frozenset()
    rows: frozenset[Row] = field(default=frozenset(), repr=False)

    @classmethod
    def union(cls, origins: Iterable[Origin]) -> Origin:
        """Where a figure computed from several comes from."""
        parts = list(origins)
        return cls(
            frozenset().union(*(part.sources for part in parts)),
            max((part.as_at for part in parts if part.as_at), default=None),
            frozenset().union(*(part.statuses for part in parts)),
            frozenset().union(*(part.rows for part in parts)),
        )

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return "illustrative" in self.statuses


@dataclass(frozen=True)
class Datum:
    """A figure, or the symbol that stands in its place.

    Parameters
    ----------
    number : Fraction or None
        The unrounded figure in the unit of its statistic; None where there is none.
    symbol : str
        ``x``, ``z`` or ``c`` where there is no figure; ``p`` or ``r`` beside one; or empty.
    formula : str
        How it came about, in words that follow any figure; no part of what makes two figures the same.
    """

    number: Fraction | None
    symbol: str = ""
    origin: Origin = Origin()
    formula: str = field(default=AS_SUPPLIED, compare=False)

    def __post_init__(self) -> None:
        if (self.number is None) != (self.symbol in ABSENT):
            raise ValueError(f"a figure {self.number!r} cannot have the symbol {self.symbol!r}")

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols shown beside or instead of the figure, ``i`` for an illustrative one included."""
        shown = (self.symbol,) if self.symbol else ()
        return (*shown, ILLUSTRATIVE) if self.number is not None and self.origin.illustrative else shown

    def marked(self, text: str) -> str:
        """Give the text shown for the figure with its symbols, or the symbol alone: ``134,069 [p]``."""
        marks = " ".join(f"[{symbol}]" for symbol in self.symbols)
        return marks if self.number is None else f"{text} {marks}".rstrip()


NOT_SUPPLIED = Datum(None, "x", formula="no row of the dataset gives it")
NOT_APPLICABLE = Datum(None, "z", formula="not applicable, or not yet due")


def combine(data: Iterable[Datum], number: Fraction | None, formula: str) -> Datum:
    """Make the datum of a number computed from others, with their symbols and origins.

    Parameters
    ----------
    data : iterable of Datum
        What it is computed from. If one is absent, so is the result, with that one's symbol (hidden
        before not applicable before not supplied).
    number : Fraction or None
        The computed number; None where it does not apply, such as a percentage change from zero.
    formula : str
        How it is computed, in words.
    """
    parts = list(data)
    origin = Origin.union(part.origin for part in parts)
    absent = [part.symbol for part in parts if part.number is None]
    if absent:
        return Datum(None, min(absent, key=ABSENT.index), origin, formula)
    if number is None:
        return Datum(None, "z", origin, formula)
    beside = {part.symbol for part in parts}
    return Datum(number, next((symbol for symbol in ("p", "r") if symbol in beside), ""), origin, formula)


def total(data: Iterable[Datum], of: str = "figures") -> Datum:
    """Add figures up; where one is absent, so is the sum.

    Parameters
    ----------
    of : str
        Plural of what they are the figures of, such as "months".
    """
    parts = list(data)
    each = {part.formula for part in parts} - {AS_SUPPLIED}
    formula = ", each ".join([f"the sum of {len(parts)} {of}", *sorted(each)])
    return combine(parts, sum((part.number or Fraction(0) for part in parts), Fraction(0)), formula)


def share(part: Datum, whole: Datum) -> Datum:
    """Give a figure in per cent of another; absent where one of them is, not applicable of nothing."""
    number = None
    if part.number is not None and whole.number is not None:
        number = arithmetic.share(part.number, whole.number)
    return combine((part, whole), number, SHARE)
