"""Check that figures follow from those of other measures, in whatever dataset, as `data/measures.yaml` says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from scrutiny.inputs.figures import Figure
from scrutiny.inputs.measures import Measure
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.parts import Row, outcome_of, question, stated
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.ledger import Entry, Ledger, Relations, percentage, total
from scrutiny.statistics.periods import Period


def check_ratios(measures: Mapping[str, Measure], read: Callable[[str], Figures]) -> Outcome:
    """Find shares, rates and averages that are not those of their numerator and denominator.

    `read` gives a dataset's figures by its name. A source's figure is compared with the same source's or, where a
    measure has none of it, with those of the measure's own source.
    """
    found: list[Question | None] = []
    for name, measure in measures.items():
        if measure.ratio:
            found += _of_measure(name, measures, read)
    return outcome_of(found)


def _of_measure(
    name: str, measures: Mapping[str, Measure], read: Callable[[str], Figures]
) -> Iterator[Question | None]:
    measure = measures[name]
    figures = read(measure.dataset)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    sums: dict[str, tuple[str, ...]] = {}
    for part in chain(*measure.ratio):
        for each in (part, *measures[part].sum_of):
            of = read(measures[each].dataset)
            for one in _rows(of, measures[each]):
                rows[one.source, each].append(stated(of, one, f"{one.source} {each}"))
                sums[f"{one.source} {part}"] = tuple(f"{one.source} {term}" for term in measures[part].sum_of)
    ledger = Ledger(chain(*rows.values()), Relations(sums=sums))

    def amount(names: tuple[str, ...], source: str, period: Period) -> Entry[Row] | None:
        sources = {each: source if (source, each) in rows else measures[each].source for each in names}
        return total(ledger.level(f"{sources[each]} {each}", period, 0) for each in names)

    for figure in _rows(figures, measure):
        if figure.statistic != measure.statistic:
            continue
        numerator, denominator = (amount(names, figure.source, figure.period) for names in measure.ratio)
        made = percentage(numerator, denominator, measure.per) if numerator and denominator else None
        if numerator and denominator and made:
            at = stated(figures, figure, name)
            per = "in per cent" if measure.per == 100 else f"for every {measure.per:,}"
            what = f"{numerator.text} {per} of {denominator.text}"
            holds = made.interval.meets(ledger.interval(at))
            yield None if holds else question("shares", figures, at, what, made)


def _rows(figures: Figures, measure: Measure) -> list[Figure]:
    """Give the real figures of a measure, of each source, levels and changes."""
    chosen = figures.frame
    for column, value in measure.where.items():
        chosen = chosen[chosen[column] == value]
    positions = set(chosen.index)
    return [figure for figure in figures.real if figure.position in positions]
