"""What is right cell by cell in an extract, but implausible as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal

from scrutiny.errors import Location, Problem
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.statistics.periods import Period, Quarter, missing_months

_SHOWN = 3


def missing_periods(
    mapping: MappingFile, quarter: Quarter | None, periods: Mapping[tuple[str, ...], Set[Period]], place: Location
) -> Iterator[Problem]:
    """Find months that are missing between others, and a quarter for which an extract of months has nothing.

    `periods` are those of each series, by its key without the period.
    """
    if mapping.period not in ("month", "quarter"):
        return
    missing: dict[tuple[Period, ...], list[str]] = defaultdict(list)
    for series, found in periods.items():
        if gap := missing_months({month for period in found for month in period.months}):
            missing[gap].append(" ".join(part for part in series if part))
    for gap, of in missing.items():
        shown = "; ".join(of[:_SHOWN]) + ("; …" if len(of) > _SHOWN else "")
        months = ", ".join(month.label for month in gap)
        what = f"{months} {'is' if len(gap) == 1 else 'are'} missing between other months of {shown}"
        yield Problem(what, place, "export these months as well")
    newest = max((period.end for found in periods.values() for period in found), default=None)
    if quarter and newest and newest < quarter.period.start:
        what = f"no figure is for the quarter {quarter}: the newest is for {Period.of_months(newest, 1)}"
        yield Problem(what, place, "export that quarter, or give the quarter of the file")


def fractions(mapping: MappingFile, rows: Iterable[Mapping[str, str]], place: Location) -> Iterator[Problem]:
    """Find percentages that look like fractions, as a spreadsheet stores what it shows as 45%."""
    values = [Decimal(row["value"]) for row in rows if row["statistic"] == "percent" and row["value"]]
    if mapping.scale is None and values and max(values) <= 1 and any(value % 1 for value in values):
        what = "no percentage is above 1: these look like fractions, 0.45 for 45%"
        yield Problem(what, place, "set scale in the mapping to 100, or to 1 if they are percentages")
