"""Check that a period is one over which the report sees figures."""

from __future__ import annotations

from collections.abc import Collection

from scrutiny.inputs.questions.figures import Figures, grouped, month_count
from scrutiny.inputs.questions.question import Outcome
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period, Quarter

_WEEK = 7


def check_dates(figures: Figures, lags: Collection[int]) -> Outcome:
    """Find periods that no window of a report is.

    What is wrong for certain, such as a month without its last day, the rules of figures tell.

    Parameters
    ----------
    lags : collection of int
        By how many months the measures of this dataset run behind a report.
    """
    held, questions = 0, []
    for (source, period), rows in grouped(figures.all, lambda figure: (figure.source, figure.period)).items():
        if not (striking := _striking(period, lags)):
            held += len(rows)
            continue
        what, expected = striking
        first = min(rows, key=lambda figure: figure.line)
        more = f", and of {len(rows) - 1} more" if len(rows) > 1 else ""
        start, end = period.start.isoformat(), period.end.isoformat()
        questions.append(
            figures.question(
                "dates",
                first,
                f"the period of {first.named}{more}, {start} to {end}, {what}",
                expected,
                figures=(source, start, end),
                others=[figure for figure in rows if figure is not first],
                column="period_end",
            )
        )
    return Outcome(held, tuple(questions))


def _striking(period: Period, lags: Collection[int]) -> tuple[str, str] | None:
    months = month_count(period)
    if not months:
        days = (period.end - period.start).days + 1
        if days == 1 or days % _WEEK == 0:
            return None
        return "is neither whole months nor whole weeks", "whole months, weeks of 7 days, or a single day"
    if months != MONTHS_OF_QUARTER:
        return None
    behind = -period.end.month % MONTHS_OF_QUARTER
    if not behind or any(lag % MONTHS_OF_QUARTER == behind for lag in lags):
        return None
    quarter = Quarter.containing(period.end).period
    return (
        "is three months, and no quarter",
        f"a quarter of the financial year, such as {quarter.start} to {quarter.end}",
    )
