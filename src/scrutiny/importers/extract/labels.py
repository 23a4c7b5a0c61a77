"""Labels of an extract: footnotes stripped, translated into the dataset's, totals recognised."""

from __future__ import annotations

import re

from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.files.cells import CellError, plain
from scrutiny.suggest import nearest

_TOTAL = re.compile(r"((grand|overall|sub|force|running)[ -]?)?totals?\b|sum of\b")


def is_total(text: str) -> bool:
    """Whether a label says that what it stands beside is a total of others."""
    return bool(_TOTAL.match(plain(text))) or plain(text).endswith(" total")


def without_footnotes(text: str, mapping: MappingFile) -> str:
    """Strip the marks of footnotes from a label."""
    before = ""
    while before != text:
        before = text
        for mark in mapping.footnotes:
            if text.endswith(mark) and text != mark:
                text = text.removesuffix(mark).rstrip(" ,")
    return text


def translated(text: str, target: str, mapping: MappingFile) -> str:
    """Translate a label into the dataset's; raises CellError if the mapping translates others, but not it."""
    label = without_footnotes(text, mapping)
    translations = mapping.values.get(target)
    if translations is None:
        return label
    for source, value in translations.items():
        if plain(source) == plain(label):
            return value
    what = f"the mapping does not translate {label!r}"
    for source in translations:
        rest = plain(label).removeprefix(plain(source))
        if rest not in ("", "s", plain(label)) and not re.search("[a-z]{2}", rest):
            raise CellError(what, f"if {rest.strip()!r} marks a footnote, add it to footnotes in the mapping")
    raise CellError(what, f"add it to values.{target}; {nearest(label, translations)}")


def letters(column: int) -> str:
    """Name a column, counted from 0, as a spreadsheet does: A, B, … AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
