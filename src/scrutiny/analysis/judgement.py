"""What the change of a measure means: better, worse, not material, or nothing without the text.

The rules are in the methodology page of the documentation, section "What a change means".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scrutiny.analysis.report import ReportedMeasure
from scrutiny.inputs.measures import Polarity
from scrutiny.statistics import control_chart, wording
from scrutiny.statistics.arithmetic import exact, round_half_away
from scrutiny.statistics.comparison import PERCENTAGES, Comparison
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period


class Standing(StrEnum):
    """The groups of the first page, in its order."""

    BETTER = "better"
    WORSE = "worse"
    NO_MATERIAL_CHANGE = "no_material_change"
    WITH_TEXT = "with_text"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Judgement:
    """A measure's change on a year before, judged.

    Parameters
    ----------
    why : str
        By what the change is material or not, or why it is not judged.
    size : Fraction
        The change as a multiple of the one that is material; 0 where it is not known.
    """

    measure: ReportedMeasure
    comparison: Comparison
    standing: Standing
    why: str
    material: bool = False
    size: Fraction = Fraction(0)


@dataclass(frozen=True)
class _Evidence:
    """Whether a change is material, which way it went, and what decided that."""

    material: bool
    direction: wording.Direction | None
    why: str


def judge(measure: ReportedMeasure) -> Judgement:
    """Judge the change of a measure over its window, compared with the same period a year before.

    Where there is a real monthly series of 12 points or more, the change is material if a signal of its control
    chart reaches into the quarter; otherwise, if it is at least the measure's `material_change`. Made-up figures
    decide nothing.
    """
    comparison = measure.comparison(measure.measure.window)
    size = _size(measure, comparison)
    if not comparison.known:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "no figure to compare")
    if not comparison.conclusive:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "illustrative figures")
    if size is None:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "no percentage to judge by")
    evidence = _by_control_chart(real_series(measure)) or _by_size(measure, comparison, size)
    standing = _standing(measure, comparison, evidence)
    return Judgement(measure, comparison, standing, evidence.why, evidence.material, size)


def _standing(measure: ReportedMeasure, comparison: Comparison, evidence: _Evidence) -> Standing:
    polarity = measure.measure.polarity
    if polarity is Polarity.NEITHER:
        return Standing.WITH_TEXT
    if not evidence.material:
        return Standing.NO_MATERIAL_CHANGE
    if evidence.direction is not comparison.direction:
        # The latest months went one way and the year the other: neither may be told without the other.
        return Standing.WITH_TEXT
    wanted = wording.Direction.DECREASE if polarity is Polarity.LOWER else wording.Direction.INCREASE
    return Standing.BETTER if evidence.direction is wanted else Standing.WORSE


def _size(measure: ReportedMeasure, comparison: Comparison) -> Fraction | None:
    """Give a change as a multiple of the material one; None where that cannot be known."""
    in_points = comparison.statistic in PERCENTAGES
    number = (comparison.change if in_points else comparison.percent_change).number
    if number is not None:
        return abs(number) / exact(measure.measure.material_change)
    # A change from zero has no percentage: any is material.
    return Fraction(bool(comparison.change.number)) if comparison.before.number == 0 else None


def _by_size(measure: ReportedMeasure, comparison: Comparison, size: Fraction) -> _Evidence:
    bound = measure.measure.material_change
    in_points = comparison.statistic in PERCENTAGES
    words = f"{bound:g}{' pp' if in_points else '%'}"
    why = f"{'yes' if size >= 1 else 'no'} ({words})"
    if not in_points and comparison.before.number == 0:
        why = "yes (from 0)" if size else "no (still 0)"
    elif size < 1 and round_half_away(size * exact(bound), 1 if in_points else 0) >= bound:
        # Rounded, it would read as if it were as large: "−5%".
        unrounded = wording.number(size * exact(bound), 2 if in_points else 1)
        why = f"no ({unrounded} of {words})"
    return _Evidence(size >= 1, comparison.direction, why)


def _by_control_chart(series: Sequence[tuple[Period, Datum]]) -> _Evidence | None:
    values = [datum.as_float for _, datum in series]
    limits = control_chart.xmr(values, counts=True)
    if limits is None:
        return None
    found = [
        signal
        for signal in control_chart.signals(values, limits)
        if signal.points[-1] >= len(values) - MONTHS_OF_QUARTER
    ]
    if not found:
        return _Evidence(False, None, "no (control chart)")
    latest = max(found, key=lambda signal: signal.points[-1])
    rose = latest.side in ("above", "rising")
    direction = wording.Direction.INCREASE if rose else wording.Direction.DECREASE
    return _Evidence(True, direction, f"yes (control chart: {latest.rule}, {latest.side})")


def real_series(measure: ReportedMeasure) -> tuple[tuple[Period, Datum], ...]:
    """Give a measure's monthly figures up to the quarter's end, from the first on.

    Returns
    -------
    tuple of (Period, Datum)
        Empty if one is made up, the quarter's last month has none, or they are fewer than a control chart
        needs.
    """
    months = measure.months(control_chart.MONTHS)
    series = list(zip(months, measure.figures_by_month(len(months)), strict=True))
    while series and series[0][1].number is None:
        del series[0]
    known = [datum for _, datum in series if datum.number is not None]
    usable = (
        len(known) >= control_chart.MINIMUM_POINTS
        and series[-1][1].number is not None
        and not any(datum.illustrative for datum in known)
    )
    return tuple(series) if usable else ()
