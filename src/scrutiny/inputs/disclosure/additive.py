"""The figures of a dataset as sums of the same unknowns, to find which follow from others.

The unknowns are what was counted of each kind up to each day. What was counted in a period is the difference of
two of them, so that periods of any length, which may overlap, follow from one another as they do for a reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import Figure, Kind
from scrutiny.inputs.relations import divisions, totals, ways_to_divide
from scrutiny.statistics.periods import Period

Unknown = tuple[str, Kind, date]
"""Statistic, kind, and the day before which it is counted."""
Vector = dict[Unknown, Fraction]


def counted(statistic: str, kind: Kind, period: Period) -> Vector:
    """Write what was counted of a kind in a period as a vector of the unknowns."""
    return {
        (statistic, kind, period.end + timedelta(days=1)): Fraction(1),
        (statistic, kind, period.start): Fraction(-1),
    }


def difference(one: Vector, other: Vector, factor: Fraction = Fraction(1)) -> Vector:
    """Give one vector less a multiple of another."""
    result = dict(one)
    for unknown, value in other.items():
        result[unknown] = result.get(unknown, Fraction(0)) - factor * value
    return {unknown: value for unknown, value in result.items() if value}


def revealed_by(figure: Figure) -> Vector | None:
    """Write what a reader who sees a figure learns of the unknowns; None if that is nothing."""
    if figure.value is None:
        return None
    if figure.is_count:
        return counted(figure.statistic, figure.kind, figure.period)
    hundredth = Fraction(figure.value) / 100
    if figure.statistic == "percent":
        parts, whole = (counted(name, figure.kind, figure.period) for name in ("satisfied", "respondents"))
        return difference(parts, whole, hundredth)
    base = figure.base
    if base and figure.statistic.startswith(("change", "percent_change")):
        relative = figure.statistic.startswith("percent_change")
        now, before = (counted("count", figure.kind, period) for period in (figure.period, base))
        return difference(now, before, 1 + hundredth if relative else Fraction(1))
    return None


def always_known(resource: Resource, figures: Sequence[Figure]) -> Iterator[Vector]:
    """Write what a reader knows without a figure: what adds up, and that what was omitted is nothing."""
    divide = divisions(resource)
    kinds = _all_kinds(resource, {figure.kind for figure in figures})
    for statistic in sorted({figure.statistic for figure in figures if figure.is_count}):
        of_it = [figure for figure in figures if figure.statistic == statistic]
        days = sorted({day for each in of_it for _, _, day in counted("", (), each.period)})
        for kind in sorted(kinds):
            for parts in divide(kind, kinds):
                for last in days[1:]:
                    whole = Period(days[0], last - timedelta(days=1))
                    yield _residual(statistic, (kind, whole), [(part, whole) for part in parts])
    for one in _incomplete(resource, figures):
        if one.no_rows and one.left == 0:
            yield from (counted(one.total.statistic, kind, period) for kind, period in one.omitted)


def implied(resource: Resource, figures: Sequence[Figure]) -> Iterator[tuple[Vector, Decimal]]:
    """Give counts that no row holds but that follow from two rows or more.

    They are the part of a total that has no row; those who were not satisfied; and what is left of a period.
    """
    for each in _incomplete(resource, figures):
        if len(each.omitted) == 1:
            total = each.total
            yield _residual(total.statistic, (total.kind, total.period), each.present), each.left
    by_row = {(one.source, one.statistic, one.kind, one.period): one for one in figures}
    for one in figures:
        whole = by_row.get((one.source, "respondents", one.kind, one.period))
        if one.statistic == "satisfied" and whole and whole.value is not None and one.value is not None:
            others = counted("respondents", one.kind, one.period)
            yield difference(others, counted("satisfied", one.kind, one.period)), whole.value - one.value
    yield from _rests_of_periods(figures)


def _rests_of_periods(figures: Iterable[Figure]) -> Iterator[tuple[Vector, Decimal]]:
    alike: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for one in figures:
        if one.is_count and one.value is not None:
            for side in (("from", one.period.start), ("to", one.period.end)):
                alike[one.source, one.statistic, one.kind, side].append(one)
    for group in alike.values():
        by_length = sorted(group, key=lambda one: one.period.end - one.period.start)
        for position, shorter in enumerate(by_length):
            for longer in by_length[position + 1 :]:
                long, short = (counted(one.statistic, one.kind, one.period) for one in (longer, shorter))
                yield difference(long, short), (longer.value or Decimal(0)) - (shorter.value or Decimal(0))


@dataclass(frozen=True)
class _Incomplete:
    """A total of which some parts have no figure: the kinds and periods `omitted`, which add up to `left`."""

    total: Figure
    present: Sequence[tuple[Kind, Period]]
    omitted: Sequence[tuple[Kind, Period]]
    no_rows: bool
    left: Decimal


def _incomplete(resource: Resource, figures: Sequence[Figure]) -> Iterator[_Incomplete]:
    alike: dict[tuple[str, str], dict[tuple[Kind, Period], Figure]] = defaultdict(dict)
    for one in figures:
        if one.is_count:
            alike[one.source, one.statistic][one.kind, one.period] = one
    ways = ways_to_divide(resource, figures)
    for rows in alike.values():
        values = {cell: one.value for cell, one in rows.items() if one.value is not None}
        for cell, value in values.items():
            for parts in ways(rows[cell]):
                present = [part for part in parts if part in values]
                omitted = [part for part in parts if part not in values]
                if present and omitted:
                    left = value - sum(values[part] for part in present)
                    yield _Incomplete(rows[cell], present, omitted, rows.keys().isdisjoint(omitted), left)


def _residual(statistic: str, total: tuple[Kind, Period], parts: Iterable[tuple[Kind, Period]]) -> Vector:
    left = counted(statistic, *total)
    for part in parts:
        left = difference(left, counted(statistic, *part))
    return left


def _all_kinds(resource: Resource, kinds: set[Kind]) -> set[Kind]:
    """Give kinds, their totals and their parts, and so on: two divisions of a total reveal each other."""
    divide = divisions(resource)
    known = set(kinds)
    due = sorted(known)
    while due:
        found = {part for kind in due for parts in divide(kind, known) for part in parts}
        found |= {total for kind in due for total in totals(resource, kind)}
        due = sorted(found - known)
        known |= found
    return known
