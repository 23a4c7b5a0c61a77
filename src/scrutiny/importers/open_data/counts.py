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
    """A count for a period, with the first record of those that it counts.

    Parameters
    ----------
    topic : tuple of (str, str)
        The dataset's own columns and what stands in them, such as the offence.
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


@dataclass
class Found:
    """What source files hold, as it comes to light.

    Raises
    ------
    WrongUse
        If a mapping is named.
    """

    options: Options
    figures: list[Counted] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _given: dict[tuple[object, ...], Counted] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.options.mapping:
            what = "open data has columns that are known, and needs no mapping"
            raise WrongUse(Problem(what, instead="leave --mapping out"))

    def add(self, figure: Counted) -> None:
        """Take a figure; one that another file gives otherwise is refused, because nobody knows which is right."""
        first = self._given.setdefault(figure.key, figure)
        if first is figure:
            self.figures.append(figure)
        elif first.count != figure.count:
            name = " ".join([figure.dataset, *(value for _, value in figure.topic)])
            what = f"{name}, {figure.period}: {figure.count:,} here, {first.count:,} in {first.file}"
            self.refused.append(Problem(what, Place(figure.file, figure.row), "import one of the two files"))

    def offers(self, project: Project, source: str, datasets: Iterable[str]) -> list[Offer]:
        """Make an offer for each dataset; what is refused and noted stands with the first.

        The files do not say when their figures were drawn. Unless the user does, that is the last day which
        any of them covers.
        """
        as_at = self.options.as_at or max((figure.period.end for figure in self.figures), default=None)
        self._leave_out_later()
        names = [name for name in datasets if any(figure.dataset == name for figure in self.figures)]
        offers: list[Offer] = []
        for name in names or list(datasets)[:1]:
            resource = project.datapackage.resource(name)
            rows = [
                _row(figure, source, as_at or figure.period.end)
                for figure in sorted(self.figures, key=lambda figure: (figure.period, figure.topic))
                if figure.dataset == name
            ]
            first = not offers
            offers.append(
                Offer(
                    name,
                    offered_rows(resource, rows),
                    tuple(self.refused) if first else (),
                    tuple(self.notes) if first else (),
                )
            )
        return offers

    def _leave_out_later(self) -> None:
        """Leave out what is of a later time than the quarter that the user named."""
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


def _row(figure: Counted, source: str, as_at: date) -> dict[str, object]:
    return {
        "source": source,
        "area": figure.area,
        **dict(figure.topic),
        "period_start": figure.period.start.isoformat(),
        "period_end": figure.period.end.isoformat(),
        "statistic": "count",
        "value": str(figure.count),
        "status": "open",
        "as_at": as_at.isoformat(),
        FILE: figure.file,
        ROW: figure.row,
    }
