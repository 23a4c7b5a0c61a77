"""Counts that a published report does not print, but that follow from it or can be estimated.

A change in numbers and in per cent gives the count that it started from, where only one whole number fits. Of a
longer period, the quarters that nothing is known about are assumed to share evenly what the others leave.
"""

from __future__ import annotations

import math
from fractions import Fraction

from scrutiny.review.reconcile.figures import Entry, Ledger
from scrutiny.statistics import wording
from scrutiny.statistics.ledger import difference, total
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, add_months
from scrutiny.statistics.stated import BASES, CHANGE, PERCENT_CHANGE, Interval


def level(ledger: Ledger, fact: str, period: Period, near: int) -> Entry | None:
    """Give a fact's level in a period: printed, implied, or the sum of its quarters, some perhaps estimated."""
    if printed := ledger.level(fact, period, near):
        return printed
    if ledger.statistic(fact) != "count":
        return None
    return total(
        _implied(ledger, fact, part, near) or _estimated(ledger, fact, part, near) for part in period.quarters
    )


def _implied(ledger: Ledger, fact: str, quarter: Period, near: int) -> Entry | None:
    """Give a quarter's count, printed or implied by a change from or to it."""
    if printed := ledger.level(fact, quarter, near):
        return printed
    for base, months in BASES.items():
        if months is None:
            continue
        if made := _start(ledger, fact, quarter, base, near):
            return total([made, ledger.printed(fact, quarter, f"{CHANGE}{base}", near)])
        later = Period.of_months(add_months(quarter.end, months), MONTHS_OF_QUARTER)
        if made := _start(ledger, fact, later, base, near):
            return made
    return None


def _start(ledger: Ledger, fact: str, period: Period, base: str, near: int) -> Entry | None:
    """Give the only whole number that a change and its percentage can have started from."""
    change = ledger.printed(fact, period, f"{CHANGE}{base}", near)
    percent = ledger.printed(fact, period, f"{PERCENT_CHANGE}{base}", near)
    if change is None or percent is None or percent.interval.low <= 0 <= percent.interval.high:
        return None
    ends = sorted(100 * change.middle / end for end in (percent.interval.low, percent.interval.high))
    first, last = math.ceil(ends[0]), math.floor(ends[1])
    if first != last or first <= 0:
        return None
    text = wording.number(first)
    step = f"{change.text} / {percent.text}% = {text}".replace(wording.MINUS, "")
    sources = (*change.sources, *percent.sources)
    return Entry(Interval(Fraction(first), Fraction(first)), text, 0, sources, (step,))


def _estimated(ledger: Ledger, fact: str, quarter: Period, near: int) -> Entry | None:
    """Give an unknown quarter its even share of what is left of a printed year around it."""
    for shift in range(0, MONTHS_OF_YEAR, MONTHS_OF_QUARTER):
        year = Period.of_months(add_months(quarter.end, shift), MONTHS_OF_YEAR)
        whole = ledger.level(fact, year, near)
        if whole is None:
            continue
        parts = [_implied(ledger, fact, part, near) for part in year.quarters]
        known = total(filter(None, parts))
        unknown = parts.count(None)
        rest = difference(whole, known) if known else whole
        each = Interval(rest.interval.low / unknown, rest.interval.high / unknown)
        text = wording.number(rest.middle / unknown)
        steps = (*rest.steps, f"{rest.text} / {unknown} = {text}")
        return Entry(each, text, 0, rest.sources, steps, estimated=True)
    return None
