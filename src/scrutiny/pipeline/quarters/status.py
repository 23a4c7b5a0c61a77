"""How far a quarter has come: which figures it lacks, and which of its text is not its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.errors import WrongInput
from scrutiny.inputs.check import all_problems
from scrutiny.inputs.datapackage import Source
from scrutiny.inputs.parameters import Heading
from scrutiny.inputs.project import Project
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import load_narrative
from scrutiny.statistics.periods import (
    MONTHS_OF_QUARTER,
    MONTHS_OF_YEAR,
    Period,
    Quarter,
    add_months,
    window,
)

WEEKS_BEFORE_MEETING = 4
"""A fortnight to write the report, and one to read it before the meeting."""
_WINDOWS = ("quarter", "year", "calendar_year_to_date", "four_weeks", "month")
"""Windows over which figures that Appendix A does not ask for may be supplied."""


class Writing(StrEnum):
    """Where the text of a section comes from."""

    WRITTEN = "written"
    CARRIED_OVER = "carried over"
    SKELETON = "from the skeleton"


@dataclass(frozen=True)
class Status:
    """How far a quarter has come.

    Parameters
    ----------
    sections : tuple of Section
        Those of the report, in its order, and then the parts that are carried over.
    carried_over : tuple of str
        How many headings and stated numbers are, in words.
    """

    quarter: str
    today: date
    supplies: tuple[Supply, ...]
    sections: tuple[Section, ...]
    carried_over: tuple[str, ...]

    @property
    def summary(self) -> tuple[str, ...]:
        """One line on the measures, one on the sections, and one on what of these is carried over."""
        states = [state for supply in self.supplies for state in supply.states]
        texts = [text_of(section) for section in self.sections]
        lines = (
            f"Measures ({len(self.supplies)}): {_counted(states, State)}",
            f"Sections ({len(self.sections)}): {_counted(texts, Writing)}",
        )
        return (*lines, f"Carried over: {', '.join(self.carried_over)}") if self.carried_over else lines


def status(project: Project, quarter: str, today: date) -> Status:
    """Find out how far a quarter has come by a day.

    Raises
    ------
    ScrutinyError
        If there is no such quarter, or its parameters, sections or data are wrong.
    """
    report = Report(quarter, project)
    narrative = load_narrative(project.sections, quarter, report.parameters.sections)
    by_name = {section.name: section for section in narrative.sections}
    sections = [by_name.pop(name) for name in narrative.order]
    sections += [part for part in by_name.values() if text_of(part) is Writing.CARRIED_OVER]
    return Status(quarter, today, supplies(report, today), tuple(sections), narrative.carried_over)


def text_of(section: Section) -> Writing:
    """Say where the text of a section comes from."""
    if section.from_skeleton:
        return Writing.SKELETON
    return Writing.CARRIED_OVER if section.all_carried_over else Writing.WRITTEN


def _counted(found: Sequence[StrEnum], kinds: Iterable[StrEnum]) -> str:
    return ", ".join(f"{found.count(kind)} {kind}" for kind in kinds if kind in found)


class State(StrEnum):
    """The state of a measure's figure."""

    GIVEN = "given"
    MISSING = "missing"
    STALE = "stale"
    NOT_YET_DUE = "not yet due"
    ILLUSTRATIVE = "illustrative"


@dataclass(frozen=True)
class Supply:
    """The figure of a measure that a quarter's report needs.

    Parameters
    ----------
    period : Period
        What it has to cover.
    newest : Period or None
        What the newest figure that is not made up covers.
    due : date
        When it is needed.
    states : tuple of State
        One; or missing and stale.
    """

    measure: ReportedMeasure
    source: Source
    period: Period
    newest: Period | None
    due: date
    states: tuple[State, ...]

    @property
    def dataset(self) -> str:
        """Name of its dataset."""
        return self.measure.measure.dataset

    @property
    def open(self) -> bool:
        """Whether anything is left to do or to wait for."""
        return self.states != (State.GIVEN,)


def supplies(report: Report, today: date) -> tuple[Supply, ...]:
    """Return what each measure of a quarter needs and has, by dataset and system.

    A sum of other measures without figures of its own needs nothing: they are listed themselves.

    Raises
    ------
    WrongInput
        With the mistakes of all datasets and measures.
    """
    names = list(report.project.measures)
    datasets = [resource.name for resource in report.project.datapackage.resources]
    problems = all_problems(*(partial(report.dataset, name) for name in datasets))
    if problems := problems or all_problems(*(partial(report.measure, name) for name in names)):
        raise WrongInput(problems)
    found = [
        _supply(report, one, today)
        for one in map(report.measure, names)
        if not (one.parts and one.figures.rows.empty)
    ]
    return tuple(sorted(found, key=lambda supply: (datasets.index(supply.dataset), supply.source.name)))


def due_by(period: Period, heading: Heading) -> date:
    """Return when a period's figure is needed: weeks before the meeting, but not within the period."""
    meeting = date.fromisoformat(heading.date if len(heading.date) > len("2020-09") else f"{heading.date}-01")
    return max(meeting - timedelta(weeks=WEEKS_BEFORE_MEETING), period.end + timedelta(days=1))


def _supply(report: Report, one: ReportedMeasure, today: date) -> Supply:
    resource = one.figures.resource
    name = report.parameters.source_of(one.name, resource.name) or one.measure.source
    source = next(source for source in resource.sources if source.name == name)
    given = sorted(_given(one), key=lambda period: (period.end, -period.start.toordinal()))
    newest = next((period for period in reversed(given) if period.end <= one.quarter.period.end), None)
    period = _needed(one, given, newest)
    due = due_by(period, report.parameters.report)
    return Supply(one, source, period, newest, due, _states(one, period, given, newest, today))


def _given(one: ReportedMeasure) -> Iterator[Period]:
    """Yield the periods of the figures, changes included, that are not made up."""
    rows = one.figures.rows
    about = (rows["statistic"] == one.measure.statistic) | rows["statistic"].str.contains("change")
    rows = rows[about & (rows["status"] != "illustrative") & ~rows["symbol"].isin(["x", "z"])]
    for start, end in zip(rows["period_start"], rows["period_end"], strict=True):
        yield Period(start.date(), end.date())


def _needed(one: ReportedMeasure, given: Sequence[Period], newest: Period | None) -> Period:
    """Return what the figure has to cover: as Appendix A has it, or as it was supplied last."""
    measure = one.measure
    if newest and measure.allowed_lag_months - measure.lag_months >= MONTHS_OF_QUARTER:
        return newest if not _is_stale(one, newest) else _next_of_year(newest, one.quarter.period.end)
    if measure.priority:
        return one.period(measure.window)
    for period in reversed(given):
        if _is_one_of_a_series(one, period):
            continue
        # The quarter that reported it.
        reported = Quarter.containing(add_months(period.end.replace(day=1), measure.lag_months))
        for name in _WINDOWS:
            if window(reported, name, measure.lag_months) == period:
                return one.period(name)
    return one.period(measure.window)


def _is_one_of_a_series(one: ReportedMeasure, period: Period) -> bool:
    """Whether a period is a month of a count, to be added to others."""
    return len(period.months) == 1 and one.measure.statistic == "count"


def _next_of_year(newest: Period, last: date) -> Period:
    """Move a yearly period on to the latest that is over by a day."""
    end = newest.end.replace(day=1)
    while (later := add_months(end, MONTHS_OF_YEAR)) <= last:
        end = later
    return Period.of_months(end, max(len(newest.months), 1))


def _states(
    one: ReportedMeasure, period: Period, given: Sequence[Period], newest: Period | None, today: date
) -> tuple[State, ...]:
    figure = one.figure_of(period)
    if figure.number is not None or figure.symbol == "c":
        # A hidden figure was supplied.
        return (State.ILLUSTRATIVE if figure.illustrative else State.GIVEN,)
    if any(_serves(one, other, period) for other in given):
        return (State.GIVEN,)
    if figure.symbol == "z" or today <= period.end:
        return (State.NOT_YET_DUE,)
    if newest and _is_stale(one, newest):
        return (State.MISSING, State.STALE)
    return (State.MISSING,)


def _serves(one: ReportedMeasure, given: Period, needed: Period) -> bool:
    """Whether a given period will do: also, where Appendix A does not ask, another window to that day."""
    is_asked_for = one.measure.priority is not None
    will_do = not is_asked_for and given.end == needed.end and not _is_one_of_a_series(one, given)
    return given == needed or will_do


def _is_stale(one: ReportedMeasure, newest: Period) -> bool:
    return newest.end < window(one.quarter, "month", one.measure.allowed_lag_months).end
