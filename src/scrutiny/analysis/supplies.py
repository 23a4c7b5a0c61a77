"""What a quarter's report needs to be supplied with, and what of it is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from scrutiny.analysis.lacking import Lacking
from scrutiny.analysis.report import Report, ReportedMeasure, runs
from scrutiny.errors import WrongInput
from scrutiny.inputs.check import all_problems
from scrutiny.inputs.datapackage import Source
from scrutiny.inputs.parameters import Heading
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

    @property
    def asked_for(self) -> str:
        """The period, or the few months of it that are missing: "February 2020, of April 2019 to March 2020"."""
        if State.MISSING not in self.states or self.measure.measure.statistic != "count":
            return self.period.label
        months = self.period.months
        figures = zip(months, self.measure.figures.by_month(months), strict=True)
        missing = [month for month, figure in figures if figure.number is None or figure.illustrative]
        few = 0 < len(missing) <= len(months) / 2
        return f"{runs(missing)}, of {self.period.label}" if few else self.period.label


@dataclass(frozen=True)
class Batch:
    """Figures of one dataset, from one system, for one period: what an analyst asks for in one go."""

    supplies: tuple[Supply, ...]

    @property
    def first(self) -> Supply:
        """One of them; in what is asked for they are alike."""
        return self.supplies[0]

    @property
    def cells(self) -> tuple[str, ...]:
        """Dataset, system, window, supplier, day by which it is due."""
        source = self.first.source
        due = self.first.due.isoformat()
        return (self.first.dataset, source.title, self.first.asked_for, source.supplier or "not said", due)


def batches(supplies: Iterable[Supply]) -> list[Batch]:
    """Group what is open by what is asked for in one go, in the order of the datasets."""
    found: dict[tuple[str, str, str], list[Supply]] = {}
    for supply in supplies:
        if supply.open:
            found.setdefault((supply.dataset, supply.source.name, supply.asked_for), []).append(supply)
    return [Batch(tuple(alike)) for alike in found.values()]


def lacking(report: Report, datasets: Collection[str]) -> tuple[int, list[Lacking]]:
    """Count the figures that a report needs of some datasets, and give those that were not supplied."""
    needed = supplies(report, datasets=datasets)
    found = []
    for batch in batches(supply for supply in needed if State.MISSING in supply.states):
        first, measures = batch.first, {one.measure.name: one.measure.title for one in batch.supplies}
        resource, source = first.measure.figures.resource, first.source
        found.append(
            Lacking(
                measures, resource.name, resource.title, first.asked_for, source.title, source.supplier or "",
                first.due.isoformat(),
            )
        )  # fmt: skip
    return len(needed), found


def supplies(
    report: Report, today: date = date.max, datasets: Collection[str] | None = None
) -> tuple[Supply, ...]:
    """Return what each measure of a quarter needs and has, by dataset and system.

    A sum of other measures without figures of its own needs nothing: they are listed themselves.

    Parameters
    ----------
    today : date
        By default so late that a figure of a period to come is missing, too.
    datasets : collection of str, optional
        By default all.

    Raises
    ------
    WrongInput
        With the mistakes of all datasets and measures.
    """
    order = [resource.name for resource in report.project.datapackage.resources]
    chosen = order if datasets is None else [name for name in order if name in datasets]
    names = [name for name, measure in report.project.measures.items() if measure.dataset in chosen]
    problems = all_problems(*(partial(report.dataset, name) for name in chosen))
    if problems := problems or all_problems(*(partial(report.measure, name) for name in names)):
        raise WrongInput(problems)
    found = [
        _supply(report, one, today)
        for one in map(report.measure, names)
        if not (one.parts and one.figures.rows.empty)
    ]
    return tuple(sorted(found, key=lambda supply: (order.index(supply.dataset), supply.source.name)))


def due_by(period: Period, heading: Heading) -> date:
    """Return when a period's figure is needed: weeks before the meeting, but not within the period."""
    meeting = date.fromisoformat(heading.date if len(heading.date) > len("2020-09") else f"{heading.date}-01")
    return max(meeting - timedelta(weeks=WEEKS_BEFORE_MEETING), period.end + timedelta(days=1))


def _supply(report: Report, one: ReportedMeasure, today: date) -> Supply:
    resource = one.figures.resource
    name = report.parameters.source_of(one.name, resource.name) or one.measure.source
    source = next(source for source in resource.sources if source.name == name)
    period, given, newest = _need(one)
    due = due_by(period, report.parameters.report)
    return Supply(one, source, period, newest, due, _states(one, period, given, newest, today))


def is_missing(one: ReportedMeasure) -> bool:
    """Whether what the quarter needs of a measure was not supplied."""
    return State.MISSING in _states(one, *_need(one), date.max)


def _need(one: ReportedMeasure) -> tuple[Period, list[Period], Period | None]:
    """Return what a measure's figure has to cover, the periods given, and the newest of them."""
    given = sorted(_given(one), key=lambda period: (period.end, -period.start.toordinal()))
    newest = next((period for period in reversed(given) if period.end <= one.quarter.period.end), None)
    return _needed(one, given, newest), given, newest


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
