"""Rules that every row of figures has to fulfil, whatever the dataset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from scrutiny.statistics.datum import ABSENT
from scrutiny.statistics.periods import MONTHS_OF_QUARTER
from scrutiny.statistics.stated import COUNTS

_NEAR = 3
"""Days by which a period may miss the ends of months that it was probably meant to have."""
_SHORTEST_MONTH = 25


@dataclass(frozen=True)
class RowRule:
    """A rule for rows of figures."""

    columns: tuple[str, ...]
    """Those it reads, first the one at which a mistake is reported."""
    broken: Callable[[pd.DataFrame], pd.Series[bool]]
    """Takes a frame as `read_dataset` gives it, and marks the rows that break the rule."""
    what: str
    """A template with the `row`."""
    instead: str


def _is(rows: pd.DataFrame, *statistics: str) -> pd.Series[bool]:
    return rows["statistic"].isin(statistics)


def _whole_months(rows: pd.DataFrame) -> pd.Series[bool]:
    whole: pd.Series[bool] = (rows["period_start"].dt.day == 1) & (_day_after(rows).dt.day == 1)
    return whole


def _day_after(rows: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return rows["period_end"] + pd.Timedelta(days=1)


def _almost_whole_months(rows: pd.DataFrame) -> pd.Series[bool]:
    """Find periods that miss whole months by a few days, except whole weeks that begin within a month."""
    days = (_day_after(rows) - rows["period_start"]).dt.days
    weeks = (days % 7 == 0) & (rows["period_start"].dt.day != 1)
    near: pd.Series[bool] = (
        _near_first(rows["period_start"]) & _near_first(_day_after(rows)) & (days >= _SHORTEST_MONTH)
    )
    almost: pd.Series[bool] = near & ~weeks & ~_whole_months(rows)
    return almost


def _near_first(days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    return (days.dt.day <= 1 + _NEAR) | ((days + pd.Timedelta(days=_NEAR)).dt.day <= _NEAR)


def _no_quarter(rows: pd.DataFrame) -> pd.Series[bool]:
    first, after = rows["period_start"], _day_after(rows)
    months = (after.dt.year - first.dt.year) * 12 + after.dt.month - first.dt.month
    # A period that ends before it begins, or has no date, is reported as such.
    wrong: pd.Series[bool] = (after > first) & ~(_whole_months(rows) & (months == MONTHS_OF_QUARTER))
    return wrong


RULES = (
    RowRule(
        ("period_end", "period_start"),
        lambda rows: rows["period_end"] < rows["period_start"],
        "{row.period_end:%Y-%m-%d} is before period_start, {row.period_start:%Y-%m-%d}",
        "write a last day that is not before the first",
    ),
    RowRule(
        ("as_at", "period_end"),
        lambda rows: rows["as_at"] < rows["period_end"],
        "{row.as_at:%Y-%m-%d} is before the period ended, {row.period_end:%Y-%m-%d}",
        "write the day on which the figure was drawn, or end the period on that day",
    ),
    RowRule(
        ("period_end", "period_start"),
        _almost_whole_months,
        "{row.period_start:%Y-%m-%d} to {row.period_end:%Y-%m-%d} is not quite whole months",
        "write the first and last day of the months that are meant, such as 2020-02-01 and 2020-02-29",
    ),
    RowRule(
        ("period_end", "period_start", "statistic"),
        lambda rows: rows["statistic"].str.endswith("_on_previous_quarter", na=False) & _no_quarter(rows),
        "{row.period_start:%Y-%m-%d} to {row.period_end:%Y-%m-%d} is not a quarter, as {row.statistic} needs",
        "write the first and last day of three months, such as 2020-04-01 and 2020-06-30",
    ),
    RowRule(
        ("value", "symbol"),
        lambda rows: rows["value"].isna() & ~rows["symbol"].isin(ABSENT),
        "there is no value, and no symbol that says why",
        "write the figure, or in symbol: x (not supplied), z (not applicable), c (hidden)",
    ),
    RowRule(
        ("symbol", "value"),
        lambda rows: rows["value"].notna() & rows["symbol"].isin(ABSENT),
        "the symbol {row.symbol} says that there is no figure, but value has one, {row.value:.15g}",
        "empty one of the two",
    ),
    RowRule(
        ("value", "statistic"),
        lambda rows: _is(rows, *COUNTS) & (rows["value"] % 1 > 0),
        "{row.value:.15g} is not a whole number, as the statistic {row.statistic} must be",
        "write the count itself, or another statistic",
    ),
    RowRule(
        ("value", "statistic"),
        lambda rows: _is(rows, *COUNTS, "minutes", "seconds", "fte", "gbp_million") & (rows["value"] < 0),
        "{row.value:.15g} is negative, which the statistic {row.statistic} cannot be",
        "write the figure itself; a change has the statistic change",
    ),
    RowRule(
        ("value", "statistic"),
        lambda rows: _is(rows, "percent") & ((rows["value"] < 0) | (rows["value"] > 100)),
        "{row.value:.15g} is not between 0 and 100, as a percentage is",
        "write 33.8 for 33.8%; a change has the statistic percent_change or point_change",
    ),
    RowRule(
        ("value", "statistic"),
        lambda rows: rows["statistic"].str.startswith("percent_change", na=False) & (rows["value"] < -100),
        "{row.value:.15g} would be a decrease of more than 100%",
        "write -16 for a decrease by 16%; a difference has the statistic change",
    ),
)
