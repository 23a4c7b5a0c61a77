"""A figure beside the one it is compared with, and the change between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scrutiny.statistics import arithmetic, wording
from scrutiny.statistics.datum import DIFFERENCE, PERCENTAGE_CHANGE, Datum, combine, provenance_of
from scrutiny.statistics.precedence import agree, noting


@dataclass(frozen=True)
class Comparison:
    """Two figures and the change between them, computed or as published.

    Parameters
    ----------
    change : Datum
        In the unit of the figures; for percentages in percentage points.
    percent_change : Datum
        In per cent of `before`; not applicable to percentages.
    places : int
        Decimal places with which the two are shown.
    anew : str
        Of a step between the two, after which figures are not like those before: "from May 2018: " and why.
    otherwise : str
        Of a change as given: what two figures that came later would give, if another.
    """

    before: Datum
    after: Datum
    change: Datum
    percent_change: Datum
    statistic: str = "count"
    places: int = 0
    anew: str = ""
    otherwise: str = ""

    @classmethod
    def computed(cls, before: Datum, after: Datum, statistic: str = "count", places: int = 0) -> Comparison:
        """Compare two figures; where one is absent, so is the change."""
        both = (before, after)
        change = percentage = None
        if before.number is not None and after.number is not None:
            change = arithmetic.change(before.number, after.number)
            if statistic != "percent":
                percentage = arithmetic.percent_change(before.number, after.number)
        difference = combine(both, change, DIFFERENCE)
        return cls(before, after, difference, combine(both, percentage, PERCENTAGE_CHANGE), statistic, places)

    def instead_of(self, computed: Comparison) -> Comparison:
        """Say, of a change as given, what two figures that came later would give, if that is another."""
        pairs = (self.change, computed.change), (self.percent_change, computed.percent_change)
        if not computed.conclusive or all(agree(own, other) for own, other in pairs if own.number is not None):
            return self
        note = f"the two figures, supplied later, would give: {computed.in_brief}"
        change, percentage = (noting(own, [note]) for own, _ in pairs)
        return replace(self, change=change, percent_change=percentage, otherwise=note)

    @property
    def in_points(self) -> bool:
        """Whether the change is in percentage points."""
        return self.statistic == "percent"

    @property
    def places_of_change(self) -> int:
        """Decimal places of the difference; one at least of percentages: two that round alike may differ."""
        return self.change.places(max(1, self.places) if self.in_points else self.places)

    @property
    def known(self) -> bool:
        """Whether a change is known."""
        return self.shown[0].number is not None

    @property
    def shown(self) -> tuple[Datum, ...]:
        """The data whose symbols a reader has to see beside the change."""
        known = tuple(part for part in (self.percent_change, self.change) if part.number is not None)
        return known or (self.change,)

    @property
    def conclusive(self) -> bool:
        """Whether the change may be put into words: it is known, and none of it is made up."""
        return self.known and not provenance_of(self.shown).illustrative

    @property
    def direction(self) -> wording.Direction | None:
        """Which way it went; None where no change is known."""
        # The difference comes last, and decides where both are known.
        number = self.shown[-1].number
        return None if number is None else wording.direction(number)

    @property
    def in_brief(self) -> str:
        """Such as "Decrease (−16%, −25,769)", or the symbol in its place."""
        if not self.known:
            return self.change.marked("")
        duration = self.statistic in wording.TIMES and self.before.number is not None
        percentage = None if duration else self.percent_change.number
        text = wording.describe_change(
            self.change.number, percentage, statistic=self.statistic, places=self.places_of_change
        )
        return self.shown[0].marked(text)
