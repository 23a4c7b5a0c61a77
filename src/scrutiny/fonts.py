"""Which characters the report's typeface has; the PDF uses no other."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files("font_source_sans_pro"))) / "files"


@cache
def _characters() -> frozenset[int]:
    # Imported late: a text of letters and digits needs no font to be read.
    from fontTools.ttLib import TTFont

    with TTFont(FOLDER / "SourceSansPro-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def unprintable(text: str) -> dict[str, str]:
    """Find the characters that could not be printed, and say so of each; white space does not count."""
    return {
        character: f"the typeface of the report has no {_describe(character)}"
        for character in dict.fromkeys(text)
        if not _is_printable(character)
    }


def _is_printable(character: str) -> bool:
    if character.isspace():
        return character in "\t\n\r" or unicodedata.category(character) != "Cc"
    return (character.isascii() and character.isprintable()) or ord(character) in _characters()


def _describe(character: str) -> str:
    """Describe a character for someone who may not see it."""
    code, name = f"U+{ord(character):04X}", unicodedata.name(character, "a control character")
    return f"{character} ({code}, {name})" if character.isprintable() else f"{code} ({name})"
