"""Check that a change given as such agrees with the two figures it is between."""

from __future__ import annotations

from decimal import Decimal

from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.figures import Figure, grouped, half_a_unit, with_commas
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.question import Outcome, Question

_LEVELS = {
    # statistic: (that of the figures it is between, whether it is in per cent of the earlier)
    "change": ("count", False),
    "percent_change": ("count", True),
    "point_change": ("percent", False),
}


def check_changes(figures: Figures) -> Outcome:
    """Find changes that do not follow from their figures; where one of the two is absent, nothing is judged."""
    held, questions = 0, []
    for group in grouped(figures.real, lambda figure: (figure.source, figure.topic)).values():
        changes = [figure for figure in group if _statistic(figure) in _LEVELS]
        if not changes:
            continue
        rows = Dataset(figures.resource, figures.frame.iloc[[figure.position for figure in group]])
        for at in changes:
            ends = _ends(rows, at)
            if ends is None:
                continue
            level, in_per_cent = _LEVELS[_statistic(at)]
            change = ends[1] - ends[0]
            if in_per_cent:
                change = change * 100 / ends[0]
            # Percentages were rounded themselves; counts were not.
            allowed = half_a_unit(at.amount) * (2 if level == "percent" else 1)
            if abs(at.amount - change) <= allowed:
                held += 1
            else:
                questions.append(_question(figures, at, ends, change, in_per_cent))
    return Outcome(held, tuple(questions))


def _statistic(at: Figure) -> str:
    return at.statistic.removesuffix("_on_previous_quarter")


def _ends(rows: Dataset, at: Figure) -> tuple[Decimal, Decimal] | None:
    """Look up the two figures that a change is between; None unless both are there and it can be computed."""
    level, in_per_cent = _LEVELS[_statistic(at)]
    if at.base is None:
        return None
    one, other = (rows.figure(period, level).number for period in (at.base, at.period))
    if one is None or other is None or (in_per_cent and not one):
        return None
    return Decimal(one.numerator) / Decimal(one.denominator), Decimal(other.numerator) / Decimal(other.denominator)


def _question(
    figures: Figures, at: Figure, ends: tuple[Decimal, Decimal], change: Decimal, in_per_cent: bool
) -> Question:
    before, after = map(with_commas, ends)
    return figures.question(
        "changes",
        at,
        f"{with_commas(at.value)} ({at.name}) is not the change from {before} to {after}",
        f"{with_commas(round(change, 2))}{'%' if in_per_cent else ''}, rounded",
        figures=(at.identity,),
        against=round(change, 2),
        # A unit of its last decimal place.
        little=2 * half_a_unit(at.amount),
    )
