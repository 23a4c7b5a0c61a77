"""The first page: every measure of Appendix A in a group by what its change means, and the largest changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scrutiny.analysis.comparison_tables import has_targets, head_with_months, target_in_brief
from scrutiny.analysis.judgement import Judgement, Standing, judge
from scrutiny.analysis.phrases import movement
from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Table, TableCell, TableRow, by_column, totals_among
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.periods import long_date
from scrutiny.statistics.value import Value
from scrutiny.statistics.wording import Direction, in_words, listed, unbroken

LARGEST = 3
"""How many of the largest changes get a sentence."""

_SHAPES: dict[Direction | None, str] = {
    Direction.INCREASE: "\N{BLACK UP-POINTING TRIANGLE}",
    Direction.DECREASE: "\N{BLACK DOWN-POINTING TRIANGLE}",
    Direction.NO_CHANGE: "\N{BLACK DIAMOND}",
}
_PREDICATES = {
    Standing.BETTER: "got better",
    Standing.WORSE: "got worse",
    Standing.NO_MATERIAL_CHANGE: "did not change materially",
    Standing.WITH_TEXT: "{} to be read with the text",
    Standing.NOT_JUDGED: "cannot be judged",
    Standing.NOT_SUPPLIED: "{} not supplied",
}
_ORDERED = (Standing.BETTER, Standing.WORSE)
"""Groups listed with the largest change first."""
_UNKNOWN = (Standing.NOT_JUDGED, Standing.NOT_SUPPLIED)
"""Groups of measures of which it is not known whether they changed."""


def judgements(report: Report) -> list[Judgement]:
    """Judge every measure of Appendix A, in its order."""
    return [judge(report.measure(name)) for name in report.measures_of_appendix()]


def standing_table(report: Report, judged: Sequence[Judgement], standing: str) -> Table:
    """Tabulate the measures of one group: the latest figure, the change in words and shape, the target.

    Parameters
    ----------
    standing : str
        The group, a value of `Standing`.

    Returns
    -------
    Table
        Those that got better or worse with the largest change first, else in the order of Appendix A; without
        rows where none is in the group.
    """
    usual = report.period("year")
    group = [one for one in judged if one.standing == standing]
    if standing in _ORDERED:
        group.sort(key=lambda one: one.size, reverse=True)
    targets = has_targets(one.measure for one in group)
    rows = []
    for one in group:
        measure, window = one.measure, one.measure.measure.window
        cells = [TableCell.figure(measure, window), _change(one)]
        cells += [TableCell(target_in_brief(measure, window))] if targets else []
        rows.append(TableRow(head_with_months(measure, window, usual), [*cells, TableCell(one.why)]))
    sums = by_column(rows, totals_among([one.measure for one in group]))
    return Table(["Measure", "Latest", "Change", *(["Target"] if targets else []), "Material?"], rows, sums)


def standing_headline(judged: Sequence[Judgement], standing: str) -> str:
    """Say how many measures are in a group, and in what order its table has them."""
    count = sum(one.standing == standing for one in judged)
    text = f"{in_words(count)} of {len(judged)} measures {_predicate(Standing(standing), count)}"
    return f"{text}, the largest change first" if standing in _ORDERED and count > 1 else text


def glance_values(judged: Sequence[Judgement]) -> dict[str, Value]:
    """Give the values of the first page.

    Returns
    -------
    dict of str to Value
        ``glance.all.quarter.summary``, how many measures are in each group; ``glance.all.quarter.largest``, a
        sentence each for the largest changes for better or worse.
    """
    count = {standing: sum(one.standing is standing for one in judged) for standing in Standing}
    groups = [f"{in_words(number)} {_predicate(standing, number)}" for standing, number in count.items() if number]
    chosen = largest(judged)
    rule = "each change judged by what is material for its measure, or by its control chart"
    summary = f"Of the {len(judged)} measures of Appendix A, {listed(groups)}."
    formula = f"{rule}; the largest as multiples of what is material"
    sentences = Value.computed(_sentences(chosen), formula, *_shown(chosen))
    sentences.absent = all(one.standing in _UNKNOWN for one in judged)
    return {
        "glance.all.quarter.summary": Value.computed(summary, rule, *_shown(judged)),
        "glance.all.quarter.largest": sentences,
    }


def _shown(judged: Sequence[Judgement]) -> list[Datum]:
    return [datum for one in judged for datum in one.comparison.shown]


def largest(judged: Sequence[Judgement]) -> list[Judgement]:
    """Choose the largest changes for better or worse, measured by what is material for each measure."""
    moved = (one for one in judged if one.standing in _ORDERED)
    return sorted(moved, key=lambda one: one.size, reverse=True)[:LARGEST]


def _sentences(judged: Sequence[Judgement]) -> str:
    """Give each change a sentence, naming the months once where they are the same."""
    if not judged:
        return "No measure changed materially for better or worse."
    months = [_months(one) for one in judged]
    if len(set(months)) == 1:
        sentences = " ".join(f"{_sentence(one)}." for one in judged)
        return f"{sentences} {'Each' if len(judged) > 1 else 'This'} compares the {months[0]} with a year before."
    return " ".join(f"{_sentence(one)} ({when})." for one, when in zip(judged, months, strict=True))


def _sentence(judged: Judgement) -> str:
    measure = judged.measure
    subject = measure.measure.subject or measure.title
    return f"{subject} {movement(measure, judged.comparison)}, which is {judged.standing}"


def _months(judged: Judgement) -> str:
    window = judged.measure.measure.window
    period = judged.measure.period(window)
    return f"12 months to {long_date(period.end)}" if window == "year" else period.label


def _change(judged: Judgement) -> TableCell:
    cell = TableCell.change(judged.comparison)
    shape = _SHAPES.get(judged.comparison.direction)
    return replace(cell, text=unbroken(f"{shape} {cell.text}")) if shape else cell


def _predicate(standing: Standing, number: int) -> str:
    one, many = ("was", "were") if standing is Standing.NOT_SUPPLIED else ("is", "are")
    return _PREDICATES[standing].format(one if number == 1 else many)
