"""Our figure beside each published one, looked up as the report's own notebooks look it up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.project import Project
from scrutiny.review.reconcile.figures import PublishedFigure
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import LEGEND, Datum
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO
from scrutiny.statistics.stated import CHANGE, PERCENT_CHANGE, WORDS
from scrutiny.suggest import nearest


class Agreement(StrEnum):
    """How far our figure agrees with a published one."""

    EQUAL = "equal"
    ROUNDED = "equal after rounding"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class ComparedFigure:
    """A published figure beside ours as our report shows it, such as "−16%", and why they are not simply equal."""

    published: PublishedFigure
    agreement: Agreement
    shown: str = ""
    why: str = ""

    @property
    def other_places(self) -> bool:
        """Whether ours says the same with more or fewer decimal places."""
        if self.agreement not in (Agreement.EQUAL, Agreement.ROUNDED) or self.published.comparison in WORDS:
            return False
        return Fraction(re.sub(r"[^0-9.]", "", self.shown)) != abs(self.published.number)

    @property
    def id(self) -> str:
        """The name that a remark calls it by: "ours 532 slavery.crimes +38"."""
        return f"ours {self.published.line} {self.published.fact} {self.published.printed}"

    @property
    def result(self) -> str:
        """Agreement and reason."""
        return f"{self.agreement}: {self.why}" if self.why else self.agreement


class _Misnamed(Exception):
    """What a row calls ours does not exist: what is wrong, and what to write instead."""


def compare_figures(
    project: Project, quarter: str, figures: Iterable[PublishedFigure], file: Path
) -> tuple[ComparedFigure, ...]:
    """Put our figure beside each published one; all rows that name what our data do not have are wrong input."""
    report = Report(quarter, project)
    found, problems = [], []
    for figure in figures:
        try:
            found.append(_compare(report, figure))
        except _Misnamed as error:
            what, instead = error.args
            problems.append(Problem(what, Location(file, figure.row, "ours"), instead))
    if problems:
        raise WrongInput(problems)
    return tuple(found)


def _compare(report: Report, figure: PublishedFigure) -> ComparedFigure:
    if figure.why_not:
        return ComparedFigure(figure, Agreement.NOT_COMPARABLE, why=figure.why_not)
    if ":" in figure.ours:
        datum, places, statistic = _of_dataset(report, figure), figure.places, figure.statistic
    else:
        if figure.ours not in report.project.measures:
            raise _Misnamed(f"{figure.ours!r} is no measure", nearest(figure.ours, report.project.measures))
        measure = report.measure(figure.ours)
        datum, places, statistic = _of_measure(measure, figure), measure.measure.places, measure.measure.statistic
    if datum.number is None:
        why = f"ours has no figure: {LEGEND[datum.symbol]}"
        return ComparedFigure(figure, Agreement.DIFFERS, datum.marked(""), why)
    shown = _shown(datum.number, figure, statistic, places)
    if datum.illustrative:
        return ComparedFigure(figure, Agreement.DIFFERS, shown, "ours is illustrative, and no police figure")
    agreement, why = _agreement(figure, datum.number)
    beside = ComparedFigure(figure, agreement, shown, why)
    if agreement is Agreement.EQUAL and beside.other_places:
        exact = wording.number(datum.number, figure.places)
        return replace(beside, why=f"our data have {exact}, shown with fewer decimal places")
    return beside


def _agreement(figure: PublishedFigure, ours: Fraction) -> tuple[Agreement, str]:
    if figure.comparison in WORDS:
        same = wording.direction(figure.number) is wording.direction(ours)
        return (Agreement.EQUAL, "") if same else (Agreement.DIFFERS, "another direction")
    if ours == figure.number:
        return Agreement.EQUAL, ""
    rounded = Fraction(round_half_away(ours, figure.places))
    if rounded == figure.number:
        return Agreement.ROUNDED, ""
    by = wording.signed(rounded - figure.number, figure.places)
    return Agreement.DIFFERS, f"{by} against what is printed"


def _of_measure(measure: ReportedMeasure, figure: PublishedFigure) -> Datum:
    if not figure.comparison:
        if figure.statistic != measure.measure.statistic:
            raise _Misnamed(
                f"{figure.ours} is a {measure.measure.statistic}, and this figure a {figure.statistic}",
                f"write {measure.measure.statistic} as its statistic, or another measure",
            )
        return measure.figure_of(figure.period)
    comparison = _comparison(measure, figure)
    if comparison is None:
        # No window of ours compares these two periods; the data may have the change as it was published.
        return measure.figures.figure(figure.period, figure.statistic)
    if figure.comparison == PERCENT_CHANGE or (figure.comparison != CHANGE and comparison.change.number is None):
        return comparison.percent_change
    return comparison.change


def _comparison(measure: ReportedMeasure, figure: PublishedFigure) -> Comparison | None:
    if figure.base == "":
        for window in SAME_PERIOD_A_YEAR_AGO:
            if measure.period(window) == figure.period:
                return measure.comparison(window)
    if figure.base == "_on_previous_quarter" and measure.period("quarter") == figure.period:
        return measure.comparison_with_previous_quarter()
    return None


def _of_dataset(report: Report, figure: PublishedFigure) -> Datum:
    """Look up a figure in a dataset, for a table that is not made from measures."""
    name, _, selection = figure.ours.partition(":")
    known = [resource.name for resource in report.project.datapackage.resources]
    if name not in known:
        raise _Misnamed(f"{name!r} is no dataset", nearest(name, known))
    where: dict[str, str] = {}
    for term in filter(None, selection.split(";")):
        column, equals, value = term.partition("=")
        if not equals:
            raise _Misnamed(f"{term.strip()!r} chooses no rows", "write dataset: column=value; column=value")
        where[column.strip()] = value.strip()
    dataset = report.dataset(name)
    try:
        return dataset.where(where, asked_by="the row").figure(figure.period, figure.statistic)
    except WrongInput as error:
        # Mistakes of the dataset itself were raised above; this one is in what the row selects.
        raise _Misnamed(error.problems[0].message, error.problems[0].hint) from None


def _shown(number: Fraction, figure: PublishedFigure, statistic: str, places: int) -> str:
    """Write our figure as our report does."""
    if figure.comparison in WORDS:
        return wording.direction(number)
    if figure.comparison == PERCENT_CHANGE:
        return wording.signed_percent(number)
    if figure.comparison == CHANGE:
        places = wording.visible_places(number, 1 if statistic == "percent" else places)
        return wording.signed_amount(number, statistic, places)
    return wording.amount(number, statistic, places)
