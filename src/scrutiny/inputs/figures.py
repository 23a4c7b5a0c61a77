"""The rows of a dataset as figures: exact numbers, and what each is a figure of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pandas as pd

from scrutiny.inputs.datapackage import LINE, PUBLIC, Resource
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period
from scrutiny.statistics.provenance import Provenance, SourceRow
from scrutiny.statistics.stated import COUNTS

ILLUSTRATIVE = "illustrative"

Category = tuple[str, ...]
"""A row's values of `Resource.category_fields`."""
Key = TypeVar("Key", bound=Hashable)

_NOT_OF_THE_TOPIC = ("source", "period_start", "period_end", "statistic")


@dataclass(frozen=True)
class Figure:
    """A row of a dataset, by its position in the frame and its line of the file."""

    position: int
    line: int
    source: str
    topic: tuple[str, ...]
    """Its area, and what else of the key says what it measures."""
    category: Category
    """The part of the topic by which rows add up."""
    period: Period
    statistic: str
    value: Decimal | None
    """As written in the file."""
    symbol: str
    status: str
    as_at: date

    @property
    def is_count(self) -> bool:
        """Whether it is a number of people or events."""
        return self.statistic in COUNTS

    @property
    def published(self) -> bool:
        """Whether it is public already, and can no longer be hidden."""
        return self.status in PUBLIC

    @property
    def illustrative(self) -> bool:
        """Whether it is made up."""
        return self.status == ILLUSTRATIVE

    @property
    def is_real(self) -> bool:
        """Whether it has a value that is not made up."""
        return self.value is not None and not self.illustrative

    @property
    def amount(self) -> Decimal:
        """The value of a figure that has one; 0 of one that has none."""
        return self.value or Decimal(0)

    @property
    def provenance(self) -> Provenance:
        """What decides which of several figures a report shows; see `precedence`."""
        return Provenance.of_row(self.source, self.as_at, self.status, self.symbol, SourceRow("", self.line))

    @property
    def base(self) -> Period | None:
        """The period with which a change compares; None for a period that is not of whole months."""
        return self.period.earlier(MONTHS_OF_QUARTER if "_on_" in self.statistic else MONTHS_OF_YEAR)

    @property
    def series(self) -> tuple[str, tuple[str, ...], str]:
        """What it shares with the figures of other periods."""
        return self.source, self.topic, self.statistic

    @property
    def key(self) -> str:
        """Its key, for the digest of a question."""
        return json.dumps(self._key)

    @property
    def identity(self) -> str:
        """Key and value, for the digest of a question."""
        return json.dumps([*self._key, with_commas(self.value)])

    @property
    def _key(self) -> list[str]:
        start, end = self.period.start.isoformat(), self.period.end.isoformat()
        return [self.source, *self.topic, start, end, self.statistic]

    @property
    def name(self) -> str:
        """Such as "lancashire, crimes: count, July 2019 to June 2020"."""
        return f"{topic_name(self.topic)}: {self.statistic}, {self.period}"


def figures_of(resource: Resource, rows: pd.DataFrame) -> list[Figure]:
    """Give the figures of a dataset as `read_dataset` gives it, in the order of the file."""
    topic = [name for name in resource.table_schema.primary_key if name not in _NOT_OF_THE_TOPIC]
    category = [field.name for field in resource.category_fields]
    own = ["source", "period_start", "period_end", "statistic", "value", "symbol", "status", "as_at", LINE]
    columns = rows.astype(dict.fromkeys([*topic, *category], "str"))[[*own, *topic, *category]]
    return [
        Figure(
            position=position,
            line=int(line),
            source=source,
            topic=tuple(texts[: len(topic)]),
            category=tuple(texts[len(topic) :]),
            period=Period(start.date(), end.date()),
            statistic=statistic,
            # The shortest text of a float is what was written in the file.
            value=None if pd.isna(value) else Decimal(repr(float(value))),
            symbol=symbol,
            status=status,
            as_at=as_at.date(),
        )
        for position, (source, start, end, statistic, value, symbol, status, as_at, line, *texts) in enumerate(
            columns.itertuples(index=False, name=None)
        )
    ]


def rounding_of(resource: Resource, statistic: str, status: str) -> int:
    """Give the multiple to which disclosure control rounds a figure that is shown; 0 if it does not."""
    rule = resource.disclosure
    if not rule.rounds or status in (*PUBLIC, ILLUSTRATIVE):
        return 0
    if statistic in COUNTS or statistic.startswith("change"):
        return rule.rounding
    # With decimal places, a percentage would tell which counts it is of.
    return 1 if statistic.startswith(("percent", "point_change")) else 0


def grouped(figures: Iterable[Figure], key: Callable[[Figure], Key]) -> dict[Key, list[Figure]]:
    """Group figures, each group in the order of time."""
    groups: dict[Key, list[Figure]] = defaultdict(list)
    for figure in sorted(figures, key=lambda figure: figure.period):
        groups[key(figure)].append(figure)
    return dict(groups)


def topic_name(topic: Iterable[str]) -> str:
    """Name a topic on one line, whatever characters its cells have."""
    return ", ".join(text if text.isprintable() else repr(text) for text in topic) or "all"


def with_commas(value: Decimal | None) -> str:
    """Write a number in full, with commas: 134,069 or -0.5."""
    if value is None:
        return ""
    if value == value.to_integral_value():
        return f"{value.to_integral_value():,f}"
    return f"{value.normalize():,f}"


def half_a_unit(*values: Decimal) -> Decimal:
    """Give how far rounding to the decimal places of the coarsest may have moved a number."""
    return Decimal(5).scaleb(-1 - min(_places(value) for value in values))


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
