"""What changed between two reports, as lines, tables, JSON, and a page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from scrutiny.review import render
from scrutiny.review.compare import compare_words
from scrutiny.review.diff.changes import ChangedSection, ChangeKind, ReportChange, ReportDiff, count_changes
from scrutiny.review.render import Html, View, html, html_page, html_table
from scrutiny.statistics import csv_text
from scrutiny.text import one_line, visible

NOTHING = "—"
SAME = "Values, tables, figures and narrative are the same."
_GENERATOR = "scrutiny diff"
MARK = f'content="{_GENERATOR}"'
"""Marks a page as one that may be overwritten."""
_GONE, _NEW = "red", "green"
_GROUPS = {
    ChangeKind.NARRATIVE: "Narrative",
    ChangeKind.VALUE: "Values",
    ChangeKind.TABLE: "Table",
    ChangeKind.FIGURE: "Figure",
}


def view(found: ReportDiff) -> View:
    """Show what changed."""
    return View(as_lines(found), as_tables(found), lambda: as_record(found))


def summary(found: ReportDiff) -> list[str]:
    """Say what was compared, how differently it was made, and how much changed."""
    before, after = found.before, found.after
    lines = [f"A: {_visible(before.name)} ({before.quarter})  B: {_visible(after.name)} ({after.quarter})"]
    if found.facts:
        facts = "; ".join(f"{name} {_short(one)} → {_short(other)}" for name, one, other in found.facts)
        lines.append(f"Made otherwise: {_visible(facts)}")
    changes = count_changes(found.changes)
    return [*lines, f"Different: {changes}." if changes else SAME]


def as_lines(found: ReportDiff) -> Iterator[str]:
    """Write state, kind, section, name, where, what A and B say, difference and per cent of each change."""
    for name, one, other in found.facts:
        yield render.line("changed", "fact", "", name, "", one, other, "", "")
    for section in found.sections:
        for change in section.changes:
            by, (before, after) = change.amount, change.texts
            yield render.line(
                change.state, change.kind, section.file, change.name, change.where, before or "", after or "",
                csv_text.number(by.difference) if by else "",
                csv_text.number(by.percent) if by and by.percent is not None else "",
            )  # fmt: skip


def as_tables(found: ReportDiff) -> Iterator[RenderableType]:
    """Tabulate what changed by section of the report, below the summary."""
    yield Text("\n".join(summary(found)))
    for section in found.sections:
        yield Text.assemble("\n", (_visible(section.title), "bold"), (f"  {section.file}", "dim"))
        rows: list[tuple[str | Text, ...]] = []
        for change in section.changes:
            if change.kind is ChangeKind.NARRATIVE:
                yield _marked_words(change)
                continue
            where = f"\n{_visible(change.where)}" if change.where else ""
            head = Text.assemble(_visible(change.name), (where, "dim"))
            rows.append((head, *(NOTHING if text is None else text for text in change.texts), change.by))
        if rows:
            yield Padding(render.table(("", "A", "B", "By"), rows), (0, 0, 0, 2))


def _marked_words(change: ReportChange) -> Padding:
    """Show a paragraph with what is gone in [-…-] and what is new in {+…+}, as git does."""
    marked: list[tuple[str, str]] = []
    for before, after in compare_words(change.before or "", change.after or ""):
        if before == after:
            marked.append((_visible(before), ""))
            continue
        if before:
            marked.append((f"[-{_visible(before)}-]", _GONE))
        if after:
            marked.append((f"{{+{_visible(after)}+}}", _NEW))
    return Padding(Text(" ").join(Text(text, style) for text, style in marked), (0, 2, 1, 2))


def as_record(found: ReportDiff) -> dict[str, Any]:
    """Give the content of the JSON; numbers are exact, as text: ``"-25769"``, ``"100/3"``."""
    return {
        "a": {"name": found.before.name, "quarter": found.before.quarter},
        "b": {"name": found.after.name, "quarter": found.after.quarter},
        "facts": [{"name": name, "a": one, "b": other} for name, one, other in found.facts],
        "changes": [change.as_record(section.file) for section in found.sections for change in section.changes],
    }


def as_page(found: ReportDiff) -> str:
    """Write what changed as a page."""
    title = f"What changed: {_visible(found.before.name)} to {_visible(found.after.name)}"
    return html_page(title, _body(found), generator=_GENERATOR)


def _body(found: ReportDiff) -> Iterator[Html]:
    a, b = (html(f"{_visible(side.name)}, {side.quarter}") for side in (found.before, found.after))
    yield Html(
        f"<p>A is {a}; B is {b}. "
        "In narrative, what only A says is <del>struck through</del>, and what only B says is "
        "<ins>underlined</ins>; elsewhere the words that differ are <b>bold</b>.</p>\n"
    )
    if found.facts:
        facts = ((name, _short(one), _short(other)) for name, one, other in found.facts)
        yield html_table("Made otherwise", ("What", "A", "B"), facts)
    if not found.sections:
        yield Html(f"{html(SAME, 'p')}\n")
        return
    yield Html(f"<p>Different: {count_changes(found.changes)}.</p>\n")
    titles = [html(_visible(section.title)) for section in found.sections]
    links = (
        f'<li><a href="#part-{number}">{title}</a>: {count_changes(section.changes)}</li>\n'
        for number, (title, section) in enumerate(zip(titles, found.sections, strict=True), start=1)
    )
    yield Html(f'<nav aria-label="Sections">\n<ul>\n{"".join(links)}</ul>\n</nav>\n')
    for number, (title, section) in enumerate(zip(titles, found.sections, strict=True), start=1):
        file = f'<p class="soft">{html(section.file)}</p>\n' if section.file else ""
        yield Html(f'<h2 id="part-{number}">{title}</h2>\n{file}')
        yield from _tables_of(section)


def _tables_of(section: ChangedSection) -> Iterator[Html]:
    for kind, group in _GROUPS.items():
        changes = [change for change in section.changes if change.kind is kind]
        if kind is ChangeKind.NARRATIVE and changes:
            yield html_table(group, ("A", "B"), map(_marked_sides, changes), row_heads=False)
        elif kind is ChangeKind.VALUE and changes:
            rows = ((html(change.name, "code"), *_marked_sides(change), change.by) for change in changes)
            yield html_table(group, ("Value", "A", "B", "By"), rows)
        else:
            for label, of_label in groupby(changes, key=lambda change: change.name):
                rows = (
                    (html(_visible(change.where or "the whole")), *_marked_sides(change), change.by)
                    for change in of_label
                )
                yield html_table(f"{group} {label}", ("Where", "A", "B", "By"), rows)


def _marked_sides(change: ReportChange) -> tuple[Html, Html]:
    """Mark the words that only one side says."""
    before, after = change.texts
    # A line through a figure would hide its minus: there the columns tell old from new.
    gone, new = ("del", "ins") if change.kind is ChangeKind.NARRATIVE else ("b", "b")
    if before is None or after is None:
        text = _visible(before or after or "")
        marked = html(text, (gone if after is None else new) if change.kind is ChangeKind.NARRATIVE else "")
        return (marked, html(NOTHING)) if after is None else (html(NOTHING), marked)
    if change.amount:
        return html(_visible(before)), html(_visible(after))
    pieces = compare_words(before, after)
    old = (html(_visible(one), "" if one == other else gone) for one, other in pieces if one)
    anew = (html(_visible(other), "" if one == other else new) for one, other in pieces if other)
    return Html(" ".join(old)), Html(" ".join(anew))


def _visible(text: str) -> str:
    return visible(one_line(text))


def _short(fact: str) -> str:
    """Shorten the hash of a commit."""
    first, *rest = fact.split(" ")
    is_hash = len(first) == 40 and set(first) <= set("0123456789abcdef")
    return " ".join([first[:10] if is_hash else first, *rest])
