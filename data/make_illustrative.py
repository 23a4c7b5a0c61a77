"""Make the illustrative rows of the datasets, and write them beside the rows that stand there.

The monthly figures are made up, the same on every run, and agree exactly with every published figure.
Run it from anywhere: ``python data/make_illustrative.py``. A row of any other status is never changed,
and wins over an illustrative one of the same key.
"""

import calendar
import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from math import fsum, sqrt
from pathlib import Path
from random import Random

DATA = Path(__file__).parent
ILLUSTRATIVE = "illustrative"
AS_AT = "2020-06-30"
NOT_IN_KEY = ("value", "symbol", "status", "as_at")

Row = dict[str, str]

OFFENCES = (
    "all",
    "violence_with_injury",
    "violence_without_injury",
    "burglary_residential",
    "robbery_personal",
    "public_order",
)
BUSY_SUMMER = (0.96, 0.97, 0.99, 1.00, 1.03, 1.04, 1.05, 1.02, 1.00, 1.01, 0.99, 0.94)
DARK_EVENINGS = (1.06, 1.03, 1.00, 0.96, 0.94, 0.93, 0.94, 0.96, 0.99, 1.04, 1.09, 1.06)
SEASONS = {"burglary_residential": DARK_EVENINGS, "robbery_personal": DARK_EVENINGS}
"""Crime a day by month of the year, January first, where it is not the busy summer."""
LOCKDOWN = {date(2020, 3, 1): 0.92, date(2020, 4, 1): 0.77, date(2020, 5, 1): 0.90, date(2020, 6, 1): 1.00}
"""Share of the usual crime left by the restrictions that began on 23 March 2020."""

KNIFE_CRIME_QUARTERS = {
    date(2018, 7, 1): 296,
    date(2018, 10, 1): 309,
    date(2019, 1, 1): 303,
    date(2019, 7, 1): 331,
    date(2019, 10, 1): 306,
}
"""Made up: the quarters of which no total was published."""


def main(folder: Path = DATA) -> None:
    """Rewrite the datasets that have illustrative rows."""
    rewrite(folder / "recorded_crime.csv", recorded_crime)
    rewrite(folder / "knife_crime.csv", knife_crime)


def rewrite(path: Path, make: Callable[[Sequence[Row]], Iterable[Row]]) -> None:
    """Replace a dataset's illustrative rows by those that `make` gives, sorted by key."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        kept = [row for row in reader if row["status"] != ILLUSTRATIVE]

    def key(row: Row) -> tuple[str, ...]:
        return tuple(row[column] for column in columns if column not in NOT_IN_KEY)

    published = [row for row in kept if row["status"] == "published"]
    rows = {key(row): row for row in (*make(published), *kept)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[each] for each in sorted(rows))


def recorded_crime(published: Sequence[Row]) -> Iterator[Row]:
    """Make monthly counts from July 2017 to June 2020 for each offence of the report's table."""
    figures = {
        (row["offence"], row["statistic"], row["period_start"], row["period_end"]): int(row["value"])
        for row in published
    }
    for offence in OFFENCES:
        blocks = _recorded_crime_blocks(offence, figures)
        noise = Random(f"recorded crime, {offence}")
        season = SEASONS.get(offence, BUSY_SUMMER)
        levels = _levels(blocks)
        weights = {
            month: levels[month]
            * _days(month)
            * season[month.month - 1]
            * LOCKDOWN.get(month, 1)
            * _noise(noise, levels[month] * 30)
            for month in levels
        }
        for months, total in blocks:
            for month, count in zip(months, apportion(total, [weights[m] for m in months]), strict=True):
                key = {"source": "recorded-crime-dashboard", "area": "lancashire", "offence": offence}
                yield key | _monthly_count(month, count)


def knife_crime(published: Sequence[Row]) -> Iterator[Row]:
    """Make monthly counts from July 2018 to June 2020."""
    quarters = KNIFE_CRIME_QUARTERS | {
        date.fromisoformat(row["period_start"]): int(row["value"]) for row in published
    }
    noise = Random("knife crime")
    for start, total in sorted(quarters.items()):
        months = _months(start, 3)
        weights = [_days(month) * _noise(noise, total / 3) for month in months]
        for month, count in zip(months, apportion(total, weights), strict=True):
            yield {"source": "constabulary-analysts", "area": "lancashire"} | _monthly_count(month, count)


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Share out a total in proportion to weights, the units left over by largest remainder."""
    whole = fsum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda position: shares[position] - exact[position])
    for position in by_remainder[: total - sum(shares)]:
        shares[position] += 1
    return shares


def _recorded_crime_blocks(
    offence: str, figures: Mapping[tuple[str, str, str, str], int]
) -> list[tuple[list[date], int]]:
    """Months whose sum is given by published figures, and that sum."""
    year = ("2018-07-01", "2019-06-30")
    last_year = ("2019-07-01", "2020-06-30")
    quarter = ("2020-04-01", "2020-06-30")
    to_june_2019 = figures[offence, "count", *year]
    to_june_2020 = figures[offence, "count", *last_year]
    to_june_2018 = to_june_2019 - figures[offence, "change", *year]
    change = figures[offence, "change", *quarter]
    # Of the counts with which the published percentage agrees, the middle one.
    spring_2019 = round(100 * change / figures[offence, "percent_change", *quarter])
    spring_2020 = spring_2019 + change

    first_year = [(_months(date(2017, 7, 1), 12), to_june_2018)]
    to_march = figures.get((offence, "percent_change", "2019-04-01", "2020-03-31"))
    if to_march is not None:
        to_march_2020 = spring_2019 + to_june_2020 - spring_2020
        to_march_2019 = round(100 * to_march_2020 / (100 + to_march))
        spring_2018 = to_march_2019 - (to_june_2019 - spring_2019)
        first_year = [
            (_months(date(2017, 7, 1), 9), to_june_2018 - spring_2018),
            (_months(date(2018, 4, 1), 3), spring_2018),
        ]
    return [
        *first_year,
        (_months(date(2018, 7, 1), 9), to_june_2019 - spring_2019),
        (_months(date(2019, 4, 1), 3), spring_2019),
        (_months(date(2019, 7, 1), 9), to_june_2020 - spring_2020),
        (_months(date(2020, 4, 1), 3), spring_2020),
    ]


def _levels(blocks: Sequence[tuple[list[date], int]]) -> dict[date, float]:
    """Crime a day by month, on straight lines between the middles of the blocks.

    The last block does not count: the fall of spring 2020 was sudden, and `LOCKDOWN` gives its shape.
    """
    months = [month for block, _ in blocks for month in block]
    middles = [
        (months.index(block[len(block) // 2]), total / sum(_days(month) for month in block))
        for block, total in blocks[:-1]
    ]
    levels = {}
    for position, month in enumerate(months):
        levels[month] = middles[0][1] if position < middles[0][0] else middles[-1][1]
        for (left, low), (right, high) in pairwise(middles):
            if left <= position < right:
                levels[month] = low + (high - low) * (position - left) / (right - left)
    return levels


def _noise(random: Random, expected: float) -> float:
    """Give a factor about 1 that scatters as a count does, small counts more than large ones."""
    width = 0.05 + 1.5 / sqrt(expected)
    return 1 + width * (random.random() + random.random() - 1)


def _monthly_count(month: date, count: int) -> Row:
    return {
        "period_start": month.isoformat(),
        "period_end": month.replace(day=_days(month)).isoformat(),
        "statistic": "count",
        "value": str(count),
        "symbol": "",
        "status": ILLUSTRATIVE,
        "as_at": AS_AT,
    }


def _months(first: date, count: int) -> list[date]:
    months = range(first.month - 1, first.month - 1 + count)
    return [date(first.year + month // 12, month % 12 + 1, 1) for month in months]


def _days(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


if __name__ == "__main__":
    main()
