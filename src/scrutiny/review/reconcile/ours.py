"""Our figure for each that is published: looked up as the report's own notebooks look it up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.project import Project
from scrutiny.review.reconcile.figures import CHANGE, PERCENT_CHANGE, WORDS, Published
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import LEGEND, Datum
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO
from scrutiny.suggest import nearest


class Verdict(StrEnum):
    """How a published figure and ours stand to each other."""

    EQUAL = "equal"
    ROUNDED = "equal after rounding"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Line:
    """A published figure beside ours.

    Parameters
    ----------
    shown : str
        Ours as our report writes it: "−16%", or empty.
    why : str
        By how much they differ, or why they cannot be compared.
    """

    published: Published
    verdict: Verdict
    shown: str = ""
    why: str = ""

    @property
    def shown_otherwise(self) -> bool:
        """Whether ours says the same with more or fewer decimal places."""
        if self.verdict not in (Verdict.EQUAL, Verdict.ROUNDED) or self.published.comparison in WORDS:
            return False
        digits = re.sub(r"[^0-9.]", "", self.shown)
        return Fraction(digits) != abs(self.published.number)

    @property
    def id(self) -> str:
        """By which a remark names it, if it differs: "ours 532 slavery.crimes +38"."""
        return f"ours {self.published.line} {self.published.fact} {self.published.printed}"


def compared(project: Project, quarter: str, figures: Iterable[Published], file: Path) -> tuple[Line, ...]:
    """Put our figure beside each published one.

    Raises
    ------
    WrongInput
        With all rows that name what ours does not have, and whatever is wrong with the data.
    """
    report = Report(quarter, project)
    lines, problems = [], []
    for figure in figures:
        try:
            lines.append(_compare(report, figure))
        except _Misnamed as wrong:
            problems.append(Problem(str(wrong), Place(file, figure.row, "ours"), wrong.instead))
    if problems:
        raise WrongInput(problems)
    return tuple(lines)


class _Misnamed(Exception):
    """What a row calls ours is not there."""

    def __init__(self, what: str, instead: str) -> None:
        super().__init__(what)
        self.instead = instead


def _compare(report: Report, figure: Published) -> Line:
    if figure.why_not:
        return Line(figure, Verdict.NOT_COMPARABLE, why=figure.why_not)
    if ":" in figure.ours:
        datum, places, statistic = _of_dataset(report, figure), figure.places, figure.statistic
    else:
        if figure.ours not in report.project.measures:
            raise _Misnamed(f"{figure.ours!r} is no measure", nearest(figure.ours, report.project.measures))
        measure = report.measure(figure.ours)
        datum, places, statistic = _of_measure(measure, figure), measure.measure.places, measure.measure.statistic
    if datum.number is None:
        return Line(figure, Verdict.DIFFERS, datum.marked(""), f"ours has no figure: {LEGEND[datum.symbol]}")
    shown = _shown(datum.number, figure, statistic, places)
    if datum.origin.illustrative:
        return Line(figure, Verdict.DIFFERS, shown, "ours is illustrative, and no police figure")
    return _judged(figure, datum.number, shown)


def _judged(figure: Published, ours: Fraction, shown: str) -> Line:
    if figure.comparison in WORDS:
        same = wording.direction(figure.number) is wording.direction(ours)
        return Line(figure, Verdict.EQUAL if same else Verdict.DIFFERS, shown, "" if same else "another direction")
    if ours == figure.number:
        line = Line(figure, Verdict.EQUAL, shown)
        exact = f"our data have {wording.number(ours, figure.places)}, shown with fewer decimal places"
        return replace(line, why=exact) if line.shown_otherwise else line
    rounded = Fraction(round_half_away(ours, figure.places))
    if rounded == figure.number:
        return Line(figure, Verdict.ROUNDED, shown)
    by = wording.signed(rounded - figure.number, figure.places)
    return Line(figure, Verdict.DIFFERS, shown, f"{by} against what is printed")


def _of_measure(measure: ReportedMeasure, figure: Published) -> Datum:
    if not figure.comparison:
        if figure.statistic != measure.measure.statistic:
            raise _Misnamed(
                f"{figure.ours} is a {measure.measure.statistic}, and this figure a {figure.statistic}",
                f"write {measure.measure.statistic} as its statistic, or another measure",
            )
        return measure.figure_of(figure.period)
    comparison = _comparison(measure, figure)
    if comparison is None:
        # No window of ours compares these two periods; it may stand in the data as it was published.
        return measure.figures.figure(figure.period, figure.statistic)
    if figure.comparison == PERCENT_CHANGE:
        return comparison.percent_change
    if figure.comparison == CHANGE or comparison.change.number is not None:
        return comparison.change
    return comparison.percent_change


def _comparison(measure: ReportedMeasure, figure: Published) -> Comparison | None:
    if figure.base == "":
        for window in SAME_PERIOD_A_YEAR_AGO:
            if measure.period(window) == figure.period:
                return measure.comparison(window)
    if figure.base == "_on_previous_quarter" and measure.period("quarter") == figure.period:
        return measure.comparison_with_previous_quarter()
    return None


def _of_dataset(report: Report, figure: Published) -> Datum:
    """Look up a cell of a table that is made from a dataset, not from measures."""
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
    return _chosen(report, name, where, figure)


def _chosen(report: Report, name: str, where: Mapping[str, str], figure: Published) -> Datum:
    dataset = report.dataset(name)
    try:
        return dataset.where(where, asked_by="the row").figure(figure.period, figure.statistic)
    except WrongInput as error:
        # What the dataset itself has wrong was told above; this is of the row's choice.
        problem = error.problems[0]
        raise _Misnamed(problem.what, problem.instead or "") from None


def _shown(number: Fraction, figure: Published, statistic: str, places: int) -> str:
    """Write our figure as our report does."""
    if figure.comparison in WORDS:
        return str(wording.direction(number))
    if figure.comparison == PERCENT_CHANGE:
        return wording.signed_percent(number)
    if figure.comparison == CHANGE:
        places = wording.visible_places(number, 1 if statistic == "percent" else places)
        return wording.signed_amount(number, statistic, places)
    return wording.amount(number, statistic, places)
