"""Which figures of a dataset are totals of others: over categories, by `partsOf` of a field, and over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import Category, Figure
from scrutiny.inputs.partitions import OTHERS
from scrutiny.statistics.periods import Period
from scrutiny.statistics.stated import OVER_TIME

OVER_CATEGORIES = (*OVER_TIME, "fte")
"""Statistics of which a total is the sum of its parts in the same period."""


@dataclass(frozen=True)
class Relation:
    """A figure, and those of the same source and statistic that add up to it."""

    total: Figure
    parts: tuple[Figure, ...]


def divisions(
    resource: Resource, category: Category, known: Collection[Category]
) -> Iterator[tuple[Category, ...]]:
    """Divide a category into those that add up to it, in each way that the data package knows.

    `partsOf: {…: "*"}` finds all others among the `known`.
    """
    for position, field in enumerate(resource.category_fields):
        before, after = category[:position], category[position + 1 :]
        for partition in field.parts_of.get(category[position], ()):
            values = partition
            if partition == (OTHERS,):
                sides = (before, after)
                beside = [other for other in known if (other[:position], other[position + 1 :]) == sides]
                values = tuple(sorted({other[position] for other in beside} - {category[position]}))
            if values:
                yield tuple((*before, value, *after) for value in values)


def totals(resource: Resource, category: Category) -> Iterator[Category]:
    """Give the categories of which a category is a part."""
    for position, field in enumerate(resource.category_fields):
        for total, partitions in field.parts_of.items():
            value = category[position]
            if value != total and any(value in parts or parts == (OTHERS,) for parts in partitions):
                yield (*category[:position], total, *category[position + 1 :])


def ways_to_divide(
    resource: Resource, figures: Sequence[Figure]
) -> Callable[[Figure], Iterator[list[tuple[Category, Period]]]]:
    """Give a function that divides a figure into categories and periods that add up to it, in each way known."""
    categories: dict[tuple[str, str, Period], set[Category]] = defaultdict(set)
    for figure in figures:
        categories[figure.source, figure.statistic, figure.period].add(figure.category)

    def ways(figure: Figure) -> Iterator[list[tuple[Category, Period]]]:
        if figure.statistic in OVER_CATEGORIES:
            known = categories[figure.source, figure.statistic, figure.period]
            for parts in divisions(resource, figure.category, known):
                yield [(part, figure.period) for part in parts]
        if figure.statistic in OVER_TIME:
            for periods in figure.period.tilings():
                yield [(figure.category, period) for period in periods]

    return ways


def relations_of(resource: Resource, figures: Sequence[Figure]) -> list[Relation]:
    """Find the figures that are totals of others.

    A total over categories has figures of all its parts for its period; a period is divided by figures of all its
    months, or of the quarters that it consists of from its first month on. A total may have several relations, and
    a part may be a total itself.
    """
    ways = ways_to_divide(resource, figures)
    by_key = {(one.source, one.statistic, one.category, one.period): one for one in figures}
    relations = []
    for figure in figures:
        for way in ways(figure):
            parts = [by_key.get((figure.source, figure.statistic, *part)) for part in way]
            present = tuple(part for part in parts if part is not None)
            if len(present) == len(parts):
                relations.append(Relation(figure, present))
    return relations
