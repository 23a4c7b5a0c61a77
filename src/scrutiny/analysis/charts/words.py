"""Charts put into words, for their alternative texts and headings."""

from __future__ import annotations

from collections.abc import Sequence

from scrutiny.analysis.process import Process
from scrutiny.analysis.report import Months, ReportedMeasure
from scrutiny.inputs.events import Event
from scrutiny.statistics import wording
from scrutiny.statistics.control_chart import Stretch
from scrutiny.statistics.datum import LEGEND, Datum
from scrutiny.statistics.periods import Period, long_date

NOTHING = "An empty chart: no figures were supplied for it."
"""Alternative text of a chart without figures."""


def line_by_month(title: str, series: Months) -> str:
    """Describe a line chart: what it shows, its lowest, highest and latest figure, and how many are made up."""
    known = [(month.label, datum.number) for month, datum in series if datum.number is not None]
    if not known:
        return NOTHING
    (lowest_in, lowest), (highest_in, highest) = (pick(known, key=lambda point: point[1]) for pick in (min, max))
    missing = gaps(series)
    return (
        f"{illustrative([datum for _, datum in series])}Line chart of {uncapitalised(title)} by month, "
        f"{known[0][0]} to {known[-1][0]}: lowest {wording.number(lowest)} in {lowest_in}, "
        f"highest {wording.number(highest)} in {highest_in}, latest {wording.number(known[-1][1])}."
    ) + (f" No figure for {missing}: the line is broken there." if missing else "")


def gaps(series: Months) -> str:
    """List the months without a figure, those that follow each other as one; empty if there are none."""
    absent = [month for month, datum in series if datum.number is None]
    runs: list[Period] = []
    for month in absent:
        follows = runs and (month.start - runs[-1].end).days == 1
        runs[-1:] = [Period(runs[-1].start, month.end)] if follows else [*runs[-1:], month]
    return wording.listed([run.label for run in runs])


def limits(process: Process, shown: range, places: int) -> str:
    """Give means and limits, of which months they are, and why they begin anew, as sentences after others."""
    text = ""
    stretches = process.stretches_in(shown)
    for stretch, step in stretches:
        if step:
            text += f" Limits begin anew in {step.label}: {step.reason}."
        if stretch.limits:
            levels = (stretch.limits.mean, stretch.limits.lower, stretch.limits.upper)
            mean, lower, upper = (wording.number(level, places) for level in levels)
            text += f" Mean {mean}, limits {lower} to {upper}, of {_baseline(process, stretch)}."
        else:
            months = f" for {process.label(stretch.start, stretch.stop)}" if len(stretches) > 1 else ""
            text += f" No limits are drawn{months}, because there are fewer than {stretch.points} months."
    return text


def limits_note(process: Process, shown: range) -> str:
    """Say in a caption of which months the shown limits are, and why they begin anew."""
    parts = []
    for stretch, step in process.stretches_in(shown):
        begin = f"from {step.label} ({step.reason}) " if step else ""
        if stretch.limits:
            parts.append(f"{begin}limits of {_baseline(process, stretch)}")
        else:
            parts.append(f"{begin}no limits, with fewer than {stretch.points} months")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _baseline(process: Process, stretch: Stretch) -> str:
    return process.label(stretch.start, stretch.baseline_stop)


def marked(events: Sequence[Event]) -> str:
    """List the marked events, as a sentence after others; empty if there are none."""
    named = "; ".join(f"{event.label}, {long_date(event.day)}" for event in events)
    return f" Marked: {named}." if named else ""


def illustrative(data: Sequence[Datum]) -> str:
    """Say how many figures of a chart are made up, as a sentence before others; empty if none is."""
    known = [datum for datum in data if datum.number is not None]
    made_up = [datum for datum in known if datum.illustrative]
    if not made_up:
        return ""
    if len(made_up) == len(known):
        return "Illustrative figures, not police figures. "
    return f"{len(made_up)} of {len(known)} figures are illustrative, not police figures. "


def figure(datum: Datum, statistic: str = "count", places: int = 0) -> str:
    """Write a figure, or what its symbol means."""
    if datum.number is None:
        return LEGEND[datum.symbol]
    return wording.amount(datum.number, statistic, places) + (" (illustrative)" if datum.illustrative else "")


def axis_label(measure: ReportedMeasure, each: str) -> str:
    """Name a measure with its unit above an axis: "All crime, offences a month"."""
    return f"{_with_unit(measure, ', {}')} a {each}"


def heading(measure: ReportedMeasure) -> str:
    """Name a measure with its unit over a column: "All crime (offences)"."""
    return _with_unit(measure, " ({})")


def _with_unit(measure: ReportedMeasure, written: str) -> str:
    """Add a unit to a title, unless the title ends with it."""
    title, unit = measure.title, measure.measure.unit
    return title if title.lower().endswith(unit.lower()) else title + written.format(unit)


def uncapitalised(title: str) -> str:
    """Begin a title with a small letter, unless its first word is an abbreviation."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
