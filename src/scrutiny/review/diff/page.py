"""What differs between two reports as a page: one file, no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.review.diff.changes import Change, Difference, Kind, Part, counted
from scrutiny.review.diff.telling import NOTHING, SAME, by, short, visible
from scrutiny.review.diff.words import pieces

_MADE_BY = '<meta name="generator" content="scrutiny diff">'
_STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d1d1b; --soft: #4a545a; --line: #cdd4d9;
  --link: #12436d; --gone: #fbe3e1; --gone-ink: #7a1212; --new: #dff3e6; --new-ink: #0f4f2a; --mark: #fdf0c8; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #14191d; --ink: #e8eaeb; --soft: #b3bcc3; --line: #3d4850; --link: #a8cdec;
    --gone: #4a1f1f; --gone-ink: #ffd0ca; --new: #173d28; --new-ink: #b9f0cd; --mark: #4a3d10; }
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; color: var(--ink); background: var(--ground);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 0.5rem; padding-top: 0.75rem; border-top: 2px solid var(--line); font-size: 1.3rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul { padding-left: 1.25rem; }
table { width: 100%; margin: 0 0 1.5rem; border-collapse: collapse; table-layout: fixed; }
caption { padding: 0.5rem 0; font-weight: 600; text-align: left; }
th, td { padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
tbody th { font-weight: 400; }
code { font-size: 0.95em; }
.by { width: 12rem; }
.soft { color: var(--soft); }
del { color: var(--gone-ink); background: var(--gone); text-decoration: line-through; }
b { background: var(--mark); }
ins { color: var(--new-ink); background: var(--new); text-decoration: underline; }
@media (max-width: 44rem) {
  table, caption, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: 0.4rem 0; border-bottom: 2px solid var(--line); }
  th, td { padding: 0.15rem 0; border: 0; }
  tbody th { font-weight: 600; }
  td::before { content: attr(data-head) ": "; color: var(--soft); }
  td:empty { display: none; }
}
@media print { body { max-width: none; padding: 0; } tr { break-inside: avoid; } }
"""
_GROUPS = {Kind.NARRATIVE: "Narrative", Kind.VALUE: "Values", Kind.TABLE: "Table", Kind.FIGURE: "Figure"}


def require_place(path: Path) -> None:
    """Refuse a place where the page cannot be written, or where another file would be lost.

    Raises
    ------
    WrongUse
        If there is a file that `scrutiny diff` has not written, or no folder for it.
    """
    if path.exists() and not (path.is_file() and _MADE_BY.encode() in path.read_bytes()[:1024]):
        what = f"{path} is there already, and no page of scrutiny diff"
        raise WrongUse(Problem(what, None, "give the page another name"))
    if not path.parent.is_dir():
        raise WrongUse(
            Problem(f"there is no folder {path.parent} for the page", None, "make it, or choose another")
        )


def write_page(path: Path, difference: Difference) -> None:
    """Write the page, whole or not at all."""
    try:
        write_atomically(path, as_page(difference))
    except OSError as error:
        raise WrongUse(Problem(f"{path} cannot be written: {error.strerror}", None, "choose another")) from None


def as_page(difference: Difference) -> str:
    """Give the page as HTML."""
    before, after = difference.before, difference.after
    title = f"What changed: {_text(before.name)} to {_text(after.name)}"
    return (
        f'<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n{_MADE_BY}\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n{''.join(_body(difference))}</main>\n</body>\n</html>\n"
    )


def _body(difference: Difference) -> Iterator[str]:
    a, b = (f"{_text(side.name)}, {_text(side.quarter)}" for side in (difference.before, difference.after))
    yield (
        f"<p>A is {a}; B is {b}. "
        "In narrative, what only A says is <del>struck through</del>, and what only B says is "
        "<ins>underlined</ins>; elsewhere the words that differ are <b>bold</b>.</p>\n"
    )
    if difference.facts:
        facts = ((_text(name), _text(short(one)), _text(short(other))) for name, one, other in difference.facts)
        yield _table("Made otherwise", ("What", "A", "B"), facts)
    if not difference.parts:
        yield f"<p>{SAME}</p>\n"
        return
    yield f"<p>Different: {counted(difference.changes)}.</p>\n"
    numbered = list(enumerate(difference.parts, start=1))
    links = (
        f'<li><a href="#part-{number}">{_text(part.title)}</a>: {counted(part.changes)}</li>\n'
        for number, part in numbered
    )
    yield f'<nav aria-label="Sections">\n<ul>\n{"".join(links)}</ul>\n</nav>\n'
    for number, part in numbered:
        file = f'<p class="soft">{_text(part.file)}</p>\n' if part.file else ""
        yield f'<h2 id="part-{number}">{_text(part.title)}</h2>\n{file}'
        yield from _of_part(part)


def _of_part(part: Part) -> Iterator[str]:
    for kind in _GROUPS:
        changes = [change for change in part.changes if change.kind is kind]
        if kind is Kind.NARRATIVE and changes:
            yield _table(_GROUPS[kind], ("A", "B"), map(_sides, changes), row_heads=False)
        elif kind is Kind.VALUE and changes:
            rows = (
                (f"<code>{_text(change.name)}</code>", *_sides(change), _text(by(change))) for change in changes
            )
            yield _table(_GROUPS[kind], ("Value", "A", "B", "By"), rows)
        else:
            for label, of_label in groupby(changes, key=lambda change: change.name):
                rows = (
                    (_text(change.where or "the whole"), *_sides(change), _text(by(change))) for change in of_label
                )
                yield _table(f"{_GROUPS[kind]} {_text(label)}", ("Where", "A", "B", "By"), rows)


def _sides(change: Change) -> tuple[str, str]:
    """Mark in what A and B say which words are of one of them alone."""
    before, after = change.told
    # A line through a figure would hide its minus: there the columns tell old from new.
    gone, new = ("del", "ins") if change.kind is Kind.NARRATIVE else ("b", "b")
    if before is None or after is None:
        text = before or after or ""
        there = _marked(text, gone if after is None else new) if change.kind is Kind.NARRATIVE else _text(text)
        return (there, NOTHING) if after is None else (NOTHING, there)
    if change.amount:
        return _text(before), _text(after)
    sides: tuple[list[str], list[str]] = ([], [])
    for piece in pieces(before, after):
        for side, words, mark in zip(sides, (piece.before, piece.after), (gone, new), strict=True):
            if words:
                side.append(_text(words) if piece.same else _marked(words, mark))
    return " ".join(sides[0]), " ".join(sides[1])


def _marked(text: str, element: str) -> str:
    return f"<{element}>{_text(text)}</{element}>"


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, row_heads: bool = True) -> str:
    """Write a table of cells that are HTML; its roles are said, because on a narrow screen it is no grid."""
    head = "".join(f'<th role="columnheader" scope="col"{_width(text)}>{text}</th>' for text in heads)
    lines = []
    for row in rows:
        cells = [f'<td role="cell" data-head="{name}">{cell}</td>' for name, cell in zip(heads, row, strict=True)]
        if row_heads:
            cells[0] = f'<th role="rowheader" scope="row">{row[0]}</th>'
        lines.append(f'<tr role="row">{"".join(cells)}</tr>')
    return (
        f'<table role="table"><caption>{caption}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n' + "\n".join(lines) + "\n</tbody></table>\n"
    )


def _width(head: str) -> str:
    return ' class="by"' if head == "By" else ""


def _text(text: str) -> str:
    return escape(visible(text))
