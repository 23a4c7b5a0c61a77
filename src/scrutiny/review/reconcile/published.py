"""Published figures read from `data/published/`: QUARTER.csv with a row for each, and QUARTER.yaml beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from scrutiny.errors import Place, Problem, WrongInput, WrongUse
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions.answers import Text
from scrutiny.review.reconcile.figures import STATISTICS, WORDS, PublishedFigure
from scrutiny.statistics.periods import Period
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

FOLDER = "published"
COLUMNS = (
    "line", "place", "printed", "number", "fact", "period_start", "period_end", "statistic", "ours", "why_not"
)  # fmt: skip
_FACT = r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+"


class Remark(Strict):
    """What people say about something that was computed.

    Parameters
    ----------
    findings : tuple of str
        Ids of recomputations that do not hold, or of figures that differ from ours.
    recomputed : str, optional
        Further arithmetic that explains them.
    ours : str
        What our report says instead, and why.
    """

    findings: tuple[Text, ...] = Field(min_length=1)
    recomputed: Text | None = None
    ours: Text


class Observation(Strict):
    """What a reader noticed in the published report and no arithmetic finds.

    Parameters
    ----------
    lines : str
        Lines of the published report: "264, 487", "28–30".
    open : str
        What is wrong with it, or unclear.
    ours : str
        What our report says.
    """

    lines: Annotated[str, StringConstraints(pattern=r"^\d+(–\d+)?(, \d+(–\d+)?)*$")]
    place: Text
    printed: Text
    open: Text
    ours: Text


class Commentary(Strict):
    """What QUARTER.yaml says about a published report.

    Parameters
    ----------
    title, source, licence : str
        What was published, where its lines are counted, and on what terms.
    sums : dict of str to str
        A fact and the facts that add up to it: "sexual.rape + sexual.other"; `*` stands for any one word.
    parts : dict of str to str
        A fact and facts that are part of it, but not all of it.
    shares : dict of str to str
        A fact and the two that it is the percentage of: "budget.visible / budget.total".
    notes : tuple of str
        What a reader of the whole page has to know.
    """

    title: Text
    source: Text
    licence: Text
    sums: dict[str, Text] = Field(default_factory=dict)
    parts: dict[str, Text] = Field(default_factory=dict)
    shares: dict[str, Text] = Field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    remarks: tuple[Remark, ...] = ()
    read: tuple[Observation, ...] = ()


@dataclass(frozen=True)
class PublishedReport:
    """A published report, as far as its figures go.

    Parameters
    ----------
    file : Path
        The table of figures, as the user would name it.
    figures : tuple of PublishedFigure
        In the order of the report.
    """

    file: Path
    figures: tuple[PublishedFigure, ...]
    commentary: Commentary

    @property
    def commentary_file(self) -> Path:
        """The file of the commentary, as the user would name it."""
        return self.file.with_suffix(".yaml")


def read_published(project: Project, quarter: str) -> PublishedReport:
    """Read the published figures of a quarter.

    Raises
    ------
    WrongUse
        If there are none.
    WrongInput
        With all mistakes of the table, or of the file beside it.
    """
    folder = project.data / FOLDER
    shown_as = Path("data", FOLDER, f"{quarter}.csv")
    if not (folder / shown_as.name).is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.csv")))
        there = f"there are those of {known}; " if known else ""
        what = f"there are no published figures for {quarter}: {shown_as} is missing"
        raise WrongUse(Problem(what, instead=f"{there}docs/reference/reconcile.md says how to write it"))
    header, records, problems = read_records(folder / shown_as.name, str(shown_as), COLUMNS)
    figures = []
    for row, cells in records:
        cell = dict(zip(header, cells, strict=True))
        wrong = [Problem(what, Place(shown_as, row, column), instead) for column, what, instead in _mistakes(cell)]
        problems += wrong
        if not wrong:
            figures.append(_figure(cell, row))
    if problems:
        raise WrongInput(problems)
    beside = shown_as.with_suffix(".yaml")
    commentary = load_model(folder / beside.name, Commentary, beside)
    figures.sort(key=lambda figure: (figure.line, figure.row))
    return PublishedReport(shown_as, tuple(figures), commentary)


def _figure(cell: Mapping[str, str], row: int) -> PublishedFigure:
    period = Period(date.fromisoformat(cell["period_start"]), date.fromisoformat(cell["period_end"]))
    texts = {name: cell[name] for name in ("place", "printed", "fact", "statistic", "ours", "why_not")}
    return PublishedFigure(row, int(cell["line"]), written=cell["number"], period=period, **texts)


def _mistakes(cell: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give column, mistake and remedy of each cell of a row that is wrong."""
    if not re.fullmatch(r"[1-9][0-9]{0,6}", cell["line"]):
        yield "line", f"{cell['line']!r} is no line", "write that of the published report, such as 216"
    for column in ("place", "printed"):
        if not cell[column].strip():
            yield column, "this cell is empty", "write where it stands, or what is printed there"
        elif not cell[column].isprintable():
            yield column, "a character that cannot be seen stands here", "delete it"
    if not re.fullmatch(_FACT, cell["fact"]):
        yield "fact", f"{cell['fact']!r} is no name of a fact", "write what it is a figure of, such as crime.all"
    statistic = cell["statistic"]
    if statistic not in STATISTICS:
        yield "statistic", f"{statistic!r} is not known here", nearest(statistic, STATISTICS)
    elif remedy := _remedy_of_number(cell["number"], cell["printed"], in_words=statistic.startswith(WORDS)):
        yield "number", f"{cell['number']!r} is not what is printed as {cell['printed']!r}", remedy
    days = [column for column in ("period_start", "period_end") if not _is_day(cell[column])]
    for column in days:
        yield column, f"{cell[column]!r} is no day", "write an existing day as 2020-06-30"
    if not days and cell["period_end"] < cell["period_start"]:
        yield "period_end", "the period ends before it begins", "write its first and its last day"
    if bool(cell["ours"]) == bool(cell["why_not"]):
        yield (
            "ours",
            "one of the two, ours and why_not, has to be filled",
            "write the measure of ours that says the same, or why there is none",
        )


def _remedy_of_number(number: str, printed: str, *, in_words: bool) -> str:
    """Say what to write instead of a number that does not fit what is printed; empty if it fits."""
    if not re.fullmatch(r"~?-?\d+(\.\d+)?", number):
        return "write digits, such as -1234.5; ~1234 where the report says over, about or up to"
    if in_words:
        return "" if number in ("1", "-1", "0") else "write 1 for up, -1 for down, 0 for unchanged"
    digits = re.findall(r"\d+(?:\.\d+)?", printed.replace(",", ""))
    if not digits or number.lstrip("~-") in digits:
        return ""
    return f"write {digits[0]}, with a minus where the report says so or speaks of a fall"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
