"""What is right cell by cell in an extract, and cannot be right as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from decimal import Decimal

from scrutiny.errors import Place, Problem
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.statistics.periods import Period, Quarter

_SHOWN = 3


def missing_periods(
    mapping: MappingFile, quarter: Quarter | None, periods: Mapping[tuple[str, ...], Set[Period]], place: Place
) -> Iterator[Problem]:
    """Tell months that are missing between others, and a quarter of which an extract has nothing.

    Parameters
    ----------
    mapping : MappingFile
        Only where it reads months or quarters is there something to tell.
    quarter : Quarter, optional
        The quarter for which the extract is taken in.
    periods : dict
        The periods of each series, known by its key but for the period.
    place : Place
        The file, or the first of several.
    """
    if mapping.period not in ("month", "quarter"):
        return
    missing: dict[tuple[Period, ...], list[str]] = defaultdict(list)
    for series, found in periods.items():
        months = {month for period in found for month in period.months}
        span = Period(min(months).start, max(months).end)
        if gap := tuple(month for month in span.months if month not in months):
            missing[gap].append(" ".join(part for part in series if part))
    for gap, of in missing.items():
        shown = "; ".join(of[:_SHOWN]) + ("; …" if len(of) > _SHOWN else "")
        what = f"{', '.join(month.label for month in gap)} missing between other months, of {shown}"
        yield Problem(what, place, "export these months as well")
    newest = max((period.end for found in periods.values() for period in found), default=None)
    if quarter and newest and newest < quarter.period.start:
        what = f"no figure is of the quarter {quarter}: the newest is of {Period.of_months(newest, 1)}"
        yield Problem(what, place, "export the quarter, or name the quarter of the file")


def fractions(mapping: MappingFile, records: Iterable[Mapping[str, object]], place: Place) -> Iterator[Problem]:
    """Tell percentages that look like fractions, as a spreadsheet stores what it shows as 45%."""
    values = [
        Decimal(str(record["value"])) for record in records if record["statistic"] == "percent" and record["value"]
    ]
    if mapping.scale is None and values and max(values) <= 1 and any(value % 1 for value in values):
        what = "no percentage is above 1: these look like fractions, 0.45 for 45%"
        yield Problem(what, place, "set scale of the mapping to 100, or to 1 if they are percentages")
