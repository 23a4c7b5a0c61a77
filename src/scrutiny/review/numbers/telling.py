"""The judged numbers told to people and to other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from rich.table import Table
from rich.text import Text

from scrutiny.review.numbers.judging import Finding, Judged, Kind
from scrutiny.statistics import wording
from scrutiny.text import one_line


def summary(quarter: str, judged: Judged) -> str:
    """Say how many numbers there are, and the share of each kind."""
    total = sum(judged.counts.values())
    parts = ", ".join(f"{count} {kind} ({_share(count, total)})" for kind, count in judged.counts.items())
    return f"{quarter}: {total} {'number' if total == 1 else 'numbers'} in the narrative: {parts}"


def shown(judged: Judged, *, every: bool) -> list[Finding]:
    """Give the numbers that are listed: those that a rule leaves out only on request."""
    return [one for one in judged.findings if every or one.kind is not Kind.LEFT_OUT]


def as_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Write numbers for other programs: kind, place, number, what stands behind it, with tabs between."""
    for one in findings:
        yield "\t".join([one.kind, f"{one.file}:{one.line}", one_line(one.text), one_line(_behind(one))])


def as_tables(findings: Sequence[Finding]) -> Iterator[Table]:
    """Tabulate numbers, file by file."""
    for file in dict.fromkeys(one.file for one in findings):
        table = Table(box=None, title=Text(file), title_justify="left", padding=(0, 2, 0, 0))
        for heading in ("Line", "Number", "Is", "Behind it"):
            table.add_column(heading, justify="right" if heading == "Line" else "left", overflow="fold")
        for one in findings:
            if one.file == file:
                cells = (str(one.line), one_line(one.text), str(one.kind), one_line(_behind(one)))
                table.add_row(*map(Text, cells))
        yield table


def as_json(quarter: str, judged: Judged) -> str:
    """Write all for other programs; the form stands in docs/numbers.md."""
    total = sum(judged.counts.values())
    content = {
        "quarter": quarter,
        "counts": {str(kind): count for kind, count in judged.counts.items()},
        "shares": {
            str(kind): round(100 * count / total, 1) if total else 0.0 for kind, count in judged.counts.items()
        },
        "numbers": [_record(one) for one in judged.findings],
        "wrong": [
            {
                "file": str(problem.where.file) if problem.where else None,
                "line": problem.where.line if problem.where else None,
                "key": problem.where.column if problem.where else None,
                "what": problem.what,
                "instead": problem.instead,
            }
            for problem in judged.wrong
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _share(count: int, total: int) -> str:
    return wording.percent(Fraction(100 * count, total), 1) if total else wording.percent(0, 1)


def _behind(one: Finding) -> str:
    match one.kind:
        case Kind.BOUND:
            return one.says
        case Kind.STATED:
            return f"{one.source}; {one.value} says {one.says}" if one.value else one.source
        case Kind.LEFT_OUT:
            return f"{one.rule}: {one.says}" if one.says else one.rule
    return f"near {', '.join(value.name for value in one.near)}" if one.near else "typed"


def _record(one: Finding) -> dict[str, Any]:
    record = {"file": one.file, "line": one.line, "text": one.text, "kind": str(one.kind)}
    record |= {key: told for key in ("value", "says", "source", "rule") if (told := getattr(one, key))}
    if one.kind is Kind.LOOSE:
        record["near"] = [{"value": value.name, "says": value.text} for value in one.near]
    return record
