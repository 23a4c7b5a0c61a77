"""What differs between two reports, as lines, as tables for a terminal, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from scrutiny.review.diff.amounts import Figure
from scrutiny.review.diff.changes import Change, Difference, Kind, Part, State, counted
from scrutiny.review.diff.words import pieces
from scrutiny.statistics import csv_text
from scrutiny.text import one_line

_DELETE = "\x7f"
NOTHING = "—"
"""Stands where a side has no such thing."""
_GONE, _NEW = "red", "green"
SAME = "Values, tables, figures and narrative are the same."


def summary(difference: Difference) -> list[str]:
    """Say what is compared, how the two were made where that differs, and how much differs, a line or two each."""
    before, after = difference.before, difference.after
    lines = [f"A: {visible(before.name)} ({before.quarter})  B: {visible(after.name)} ({after.quarter})"]
    if difference.facts:
        facts = [f"{name} {short(one)} → {short(other)}" for name, one, other in difference.facts]
        lines.append(f"Made otherwise: {'; '.join(map(visible, facts))}")
    told = counted(difference.changes)
    return [*lines, f"Different: {told}." if told else SAME]


def as_lines(difference: Difference) -> Iterator[str]:
    """Write what differs for other programs: a line each, with tabs between.

    State, kind, section, name, where, what A and B say, difference, per cent.
    """
    for name, one, other in difference.facts:
        yield _line("changed", "fact", "", name, "", one, other, "", "")
    for part in difference.parts:
        for change in part.changes:
            amount, (before, after) = change.amount, change.told
            yield _line(
                change.state,
                change.kind,
                part.file,
                change.name,
                change.where,
                before or "",
                after or "",
                csv_text.number(amount.difference) if amount else "",
                csv_text.number(amount.percent) if amount and amount.percent is not None else "",
            )


def as_tables(difference: Difference) -> Iterator[RenderableType]:
    """Tabulate what differs, by section of the report."""
    for part in difference.parts:
        yield Text.assemble("\n", (visible(part.title), "bold"), (f"  {part.file}", "dim"))
        yield from _tables_of(part)


def as_json(difference: Difference) -> str:
    """Write all that differs as JSON; numbers are exact, as text: ``"-25769"``, ``"100/3"``."""
    content: dict[str, Any] = {
        "a": {"name": difference.before.name, "quarter": difference.before.quarter},
        "b": {"name": difference.after.name, "quarter": difference.after.quarter},
        "facts": [{"name": name, "a": one, "b": other} for name, one, other in difference.facts],
        "changes": [_record(part, change) for part in difference.parts for change in part.changes],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def visible(text: str) -> str:
    """Write a text on one line; a control character becomes its picture, so that a terminal does not obey it."""
    return "".join(
        chr(0x2400 + ord(sign)) if sign < " " else "\N{SYMBOL FOR DELETE}" if sign == _DELETE else sign
        for sign in one_line(text)
        if not "\x80" <= sign < "\xa0"
    )


def short(fact: str) -> str:
    """Shorten a commit's hash."""
    first, *rest = fact.split(" ")
    is_hash = len(first) == 40 and set(first) <= set("0123456789abcdef")
    return " ".join([first[:10] if is_hash else first, *rest])


def _tables_of(part: Part) -> Iterator[RenderableType]:
    figures = _table("", "A", "B", "By")
    for change in part.changes:
        if change.kind is Kind.NARRATIVE:
            yield _in_words(change)
            continue
        where = f"\n{visible(change.where)}" if change.where else ""
        head = Text.assemble(visible(change.name), (where, "dim"))
        figures.add_row(head, *map(_cell, change.told), Text(by(change)))
    if figures.row_count:
        yield figures


def by(change: Change) -> str:
    """Say by how much something changed, or that only one side has it."""
    if change.state is not State.CHANGED:
        return str(change.state)
    return str(change.amount or "")


def _cell(text: str | None) -> Text:
    return Text(NOTHING if text is None else visible(text))


def _in_words(change: Change) -> Padding:
    """Write a paragraph with what is gone in [-…-] and what is new in {+…+}, as git does."""
    told: list[tuple[str, str]] = []
    for piece in pieces(change.before or "", change.after or ""):
        if piece.same:
            told.append((visible(piece.before), ""))
            continue
        if piece.before:
            told.append((f"[-{visible(piece.before)}-]", _GONE))
        if piece.after:
            told.append((f"{{+{visible(piece.after)}+}}", _NEW))
    return Padding(Text(" ").join(Text(text, style) for text, style in told), (0, 2, 1, 2))


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def _line(*cells: str) -> str:
    return "\t".join(visible(cell) for cell in cells)


def _record(part: Part, change: Change) -> dict[str, Any]:
    amount = change.amount
    return {
        "state": change.state,
        "kind": change.kind,
        "section": part.file,
        "name": change.name,
        "where": change.where,
        "a": change.before,
        "b": change.after,
        "numbers": [_exact(figure) for figure in change.figures],
        "difference": str(amount.difference) if amount else None,
        "percent": str(amount.percent) if amount and amount.percent is not None else None,
        "unit": amount.unit if amount else None,
    }


def _exact(figure: Figure | None) -> str | None:
    return str(figure.number) if figure else None
