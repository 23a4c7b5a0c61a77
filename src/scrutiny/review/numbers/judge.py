"""Each number of a quarter's narrative judged: bound to a value, stated with its source, or loose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scrutiny.analysis.report import Report
from scrutiny.errors import Location, Problem
from scrutiny.execution.provenance import ReportProvenance
from scrutiny.inputs.measures import Measures
from scrutiny.inputs.project import Project
from scrutiny.narrative.conditions import resolved
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import Narrative
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress
from scrutiny.review.numbers.agreement import near
from scrutiny.review.numbers.directions import wrong_directions
from scrutiny.review.numbers.doubts import doubtful, history_of, to_confirm
from scrutiny.review.numbers.passages import Passage, passages
from scrutiny.review.numbers.quotable import NO_HISTORY, Book, History, Quotable, is_date, var
from scrutiny.review.numbers.recognise import Number, numbers_in
from scrutiny.review.numbers.stated import places, wrong_stated


class Binding(StrEnum):
    """What a number rests on."""

    BOUND = "bound"
    STATED = "stated"
    LOOSE = "loose"
    EXCLUDED = "left out"


@dataclass(frozen=True)
class JudgedNumber:
    """A number of the narrative, and what it rests on.

    Parameters
    ----------
    value, says : str
        The name of the value that gives the number, and what that says now.
    source : str
        Of a stated number.
    rule : str
        By which the number is excluded.
    near : tuple of Quotable
        The values that a loose number equals or nearly equals.
    """

    file: str
    line: int
    text: str
    binding: Binding
    value: str = ""
    says: str = ""
    source: str = ""
    rule: str = ""
    near: tuple[Quotable, ...] = ()

    @property
    def problem(self) -> Problem:
        """What is wrong with a loose number."""
        instead = (
            "declare it under stated: with its source (docs/reference/numbers.md), or say it without a number"
        )
        if self.near:
            instead = f"write {'; or '.join(value.quoted for value in self.near)}"
        return Problem(f'the number "{self.text}" is typed', Location(self.file, self.line), instead)


@dataclass(frozen=True)
class JudgedNarrative:
    """The numbers of a narrative in its order, and what is wrong beside them.

    Parameters
    ----------
    wrong : tuple of Problem
        What contradicts a value, names one that does not exist, or was written for an earlier quarter.
    asked : tuple of Problem
        Words of trend in new text that no figure can judge.
    """

    numbers: tuple[JudgedNumber, ...]
    wrong: tuple[Problem, ...]
    asked: tuple[Problem, ...] = ()

    @property
    def counts(self) -> dict[Binding, int]:
        """How many numbers are bound, stated and loose."""
        counts = Counter(number.binding for number in self.numbers)
        return {binding: counts[binding] for binding in (Binding.BOUND, Binding.STATED, Binding.LOOSE)}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything to be corrected, by file and line."""
        loose = [number.problem for number in self.numbers if number.binding is Binding.LOOSE]
        return tuple(sorted([*self.wrong, *loose], key=_by_place))


def _by_place(problem: Problem) -> tuple[str, int]:
    place = problem.location or Location("")
    return str(place.file), place.line or 0


def judge_quarter(project: Project, quarter: str, progress: BuildProgress) -> JudgedNarrative:
    """Judge the numbers of a quarter's narrative against what its notebooks compute now."""
    stages = Stages.of(project, quarter)
    # Read first, because mistakes in it need no notebook to be run.
    narrative = stages.narrative
    with stages.staged(progress) as (computed, _):
        narrative = resolved(narrative, computed.values, computed.absent, computed.present)
        history = history_of(Report(quarter, project))
        return judge(narrative, computed.provenance, project.measures, history)


def judge(
    narrative: Narrative, provenance: ReportProvenance, measures: Measures, history: History | None = None
) -> JudgedNarrative:
    """Judge the numbers of the sections of a report, and of the parts that they include."""
    sections = [part for _, _, part in narrative.in_reading_order() if isinstance(part, Section)]
    read = passages({section.name: section.text for section in sections})
    # Sentences that are tied to figures are judged where they are printed.
    printed = passages({section.name: section.current for section in sections})
    book = Book(provenance, measures, history or NO_HISTORY)
    numbers: list[JudgedNumber] = []
    wrong: list[Problem] = []
    asked: list[Problem] = []
    for section in sections:
        topics = {topic for passage in read[section.name] for topic in _topics(passage)}
        for passage in read[section.name]:
            numbers += _judged(section, passage, topics, book)
        wrong += _wrong(section, read[section.name], book)
        wrong += _carried_over(section)
        for passage in printed[section.name]:
            moved = list(wrong_directions(passage, str(section.source), book))
            wrong += moved
            for problem, is_wrong in doubtful(section, passage, book, moved):
                (wrong if is_wrong else asked).append(problem)
    return JudgedNarrative(tuple(numbers), tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(asked)))


def _carried_over(section: Section) -> Iterator[Problem]:
    """Name what was written or stated for an earlier quarter, and is not confirmed."""
    for what, found, instead in (
        ("the text of", section.carried_over, "edit it through"),
        ("the stated number", section.stated_carried_over, "ask for it anew"),
    ):
        for one in found:
            yield Problem(
                f'{what} "{one.name}" is carried over from {one.quarter}',
                Location(str(section.source), one.line),
                f"{instead}, or confirm it: {to_confirm(section, one.name)}",
            )


def _judged(section: Section, passage: Passage, topics: set[str], book: Book) -> list[JudgedNumber]:
    """Judge the values and numbers of a passage, in their order."""
    found = {offset: _judged_value(section, passage, offset, book) for offset in passage.values}
    for number in numbers_in(passage.text):
        found[number.start] = _judged_number(section, passage, number, topics, book)
    return [found[offset] for offset in sorted(found)]


def _judged_value(section: Section, passage: Passage, offset: int, book: Book) -> JudgedNumber:
    name = passage.values[offset]
    binding, rule = Binding.BOUND, ""
    if is_date(name):
        binding, rule = Binding.EXCLUDED, "name" if name.startswith("report.") else "date"
    place = str(section.source), passage.line(offset), var(name)
    return JudgedNumber(*place, binding, value=name, says=book.says(name), rule=rule)


def _judged_number(
    section: Section, passage: Passage, number: Number, topics: set[str], book: Book
) -> JudgedNumber:
    place = str(section.source), passage.line(number.start), " ".join(number.text.split())
    if number.rule:
        return JudgedNumber(*place, Binding.EXCLUDED, rule=number.rule)
    for stated in section.front_matter.stated:
        if any(start <= number.start and number.end <= end for start, end in places(stated, passage)):
            value = stated.value or ""
            return JudgedNumber(*place, Binding.STATED, value, book.says(value), stated.source)
    alike = near(number, book.quotable.values(), _topics(passage), topics)
    return JudgedNumber(*place, Binding.LOOSE, near=tuple(alike))


def _wrong(section: Section, read: Sequence[Passage], book: Book) -> Iterator[Problem]:
    """Find what contradicts a value in a file, or names one that does not exist."""
    file = str(section.source)
    for passage in read:
        for offset, name in passage.values.items():
            if name not in book:
                yield book.unknown(name, Location(file, passage.line(offset)))
    for position, stated in enumerate(section.front_matter.stated, 1):
        yield from wrong_stated(position, stated, file, read, book)


def _topics(passage: Passage) -> set[str]:
    return {name.partition(".")[0] for name in passage.values.values() if not is_date(name)}
