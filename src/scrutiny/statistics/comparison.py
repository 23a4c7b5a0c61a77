"""A figure beside the one it is compared with, and how the two are told in a table or a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scrutiny.statistics import arithmetic, wording
from scrutiny.statistics.datum import DIFFERENCE, PERCENTAGE_CHANGE, Datum, Origin, combine

PERCENTAGES = ("percent",)
"""Statistics whose change is in percentage points."""


@dataclass(frozen=True)
class Comparison:
    """Two figures and the change between them, computed or as published.

    Parameters
    ----------
    change : Datum
        In the unit of the figures; for percentages in percentage points.
    percent_change : Datum
        In per cent of `before`; not applicable to percentages.
    statistic : str
        What the two figures are.
    places : int
        Decimal places with which they are shown.
    """

    before: Datum
    after: Datum
    change: Datum
    percent_change: Datum
    statistic: str = "count"
    places: int = 0

    @classmethod
    def computed(cls, before: Datum, after: Datum, statistic: str = "count", places: int = 0) -> Comparison:
        """Compare two figures; where one is absent, so is the change."""
        both = (before, after)
        change = percentage = None
        if before.number is not None and after.number is not None:
            change = arithmetic.change(before.number, after.number)
            if statistic not in PERCENTAGES:
                percentage = arithmetic.percent_change(before.number, after.number)
        return cls(
            before,
            after,
            combine(both, change, DIFFERENCE),
            combine(both, percentage, PERCENTAGE_CHANGE),
            statistic,
            places,
        )

    @property
    def known(self) -> bool:
        """Whether there is a change to tell."""
        return self.change.number is not None or self.percent_change.number is not None

    @property
    def shown(self) -> tuple[Datum, ...]:
        """The data whose symbols a reader has to see beside the change."""
        told = tuple(part for part in (self.percent_change, self.change) if part.number is not None)
        return told or (self.change,)

    @property
    def origin(self) -> Origin:
        """Where the change comes from."""
        return Origin.union(part.origin for part in self.shown)

    @property
    def telling(self) -> bool:
        """Whether the change may be told in words: it is known, and none of it is made up."""
        return self.known and not self.origin.illustrative

    @property
    def direction(self) -> wording.Direction | None:
        """Which way it went; None where there is no change to tell."""
        number = self._leading
        return None if number is None else wording.direction(number)

    @property
    def in_brief(self) -> str:
        """Such as "Decrease (−16%, −25,769)", or the symbol in its place."""
        marker = self.shown[0]
        if not self.known:
            return marker.marked("")
        if self.before.number is not None and self.after.number is not None:
            text = wording.describe_change(
                self.before.number, self.after.number, statistic=self.statistic, places=self.places
            )
        else:
            text = wording.describe_supplied_change(
                self.change.number, self.percent_change.number, statistic=self.statistic, places=self.places
            )
        return marker.marked(text)

    @property
    def _leading(self) -> Fraction | None:
        return self.change.number if self.change.number is not None else self.percent_change.number
