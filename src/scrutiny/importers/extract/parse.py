"""Periods, days and numbers as dashboards write them, parsed without guessing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Literal

from scrutiny.importers.files.cells import (
    SIGNIFICANT,
    CellError,
    CellValue,
    Flaw,
    Serial1904,
    Time,
    as_shown,
    as_text,
    is_empty,
    plain,
)
from scrutiny.statistics.periods import MONTHS_OF_QUARTER, MONTHS_OF_YEAR, Period, Quarter

PeriodForm = Literal["month", "quarter", "financial_year", "calendar_year", "year_to"]
"""How a period is written; `year_to` is the 12 months that end with the given month."""

_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december")  # fmt: skip
_MONTHS = [name[:3] for name in _FULL]
_NAME = "|".join((*_FULL, "sept", *_MONTHS))
_YEAR = r"'?(?P<year>20[0-9]{2}|[0-9]{2})"
_MONTH_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?P<name>{_NAME})[ ./,-]*{_YEAR}",
        rf"(?P<year>20[0-9]{{2}})[ ./,-]*(?P<name>{_NAME})",
        r"(?P<year>20[0-9]{2})[./-]?(?P<number>[0-9]{2})",
        r"(?P<number>[0-9]{1,2})[./-](?P<year>20[0-9]{2})",
    )
)
_DAY = re.compile(r"[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}")
_RANGE = re.compile(rf"(?P<first>(?:{_NAME})[^a-z]*?) ?(?:-|to|–) ?(?P<last>(?:{_NAME}).*)")
_QUARTER_FORMS = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>20[0-9]{2})[/-](?:20)?(?P<next>[0-9]{2})[ /-]*q(?:tr|uarter)? ?(?P<number>[0-9])",
        r"q(?:tr|uarter)? ?(?P<number>[0-9])[ ,:/-]*(?P<year>20[0-9]{2})[/-](?:20)?(?P<next>[0-9]{2})",
    )
)
_FINANCIAL_YEAR = re.compile(r"(?:fy ?)?(?P<year>20[0-9]{2}) ?[/-] ?(?:20)?(?P<next>[0-9]{2})")
_YEAR_TO = re.compile(r"(?:(?:12 months|year|12m) ?(?:to|ending|ended)|ye|ytd)[: ]*")
_EPOCH = dt.date(1899, 12, 30)  # of the serial numbers of Excel, from March 1900 on
_FROM_1900_TO_1904 = 1462
_SERIALS = range(36526, 73051)  # the days of 2000 to 2099
_NUMBER = re.compile(r"[-+]?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")
_EXAMPLES: Mapping[str, str] = {
    "month": "Apr-20, April 2020, 2020-04, or a real date of its first or last day",
    "quarter": "2020-21 Q1, Q1 2020/21 or Apr-Jun 2020",
    "financial_year": "2020/21",
    "calendar_year": "2020",
    "year_to": "June 2020, or Jul 2019 to Jun 2020",
}


WITH_POINTS = "put a comma before three digits, and a point before decimals: 1,234.5"
EMPTY = ("this cell is empty", "fill it, or name the column under fill_down in the mapping")


def shown(cell: CellValue) -> str:
    """Quote a cell for a message, cut if it is long."""
    text = as_text(cell)
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def read_period(cell: CellValue, form: PeriodForm, formats: Sequence[str] = ()) -> Period:
    """Read a period from one cell: text, a real date or an Excel serial number.

    Days as text are in one of the formats, such as ``%d/%m/%Y``. Raises CellError if it is no such period.
    """
    refuse_flaw(cell)
    if is_empty(cell):
        raise CellError(*EMPTY)
    found = _period(cell, form, formats)
    if found is None:
        name = form.replace("_", " ") if form != "year_to" else "year"
        raise CellError(f"{shown(cell)} is not a {name}", f"write it as {_EXAMPLES[form]}")
    return found


def _period(cell: CellValue, form: PeriodForm, formats: Sequence[str]) -> Period | None:
    text = plain(as_text(cell))
    if form == "month":
        return _month(cell, formats)
    if form == "calendar_year":
        is_year = re.fullmatch("20[0-9]{2}", text)
        return Period(dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)) if is_year else None
    if form == "financial_year":
        match = _FINANCIAL_YEAR.fullmatch(text)
        if match is None or not _follows(match):
            return None
        return Period(dt.date(int(match["year"]), 4, 1), dt.date(int(match["year"]) + 1, 3, 31))
    if form == "quarter":
        for pattern in _QUARTER_FORMS:
            match = pattern.fullmatch(text)
            if match and _follows(match) and 1 <= int(match["number"]) <= 4:
                return Quarter(int(match["year"]), int(match["number"])).period
        return _range(text, MONTHS_OF_QUARTER)
    if found := _range(text, MONTHS_OF_YEAR):
        return found
    last = _month(_YEAR_TO.sub("", text) if isinstance(cell, str) else cell, formats)
    return Period.of_months(last.end, MONTHS_OF_YEAR) if last else None


def _follows(match: re.Match[str]) -> bool:
    return (int(match["year"]) + 1) % 100 == int(match["next"])


def _month(cell: CellValue, formats: Sequence[str]) -> Period | None:
    text = plain(as_text(cell))
    if isinstance(cell, str):
        for pattern in _MONTH_FORMS:
            if match := pattern.fullmatch(text):
                groups = match.groupdict()
                number = int(groups.get("number") or _MONTHS.index(groups.get("name", "")[:3]) + 1)
                year = int(groups["year"]) % 100 + 2000
                return Period.of_months(dt.date(year, number, 1), 1) if 1 <= number <= 12 else None
    try:
        day = read_day(cell, formats)
    except CellError:
        if _DAY.fullmatch(text):
            raise
        return None
    month = Period.of_months(day, 1)
    if day not in (month.start, month.end):
        raise CellError(
            f"{shown(cell)} is a day within a month",
            "write the month; Excel reads Apr-20 as 20 April unless the cell is text",
        )
    return month


def _range(text: str, length: int) -> Period | None:
    match = _RANGE.fullmatch(text)
    last = _month(match["last"], ()) if match else None
    if match is None or last is None:
        return None
    first = _month(match["first"].strip(), ()) or _month(f"{match['first'].strip(' -')} {last.start.year}", ())
    period = Period(first.start, last.end) if first else None
    return period if period and len(period.months) == length else None


def read_day(cell: CellValue, formats: Sequence[str] = ()) -> dt.date:
    """Read a day: a real date, an Excel serial number, ``2020-06-30`` or text in a format; raises CellError."""
    refuse_flaw(cell)
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    text = as_text(cell)
    days = int(text) if re.fullmatch(r"[0-9]{5}", text) else 0
    if isinstance(cell, Serial1904):
        days += _FROM_1900_TO_1904
    if days in _SERIALS:
        return _EPOCH + dt.timedelta(days=days)
    for form in (*formats, "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            day = dt.datetime.strptime(text, form).date()
        except ValueError:
            continue
        if re.match(r"\d{4}", text) or form in formats:
            return day
    if not formats and _DAY.fullmatch(text) and not re.match("[0-9]{4}", text):
        raise CellError(
            f"it is not clear which part of {shown(cell)} is the day and which the month",
            "add its format under `dates` in the mapping, such as %d/%m/%Y",
        )
    known = " or as ".join(["2020-06-30", *formats])
    raise CellError(f"{shown(cell)} is not a date", f"write an existing day as {known}")


def read_number(cell: CellValue, *, percent: bool = False, money: bool = False) -> Decimal:
    """Read a number, with or without thousands commas; raises CellError if it is not one.

    A percentage may be followed by %, and money preceded by £.
    """
    refuse_flaw(cell)
    if isinstance(cell, Time):
        what = f"{shown(cell)} is a time, but a number belongs here"
        raise CellError(what, "say in the mapping how times are written, as `duration`, or format them as numbers")
    if isinstance(cell, bool | dt.date):
        kind = "TRUE or FALSE" if isinstance(cell, bool) else "a date or a time"
        raise CellError(f"{shown(cell)} is {kind}, but a number belongs here", "format the column as numbers")
    if isinstance(cell, int | float):
        return as_shown(Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell))
    text = as_text(cell).translate({ord("−"): "-"})
    bare = text.removeprefix("£") if money else text
    bare = bare.removesuffix("%").rstrip() if percent else bare
    number = Decimal(bare.replace(",", "")) if _NUMBER.fullmatch(bare) else None
    if number is None or number.adjusted() >= SIGNIFICANT:
        raise CellError(f"{shown(cell)} is not a number", _advice(text))
    return as_shown(number)


def _advice(text: str) -> str:
    for pattern, advice in _ADVICE.items():
        if re.fullmatch(pattern, text):
            return advice
    if any(map(str.isnumeric, text)):
        return "write digits only, such as -1234.5"
    return "if it means that there is no figure, name it under `absent` in the mapping"


_ADVICE = {
    r"[=@].*|\+.*[A-Za-z(].*": "this is a formula as text; write its value instead",
    r"-?[0-9.]+(,[0-9]+)+(\.[0-9]+)?": WITH_POINTS,
    r"\(.*\)|[–—].*|[0-9.,]+-": "write a negative number with a hyphen, -1234",
    r".*%": "leave % out, or make the statistic percent",
    r"[0-9,.]+ ?(\(?[a-z]\)?|[^\w\s]+|[¹²³⁰-⁹]+|\[.*\]|\([0-9]+\))": (
        "if a mark follows the figure, name it under `marks` in the mapping"
    ),
    r"-?[0-9.]+[Ee][-+]?[0-9]+": "write all digits; in Excel, format the column as numbers",
}
"""What to do about a text that is not a number, by what it looks like."""


def refuse_flaw(cell: CellValue) -> None:
    """Refuse a cell that has no usable value; raises CellError."""
    if isinstance(cell, Flaw):
        raise CellError(cell.message, cell.hint)
