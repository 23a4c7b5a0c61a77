"""Texts as reports and terminals have them: visible, on one line, line numbers in brief, JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\uffff]")
"""Controls (Unicode's categories Cc and Cs), marks and overrides of direction, and what is no character at all."""


_CONFLICT = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)
_WHITE_SPACE = "\t\n\r\f"


def require_plain_text(text: str, file: Path | str) -> None:
    """Raise WrongInput if git left a conflict in a text, or it has characters that no reader sees.

    Word refuses documents with control characters, and an override of direction makes 960,431 look like 134,069.
    """
    if found := _CONFLICT.search(text):
        what = "git left two versions of something here"
        hint = "keep one of the two, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
    elif found := next((one for one in _UNSEEN.finditer(text) if one[0] not in _WHITE_SPACE), None):
        name = unicodedata.name(found[0], "a control character").lower()
        what = f"a character that no reader sees is here: U+{ord(found[0]):04X} ({name})"
        hint = f"delete it after …{visible(text[: found.start()][-20:].rpartition(chr(10))[2])}"
    else:
        return
    raise WrongInput(Problem(what, Location(file, text.count("\n", 0, found.start()) + 1), hint))


_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d])")


def one_line(text: str) -> str:
    """Write a text on one line; no-break spaces stay."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", "\0").split()).replace("\0", "\N{NO-BREAK SPACE}")


def with_units(text: str) -> str:
    """Keep a figure and its unit, a day and its month on one line."""
    return _BEFORE_UNIT.sub("\N{NO-BREAK SPACE}", text)


def visible(text: str) -> str:
    """Replace what a terminal would obey or a reader not see: control characters and overrides of direction."""
    return "".join(map(_picture, text)) if _UNSEEN.search(text) else text


def _picture(sign: str) -> str:
    if not _UNSEEN.match(sign):
        return sign
    if sign < " " or sign == "\x7f":
        return chr(0x2400 + ord(sign)) if sign < " " else "\N{SYMBOL FOR DELETE}"
    return f"⟨U+{ord(sign):04X}⟩"


def ranges(numbers: Iterable[int]) -> str:
    """Write whole numbers in brief: "2, 5–7"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def line_numbers(lines: Collection[int]) -> str:
    """Write which lines of a file are meant: "line 5", "lines 2, 5–7"."""
    return f"line{'s' if len(set(lines)) > 1 else ''} {ranges(lines)}"


def as_json(content: object, *, sort_keys: bool = False) -> str:
    """Write JSON for other programs and for readers: indented, not escaped, with a newline at its end."""
    return json.dumps(content, indent=2, ensure_ascii=False, sort_keys=sort_keys) + "\n"
