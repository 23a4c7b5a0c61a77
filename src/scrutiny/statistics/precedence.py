"""Which of several figures of one thing a report shows: the one rule, for levels, shares and changes.

The table is in the methodology page of the documentation, section "Which figure is shown".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from enum import IntEnum

from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, provenance_of

_MOST_PLACES = 6


class Standing(IntEnum):
    """How far a figure holds against others, the first most."""

    REVISION = 0
    PUBLISHED = 1
    LATER = 2
    MADE_UP = 3
    ABSENT = 4


def standing(data: Iterable[Datum], published_on: date | None = None) -> Standing:
    """Judge one figure, or the two of a change.

    A revision was drawn on the day of what it revises, or later; an earlier one is known to what was published.
    """
    parts = list(data)
    provenance = provenance_of(parts)
    if any(part.number is None and not part.withheld for part in parts):
        return Standing.ABSENT
    if provenance.illustrative:
        return Standing.MADE_UP
    if provenance.later:
        return Standing.LATER
    if not provenance.revised:
        return Standing.PUBLISHED
    is_earlier = published_on and provenance.as_at and provenance.as_at < published_on
    return Standing.LATER if is_earlier else Standing.REVISION


def first(candidates: Sequence[Sequence[Datum]]) -> int:
    """Give the position of the one to show; of two of one standing, that which comes first."""
    published = [one for one in candidates if standing(one) is Standing.PUBLISHED]
    days = [day for one in published for day in [provenance_of(one).as_at] if day]
    published_on = max(days, default=None)
    return min(range(len(candidates)), key=lambda at: standing(candidates[at], published_on))


def chosen(candidates: Iterable[Datum]) -> Datum:
    """Give the figure to show, whose formula names real ones that say another; candidates may be not supplied."""
    known = [one for one in candidates if one is not NOT_SUPPLIED]
    if not known:
        return NOT_SUPPLIED
    taken = known.pop(first([[one] for one in known]))
    others = [
        f"{other.formula} would give {wording.number(other.number, 2).removesuffix('.00')}"
        for other in known
        if other.number is not None and not other.illustrative and not agree(taken, other)
    ]
    return noting(taken, others)


def noting(figure: Datum, notes: Iterable[str]) -> Datum:
    """Add notes to the formula of a figure."""
    formula = "; ".join([figure.formula, *notes])
    return replace(figure, provenance=replace(figure.provenance, formula=formula))


def agree(one: Datum, other: Datum) -> bool:
    """Whether two figures are the same, one perhaps rounded."""
    if one.number is None or other.number is None:
        return one.number is other.number
    pairs = ((one.number, other.number), (other.number, one.number))
    return any(
        round_half_away(fine, places) == coarse
        for coarse, fine in pairs
        for places in [next((n for n in range(_MOST_PLACES) if (coarse * 10**n).denominator == 1), None)]
        if places is not None
    )
