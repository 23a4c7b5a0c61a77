"""Every figure of the published report stands in ours, or `scrutiny reconcile` says why not; and in data/published/.

The figures are parsed out of the published text: rows of tables, and numbers of running text. That the published
report contradicts itself, and what is right, is no part of this: tests/review/reconcile/test_reconcile.py.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from fixtures.projects import QUARTERS, ROOT, SHARED
from readback import READERS, Document
from readback.document import ANNEX

from scrutiny.inputs.project import Project
from scrutiny.review.reconcile.compare import Agreement
from scrutiny.review.reconcile.run import Reconciliation, reconcile

pytestmark = pytest.mark.shared

REFERENCE = SHARED / "reference" / "quarterly-performance-report-september-2020.txt"
FORMATS = list(READERS)

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_NO_FIGURES = [
    # dates and periods
    r"\d{1,2}/\d{1,2}/+\d{2,4}",
    rf"(?<![\d,.])\d{{1,2}} ?(?:st|nd|rd|th)?(?: of)? {_MONTH}\b",
    rf"\b(?:12M to )?{_MONTH} ?'\d\d",
    rf"\b{_MONTH} \d\d(?![\d/])",
    r"\b(?:Q|Quarter )[1-4]\b",
    r"\b\d\d/\d\d\b",
    r"(?<![\d,.])(?:19|20)\d\d(?: ?[-/] ?(?:20)?\d\d)?(?![\d%]|[,.]\d)",
    # numbers of sections, items, tables and figures
    r"^\d\. ",
    r"\b(?:Tables?|Figures?|Sections?) [\d.]+(?:(?:, | and )[\d.]+)*",
    # names, and sections of acts
    r"(?i:covid-19)",
    r"\bS\.\d+|\bsections? \d+",
    r"\b(?i:level|grade|version|item) \d\b|\bv5\b",
    r"\b(?:999|101)(?= [Cc]alls)|\b036(?= MDS)|\bN200s?\b|\bNC/88\b",
]
NO_FIGURE = re.compile("|".join(_NO_FIGURES))
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
WORDS = {word: Decimal(number) for number, word in enumerate(_WORDS, 1)}
TIMES = {"h": "hour", "mi": "min", "s": "sec", "d": "day", "w": "week", "mo": "month", "y": "year"}
NUMBER = re.compile(
    r"""(?:(?P<sign>(?<![\w)])[+-])\ ?)?
        (?P<pound>£)?
        (?<![\w.,/'])(?P<number>(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)
        (?:\ ?(?P<percent>%|pp\b|percentage\ points)|(?P<million>[mM]\b)
          |[ -](?P<time>hours?|min(?:ute)?s?|sec(?:ond)?s?|days?|weeks?|months?|years?)\b)?
        (?![\w])""",
    re.VERBOSE | re.IGNORECASE,
)
NEAR = 60
"""Characters around a number in which its unit of time may stand: 17,636 hours to operations, 934 to training."""


@dataclass(frozen=True)
class Figure:
    value: Decimal
    unit: str = ""
    sign: str = ""
    line: int = 0
    printed: str = ""

    @property
    def bare(self) -> tuple[Decimal, str]:
        return self.value, self.unit

    @property
    def counted(self) -> bool:
        """Whether it has to stand in ours as often as in the published report: no small, no common number."""
        return not self.is_time and (self.unit != "" or self.value > 10)

    @property
    def is_time(self) -> bool:
        return self.unit in TIMES.values()

    def is_met_by(self, other: Figure) -> bool:
        return self.value == other.value and self.sign in ("", other.sign)


@dataclass(frozen=True)
class Row:
    line: int
    block: int
    text: str
    figures: tuple[Figure, ...]


def plain(text: str) -> str:
    text = text.translate(str.maketrans("−–’", "--'"))
    text = re.sub(r"No change(?: \(0%\))?", "0%", text, flags=re.IGNORECASE)
    return re.sub(r"\b(\d{1,2}) ?- ?(\d{1,2})(%| months)", r"\1\3 and \2\3", text)  # 60-69%


def without_dates(text: str) -> str:
    return NO_FIGURE.sub(" ; ", plain(text))


def figure_of(found: re.Match[str], line: int = 0) -> Figure:
    unit = "%" if found["percent"] else "£m" if found["pound"] and found["million"] else ""
    if time := (found["time"] or "").lower():
        unit = next(name for start, name in TIMES.items() if time.startswith(start))
    value = Decimal(found["number"].replace(",", ""))
    return Figure(value, unit, found["sign"] or "", line, found.group().strip())


def figures_of(text: str, line: int = 0) -> list[Figure]:
    return [figure_of(found, line) for found in NUMBER.finditer(text)]


# The published report.


@cache
def published_lines() -> list[tuple[int, str]]:
    lines = REFERENCE.read_text(encoding="utf-8").splitlines()
    return [(number, line) for number, line in enumerate(lines, 1) if line.strip()]


def is_figure(cell: str) -> bool:
    return bool(re.match(r"[£+-]? ?[\d.]|0%|(?:In|De)crease \(", plain(cell))) and not re.search(_MONTH, cell)


def is_row(line: str) -> bool:
    return any(map(is_figure, line.split("\t")[1:]))


@cache
def published_rows() -> list[Row]:
    rows: list[Row] = []
    for number, line in published_lines():
        if is_row(line):
            same = rows and rows[-1].line == number - 1
            block = rows[-1].block + (not same) if rows else 0
            cells = plain(" ; ".join(line.split("\t")[1:]))
            rows.append(Row(number, block, line, tuple(figures_of(cells, number))))
    return rows


@cache
def published_mentions() -> list[Figure]:
    """Find the numbers of running text, of headings of columns and of labels of rows."""
    mentions = []
    for number, line in published_lines():
        text = line.split("\t")[0] if is_row(line) else line
        mentions += figures_of(without_dates(text), number)
    return mentions


# What is not repeated, or shown otherwise.

NOT_REPEATED = [(346, "1-2 months")]
"""What stands in words only: ours says 1 month, as line 213 does."""


@cache
def reconciliation() -> Reconciliation:
    return reconcile(Project(ROOT), QUARTERS[0])


@cache
def excused() -> dict[tuple[int, Decimal, str], tuple[Figure, ...]]:
    """Map each figure that ours does not have, by its line, to what it has instead."""
    found = {(line, *figure.bare): () for line, text in NOT_REPEATED for figure in figures_of(plain(text))}
    for line in reconciliation().figures:
        if line.agreement is Agreement.DIFFERS or line.other_places:
            # What differs is not repeated, as the remark on it says.
            shown = () if line.agreement is Agreement.DIFFERS else tuple(figures_of(plain(line.shown)))
            for figure in figures_of(plain(line.published.printed)):
                found[line.published.line, *figure.bare] = shown
    return found


def required(figures: list[Figure]) -> list[Figure]:
    """Put in what ours shows instead of a printed figure, and leave out what it does not repeat."""
    wanted = []
    for figure in figures:
        instead = excused().get((figure.line, *figure.bare), (figure,))
        wanted += [replace(other, line=figure.line) for other in instead]
    return wanted


# Our documents.


@dataclass
class Ours:
    """What a document of ours says, in figures."""

    name: str
    text: str
    lines: list[list[Figure]]

    def __post_init__(self) -> None:
        numbers = [(figure_of(found), found) for found in NUMBER.finditer(self.text)]
        self.figures = Counter(figure.bare for figure, _ in numbers)
        for figure, _ in numbers:
            if figure.unit:
                self.figures[figure.value, ""] += 1
            elif figure.printed.endswith(".00"):  # 95.00 officers are no 95 searches
                self.figures[figure.bare] -= 1
        words = re.finditer(rf"\b(?:{'|'.join(WORDS)})\b", self.text, re.IGNORECASE)
        small = [(figure.value, found) for figure, found in numbers]
        small += [(WORDS[found.group().lower()], found) for found in words]
        self.near = [
            (value, self.text[max(0, found.start() - NEAR) : found.end() + NEAR]) for value, found in small
        ]

    def missing_mentions(self) -> list[str]:
        wanted = required(published_mentions())
        complaints = []
        for bare, times in Counter(figure.bare for figure in wanted if figure.counted).items():
            if self.figures[bare] < times:
                where = [figure for figure in wanted if figure.bare == bare]
                lines = ", ".join(str(figure.line) for figure in where)
                complaints.append(
                    f"{where[0].printed} (line {lines} of the published report): "
                    f"{self.figures[bare]} of {times} in {self.name}"
                )
        for figure in wanted:
            if not figure.counted and not any(
                value == figure.value and (not figure.is_time or figure.unit in near) for value, near in self.near
            ):
                complaints.append(f"{figure.printed} (line {figure.line}) is not in {self.name}")
        return complaints

    def missing_rows(self) -> list[str]:
        complaints = []
        rows = published_rows()
        for block in range(rows[-1].block + 1):
            taken: dict[int, int] = {}  # a line of ours serves one row of a published table
            of_block = [row for row in rows if row.block == block]
            served = [self._serves(required(list(row.figures))) for row in of_block]
            for position, row in enumerate(of_block):
                if not _assign(position, served, taken, set()):
                    figures = ", ".join(figure.printed for figure in required(list(row.figures)))
                    complaints.append(
                        f"{figures} (line {row.line} of the published report, {row.text.split(chr(9))[0]!r}) "
                        f"do not stand together in a row of a table in {self.name}"
                    )
        return complaints

    def _serves(self, wanted: list[Figure]) -> list[int]:
        return [position for position, line in enumerate(self.lines) if _holds(line, wanted)]


def _holds(line: list[Figure], wanted: list[Figure]) -> bool:
    rest = list(line)
    for figure in sorted(wanted, key=lambda figure: figure.sign == ""):
        met = next((other for other in rest if figure.is_met_by(other)), None)
        if met is None:
            return False
        rest.remove(met)
    return True


def _assign(row: int, served: list[list[int]], taken: dict[int, int], tried: set[int]) -> bool:
    for line in served[row]:
        if line not in tried:
            tried.add(line)
            if line not in taken or _assign(taken[line], served, taken, tried):
                taken[line] = row
                return True
    return False


def ours(name: str, document: Document) -> Ours:
    text = document.text
    for _, number, heading in document.headings:
        if number:
            text = text.replace(f"{number} {heading}", heading)
    lines = []
    for table in document.tables:
        columns = [[row[place] for row in table if place < len(row)] for place in range(max(map(len, table)))]
        lines += [figures_of(plain(" ; ".join(cells))) for cells in table + columns]
    return Ours(name, without_dates(text), lines)


@pytest.fixture(scope="module")
def documents(built) -> dict[str, Document]:
    output: Path = built[QUARTERS[0]] / "_output"
    read_all = {format_: read(output / f"report.{format_}") for format_, read in READERS.items()}
    # What the annex of origins says again does not count.
    return {
        format_: replace(document, text=document.text[: document.text.rindex(ANNEX)])
        for format_, document in read_all.items()
    }


# Tests.


def test_the_parser_finds_the_figures_of_the_published_report():
    rows, mentions = published_rows(), published_mentions()
    assert len(rows) >= 110
    assert len({row.block for row in rows}) >= 9
    assert sum(len(row.figures) for row in rows) >= 330
    assert len(mentions) >= 130
    assert {figure.unit for figure in mentions} >= {"", "%", "£m", "hour", "day", "week", "month", "year"}


def test_no_digit_of_the_published_report_is_passed_over():
    for number, line in published_lines():
        cells = line.split("\t")
        rest = (
            without_dates(cells[0]) + " ; " + plain(" ; ".join(cells[1:])) if is_row(line) else without_dates(line)
        )
        assert not re.search(r"[0-9]", NUMBER.sub("", rest)), f"line {number}: {rest}"


@pytest.mark.parametrize("format_", FORMATS)
def test_each_row_of_a_published_table_stands_together(documents, format_):
    missing = ours(f"report.{format_}", documents[format_]).missing_rows()
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("format_", FORMATS)
def test_each_figure_of_the_published_text_is_there(documents, format_):
    missing = ours(f"report.{format_}", documents[format_]).missing_mentions()
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("taken", "put", "named"),
    [
        ("62,000", "62,00", "62,000"),
        ("6.5%", "6.6%", "6.5%"),
        ("£1.3m", "£1.3", "£1.3M"),
        ("398", "1398", "398"),
        ("934", "935", "934 hours"),
        ("eight days", "some days", "8 days"),
        ("17%", "71%", "-17%"),
    ],
)
def test_a_figure_of_the_text_that_is_taken_away_is_missed(documents, taken, put, named):
    document = documents["html"]
    assert taken in document.text
    changed = replace(document, text=document.text.replace(taken, put))
    assert any(complaint.startswith(named) for complaint in ours("changed", changed).missing_mentions())


@pytest.mark.parametrize(
    ("taken", "line"),
    [("−25,769", 216), ("−25,769", 519), ("1,990", 0), ("0.13", 46), ("1,632", 320), ("28", 400)],
)
def test_a_figure_of_a_table_that_is_taken_away_is_missed(documents, taken, line):
    document = documents["docx"]
    tables = [[[cell.replace(taken, "[x]") for cell in row] for row in table] for table in document.tables]
    missing = ours("changed", replace(document, tables=tables)).missing_rows()
    assert any(f"(line {line} " in complaint for complaint in missing) == bool(line)


def test_of_two_rows_alike_one_that_is_taken_away_is_missed(documents):
    document = documents["docx"]
    tables = [[row for row in table if row[0] != "Air Operations"] for table in document.tables]
    (complaint,) = ours("changed", replace(document, tables=tables)).missing_rows()
    assert "4.00, 0.13" in complaint


def test_few_figures_are_excused():
    assert len(excused()) <= 12


# The published figures as data.


def published_figures(line: int) -> Counter[Decimal]:
    """Count the numbers that data/published/ has of a line, whatever their units and signs."""
    here = [one.published for one in reconciliation().figures if one.published.line == line]
    here = [figure for figure in here if "direction" not in figure.comparison]
    texts = {(figure.place, figure.printed): figure for figure in here}
    return Counter(
        number.value
        for figure in texts.values()
        for number in figures_of(plain(figure.printed)) or [_in_words(figure)]
    )


def _in_words(figure) -> Figure:
    return Figure(abs(Decimal(figure.number.numerator)))


def test_each_published_figure_stands_on_its_line():
    text = dict(published_lines())
    assert [
        (one.published.line, one.published.printed)
        for one in reconciliation().figures
        if one.published.printed not in text.get(one.published.line, "")
    ] == []


def test_no_number_of_a_published_table_is_missing_from_the_published_figures():
    for row in published_rows():
        there = Counter(figure.value for figure in row.figures)
        assert not there - published_figures(row.line), f"line {row.line}: {row.text}"


def test_no_figure_of_the_published_text_is_missing_from_the_published_figures():
    for line, _ in published_lines():
        there = {figure.value for figure in published_mentions() if figure.line == line and figure.counted}
        assert there <= set(published_figures(line)), f"line {line}"


def test_the_sign_of_a_published_figure_is_the_printed_one():
    for one in reconciliation().figures:
        printed = figures_of(plain(one.published.printed))
        if len(printed) == 1 and printed[0].sign:
            assert one.published.number * int(f"{printed[0].sign}1") >= 0, one.published
