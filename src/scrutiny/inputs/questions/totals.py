"""Check that parts add up to their total, give or take what rounding explains."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scrutiny.inputs.questions.figures import Figure, Figures, half_a_unit, shown
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.inputs.relations import COUNTS, relations_of


def check_sums(figures: Figures) -> Outcome:
    """Find totals from which the sum of their parts differs; illustrative and absent figures are not judged."""
    held, questions = 0, []
    for relation in relations_of(figures.resource, figures.frame):
        rows = [figures.by_position.get(at) for at in (relation.total, *relation.parts)]
        judged = [row for row in rows if row is not None and row.value is not None and not row.illustrative]
        if len(judged) < len(rows) or len(rows) < 2:
            continue
        total, *parts = judged
        if question := _asked(figures, total, parts):
            questions.append(question)
        else:
            held += 1
    return Outcome(held, tuple(questions))


def rounding_of(statistic: str, values: Sequence[Decimal]) -> Decimal:
    """Give by how much parts and total, rounded to the same decimal places each, may differ.

    Counts are whole without rounding: of them it is 0.
    """
    if statistic in COUNTS:
        return Decimal(0)
    return min(half_a_unit(value) for value in values) * len(values)


def _asked(figures: Figures, total: Figure, parts: Sequence[Figure]) -> Question | None:
    whole = total.value or Decimal(0)
    values = [part.value or Decimal(0) for part in parts]
    added = sum(values, Decimal(0))
    allowed = rounding_of(total.statistic, [whole, *values])
    if abs(added - whole) <= allowed:
        return None
    differs = f"{shown(abs(added - whole))} {'more' if added > whole else 'less'} than"
    return figures.question(
        "sums",
        total,
        f"the {len(parts)} parts of {total.named} add up to {shown(added)}, {differs} this total, {shown(whole)}",
        f"{shown(added)}, the sum of the parts" + (f", give or take {shown(allowed)}" if allowed else ""),
        figures=(total.identity, *sorted(part.identity for part in parts)),
        others=parts,
    )
