"""How numbers and changes are written: U+2212 for minus, thousands commas, direction in words."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from scrutiny.statistics.arithmetic import Number, exact, round_half_away

MINUS = "\N{MINUS SIGN}"
TIMES = {"minutes": "min", "seconds": "sec"}
"""Statistics that are durations, and their units; the percentage of their change says little."""


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
    """Write a percentage change, with enough places not to be "0%": "−16%", "−0.3%"."""
    return f"{signed(figure, visible_places(figure, places))}%"


def visible_places(figure: Number, places: int) -> int:
    """Give the decimal places, at least so many, with which a change does not round to 0."""
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
        return f"{signed(figure, places)} pp"
    return ("+" if round_half_away(figure, places) > 0 else "") + amount(figure, statistic, places)


def listed(parts: Sequence[str]) -> str:
    """Write a list as running text does: "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def in_words(count: int) -> str:
    """Write a number up to ten as a word, as running text does."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)


def counted(count: int, noun: str) -> str:
    """Write a number with its noun: "1 month", "3 months"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def unbroken(text: str) -> str:
    """Keep a text on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def describe_change(
    changed_by: Number | None, percentage: Number | None, *, statistic: str = "count", places: int = 0
) -> str:
    """Describe a change in brief, by its difference, its percentage, or both; ValueError if both are missing.

    Parameters
    ----------
    changed_by : Number or None
        The difference; for a ``percent`` in percentage points.
    percentage : Number or None
        The change in per cent.

    Returns
    -------
    str
        "Decrease (−16%, −25,769)"; "Increase (+1.0 pp)"; "Decrease (−0.1 min)"; "No change".
    """
    leading = changed_by if changed_by is not None else percentage
    if leading is None:
        raise ValueError("there is no change to describe")
    went = direction(leading)
    if went is Direction.NO_CHANGE:
        return str(went)
    numbers = [signed_percent(percentage)] if percentage is not None else []
    if changed_by is not None:
        places = visible_places(changed_by, places)
        numbers.append(signed_amount(changed_by, statistic, places))
    return f"{went} ({', '.join(numbers)})"
