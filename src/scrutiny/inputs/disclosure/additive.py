"""The figures of a dataset as sums of the same unknowns, so that it can be told which follow from others.

The unknowns are what was counted of each kind up to each day. What was counted in a period is the difference of
two of them, so that periods of any length, which may overlap, are told from one another as a reader could.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pandas as pd

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.relations import COUNTS, Kind, divisions, kind_fields, tilings, totals
from scrutiny.statistics.arithmetic import exact
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period

PUBLIC = ("published", "open")
"""Statuses of figures that anyone can read elsewhere."""
Unknown = tuple[str, Kind, date]
"""Statistic, kind, and the day before which it is counted."""
Vector = dict[Unknown, Fraction]
Cell = tuple[Kind, Period]


@dataclass(frozen=True)
class Figure:
    """A row of a dataset.

    Parameters
    ----------
    position : int
        In the dataset's frame.
    """

    position: int
    source: str
    statistic: str
    kind: Kind
    period: Period
    value: Fraction | None
    symbol: str
    status: str

    @property
    def is_count(self) -> bool:
        """Whether it is a number of people or events."""
        return self.statistic in COUNTS

    @property
    def published(self) -> bool:
        """Whether it is out already, and can be hidden no more."""
        return self.status in PUBLIC

    @property
    def base(self) -> Period | None:
        """The period with which a change compares; None of one that is not of whole months."""
        months = self.period.months
        before = MONTHS_OF_QUARTER if "_on_" in self.statistic else MONTHS_OF_YEAR
        if not months:
            return None
        return Period.of_months(Period.of_months(self.period.end, before + 1).start, len(months))


def figures_of(resource: Resource, rows: pd.DataFrame) -> list[Figure]:
    """Give the figures of a dataset that are not made up."""
    names = [field.name for field in kind_fields(resource)]
    columns = ["source", "statistic", "period_start", "period_end", "value", "symbol", "status", *names]
    return [
        Figure(
            position, source, statistic, tuple(kind), Period(start.date(), end.date()),
            None if pd.isna(value) else exact(float(value)), symbol, status,
        )
        for position, (source, statistic, start, end, value, symbol, status, *kind)
        in enumerate(rows[columns].itertuples(index=False, name=None))
        if status != "illustrative"
    ]  # fmt: skip


def counted(statistic: str, kind: Kind, period: Period) -> Vector:
    """Write what was counted of a kind in a period."""
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


def told_by(figure: Figure) -> Vector | None:
    """Write what a reader who sees a figure knows of the unknowns; None if that is nothing."""
    if figure.value is None:
        return None
    if figure.is_count:
        return counted(figure.statistic, figure.kind, figure.period)
    if figure.statistic == "percent":
        parts, whole = (counted(name, figure.kind, figure.period) for name in ("satisfied", "respondents"))
        return difference(parts, whole, figure.value / 100)
    if figure.base and figure.statistic.startswith(("change", "percent_change")):
        relative = figure.statistic.startswith("percent_change")
        now, before = (counted("count", figure.kind, period) for period in (figure.period, figure.base))
        return difference(now, before, 1 + figure.value / 100 if relative else Fraction(1))
    return None


def always_known(resource: Resource, figures: Sequence[Figure]) -> Iterator[Vector]:
    """Write what a reader knows without a figure: what adds up, and that what was left out is nothing."""
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
            yield from (counted(one.statistic, kind, period) for kind, period in one.left_out)


def implied(resource: Resource, figures: Sequence[Figure]) -> Iterator[tuple[Vector, Fraction]]:
    """Give counts that no row holds and that follow from two rows or more: what is left of a total.

    Returns
    -------
    iterator of (Vector, Fraction)
        The part of a total that has no row; those who were not satisfied; what is left of a period.
    """
    for division in _incomplete(resource, figures):
        if len(division.left_out) == 1:
            yield _residual(division.statistic, division.total, division.present), division.left
    by_row = {(one.source, one.statistic, one.kind, one.period): one for one in figures}
    for one in figures:
        whole = by_row.get((one.source, "respondents", one.kind, one.period))
        if one.statistic == "satisfied" and whole and whole.value is not None and one.value is not None:
            others = counted("respondents", one.kind, one.period)
            yield difference(others, counted("satisfied", one.kind, one.period)), whole.value - one.value
    yield from _rests_of_periods(figures)


def _rests_of_periods(figures: Iterable[Figure]) -> Iterator[tuple[Vector, Fraction]]:
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
                yield difference(long, short), (longer.value or Fraction(0)) - (shorter.value or Fraction(0))


@dataclass(frozen=True)
class _Incomplete:
    """A total of which some parts have no figure: `left_out`, which sum to `left`."""

    statistic: str
    total: Cell
    present: Sequence[Cell]
    left_out: Sequence[Cell]
    no_rows: bool
    left: Fraction


def _incomplete(resource: Resource, figures: Iterable[Figure]) -> Iterator[_Incomplete]:
    divide = divisions(resource)
    alike: dict[tuple[str, str], dict[Cell, Figure]] = defaultdict(dict)
    kinds: dict[tuple[str, str, Period], set[Kind]] = defaultdict(set)
    for one in figures:
        if one.is_count:
            alike[one.source, one.statistic][one.kind, one.period] = one
            kinds[one.source, one.statistic, one.period].add(one.kind)
    for (source, statistic), rows in alike.items():
        values = {cell: one.value for cell, one in rows.items() if one.value is not None}
        for (kind, period), value in values.items():
            ways = [[(part, period) for part in parts] for parts in divide(kind, kinds[source, statistic, period])]
            ways += [[(kind, part) for part in parts] for parts in tilings(period)]
            for cells in ways:
                present = [cell for cell in cells if cell in values]
                left_out = [cell for cell in cells if cell not in values]
                if present and left_out:
                    left = value - sum(values[cell] for cell in present)
                    no_rows = rows.keys().isdisjoint(left_out)
                    yield _Incomplete(statistic, (kind, period), present, left_out, no_rows, left)


def _residual(statistic: str, total: Cell, parts: Iterable[Cell]) -> Vector:
    left = counted(statistic, *total)
    for part in parts:
        left = difference(left, counted(statistic, *part))
    return left


def _all_kinds(resource: Resource, kinds: set[Kind]) -> set[Kind]:
    """Give kinds, their totals and their parts, and so on: two divisions of a total tell of each other."""
    divide = divisions(resource)
    known = set(kinds)
    due = sorted(known)
    while due:
        found = {part for kind in due for parts in divide(kind, known) for part in parts}
        found |= {total for kind in due for total in totals(resource, kind)}
        due = sorted(found - known)
        known |= found
    return known
