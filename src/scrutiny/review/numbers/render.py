"""The judged numbers of a narrative as a summary, tables, lines and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from rich.table import Table

from scrutiny.errors import Problem
from scrutiny.review import render
from scrutiny.review.numbers.judge import Binding, JudgedNarrative, JudgedNumber
from scrutiny.statistics import wording


def view(quarter: str, judged: JudgedNarrative, *, every: bool) -> render.View:
    """Show numbers with their place and what they rest on; excluded ones only if asked, or in JSON."""
    listed = [one for one in judged.numbers if every or one.binding is not Binding.EXCLUDED]
    lines = (render.line(one.binding, f"{one.file}:{one.line}", one.text, _rests_on(one)) for one in listed)
    return render.View(lines, _tables(listed), lambda: _record(quarter, judged))


def summary(quarter: str, judged: JudgedNarrative) -> str:
    """Say how many numbers are bound, stated and loose."""
    total = sum(judged.counts.values())
    parts = (
        f"{count} {binding} ({wording.percent(_share(count, total), 1)})"
        for binding, count in judged.counts.items()
    )
    return f"{quarter}: {wording.counted(total, 'number')} in the narrative: {', '.join(parts)}"


def _tables(listed: Sequence[JudgedNumber]) -> Iterator[Table]:
    for file in dict.fromkeys(one.file for one in listed):
        rows = ((str(one.line), one.text, one.binding, _rests_on(one)) for one in listed if one.file == file)
        yield render.table(("Line", "Number", "Is", "Rests on"), rows, title=file)


def _share(count: int, total: int) -> Fraction:
    return Fraction(100 * count, total) if total else Fraction(0)


def _rests_on(one: JudgedNumber) -> str:
    match one.binding:
        case Binding.BOUND:
            return one.says
        case Binding.STATED:
            return f"{one.source}; {one.value} says {one.says}" if one.value else one.source
        case Binding.EXCLUDED:
            return f"{one.rule}: {one.says}" if one.says else one.rule
    return f"near {', '.join(value.name for value in one.near)}" if one.near else "typed"


def _record(quarter: str, judged: JudgedNarrative) -> dict[str, Any]:
    """Give all numbers and problems as docs/reference/json.md describes."""
    total = sum(judged.counts.values())
    return {
        "quarter": quarter,
        "counts": judged.counts,
        "shares": {binding: round(float(_share(count, total)), 1) for binding, count in judged.counts.items()},
        "numbers": [_record_of(one) for one in judged.numbers],
        "wrong": [_told(problem) for problem in judged.wrong],
        "asked": [_told(problem) for problem in judged.asked],
    }


def _told(problem: Problem) -> dict[str, Any]:
    place = problem.location
    return {
        "file": str(place.file) if place else None,
        "line": place.line if place else None,
        "key": place.column if place else None,
        "what": problem.message,
        "instead": problem.hint,
    }


def _record_of(one: JudgedNumber) -> dict[str, Any]:
    record: dict[str, Any] = {"file": one.file, "line": one.line, "text": one.text, "kind": one.binding}
    record |= {key: known for key in ("value", "says", "source", "rule") if (known := getattr(one, key))}
    if one.binding is Binding.LOOSE:
        record["near"] = [{"value": value.name, "says": value.text} for value in one.near]
    return record
