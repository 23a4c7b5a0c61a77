"""Sentences, list items and blocks that are tied to figures: ``[…]{when="crime.all.year.count"}``.

Where a figure is absent, a block is taken out, and a span is emptied and gets the class `absent`; `blocks.lua`
removes it, with the item or paragraph that it leaves empty. Where the figure is there, only the tie goes. No line
changes its number.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import line_at, shortcodes, without_code
from scrutiny.suggest import instead_of

ALL, ANY = "all", "any"
"""In the place of names: all figures quoted, shown or referred to within; or any of those quoted, shown
or included (the part on what is lacking)."""
_TIE = re.compile(
    r"(?<!\\)\{(?P<before>[^{}]*?)(?<![\w-])(?P<key>when|unless)=(?P<quote>[\"']?)(?P<names>[^\"'{}]*)(?P=quote)"
    r"(?P<after>[^{}]*)\}"
)
_REFERENCE = re.compile(r"@((?:fig|tbl)-[\w-]+)")
_FENCE = re.compile(r"^[ \t>]*:{3,}[ \t]*(?P<attributes>[^\n]*)$", re.MULTILINE)
_PREFIX = re.compile(r"\n[ \t>]*")
_PROSE = re.compile(r"^(?![ \t]*(?:#|:::|<!--.*-->[ \t]*$|$))", re.MULTILINE)
"""A line that is more than a heading, a fence or a comment: the skeleton ties headings whose text is to come."""
_GIVING = ("var", "embed", "include")
_EMPTIED = "x"  # of a line of a span: an empty line would end its paragraph
_HINT = 'write [a sentence]{when="crime.all.year.count"}, or ::: {when="…"} and ::: around blocks'


def resolved(
    narrative: Narrative, values: Mapping[str, str], absent: Collection[str], present: Collection[str]
) -> Narrative:
    """Resolve what is tied to figures.

    Parameters
    ----------
    values : mapping of str to str
        Texts of the values.
    absent : collection of str
        Values that state no figure in this quarter, and labels of tables and figures that it lacks.
    present : collection of str
        Values that do state one, and labels of the tables and figures that it has.

    Raises
    ------
    WrongInput
        With every tie that names something unknown, or ties nothing.
    """
    ties = _Ties(values, absent, present)
    problems: list[Problem] = []
    sections: list[Section] = []
    for section in narrative.sections:
        text = ties.resolve(section.text)
        problems += [
            Problem(what, Location(str(section.source), line), hint) for what, line, hint in ties.problems
        ]
        sections.append(section if text == section.text else replace(section, shown=text))
    if problems:
        raise WrongInput(problems)
    return replace(narrative, sections=tuple(sections))


@dataclass
class _Ties:
    values: Mapping[str, str]
    absent: Collection[str]
    present: Collection[str]
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    """Of the text resolved last: what is wrong, on which line, and what to write."""

    def resolve(self, text: str) -> str:
        """Resolve a text, from the first tie to the last; what is inside one is resolved with it or after it."""
        self.problems = []
        start = 0
        while tie := _TIE.search(without_code(text), start):
            names, inside = tie["names"].split(), _span(text, tie) or _block(text, tie)
            wrong = [name for name in names if not self._is_known(name)]
            if inside is None or wrong or not names:
                what = f"nothing gives {wrong[0]}" if wrong else f"{tie['key']}= ties nothing to anything"
                hint = instead_of(wrong[0], self.values) if wrong else _HINT
                self.problems.append((what, line_at(text, tie.start()), hint))
                start = tie.end()
                continue
            shown = text[slice(*inside)]
            if {ALL, ANY} & set(names) and _PROSE.search(shown) and not _given(shown, references=ALL in names):
                what = f"{tie['key']}={' '.join(names)} finds no value in this text that it could be tied to"
                self.problems.append((what, line_at(text, tie.start()), "name the value, or take the tie out"))
                start = tie.end()
                continue
            if self._is_there(names, shown) != (tie["key"] == "when"):
                self.problems += self._unknown(text, *inside)
                text, start = _without(text, tie, *inside), min(inside[0], text.rfind("\n", 0, tie.start()) + 1)
            else:
                text, start = _untied(text, tie, *inside), min(inside[0], tie.start())
                start = max(start - 1, 0)
        return text

    def _is_known(self, name: str) -> bool:
        return name in (ALL, ANY) or name in self.values or name in self.absent or name in self.present

    def _is_there(self, names: Collection[str], inside: str) -> bool:
        if ANY in names:
            # What is tied within may go, and with it what it gives.
            inside = _Ties(self.values, self.absent, self.present).resolve(inside)
        given = _given(inside)
        if ANY in names and not any(name in self.present for name in given):
            return False
        needed = _given(inside, references=True) if ALL in names else names
        return not any(name in self.absent for name in needed)

    def _unknown(self, text: str, begin: int, end: int) -> Iterator[tuple[str, int, str]]:
        """Find misspelt values in what is left out, which no later check sees."""
        for code in shortcodes(text):
            if begin <= code.start < end and code.name == "var" and code.argument not in self.values:
                hint = instead_of(code.argument, self.values)
                yield f"nothing publishes the value {code.argument}", code.line, hint


def _given(text: str, *, references: bool = False) -> set[str]:
    """Give the values, tables, figures and parts that a text shows, and those that it refers to."""
    given = {code.argument.rpartition("#")[2] for code in shortcodes(text) if code.name in _GIVING}
    return given | set(_REFERENCE.findall(without_code(text))) if references else given


def _span(text: str, tie: re.Match[str]) -> tuple[int, int] | None:
    """Give where the text of a span begins and ends, before its attributes."""
    prose, end = without_code(text), tie.start() - 1
    depth = 0
    for at in range(end, -1, -1):
        if prose[at] in "[]" and prose[at - 1 : at] != "\\":
            depth += 1 if prose[at] == "]" else -1
            if depth == 0:
                return (at + 1, end) if prose[end] == "]" else None
        elif at == end:
            return None
    return None


def _block(text: str, tie: re.Match[str]) -> tuple[int, int] | None:
    """Give where the content of a fenced block begins and ends, below the fence with its attributes."""
    fences = list(_FENCE.finditer(without_code(text)))
    depth, begin = 0, None
    for fence in fences:
        if begin is None:
            begin = fence.end() if fence.start() <= tie.start() < fence.end() else None
        elif fence["attributes"]:
            depth += 1
        elif depth:
            depth -= 1
        else:
            return begin, fence.start()
    return None


def _without(text: str, tie: re.Match[str], begin: int, end: int) -> str:
    """Take out a block, or empty a span and mark it as absent."""
    if begin < tie.start():
        emptied = "\n".join(_EMPTIED for _ in text[begin:end].split("\n"))
        return f"{text[:begin]}{emptied}]{{.absent}}{text[tie.end() :]}"
    opening, closing = _fences(text, tie, end)
    return f"{text[:opening]}{''.join(_PREFIX.findall(text[begin:closing]))}{text[closing:].lstrip(':')}"


def _untied(text: str, tie: re.Match[str], begin: int, end: int) -> str:
    """Take the tie off a span or block, and with it the span or block if it was its only attribute."""
    rest = " ".join(f"{tie['before']} {tie['after']}".split())
    if rest:
        return f"{text[: tie.start()]}{{{rest}}}{text[tie.end() :]}"
    if begin < tie.start():
        return f"{text[: begin - 1]}{text[begin:end]}{text[tie.end() :]}"
    opening, closing = _fences(text, tie, end)
    return f"{text[:opening]}{text[begin:closing]}{text[closing:].lstrip(':')}"


def _fences(text: str, tie: re.Match[str], end: int) -> tuple[int, int]:
    """Give where the colons of a block's two fences begin."""
    opening = text.rfind(":::", 0, tie.start())
    while text[opening - 1 : opening] == ":":
        opening -= 1
    return opening, text.index(":::", end)
