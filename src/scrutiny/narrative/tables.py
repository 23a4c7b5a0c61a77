"""Whether the tables of a report have room on its pages, by the widths of the characters of its typeface.

`assets/filters/layout.lua` sets them by the same widths, and breaks words at the same places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from scrutiny.errors import Location, Problem
from scrutiny.fonts import WITHOUT_WIDTH, widths
from scrutiny.narrative.outline import Columns, Outline, Table
from scrutiny.narrative.pandoc_ast import ESCAPED, VALUE, WHITE_SPACE, Node, parts, read_each
from scrutiny.narrative.syntax import Shortcode
from scrutiny.text import with_units

UPRIGHT_MM, ACROSS_MM = 160, 247
"""Width of the text on a page, and on one that lies across."""
SMALLEST, INSET = 8, 6
"""In points: the size in which a table is set that has no room in that of others, and what a cell has beside its
text; layout.lua has both."""
_SET_IN_MM = 10
_POINT_MM = 25.4 / 72
_UNKNOWN = 0.6
_SLACK = 1.01
"""Against rounding, and pairs of letters that are set farther apart."""
_LONG = 16
_SIGNS = re.compile(rf"(?<=.)[-_/.?&=@#+;{ESCAPED}]+(?=[A-Za-z0-9]|[^\x00-\x7f])")
_BETWEEN_WORDS = re.compile(r"[A-Za-z]{4}[/-](?=[A-Za-z])")
_LONGEST_HEAD = 200
_VALUE = re.compile(f"{VALUE}(.*?){VALUE}")


def pieces(text: str) -> Iterator[str]:
    """Give what of a text stays on one line: words, of long ones and addresses what stands between their signs."""
    for word in re.split(rf"[ \n\t{WITHOUT_WIDTH[0]}]+", text):
        at = 0
        for sign in (_SIGNS if len(word) > _LONG else _BETWEEN_WORDS).finditer(word):
            before, after = word[sign.start() - 1], word[sign.end()]
            if not (before.isdecimal() and after.isdecimal()):
                yield word[at : sign.end()]
                at = sign.end()
        yield word[at:]


def tables_in(texts: Mapping[str, str]) -> dict[str, list[Columns]]:
    """Give the tables of each text of Markdown that has no shortcodes."""
    read = read_each(texts)
    return {
        name: [columns_of(block, lambda _: {}) for block in document["blocks"] if block["t"] == "Table"]
        for name, (document, _) in read.items()
    }


def columns_of(table: Node, codes_in: Callable[[str], Mapping[int, Shortcode]]) -> Columns:
    """Give the columns of a table as pandoc reads it; the function finds the shortcodes in a text."""
    _, _, _, head, bodies, foot = table["c"]
    heads = [(row, True) for row in head[1]]
    others = [(row, False) for row in (*(row for body in bodies for row in (*body[2], *body[3])), *foot[1])]
    rows = [[_cell(cell[4], codes_in, is_head) for cell in row[1]] for row, is_head in heads + others]
    return tuple(zip(*rows, strict=True))


def _cell(blocks: list[Node], codes_in: Callable[[str], Mapping[int, Shortcode]], bold: bool) -> tuple[str, bool]:
    texts = []

    def add(nodes: list[Node]) -> None:
        nonlocal bold
        for node in nodes:
            match node["t"]:
                case "Str":
                    codes = codes_in(node["c"])
                    shown = {at: _shown(code) for at, code in codes.items()}
                    texts.append("".join(shown.get(at, character) for at, character in enumerate(node["c"])))
                case "Code":
                    # Its letters are as wide as this one.
                    texts.append(re.sub(r"\w", "D", node["c"][1]))
                case "Note":
                    pass
                case kind:
                    texts.append(" " if kind in WHITE_SPACE or kind in ("Para", "Plain") else "")
                    bold = bold or kind == "Strong"
                    for part in parts(node):
                        add(part)

    add(blocks)
    return "".join(texts).strip(), bold


def _shown(code: Shortcode) -> str:
    return f"{VALUE}{code.argument}{VALUE}" if code.name == "var" else code.argument


def width_problems(
    outlines: Mapping[str, Outline],
    values: Mapping[str, str],
    shown: Mapping[str, Sequence[Columns]],
    place: Callable[[str, int], Location],
) -> Iterator[Problem]:
    """Find tables for which a page has no room even in the smallest size.

    Parameters
    ----------
    values : mapping of str to str
        Texts of the values.
    shown : mapping of str to sequence of Columns
        Of what notebooks show, by address: ``notebooks/a.ipynb#tbl-b``.
    """
    for file, outline in outlines.items():
        for table in outline.tables:
            at = place(file, table.line)
            for columns in [table.columns] if table.columns else shown.get(table.name, ()):
                yield from _problems(table, columns, values, at)


def _problems(table: Table, columns: Columns, values: Mapping[str, str], at: Location) -> Iterator[Problem]:
    notebook, _, label = table.name.rpartition("#")
    where = Location(notebook, column=label) if notebook else at
    name = f"the table {label}" if label else "this table"
    insert = partial(_VALUE.sub, lambda found: with_units(values.get(found[1], "")))
    filled = [[(insert(text), bold) for text, bold in cells] for cells in columns]
    for cells in filled:
        head = cells[0][0]
        if len(head) > _LONGEST_HEAD:
            what = f"a head of {name} has {len(head)} characters: {head[:30]}…"
            yield Problem(what, where, f"write at most {_LONGEST_HEAD}, and the rest above the table")
    needed = sum(max(_width(*cell) for cell in cells) * SMALLEST + INSET for cells in filled) * _POINT_MM * _SLACK
    there = (ACROSS_MM if table.across else UPRIGHT_MM) - _SET_IN_MM * table.set_in
    if needed <= there:
        return
    longest = max((piece for cells in filled for text, _ in cells for piece in pieces(text)), key=len)
    what = f"{name} is too wide: in its smallest type it needs {needed:.0f} mm, and the page has {there}"
    hint = f"split it, or turn rows into columns; {longest[:40]!r} is the longest that does not break"
    if not table.across and needed <= ACROSS_MM:
        behind = "write .landscape in the {…} behind its caption, or put ::: {.landscape} around it"
        if notebook:
            behind = f"put ::: {{.landscape}} around its embed in {at}"
        outside = "take it out of the callout, list or quotation, and " if table.set_in else ""
        hint = f"{outside}{behind}: a landscape page has {ACROSS_MM} mm; or split it"
    yield Problem(what, where, hint)


def _width(text: str, bold: bool) -> float:
    """Give the width of the widest piece of a cell, in the size of its type."""
    face = widths(bold=bold)
    return max(sum(face.get(character, _UNKNOWN) for character in piece) for piece in pieces(text))
