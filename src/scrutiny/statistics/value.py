"""Texts that know what they were computed from, so that each number of a report can be traced to its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Self

from scrutiny.statistics.datum import Datum, Origin
from scrutiny.statistics.wording import Direction


class Derived(str):
    """What a value says, and how it came about.

    It is the text itself wherever a text is wanted; what is made of it by formatting is a plain text again.

    Parameters
    ----------
    formula : str
        How it was computed, in words, without a full stop.
    data : iterable of Datum
        What it was computed from.
    number : Fraction, optional
        The unrounded number, where it says one.
    direction : Direction, optional
        Which way the change went, where it tells one.
    """

    __slots__ = ("direction", "formula", "number", "origin")

    formula: str
    origin: Origin
    number: Fraction | None
    direction: Direction | None

    def __new__(
        cls,
        text: str,
        formula: str,
        data: Iterable[Datum],
        *,
        number: Fraction | None = None,
        direction: Direction | None = None,
    ) -> Self:
        """Make one."""
        derived = super().__new__(cls, text)
        derived.formula = formula
        derived.origin = Origin.union(datum.origin for datum in data)
        derived.number = number
        derived.direction = direction
        return derived


def derivation(text: str) -> dict[str, Any]:
    """Give what is known of how a text came about, in the form in which a notebook's output carries it.

    Returns
    -------
    dict
        The keys of `derivation_of`, with ``number`` and ``direction``; of a plain text nothing is known.
    """
    if not isinstance(text, Derived):
        return {**derivation_of("", Origin()), "number": None, "direction": None}
    return {
        **derivation_of(text.formula, text.origin),
        "number": None if text.number is None else str(text.number),
        "direction": None if text.direction is None else str(text.direction),
    }


def derivation_of(formula: str, origin: Origin) -> dict[str, Any]:
    """Give how a table or figure came about: ``formula``, ``rows``, ``sources``, ``as_at``, ``statuses``."""
    rows = defaultdict(list)
    for row in sorted(origin.rows):
        rows[row.dataset].append(row.line)
    return {
        "formula": formula,
        "rows": dict(rows),
        "sources": sorted(origin.sources),
        "as_at": None if origin.as_at is None else origin.as_at.isoformat(),
        "statuses": sorted(origin.statuses),
    }


def formulas(data: Iterable[Datum]) -> str:
    """Say how the figures of a table or figure came about, each way once, in the order in which they occur."""
    return "; ".join(dict.fromkeys(datum.formula for datum in data))
