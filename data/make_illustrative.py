"""Make the illustrative rows of the datasets, and write them beside the rows that stand there.

The figures are made up, the same on every run, and agree exactly with every published figure.
Run it from anywhere: ``python data/make_illustrative.py``. A row of any other status is never changed,
and wins over an illustrative one of the same key.
"""

import calendar
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from math import fsum, sqrt
from pathlib import Path
from random import Random

DATA = Path(__file__).parent
ILLUSTRATIVE = "illustrative"
AS_AT = "2020-06-30"
NOT_IN_KEY = ("value", "symbol", "status", "as_at")

YEAR_BEFORE = ("2018-07-01", "2019-06-30")
YEAR = ("2019-07-01", "2020-06-30")
QUARTER = ("2020-04-01", "2020-06-30")
CALENDAR_YEAR = ("2019-01-01", "2019-12-31")

Row = dict[str, str]

OFFENCES = (
    "all",
    "violence_with_injury",
    "violence_without_injury",
    "burglary_residential",
    "robbery_personal",
    "public_order",
)
FLAT = (1.00,) * 12
BUSY_SUMMER = (0.96, 0.97, 0.99, 1.00, 1.03, 1.04, 1.05, 1.02, 1.00, 1.01, 0.99, 0.94)
DARK_EVENINGS = (1.06, 1.03, 1.00, 0.96, 0.94, 0.93, 0.94, 0.96, 0.99, 1.04, 1.09, 1.06)
PUBLIC_HOLIDAYS = (1.04, 0.93, 0.97, 1.00, 1.05, 0.97, 1.05, 1.07, 0.95, 0.96, 0.95, 1.10)
SEASONS = {"burglary_residential": DARK_EVENINGS, "robbery_personal": DARK_EVENINGS}
"""Crime a day by month of the year, January first, where it is not the busy summer."""
LOCKDOWN = {date(2020, 3, 1): 0.92, date(2020, 4, 1): 0.77, date(2020, 5, 1): 0.90, date(2020, 6, 1): 1.00}
"""Share of the usual number left by the restrictions that began on 23 March 2020."""

# Made up: totals of which none was published.
KNIFE_CRIME_QUARTERS = {
    date(2018, 7, 1): 296,
    date(2018, 10, 1): 309,
    date(2019, 1, 1): 303,
    date(2019, 7, 1): 331,
    date(2019, 10, 1): 306,
}
SEARCHES_2018 = 5_580
SEARCHES_2020 = ((1, 1, 820), (2, 3, 2_260), (5, 2, 1_780))
"""First month, months and searches: the number dropped slightly from February to April."""
INCIDENTS_BEFORE = ((date(2017, 7, 1), 12, 31_600), (date(2018, 7, 1), 9, 24_300))
INCIDENTS_SPRING_2019 = 7_800
INCIDENTS_AFTER = ((date(2019, 7, 1), 5, 13_300), (date(2019, 12, 1), 4, 12_300))
"""Domestic abuse incidents, raised since December 2019."""
RAPE_TO_JUNE_2018, RAPE_SPRING_2020 = 1_490, 283
MISSING_TO_JUNE_2018, MISSING_SPRING_2020 = 10_420, 1_930
RESPONDENTS = {
    "burglary": 1_200,
    "violent_crime": 1_300,
    "hate_crime": 600,
    "domestic_abuse": 1_000,
    "anti_social_behaviour": 1_200,
}
"""Victims surveyed in a year: hundreds, so that whole numbers of them give a whole percentage."""
GROUPS = {
    "sex": {"female": 0.55, "male": 0.45},
    "age": {"under_35": 0.29, "35_to_54": 0.38, "55_and_over": 0.33},
    "disability": {"disabled": 0.24, "not_disabled": 0.76},
    "ethnicity": {"asian_black_mixed_or_other": 0.16, "white": 0.84},
    "religion": {"no_religion": 0.39, "religion": 0.61},
    "sexual_orientation": {"heterosexual": 0.86, "lesbian_gay_bisexual_or_other": 0.14},
}
"""Shares of the groups among those surveyed, by characteristic."""


@dataclass(frozen=True)
class Block:
    """Consecutive months whose sum is given."""

    first: date
    length: int
    total: int

    @property
    def months(self) -> list[date]:
        """The first day of each."""
        months = range(self.first.month - 1, self.first.month - 1 + self.length)
        return [date(self.first.year + month // 12, month % 12 + 1, 1) for month in months]


@dataclass(frozen=True)
class Series:
    """Monthly counts.

    `key` holds source, area and topic; `season` is the usual number a day by month of the year; `impact`
    is the share of the usual number in single months. With `steps`, each block has a level of its own;
    otherwise the level lies on straight lines between the middles of the blocks but the last, whose fall
    or rise was sudden.
    """

    seed: str
    key: Row
    blocks: Sequence[Block]
    season: Sequence[float] = FLAT
    impact: Mapping[date, float] = field(default_factory=dict)
    steps: bool = False

    def rows(self) -> Iterator[Row]:
        """Make the rows, month by month, so that every block has its total."""
        noise = Random(self.seed)
        usual = self._usual()
        weights = {
            month: number
            * _days(month)
            * self.season[month.month - 1]
            * self.impact.get(month, 1)
            * _noise(noise, number)
            for month, number in usual.items()
        }
        for block in self.blocks:
            counts = apportion(block.total, [weights[month] for month in block.months])
            for month, count in zip(block.months, counts, strict=True):
                period = (month.isoformat(), month.replace(day=_days(month)).isoformat())
                yield self.key | _figure(period, "count", count)

    def _usual(self) -> dict[date, float]:
        """Give the number that a month of 30 days would have without season and impact."""
        if self.steps:
            return {month: block.total / block.length for block in self.blocks for month in block.months}
        months = [month for block in self.blocks for month in block.months]
        middles = [
            (
                months.index(block.months[block.length // 2]),
                block.total / sum(_days(month) for month in block.months),
            )
            for block in self.blocks[:-1]
        ]
        levels = {}
        for position, month in enumerate(months):
            levels[month] = middles[0][1] if position < middles[0][0] else middles[-1][1]
            for (left, low), (right, high) in pairwise(middles):
                if left <= position < right:
                    levels[month] = low + (high - low) * (position - left) / (right - left)
        return {month: level * 30 for month, level in levels.items()}


class Published:
    """The published figures of a dataset."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def get(self, period: tuple[str, str], statistic: str = "count", **topic: str) -> int | None:
        """Give a figure, or None if it was not published."""
        wanted = {"period_start": period[0], "period_end": period[1], "statistic": statistic, **topic}
        return next((int(row["value"]) for row in self.rows if wanted.items() <= row.items()), None)

    def __call__(self, period: tuple[str, str], statistic: str = "count", **topic: str) -> int:
        """Give a figure that was published."""
        value = self.get(period, statistic, **topic)
        if value is None:
            raise LookupError(f"no published {statistic} of {topic} for {' to '.join(period)}")
        return value


def main(folder: Path = DATA) -> None:
    """Rewrite the datasets that have illustrative rows."""
    for name, make in DATASETS.items():
        rewrite(folder / f"{name}.csv", make)


def rewrite(path: Path, make: Callable[[Published], Iterable[Row]]) -> None:
    """Replace a dataset's illustrative rows by those that `make` gives, sorted by key."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        kept = [row for row in reader if row["status"] != ILLUSTRATIVE]

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[column] for column in columns if column not in NOT_IN_KEY)

    published = Published([row for row in kept if row["status"] == "published"])
    rows = {key(row): row for row in (*make(published), *kept)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[each] for each in sorted(rows))


def recorded_crime(published: Published) -> Iterator[Row]:
    """Make monthly counts from July 2017 to June 2020 for each offence of the report's table."""
    for offence in OFFENCES:
        yield from Series(
            f"recorded crime, {offence}",
            _key("recorded-crime-dashboard", offence=offence),
            _recorded_crime_blocks(offence, published),
            season=SEASONS.get(offence, BUSY_SUMMER),
            impact=LOCKDOWN,
        ).rows()


def knife_crime(published: Published) -> Iterator[Row]:
    """Make monthly counts from July 2018 to June 2020."""
    quarters = KNIFE_CRIME_QUARTERS | {
        date.fromisoformat(row["period_start"]): int(row["value"]) for row in published.rows
    }
    blocks = [Block(start, 3, total) for start, total in sorted(quarters.items())]
    yield from Series("knife crime", _key("constabulary-analysts"), blocks, steps=True).rows()


def stop_and_search(published: Published) -> Iterator[Row]:
    """Make monthly searches from January 2018 to June 2020, those of 2020 above both years before."""
    blocks = [
        Block(date(2018, 1, 1), 12, SEARCHES_2018),
        Block(date(2019, 1, 1), 12, published(CALENDAR_YEAR, ethnic_group="all", counted="searches")),
        *(Block(date(2020, month, 1), length, total) for month, length, total in SEARCHES_2020),
    ]
    key = _key("constabulary-analysts", ethnic_group="all", counted="searches")
    yield from Series("stop and search", key, blocks, steps=True).rows()


def domestic_abuse(published: Published) -> Iterator[Row]:
    """Make monthly incidents from July 2017 to June 2020."""
    rise = published(QUARTER, "percent_change", counted="incidents")
    blocks = [
        *(Block(*block) for block in INCIDENTS_BEFORE),
        Block(date(2019, 4, 1), 3, INCIDENTS_SPRING_2019),
        *(Block(*block) for block in INCIDENTS_AFTER),
        Block(date(2020, 4, 1), 3, INCIDENTS_SPRING_2019 * (100 + rise) // 100),
    ]
    key = _key("constabulary-analysts", counted="incidents")
    yield from Series("domestic abuse", key, blocks, season=PUBLIC_HOLIDAYS, steps=True).rows()


def sexual_offences(published: Published) -> Iterator[Row]:
    """Make monthly rapes from July 2017 to June 2020."""
    key = _key("recorded-crime-dashboard", offence="rape")
    blocks = _three_years(published, RAPE_TO_JUNE_2018, RAPE_SPRING_2020, offence="rape")
    yield from Series("rapes by month", key, blocks, season=BUSY_SUMMER, impact=LOCKDOWN).rows()


def missing_persons(published: Published) -> Iterator[Row]:
    """Make monthly incidents from July 2017 to June 2020."""
    blocks = _three_years(published, MISSING_TO_JUNE_2018, MISSING_SPRING_2020)
    key = _key("responding-dashboard")
    yield from Series("missing persons", key, blocks, season=BUSY_SUMMER, impact=LOCKDOWN).rows()


def satisfaction(published: Published) -> Iterator[Row]:
    """Make respondents by characteristic, and those of them who were satisfied, for both years."""
    for period in (YEAR_BEFORE, YEAR):
        for survey, respondents in RESPONDENTS.items():
            satisfied = published(period, "percent", survey=survey) * respondents // 100
            noise = Random(f"satisfaction, {survey}, {period[1]}")
            for characteristic, shares in GROUPS.items():
                asked = apportion(respondents, [share * _noise(noise, respondents) for share in shares.values()])
                content = apportion(satisfied, [number * (1 + 0.04 * noise.random()) for number in asked])
                for group, *numbers in zip(shares, asked, content, strict=True):
                    key = _key("victim-surveys", survey=survey, characteristic=characteristic, group=group)
                    for statistic, number in zip(("respondents", "satisfied"), numbers, strict=True):
                        yield key | _figure(period, statistic, number)


DATASETS: Mapping[str, Callable[[Published], Iterable[Row]]] = {
    make.__name__: make
    for make in (
        recorded_crime,
        knife_crime,
        stop_and_search,
        domestic_abuse,
        sexual_offences,
        missing_persons,
        satisfaction,
    )
}
"""What makes the illustrative rows of a dataset from its published figures."""


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Share out a total in proportion to weights, the units left over by largest remainder."""
    whole = fsum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda position: shares[position] - exact[position])
    for position in by_remainder[: total - sum(shares)]:
        shares[position] += 1
    return shares


def _recorded_crime_blocks(offence: str, published: Published) -> list[Block]:
    """Give the sums that follow from the published figures of an offence."""
    to_june_2019 = published(YEAR_BEFORE, offence=offence)
    to_june_2020 = published(YEAR, offence=offence)
    to_june_2018 = to_june_2019 - published(YEAR_BEFORE, "change", offence=offence)
    change = published(QUARTER, "change", offence=offence)
    # Of the counts with which the published percentage agrees, the middle one.
    spring_2019 = round(100 * change / published(QUARTER, "percent_change", offence=offence))
    spring_2020 = spring_2019 + change

    first_year = [Block(date(2017, 7, 1), 12, to_june_2018)]
    to_march = published.get(("2019-04-01", "2020-03-31"), "percent_change", offence=offence)
    if to_march is not None:
        to_march_2020 = spring_2019 + to_june_2020 - spring_2020
        to_march_2019 = round(100 * to_march_2020 / (100 + to_march))
        spring_2018 = to_march_2019 - (to_june_2019 - spring_2019)
        first_year = [
            Block(date(2017, 7, 1), 9, to_june_2018 - spring_2018),
            Block(date(2018, 4, 1), 3, spring_2018),
        ]
    return [
        *first_year,
        Block(date(2018, 7, 1), 9, to_june_2019 - spring_2019),
        Block(date(2019, 4, 1), 3, spring_2019),
        Block(date(2019, 7, 1), 9, to_june_2020 - spring_2020),
        Block(date(2020, 4, 1), 3, spring_2020),
    ]


def _three_years(published: Published, to_june_2018: int, spring_2020: int, **topic: str) -> list[Block]:
    """Give the published sums of two years, the last one parted at the spring of 2020, and of one before."""
    return [
        Block(date(2017, 7, 1), 12, to_june_2018),
        Block(date(2018, 7, 1), 12, published(YEAR_BEFORE, **topic)),
        Block(date(2019, 7, 1), 9, published(YEAR, **topic) - spring_2020),
        Block(date(2020, 4, 1), 3, spring_2020),
    ]


def _noise(random: Random, expected: float) -> float:
    """Give a factor about 1 that scatters as a count does, small counts more than large ones."""
    width = 0.05 + 1.5 / sqrt(expected)
    return 1 + width * (random.random() + random.random() - 1)


def _key(source: str, **topic: str) -> Row:
    return {"source": source, "area": "lancashire", **topic}


def _figure(period: tuple[str, str], statistic: str, value: int) -> Row:
    return {
        "period_start": period[0],
        "period_end": period[1],
        "statistic": statistic,
        "value": str(value),
        "symbol": "",
        "status": ILLUSTRATIVE,
        "as_at": AS_AT,
    }


def _days(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


if __name__ == "__main__":
    main()
