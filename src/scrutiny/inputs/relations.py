"""Which figures of a dataset are totals of which: over kinds, by `partsOf` in the data package, and over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import COUNTS, Figure, Kind, kind_fields
from scrutiny.inputs.partitions import OTHERS
from scrutiny.statistics.periods import Period

OVER_TIME = (*COUNTS, "gbp_million")
"""Statistics of which a period's figure is the sum of its months'."""
OVER_KINDS = (*OVER_TIME, "fte")
"""Statistics of which a total is the sum of its parts in the same period."""


@dataclass(frozen=True)
class Relation:
    """A figure, and those of the same source and statistic that add up to it."""

    total: Figure
    parts: tuple[Figure, ...]


def divisions(resource: Resource) -> Callable[[Kind, set[Kind]], Iterator[tuple[Kind, ...]]]:
    """Give a function that divides a kind into the kinds that add up to it, in each way the data package knows.

    Returns
    -------
    callable
        It takes a kind, and the kinds that exist, among which `partsOf: {…: "*"}` finds all others.
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


def ways_to_divide(
    resource: Resource, figures: Sequence[Figure]
) -> Callable[[Figure], Iterator[list[tuple[Kind, Period]]]]:
    """Give a function that divides a figure into kinds and periods that add up to it, in each way known."""
    divide = divisions(resource)
    kinds: dict[tuple[str, str, Period], set[Kind]] = defaultdict(set)
    for figure in figures:
        kinds[figure.source, figure.statistic, figure.period].add(figure.kind)

    def ways(figure: Figure) -> Iterator[list[tuple[Kind, Period]]]:
        if figure.statistic in OVER_KINDS:
            for parts in divide(figure.kind, kinds[figure.source, figure.statistic, figure.period]):
                yield [(part, figure.period) for part in parts]
        if figure.statistic in OVER_TIME:
            for periods in figure.period.tilings():
                yield [(figure.kind, period) for period in periods]

    return ways


def relations_of(resource: Resource, figures: Sequence[Figure]) -> list[Relation]:
    """Find the figures that are totals of others.

    A total over kinds has figures of all its parts for its period; a period is divided by figures of all its
    months, or of the quarters that it consists of from its first month on.

    Returns
    -------
    list of Relation
        In the order of the totals. A total may be in several, and a part be a total itself.
    """
    ways = ways_to_divide(resource, figures)
    by_key = {(one.source, one.statistic, one.kind, one.period): one for one in figures}
    found = []
    for figure in figures:
        for cells in ways(figure):
            parts = [by_key.get((figure.source, figure.statistic, *cell)) for cell in cells]
            present = tuple(part for part in parts if part is not None)
            if len(present) == len(parts):
                found.append(Relation(figure, present))
    return found
