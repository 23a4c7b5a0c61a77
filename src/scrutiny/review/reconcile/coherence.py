"""A published report checked against itself by arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from scrutiny.review.reconcile import implied
from scrutiny.review.reconcile.figures import Entry, Ledger, PublishedFigure
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.ledger import difference, percentage, total
from scrutiny.statistics.stated import (
    CHANGE,
    LEVELS,
    PERCENT_CHANGE,
    SLIGHT_DIRECTION,
    WORDS,
    Interval,
)

SLIGHT = 5
"""The percentage from which a change is no longer slight: where the report's first page calls it material."""
CHECKS = {
    "difference": "a difference from the two figures",
    "percentage": "a percentage of change from the two figures",
    "share": "a share from its part and its whole",
    "sum": "a total from its parts",
    "parts": "a whole that has to hold the parts that are printed",
    "months": "a window from its months",
    "direction": "a word for a direction beside the change",
    "slight": "a change that is called slight: under 5%",
    "twice": "a fact in several places",
}
"""The checks, and what each recomputes."""
_BASES = {
    "": "the year before",
    "_on_previous_quarter": "the quarter before",
    "_on_last_report": "the last report",
}


@dataclass(frozen=True)
class Recomputation:
    """A printed figure computed again.

    Parameters
    ----------
    check : str
        A key of `CHECKS`.
    recomputed : str
        What the figure should have been.
    steps : tuple of str
        The arithmetic.
    others : tuple of PublishedFigure
        What it was recomputed from, or contradicts.
    """

    check: str
    figure: PublishedFigure
    holds: bool
    recomputed: str
    steps: tuple[str, ...] = ()
    others: tuple[PublishedFigure, ...] = ()

    @property
    def id(self) -> str:
        """The name that a remark calls it by: "difference 532 slavery.crimes +38"."""
        return f"{self.check} {self.figure.line} {self.figure.fact} {self.figure.printed}"

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of the published report concerned, that of the figure first."""
        return tuple(dict.fromkeys([self.figure.line, *sorted(other.line for other in self.others)]))


def recompute(ledger: Ledger) -> tuple[Recomputation, ...]:
    """Recompute whatever can be recomputed, in the order of the published report."""
    checks = (_difference, _percentage, _share, _sum, _parts, _months, _direction, _slight)
    found = [made for check in checks for figure in ledger.figures if (made := check(ledger, figure))]
    found += _twice(ledger, {made.figure for made in found if not made.holds})
    return tuple(sorted(found, key=lambda made: (made.figure.line, made.figure.row)))


def held(found: Iterable[Recomputation]) -> dict[str, tuple[int, int]]:
    """Count how often each check was made, and how often it held."""
    counts = Counter((made.check, made.holds) for made in found)
    return {name: (counts[name, True] + counts[name, False], counts[name, True]) for name in CHECKS}


def _judged(check: str, figure: PublishedFigure, made: Entry | None, unit: str = "") -> Recomputation | None:
    """Judge a figure by what it should be, rounded as it is printed."""
    if made is None:
        return None
    return Recomputation(
        check,
        figure,
        made.interval.rounds_to(figure.number, figure.places),
        wording.number(made.middle, figure.places) + unit,
        made.steps,
        tuple(source for source in made.sources if source is not figure),
    )


def _difference(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    if figure.comparison != CHANGE or not (both := ledger.both(figure)):
        return None
    earlier, later = both
    return _judged("difference", figure, difference(later, earlier))


def _percentage(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    if figure.comparison != PERCENT_CHANGE or not (both := ledger.both(figure)):
        return None
    earlier, later = both
    if made := percentage(difference(later, earlier), earlier):
        return _judged("percentage", figure, made, "%")
    if earlier.interval.low < earlier.interval.high or figure.number == 0:
        return None
    step = f"from {earlier.text} there is no percentage"
    return Recomputation("percentage", figure, False, "none", (step,), earlier.sources)


def _share(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    if figure.fact not in ledger.relations.shares or figure.statistic != "percent":
        return None
    part, whole = (ledger.level(fact, figure.period, figure.line) for fact in ledger.relations.shares[figure.fact])
    return _judged("share", figure, percentage(part, whole) if part and whole else None, "%")


def _sum(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    if figure.statistic not in LEVELS and figure.comparison != CHANGE:
        return None
    made = ledger.sum_of_parts(figure.fact, figure.period, figure.statistic, figure.line)
    return _judged("sum", figure, made)


def _parts(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    """Judge a whole of which only some parts are printed, which may not exceed it."""
    facts = ledger.relations.parts.get(figure.fact, ())
    made = total(ledger.printed(fact, figure.period, figure.statistic, figure.line) for fact in facts)
    if made is None:
        return None
    holds = made.interval.low <= ledger.interval(figure).high
    return Recomputation("parts", figure, holds, f"{made.text} or more", made.steps, made.sources)


def _months(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    is_change = figure.comparison == CHANGE
    if ledger.statistic(figure.fact) != "count" or not (is_change or figure.statistic == "count"):
        return None
    made = ledger.sum_of_months(figure.fact, figure.period, figure.line)
    if made and is_change:
        base = figure.base_period
        earlier = ledger.sum_of_months(figure.fact, base, figure.line) if base else None
        made = difference(made, earlier) if earlier else None
    return _judged("months", figure, made)


def _direction(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    if figure.comparison not in WORDS or not (changes := _changes(ledger, figure)):
        return None
    holds = all(_goes(change, figure.number) for change, _ in changes)
    sources = tuple(dict.fromkeys(source for _, some in changes for source in some))
    texts = dict.fromkeys(f"{source.printed}, {_compared_with(source)}" for source in sources)
    return Recomputation("direction", figure, holds, "; ".join(texts), (), sources)


def _changes(ledger: Ledger, figure: PublishedFigure) -> list[tuple[Interval, tuple[PublishedFigure, ...]]]:
    """Give the changes that a word may describe, with their sources.

    They are printed or computed or, failing both, printed against another base.
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


def _compared_with(figure: PublishedFigure) -> str:
    return f"against {_BASES[figure.base]}" if figure.comparison else figure.period.label


def _slight(ledger: Ledger, figure: PublishedFigure) -> Recomputation | None:
    base = figure.base_period
    if figure.comparison != SLIGHT_DIRECTION or base is None:
        return None
    earlier, later = (implied.level(ledger, figure.fact, period, figure.line) for period in (base, figure.period))
    made = percentage(difference(later, earlier), earlier) if earlier and later else None
    if made is None:
        return None
    holds = made.interval.low < SLIGHT and made.interval.high > -SLIGHT
    recomputed = made.text + (", estimated" if made.estimated else "")
    return Recomputation("slight", figure, holds, recomputed, made.steps, made.sources)


def _twice(ledger: Ledger, wrong: Collection[PublishedFigure]) -> Iterator[Recomputation]:
    """Judge a fact in several places by what most of them say.

    Of a tie, those win that no other check contradicts, then the more precise, then the later.
    """
    for figures in ledger.repeated():
        votes = {figure: sum(_agree(figure, other) for other in figures) for figure in figures}
        chosen = max(figures, key=lambda figure: (votes[figure], figure not in wrong, figure.places, figure.line))
        for figure in figures:
            if figure is not chosen:
                against = tuple(other for other in figures if not _agree(figure, other)) or (chosen,)
                yield Recomputation("twice", figure, _agree(figure, chosen), against[0].printed, (), against)


def _agree(one: PublishedFigure, other: PublishedFigure) -> bool:
    """Whether two places print the same, one perhaps rounded further."""
    coarse, fine = sorted((one, other), key=lambda figure: figure.places)
    return Fraction(round_half_away(fine.number, coarse.places)) == coarse.number
