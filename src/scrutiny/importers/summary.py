"""What an import would do, or did, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scrutiny.errors import Problem
from scrutiny.importers.proposal import CsvRow, DatasetChange, Proposal, Revision, key_of
from scrutiny.text import as_json as json_text

SHOWN = 20
"""How many rows, and how many refusals, of a dataset are listed."""


def as_lines(proposal: Proposal, written: Sequence[Path]) -> Iterator[str]:
    """Describe to people what would change, or what did in the files `written`."""
    for change in proposal.changes:
        yield from _change_lines(change)
    if written:
        yield f"written: {', '.join(f'data/{path.name}' for path in written)}"
    elif any(change.changes for change in proposal.changes):
        refused = ", and --without-refused to write the others" if proposal.refused else ""
        yield f"nothing is written; add --yes to write{refused}"
    else:
        yield "nothing to write"


def as_json(proposal: Proposal, written: Sequence[Path]) -> str:
    """Describe the same to programs, with every row and refusal."""
    return json_text(
        {
            "written": [f"data/{path.name}" for path in written],
            "datasets": [_json(change) for change in proposal.changes],
        }
    )


def _change_lines(change: DatasetChange) -> Iterator[str]:
    redrawn = [revision for revision in change.revised if _is_redrawn(revision)]
    revised = [revision for revision in change.revised if not _is_redrawn(revision)]
    counts = {
        "added": len(change.added),
        "revised": len(revised),
        "redrawn": len(redrawn),
        "unchanged": len(change.same),
        "refused": len(change.refused),
    }
    shown = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing"
    yield f"{change.resource.name} (data/{change.resource.path}): {shown}"
    yield from _first([f"  added    {_key(change, row)}: {_value(row)}" for row in change.added], "added")
    lines = [f"  revised  {_key(change, each.new)}: {_value(each.old)} -> {_value(each.new)}" for each in revised]
    yield from _first(lines, "revised")
    for (old, new), count in Counter((each.old["as_at"], each.new["as_at"]) for each in redrawn).items():
        yield f"  redrawn with the same value: {count:,}, as at {old} -> {new}"
    asked = (
        f"  asked    {question.what}\n       expected: {question.expected}; check asks it as {question.id}"
        for question in change.questions
    )
    yield from _first(list(asked), "asked")
    yield from (f"  note     {note}" for note in change.notes)
    refused = (str(problem).replace("\n", "\n       ") for problem in change.refused)
    yield from _first([f"  refused  {problem}" for problem in refused], "refused")


def _first(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN:,} more {what}; --json lists all"


def _is_redrawn(revision: Revision) -> bool:
    """Whether nothing is new but the day on which it was drawn."""
    return all(revision.old[name] == value for name, value in revision.new.items() if name != "as_at")


def _key(change: DatasetChange, row: CsvRow) -> str:
    return " ".join(part for part in key_of(change.resource, row) if part)


def _value(row: CsvRow) -> str:
    symbol = f"[{row['symbol']}]" if row["symbol"] else ""
    return f"{' '.join(part for part in (row['value'], symbol) if part)} ({row['status']})"


def _json(change: DatasetChange) -> dict[str, Any]:
    return {
        "name": change.resource.name,
        "added": [dict(row) for row in change.added],
        "revised": [{"old": dict(each.old), "new": dict(each.new)} for each in change.revised],
        "same": len(change.same),
        "refused": [_refusal(problem) for problem in change.refused],
        "questions": [
            {"id": question.id, "what": question.what, "expected": question.expected}
            for question in change.questions
        ],
        "notes": list(change.notes),
    }


def _refusal(problem: Problem) -> dict[str, Any]:
    where = problem.location
    return {
        "file": str(where.file) if where else None,
        "row": where.line if where else None,
        "column": where.column if where else None,
        "what": problem.message,
        "instead": problem.hint,
    }
