"""Checks of a time series: no gap between its months, and no unexplained jump."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

from scrutiny.inputs.figures import Figure, grouped, topic_name, with_commas
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.control_chart import xmr
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period

_SHORTEST = 3
"""Months that make a series; fewer are single figures."""
_MOVING_RANGES = 5
_LENGTHS = (1, MONTHS_OF_QUARTER)


def check_months(figures: Figures) -> Outcome:
    """Find months, or quarters, that are missing within a series."""
    held, questions = 0, []
    for months, series in _all_series(figures):
        if all(figure.illustrative for figure in series):
            continue
        found = [_gap(figures, *pair) for pair in pairwise(series) if _steps(*pair) > months]
        questions += found
        held += not found
    return Outcome(held, tuple(questions))


def check_jumps(figures: Figures) -> Outcome:
    """Find figures that differ from the one before by more than 5 mean moving ranges of the others."""
    held, questions = 0, []
    for months, series in _all_series(figures):
        real = [figure for figure in series if figure.is_real]
        jumps = _jumps(real, months)
        if jumps is None:
            continue
        questions += [_jump(figures, before, at, ordinary) for before, at, ordinary in jumps]
        held += not jumps
    return Outcome(held, tuple(questions))


def _all_series(figures: Figures) -> Iterator[tuple[int, list[Figure]]]:
    """Give each series of figures that mostly follow each other, with the months that each of them covers."""
    for months in _LENGTHS:
        alike = (figure for figure in figures.all if figure.period.month_count == months)
        for series in grouped(alike, lambda figure: figure.series).values():
            next_to_another = sum(_steps(*pair) == months for pair in pairwise(series))
            if len(series) >= _SHORTEST and next_to_another * 2 > len(series) - 1:
                yield months, series


def _steps(before: Figure, after: Figure) -> int:
    """Count the months from one period's beginning to another's."""
    return after.period.months_since(before.period)


def _gap(figures: Figures, before: Figure, after: Figure) -> Question:
    day = timedelta(days=1)
    missing = Period(before.period.end + day, after.period.start - day)
    return figures.question(
        "months",
        after,
        f"the series {topic_name(after.topic)}: {after.statistic} lacks {missing}",
        "a row for each period; one that was not supplied has no value, and x in symbol",
        figures=(after.source, *after.topic, after.statistic, str(before.period), str(after.period)),
        others=[before],
        column="period_start",
    )


def _jumps(series: list[Figure], months: int) -> list[tuple[Figure, Figure, Decimal]] | None:
    """Give the figures before and after each jump, and the mean moving range of the others.

    None for a series that is too short to be judged. A figure is not judged by itself: the ranges that touch
    it are left out, or a mistake in one month would hide in the mean that it raises. A figure that returns to
    where the series was before a jump is part of the same jump.
    """
    moves = [_distance(before, at) if _steps(before, at) == months else None for before, at in pairwise(series)]
    values: list[float | None] = []
    for figure, move in zip(series, [Decimal(0), *moves], strict=bool(series)):
        # No moving range is taken across a gap.
        values += [float(figure.amount)] if move is not None else [None, float(figure.amount)]
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
        if at.is_count:
            # One more of a rare event would be beyond any multiple of nothing.
            ordinary = max(ordinary, Decimal(1))
        if move > _MOVING_RANGES * ordinary and not _returns(found, before, at, ordinary):
            found.append((before, at, ordinary))
    return found


def _returns(found: list[tuple[Figure, Figure, Decimal]], before: Figure, at: Figure, ordinary: Decimal) -> bool:
    return bool(found) and found[-1][1] is before and _distance(found[-1][0], at) <= _MOVING_RANGES * ordinary


def _distance(one: Figure, other: Figure) -> Decimal:
    return abs(one.amount - other.amount)


def _jump(figures: Figures, before: Figure, at: Figure, ordinary: Decimal) -> Question:
    most = _MOVING_RANGES * ordinary
    change = f"{with_commas(_distance(before, at))} {'more' if at.amount > before.amount else 'less'}"
    return figures.question(
        "jumps",
        at,
        f"{with_commas(at.value)} ({at.name}) is {change} than {with_commas(before.value)} before; the series "
        f"usually moves by {_rough(ordinary)}",
        f"between {_rough(before.amount - most)} and {_rough(before.amount + most)}, within {_MOVING_RANGES} "
        "moving ranges",
        # Not the figure before, which may be revised: a reason why this one departs from it still holds.
        figures=(at.identity,),
        others=[before],
    )


def _rough(number: Decimal) -> str:
    return with_commas(round(number, 1))
