"""What the change of a measure means: better, worse, not material, or nothing without the text.

The rules are in the methodology page of the documentation, section "What a change means".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scrutiny.analysis.report import Months, ReportedMeasure
from scrutiny.analysis.supplies import is_missing
from scrutiny.inputs.measures import Polarity
from scrutiny.statistics import control_chart, wording
from scrutiny.statistics.arithmetic import exact, round_half_away
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import Datum
from scrutiny.statistics.periods import MONTHS_OF_QUARTER


class Standing(StrEnum):
    """The groups of the first page, in its order."""

    BETTER = "better"
    WORSE = "worse"
    NO_MATERIAL_CHANGE = "no_material_change"
    WITH_TEXT = "with_text"
    NOT_JUDGED = "not_judged"
    NOT_SUPPLIED = "not_supplied"


@dataclass(frozen=True)
class Judgement:
    """A measure's change on a year before, judged.

    Parameters
    ----------
    why : str
        What makes the change material or not, or why it is not judged.
    size : Fraction
        The change as a multiple of the material one; 0 where it is not known.
    """

    measure: ReportedMeasure
    comparison: Comparison
    standing: Standing
    why: str
    material: bool = False
    size: Fraction = Fraction(0)


_Evidence = tuple[bool, wording.Direction | None, str]
"""Whether a change is material, which way it went, and what decides that."""


def judge(measure: ReportedMeasure) -> Judgement:
    """Judge the change of a measure over its window, compared with the same period a year before.

    Where there is a real monthly series of 12 points or more, the change is material if a signal of its control
    chart reaches into the quarter; otherwise, if it is at least the measure's `material_change`. Made-up figures
    decide nothing.
    """
    comparison = measure.comparison(measure.measure.window)
    size = _size(measure, comparison)
    if not comparison.known and measure.figure(measure.measure.window).number is None and is_missing(measure):
        return Judgement(measure, comparison, Standing.NOT_SUPPLIED, "no figure")
    if not comparison.known:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "no figure to compare")
    if not comparison.conclusive:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "illustrative figures")
    if size is None:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, "no percentage to judge by")
    material, direction, why = _by_control_chart(measure) or _by_size(measure, comparison, size)
    polarity = measure.measure.polarity
    wanted = wording.Direction.DECREASE if polarity is Polarity.LOWER else wording.Direction.INCREASE
    if polarity is Polarity.NEITHER:
        standing = Standing.WITH_TEXT
    elif not material:
        standing = Standing.NO_MATERIAL_CHANGE
    elif direction is not comparison.direction:
        # The latest months went one way and the year the other: a reader has to know both.
        standing = Standing.WITH_TEXT
    else:
        standing = Standing.BETTER if direction is wanted else Standing.WORSE
    return Judgement(measure, comparison, standing, why, material, size)


def _size(measure: ReportedMeasure, comparison: Comparison) -> Fraction | None:
    """Give a change as a multiple of the material one; None where that cannot be known."""
    number = (comparison.change if comparison.in_points else comparison.percent_change).number
    if number is not None:
        return abs(number) / exact(measure.measure.material_change)
    # A change from zero has no percentage: any is material.
    return Fraction(bool(comparison.change.number)) if comparison.before.number == 0 else None


def _by_size(measure: ReportedMeasure, comparison: Comparison, size: Fraction) -> _Evidence:
    bound = measure.measure.material_change
    in_points = comparison.in_points
    words = f"{bound:g}{' pp' if in_points else '%'}"
    why = f"{'yes' if size >= 1 else 'no'} ({words})"
    if not in_points and comparison.before.number == 0:
        why = "yes (from 0)" if size else "no (still 0)"
    elif size < 1 and round_half_away(size * exact(bound), 1 if in_points else 0) >= bound:
        # Rounded, it would look as large: "−5%".
        unrounded = wording.number(size * exact(bound), 2 if in_points else 1)
        why = f"no ({unrounded} of {words})"
    return size >= 1, comparison.direction, why


def _by_control_chart(measure: ReportedMeasure) -> _Evidence | None:
    if not (real := real_series(measure)):
        return None
    series, limits = real
    signals = control_chart.signals([datum.as_float for _, datum in series], limits)
    latest = max(signals, key=lambda signal: signal.points[-1], default=None)
    if latest is None or latest.points[-1] < len(series) - MONTHS_OF_QUARTER:
        return False, None, "no (control chart)"
    rose = latest.side in ("above", "rising")
    direction = wording.Direction.INCREASE if rose else wording.Direction.DECREASE
    return True, direction, f"yes (control chart: {latest.rule}, {latest.side})"


def limits_of(figures: Sequence[Datum]) -> control_chart.Limits | None:
    """Compute the limits of a series; see `control_chart.xmr`."""
    unit = max((datum.rounding for datum in figures), default=0)
    return control_chart.xmr([datum.as_float for datum in figures], unit)


def real_series(measure: ReportedMeasure) -> tuple[Months, control_chart.Limits] | None:
    """Give a measure's monthly figures up to the quarter's end, from the first on, with their limits.

    Returns
    -------
    series, limits : Months, Limits
        None if a figure is made up, the quarter's last month has none, or they give no limits.
    """
    series = measure.by_month(control_chart.MONTHS)
    limits = limits_of([datum for _, datum in series])
    if limits is None or series[-1][1].number is None:
        return None
    made_up = any(datum.illustrative for _, datum in series if datum.number is not None)
    return None if made_up else (series, limits)
