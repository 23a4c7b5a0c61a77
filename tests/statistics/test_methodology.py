"""The tables of docs/explanation/methodology.md, run row by row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from scrutiny.analysis.judgement import judge
from scrutiny.analysis.report import Months, ReportedMeasure, from_first_figure
from scrutiny.inputs.dataset import Dataset
from scrutiny.inputs.measures import Measure
from scrutiny.inputs.project import Project
from scrutiny.statistics import wording
from scrutiny.statistics.arithmetic import (
    change,
    exact,
    percent_change,
    round_half_away,
    share,
)
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.control_chart import Limits, signals, xmr
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum
from scrutiny.statistics.periods import Period, Quarter

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "methodology.md"


def number(cell: str) -> Decimal | None:
    return None if cell == "none" else Decimal(cell.replace("−", "-").replace(",", "").rstrip("%"))


def series(cell: str) -> list[float | None]:
    return [None if point == "·" else float(point) for point in cell.split()]


def two_places(value: float) -> str:
    return wording.number(value, 2)


def limits_of(cell: str) -> list[str]:
    limits = xmr(series(cell))
    return [two_places(value) for value in (limits.mean, limits.lower, limits.upper)] if limits else ["none"] * 3


def signals_in(cell: str) -> str:
    told = []
    for signal in signals(series(cell), Limits(mean=10, mean_moving_range=1)):
        points = [point + 1 for point in signal.points]
        in_a_row = signal.rule.value in ("shift", "trend")
        where = f"{points[0]}–{points[-1]}" if in_a_row else ", ".join(map(str, points))
        told.append(f"{signal.rule.value} {signal.side} {where}")
    return "; ".join(told) or "none"


def shown(value, write) -> str:
    return "none" if value is None else write(value)


@dataclass
class Measured:
    """A measure with its two figures and its months, in the place of one that reads them from a dataset."""

    measure: Measure
    before: Datum
    after: Datum
    points: list[float | None]

    def comparison(self, window: str) -> Comparison:
        return Comparison.computed(self.before, self.after, self.measure.statistic)

    def figure(self, window: str) -> Datum:
        return self.after

    def by_month(self) -> Months:
        months = Period.of_months(date(2020, 6, 30), len(self.points)).months
        figures = [datum(None if point is None else exact(point)) for point in self.points]
        return from_first_figure(zip(months, figures, strict=True))


def datum(number) -> Datum:
    return NOT_SUPPLIED if number is None else Datum(exact(number))


def judged(polarity: str, statistic: str, before: str, after: str, months: str) -> list[str]:
    measure = Measure(
        title="A measure", definition="All of it.", unit="offences", polarity=polarity, statistic=statistic,
        dataset="a", where={}, source="a", allowed_lag_months=1,
    )  # fmt: skip
    points = [] if months == "none" else series(months)
    found = judge(Measured(measure, datum(number(before)), datum(number(after)), points))
    return [found.standing.value, found.why]


def figures(*rows: tuple[str, str, float, str]) -> Dataset:
    """Give a dataset with a row for each period, statistic, value, and words for its status; none if absent."""
    resource = Project(PAGE.parents[2]).datapackage.resource("knife_crime")
    frame = pd.DataFrame(
        [
            {
                "source": resource.source_names[0], "area": "lancashire", "statistic": statistic, "value": value,
                "period_start": f"{year}-{first}-01", "period_end": f"{year}-{last}",
                "symbol": "r" if "[r]" in words else "", "status": words.partition(" ")[0].rstrip(","),
                "as_at": "2020-06-30" if "earlier" in words else "2020-07-31" if words == "published" else "2020-10-05",
            }
            for period, statistic, value, words in rows
            for year, first, last in [period.split()]
            if words != "absent"
        ],
        columns=["source", "area", "statistic", "value", "period_start", "period_end", "symbol", "status", "as_at"],
    ).assign(line=lambda given: range(2, len(given) + 2))  # fmt: skip
    return Dataset(
        resource, frame.astype(dict.fromkeys(["period_start", "period_end", "as_at"], "datetime64[ns]"))
    )


def shown_of(what: str, parts: str, given: str) -> str:
    """Say which of two figures of a quarter a report shows, with parts that would give another than is given."""
    one, other, *_ = parts.split(" + ") * 2
    before, quarter, may = "2019 04 06-30", "2020 04 06-30", "2020 05 05-31"
    rows = {
        "change": [(before, "count", 100, one), (quarter, "count", 90, other), (quarter, "percent_change", -20, given)],
        "share": [(quarter, "percent", 20, given)],
        "total": [
            ("2020 04 04-30", "count", 2, one), (may, "count", 3, other), ("2020 06 06-30", "count", 5, one),
            (quarter, "count", 20, given),
        ],
    }  # fmt: skip
    settings = {
        "title": "A measure", "definition": "All of it.", "unit": "offences", "polarity": "lower", "where": {},
        "dataset": "a", "source": "a", "allowed_lag_months": 1,
    }  # fmt: skip
    quarter_1 = Quarter(2020, 1)
    ratio = tuple(
        (ReportedMeasure("a.b", Measure(**settings), quarter_1, figures((quarter, "count", value, words))),)
        for value, words in ((1, one), (10, other))
    )
    statistic = "percent" if what == "share" else "count"
    measure = ReportedMeasure(
        "a.a", Measure(**settings, statistic=statistic), quarter_1, figures(*rows[what]),
        ratio=ratio if what == "share" else (),
    )  # fmt: skip
    shown = measure.comparison("quarter").percent_change if what == "change" else measure.figure("quarter")
    assert abs(shown.number) in (10, 20)
    if not {one, given} & {"absent", "illustrative"} and not (what == "change" and abs(shown.number) == 10):
        assert f"would give{':' * (what == 'change')} " in shown.formula
    return "from its parts" if abs(shown.number) == 10 else "as given"


RUN: dict[str, Callable[..., list[str]]] = {
    "round_half_away": lambda n, places, _: [n, places, wording.number(round_half_away(number(n), int(places)), int(places)).replace(",", "")],
    "share": lambda part, whole, _: [part, whole, shown(share(number(part), number(whole)), lambda value: wording.percent(value, 1))],
    "percent_change": lambda before, after, _: [before, after, shown(percent_change(number(before), number(after)), wording.signed_percent)],
    "percentage_points": lambda before, after, _: [before, after, wording.signed_amount(change(number(before), number(after)), 'percent', 1)],
    "describe_change": lambda before, after, statistic, _: [before, after, statistic, Comparison.computed(datum(number(before)), datum(number(after)), statistic).in_brief],
    "describe_supplied_change": lambda change, percentage, _: [change, percentage, wording.describe_change(number(change), number(percentage))],
    "xmr": lambda points, *_: [points, *limits_of(points)],
    "judge": lambda *cells: [*cells[:5], *judged(*cells[:5])],
    "precedence": lambda what, parts, given, _: [what, parts, given, shown_of(what, parts, given)],
    "signals": lambda points, _: [points, signals_in(points)],
}  # fmt: skip


def rows_of_the_page() -> Iterator[tuple[str, list[str]]]:
    section = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"##.*\{#(\w+)\}", line):
            section, position = heading[1], 0
        elif line.startswith("|"):
            position += 1
            if position > 2:  # after the head and its rule
                yield section, [cell.strip() for cell in line.strip("|").split("|")]


ROWS = list(rows_of_the_page())


def test_each_section_has_a_table_that_is_run():
    assert {section for section, _ in ROWS} == set(RUN)
    assert len(ROWS) > 50


@pytest.mark.parametrize(
    ("section", "cells"), ROWS, ids=[f"{section}: {' | '.join(cells)}" for section, cells in ROWS]
)
def test_row(section, cells):
    assert RUN[section](*cells) == cells
