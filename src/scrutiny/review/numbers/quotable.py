"""The values of a quarter that a typed number may be compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from scrutiny.errors import Location, Problem
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.execution.values import RESERVED_TOPICS
from scrutiny.inputs.measures import Measures
from scrutiny.review.numbers.recognise import Number, numbers_in
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.wording import Direction, direction
from scrutiny.suggest import instead_of

_IN_WORDS = ("movement", "in_brief", "direction", "directions", "summary", "largest")
_DATES = ("period", "end")
CHANGES = ("change", "percent_change")
_MILLION = 10**6

History = Callable[[str, int], Comparison | None]
"""Gives what the comparison of a value, by name, was some quarters before; None where that cannot be told."""


def NO_HISTORY(_name: str, _quarters: int) -> None:  # noqa: N802
    """Tell nothing."""


@dataclass(frozen=True)
class Quotable:
    """A value that says one number, held unrounded and in full: 27.2 million for "£27.2m"."""

    name: str
    text: str
    number: Fraction
    unit: str

    @property
    def topic(self) -> str:
        """The first part of its name."""
        return self.name.partition(".")[0]

    @property
    def measure(self) -> str:
        """The first two parts of its name."""
        return measure_of(self.name)

    @property
    def quoted(self) -> str:
        """How narrative quotes it, and what it says."""
        return f'{var(self.name)}, which says "{self.text}"'


def var(name: str) -> str:
    """Write a shortcode that quotes a value."""
    return f"{{{{< var {name} >}}}}"


def measure_of(name: str) -> str:
    """Give the first two parts of a value's name."""
    return ".".join(name.split(".")[:2])


def statistic_of(name: str) -> tuple[str, str]:
    """Split the last part of a name into statistic and basis: ``("change", "_on_previous_quarter")``."""
    statistic, on, basis = name.rpartition(".")[2].partition("_on_")
    return statistic, f"{on}{basis}"


def is_date(name: str) -> bool:
    """Whether a value is a period, its end, or part of the report's heading, and so states no figure."""
    return name.partition(".")[0] in RESERVED_TOPICS or statistic_of(name)[0] in _DATES


@dataclass(frozen=True)
class Book:
    """The values of a quarter, the measures behind them, and what they were before."""

    provenance: ReportProvenance
    measures: Measures
    history: History = NO_HISTORY

    def __contains__(self, name: str) -> bool:
        return name in self.provenance.values

    def says(self, name: str) -> str:
        """Give what a value says; empty if there is no such value."""
        return self.provenance.values[name].text if name in self else ""

    def unknown(self, name: str, place: Location) -> Problem:
        """Say that no value has a name."""
        texts = {other: record.text for other, record in self.provenance.values.items()}
        return Problem(f"nothing publishes the value {name}", place, instead_of(name, texts))

    @cached_property
    def quotable(self) -> dict[str, Quotable]:
        """The values that say one number, by name."""
        quotable = {}
        for name, record in self.provenance.values.items():
            if not is_date(name) and statistic_of(name)[0] not in _IN_WORDS:
                found = [number for number in numbers_in(record.text) if not number.rule]
                if len(found) == 1 and len(found[0].amounts) == 1:
                    number = _unrounded(record, found[0])
                    quotable[name] = Quotable(name, record.text, number, found[0].unit)
        return quotable

    def is_absent(self, name: str) -> bool:
        """Whether a value says that there is no figure."""
        return name in self and self.provenance.values[name].absent

    def direction(self, name: str) -> Direction | None:
        """Give the direction of a change, or for a figure that of the change in its window."""
        statistic, basis = statistic_of(name)
        stem = name.rpartition(".")[0]
        for change in [name] if statistic in CHANGES else [f"{stem}.{change}{basis}" for change in CHANGES]:
            record = self.provenance.values.get(change)
            if record and record.direction:
                return record.direction
            if record and record.number is not None:
                return direction(record.number)
        return None


def _unrounded(record: ProvenanceRecord, shown: Number) -> Fraction:
    """Give the number behind what a value says, in the scale of its text."""
    for scale in (1, _MILLION):
        if record.number is not None and abs(abs(record.number * scale) - abs(shown.amounts[0])) <= shown.step:
            return record.number * scale
    return shown.amounts[0]
