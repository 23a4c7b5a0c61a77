"""The figures of a dataset as sums of the same unknowns, to find which follow from others.

The unknowns are what was counted of each category up to each day. What was counted in a period is the difference
of two of them, so that periods of any length, which may overlap, follow from one another as they do for a reader.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import Category, Figure
from scrutiny.inputs.relations import divisions, totals, ways_to_divide
from scrutiny.statistics.periods import Period

Unknown = tuple[str, Category, date]
"""Statistic, category, and the day before which it is counted."""
Vector = dict[Unknown, Fraction]


def counted(statistic: str, category: Category, period: Period) -> Vector:
    """Write what was counted of a category in a period as a vector of the unknowns."""
    return {
        (statistic, category, period.end + timedelta(days=1)): Fraction(1),
        (statistic, category, period.start): Fraction(-1),
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
        return counted(figure.statistic, figure.category, figure.period)
    hundredth = Fraction(figure.value) / 100
    if figure.statistic == "percent":
        parts, whole = (counted(name, figure.category, figure.period) for name in ("satisfied", "respondents"))
        return difference(parts, whole, hundredth)
    base = figure.base
    if base and figure.statistic.startswith(("change", "percent_change")):
        relative = figure.statistic.startswith("percent_change")
        now, before = (counted("count", figure.category, period) for period in (figure.period, base))
        return difference(now, before, 1 + hundredth if relative else Fraction(1))
    return None


def always_known(resource: Resource, figures: Sequence[Figure]) -> Iterator[Vector]:
    """Write what a reader knows without a figure: what adds up, and that what was omitted is nothing."""
    categories = _all_categories(resource, {figure.category for figure in figures})
    for statistic in sorted({figure.statistic for figure in figures if figure.is_count}):
        of_it = [figure for figure in figures if figure.statistic == statistic]
        days = sorted({day for each in of_it for _, _, day in counted("", (), each.period)})
        for category in sorted(categories):
            for parts in divisions(resource, category, categories):
                for last in days[1:]:
                    whole = Period(days[0], last - timedelta(days=1))
                    yield _residual(statistic, (category, whole), [(part, whole) for part in parts])
    for one in _incomplete(resource, figures):
        if one.no_rows and one.left == 0:
            yield from (counted(one.total.statistic, category, period) for category, period in one.omitted)


def implied(resource: Resource, figures: Sequence[Figure]) -> Iterator[tuple[Vector, Decimal]]:
    """Give counts that no row holds but that follow from two rows or more.

    They are the part of a total that has no row; those who were not satisfied; and what is left of a period.
    """
    for each in _incomplete(resource, figures):
        if len(each.omitted) == 1:
            total = each.total
            yield _residual(total.statistic, (total.category, total.period), each.present), each.left
    by_row = {(one.source, one.statistic, one.category, one.period): one for one in figures}
    for one in figures:
        whole = by_row.get((one.source, "respondents", one.category, one.period))
        if one.statistic == "satisfied" and whole and whole.value is not None and one.value is not None:
            others = counted("respondents", one.category, one.period)
            yield difference(others, counted("satisfied", one.category, one.period)), whole.value - one.value
    yield from _rests_of_periods(figures)


def _rests_of_periods(figures: Iterable[Figure]) -> Iterator[tuple[Vector, Decimal]]:
    alike: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for one in figures:
        if one.is_count and one.value is not None:
            for side in (("from", one.period.start), ("to", one.period.end)):
                alike[one.source, one.statistic, one.category, side].append(one)
    for group in alike.values():
        by_length = sorted(group, key=lambda one: one.period.end - one.period.start)
        for position, shorter in enumerate(by_length):
            for longer in by_length[position + 1 :]:
                long, short = (counted(one.statistic, one.category, one.period) for one in (longer, shorter))
                yield difference(long, short), longer.amount - shorter.amount


@dataclass(frozen=True)
class _Incomplete:
    """A total of which some parts have no figure: the categories and periods `omitted`, which add up to `left`."""

    total: Figure
    present: Sequence[tuple[Category, Period]]
    omitted: Sequence[tuple[Category, Period]]
    no_rows: bool
    left: Decimal


def _incomplete(resource: Resource, figures: Sequence[Figure]) -> Iterator[_Incomplete]:
    alike: dict[tuple[str, str], dict[tuple[Category, Period], Figure]] = defaultdict(dict)
    for one in figures:
        if one.is_count:
            alike[one.source, one.statistic][one.category, one.period] = one
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


def _residual(statistic: str, total: tuple[Category, Period], parts: Iterable[tuple[Category, Period]]) -> Vector:
    left = counted(statistic, *total)
    for part in parts:
        left = difference(left, counted(statistic, *part))
    return left


def _all_categories(resource: Resource, categories: set[Category]) -> set[Category]:
    """Give categories, their totals and their parts, and so on: two divisions of a total reveal each other."""
    known = set(categories)
    due = sorted(known)
    while due:
        found = {part for category in due for parts in divisions(resource, category, known) for part in parts}
        found |= {total for category in due for total in totals(resource, category)}
        due = sorted(found - known)
        known |= found
    return known
