"""One quarter's report as a notebook sees it: its parameters, and each measure's figures over its windows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import dropwhile
from pathlib import Path
from typing import TypeVar

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure, Priority
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import Project
from scrutiny.inputs.summary import shown_rows
from scrutiny.statistics import precedence
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, share, total
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, SAME_PERIOD_A_YEAR_AGO, Period, Quarter, window
from scrutiny.statistics.wording import listed
from scrutiny.suggest import nearest

Key = TypeVar("Key")
Months = Sequence[tuple[Period, Datum]]
"""Months with their figures, oldest first."""
RoundedLast = dict[tuple[str, str, Period], tuple[Fraction, str]]
"""Number and symbol by measure, statistic and period, of what is computed from exact figures and rounded then."""
ON_PREVIOUS_QUARTER = ("quarter", "previous_quarter", "_on_previous_quarter")
"""Two windows that are compared, and what the statistics of their published change end with."""


class Report:
    """A quarter's report over a project's data.

    Parameters
    ----------
    quarter : str
        Such as ``2020-21-Q1``.
    project : Project, optional
        By default the one that contains the current folder, so that a notebook runs in JupyterLab,
        in VS Code and under papermill alike.

    Raises
    ------
    WrongUse, WrongInput
        If there is no project or no such quarter, or its parameters are wrong.
    """

    def __init__(self, quarter: str, project: Project | None = None) -> None:
        self.project = project or Project.containing(Path.cwd())
        self.parameters: Parameters = self.project.parameters(quarter)
        self.quarter: Quarter = self.parameters.reported
        self._datasets: dict[str, Dataset] = {}
        self._measures: dict[str, ReportedMeasure] = {}

    @property
    def datasets_read(self) -> tuple[str, ...]:
        """Names of the datasets read so far."""
        return tuple(sorted(self._datasets))

    def dataset(self, name: str) -> Dataset:
        """Read and validate a dataset, once; without the small counts of people that may not be shown.

        Raises WrongInput if there is none of that name, it is wrong, or published figures disclose such a count.
        """
        if name not in self._datasets:
            resource = self.resource(name)
            rows = shown_rows(resource, self.project.data / resource.path, self.project.cache)
            self._datasets[name] = Dataset(resource, rows)
        return self._datasets[name]

    def resource(self, name: str) -> Resource:
        """Give the description of a dataset; see `DataPackage.resource`."""
        return self.project.datapackage.resource(name)

    @cached_property
    def rounded_last(self) -> RoundedLast:
        """What can be computed from exact figures alone, of which a notebook sees none, where they are rounded."""
        if not any(resource.disclosure.rounds for resource in self.project.datapackage.resources):
            return {}
        # Imported late: it makes reports itself.
        from scrutiny.analysis.rounded_last import rounded_last

        return rounded_last(self.project, self.parameters.quarter)

    def measure(self, name: str) -> ReportedMeasure:
        """Give a measure's figures for this quarter, once, from the source that the parameters name."""
        if name not in self._measures:
            measure = self.project.measures[name]
            parts = tuple(self.measure(part) for part in measure.sum_of)
            ratio = tuple(tuple(map(self.measure, names)) for names in measure.ratio)
            figures, events = self._figures_of(name, measure), self.project.events
            self._measures[name] = ReportedMeasure(
                name, measure, self.quarter, figures, parts, events, self.rounded_last, ratio
            )
        return self._measures[name]

    def measures_of(self, *topics: str) -> list[str]:
        """Name the measures of some topics, in the order of `data/measures.yaml`."""
        return [name for name in self.project.measures if name.partition(".")[0] in topics]

    def measures_of_appendix(self, *priorities: str) -> list[str]:
        """Name the measures of Appendix A, of all priorities or of some, in the order of `data/measures.yaml`."""
        chosen = {Priority(name) for name in priorities or Priority}
        return [name for name, measure in self.project.measures.items() if measure.priority in chosen]

    def period(self, name: str, lag_months: int = 0) -> Period:
        """Give the period of a window; see `periods.window`."""
        return window(self.quarter, name, lag_months)

    def _figures_of(self, name: str, measure: Measure) -> Dataset:
        dataset = self.dataset(measure.dataset)
        source = self.parameters.source_of(name, measure.dataset) or measure.source
        known = dataset.resource.source_names
        if source not in known:
            what = f"{name} is to come from {source!r}, which is no source of {measure.dataset}"
            place = Location(f"params/{self.quarter}.yml", column="sources")
            raise WrongInput(Problem(what, place, nearest(source, known)))
        # In this order: a value that no source uses is a misspelling, but a source that has not supplied
        # the measure yet leaves it absent.
        return dataset.where(measure.where, asked_by=f"the measure {name}").of_source(source)


@dataclass(frozen=True)
class ReportedMeasure:
    """A measure in one quarter's report.

    Parameters
    ----------
    name : str
        ``topic.measure``.
    parts : tuple of ReportedMeasure
        Measures that add up to it.
    events : tuple of Event
        Of all measures.
    rounded_last : RoundedLast
        Of all measures.
    ratio : tuple of tuple of ReportedMeasure
        Of a share or rate, the measures that add up to its numerator, and to its denominator.
    """

    name: str
    measure: Measure
    quarter: Quarter
    figures: Dataset
    parts: tuple[ReportedMeasure, ...] = ()
    events: tuple[Event, ...] = ()
    rounded_last: RoundedLast = field(default_factory=dict)
    ratio: tuple[tuple[ReportedMeasure, ...], ...] = ()

    @property
    def title(self) -> str:
        """The heading of its rows in tables."""
        return self.measure.title

    def period(self, name: str) -> Period:
        """Give the period of a window, shifted by the measure's lag."""
        return window(self.quarter, name, self.measure.lag_months)

    def figure(self, name: str) -> Datum:
        """Give the figure of a window; see `figure_of`."""
        return self.figure_of(self.period(name))

    def figure_of(self, period: Period) -> Datum:
        """Give the figure of a period: its own, or computed from its measures; absent ones have a symbol.

        Which of two: see `precedence`. A share is computed where it can be, a sum failing its own figure.
        """
        own = self.figures.figure(period, self.measure.statistic)
        figure = own
        if own.number is not None or own is NOT_SUPPLIED:
            if self.ratio:
                part, whole = (_sum(of, period) for of in self.ratio)
                computed = share(part, whole, self.measure.per)
                # What rounding withholds of it does not stand in the place of a share that was supplied.
                figure = precedence.chosen([own, computed] if computed.withheld else [computed, own])
            elif self.parts:
                figure = precedence.chosen([own, _sum(self.parts, period)])
        return self._rounded_last(figure, self.measure.statistic, period)

    def comparison(self, name: str) -> Comparison:
        """Compare a window, one of `SAME_PERIOD_A_YEAR_AGO`, with the same period a year before.

        The candidates are the change computed from two figures, and the one given as such; see `precedence`.
        """
        if name not in SAME_PERIOD_A_YEAR_AGO:
            known = ", ".join(SAME_PERIOD_A_YEAR_AGO)
            raise ValueError(f"no window {name!r} can be compared with a year before; there are {known}")
        return self._comparison(name, SAME_PERIOD_A_YEAR_AGO[name], "")

    def comparison_with_previous_quarter(self) -> Comparison:
        """Compare the quarter with the one before it, in the same order of preference."""
        return self._comparison(*ON_PREVIOUS_QUARTER)

    def by_month(self, count: int | None = None) -> Months:
        """Give the figures of the months to the end of the quarter, lag included, from the first figure on.

        All of them, or of the last `count` months those.
        """
        end = self.period("quarter").end
        if count is None:
            known = self.figures.months_with_figures(self.measure.statistic)
            months = Period(known[0].start, end).months if known and known[0].start < end else ()
        else:
            months = Period.of_months(end, count).months
        figures = self.figures.by_month(months, self.measure.statistic)
        return from_first_figure(zip(months, figures, strict=True))

    def by_quarter(self, count: int) -> list[tuple[Quarter, Datum]]:
        """Give the figures of the quarters up to this one, from the first figure on."""
        periods = Period.of_months(self.period("quarter").end, count * MONTHS_OF_QUARTER).quarters
        return from_first_figure((Quarter.containing(period.end), self.figure_of(period)) for period in periods)

    def events_in(self, periods: Sequence[Period]) -> tuple[Event, ...]:
        """Give the events that a chart of this measure marks, from the first to the last of some periods."""
        if not periods:
            return ()
        covered = Period(periods[0].start, periods[-1].end)
        return tuple(event for event in self.events if event.concerns(self.name, covered))

    def _comparison(self, name: str, base: str, suffix: str) -> Comparison:
        return replace(self._compared(name, base, suffix), anew=self._step(self.period(base), self.period(name)))

    def _step(self, before: Period, after: Period) -> str:
        """Say from when and why limits begin anew, if they do so within two periods that are compared."""
        if not self.measure.baselines:
            return ""
        first = self.figures.months_with_figures(self.measure.statistic)[:1]
        return next(
            (
                f"from {one.label}: {one.reason}"
                for one in reversed(self.measure.baselines)
                if before.start < one.start <= after.end and first and first[0].start < one.start
            ),
            "",
        )

    def _compared(self, name: str, base: str, suffix: str) -> Comparison:
        statistic, places = self.measure.statistic, self.measure.places
        computed = Comparison.computed(self.figure(base), self.figure(name), statistic, places)
        period = self.period(name)
        change_name = "point_change" if computed.in_points else "change"
        computed = replace(
            computed,
            change=self._rounded_last(computed.change, f"{change_name}{suffix}", period),
            percent_change=self._rounded_last(computed.percent_change, f"percent_change{suffix}", period),
        )
        change = self.figures.figure(period, f"{change_name}{suffix}")
        percentage = self.figures.figure(period, f"percent_change{suffix}")
        if change is NOT_SUPPLIED and percentage is NOT_SUPPLIED:
            return computed
        given = Comparison(NOT_SUPPLIED, NOT_SUPPLIED, change, percentage, statistic, places)
        stands = computed.known and precedence.first([computed.shown, given.shown]) == 0
        return computed if stands else given.instead_of(computed)

    def _rounded_last(self, datum: Datum, statistic: str, period: Period) -> Datum:
        """Give what was computed from exact figures and rounded then, in place of what is withheld."""
        known = self.rounded_last.get((self.name, statistic, period)) if datum.withheld else None
        return datum.rounded_last(*known) if known else datum


def _sum(measures: Sequence[ReportedMeasure], period: Period) -> Datum:
    """Give the figure of one measure, or the sum of several."""
    figures = [one.figure_of(period) for one in measures]
    names = listed([one.title for one in measures])
    return figures[0] if len(figures) == 1 else total(figures, f"measures, {names}")


def from_first_figure(series: Iterable[tuple[Key, Datum]]) -> list[tuple[Key, Datum]]:
    """Drop what comes before the first figure."""
    return list(dropwhile(lambda point: point[1].number is None, series))


def runs(periods: Iterable[Period]) -> str:
    """List periods, those that follow each other as one; empty if there are none."""
    found: list[Period] = []
    for period in periods:
        follows = found and (period.start - found[-1].end).days == 1
        found[-1:] = [Period(found[-1].start, period.end)] if follows else [*found[-1:], period]
    return listed([run.label for run in found])
