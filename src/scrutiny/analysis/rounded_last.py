"""Sums and changes of figures that disclosure control rounds: computed from exact ones, and rounded last.

A workspace holds no exact figure, but what was computed here, in `rounded.csv` of its inputs. What would tell
an exact figure to a reader of the rounded ones is left out, and so hidden: `docs/explanation/disclosure.md`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import product

from scrutiny.analysis.report import ON_PREVIOUS_QUARTER, Report, ReportedMeasure, RoundedLast
from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import Disclosure, Resource
from scrutiny.inputs.disclosure.rounding import left_by, rounded, tells
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, SAME_PERIOD_A_YEAR_AGO, Period, Quarter
from scrutiny.statistics.stated import COUNTS

FILE = "rounded.csv"
_COLUMNS = ("measure", "statistic", "period_start", "period_end", "value", "symbol")


def rounded_last(project: Project, quarter: str) -> RoundedLast:
    """Give what a quarter's report says that can be computed from exact figures alone, rounded.

    From the inputs of a workspace it is read.
    """
    if project.root.name == INPUTS:
        return _read(project)
    shown, exact = _Shown(quarter, project), _Exact(quarter, project)
    # Sums of measures last, because they are shown beside these.
    for name, measure in sorted(project.measures.items(), key=lambda item: len(item[1].sum_of)):
        names = (name, *measure.sum_of)
        rules = [project.datapackage.resource(project.measures[one].dataset).disclosure for one in names]
        rule = max(rules, key=lambda rule: rule.rounding if rule.rounds else 0)
        if rule.rounds:
            try:
                of_measure = shown.measure(name), exact.measure(name)
            except WrongInput:
                # Of which no row is there yet; a notebook that asks for it is told so.
                continue
            if measure.statistic in COUNTS:
                _add_sums(shown.rounded_last, *of_measure, rule)
            _add_changes(shown.rounded_last, *of_measure, rule)
    return shown.rounded_last


def as_csv(known: RoundedLast) -> str:
    """Write it for a workspace."""
    text = io.StringIO()
    rows = (
        (name, statistic, period.start, period.end, number, symbol)
        for (name, statistic, period), (number, symbol) in sorted(known.items())
    )
    csv.writer(text, lineterminator="\n").writerows([_COLUMNS, *rows])
    return text.getvalue()


def _read(project: Project) -> RoundedLast:
    path = project.root / FILE
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return {
        (name, statistic, Period(date.fromisoformat(start), date.fromisoformat(end))): (Fraction(value), symbol)
        for name, statistic, start, end, value, symbol in rows
    }


class _Shown(Report):
    """The report while it does not know this yet."""

    def __init__(self, quarter: str, project: Project) -> None:
        super().__init__(quarter, project)
        self.rounded_last = {}


class _Exact(_Shown):
    """The report as it would be without rounding; what is hidden stays hidden."""

    def resource(self, name: str) -> Resource:
        resource = super().resource(name)
        rule = resource.disclosure.model_copy(update={"rounding": 1})
        return resource.model_copy(update={"disclosure": rule})


def _add_sums(known: RoundedLast, shown: ReportedMeasure, exact: ReportedMeasure, rule: Disclosure) -> None:
    # Shorter ones first, because a longer one is shown beside those that it consists of.
    for period in sorted(_periods(shown), key=lambda period: (period.end - period.start, period)):
        figure, withheld = exact.figure_of(period), shown.figure_of(period)
        if withheld.withheld and figure.number is not None and figure.illustrative == withheld.illustrative:
            rounded = Fraction(rule.rounded(figure.number))
            total = withheld.rounded_last(rounded, figure.symbol)
            if not any(_tells(total, parts, rule) for parts in _parts(shown, period)):
                known[shown.name, shown.measure.statistic, period] = rounded, figure.symbol


def _periods(measure: ReportedMeasure) -> set[Period]:
    """Give the periods over which reports sum: the windows, all quarters to the last, all years of the tables."""
    last = measure.period("quarter")
    starts = (day for one in (measure, *measure.parts) for day in one.figures.rows["period_start"])
    begin = Quarter.containing(min(starts, default=last.start))
    since = Period(begin.period.start, last.end).month_count // MONTHS_OF_QUARTER + 1
    quarters = Period.of_months(last.end, since * MONTHS_OF_QUARTER).quarters
    years = (
        Period(Quarter(year, 1).period.start, Quarter(year, 4).period.end)
        for year in range(begin.year, measure.quarter.year + 1)
    )
    windows = (period for pair in _compared(measure) for period in pair[:2])
    return {*windows, *quarters, *(year for year in years if year.end <= last.end)}


def _parts(measure: ReportedMeasure, period: Period) -> Iterator[list[Datum]]:
    """Give what is shown of the figures that add up to one, in each way."""
    ways = [[measure.figure_of(part) for part in parts] for parts in period.tilings()]
    ways.append([part.figure_of(period) for part in measure.parts])
    return (way for way in ways if way and all(part.number is not None for part in way))


def _tells(total: Datum, parts: Sequence[Datum], rule: Disclosure) -> bool:
    """Whether a sum beside its parts leaves only one number that it, or a rounded one of them, can be."""
    if any(part.rounding not in (0, rule.rounding) for part in parts):
        # Of several datasets: not judged.
        return True
    ranges = [_possible(part, rule) for part in parts]
    least, most = (sum(one[end] for one in ranges) for end in (0, -1))
    whole = _possible(total, rule)
    low, high = max(whole[0], least), min(whole[-1], most)
    return any(
        len(one) > 1 and max(one[0], low - most + one[-1]) >= min(one[-1], high - least + one[0]) for one in ranges
    )


def _possible(figure: Datum, rule: Disclosure) -> Sequence[int]:
    number = int(figure.number or 0)
    return rule.possible(number) if figure.rounding == rule.rounding else (number,)


def _compared(measure: ReportedMeasure) -> list[tuple[Period, Period, str]]:
    pairs = [*((*pair, "") for pair in SAME_PERIOD_A_YEAR_AGO.items()), ON_PREVIOUS_QUARTER]
    return [(measure.period(window), measure.period(base), suffix) for window, base, suffix in pairs]


def _add_changes(known: RoundedLast, shown: ReportedMeasure, exact: ReportedMeasure, rule: Disclosure) -> None:
    possible: dict[Period, Collection[int]] = {}
    for period, base, suffix in _compared(shown):
        beside = {each: shown.figure_of(each) for each in (base, period)}
        if any(one.number is None for one in beside.values()) or not any(one.rounding for one in beside.values()):
            continue
        compared = Comparison.computed(exact.figure_of(base), exact.figure_of(period), shown.measure.statistic)
        if compared.in_points:
            numbers = {"point_change": compared.change.number}
        else:
            numbers = {"percent_change": compared.percent_change.number, "change": compared.change.number}
            possible |= {each: _possible(one, rule) for each, one in beside.items() if each not in possible}
        pairs = list(product(possible.get(base, ()), possible.get(period, ())))
        for name, number in numbers.items():
            # "0" of what did change would be untrue.
            if number is None or (not (shown_as := rounded(name, number, rule)) and number):
                continue
            left = [] if compared.in_points else left_by(name, number, pairs, rule)
            if not tells(pairs, left):
                known[shown.name, f"{name}{suffix}", period] = Fraction(shown_as), compared.change.symbol
                # Of the same figures, later changes tell more to whom knows this one.
                pairs = left
                possible |= {base: {pair[0] for pair in left}, period: {pair[1] for pair in left}}
