"""Check that two sources of one measure agree, such as the published figure and what a force supplies later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from scrutiny.inputs.figures import Figure, grouped, half_a_unit, with_commas
from scrutiny.inputs.questions.figures import LITTLE, Figures
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.stated import OVER_TIME


@dataclass(frozen=True)
class _Pair:
    """What two sources say of one period: the row of one, and the figure of the other or the sum of its months."""

    at: Figure
    other: Decimal
    statuses: frozenset[str]
    """Statuses of the other source's rows."""

    @property
    def distance(self) -> Decimal:
        return abs(self.at.amount - self.other)

    @property
    def agrees(self) -> bool:
        """Whether they are equal to the decimal places of the coarser."""
        values = (self.at.amount, self.other)
        is_rounded = any(value != value.to_integral_value() for value in values)
        return self.distance <= (half_a_unit(*values) if is_rounded else 0)


def check_sources(figures: Figures) -> Outcome:
    """Find measures for which two sources disagree; illustrative figures are not compared.

    A year of one source is also compared with the sum of another's months or quarters. There is one question
    for each measure and pair of sources.
    """
    held, questions = 0, []
    for group in grouped(figures.real, lambda figure: (figure.topic, figure.statistic)).values():
        by_source = grouped(group, lambda figure: figure.source)
        for one, other in combinations(sorted(by_source), 2):
            pairs = [*_pairs(by_source[one], by_source[other]), *_pairs(by_source[other], by_source[one])]
            differing = [pair for pair in pairs if not pair.agrees]
            compared = {pair.at.period for pair in pairs}
            held += len(compared - {pair.at.period for pair in differing})
            if differing:
                questions.append(_question(figures, (one, other), differing, len(compared)))
    return Outcome(held, tuple(questions))


def _pairs(rows: list[Figure], others: list[Figure]) -> Iterator[_Pair]:
    """Pair each row with the other source's row of its period, or else the sum of its months or quarters."""
    by_period = {other.period: other for other in others}
    for row in rows:
        for periods in [(row.period,), *(row.period.tilings() if row.statistic in OVER_TIME else ())]:
            parts = [by_period[period] for period in periods if period in by_period]
            if len(parts) == len(periods):
                total = sum((part.amount for part in parts), Decimal(0))
                yield _Pair(row, total, frozenset(part.status for part in parts))
                break


def _question(figures: Figures, sources: tuple[str, str], differing: list[_Pair], compared: int) -> Question:
    worst = max(differing, key=lambda pair: (pair.distance, pair.at.period, pair.at.source))
    (other,) = set(sources) - {worst.at.source}
    own_value, other_value = with_commas(worst.at.amount), with_commas(worst.other)
    periods = {pair.at.period for pair in differing}
    return figures.question(
        "sources",
        worst.at,
        f"{worst.at.source} ({worst.at.status}) has {own_value} for {worst.at.name}, and {other} "
        f"({', '.join(sorted(worst.statuses))}) {other_value}, {with_commas(worst.distance)} "
        f"{'more' if worst.other > worst.at.amount else 'less'}; {len(periods)} of {compared} periods differ",
        f"one figure from both sources, {other_value} or {own_value}",
        figures=[*sources, *sorted(pair.at.key for pair in differing)],
        others=[pair.at for pair in differing if pair is not worst],
        against=sum((pair.distance for pair in differing), Decimal(0)),
        little=sum((abs(pair.at.amount) for pair in differing), Decimal(0)) * LITTLE,
    )
