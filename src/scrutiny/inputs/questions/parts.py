"""Check that changes, shares and averages follow from the figures that are given beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scrutiny.inputs.figures import Category, Figure, half_a_unit, with_commas
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.inputs.relations import OVER_CATEGORIES, divisions, totals
from scrutiny.statistics import precedence
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.ledger import Entry, Ledger, Relations, difference, percentage
from scrutiny.statistics.provenance import Provenance
from scrutiny.statistics.stated import CHANGE, PERCENT_CHANGE, StatedFigure, comparison_in
from scrutiny.text import line_numbers

_PREFERRED = ("count", *OVER_CATEGORIES, "minutes", "seconds")
"""Levels of which a change is one, if a thing has several; a percentage comes last."""
_MEANS = ("percent", "minutes", "seconds")
"""Statistics of which a period's lies between those of its months, be they shares, means or medians."""
_NEARLY_ALL = (90, 110)
"""The sum of percentages that are shares of one whole, one of them perhaps wrong."""

_DECLARE = "; or let its measure in data/measures.yaml say what it is the share of: numerator, denominator"


@dataclass(frozen=True, kw_only=True)
class Row(StatedFigure):
    """A row of a dataset as the ledger has it."""

    figure: Figure
    file: str


def stated(figures: Figures, figure: Figure, fact: str) -> Row:
    """Give a figure that has a value to a ledger, as one of a fact."""
    written = f"{figure.amount.normalize():f}"
    statistic = figure.statistic.replace("point_change", CHANGE)
    file = f"data/{figures.resource.path}"
    return Row(figure.line, written, fact, figure.period, statistic, figure=figure, file=file)


def check_changes(figures: Figures) -> Outcome:
    """Find changes that do not follow from their figures; where one of the two is absent, nothing is judged."""
    ledger = _ledger(figures)
    found = [
        _judged("changes", figures, ledger, at, f"the change from {earlier.text} to {later.text}", made)
        for at in ledger.figures
        if at.comparison and (both := ledger.both(at))
        for earlier, later in [both]
        for change in [difference(later, earlier)]
        if (made := percentage(change, earlier) if at.comparison == PERCENT_CHANGE else change)
    ]
    return outcome_of(found)


def check_shares(figures: Figures, declared: Sequence[Mapping[str, str]] = ()) -> Outcome:
    """Find shares that are not those of their part in its whole, and averages outside those of their months.

    Which two a percentage is of: how many were satisfied and how many answered; or a part and its whole by
    `partsOf`, where the whole has 100, or the percentages of its parts add up to about as much. Not judged are the
    rows `declared` by measures, whose parts `ratios` knows.
    """
    ledger = _ledger(figures)
    found = []
    for at in ledger.figures:
        cells = figures.frame.iloc[at.figure.position]
        if at.statistic == "percent" and not any(all(cells[k] == v for k, v in one.items()) for one in declared):
            found += _share(figures, ledger, at)
        if at.statistic in _MEANS:
            found += _average(figures, ledger, at)
    return outcome_of(found)


def outcome_of(found: Sequence[Question | None]) -> Outcome:
    """Count what held, which is None."""
    return Outcome(found.count(None), tuple(one for one in found if one is not None))


def _judged(
    check: str, figures: Figures, ledger: Ledger[Row], at: Row, what: str, made: Entry[Row]
) -> Question | None:
    if made.interval.meets(ledger.interval(at)):
        return None
    return question(check, figures, at, what, made, undeclared=check == "shares")


def question(
    check: str, figures: Figures, at: Row, what: str, made: Entry[Row], *, undeclared: bool = False
) -> Question:
    """Ask about a figure that is not what others make it, and say which of the two a report shows.

    Of a share whose numerator and denominator no measure declares, that is not known.
    """
    own, others = at.figure, [row for row in dict.fromkeys(made.sources) if row is not at]
    elsewhere: dict[str, list[int]] = defaultdict(list)
    for row in others:
        elsewhere[row.file] += [row.line] if row.file != at.file else []
    places = "; ".join(f"{file}, {line_numbers(lines)}" for file, lines in elsewhere.items() if lines)
    provenance = Provenance.union(row.figure.provenance for row in others)
    candidates = [Datum(made.middle, "", provenance)], [Datum(at.number, "", own.provenance)]
    takes_own = precedence.first(candidates) == 1
    result = Decimal(made.middle.numerator) / Decimal(made.middle.denominator)
    unit = "%" if at.statistic.startswith(("percent_change", "percent")) else ""
    shown = f"{with_commas(own.value)}, as {own.status}" if takes_own else "what is computed"
    return figures.question(
        check,
        own,
        f"{with_commas(own.value)} ({own.name}) is not {what}{f' ({places})' if places else ''}"
        f"{'' if undeclared else f'; a report shows {shown}'}",
        f"{with_commas(round(result, 2))}{unit}, rounded{_DECLARE if undeclared else ''}",
        figures=(own.identity,),
        others=[row.figure for row in others if row.file == at.file],
        against=round(result, 2),
        # A unit of its last decimal place.
        little=2 * half_a_unit(own.amount),
    )


def _share(figures: Figures, ledger: Ledger[Row], at: Row) -> list[Question | None]:
    """Judge a percentage, if it is known of what."""
    own = at.figure
    answers, satisfied = (
        ledger.level(_fact(own, own.category, statistic), at.period, at.line)
        for statistic in ("respondents", "satisfied")
    )
    pairs = [(satisfied, answers)] if satisfied and answers else []
    for category in _wholes(figures, own.category):
        for statistic in OVER_CATEGORIES:
            part = ledger.printed(_fact(own, own.category, statistic), at.period, statistic, at.line)
            whole = ledger.level(_fact(own, category, statistic), at.period, at.line)
            if part and whole and _is_divided(ledger, at, category, statistic):
                pairs.append((part, whole))
    found = [
        _judged("shares", figures, ledger, at, f"{part.text} in per cent of {whole.text}", made)
        for part, whole in pairs
        if (made := percentage(part, whole))
    ]
    # It may be the share of any of its wholes; the last is the whole of all.
    return found if not found else [None] if None in found else found[-1:]


def _is_divided(ledger: Ledger[Row], at: Row, category: Category, statistic: str) -> bool:
    """Whether the percentages beside an amount are shares of a category's."""
    if of_whole := ledger.printed(_fact(at.figure, category, "percent"), at.period, "percent", at.line):
        return of_whole.middle == 100
    parts = ledger.relations.sums.get(_fact(at.figure, category, statistic), ())
    facts = [fact.replace(f'"{statistic}"', '"percent"') for fact in parts]
    shares = [ledger.printed(fact, at.period, "percent", at.line) for fact in facts]
    added = sum((share.middle for share in shares if share), Fraction(0))
    return None not in shares and _NEARLY_ALL[0] <= added <= _NEARLY_ALL[1]


def _average(figures: Figures, ledger: Ledger[Row], at: Row) -> Iterator[Question | None]:
    for tiles in at.period.tilings():
        months = [ledger.printed(at.fact, tile, at.statistic, at.line) for tile in tiles]
        known = sorted((month for month in months if month), key=lambda month: month.middle)
        if len(known) < len(months):
            continue
        low, high = known[0], known[-1]
        own = ledger.interval(at)
        nearest = low if own.high < low.interval.low else high
        holds = low.interval.low <= own.high and own.low <= high.interval.high
        what = f"between {low.text} and {high.text}, the least and the most of its {len(months)} parts"
        yield None if holds else question("shares", figures, at, what, nearest, undeclared=True)
        return


def _ledger(figures: Figures) -> Ledger[Row]:
    """Put a dataset's real figures into a ledger; a fact is one level of what one source counts."""
    levels: dict[tuple[str, Category], list[str]] = defaultdict(list)
    known: dict[str, dict[Category, Figure]] = defaultdict(dict)
    for figure in figures.real:
        known[figure.source][figure.category] = figure
        if not _is_change(figure):
            levels[figure.source, figure.category].append(figure.statistic)
    rows = []
    for one in figures.real:
        own = one.statistic
        if _is_change(one):
            own = _level(own, levels[one.source, one.category])
        rows.append(stated(figures, one, _fact(one, one.category, own)))
    sums: dict[str, tuple[str, ...]] = {}
    for categories in known.values():
        for category, one in categories.items():
            for whole in [category, *_wholes(figures, category)]:
                for parts in divisions(figures.resource, whole, categories):
                    for statistic in OVER_CATEGORIES:
                        facts = tuple(_fact(one, part, statistic) for part in parts)
                        sums.setdefault(_fact(one, whole, statistic), facts)
    return Ledger(rows, Relations(sums=sums))


def _fact(figure: Figure, category: Category, level: str) -> str:
    return json.dumps([figure.source, *category, level])


def _wholes(figures: Figures, category: Category) -> list[Category]:
    """Give the categories of which one is a part, or a part of a part, the whole of all last."""
    found: dict[Category, None] = {}
    due = [category]
    while due:
        due = [whole for one in due for whole in totals(figures.resource, one) if whole not in found]
        found |= dict.fromkeys(due)
    return list(found)


def _is_change(figure: Figure) -> bool:
    return bool(comparison_in(figure.statistic.replace("point_change", CHANGE)))


def _level(change: str, levels: Collection[str]) -> str:
    """Say of which of a thing's levels a change is one."""
    if change.startswith("point_change"):
        return "percent"
    return next((level for level in _PREFERRED if level in levels), next(iter(levels), "count"))
