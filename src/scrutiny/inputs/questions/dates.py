"""Check that a period is one over which a report sees figures."""

from __future__ import annotations

from collections.abc import Collection

from scrutiny.inputs.figures import grouped
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.question import Outcome
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period, Quarter

_WEEK = 7


def check_dates(figures: Figures, lags: Collection[int]) -> Outcome:
    """Find periods that are no window of a report whose measures run behind by `lags` months.

    Those that are certainly wrong are refused by `scrutiny.inputs.rules`.
    """
    held, questions = 0, []
    for (source, period), rows in grouped(figures.all, lambda figure: (figure.source, figure.period)).items():
        if not (unusual := _unusual(period, lags)):
            held += len(rows)
            continue
        what, expected = unusual
        first = min(rows, key=lambda figure: figure.line)
        more = f", and of {len(rows) - 1} more" if len(rows) > 1 else ""
        start, end = period.start.isoformat(), period.end.isoformat()
        questions.append(
            figures.question(
                "dates",
                first,
                f"the period of {first.name}{more}, {start} to {end}, {what}",
                expected,
                figures=(source, start, end),
                others=[figure for figure in rows if figure is not first],
                column="period_end",
            )
        )
    return Outcome(held, tuple(questions))


def _unusual(period: Period, lags: Collection[int]) -> tuple[str, str] | None:
    """Say what is unusual about a period, and what was expected."""
    if not period.month_count:
        days = (period.end - period.start).days + 1
        if days == 1 or days % _WEEK == 0:
            return None
        return "is neither whole months nor whole weeks", "whole months, weeks of 7 days, or a single day"
    behind = -period.end.month % MONTHS_OF_QUARTER
    if period.month_count != MONTHS_OF_QUARTER or behind in {0, *(lag % MONTHS_OF_QUARTER for lag in lags)}:
        return None
    quarter = Quarter.containing(period.end).period
    expected = f"a quarter of the financial year, such as {quarter.start} to {quarter.end}"
    return "is three months, but not a quarter", expected
