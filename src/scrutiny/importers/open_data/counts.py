"""Figures counted from open data, made into the rows of an offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from scrutiny.errors import Place, Problem, WrongUse
from scrutiny.importers.offer import FILE, ROW, Offer, Options, offered_rows
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.statistics.periods import Period


@dataclass(frozen=True)
class Counted:
    """A count for a period, with the file and row of the first record counted.

    Parameters
    ----------
    topic : tuple of (str, str)
        The dataset's own columns and their values, such as the offence.
    """

    dataset: str
    area: str
    period: Period
    count: int
    file: str
    row: int
    topic: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What the figure is of."""
        return self.dataset, self.area, self.period, self.topic

    def as_row(self, source: str, as_at: date) -> dict[str, object]:
        """Give the figure as a row of an offer."""
        return {
            "source": source,
            "area": self.area,
            **dict(self.topic),
            "period_start": self.period.start.isoformat(),
            "period_end": self.period.end.isoformat(),
            "statistic": "count",
            "value": str(self.count),
            "status": "open",
            "as_at": as_at.isoformat(),
            FILE: self.file,
            ROW: self.row,
        }


@dataclass
class Found:
    """What is found in source files; raises WrongUse if a mapping is named."""

    options: Options
    figures: list[Counted] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _first: dict[tuple[object, ...], Counted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.options.mapping:
            what = "the columns of open data are known, so it needs no mapping"
            raise WrongUse(Problem(what, instead="leave --mapping out"))

    def refuse(self, what: str, place: Place | None, instead: str | None = None) -> None:
        """Refuse something at a place."""
        self.refused.append(Problem(what, place, instead))

    def add(self, figure: Counted) -> None:
        """Add a figure, or refuse one that another file gives differently, because either may be right."""
        first = self._first.setdefault(figure.key, figure)
        if first is figure:
            self.figures.append(figure)
        elif first.count != figure.count:
            name = " ".join([figure.dataset, *(value for _, value in figure.topic)])
            what = f"{name}, {figure.period}: {figure.count:,} here, {first.count:,} in {first.file}"
            self.refuse(what, Place(figure.file, figure.row), "import only one of the two files")

    def offers(self, project: Project, source: str, datasets: Iterable[str]) -> list[Offer]:
        """Make an offer for each dataset; what is refused and noted goes with the first.

        The files do not say when their figures were drawn. Unless the user does, that is the last day that any
        of them covers.
        """
        as_at = self.options.as_at or max((figure.period.end for figure in self.figures), default=None)
        self._leave_out_later()
        names = [name for name in datasets if any(figure.dataset == name for figure in self.figures)]
        ordered = sorted(self.figures, key=lambda figure: (figure.period, figure.topic))
        offers: list[Offer] = []
        for name in names or list(datasets)[:1]:
            rows = [
                figure.as_row(source, as_at or figure.period.end) for figure in ordered if figure.dataset == name
            ]
            offered = offered_rows(project.datapackage.resource(name), rows)
            more = () if offers else (tuple(self.refused), tuple(self.notes))
            offers.append(Offer(name, offered, *more))
        return offers

    def _leave_out_later(self) -> None:
        """Leave out figures that are later than the quarter the user named."""
        quarter = self.options.quarter
        if quarter is None:
            return
        until = [figure for figure in self.figures if figure.period.end <= quarter.period.end]
        if len(until) < len(self.figures):
            self.notes.append(f"left out: {many(len(self.figures) - len(until), 'figure')} after {quarter}")
        self.figures = until


def many(count: int, what: str) -> str:
    """Write how many there are of something: "1 file", "1,399 files"."""
    return f"{count:,} {what}" + ("" if count == 1 else "s")


def areas_of(resource: Resource) -> tuple[str, ...]:
    """Give the areas that a dataset knows."""
    return next((field.constraints.enum or () for field in resource.fields if field.name == "area"), ())
