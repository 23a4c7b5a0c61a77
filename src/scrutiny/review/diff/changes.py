"""What differs between two reports, by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scrutiny.review.diff import cells, words
from scrutiny.review.diff.amounts import Amount, Figure, amount, exactly, figure_of
from scrutiny.review.diff.contents import Contents, Said, Section, Shown

NOWHERE = ""
"""The file of what no section quotes or shows."""


class Kind(StrEnum):
    """Of what a change is."""

    VALUE = "value"
    TABLE = "table"
    FIGURE = "figure"
    NARRATIVE = "narrative"


class State(StrEnum):
    """Which side has it."""

    CHANGED = "changed"
    ONLY_A = "only in A"
    ONLY_B = "only in B"


@dataclass(frozen=True)
class Change:
    """One thing that the two sides say differently.

    Parameters
    ----------
    name : str
        Of the value, the label, or the file of the narrative.
    where : str
        Cell, row or column of the data, or "caption"; empty for the whole.
    before, after : str or None
        What A and B say; None where one has no such thing.
    figures : tuple of (Figure or None, Figure or None)
        The numbers that they say.
    """

    kind: Kind
    name: str
    where: str
    before: str | None
    after: str | None
    figures: tuple[Figure | None, Figure | None] = (None, None)

    @property
    def state(self) -> State:
        """Which side has it."""
        if self.after is None:
            return State.ONLY_A
        return State.ONLY_B if self.before is None else State.CHANGED

    @property
    def amount(self) -> Amount | None:
        """By how much it changed, where both say a figure."""
        one, other = self.figures
        return amount(one, other) if one and other else None

    @property
    def told(self) -> tuple[str | None, str | None]:
        """What both sides say, with the unrounded numbers where these alone tell them apart."""
        one, other = self.figures
        if self.before is None or self.before != self.after or one is None or other is None:
            return self.before, self.after
        return f"{self.before} ({exactly(one.number)})", f"{self.after} ({exactly(other.number)})"


@dataclass(frozen=True)
class Part:
    """What differs in a section; of what no section quotes or shows, the file is `NOWHERE`."""

    file: str
    titles: tuple[str, str]
    changes: tuple[Change, ...]

    @property
    def title(self) -> str:
        """The section's title, that of B where both have one."""
        return self.titles[1] or self.titles[0] or "In no section"


@dataclass(frozen=True)
class Difference:
    """What differs between two reports.

    Parameters
    ----------
    before, after : Contents
        A and B.
    facts : tuple of (str, str, str)
        How they were made, where that differs: what, of A, of B.
    parts : tuple of Part
        In the order of the report.
    """

    before: Contents
    after: Contents
    facts: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All that differs."""
        return tuple(change for part in self.parts for change in part.changes)


def difference(before: Contents, after: Contents) -> Difference:
    """Compare two reports: values by name, tables and figures by label, narrative by section."""
    facts = [("quarter", before.quarter, after.quarter)] if before.quarter != after.quarter else []
    facts += [
        (name, text, after.facts[name])
        for name, text in before.facts.items()
        if name in after.facts and text != after.facts[name]
    ]
    sections = _sections(before, after)
    found: dict[str, list[Change]] = {file: [] for file in (*sections, NOWHERE)}
    first = {name: file for file in reversed(sections) for section in sections[file] for name in section.names}
    for file, (one, other) in sections.items():
        found[file] += _narrative(file, one, other)
    for change in (*_shown(before, after), *_values(before, after)):
        found[first.get(change.name, NOWHERE)].append(change)
    parts = [Part(file, _titles(sections.get(file)), tuple(changes)) for file, changes in found.items() if changes]
    return Difference(before, after, tuple(facts), tuple(parts))


_NONE = Section("", "")


def _sections(before: Contents, after: Contents) -> dict[str, tuple[Section, Section]]:
    """Pair the sections of both by their files, in one order from either side."""
    sides = [{section.file: section for section in side.sections} for side in (before, after)]
    places = [{file: place for place, file in enumerate(side)} for side in sides]
    files = {file for side in sides for file in side}
    order = sorted(files, key=lambda file: (min(side[file] for side in places if file in side), file))
    return {file: (sides[0].get(file, _NONE), sides[1].get(file, _NONE)) for file in order}


def _titles(sections: tuple[Section, Section] | None) -> tuple[str, str]:
    return (sections[0].title, sections[1].title) if sections else ("", "")


def _narrative(file: str, before: Section, after: Section) -> Iterator[Change]:
    for one, other in words.paired(before.paragraphs, after.paragraphs):
        if one != other:
            yield Change(Kind.NARRATIVE, file, "", one, other)


def _values(before: Contents, after: Contents) -> Iterator[Change]:
    for name in sorted({*before.values, *after.values}):
        one, other = before.values.get(name), after.values.get(name)
        if one is None or other is None or _differ(one, other):
            texts = (one.text if one else None, other.text if other else None)
            yield Change(Kind.VALUE, name, "", *texts, (_figure(one), _figure(other)))


def _differ(one: Said, other: Said) -> bool:
    # Where only one side knows the unrounded number, what they say decides.
    return one.text != other.text or (None not in (one.number, other.number) and one.number != other.number)


def _figure(said: Said | None) -> Figure | None:
    return figure_of(said.text, said.number) if said else None


def _shown(before: Contents, after: Contents) -> Iterator[Change]:
    for label in sorted({*before.shown, *after.shown}):
        kind = Kind.FIGURE if label.startswith("fig-") else Kind.TABLE
        one, other = before.shown.get(label), after.shown.get(label)
        if one is None or other is None:
            yield Change(kind, label, "", _in_brief(one) if one else None, _in_brief(other) if other else None)
            continue
        if one.caption and other.caption and one.caption != other.caption:
            yield Change(kind, label, "caption", one.caption, other.caption)
        for where, head, old, new in cells.compared(one.grid, other.grid):
            figures = tuple(None if text is None else figure_of(text, head=head) for text in (old, new))
            yield Change(kind, label, where, old, new, (figures[0], figures[1]))


def _in_brief(shown: Shown) -> str:
    rows = max(len(shown.grid) - 1, 0)
    return f"{shown.caption} ({rows} {'row' if rows == 1 else 'rows'})".strip()


def counted(changes: Iterable[Change]) -> str:
    """Say how many things differ: "2 values, 3 cells of 1 table, 1 paragraph"; empty for none."""
    by_kind: dict[Kind, list[Change]] = {kind: [] for kind in Kind}
    for change in changes:
        by_kind[change.kind].append(change)
    told = []
    for kind, plural in ((Kind.TABLE, "tables"), (Kind.FIGURE, "figures")):
        if found := by_kind[kind]:
            labels = len({change.name for change in found})
            told.append(f"{_number(len(found), 'place')} in {labels} {plural if labels > 1 else kind}")
    if found := by_kind[Kind.NARRATIVE]:
        told.append(_number(len(found), "paragraph"))
    if found := by_kind[Kind.VALUE]:
        told.insert(0, _number(len(found), "value"))
    return ", ".join(told)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
