"""Figures looked up in a dataset: one for a window, or a series by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

import pandas as pd

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.datapackage import Resource
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
        As `read_dataset` gives them: a row a figure, with the file's line in the column `line`.
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
            place = Place(f"data/{self.resource.path}", column=column)
            if column not in self.rows:
                raise WrongInput(
                    Problem(
                        f"{asked_by} asks for a column that is not there",
                        place,
                        nearest(column, map(str, self.rows.columns)),
                    )
                )
            known = set(self.rows[column])
            if value not in known:
                raise WrongInput(
                    Problem(f"{asked_by} asks for {value!r}, which no row has", place, nearest(value, known))
                )
            rows = rows[rows[column] == value]
        return replace(self, rows=rows)

    def figure(self, period: Period, statistic: str = "count") -> Datum:
        """Look up the figure of a period.

        A figure given for the period as such wins over the sum of its months, and that over the sum of
        the financial quarters that tile it; but one that is made up gives way to one that is not. Only
        counts can be summed.

        Returns
        -------
        Datum
            With the symbol ``x`` if none is there.
        """
        whole = self._figure_of_row(period, statistic)
        if statistic != "count" or _is_real(whole):
            return whole
        sums = [
            total((self._figure_of_row(part, statistic) for part in parts), of)
            for of, parts in (("months", period.months), ("quarters", _quarters(period)))
            if len(parts) > 1 and all((statistic, part.start, part.end) in self._positions for part in parts)
        ]
        known = [figure for figure in (whole, *sums) if figure is not NOT_SUPPLIED]
        return next(filter(_is_real, known), known[0] if known else NOT_SUPPLIED)

    def by_month(self, months: Iterable[Period], statistic: str = "count") -> list[Datum]:
        """Look up the figure of each month."""
        return [self._figure_of_row(month, statistic) for month in months]

    @property
    def latest(self) -> date | None:
        """The last day that a figure covers."""
        return None if self.rows.empty else self.rows["period_end"].max().date()

    @cached_property
    def _positions(self) -> dict[tuple[str, date, date], list[int]]:
        """Where the rows of a statistic and period are; searching the rows anew took most of a build."""
        positions: dict[tuple[str, date, date], list[int]] = defaultdict(list)
        columns = (self.rows[name] for name in ("statistic", "period_start", "period_end"))
        for position, (statistic, start, end) in enumerate(zip(*columns, strict=True)):
            positions[statistic, start.date(), end.date()].append(position)
        return dict(positions)

    def _figure_of_row(self, period: Period, statistic: str) -> Datum:
        positions = self._positions.get((statistic, period.start, period.end), [])
        if not positions:
            return NOT_SUPPLIED
        if len(positions) > 1:
            # Only a selection too wide for the dataset's key gives this: an error of measures.yaml.
            lines = ", ".join(str(line) for line in self.rows["line"].iloc[positions])
            raise WrongInput(
                Problem(
                    f"lines {lines} are all the {statistic} for {period}",
                    Place(f"data/{self.resource.path}"),
                    "let the measure's `where` name one value of each column",
                )
            )
        row = self.rows.iloc[positions[0]]
        provenance = Provenance(
            frozenset({self.resource.source_title(row["source"])}),
            row["as_at"].date(),
            frozenset({row["status"]}),
            frozenset({SourceRow(self.resource.name, int(row["line"]))}),
        )
        # The shortest text of a float is what stood in the file, so that nothing is lost in binary.
        number = None if pd.isna(row["value"]) else Fraction(Decimal(repr(float(row["value"]))))
        return Datum(number, row["symbol"], provenance)


def _is_real(figure: Datum) -> bool:
    return figure.number is not None and not figure.illustrative


def _quarters(period: Period) -> tuple[Period, ...]:
    """Give the financial quarters that tile a period; none where they do not."""
    months = period.months
    if len(months) % MONTHS_OF_QUARTER or period.start.month % MONTHS_OF_QUARTER != 1:
        return ()
    lasts = months[MONTHS_OF_QUARTER - 1 :: MONTHS_OF_QUARTER]
    return tuple(Period.of_months(last.end, MONTHS_OF_QUARTER) for last in lasts)
