"""Figures counted from open data, made into the rows of an offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from scrutiny.errors import Location, Problem
from scrutiny.importers.offer import Offer, OfferedRow, Options, period_cells
from scrutiny.statistics.periods import Period, long_date


@dataclass(frozen=True)
class Count:
    """A count for a period, with the place of the first record counted."""

    dataset: str
    area: str
    period: Period
    count: int
    place: Location
    topic: tuple[tuple[str, str], ...] = ()
    """The dataset's own columns and their values, such as the offence."""
    rows: str = ""
    """All rows counted, as `Rows` writes them; empty where only that of the place is known."""


@dataclass
class Findings:
    """What was counted in source files, what was refused, and what the analyst should know of it."""

    counts: list[Count] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _first: dict[tuple[object, ...], Count] = field(default_factory=dict)

    def refuse(self, what: str, place: Location | None, instead: str | None = None) -> None:
        """Refuse something at a place."""
        self.refused.append(Problem(what, place, instead))

    def add(self, count: Count) -> None:
        """Add a count, or refuse one that another file gives differently, because either may be right.

        If two sheets of one workbook differ, neither is taken: nobody chose one of them.
        """
        first = self._first.setdefault((count.dataset, count.area, count.period, count.topic), count)
        if first is count:
            self.counts.append(count)
        elif first.count != count.count:
            name = " ".join([count.dataset, *(value for _, value in count.topic)])
            what = f"{name}, {count.period}: {count.count:,} here, {first.count:,} in {first.place.file}"
            instead = "import only one of the two files"
            if _workbook(first.place) == _workbook(count.place):
                self.counts = [other for other in self.counts if other is not first]
                what, instead = f"{what}; neither is taken", "delete the sheet that is wrong"
            self.refuse(what, count.place, instead)

    def offers(self, source: str, datasets: Sequence[str], options: Options) -> list[Offer]:
        """Make an offer for each dataset; what is refused and noted goes with the first.

        Figures after the quarter of the options are skipped. The files do not say when they were drawn: unless the
        options do, it is taken to be the last day that any of the figures covers.
        """
        if options.quarter:
            if self.counts and not any(count.period.end >= options.quarter.period.end for count in self.counts):
                latest = max(count.period.end for count in self.counts)
                self.notes.append(f"no figure is for {options.quarter}: the newest are to {long_date(latest)}")
            newest = options.quarter.period.end
            later = [count for count in self.counts if count.period.end > newest]
            self.counts = [count for count in self.counts if count.period.end <= newest]
            if later:
                self.notes.append(f"skipped: {many(len(later), 'figure')} after {options.quarter}")
        rows: dict[str, list[OfferedRow]] = {name: [] for name in datasets}
        last = options.as_at or max((count.period.end for count in self.counts), default=date.min)
        common = {"source": source, "statistic": "count", "status": "open", "as_at": last.isoformat()}
        for count in sorted(self.counts, key=lambda count: (count.period, count.topic)):
            own = {"area": count.area, **dict(count.topic), "value": str(count.count)}
            cells = common | own | period_cells(count.period)
            rows[count.dataset].append(OfferedRow(cells, count.place, count.rows or f"{count.place.line}+"))
        offers = [Offer(name, tuple(of_dataset)) for name, of_dataset in rows.items() if of_dataset]
        first, *others = offers or [Offer(datasets[0], ())]
        return [replace(first, refused=tuple(self.refused), notes=tuple(self.notes)), *others]


def _workbook(place: Location) -> str:
    return str(place.file).partition(", sheet ")[0]


def many(count: int, what: str) -> str:
    """Write how many there are of something: "1 file", "1,399 files"."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")
