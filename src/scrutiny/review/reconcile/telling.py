"""A reconciliation on a terminal, in a pipe and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from scrutiny.review.reconcile.coherence import Finding, held
from scrutiny.review.reconcile.grouping import groups
from scrutiny.review.reconcile.ours import Line
from scrutiny.review.reconcile.run import Reconciliation


def as_lines(found: Reconciliation) -> Iterator[str]:
    """Write it for other programs: a line each, with tabs between; first each figure, then what does not hold."""
    for line in found.lines:
        of = line.published
        yield "\t".join([line.verdict, str(of.line), of.place, of.printed, line.shown, line.why])
    for finding in found.contradictions:
        figure = finding.figure
        cells = [figure.place, figure.printed, finding.recomputed, "; ".join(finding.steps)]
        yield "\t".join([f"contradiction: {finding.check}", str(figure.line), *cells])


def as_tables(found: Reconciliation, *, whole: bool) -> Iterator[RenderableType]:
    """Tabulate what differs and what contradicts itself; if asked, each figure as well."""
    if whole:
        yield Text("\nLine by line", "bold")
        yield _lines(found.lines)
    if found.differing:
        yield Text("\nWhere ours differs", "bold")
        yield _lines(found.differing)
    if found.contradictions:
        yield Text("\nWhere the published report contradicts itself", "bold")
        table = _table("Lines", "Place", "Printed", "Recomputed", "Arithmetic")
        for group in groups(found):
            cells = (group.lines, group.place, group.printed, group.recomputed, group.arithmetic)
            table.add_row(*map(_plain, cells))
        yield table
    made, good = (sum(counts) for counts in zip(*held(found.findings).values(), strict=True))
    counts = ", ".join(f"{verdict}: {number:,}" for verdict, number in found.counts.items())
    yield Text(f"\n{len(found.lines):,} published figures; {counts}")
    yield Text(f"{made:,} recomputed from the published report alone: {good:,} hold, {made - good:,} do not")


def as_json(found: Reconciliation) -> str:
    """Write it as JSON: each figure, and each recomputation, what holds included."""
    content = {
        "quarter": found.quarter,
        "counts": {str(verdict): number for verdict, number in found.counts.items()},
        "lines": [_line(found, line) for line in found.lines],
        "findings": [_finding(found, finding) for finding in found.findings],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _line(found: Reconciliation, line: Line) -> dict[str, Any]:
    published = line.published
    return {
        "line": published.line,
        "place": published.place,
        "printed": published.printed,
        "fact": published.fact,
        "period": {"start": published.period.start.isoformat(), "end": published.period.end.isoformat()},
        "statistic": published.statistic,
        "ours": line.shown,
        "verdict": line.verdict,
        "why": line.why,
        "remark": found.remarks[line.id].ours if line.id in found.remarks else None,
    }


def _finding(found: Reconciliation, finding: Finding) -> dict[str, Any]:
    remark = None if finding.holds else found.remarks.get(finding.id)
    return {
        "id": finding.id,
        "check": finding.check,
        "holds": finding.holds,
        "lines": list(finding.lines),
        "place": finding.figure.place,
        "printed": finding.figure.printed,
        "recomputed": finding.recomputed,
        "arithmetic": list(finding.steps),
        "remark": remark.ours if remark else None,
    }


def _lines(lines: tuple[Line, ...]) -> Table:
    table = _table("Line", "Place", "Printed", "Ours", "Result")
    for line in lines:
        result = f"{line.verdict}: {line.why}" if line.why else line.verdict
        cells = (str(line.published.line), line.published.place, line.published.printed, line.shown, result)
        table.add_row(*map(_plain, cells))
    return table


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _plain(text: str) -> Text:
    """Show a text as typed: brackets are no markup."""
    return Text(text)
