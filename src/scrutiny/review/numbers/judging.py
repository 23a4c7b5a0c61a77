"""Each number of a quarter's narrative judged: bound to a value, stated with its source, or loose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from scrutiny.errors import Place, Problem
from scrutiny.execution.provenance import Origins
from scrutiny.inputs.measures import Measures
from scrutiny.narrative.sections import Narrative, Section
from scrutiny.review.numbers.agreement import near
from scrutiny.review.numbers.directions import wrong_ways
from scrutiny.review.numbers.passages import Passage, passages
from scrutiny.review.numbers.quotable import Book, Quotable, is_date
from scrutiny.review.numbers.recognise import Number, numbers_in
from scrutiny.review.numbers.stating import places, wrong_stated
from scrutiny.suggest import instead_of


class Kind(StrEnum):
    """What stands behind a number."""

    BOUND = "bound"
    STATED = "stated"
    LOOSE = "loose"
    LEFT_OUT = "left out"


@dataclass(frozen=True)
class Finding:
    """A number of the narrative.

    Parameters
    ----------
    file : str
        The file that the analyst edits.
    text : str
        As it is written, on one line.
    value : str
        Name of the value that says it.
    says : str
        What that value says now.
    source : str
        Of a stated number.
    rule : str
        By which it is left out.
    near : tuple of Quotable
        The values that a loose number equals or nearly equals.
    """

    file: str
    line: int
    text: str
    kind: Kind
    value: str = ""
    says: str = ""
    source: str = ""
    rule: str = ""
    near: tuple[Quotable, ...] = ()

    @property
    def problem(self) -> Problem:
        """What a loose number is told as."""
        instead = "declare it under stated: with its source (docs/numbers.md), or say it without a number"
        if self.near:
            quoted = [f'{{{{< var {value.name} >}}}}, which says "{value.text}"' for value in self.near]
            instead = f"write {'; or '.join(quoted)}"
        return Problem(f'the number "{self.text}" is typed', Place(self.file, self.line), instead)


@dataclass(frozen=True)
class Judged:
    """What the numbers of a quarter's narrative are.

    Parameters
    ----------
    findings : tuple of Finding
        In the order of the report.
    wrong : tuple of Problem
        What contradicts a value, or names none.
    """

    findings: tuple[Finding, ...]
    wrong: tuple[Problem, ...]

    @cached_property
    def counts(self) -> dict[Kind, int]:
        """How many are bound, stated and loose."""
        counts = Counter(one.kind for one in self.findings)
        return {kind: counts[kind] for kind in (Kind.BOUND, Kind.STATED, Kind.LOOSE)}

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that has to be mended, by file and line."""
        problems = [*self.wrong, *(one.problem for one in self.findings if one.kind is Kind.LOOSE)]
        return tuple(sorted(problems, key=_by_place))


def judge(narrative: Narrative, origins: Origins, measures: Measures) -> Judged:
    """Judge the numbers of a quarter's narrative, its included parts with it.

    Parameters
    ----------
    origins : Origins
        Of the quarter's values.
    """
    sections = [part for _, _, part in narrative.in_reading_order() if isinstance(part, Section)]
    read = passages({section.name: section.text for section in sections})
    book = Book(origins)
    findings: list[Finding] = []
    wrong: list[Problem] = []
    for section in sections:
        judging = _Judging(section, tuple(read[section.name]), book, measures)
        findings += judging.findings()
        wrong += judging.wrong()
    return Judged(tuple(findings), tuple(dict.fromkeys(wrong)))


def _by_place(problem: Problem) -> tuple[str, int]:
    return (str(problem.where.file), problem.where.line or 0) if problem.where else ("", 0)


@dataclass(frozen=True)
class _Judging:
    """One file."""

    section: Section
    passages: tuple[Passage, ...]
    book: Book
    measures: Measures

    @cached_property
    def _file(self) -> str:
        return str(self.section.source)

    @cached_property
    def _topics(self) -> set[str]:
        return {topic for passage in self.passages for topic in _topics(passage)}

    def findings(self) -> Iterator[Finding]:
        """Give the numbers of the file, in their order."""
        for passage in self.passages:
            found = [(offset, self._value(passage, offset)) for offset in passage.values]
            found += [(number.start, self._number(passage, number)) for number in numbers_in(passage.text)]
            yield from (finding for _, finding in sorted(found, key=lambda one: one[0]))

    def wrong(self) -> Iterator[Problem]:
        """Give what contradicts a value, or names none."""
        for passage in self.passages:
            for offset, name in passage.values.items():
                if name not in self.book:
                    at = Place(self._file, passage.line(offset))
                    values = {one: traced.text for one, traced in self.book.origins.values.items()}
                    yield Problem(f"nothing publishes the value {name}", at, instead_of(name, values))
            for found in wrong_ways(passage, self.book, self.measures):
                says = self.book.says(found.name)
                yield Problem(
                    f'"{found.word}" stands beside {{{{< var {found.name} >}}}}, which says "{says}" and tells: '
                    f"{str(found.went).lower()}",
                    Place(self._file, found.line),
                    found.instead(self.book),
                )
        for position, stated in enumerate(self.section.front_matter.stated, 1):
            yield from wrong_stated(position, stated, self._file, self.passages, self.book, self.measures)

    def _value(self, passage: Passage, offset: int) -> Finding:
        name = passage.values[offset]
        kind = Kind.LEFT_OUT if is_date(name) else Kind.BOUND
        says = self.book.says(name) if name in self.book else ""
        rule = ("name" if name.startswith("report.") else "date") if kind is Kind.LEFT_OUT else ""
        text = f"{{{{< var {name} >}}}}"
        return Finding(self._file, passage.line(offset), text, kind, value=name, says=says, rule=rule)

    def _number(self, passage: Passage, number: Number) -> Finding:
        line = passage.line(number.start)
        text = " ".join(number.text.split())
        if number.rule:
            return Finding(self._file, line, text, Kind.LEFT_OUT, rule=number.rule.name)
        for stated in self.section.front_matter.stated:
            if any(start <= number.start and number.end <= end for start, end in places(stated, passage)):
                value = stated.value or ""
                says = self.book.says(value) if value in self.book else ""
                return Finding(self._file, line, text, Kind.STATED, value=value, says=says, source=stated.source)
        alike = near(number, self.book.quotable.values(), _topics(passage), self._topics)
        return Finding(self._file, line, text, Kind.LOOSE, near=tuple(alike))


def _topics(passage: Passage) -> set[str]:
    return {name.partition(".")[0] for name in passage.values.values() if not is_date(name)}
