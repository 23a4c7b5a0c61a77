"""What an import would do, or did, told to people and to programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from scrutiny.errors import Problem
from scrutiny.importers.proposal import Change, Figure, Proposal, Revision, key_of

SHOWN = 20
"""So many figures, and so many refusals, of a dataset are told one by one."""
_DRAWN_ANEW = ("as_at",)


def as_lines(proposal: Proposal, written: Sequence[Path]) -> Iterator[str]:
    """Tell people what would change, or did.

    Parameters
    ----------
    written : sequence of Path
        The files that were replaced.
    """
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
    """Tell programs the same, with every figure and refusal."""
    content = {
        "written": [f"data/{path.name}" for path in written],
        "datasets": [_json(change) for change in proposal.changes],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _change_lines(change: Change) -> Iterator[str]:
    anew = [revision for revision in change.revised if _drawn_anew(revision)]
    revised = [revision for revision in change.revised if not _drawn_anew(revision)]
    counts = {
        "added": len(change.added),
        "revised": len(revised),
        "drawn anew": len(anew),
        "the same": len(change.same),
        "refused": len(change.refused),
    }
    shown = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing"
    yield f"{change.resource.name} (data/{change.resource.path}): {shown}"
    yield from _some([f"  added    {_figure(change, figure)}" for figure in change.added], "added")
    lines = [f"  revised  {_key(change, each.new)}: {_value(each.old)} -> {_value(each.new)}" for each in revised]
    yield from _some(lines, "revised")
    for (old, new), count in Counter((each.old["as_at"], each.new["as_at"]) for each in anew).items():
        yield f"  drawn anew, with the same value: {count:,}, as at {old} -> {new}"
    yield from (f"  note     {note}" for note in change.notes)
    yield from _some([f"  refused  {_indented(problem)}" for problem in change.refused], "refused")


def _some(lines: Sequence[str], what: str) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  … and {len(lines) - SHOWN:,} more {what}; --json lists all"


def _indented(problem: Problem) -> str:
    return str(problem).replace("\n", "\n       ")


def _drawn_anew(revision: Revision) -> bool:
    """Whether nothing is new but the day on which it was drawn."""
    return all(revision.old[name] == value for name, value in revision.new.items() if name not in _DRAWN_ANEW)


def _key(change: Change, figure: Figure) -> str:
    return " ".join(part for part in key_of(change.resource, figure) if part)


def _value(figure: Figure) -> str:
    symbol = f"[{figure['symbol']}]" if figure["symbol"] else ""
    return f"{' '.join(part for part in (figure['value'], symbol) if part)} ({figure['status']})"


def _figure(change: Change, figure: Figure) -> str:
    return f"{_key(change, figure)}: {_value(figure)}"


def _json(change: Change) -> dict[str, Any]:
    return {
        "name": change.resource.name,
        "added": [dict(figure) for figure in change.added],
        "revised": [{"old": dict(each.old), "new": dict(each.new)} for each in change.revised],
        "same": len(change.same),
        "refused": [
            {
                "file": str(problem.where.file) if problem.where else None,
                "row": problem.where.line if problem.where else None,
                "column": problem.where.column if problem.where else None,
                "what": problem.what,
                "instead": problem.instead,
            }
            for problem in change.refused
        ],
        "notes": list(change.notes),
    }
