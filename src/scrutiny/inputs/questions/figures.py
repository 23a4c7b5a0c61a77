"""The figures of one dataset as the checks see them, and the questions asked about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import pandas as pd

from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.figures import Figure, figures_of, with_commas
from scrutiny.inputs.questions.question import Question

LITTLE = Decimal("0.005")
"""The share of a figure by which those that it is compared with are revised without another question."""


@dataclass(frozen=True)
class Figures:
    """A valid dataset's figures."""

    resource: Resource
    frame: pd.DataFrame
    """As `read_dataset` gives it, each row with a period."""

    @cached_property
    def all(self) -> list[Figure]:
        """All rows, in the order of the file."""
        return figures_of(self.resource, self.frame)

    @cached_property
    def real(self) -> list[Figure]:
        """Those that have a value and are not made up."""
        return [figure for figure in self.all if figure.is_real]

    def question(
        self,
        check: str,
        at: Figure,
        what: str,
        expected: str,
        *,
        figures: Iterable[str],
        others: Iterable[Figure] = (),
        column: str = "value",
        against: Decimal | None = None,
        little: Decimal = Decimal(0),
    ) -> Question:
        """Ask about a figure, at its cell in a column; see `Question`."""
        cells = {
            "value": with_commas(at.value).replace(",", ""),
            "period_start": at.period.start.isoformat(),
            "period_end": at.period.end.isoformat(),
        }
        return Question(
            check=check,
            dataset=self.resource.name,
            file=f"data/{self.resource.path}",
            line=at.line,
            column=column,
            value=cells[column],
            what=what,
            expected=expected,
            lines=tuple(figure.line for figure in others),
            figures=tuple(figures),
            against=against,
            little=little,
        )
