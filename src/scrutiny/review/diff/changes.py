"""What changed between two reports, by section."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scrutiny.review.compare import changed, merge_order, pair_texts
from scrutiny.review.diff.amounts import Amount, Quantity, amount, exactly, parse_quantity
from scrutiny.review.diff.contents import Contents, ShownTable, ValueText, WrittenSection
from scrutiny.review.tables import compare_grids
from scrutiny.statistics.wording import counted


class ChangeKind(StrEnum):
    """What a change is of."""

    VALUE = "value"
    TABLE = "table"
    FIGURE = "figure"
    NARRATIVE = "narrative"


@dataclass(frozen=True)
class ReportChange:
    """Something that A and B say differently, or only one of them.

    Parameters
    ----------
    name : str
        Of the value, the label, or the file of the narrative.
    where : str
        Cell, row or column of the data, or "caption"; empty for the whole.
    quantities : tuple of (Quantity or None, Quantity or None)
        The numbers in what they say.
    """

    kind: ChangeKind
    name: str
    where: str
    before: str | None
    after: str | None
    quantities: tuple[Quantity | None, Quantity | None] = (None, None)

    @property
    def state(self) -> str:
        """Where it is: "changed", "only in A" or "only in B"."""
        if self.after is None:
            return "only in A"
        return "only in B" if self.before is None else "changed"

    @property
    def amount(self) -> Amount | None:
        """By how much it changed, where both sides say a quantity."""
        one, other = self.quantities
        return amount(one, other) if one and other else None

    @property
    def by(self) -> str:
        """By how much it changed, or that only one side has it."""
        return str(self.amount or "") if self.state == "changed" else self.state

    @property
    def texts(self) -> tuple[str | None, str | None]:
        """What both sides say, with the unrounded numbers where only these differ."""
        one, other = self.quantities
        if self.before is None or self.before != self.after or one is None or other is None:
            return self.before, self.after
        return f"{self.before} ({exactly(one.number)})", f"{self.after} ({exactly(other.number)})"

    def as_record(self, section: str) -> dict[str, Any]:
        """Give the content of its JSON; numbers are exact, as text."""
        by = self.amount
        return {
            "state": self.state,
            "kind": self.kind,
            "section": section,
            "name": self.name,
            "where": self.where,
            "a": self.before,
            "b": self.after,
            "numbers": [str(one.number) if one else None for one in self.quantities],
            "difference": str(by.difference) if by else None,
            "percent": str(by.percent) if by and by.percent is not None else None,
            "unit": by.unit if by else None,
        }


@dataclass(frozen=True)
class ChangedSection:
    """What changed in a section; the file is empty for what no section quotes or shows."""

    file: str
    titles: tuple[str, str]
    changes: tuple[ReportChange, ...]

    @property
    def title(self) -> str:
        """The section's title, that of B if it has one."""
        return self.titles[1] or self.titles[0] or "In no section"


@dataclass(frozen=True)
class ReportDiff:
    """What changed between A and B: facts of how they were made, with both texts, and sections in their order."""

    before: Contents
    after: Contents
    facts: tuple[tuple[str, str, str], ...]
    sections: tuple[ChangedSection, ...]

    @property
    def changes(self) -> tuple[ReportChange, ...]:
        """The changes of all sections."""
        return tuple(change for section in self.sections for change in section.changes)


def compare_reports(before: Contents, after: Contents) -> ReportDiff:
    """Compare two reports: values by name, tables and figures by label, narrative by section."""
    facts, others = ({"quarter": side.quarter, **side.facts} for side in (before, after))
    none = WrittenSection("", "")
    sides = [{section.file: section for section in side.sections} for side in (before, after)]
    sections = {file: (sides[0].get(file, none), sides[1].get(file, none)) for file in merge_order(*sides)}
    # A name belongs to the first section that has it.
    first = {name: file for file in reversed(sections) for section in sections[file] for name in section.names}
    found: dict[str, list[ReportChange]] = defaultdict(list)
    for change in (*_compare_narrative(sections), *_compare_shown(before, after), *_compare_values(before, after)):
        is_narrative = change.kind is ChangeKind.NARRATIVE
        found[change.name if is_narrative else first.get(change.name, "")].append(change)
    return ReportDiff(
        before,
        after,
        tuple((name, text, others[name]) for name, text in facts.items() if others.get(name, text) != text),
        tuple(
            ChangedSection(file, (one.title, other.title), tuple(found[file]))
            for file, (one, other) in {**sections, "": (none, none)}.items()
            if file in found
        ),
    )


def _compare_narrative(sections: Mapping[str, tuple[WrittenSection, WrittenSection]]) -> Iterator[ReportChange]:
    for file, (one, other) in sections.items():
        for old, new in pair_texts(one.paragraphs, other.paragraphs):
            yield ReportChange(ChangeKind.NARRATIVE, file, "", old, new)


def _compare_values(before: Contents, after: Contents) -> Iterator[ReportChange]:
    for name, one, other in changed(before.values, after.values):
        if one and other and one.text == other.text and None in (one.number, other.number):
            # Where only one side knows the unrounded number, the text decides.
            continue
        quantities = _quantity(one), _quantity(other)
        old, new = (value.text if value else None for value in (one, other))
        yield ReportChange(ChangeKind.VALUE, name, "", old, new, quantities)


def _quantity(value: ValueText | None) -> Quantity | None:
    return parse_quantity(value.text, value.number) if value else None


def _compare_shown(before: Contents, after: Contents) -> Iterator[ReportChange]:
    for label, one, other in changed(before.shown, after.shown):
        kind = ChangeKind.FIGURE if label.startswith("fig-") else ChangeKind.TABLE
        if one is None or other is None:
            old, new = (_in_brief(side) if side else None for side in (one, other))
            yield ReportChange(kind, label, "", old, new)
            continue
        if one.caption and other.caption and one.caption != other.caption:
            yield ReportChange(kind, label, "caption", one.caption, other.caption)
        for where, old, new, column in compare_grids(one.grid, other.grid):
            quantities = (None if text is None else parse_quantity(text, column=column) for text in (old, new))
            yield ReportChange(kind, label, where, old, new, (next(quantities), next(quantities)))


def _in_brief(shown: ShownTable) -> str:
    rows = max(len(shown.grid) - 1, 0)
    return f"{shown.caption} ({counted(rows, 'row')})".strip()


def count_changes(changes: Sequence[ReportChange]) -> str:
    """Say how many things changed: "2 values, 3 places in 1 table, 1 paragraph"; empty for none."""
    counts = []
    for kind in ChangeKind:
        names = [change.name for change in changes if change.kind is kind]
        if names and kind in (ChangeKind.TABLE, ChangeKind.FIGURE):
            counts.append(f"{counted(len(names), 'place')} in {counted(len({*names}), kind)}")
        elif names:
            counts.append(counted(len(names), "paragraph" if kind is ChangeKind.NARRATIVE else kind))
    return ", ".join(counts)
