"""Check that two sources of one measure agree, such as the published figure and what a force supplies later."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from scrutiny.inputs.questions.figures import Figure, Figures, grouped, half_a_unit, shown
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.inputs.relations import OVER_TIME, tilings
from scrutiny.statistics.periods import Period


@dataclass(frozen=True)
class _Pair:
    """What two sources say of one period: the row of one, and the figure of the other or the sum of its months."""

    at: Figure
    own: Decimal
    other: Decimal
    statuses: frozenset[str]

    @property
    def distance(self) -> Decimal:
        return abs(self.own - self.other)

    @property
    def agrees(self) -> bool:
        """Whether they are equal, as far as the one with fewer decimal places says."""
        return self.distance <= (half_a_unit(self.own, self.other) if _is_rounded(self) else 0)


def check_sources(figures: Figures) -> Outcome:
    """Find measures of which two sources say different things; illustrative figures are not compared.

    A year of one source is compared with the sum of the months, or quarters, of another, too. There is one
    question for each measure and two sources.
    """
    held, questions = 0, []
    real = [figure for figure in figures.all if figure.value is not None and not figure.illustrative]
    for group in grouped(real, lambda figure: (figure.topic, figure.statistic)).values():
        by_source = grouped(group, lambda figure: figure.source)
        for one, other in combinations(sorted(by_source), 2):
            pairs = [
                *_pairs(by_source[one], _Source(by_source[other])),
                *_pairs(by_source[other], _Source(by_source[one])),
            ]
            differing = [pair for pair in pairs if not pair.agrees]
            compared = {pair.at.period for pair in pairs}
            held += len(compared - {pair.at.period for pair in differing})
            if differing:
                questions.append(_question(figures, (one, other), differing, len(compared)))
    return Outcome(held, tuple(questions))


class _Source:
    """What a source says of a period: its row, or the sum of its months or quarters."""

    def __init__(self, rows: list[Figure]) -> None:
        self._by_period = {row.period: row for row in rows}

    def find(self, period: Period, statistic: str) -> tuple[Decimal, frozenset[str]] | None:
        """Give the number and the statuses of its rows."""
        ways = [(period,), *(tilings(period) if statistic in OVER_TIME else ())]
        for way in ways:
            rows = [self._by_period[part] for part in way if part in self._by_period]
            if len(rows) == len(way):
                values = (row.value or Decimal(0) for row in rows)
                return sum(values, Decimal(0)), frozenset(row.status for row in rows)
        return None


def _pairs(rows: list[Figure], other: _Source) -> list[_Pair]:
    found = []
    for row in rows:
        said = other.find(row.period, row.statistic)
        if row.value is not None and said is not None:
            found.append(_Pair(row, row.value, *said))
    return found


def _is_rounded(pair: _Pair) -> bool:
    return pair.own != pair.own.to_integral_value() or pair.other != pair.other.to_integral_value()


def _question(figures: Figures, sources: tuple[str, str], differing: list[_Pair], compared: int) -> Question:
    worst = max(differing, key=lambda pair: (pair.distance, pair.at.period, pair.at.source))
    (other,) = set(sources) - {worst.at.source}
    periods = {pair.at.period for pair in differing}
    return figures.question(
        "sources",
        worst.at,
        f"{worst.at.source} ({worst.at.status}) has {shown(worst.own)} for {worst.at.named}, and {other} "
        f"({', '.join(sorted(worst.statuses))}) {shown(worst.other)}, {shown(worst.distance)} "
        f"{'more' if worst.other > worst.own else 'less'}; {len(periods)} of {compared} periods differ",
        f"one figure from both sources, {shown(worst.other)} or {shown(worst.own)}",
        figures=sorted(f"{pair.at.identity} {shown(pair.other)}" for pair in differing),
        others=[pair.at for pair in differing if pair is not worst],
    )
