"""Charts put into words, for their alternative texts and headings."""

from __future__ import annotations

from collections.abc import Sequence

from scrutiny.analysis.process import Process
from scrutiny.analysis.report import Months, ReportedMeasure, runs
from scrutiny.inputs.events import Event
from scrutiny.inputs.measures import Measure
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import Number
from scrutiny.statistics.control_chart import Limits, Stretch
from scrutiny.statistics.datum import LEGEND, Datum
from scrutiny.statistics.periods import long_date

NOTHING = "An empty chart: no figures were supplied for it."
"""Alternative text of a chart without figures."""
_SMALL = 10
_ROUNDED = "the months are rounded to more than they vary by"


def line_by_month(measure: ReportedMeasure, series: Months) -> str:
    """Describe a line chart: what it shows, its lowest, highest and latest figure, and how many are made up."""
    known = [(month.label, datum.number) for month, datum in series if datum.number is not None]
    if not known:
        return NOTHING
    (lowest_in, lowest), (highest_in, highest) = (pick(known, key=lambda point: point[1]) for pick in (min, max))
    (first_in, _), (latest_in, latest) = known[0], known[-1]
    return (
        f"{illustrative([datum for _, datum in series])}Line chart of {uncapitalised(measure.title)} by month, "
        f"{first_in} to {latest_in}: lowest {amount(lowest, measure.measure)} in {lowest_in}, "
        f"highest {amount(highest, measure.measure)} in {highest_in}, "
        f"latest {amount(latest, measure.measure)} in {latest_in}."
    ) + without(series, "line is")


def without(series: Months, broken: str) -> str:
    """Name the periods without a figure, and those whose figures are provisional, as sentences after others."""
    inside, after = gaps(series)
    texts = [f"No figure for {inside}: the {broken} broken there." if inside else ""]
    texts += [f"No figure for {after}." if after else ""]
    texts += [f"Provisional: {those}." if (those := provisional(series)) else ""]
    return "".join(f" {text}" for text in texts if text)


def gaps(series: Months) -> tuple[str, str]:
    """List the periods without a figure before the last figure, and those after it; empty if there are none."""
    end = max((at for at, (_, datum) in enumerate(series) if datum.number is not None), default=-1) + 1
    inside, after = (
        [period for period, datum in part if datum.number is None] for part in (series[:end], series[end:])
    )
    return runs(inside), runs(after)


def provisional(series: Months) -> str:
    """List the periods whose figures are provisional; empty if there are none."""
    return runs([period for period, datum in series if datum.symbol == "p"])


def amount(number: Number, measure: Measure) -> str:
    """Write a figure of a measure."""
    return wording.amount(number, measure.statistic, measure.places)


def levels(limits: Limits, measure: Measure) -> dict[str, tuple[float, str]]:
    """Give the mean and limits of a measure, lowest first, each as it is written.

    They have a decimal place more if they are small: of 5 a year the mean is 0.4 a month.
    """
    places = measure.places + (limits.upper < _SMALL)
    drawn = {"Lower limit": limits.lower, "Mean": limits.mean, "Upper limit": limits.upper}
    return {name: (level, wording.amount(level, measure.statistic, places)) for name, level in drawn.items()}


def limits(process: Process, shown: range, measure: Measure) -> str:
    """Give means and limits, of which months they are, and why they begin anew, as sentences after others."""
    text = ""
    stretches = process.stretches_in(shown)
    for stretch, step in stretches:
        if step:
            text += f" Limits begin anew in {step.label}: {step.reason}."
        if stretch.limits:
            lower, mean, upper = (written for _, written in levels(stretch.limits, measure).values())
            text += f" Mean {mean}, limits {lower} to {upper}, of {_baseline(process, stretch)}."
        else:
            months = f" for {process.label(stretch.start, stretch.stop)}" if len(stretches) > 1 else ""
            why = _ROUNDED if stretch.rounded else f"there are fewer than {stretch.points} months"
            text += f" No limits are drawn{months}, because {why}."
    return text


def limits_note(process: Process, shown: range) -> str:
    """Say in a caption of which months the shown limits are, and why they begin anew."""
    parts = []
    for stretch, step in process.stretches_in(shown):
        begin = f"from {step.label} ({step.reason}) " if step else ""
        if stretch.limits:
            parts.append(f"{begin}limits of {_baseline(process, stretch)}")
        else:
            why = f"because {_ROUNDED}" if stretch.rounded else f"with fewer than {stretch.points} months"
            parts.append(f"{begin}no limits, {why}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _baseline(process: Process, stretch: Stretch) -> str:
    return process.label(stretch.start, stretch.baseline_stop)


def marked(events: Sequence[Event]) -> str:
    """List the marked events, as a sentence after others; empty if there are none."""
    named = "; ".join(map(event, events))
    return f" Marked: {named}." if named else ""


def event(marked: Event) -> str:
    """Name an event with its day."""
    return f"{marked.label}, {long_date(marked.day)}"


def flag(label: str, when: str) -> str:
    """Name an event for a chart, the day or month on one line."""
    return f"{label}, {wording.unbroken(when)}"


def illustrative(data: Sequence[Datum]) -> str:
    """Say how many figures of a chart are made up, as a sentence before others; empty if none is."""
    known = [datum for datum in data if datum.number is not None]
    made_up = [datum for datum in known if datum.illustrative]
    if not made_up:
        return ""
    if len(made_up) == len(known):
        return "Illustrative figures, not police figures. "
    return f"{len(made_up)} of {len(known)} figures are illustrative, not police figures. "


def figure(datum: Datum, measure: Measure) -> str:
    """Write a figure, or what its symbol means."""
    if datum.number is None:
        return LEGEND[datum.symbol]
    notes = ["illustrative"] * datum.illustrative + ([LEGEND[datum.symbol]] if datum.symbol else [])
    written = wording.amount(datum.number, measure.statistic, datum.places(measure.places))
    return written + (f" ({', '.join(notes)})" if notes else "")


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
