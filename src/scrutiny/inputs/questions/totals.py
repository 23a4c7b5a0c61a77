"""Check that parts add up to their total, allowing for rounding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from scrutiny.inputs.figures import Figure, half_a_unit, with_commas
from scrutiny.inputs.questions.figures import LITTLE, Figures
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.inputs.relations import relations_of


def check_sums(figures: Figures) -> Outcome:
    """Find totals that differ from the sum of their parts; illustrative and absent figures are not judged."""
    held, questions = 0, []
    for relation in relations_of(figures.resource, figures.all):
        if all(figure.is_real for figure in (relation.total, *relation.parts)):
            question = _question(figures, relation.total, relation.parts)
            questions += [question] if question else []
            held += not question
    return Outcome(held, tuple(questions))


def _question(figures: Figures, total: Figure, parts: Sequence[Figure]) -> Question | None:
    added = sum((part.amount for part in parts), Decimal(0))
    difference = added - total.amount
    # Parts and total may each be rounded to the same decimal places; counts are whole without rounding.
    all_values = [total.amount, *(part.amount for part in parts)]
    allowed = Decimal(0) if total.is_count else min(map(half_a_unit, all_values)) * len(all_values)
    if abs(difference) <= allowed:
        return None
    differs = f"{with_commas(abs(difference))} {'more' if difference > 0 else 'less'} than"
    return figures.question(
        "sums",
        total,
        f"the {len(parts)} parts of {total.name} add up to {with_commas(added)}, {differs} this total, "
        f"{with_commas(total.value)}",
        f"{with_commas(added)}, the sum of the parts"
        + (f", give or take {with_commas(allowed)}" if allowed else ""),
        figures=(total.identity, *sorted(part.key for part in parts), str(difference > 0)),
        others=parts,
        against=added,
        little=abs(total.amount) * LITTLE,
    )
