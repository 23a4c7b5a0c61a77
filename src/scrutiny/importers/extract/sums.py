"""Figures of an extract that are the sum of several rows, as its mapping asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from scrutiny.errors import Location, Problem
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.offer import OfferedRow

_Parts = tuple[str, ...]
_SHOWN = 3
_FIGURE = ("value", "symbol")


@dataclass
class Sums:
    """Collects the parts of sums by key, and what was refused of them."""

    mapping: MappingFile
    key: Sequence[str]
    """The columns of the dataset that identify a figure."""
    parts: dict[tuple[str, ...], dict[_Parts, OfferedRow]] = field(default_factory=lambda: defaultdict(dict))
    refused: list[tuple[Mapping[str, str], Location | None]] = field(default_factory=list)
    """What is known of a row or figure that could not be read, and its place."""
    problems: list[Problem] = field(default_factory=list)

    def add(self, part: _Parts, row: OfferedRow) -> None:
        """Add a figure of a part, such as a district."""
        parts = self.parts[tuple(row.cells.get(name, "") for name in self.key)]
        first = next(iter(parts.values()), row)
        if part in parts:
            what = f"{self._named(part)} occurs twice in one sum, here and in row {parts[part].place.line}"
            instead = "take one of the two out, or name under sum another column in which they differ"
            self.refuse(Problem(what, row.place, instead), row.cells)
        elif other := next((name for name in row.cells if _differs(name, first, row)), None):
            what = f"{other} is {row.cells[other]!r} here, but {first.cells[other]!r} in row {first.place.line}"
            self.refuse(Problem(f"{what}, of the same sum", row.place, "export them together"), row.cells)
        else:
            parts[part] = row

    def refuse(self, problem: Problem, known: Mapping[str, str]) -> None:
        """Refuse a figure, and with it the sums that it may belong to."""
        self.problems.append(problem)
        self.refused.append((known, None))

    def _named(self, part: _Parts) -> str:
        return ", ".join(f"{name} {text!r}" for name, text in zip(self.mapping.sum, part, strict=True))

    def finish(self) -> tuple[list[OfferedRow], list[Problem], list[str]]:
        """Add up; give the sums, what is refused, and notes on what was added up."""
        self._find_totals()
        spoilt = self._spoilt()
        if not self.mapping.zeros_omitted:
            spoilt |= self._incomplete(spoilt)
        rows = [_sum(parts.values()) for key, parts in self.parts.items() if key not in spoilt]
        notes = []
        if rows:
            added = sum(len(parts) for key, parts in self.parts.items() if key not in spoilt)
            notes.append(f"added up over {', '.join(self.mapping.sum)}: {added:,} figures to {len(rows):,}")
        fewer = sum(len(parts) < len(self._all_parts()) for parts in self.parts.values())
        if self.mapping.zeros_omitted and fewer:
            notes.append(f"sums with fewer rows than others, taken for zero: {fewer:,}")
        return rows, self.problems, notes

    def _all_parts(self) -> set[_Parts]:
        return {part for parts in self.parts.values() for part in parts}

    def _spoilt(self) -> set[tuple[str, ...]]:
        """Find the sums that a refused figure or row may belong to, and tell of them."""
        spoilt: set[tuple[str, ...]] = set()
        for known, place in self.refused:
            wanted = [(at, known[name]) for at, name in enumerate(self.key) if name in known]
            found = {key for key in self.parts if all(key[at] == cell for at, cell in wanted)}
            if found and place is not None:
                sums = "1 sum is" if len(found) == 1 else f"{len(found):,} sums are"
                what = f"{sums} not taken, because this may be part of {'it' if len(found) == 1 else 'them'}"
                self.problems.append(Problem(what, place, "correct what is refused here"))
            spoilt |= found
        return spoilt

    def _incomplete(self, spoilt: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
        """Find the sums that lack a part that others have."""
        everything = self._all_parts()
        found = set()
        for key, parts in self.parts.items():
            if key in spoilt or not (missing := sorted(everything - set(parts))):
                continue
            found.add(key)
            shown = "; ".join(map(self._named, missing[:_SHOWN])) + ("; …" if len(missing) > _SHOWN else "")
            what = f"the sum of {', '.join(key)} has no row for {shown}"
            instead = "export it, or set zeros_omitted in the mapping if the file leaves rows of zero out"
            self.problems.append(Problem(what, next(iter(parts.values())).place, instead))
        return found

    def _find_totals(self) -> None:
        """Refuse a part that in each sum, of which there are several, is as much as all others together."""
        values: dict[_Parts, list[tuple[Decimal, Decimal]]] = defaultdict(list)
        for parts in self.parts.values():
            total = sum(Decimal(row.cells["value"]) for row in parts.values())
            for part, row in parts.items():
                if len(parts) > 2 and total:
                    own = Decimal(row.cells["value"])
                    values[part].append((own, total - own))
        for part, pairs in values.items():
            if len(pairs) > 1 and all(own == others for own, others in pairs):
                what = f"{self._named(part)} is in each sum as much as all others: it looks like their total"
                first = next(parts[part] for parts in self.parts.values() if part in parts)
                self.problems.append(Problem(what, first.place, "name it under leave_out in the mapping"))
                self.refused.append(({}, None))


def _differs(name: str, one: OfferedRow, other: OfferedRow) -> bool:
    return name not in _FIGURE and one.cells.get(name) != other.cells.get(name)


def _sum(parts: Iterable[OfferedRow]) -> OfferedRow:
    rows = list(parts)
    symbols = {row.cells.get("symbol", "") for row in rows}
    symbol = next((mark for mark in ("p", "r") if mark in symbols), "")
    value = format(sum((Decimal(row.cells["value"]) for row in rows), Decimal(0)), "f")
    return OfferedRow({**rows[0].cells, "value": value} | ({"symbol": symbol} if symbol else {}), rows[0].place)
