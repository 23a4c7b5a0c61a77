"""Which values of a field divide another between them: the property `partsOf` of a field in the data package."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

OTHERS = "*"
"""Stands for all other values of the field: `partsOf: {All: "*"}`."""


def _as_partitions(given: Any) -> Any:
    """Write one partition as a list of one, because a total may be divided in several ways."""
    if given == OTHERS:
        return [[OTHERS]]
    if isinstance(given, list | tuple) and given and all(isinstance(value, str) for value in given):
        return [given]
    return given


Partition = tuple[str, ...]
"""Values that do not overlap and make up the total."""
PartsOf = Mapping[str, Annotated[tuple[Partition, ...], BeforeValidator(_as_partitions)]]
"""Totals, and the ways in which each is divided."""


def wrong_parts(parts_of: PartsOf, enum: Collection[str] | None) -> str | None:
    """Say what is wrong with a field's `partsOf`; None if it is right. Without an enum any value is possible."""
    for total, partitions in parts_of.items():
        if not partitions:
            return f"partsOf gives no parts of {total!r}"
        for parts in partitions:
            if wrong := _wrong_partition(total, parts, enum):
                return wrong
    if circle := next((total for total in parts_of if total in _below(total, parts_of)), None):
        return f"partsOf makes {circle!r} a part of its own parts"
    return None


def _wrong_partition(total: str, parts: Partition, enum: Collection[str] | None) -> str | None:
    if parts == (OTHERS,):
        return None if enum is None or total in enum else f"partsOf divides {total!r}, which enum does not have"
    if enum is None:
        return f'partsOf can name parts only where the field has an enum; write {{{total}: "*"}} for all others'
    if unknown := next((name for name in (total, *parts) if name not in enum), None):
        return f"partsOf names {unknown!r}, which enum does not have"
    if len(parts) < 2:
        return f"partsOf divides {total!r} into fewer than two parts"
    if len(set(parts)) < len(parts):
        return f"partsOf names a part of {total!r} twice"
    return None


def _below(total: str, parts_of: PartsOf) -> set[str]:
    """Give all parts of a total, their parts, and so on."""
    below: set[str] = set()
    due = {total}
    while due:
        due = {part for name in due for partition in parts_of.get(name, ()) for part in partition} - below
        below |= due
    return below
