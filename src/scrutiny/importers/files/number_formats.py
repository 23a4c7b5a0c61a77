"""What the format of a workbook's cell says of the number in it: that it is a percentage, or a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from scrutiny.importers.files.cells import CellValue, Flaw, Time, TimeForm, as_shown

Percent = Literal["", "hundredfold", "as it is", "unclear", "scaled", "hidden"]
"""Whether a % is shown, and of what: 0.55 or 55 for 55%; or what else keeps a number from being read."""
BUILT_IN = {
    9: "0%", 10: "0.00%", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss.0",
}  # fmt: skip
"""Formats that XLSX files name by number only, of those that matter here."""
_TOKEN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]|.', re.DOTALL)
_FORMS: dict[TimeForm, str] = {
    "h:mm:ss": r"\[?h+\]?:mm?:ss?(?:\.0+)?",
    "h:mm": r"\[?h+\]?:mm?",
    "m:ss": r"\[?m+\]?:ss?(?:\.0+)?",
}
_SYSTEM_TIME = "[$-f400]"  # h:mm:ss AM/PM after it is shown as the computer's settings have it: 10:12:00
_SHOWN = re.compile(r"(?P<first>[0-9]+):(?P<second>[0-9]{2})(?::(?P<third>[0-9]{2})(?:[.,][0-9]+)?)?")
_FLAWS = {
    "unclear": Flaw(
        "this cell's format shows some numbers as percentages and others not",
        "format the column as a number, or as %",
    ),
    "scaled": Flaw(
        "this cell's format shows thousands or millions of the number in it",
        "format the column as plain numbers, and look what they count",
    ),
    "hidden": Flaw("this cell's format hides the number in it", "format it as a number, or empty the cell"),
}
SCALED = _FLAWS["scaled"]


@dataclass(frozen=True)
class NumberFormat:
    """What a number is shown as."""

    percent: Percent = ""
    is_time: bool = False
    form: TimeForm | None = None
    unlimited: bool = False
    """Whether its hours go beyond 23, or its minutes beyond 59 if it has no hours."""

    def read(self, number: Decimal) -> CellValue | None:
        """Give the cell that has the number; None if it is nothing but a number."""
        if self.is_time:
            seconds = round(number * 86400, 3)
            limit = {"m:ss": 3600}.get(str(self.form), 86400)
            hides = not self.unlimited and seconds >= limit
            return time_cell(seconds, None if hides or seconds < 0 else self.form)
        if self.percent in _FLAWS:
            return _FLAWS[self.percent]
        return percentage(number * 100 if self.percent == "hundredfold" else number) if self.percent else None


def percentage(number: Decimal) -> str:
    """Write a percentage as text, with all its decimals."""
    return f"{as_shown(number).normalize():f}%"


def time_cell(seconds: Decimal, form: TimeForm | None) -> Time:
    """Give a time that a sheet shows in a form; None if it is hidden in part, or shown in another."""
    minutes, rest = divmod(abs(seconds), 60)
    hours, over = divmod(minutes, 60)
    end = f"{int(rest):02}{format(rest % 1, 'f')[1:].rstrip('0').rstrip('.')}"
    text = {"m:ss": f"{minutes:.0f}:{end}", "h:mm": f"{hours:.0f}:{int(over):02}"}.get(
        str(form), f"{hours:.0f}:{int(over):02}:{end}"
    )
    return Time(seconds, form, "-" * (seconds < 0) + text)


def form_of_text(text: str, seconds: Decimal) -> TimeForm | None:
    """Tell the form of a time from the text that shows it; None if the text hides a part of it."""
    found = _SHOWN.fullmatch(text)
    if not found:
        return None
    first, second = int(found["first"]), int(found["second"])
    if found["third"]:
        return "h:mm:ss" if first * 3600 + second * 60 + int(found["third"]) == int(seconds) else None
    if first * 60 + second == int(seconds // 60):
        return "h:mm"
    return "m:ss" if first * 60 + second == int(seconds) else None


def parse_format(code: str) -> NumberFormat:
    """Parse a format code such as ``0.0%;[Red]-0.0%`` or ``[h]:mm``."""
    sections = [(bare, quoted) for bare, quoted in _sections(code)]
    first = sections[0][0]
    if re.search(r"[hs]|\[m+\]", first) and not re.search("[yd]|general", first):
        form = next((form for form, pattern in _FORMS.items() if re.fullmatch(pattern, first.strip())), None)
        form = "h:mm:ss" if _SYSTEM_TIME in code.casefold() else form
        return NumberFormat(is_time=True, form=form, unlimited="[" in first)
    if ";" in code and not any(bare.strip() or quoted for bare, quoted in sections):
        return NumberFormat("hidden")
    kinds = {_percent(bare, quoted) for bare, quoted in sections if re.search("[0#?]|general", bare)}
    return NumberFormat(percent=kinds.pop() if len(kinds) == 1 else "unclear" if kinds else "")


def _percent(bare: str, quoted: str) -> Percent:
    if re.search(r"[0#?],+(?![0#?,])", bare):
        return "scaled"
    if "%" not in bare:
        return "as it is" if "%" in quoted else ""
    return "hundredfold" if bare.count("%") == 1 else "unclear"


def _sections(code: str) -> Iterator[tuple[str, str]]:
    """Give what each section of a code means, and what it shows as typed."""
    bare = quoted = ""
    for token in _TOKEN.findall(code):
        if token == ";":
            yield bare, quoted
            bare = quoted = ""
        elif token[0] in '"\\':
            quoted += token
        elif token[0] == "[":
            bare += token.casefold() if re.fullmatch(r"\[(h+|m+|s+)\]", token, re.IGNORECASE) else ""
        elif token[0] not in "_*" or len(token) == 1:
            bare += token.casefold()
    yield bare, quoted
