"""What a reader learns of two rounded counts from their change, or from one in per cent of the other.

Of few people even a whole per cent tells too much: −14% from "5" to "5" can only be from 7 to 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product

from scrutiny.inputs.datapackage import Disclosure, Resource
from scrutiny.inputs.figures import Figure, rounding_of
from scrutiny.statistics.arithmetic import Number, change, percent_change, round_half_away, share
from scrutiny.statistics.periods import Period
from scrutiny.statistics.wording import direction

Pair = tuple[int, int]
"""What two counts can have been: an earlier and a later one, or a whole and its part."""
_OF_PAIRS: dict[str, Callable[[Number, Number], Fraction | None]] = {
    "percent_change": percent_change,
    "change": change,
    "percent": lambda whole, part: share(part, whole),
}


def left_by(statistic: str, number: Number, pairs: Sequence[Pair], rule: Disclosure) -> list[Pair]:
    """Give the pairs that a reader of a change or percentage, rounded, can still take for the two counts."""
    return [
        pair
        for pair in pairs
        if (of_pair := _OF_PAIRS[statistic](*pair)) is not None
        and direction(of_pair) is direction(number)
        and rounded(statistic, of_pair, rule) == rounded(statistic, number, rule)
    ]


def rounded(statistic: str, number: Number, rule: Disclosure) -> int:
    """Round a figure as it is shown: counts and their differences, or to a whole per cent."""
    to_whole = statistic.startswith(("percent", "point_change"))
    return int(round_half_away(number)) if to_whole else rule.rounded(number)


def tells(pairs: Sequence[Pair], left: Sequence[Pair]) -> bool:
    """Whether one of two counts can be only one number now, of several before."""
    sides = (({pair[side] for pair in some} for some in (pairs, left)) for side in (0, 1))
    return any(len(before) > 1 and len(after) == 1 for before, after in sides)


def counts_behind(
    resource: Resource, figures: Sequence[Figure]
) -> Callable[[Figure], Iterator[tuple[str, list[Pair]]]]:
    """Give a function that finds the two counts that a change or percentage of the data is of, if they are shown.

    It gives what the figure is of them, and what the two can have been.
    """
    by_key = {(one.source, one.statistic, one.category, one.period): one for one in figures}

    def possible(figure: Figure, statistic: str, period: Period | None) -> Sequence[int]:
        one = by_key.get((figure.source, statistic, figure.category, period)) if period else None
        if one is None or one.value is None:
            return ()
        rule = resource.disclosure
        is_rounded = rounding_of(resource, statistic, one.status)
        return rule.possible(rule.rounded(one.value)) if is_rounded else (int(one.value),)

    def counts_of(figure: Figure) -> Iterator[tuple[str, list[Pair]]]:
        if figure.statistic == "percent":
            wholes, parts = (possible(figure, name, figure.period) for name in ("respondents", "satisfied"))
            yield "percent", [(whole, part) for whole in wholes for part in parts or range(whole + 1)]
        for name in ("percent_change", "change"):
            if figure.statistic.startswith(name):
                befores, afters = (possible(figure, "count", period) for period in (figure.base, figure.period))
                yield name, list(product(befores, afters))

    return counts_of
