"""Which rows of a dataset are totals of which: over kinds, by `partsOf` in the data package, and over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from scrutiny.inputs.datapackage import FIGURE_FIELDS, Field, Resource
from scrutiny.inputs.partitions import OTHERS
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period

COUNTS = ("count", "respondents", "satisfied")
"""Statistics that are numbers of people or of events."""
OVER_TIME = (*COUNTS, "gbp_million")
"""Statistics of which a period's figure is the sum of its months'."""
OVER_KINDS = (*OVER_TIME, "fte")
"""Statistics of which a total is the sum of its parts, of the same period."""

Kind = tuple[str, ...]
"""A row's values of `kind_fields`."""
_Key = tuple[str, str, Period, Kind]
"""A row's source, statistic, period and kind."""


@dataclass(frozen=True)
class Relation:
    """Rows that add up to another.

    Parameters
    ----------
    total : int
        Position of the row in the dataset's frame.
    parts : tuple of int
        Positions of the rows that add up to it.
    """

    total: int
    parts: tuple[int, ...]


def kind_fields(resource: Resource) -> tuple[Field, ...]:
    """Give the fields that tell apart what is counted: a topic's own and the area, but for those that follow."""
    return tuple(
        field
        for field in resource.fields
        if field.name in resource.table_schema.primary_key
        and (field.name not in FIGURE_FIELDS or field.name == "area")
        and field.follows is None
    )


def divisions(resource: Resource) -> Callable[[Kind, set[Kind]], Iterator[tuple[Kind, ...]]]:
    """Give what divides a kind into the kinds that add up to it, in each way that the data package knows.

    Returns
    -------
    callable
        Of a kind and of the kinds that there are, of which `partsOf: {…: "*"}` takes all others.
    """
    fields = kind_fields(resource)

    def divide(kind: Kind, known: set[Kind]) -> Iterator[tuple[Kind, ...]]:
        for position, field in enumerate(fields):
            before, after = kind[:position], kind[position + 1 :]
            for partition in field.parts_of.get(kind[position], ()):
                values = partition
                if partition == (OTHERS,):
                    sides = (before, after)
                    beside = [other for other in known if (other[:position], other[position + 1 :]) == sides]
                    values = tuple(sorted({other[position] for other in beside} - {kind[position]}))
                if values:
                    yield tuple((*before, value, *after) for value in values)

    return divide


def totals(resource: Resource, kind: Kind) -> Iterator[Kind]:
    """Give the kinds of which a kind is a part."""
    for position, field in enumerate(kind_fields(resource)):
        for total, partitions in field.parts_of.items():
            value = kind[position]
            if value != total and any(value in parts or parts == (OTHERS,) for parts in partitions):
                yield (*kind[:position], total, *kind[position + 1 :])


def relations_of(resource: Resource, rows: pd.DataFrame) -> list[Relation]:
    """Find the rows that are totals of others, of the same source and statistic.

    A total over kinds has rows of all its parts for its period; a period is divided by rows of all its
    months, or of the quarters that it is made of from its first month on.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `read_dataset` gives them.

    Returns
    -------
    list of Relation
        In the order of the totals' rows. A total may be in several, and a part be a total itself.
    """
    names = [field.name for field in kind_fields(resource)]
    divide = divisions(resource)
    keys: list[_Key] = [
        (source, statistic, Period(start.date(), end.date()), tuple(kind))
        for source, statistic, start, end, *kind in rows[
            ["source", "statistic", "period_start", "period_end", *names]
        ].itertuples(index=False, name=None)
    ]
    position_of = {key: position for position, key in enumerate(keys)}
    kinds: dict[tuple[str, str, Period], set[Kind]] = defaultdict(set)
    for source, statistic, period, kind in keys:
        kinds[source, statistic, period].add(kind)

    def candidates(source: str, statistic: str, period: Period, kind: Kind) -> Iterator[list[_Key]]:
        if statistic in OVER_KINDS:
            for parts in divide(kind, kinds[source, statistic, period]):
                yield [(source, statistic, period, part) for part in parts]
        if statistic in OVER_TIME:
            for periods in tilings(period):
                yield [(source, statistic, part, kind) for part in periods]

    return [
        Relation(position, tuple(position_of[part] for part in parts))
        for position, key in enumerate(keys)
        for parts in candidates(*key)
        if all(part in position_of for part in parts)
    ]


def tilings(period: Period) -> Iterator[tuple[Period, ...]]:
    """Divide a period of whole months into months, and into quarters from its first month on."""
    months = period.months
    if len(months) > 1:
        yield months
    if len(months) > MONTHS_OF_QUARTER and len(months) % MONTHS_OF_QUARTER == 0:
        yield tuple(
            Period.of_months(last.end, MONTHS_OF_QUARTER)
            for last in months[MONTHS_OF_QUARTER - 1 :: MONTHS_OF_QUARTER]
        )
