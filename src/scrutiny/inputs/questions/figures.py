"""A dataset's rows as the checks see them: exact numbers, by series and by what they measure."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

import pandas as pd

from scrutiny.inputs.datapackage import LINE, Resource
from scrutiny.inputs.questions.question import Question
from scrutiny.statistics.periods import MONTHS_OF_YEAR, Period

_NOT_OF_THE_TOPIC = ("source", "period_start", "period_end", "statistic")
_ILLUSTRATIVE = "illustrative"

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Figure:
    """A row of a dataset.

    Parameters
    ----------
    position : int
        In the dataset's frame.
    line : int
        Of the file.
    topic : tuple of str
        Its area, and what else of the key tells it apart.
    value : Decimal or None
        As it stands in the file.
    """

    position: int
    line: int
    source: str
    topic: tuple[str, ...]
    period: Period
    statistic: str
    value: Decimal | None
    status: str

    @property
    def illustrative(self) -> bool:
        """Whether it is made up."""
        return self.status == _ILLUSTRATIVE

    @property
    def series(self) -> tuple[str, tuple[str, ...], str]:
        """What it shares with the figures of other periods."""
        return self.source, self.topic, self.statistic

    @property
    def identity(self) -> str:
        """Key and value, for the sum of a question."""
        start, end = self.period.start.isoformat(), self.period.end.isoformat()
        return json.dumps([self.source, *self.topic, start, end, self.statistic, shown(self.value)])

    @property
    def named(self) -> str:
        """Such as "lancashire, crimes: count, July 2019 to June 2020"; free text is quoted."""
        return f"{named(self.topic)}: {self.statistic}, {self.period}"


@dataclass(frozen=True)
class Figures:
    """A valid dataset's figures.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `read_dataset` gives it, each row with a period.
    """

    resource: Resource
    frame: pd.DataFrame

    @property
    def file(self) -> str:
        """The file, as the user would name it."""
        return f"data/{self.resource.path}"

    @cached_property
    def all(self) -> tuple[Figure, ...]:
        """All rows, in the order of the file."""
        columns = [name for name in self.resource.table_schema.primary_key if name not in _NOT_OF_THE_TOPIC]
        topics = zip(*(self.frame[name].astype(str) for name in columns), strict=True) if columns else None
        own = ("source", "period_start", "period_end", "statistic", "value", "status", LINE)
        found = []
        for position, (source, start, end, statistic, value, status, line) in enumerate(
            zip(*(self.frame[name] for name in own), strict=True)
        ):
            topic = next(topics) if topics else ()
            # The shortest text of a float is what stood in the file.
            number = None if pd.isna(value) else Decimal(repr(float(value)))
            period = Period(start.date(), end.date())
            found.append(Figure(position, int(line), source, topic, period, statistic, number, status))
        return tuple(found)

    @cached_property
    def by_position(self) -> dict[int, Figure]:
        """The figures by their position in the frame."""
        return {figure.position: figure for figure in self.all}

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
    ) -> Question:
        """Ask about a figure, told at the cell of a column; see `Question`."""
        cells = {
            "value": shown(at.value).replace(",", ""),
            "period_start": at.period.start.isoformat(),
            "period_end": at.period.end.isoformat(),
        }
        return Question(
            check=check,
            dataset=self.resource.name,
            file=self.file,
            line=at.line,
            column=column,
            value=cells[column],
            what=what,
            expected=expected,
            lines=tuple(figure.line for figure in others),
            figures=tuple(figures),
        )


def grouped(figures: Iterable[Figure], key: Callable[[Figure], Key]) -> dict[Key, list[Figure]]:
    """Group figures, each group in the order of time."""
    groups: dict[Key, list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda figure: figure.period):
        groups[key(figure)].append(figure)
    return dict(groups)


def month_count(period: Period) -> int:
    """Count the months of a period of whole months; 0 of any other."""
    if not period.whole_months:
        return 0
    return (period.end.year - period.start.year) * MONTHS_OF_YEAR + period.end.month - period.start.month + 1


def named(topic: Iterable[str]) -> str:
    """Name a topic on one line, whatever characters stand in its cells."""
    return ", ".join(text if text.isprintable() else repr(text) for text in topic) or "all"


def shown(value: Decimal | None) -> str:
    """Write a number in full, with commas: 134,069 or -0.5."""
    if value is None:
        return ""
    if value == value.to_integral_value():
        return f"{value.to_integral_value():,f}"
    return f"{value.normalize():,f}"


def half_a_unit(*values: Decimal) -> Decimal:
    """Give by how much rounding to the decimal places of the roughest may have moved a number."""
    return Decimal(5).scaleb(-1 - min(_places(value) for value in values))


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
