"""Published figures read from `data/published/`: QUARTER.csv with a row for each, and QUARTER.yaml beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions.answers import Text
from scrutiny.review.reconcile.figures import STATISTICS, PublishedFigure
from scrutiny.statistics.periods import Period
from scrutiny.statistics.stated import WORDS
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, load_model

FOLDER = "published"
COLUMNS = (
    "line", "place", "printed", "number", "fact", "period_start", "period_end", "statistic", "ours", "why_not"
)  # fmt: skip
_FACT = r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)+"


class Remark(Strict):
    """An explanation of recomputations that do not hold, or of figures that differ from ours.

    Parameters
    ----------
    findings : tuple of str
        Their ids.
    recomputed : str, optional
        Further arithmetic.
    ours : str
        What our report says instead, and why.
    """

    findings: tuple[Text, ...] = Field(min_length=1)
    recomputed: Text | None = None
    ours: Text


class Observation(Strict):
    """What a reader noticed in lines of the published report ("264, 487", "28–30") and no arithmetic finds."""

    lines: Annotated[str, StringConstraints(pattern=r"^\d+(–\d+)?(, \d+(–\d+)?)*$")]
    place: Text
    printed: Text
    open: Text
    ours: Text


class Commentary(Strict):
    """What QUARTER.yaml says about a published report.

    Parameters
    ----------
    source : str
        What its lines are counted in.
    sums : dict of str to str
        A fact and the facts that add up to it: "sexual.rape + sexual.other"; `*` stands for any one word.
    parts : dict of str to str
        A fact and facts that are part of it, but not all of it.
    shares : dict of str to str
        A fact and the two that it is the percentage of: "budget.visible / budget.total".
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
    """The figures of a published report, in its order, from a `file` named as the user would name it."""

    file: Path
    figures: tuple[PublishedFigure, ...]
    commentary: Commentary

    @property
    def commentary_file(self) -> Path:
        """The file of the commentary."""
        return self.file.with_suffix(".yaml")


def read_published(project: Project, quarter: str) -> PublishedReport:
    """Read the published figures of a quarter; raises all mistakes of the table at once."""
    folder = project.data / FOLDER
    file = Path("data", FOLDER, f"{quarter}.csv")
    if not (folder / file.name).is_file():
        known = ", ".join(sorted(path.stem for path in folder.glob("*.csv")))
        there = f"there are those of {known}; " if known else ""
        what = f"there are no published figures for {quarter}: {file} is missing"
        raise WrongUse(Problem(what, hint=f"{there}docs/reference/reconcile.md says how to write it"))
    header, records, problems = read_records(folder / file.name, str(file), COLUMNS)
    rows = {row: dict(zip(header, cells, strict=True)) for row, cells in records}
    problems += [
        Problem(what, Location(file, row, column), instead)
        for row, cell in rows.items()
        for column, what, instead in _mistakes(cell)
    ]
    if problems:
        raise WrongInput(problems)
    figures = sorted(
        (_figure(cell, row) for row, cell in rows.items()), key=lambda figure: (figure.line, figure.row)
    )
    beside = file.with_suffix(".yaml")
    return PublishedReport(file, tuple(figures), load_model(folder / beside.name, Commentary, beside))


def _figure(cell: Mapping[str, str], row: int) -> PublishedFigure:
    period = Period(date.fromisoformat(cell["period_start"]), date.fromisoformat(cell["period_end"]))
    texts = {name: cell[name] for name in ("place", "printed", "fact", "statistic", "ours", "why_not")}
    return PublishedFigure(row=row, line=int(cell["line"]), written=cell["number"], period=period, **texts)


def _mistakes(cell: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give column, mistake and remedy of each wrong cell of a row."""
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
    """Give what to write instead of a number that does not fit what is printed; empty if it fits."""
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
