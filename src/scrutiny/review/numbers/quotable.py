"""The values of a quarter as what a typed number may be compared with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from scrutiny.execution.provenance import Origins, Traced
from scrutiny.execution.values import RESERVED_TOPICS
from scrutiny.review.numbers.recognise import Number, numbers_in
from scrutiny.statistics.wording import Direction, direction

_IN_WORDS = ("movement", "in_brief", "direction", "directions", "summary", "largest")
_DATES = ("period", "end")
CHANGES = ("change", "percent_change")
_MILLION = 10**6


@dataclass(frozen=True)
class Quotable:
    """A value that says one number.

    Parameters
    ----------
    text : str
        What it says.
    number : Fraction
        Unrounded, its unit's scale included: 27.2 million for "£27.2m".
    """

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
        return ".".join(self.name.split(".")[:2])


def statistic_of(name: str) -> tuple[str, str]:
    """Part the last part of a name into what it says and with what: ``("change", "_on_previous_quarter")``."""
    last = name.rpartition(".")[2]
    statistic, on, other = last.partition("_on_")
    return statistic, f"{on}{other}"


def is_date(name: str) -> bool:
    """Whether a value is a period, its end, or of the report's heading, and so states no figure."""
    return name.partition(".")[0] in RESERVED_TOPICS or statistic_of(name)[0] in _DATES


@dataclass(frozen=True)
class Book:
    """The values of a quarter, looked up in several ways."""

    origins: Origins

    def __contains__(self, name: str) -> bool:
        return name in self.origins.values

    def says(self, name: str) -> str:
        """Give what a value says."""
        return self.origins.values[name].text

    @cached_property
    def quotable(self) -> dict[str, Quotable]:
        """The values that say one number, by name."""
        return {one.name: one for one in self._quotable()}

    def direction(self, name: str) -> Direction | None:
        """Tell which way a value went: a change its own, a figure that of its window against the one before."""
        statistic, suffix = statistic_of(name)
        if statistic not in CHANGES:
            stem = name.rpartition(".")[0]
            names = [f"{stem}.{change}{suffix}" for change in CHANGES]
            return next((self._told(one) for one in names if one in self and self._told(one)), None)
        return self._told(name)

    def _told(self, name: str) -> Direction | None:
        traced = self.origins.values[name]
        if traced.direction is not None or traced.number is None:
            return traced.direction
        return direction(traced.number)

    def _quotable(self) -> Iterator[Quotable]:
        for name, traced in self.origins.values.items():
            if is_date(name) or statistic_of(name)[0] in _IN_WORDS:
                continue
            found = [one for one in numbers_in(traced.text) if one.rule is None]
            if len(found) == 1 and len(found[0].amounts) == 1:
                yield Quotable(name, traced.text, _unrounded(traced, found[0]), found[0].unit)


def _unrounded(traced: Traced, shown: Number) -> Fraction:
    """Give the number behind what a value says, in the scale of that."""
    for scale in (1, _MILLION):
        if traced.number is not None and abs(abs(traced.number * scale) - abs(shown.amounts[0])) <= shown.step:
            return traced.number * scale
    return shown.amounts[0]
