"""A measure's months judged by process control: alike for the first page, the charts, and what is said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scrutiny.analysis.report import Months, ReportedMeasure
from scrutiny.inputs.measures import Baseline
from scrutiny.statistics.control_chart import (
    MINIMUM_POINTS,
    MONTHS,
    Limits,
    Signal,
    SignalRule,
    Stretch,
    bounds,
    signals,
    stretches,
)
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period


@dataclass(frozen=True)
class Process:
    """All months of a measure to the quarter's end, with their limits and signals.

    Parameters
    ----------
    months : Months
        From the first figure on.
    stretches : sequence of (Stretch, Baseline or None)
        Months with limits of their own, and what `data/measures.yaml` says of where they begin.
    signals : tuple of Signal
        Of real figures.
    conclusive : bool
        Whether there are real figures. Of made-up ones alone there are limits, but no signals: these would be
        conclusions from them. Beside real ones they give no limits, and are not judged.
    """

    months: Months
    stretches: Sequence[tuple[Stretch, Baseline | None]]
    signals: tuple[Signal, ...]
    conclusive: bool

    @property
    def decides(self) -> bool:
        """Whether it judges the quarter: there are limits to judge by, and a real figure of its last month."""
        if not self.conclusive:
            return False
        _, latest = self.months[-1]
        return self.stretches[-1][0].limits is not None and latest.number is not None and not latest.illustrative

    @property
    def latest(self) -> Signal | None:
        """The signal of the quarter; of several, that with the latest month."""
        first = len(self.months) - MONTHS_OF_QUARTER
        reaching = (signal for signal in self.signals if signal.signalled[-1] >= first)
        return max(reaching, key=lambda signal: signal.signalled[-1], default=None)

    @property
    def step(self) -> Baseline | None:
        """The step with which the limits of the latest months began, if a chart of them shows it."""
        if len(self.stretches) < 2 or self.stretches[-1][0].start <= len(self.months) - MONTHS:
            return None
        return self.stretches[-1][1]

    def shown(self, months: int) -> range:
        """Give the positions of so many months to the quarter's end, from the first to the last figure."""
        first = max(0, len(self.months) - months)
        known = [at for at in range(first, len(self.months)) if self.months[at][1].number is not None]
        return range(known[0], known[-1] + 1) if known else range(0)

    def limits_at(self, position: int) -> Limits | None:
        """Give the limits that judge a month."""
        return next((one.limits for one, _ in self.stretches if one.start <= position < one.stop), None)

    def stretches_in(self, shown: range) -> list[tuple[Stretch, Baseline | None]]:
        """Give the stretches that a chart shows, and the step with which each begins if that is shown too."""
        return [
            (stretch, stated if position and stretch.start > shown.start else None)
            for position, (stretch, stated) in enumerate(self.stretches)
            if stretch.start < shown.stop and stretch.stop > shown.start
        ]

    def rules_at(self, position: int) -> list[SignalRule]:
        """Give the rules by which a month is a signal, the first being that of its mark."""
        return [signal.rule for signal in self.signals if position in signal.signalled]

    def label(self, start: int, stop: int) -> str:
        """Name the months from a position to before another."""
        return Period(self.months[start][0].start, self.months[stop - 1][0].end).label

    def when(self, signal: Signal) -> str:
        """Name the months that a signal is made of, and the side."""
        return f"{self.label(signal.points[0], signal.points[-1] + 1)} ({signal.side})"


def process_of(measure: ReportedMeasure) -> Process:
    """Judge the months of a measure."""
    months = measure.by_month()
    figures = [datum for _, datum in months]
    conclusive = any(datum.number is not None and not datum.illustrative for datum in figures)
    values = [None if conclusive and datum.illustrative else datum.as_float for datum in figures]
    stated = {
        position: baseline
        for baseline in measure.measure.baselines
        if months and (position := _position(months, baseline.start)) < len(months)
    }
    begins = {0: MINIMUM_POINTS} | {position: baseline.months for position, baseline in stated.items()}
    units = [datum.rounding for datum in figures]
    parts = stretches(values, begins, bounds(measure.measure.statistic), units) if months else ()
    found = [
        signal
        for part in parts
        if part.limits and conclusive
        for signal in signals(values[part.start : part.stop], part.limits, part.start)
    ]
    return Process(
        months,
        [(part, stated.get(at)) for part, at in zip(parts, sorted(begins), strict=False)],
        tuple(found),
        conclusive,
    )


def _position(months: Months, day: date) -> int:
    return max(0, Period.of_months(day, 1).months_since(months[0][0]))
