"""Figures looked up in a dataset: one for a window, or a series by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import isnan
from typing import NamedTuple

import pandas as pd

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import rounding_of
from scrutiny.statistics import precedence
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, total
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, Period
from scrutiny.statistics.provenance import Provenance, SourceRow
from scrutiny.suggest import nearest


@dataclass(frozen=True)
class Dataset:
    """A validated dataset, or some rows of it.

    Parameters
    ----------
    resource : Resource
        Its description.
    rows : pandas.DataFrame
        As `read_dataset` returns them: a row a figure, with the line of the file in the column `line`.
    """

    resource: Resource
    rows: pd.DataFrame

    def where(self, selection: Mapping[str, str], asked_by: str = "") -> Dataset:
        """Keep the rows that have given values in given columns.

        Raises
        ------
        WrongInput
            If there is no such column, or no row of the dataset has the value.
        """
        rows = self.rows
        for column, value in selection.items():
            place = Location(f"data/{self.resource.path}", column=column)
            if column not in rows:
                what = f"{asked_by} asks for a column that does not exist"
                raise WrongInput(Problem(what, place, nearest(column, map(str, rows.columns))))
            rows = rows[rows[column] == value]
            if rows.empty and value not in (known := set(self.rows[column])):
                what = f"{asked_by} asks for {value!r}, which no row has"
                raise WrongInput(Problem(what, place, nearest(value, known)))
        return replace(self, rows=rows)

    def of_source(self, source: str) -> Dataset:
        """Keep the rows of a source, which may have supplied none."""
        return replace(self, rows=self.rows[self.rows["source"] == source])

    def figure(self, period: Period, statistic: str = "count") -> Datum:
        """Look up the figure of a period.

        The candidates are the row of the period, the sum of its months, and that of the financial quarters that
        tile it, in this order; see `precedence`. Only counts are summed; where disclosure control rounded one, the
        sum is withheld, because rounding comes last.

        Returns
        -------
        Datum
            With the symbol ``x`` if there is none.
        """
        whole = self._figure_of_row(period, statistic)
        if statistic != "count":
            return whole
        sums = (
            total((self._figure_of_row(part, statistic) for part in parts), of)
            for of, parts in (("months", period.months), ("quarters", _quarters(period)))
            if len(parts) > 1 and all((statistic, part.start, part.end) in self._by_period for part in parts)
        )
        return precedence.chosen([whole, *sums])

    def by_month(self, months: Iterable[Period], statistic: str = "count") -> list[Datum]:
        """Look up the figure of each month."""
        return [self._figure_of_row(month, statistic) for month in months]

    def months_with_figures(self, statistic: str = "count") -> list[Period]:
        """Give the months that have a figure, in the order of time."""
        periods = [
            Period(start, end)
            for (name, start, end), rows in self._by_period.items()
            if name == statistic and not all(isnan(row.value) for row in rows)
        ]
        return sorted(period for period in periods if period.month_count == 1)

    @property
    def latest(self) -> date | None:
        """The last day that a figure covers."""
        return None if self.rows.empty else self.rows["period_end"].max().date()

    @cached_property
    def _by_period(self) -> dict[tuple[str, date, date], list[_Row]]:
        """Rows by statistic and period; looking them up in the frame took most of a build."""
        by_period: dict[tuple[str, date, date], list[_Row]] = defaultdict(list)
        # Columns, because pandas takes long to make a row.
        columns = (self.rows[name].tolist() for name in ("statistic", "period_start", "period_end", *_Row._fields))
        for statistic, start, end, *cells in zip(*columns, strict=True):
            by_period[statistic, start.date(), end.date()].append(_Row(*cells))
        return dict(by_period)

    def _figure_of_row(self, period: Period, statistic: str) -> Datum:
        rows = self._by_period.get((statistic, period.start, period.end), [])
        if not rows:
            return NOT_SUPPLIED
        if len(rows) > 1:
            # Only a selection too wide for the dataset's key gives this: an error of measures.yaml.
            lines = ", ".join(str(row.line) for row in rows)
            raise WrongInput(
                Problem(
                    f"lines {lines} are all the {statistic} for {period}",
                    Location(f"data/{self.resource.path}"),
                    "let the measure's `where` name one value of each column",
                )
            )
        (row,) = rows
        where = SourceRow(self.resource.name, row.line)
        title = self.resource.source_title(row.source)
        rounding = rounding_of(self.resource, statistic, row.status)
        provenance = Provenance.of_row(title, row.as_at.date(), row.status, row.symbol, where, rounding)
        # The shortest text of a float is what stood in the file, so nothing is lost in binary.
        number = None if isnan(row.value) else Fraction(Decimal(repr(row.value)))
        return Datum(number, row.symbol, provenance)


class _Row(NamedTuple):
    line: int
    source: str
    as_at: pd.Timestamp
    status: str
    symbol: str
    value: float


def _quarters(period: Period) -> tuple[Period, ...]:
    """Return the financial quarters that tile a period, if they do."""
    months = period.months
    if len(months) % MONTHS_OF_QUARTER or period.start.month % MONTHS_OF_QUARTER != 1:
        return ()
    lasts = months[MONTHS_OF_QUARTER - 1 :: MONTHS_OF_QUARTER]
    return tuple(Period.of_months(last.end, MONTHS_OF_QUARTER) for last in lasts)
