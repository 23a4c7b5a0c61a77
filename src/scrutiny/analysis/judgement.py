"""What the change of a measure means: better, worse, not material, or nothing without the text.

The rules are in the methodology page of the documentation, section "What a change means".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scrutiny.analysis.process import Process, process_of
from scrutiny.analysis.report import ReportedMeasure
from scrutiny.analysis.supplies import is_missing
from scrutiny.inputs.measures import Polarity
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import exact, round_half_away
from scrutiny.statistics.comparison import Comparison


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

    Where a control chart of real figures judges the quarter, the change is material if one of its signals reaches
    into it; otherwise, if it is at least the measure's `material_change`. Made-up figures decide nothing, and nor
    does the size of a change across a step in how a measure is recorded.
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
    process = process_of(measure)
    if comparison.anew and not process.decides:
        return Judgement(measure, comparison, Standing.NOT_JUDGED, f"not comparable ({comparison.anew})")
    material, direction, why = _by_process(process) if process.decides else _by_size(measure, comparison, size)
    polarity = measure.measure.polarity
    wanted = wording.Direction.DECREASE if polarity is Polarity.LOWER else wording.Direction.INCREASE
    if polarity is Polarity.NEITHER:
        standing = Standing.WITH_TEXT
    elif not material:
        standing = Standing.NO_MATERIAL_CHANGE
    elif comparison.anew or direction is not comparison.direction:
        # Recording changed too, or the latest months went the other way: a reader has to know both.
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


def _by_process(process: Process) -> _Evidence:
    latest, step = process.latest, process.step
    since = f", anew from {step.label}: {step.reason}" if step else ""
    if latest is None:
        return False, None, f"no (control chart{since})"
    rose = latest.side in ("above", "rising")
    direction = wording.Direction.INCREASE if rose else wording.Direction.DECREASE
    return True, direction, f"yes (control chart: {latest.rule}, {latest.side}{since})"
