"""The rule by which a dataset's small counts are hidden: the property `disclosure` in the data package."""

from __future__ import annotations

from fractions import Fraction
from typing import Self

import pydantic
from pydantic import model_validator

from scrutiny.statistics.arithmetic import round_half_away
from scrutiny.yaml_models import Strict


class Disclosure(Strict):
    """How small counts of a dataset are kept from telling of single people; see `docs/disclosure.md`.

    Parameters
    ----------
    persons : bool
        Whether its counts are of people; of one that does not say it is taken to be so.
    threshold : int
        Counts from 1 to below it are hidden.
    rounding : int
        Counts shown are rounded to a multiple of it.
    """

    persons: bool = True
    threshold: int = pydantic.Field(default=5, ge=1)
    rounding: int = pydantic.Field(default=1, ge=1)

    @model_validator(mode="after")
    def _rounding_hides_nothing_else(self) -> Self:
        if self.rounded(self.threshold) < self.threshold:
            raise ValueError(
                f"rounding to {self.rounding} would show {self.threshold} as less than the threshold; "
                f"{self.threshold} itself would do"
            )
        return self

    def rounded(self, count: Fraction | int) -> int:
        """Round a count to the nearest multiple of `rounding`, halves up."""
        return int(round_half_away(Fraction(count) / self.rounding)) * self.rounding
