"""One quarter's report as a notebook sees it: its parameters, and each measure's figures over its windows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure, Priority
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import Project
from scrutiny.inputs.summary import shown_rows
from scrutiny.statistics.comparison import PERCENTAGES, Comparison
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, total
from scrutiny.statistics.periods import (
    MONTHS_OF_QUARTER,
    SAME_PERIOD_A_YEAR_AGO,
    Period,
    Quarter,
    window,
)
from scrutiny.statistics.wording import listed
from scrutiny.suggest import nearest


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
        """Names of the datasets that were asked for so far."""
        return tuple(sorted(self._datasets))

    def dataset(self, name: str) -> Dataset:
        """Read and validate a dataset, once; without the small counts of people that may not be shown.

        Raises
        ------
        WrongInput
            If there is none of that name, it is wrong, or published figures give such a count away.
        """
        if name not in self._datasets:
            resource = self.project.datapackage.resource(name)
            rows = shown_rows(resource, self.project.data / resource.path, self.project.cache)
            self._datasets[name] = Dataset(resource, rows)
        return self._datasets[name]

    def measure(self, name: str) -> ReportedMeasure:
        """Give a measure's figures for this quarter, once, from the source that the parameters name."""
        if name not in self._measures:
            measure = self.project.measures[name]
            parts = tuple(self.measure(part) for part in measure.sum_of)
            self._measures[name] = ReportedMeasure(
                name, measure, self.quarter, self._figures_of(name, measure), parts, self.project.events
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
            raise WrongInput(
                Problem(
                    f"{name} is to come from {source!r}, which is no source of {measure.dataset}",
                    Place(f"params/{self.quarter}.yml", column="sources"),
                    nearest(source, known),
                )
            )
        # In this order: a value that no source uses is a misspelling, but a source that has not supplied
        # the measure yet leaves it absent.
        selected = dataset.where(measure.where, asked_by=f"the measure {name}")
        return Dataset(selected.resource, selected.rows[selected.rows["source"] == source])


@dataclass(frozen=True)
class ReportedMeasure:
    """A measure in one quarter's report.

    Parameters
    ----------
    name : str
        ``topic.measure``.
    figures : Dataset
        The measure's rows.
    parts : tuple of ReportedMeasure
        Measures that add up to it.
    events : tuple of Event
        Events of the project.
    """

    name: str
    measure: Measure
    quarter: Quarter
    figures: Dataset
    parts: tuple[ReportedMeasure, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def title(self) -> str:
        """As it stands in tables."""
        return self.measure.title

    def period(self, name: str) -> Period:
        """Give the period of a window, shifted by the measure's lag."""
        return window(self.quarter, name, self.measure.lag_months)

    def figure(self, name: str) -> Datum:
        """Give the figure of a window, or the sum of its parts; absent ones have a symbol."""
        return self.figure_of(self.period(name))

    def figure_of(self, period: Period) -> Datum:
        """Give the figure of a period, or the sum of its parts; absent ones have a symbol."""
        own = self.figures.figure(period, self.measure.statistic)
        if own is not NOT_SUPPLIED or not self.parts:
            return own
        names = listed([part.title for part in self.parts])
        return total((part.figure_of(period) for part in self.parts), f"measures, {names}")

    def comparison(self, name: str) -> Comparison:
        """Compare a window with the same period a year before.

        Two real figures are compared. Failing them, a change that was published as such is given as
        supplied. Failing that too, illustrative figures are compared, and are marked as such.

        Raises
        ------
        ValueError
            If the window is not one of `SAME_PERIOD_A_YEAR_AGO`.
        """
        if name not in SAME_PERIOD_A_YEAR_AGO:
            known = ", ".join(SAME_PERIOD_A_YEAR_AGO)
            raise ValueError(f"no window {name!r} can be compared with a year before; there are {known}")
        return self._comparison(name, SAME_PERIOD_A_YEAR_AGO[name], "")

    def comparison_with_previous_quarter(self) -> Comparison:
        """Compare the quarter with the one before it, in the same order of preference."""
        return self._comparison("quarter", "previous_quarter", "_on_previous_quarter")

    def months(self, count: int) -> tuple[Period, ...]:
        """Give the months up to the end of the quarter, lag included."""
        return Period.of_months(self.period("quarter").end, count).months

    def figures_by_month(self, count: int) -> list[Datum]:
        """Give the figures of these months, oldest first."""
        return self.figures.by_month(self.months(count), self.measure.statistic)

    def quarters(self, count: int) -> tuple[tuple[Quarter, Datum], ...]:
        """Give the figures of the quarters up to this one, oldest first."""
        periods = [
            Period.of_months(month.end, MONTHS_OF_QUARTER)
            for month in self.months(count * MONTHS_OF_QUARTER)[2::MONTHS_OF_QUARTER]
        ]
        return tuple((Quarter.containing(period.end), self.figure_of(period)) for period in periods)

    def events_in(self, period: Period) -> tuple[Event, ...]:
        """Give the events that a chart of this measure over a period marks."""
        return tuple(event for event in self.events if event.concerns(self.name, period))

    def _comparison(self, name: str, base: str, suffix: str) -> Comparison:
        statistic, places = self.measure.statistic, self.measure.places
        computed = Comparison.computed(self.figure(base), self.figure(name), statistic, places)
        if computed.conclusive:
            return computed
        period = self.period(name)
        change_name = "point_change" if statistic in PERCENTAGES else "change"
        change = self.figures.figure(period, f"{change_name}{suffix}")
        percentage = self.figures.figure(period, f"percent_change{suffix}")
        if change is NOT_SUPPLIED and percentage is NOT_SUPPLIED:
            return computed
        return Comparison(NOT_SUPPLIED, NOT_SUPPLIED, change, percentage, statistic, places)
