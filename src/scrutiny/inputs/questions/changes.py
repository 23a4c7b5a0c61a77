"""Check that a change which was given as such agrees with the figures that it is between."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.questions.figures import (
    Figure,
    Figures,
    grouped,
    half_a_unit,
    month_count,
    shown,
)
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, add_months

_KINDS = {
    # statistic: (that of the figures it is between, whether it is in per cent of the earlier)
    "change": ("count", False),
    "percent_change": ("count", True),
    "point_change": ("percent", False),
}
_BACK = {"": MONTHS_OF_YEAR, "_on_previous_quarter": MONTHS_OF_QUARTER}


@dataclass(frozen=True)
class _Between:
    """The two figures that a change is between."""

    before: Decimal
    after: Decimal
    in_per_cent: bool

    @property
    def change(self) -> Decimal:
        difference = self.after - self.before
        return difference * 100 / self.before if self.in_per_cent else difference


def check_changes(figures: Figures) -> Outcome:
    """Find changes that do not follow from their figures; where one of the two is absent, nothing is said."""
    held, questions = 0, []
    real = [figure for figure in figures.all if figure.value is not None and not figure.illustrative]
    for group in grouped(real, lambda figure: (figure.source, figure.topic)).values():
        changes = [figure for figure in group if _kind(figure.statistic)]
        if not changes:
            continue
        rows = Dataset(figures.resource, figures.frame.iloc[[figure.position for figure in group]])
        for at in changes:
            between = _between(rows, at)
            if between is None or at.value is None:
                continue
            # Figures in per cent were rounded themselves; counts were not.
            allowed = half_a_unit(at.value) * (1 if _kind(at.statistic) != ("percent", False) else 2)
            if abs(at.value - between.change) <= allowed:
                held += 1
            else:
                questions.append(_question(figures, at, between))
    return Outcome(held, tuple(questions))


def _kind(statistic: str) -> tuple[str, bool] | None:
    return _KINDS.get(_split(statistic)[0])


def _split(statistic: str) -> tuple[str, str]:
    """Split a statistic into what changes and what it is against."""
    for suffix in _BACK:
        if suffix and statistic.endswith(suffix):
            return statistic.removesuffix(suffix), suffix
    return statistic, ""


def _between(rows: Dataset, at: Figure) -> _Between | None:
    name, suffix = _split(at.statistic)
    level, in_per_cent = _KINDS[name]
    if not at.period.whole_months:
        return None
    if (earlier := _months_before(at.period, _BACK[suffix])) is None:
        return None
    numbers = [rows.figure(period, level).number for period in (earlier, at.period)]
    before, after = (None if one is None else Decimal(one.numerator) / Decimal(one.denominator) for one in numbers)
    if before is None or after is None or (in_per_cent and not before):
        return None
    return _Between(before, after, in_per_cent)


def _months_before(period: Period, months: int) -> Period | None:
    try:
        return Period.of_months(add_months(period.end, -months), month_count(period))
    except ValueError:  # before the calendar begins
        return None


def _question(figures: Figures, at: Figure, between: _Between) -> Question:
    computed = shown(round(between.change, 2)) + ("%" if between.in_per_cent else "")
    return figures.question(
        "changes",
        at,
        f"{shown(at.value)} ({at.named}) is not the change from {shown(between.before)} to {shown(between.after)}",
        f"{computed}, rounded",
        figures=(at.identity, shown(between.before), shown(between.after)),
    )
