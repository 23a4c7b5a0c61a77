"""A published report checked against itself: nothing is known here but its own figures and arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.review.reconcile import implied
from scrutiny.review.reconcile.figures import (
    CHANGE,
    LEVELS,
    PERCENT_CHANGE,
    SLIGHT_DIRECTION,
    WORDS,
    Interval,
    Published,
)
from scrutiny.review.reconcile.ledger import Ledger, Level, difference, percentage, total
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away

SLIGHT = 5
"""Per cent from which a change is called slight no more: where the first page calls it material."""


@dataclass(frozen=True)
class Finding:
    """What came of recomputing a printed figure.

    Parameters
    ----------
    check : str
        Which check: a key of `CHECKS`, or `TWICE`.
    figure : Published
        What was recomputed.
    recomputed : str
        What it was to be.
    steps : tuple of str
        The arithmetic.
    others : tuple of Published
        What it was recomputed from, or stands against.
    """

    check: str
    figure: Published
    holds: bool
    recomputed: str
    steps: tuple[str, ...] = ()
    others: tuple[Published, ...] = ()

    @property
    def id(self) -> str:
        """By which a remark names it: "difference 532 slavery.crimes +38"."""
        return f"{self.check} {self.figure.line} {self.figure.fact} {self.figure.printed}"

    @property
    def lines(self) -> tuple[int, ...]:
        """Lines of the published report that it is about, that of the figure first."""
        return tuple(dict.fromkeys([self.figure.line, *sorted(other.line for other in self.others)]))


def findings(ledger: Ledger) -> tuple[Finding, ...]:
    """Recompute whatever can be, in the order of the published report."""
    found = [finding for check in CHECKS.values() for finding in check(ledger)]
    found += _twice(ledger, {finding.figure for finding in found if not finding.holds})
    return tuple(sorted(found, key=lambda finding: (finding.figure.line, finding.figure.row)))


def _judged(check: str, figure: Published, level: Level, unit: str = "") -> Finding:
    """Judge a figure by what it was to be, rounded as it is printed."""
    recomputed = wording.number(level.middle, figure.places) + unit
    return Finding(
        check,
        figure,
        level.interval.rounds_to(figure.number, figure.places),
        recomputed,
        level.steps,
        tuple(source for source in level.sources if source is not figure),
    )


def _differences(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        if figure.comparison == CHANGE and (both := ledger.both(figure)):
            earlier, later = both
            yield _judged("difference", figure, difference(later, earlier))


def _percentages(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        if figure.comparison == PERCENT_CHANGE and (both := ledger.both(figure)):
            earlier, later = both
            if made := percentage(difference(later, earlier), earlier):
                yield _judged("percentage", figure, made, "%")
            elif earlier.interval.low == earlier.interval.high and figure.number != 0:
                step = f"from {earlier.text} there is no percentage"
                yield Finding("percentage", figure, False, "none", (step,), earlier.sources)


def _shares(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        if figure.fact in ledger.relations.shares and figure.statistic == "percent":
            part, whole = (
                ledger.level(fact, figure.period, figure.line) for fact in ledger.relations.shares[figure.fact]
            )
            if part and whole and (made := percentage(part, whole)):
                yield _judged("share", figure, made, "%")


def _sums(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        if figure.statistic in LEVELS or figure.comparison == CHANGE:
            made = ledger.sum_of_parts(figure.fact, figure.period, figure.statistic, figure.line)
            if made:
                yield _judged("sum", figure, made)


def _parts(ledger: Ledger) -> Iterator[Finding]:
    """Judge a whole of which not all parts are printed: those that are may not exceed it."""
    for figure in ledger.figures:
        facts = ledger.relations.parts.get(figure.fact, ())
        made = total([ledger.printed(fact, figure.period, figure.statistic, figure.line) for fact in facts])
        if made:
            holds = made.interval.low <= ledger.interval(figure).high
            yield Finding("parts", figure, holds, f"{made.text} or more", made.steps, made.sources)


def _months(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        level = figure.statistic == "count"
        if ledger.statistic(figure.fact) != "count" or not (level or figure.comparison == CHANGE):
            continue
        made = ledger.sum_of_months(figure.fact, figure.period, figure.line)
        if made and not level:
            base = figure.base_period
            earlier = ledger.sum_of_months(figure.fact, base, figure.line) if base else None
            made = difference(made, earlier) if earlier else None
        if made:
            yield _judged("months", figure, made)


def _twice(ledger: Ledger, wrong: Collection[Published]) -> Iterator[Finding]:
    """Judge a fact in several places by what most of them say.

    Of as many it is those which nothing else contradicts, then the more precise, then the later.
    """
    for figures in ledger.same():
        votes = {figure: sum(_agree(figure, other) for other in figures) for figure in figures}
        chosen = max(figures, key=lambda figure: (votes[figure], figure not in wrong, figure.places, figure.line))
        for figure in figures:
            if figure is not chosen:
                against = tuple(other for other in figures if not _agree(figure, other)) or (chosen,)
                yield Finding(TWICE, figure, _agree(figure, chosen), against[0].printed, (), against)


def _agree(one: Published, other: Published) -> bool:
    """Whether two places print the same, one perhaps with fewer decimal places."""
    coarse, fine = sorted((one, other), key=lambda figure: figure.places)
    return Fraction(round_half_away(fine.number, coarse.places)) == coarse.number


def _directions(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        if figure.comparison not in WORDS:
            continue
        told = _changes_told(ledger, figure)
        if told:
            holds = all(_goes(change, figure.number) for change, _ in told)
            sources = tuple(dict.fromkeys(source for _, some in told for source in some))
            texts = dict.fromkeys(f"{source.printed}, {_compared(source)}" for source in sources)
            yield Finding("direction", figure, holds, "; ".join(texts), (), sources)


_Told = tuple[Interval, tuple[Published, ...]]


def _changes_told(ledger: Ledger, figure: Published) -> list[_Told]:
    """Give the changes of which a word may tell the direction.

    They are printed, or computed; failing both, they are those that are printed against another base.
    """
    others = [
        other
        for other in ledger.figures
        if (other.fact, other.period) == (figure.fact, figure.period) and other.comparison and other is not figure
    ]
    printed = [other for other in others if other.base == figure.base and other.comparison not in WORDS]
    if not printed and (both := ledger.both(figure)):
        earlier, later = both
        return [(later.interval - earlier.interval, (*earlier.sources, *later.sources))]
    against = printed or [other for other in others if other.base != figure.base]
    return [(ledger.interval(other), (other,)) for other in against]


def _goes(change: Interval, direction: Fraction) -> bool:
    if direction == 0:
        return change.low <= 0 <= change.high
    return change.high > 0 if direction > 0 else change.low < 0


def _compared(figure: Published) -> str:
    if figure.comparison:
        return f"against {_BASES[figure.base]}"
    return figure.period.label


_BASES = {
    "": "the year before",
    "_on_previous_quarter": "the quarter before",
    "_on_last_report": "the last report",
}


def _slight(ledger: Ledger) -> Iterator[Finding]:
    for figure in ledger.figures:
        base = figure.base_period
        if figure.comparison != SLIGHT_DIRECTION or base is None:
            continue
        periods = (base, figure.period)
        earlier, later = (implied.level(ledger, figure.fact, period, figure.line) for period in periods)
        made = percentage(difference(later, earlier), earlier) if earlier and later else None
        if made:
            holds = made.interval.low < SLIGHT and made.interval.high > -SLIGHT
            recomputed = made.text + (", estimated" if made.estimated else "")
            yield Finding("slight", figure, holds, recomputed, made.steps, made.sources)


CHECKS: dict[str, Callable[[Ledger], Iterator[Finding]]] = {
    "difference": _differences,
    "percentage": _percentages,
    "share": _shares,
    "sum": _sums,
    "parts": _parts,
    "months": _months,
    "direction": _directions,
    "slight": _slight,
}
"""The checks by name, but that of a fact in several places, which has to know what these found."""
TWICE = "twice"


def held(found: tuple[Finding, ...]) -> dict[str, tuple[int, int]]:
    """Count how often each check was made, and how often it held."""
    made, good = Counter(one.check for one in found), Counter(one.check for one in found if one.holds)
    return {name: (made[name], good[name]) for name in (*CHECKS, TWICE)}
