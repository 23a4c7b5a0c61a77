"""What follows from known sums: vectors over the rationals, and exactly what they span."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Variable = tuple[Any, ...]


class Span:
    """The vectors that are combinations of those added; each is a sparse mapping of variable to coefficient."""

    def __init__(self) -> None:
        self._basis: list[tuple[Variable, dict[Variable, Fraction]]] = []
        self._place: dict[Variable, int] = {}

    def reduced(self, vector: Mapping[Variable, Fraction]) -> dict[Variable, Fraction]:
        """Give what remains unknown of a vector; empty if it is a combination of those added.

        The same remains of two vectors if, and only if, their difference is such a combination.
        """
        left = {variable: value for variable, value in vector.items() if value}
        # No vector of the basis has the pivot of an earlier one: one pass in their order is enough.
        due = [self._place[variable] for variable in left if variable in self._place]
        heapq.heapify(due)
        while due:
            pivot, known = self._basis[heapq.heappop(due)]
            factor = left.get(pivot)
            if not factor:
                continue
            for variable, coefficient in known.items():
                value = left.get(variable, 0) - factor * coefficient
                if not value:
                    del left[variable]
                    continue
                if variable not in left and variable in self._place:
                    heapq.heappush(due, self._place[variable])
                left[variable] = value
        return left

    def add(self, vector: Mapping[Variable, Fraction]) -> Variable | None:
        """Add a vector; give the variable that no reduced vector has from now on, or None if nothing is new."""
        left = self.reduced(vector)
        if not left:
            return None
        pivot = next(iter(left))
        self._place[pivot] = len(self._basis)
        self._basis.append((pivot, {variable: value / left[pivot] for variable, value in left.items()}))
        return pivot


def direction(vector: Mapping[Variable, Fraction]) -> frozenset[tuple[Variable, Fraction]]:
    """Give what a vector has in common with its multiples, and with no other vector."""
    if not vector:
        return frozenset()
    first = vector[min(vector)]
    return frozenset((variable, value / first) for variable, value in vector.items())
