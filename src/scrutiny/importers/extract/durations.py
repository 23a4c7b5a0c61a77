"""Times of an extract, as text or as cells of a workbook, in seconds."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from scrutiny.importers.extract.parse import refuse_flaw, shown
from scrutiny.importers.files.cells import CellError, CellValue, Time, TimeForm, as_text

Duration = Literal[True, False, "m:ss", "h:mm", "h:mm:ss"]
"""How the figures of an extract are times: not; as text of two or three parts, of which the last are seconds; or
all in one form."""

_FORMS: dict[TimeForm, str] = {
    "m:ss": r"(?P<minutes>[0-9]+):(?P<seconds>[0-5][0-9](?:\.[0-9]+)?)",
    "h:mm": r"(?P<hours>[0-9]+):(?P<minutes>[0-5][0-9])",
    "h:mm:ss": r"(?P<hours>[0-9]+):(?P<minutes>[0-5][0-9]):(?P<seconds>[0-5][0-9](?:\.[0-9]+)?)",
}
_LENGTHS = {"hours": 3600, "minutes": 60, "seconds": 1}
_EXAMPLES: dict[TimeForm, str] = {"m:ss": "10:12", "h:mm": "10:12", "h:mm:ss": "1:10:12"}
_HOUR, _DAY = 3600, 86400


def read_seconds(cell: CellValue, duration: Duration) -> Decimal:
    """Read a time; raises CellError if it is none, or could be two."""
    refuse_flaw(cell)
    if isinstance(cell, Time):
        return _of_cell(cell, duration)
    forms = ["m:ss", "h:mm:ss"] if duration is True else [duration]
    for form, pattern in _FORMS.items():
        if form in forms and (found := re.fullmatch(pattern, as_text(cell))):
            parts = found.groupdict()
            if duration is True and form == "h:mm:ss" and int(parts["hours"]) and not Decimal(parts["seconds"]):
                # As spreadsheets write 10:12, typed for 10 min 12 s, into a CSV file.
                raise _ambiguous(cell)
            return sum((Decimal(part) * _LENGTHS[name] for name, part in parts.items()), Decimal(0))
    if duration is True:
        hint = "write minutes and seconds as 10:12, or 1:10:12 with hours"
        raise CellError(f"{shown(cell)} is not a time", hint)
    raise _of_another_form(cell, duration)


def _ambiguous(cell: CellValue) -> CellError:
    what = f"{shown(cell)} may be hours and minutes, or minutes and seconds"
    return CellError(what, 'state in the mapping which: duration: "m:ss", "h:mm" or "h:mm:ss"')


def _of_another_form(cell: CellValue, duration: Duration) -> CellError:
    example = next(example for form, example in _EXAMPLES.items() if form == duration)
    hint = f"write it as {example}, or correct duration in the mapping"
    return CellError(f"{shown(cell)} is not a time as {duration}", hint)


def _of_cell(time: Time, duration: Duration) -> Decimal:
    """Give what was meant by a cell; a spreadsheet takes 10:12, typed for 10 min 12 s, for 10 h 12 min."""
    whole_minutes = time.seconds % 60 == 0
    if time.seconds == 0:
        return time.seconds
    if time.shown is None or time.seconds < 0:
        what = f"the sheet does not show this time, {time}, as hours, minutes and seconds"
        raise CellError(what, "format the column as [h]:mm:ss in the workbook")
    if duration is True:
        if time.shown == "m:ss" or (time.shown == "h:mm:ss" and (time.seconds < _HOUR or not whole_minutes)):
            return time.seconds
        raise _ambiguous(time)
    if duration == time.shown:
        return time.seconds
    # Excel shows 26:03, once typed, as 26:03:00.
    as_typed = time.shown == "h:mm" or (time.shown == "h:mm:ss" and whole_minutes and time.seconds >= _DAY)
    if as_typed and duration in ("m:ss", "h:mm"):
        return time.seconds / (60 if duration == "m:ss" else 1)
    raise _of_another_form(time, duration)
