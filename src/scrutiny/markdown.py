"""Plain text and tables written as Markdown that pandoc and Quarto show literally."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_SPECIAL = re.compile(
    r"""[\\`*_{}\[\]<>|~^$@\#&"']   # mean something anywhere
    | -(?=-) | (?<=-)-              # smart dashes
    | \.(?=\.\.) | (?<=\.)\.        # smart dots
    | :(?=//)                       # an address would become a link
    """,
    re.VERBOSE,
)
# What begins a list, a quotation, a definition or a title block.
_AT_START = re.compile(r"(?P<before>\(?\w{0,9})(?P<mark>[.)])(?=\s|$)|^(?P<other>[-+:%=(!])")


def escape(text: str) -> str:
    r"""Write plain text as one line of Markdown that shows it literally in a paragraph, a caption or a table cell.

    `<`, `@`, `{{<`, pipes and the like get a backslash. White space becomes single spaces; no-break spaces stay.
    """
    line = re.sub(r"[^\S\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]+", " ", text).strip()
    escaped = _SPECIAL.sub(lambda found: "\\" + found[0], line)
    start = _AT_START.match(escaped)
    if start is None:
        return escaped
    at = start.start("mark") if start["mark"] else start.start("other")
    return f"{escaped[:at]}\\{escaped[at:]}"


def table(
    rows: Sequence[Sequence[str]],
    headers: Sequence[str],
    *,
    alignment: Sequence[str] | None = None,
    strong: Collection[int] = (),
    parts: Collection[int] = (),
) -> str:
    """Write a pipe table.

    Parameters
    ----------
    rows : sequence of sequence of str
        Plain text; it is escaped here.
    alignment : sequence of str, optional
        "left" or "right" for each column; by default all but the first to the right.
    strong, parts : collection of int
        Positions of the rows set in bold, and of those whose first cell is a span of the class ``part``, which
        each format sets in.
    """
    # Imported late: only notebooks need it.
    from tabulate import tabulate

    written = []
    for position, row in enumerate(rows):
        cells = [escape(cell) for cell in row]
        if position in strong:
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        if position in parts:
            cells[0] = f"[{cells[0]}]{{.part}}"
        written.append(cells)
    return tabulate(
        written,
        headers=[escape(header) for header in headers],
        tablefmt="pipe",
        # A figure is text here: tabulate would write 159,838 and 10.10 its own way.
        disable_numparse=True,
        colalign=alignment or ["left", *["right"] * (len(headers) - 1)],
    )
