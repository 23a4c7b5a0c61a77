"""What a document says, whatever its format."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Heading = tuple[int, str, str]
"""Level from 1 for a section, number ("" for none) and text."""

ANNEX = "Where the numbers come from"
"""Heading of the annex of origins, which says again what the report says (test_annex.py)."""
OF_THE_PROGRAM = ("Name", "Figures, by who supplies them")
"""How the tables begin that the program writes: those of the annex, and what was not supplied (test_absence.py)."""
_NUMBER = re.compile(r"(?P<number>\d+(?:\.\d+)*)\.?\s+(?P<text>.*)", re.DOTALL)
_CAPTION = re.compile(r"(Table|Figure)\s\d+:\s")


@dataclass
class Document:
    headings: list[Heading] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    alternative_texts: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    text: str = ""

    def add_heading(self, level: int, text: str) -> None:
        found = _NUMBER.fullmatch(tidy(text))
        number, rest = (found["number"], found["text"]) if found else ("", tidy(text))
        self.headings.append((level, number, rest))

    def add_caption(self, text: str) -> None:
        if _CAPTION.match(tidy(text)):
            self.captions.append(tidy(text))


def tidy(text: str) -> str:
    """Make white space single spaces, and quotation marks straight: Typst draws its own; drop what nobody sees.

    A line that breaks after a hyphen is joined again.
    """
    text = text.translate(str.maketrans("\u2018\u2019\u201c\u201d\u00a0\u202f", "''\"\"  ", "\u00ad"))
    return re.sub(r"(?<=\w)- (?=\w)", "-", re.sub(r"\s+", " ", text).strip())
