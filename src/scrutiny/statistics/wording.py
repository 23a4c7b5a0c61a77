"""How numbers and changes are written: U+2212 for minus, thousands commas, direction in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from scrutiny.statistics.arithmetic import (
    Number,
    change,
    exact,
    percent_change,
    percentage_points,
    round_half_away,
)

MINUS = "\N{MINUS SIGN}"
TIMES = {"minutes": "min", "seconds": "sec"}
"""Statistics that are a length of time, and their unit; of their change the percentage says little."""


class Direction(StrEnum):
    """Which way a figure went, judged before any rounding."""

    INCREASE = "Increase"
    DECREASE = "Decrease"
    NO_CHANGE = "No change"


def direction(changed_by: Number) -> Direction:
    """Name the direction of an unrounded change."""
    if changed_by == 0:
        return Direction.NO_CHANGE
    return Direction.INCREASE if changed_by > 0 else Direction.DECREASE


def number(figure: Number, places: int = 0) -> str:
    """Write a figure: "159,838", "−0.1"."""
    return f"{round_half_away(figure, places):,}".replace("-", MINUS)


def signed(figure: Number, places: int = 0) -> str:
    """Write a change with its sign: "+22,833", "−25,769", "0"."""
    rounded = round_half_away(figure, places)
    return ("+" if rounded > 0 else "") + number(figure, places)


def percent(figure: Number, places: int = 0) -> str:
    """Write a percentage: "16%"."""
    return f"{number(figure, places)}%"


def signed_percent(figure: Number, places: int = 0) -> str:
    """Write a percentage change: "−16%".

    One that would round to nothing gets as many places as it takes to be seen: "−0.3%", for "0%" would
    say that nothing changed.
    """
    return f"{signed(figure, visible_places(figure, places))}%"


def visible_places(figure: Number, places: int) -> int:
    """Give the decimal places that a change needs not to be written as nothing."""
    while figure != 0 and round_half_away(figure, places) == 0:
        places += 1
    return places


def amount(figure: Number, statistic: str, places: int = 0) -> str:
    """Write a figure with its unit: "134,069", "76.2%", "10.2 min", "£27.2m"."""
    text = number(abs(exact(figure)) if statistic == "gbp_million" else figure, places)
    if statistic == "gbp_million":
        return f"{MINUS if figure < 0 else ''}£{text}m"
    if statistic == "percent":
        return f"{text}%"
    return f"{text} {TIMES[statistic]}" if statistic in TIMES else text


def signed_amount(figure: Number, statistic: str, places: int = 0) -> str:
    """Write a change with sign and unit: "−25,769", "+1.0 pp", "−0.1 min", "−£0.6m"."""
    if statistic == "percent":
        return points(figure, places)
    return ("+" if round_half_away(figure, places) > 0 else "") + amount(figure, statistic, places)


def points(figure: Number, places: int = 1) -> str:
    """Write a change between two percentages: "+1.0 pp"."""
    return f"{signed(figure, places)} pp"


def listed(parts: Sequence[str]) -> str:
    """Write a list as running text does: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def describe_change(before: Number, after: Number, *, statistic: str = "count", places: int = 0) -> str:
    """Tell a change in brief, direction first.

    Parameters
    ----------
    statistic : str
        What the two are; the change of a ``percent`` is in percentage points, that of a time in its unit.
    places : int
        Decimal places of the difference.

    Returns
    -------
    str
        "Decrease (−16%, −25,769)"; "Increase (+5)" from zero; "Increase (+1.0 pp)"; "Decrease (−0.1 min)";
        "No change".
    """
    if statistic == "percent":
        return describe_supplied_change(percentage_points(before, after), None, statistic=statistic)
    percentage = None if statistic in TIMES else percent_change(before, after)
    return describe_supplied_change(change(before, after), percentage, statistic=statistic, places=places)


def describe_supplied_change(
    changed_by: Number | None, percentage: Number | None, *, statistic: str = "count", places: int = 0
) -> str:
    """Tell a change that is known as such, of which one of the two numbers may be missing.

    Raises
    ------
    ValueError
        If both are missing.
    """
    leading = changed_by if changed_by is not None else percentage
    if leading is None:
        raise ValueError("there is no change to describe")
    told = direction(leading)
    if told is Direction.NO_CHANGE:
        return str(told)
    numbers = [signed_percent(percentage)] if percentage is not None else []
    if changed_by is not None:
        places = visible_places(changed_by, 1 if statistic == "percent" else places)
        numbers.append(signed_amount(changed_by, statistic, places))
    return f"{told} ({', '.join(numbers)})"
