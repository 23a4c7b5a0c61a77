"""Which characters the report's typeface has, and how wide they are; the PDF uses no other typeface."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

WITHOUT_WIDTH = "\N{ZERO WIDTH SPACE}\N{WORD JOINER}"
FOLDER = Path(str(files("font_source_sans_pro"))) / "files"


@cache
def widths(*, bold: bool = False) -> Mapping[str, float]:
    """Give the width of each character, in the size of the type."""
    # Imported late: a text of letters and digits needs no font to be read.
    from fontTools.ttLib import TTFont

    with TTFont(FOLDER / f"SourceSansPro-{'Bold' if bold else 'Regular'}.ttf", lazy=True) as font:
        advances, units = font["hmtx"], font["head"].unitsPerEm
        found = {chr(code): advances[name][0] / units for code, name in font.getBestCmap().items()}
    return found | dict.fromkeys(WITHOUT_WIDTH, 0.0)


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
    return (character.isascii() and character.isprintable()) or character in widths()


def _describe(character: str) -> str:
    """Describe a character for someone who may not see it."""
    code, name = f"U+{ord(character):04X}", unicodedata.name(character, "a control character")
    return f"{character} ({code}, {name})" if character.isprintable() else f"{code} ({name})"
