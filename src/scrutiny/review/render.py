"""How the reviewing commands show results: on a terminal, in a pipe, as JSON, and on a page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.text import as_json, one_line, visible

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

_MARK_WITHIN = 1024
"""Bytes from the start of a page within which its mark stands."""


@dataclass(frozen=True)
class View:
    """A result in each form that a command prints: `line`s, `table`s, and JSON; only the one asked for is made."""

    lines: Iterable[str]
    tables: Iterable[RenderableType]
    record: Callable[[], object] | None = None

    def show(self, *, json: bool = False) -> None:
        """Print JSON if asked; tables on a terminal; lines in a pipe."""
        import typer

        if json and self.record:
            text = as_json(self.record())
        elif sys.stdout.isatty():
            from rich.console import Console

            for part in self.tables:
                Console().print(part)
            return
        else:
            text = "".join(f"{line}\n" for line in self.lines)
        # UTF-8 on every system, because other programs read it.
        typer.echo(text.encode(), nl=False)


def line(*cells: object) -> str:
    """Write cells as a line for other programs: tab-separated, each on one line and visible."""
    return "\t".join(visible(one_line(str(cell))) for cell in cells)


def table(heads: Sequence[str], rows: Iterable[Sequence[str | Text]], title: str = "") -> Table:
    """Make a table for the terminal; text is shown literally, brackets included."""
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title_justify="left")
    made.title = Text(visible(title)) if title else None
    for head in heads:
        made.add_column(Text(head), overflow="fold")
    for row in rows:
        made.add_row(*(Text(visible(one_line(cell))) if isinstance(cell, str) else cell for cell in row))
    return made


_MARKDOWN = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]{}|"} | {sign: f"&#{ord(sign)};" for sign in "&<>$~"}
)


def markdown(text: str) -> str:
    """Escape plain text for GitHub and MkDocs, which, unlike pandoc, shows a backslash before most punctuation."""
    return visible(one_line(text)).translate(_MARKDOWN)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table of plain text; padding it would let a long cell widen every row."""
    return "\n".join(
        [
            f"| {' | '.join(heads)} |",
            f"|{' --- |' * len(heads)}",
            *(f"| {' | '.join(map(markdown, row))} |" for row in rows),
        ]
    )


class Html(str):
    """Text that is HTML already; any other is escaped."""


def html(text: str, element: str = "") -> Html:
    """Escape plain text for a page, and put it into an element; an end of line becomes a line break."""
    inner = text if isinstance(text, Html) else "<br>".join(escape(visible(part)) for part in text.split("\n"))
    return Html(f"<{element}>{inner}</{element}>" if element else inner)


def html_table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, row_heads: bool = True
) -> Html:
    """Write a table of a page.

    Its roles are explicit because the style sheet stacks its cells on a narrow screen.
    """
    by = {"By": ' class="by"'}
    head = "".join(f'<th role="columnheader" scope="col"{by.get(name, "")}>{html(name)}</th>' for name in heads)
    body = []
    for row in rows:
        cells = [
            f'<td role="cell" data-head="{html(name)}">{html(cell)}</td>'
            for name, cell in zip(heads, row, strict=True)
        ]
        if row_heads:
            cells[0] = f'<th role="rowheader" scope="row">{html(row[0])}</th>'
        body.append(f'<tr role="row">{"".join(cells)}</tr>\n')
    return Html(
        f'<table role="table"><caption>{html(caption)}</caption>\n'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n{"".join(body)}</tbody></table>\n'
    )


def html_page(title: str, body: Iterable[Html], *, generator: str) -> str:
    """Write a page: one file without scripts that loads nothing; `generator` names the command that writes it."""
    template = Template(files(__package__).joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(title=html(title), generator=html(generator), body="".join(body))


def require_page(path: Path, mark: str) -> None:
    """Refuse a path where a page cannot be written, or where a file without the mark of a page would be lost."""
    if not path.parent.is_dir():
        what = f"there is no folder {path.parent} for the page"
        raise WrongUse(Problem(what, hint="make it, or choose another"))
    try:
        ours = not path.exists() or mark.encode() in path.read_bytes()[:_MARK_WITHIN]
    except OSError:
        ours = False
    if not ours:
        instead = "give the page another name, or delete that file"
        raise WrongUse(Problem(f"{path} is another file, and would be lost", hint=instead))


def write_page(path: Path, text: str, mark: str) -> None:
    """Write a page, whole or not at all, over an older one but over no other file."""
    require_page(path, mark)
    try:
        write_atomically(path, text)
    except OSError as error:
        raise WrongUse(Problem(f"{path} cannot be written: {error.strerror}", hint="choose another")) from None
