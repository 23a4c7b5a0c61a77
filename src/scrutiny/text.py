"""Texts as reports and terminals have them: on one line, line numbers in brief, JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable

_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d])")


def one_line(text: str) -> str:
    """Write a text on one line; no-break spaces stay."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", "\0").split()).replace("\0", "\N{NO-BREAK SPACE}")


def with_units(text: str) -> str:
    """Keep a figure and its unit, a day and its month on one line."""
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)


def ranges(numbers: Iterable[int]) -> str:
    """Write whole numbers in brief: "2, 5–7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def line_numbers(lines: Collection[int]) -> str:
    """Write which lines of a file are meant: "line 5", "lines 2, 5–7"."""
    return f"line{'s' if len(set(lines)) > 1 else ''} {ranges(lines)}"


def as_json(content: object, *, sort_keys: bool = False) -> str:
    """Write JSON for other programs and for readers: indented, not escaped, with a newline at its end."""
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n"
