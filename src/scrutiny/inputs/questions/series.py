"""Checks of a series in time: months without gaps, and no jump that nobody has explained."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from scrutiny.inputs.questions.figures import Figure, Figures, grouped, month_count, named, shown
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.control_chart import xmr
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period

_SHORTEST = 3
"""Months that make a series; fewer are single figures."""
_MOVING_RANGES = 5
_LENGTHS = (1, MONTHS_OF_QUARTER)
_COUNTS = ("count", "respondents", "satisfied")


def check_months(figures: Figures) -> Outcome:
    """Find months, or quarters, that are missing within a series."""
    held, questions = 0, []
    for months, series in _all_series(figures):
        if all(figure.illustrative for figure in series):
            continue
        found = [
            _gap(figures, before, after) for before, after in pairwise(series) if _steps(before, after) > months
        ]
        questions += found
        held += not found
    return Outcome(held, tuple(questions))


def check_jumps(figures: Figures) -> Outcome:
    """Find figures that differ from the one before by more than 5 mean moving ranges of the others."""
    held, questions = 0, []
    for months, series in _all_series(figures):
        real = [figure for figure in series if figure.value is not None and not figure.illustrative]
        jumps = _jumps(real, months)
        if jumps is None:
            continue
        questions += [_jump(figures, before, at, ordinary) for before, at, ordinary in jumps]
        held += not jumps
    return Outcome(held, tuple(questions))


def _all_series(figures: Figures) -> Iterator[tuple[int, list[Figure]]]:
    """Give each series of figures that mostly follow each other, with the months that each of them covers."""
    for months in _LENGTHS:
        alike = (figure for figure in figures.all if month_count(figure.period) == months)
        for series in grouped(alike, lambda figure: figure.series).values():
            next_to_another = sum(_steps(*pair) == months for pair in pairwise(series))
            if len(series) >= _SHORTEST and next_to_another * 2 > len(series) - 1:
                yield months, series


def _steps(before: Figure, after: Figure) -> int:
    """Count the months from one period's beginning to another's."""
    first, second = before.period.start, after.period.start
    return (second.year - first.year) * 12 + second.month - first.month


def _gap(figures: Figures, before: Figure, after: Figure) -> Question:
    missing = Period(
        before.period.end.fromordinal(before.period.end.toordinal() + 1),
        after.period.start.fromordinal(after.period.start.toordinal() - 1),
    )
    return figures.question(
        "months",
        after,
        f"the series {named(after.topic)}: {after.statistic} lacks {missing}",
        "a row for each period; one that was not supplied has no value, and x in symbol",
        figures=(after.source, *after.topic, after.statistic, str(before.period), str(after.period)),
        others=[before],
        column="period_start",
    )


def _jumps(series: list[Figure], months: int) -> list[tuple[Figure, Figure, Decimal]] | None:
    """Give the figures before and after each jump, and the mean moving range of the others.

    None of a series that is too short to be judged. What is judged does not judge itself: the ranges that
    touch a figure are left out, or a mistake of one month would hide in the mean that it raises. A figure
    that returns to where the series was before a jump is part of the same jump.
    """
    moves = [_distance(before, at) if _steps(before, at) == months else None for before, at in pairwise(series)]
    values: list[float | None] = []
    for figure, move in zip(series, [Decimal(0), *moves], strict=bool(series)):
        # No moving range is taken across a gap.
        values += [float(figure.value or 0)] if move is not None else [None, float(figure.value or 0)]
    if xmr(values) is None:
        return None
    known = [move for move in moves if move is not None]
    found: list[tuple[Figure, Figure, Decimal]] = []
    for position, move in enumerate(moves):
        touching = [own for own in moves[position : position + 2] if own is not None]
        if move is None or len(touching) == len(known):
            continue
        ordinary = (sum(known, Decimal(0)) - sum(touching, Decimal(0))) / (len(known) - len(touching))
        before, at = series[position], series[position + 1]
        if at.statistic in _COUNTS:
            # Of rare events a single one more would be beyond any multiple of nothing.
            ordinary = max(ordinary, Decimal(1))
        if move > _MOVING_RANGES * ordinary and not _returns(found, before, at, ordinary):
            found.append((before, at, ordinary))
    return found


def _returns(found: list[tuple[Figure, Figure, Decimal]], before: Figure, at: Figure, ordinary: Decimal) -> bool:
    return bool(found) and found[-1][1] is before and _distance(found[-1][0], at) <= _MOVING_RANGES * ordinary


def _distance(one: Figure, other: Figure) -> Decimal:
    # Figures without a value are left out before.
    return abs((one.value or Decimal(0)) - (other.value or Decimal(0)))


def _jump(figures: Figures, before: Figure, at: Figure, ordinary: Decimal) -> Question:
    earlier, later = before.value or Decimal(0), at.value or Decimal(0)
    most = _MOVING_RANGES * ordinary
    change = f"{shown(_distance(before, at))} {'more' if later > earlier else 'less'}"
    return figures.question(
        "jumps",
        at,
        f"{shown(later)} ({at.named}) is {change} than {shown(earlier)} before; the series usually moves "
        f"by {_rough(ordinary)}",
        f"between {_rough(earlier - most)} and {_rough(earlier + most)}, within {_MOVING_RANGES} moving ranges",
        figures=(before.identity, at.identity),
        others=[before],
    )


def _rough(number: Decimal) -> str:
    return shown(round(number, 1))
