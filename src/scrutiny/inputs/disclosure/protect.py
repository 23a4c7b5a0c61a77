"""Disclosure control: small counts of people are hidden, and with them what they could be worked out from.

The rule and its limits: `docs/explanation/disclosure.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import pandas as pd

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.datapackage import LINE, PUBLIC, Disclosure, Resource
from scrutiny.inputs.disclosure.additive import Vector, always_known, counted, implied, revealed_by
from scrutiny.inputs.disclosure.copy import Protection
from scrutiny.inputs.disclosure.rounding import counts_behind, left_by, rounded, tells
from scrutiny.inputs.disclosure.span import Span, direction
from scrutiny.inputs.figures import ILLUSTRATIVE, Category, Figure, figures_of, rounding_of
from scrutiny.inputs.relations import totals

HIDDEN = "c"
"""The symbol in place of a hidden figure."""
_MEASURED = ("minutes", "seconds", "fte", "gbp_million")
"""Statistics that neither count people nor are computed from such counts."""


def protected(resource: Resource, rows: pd.DataFrame, altered: Protection | None = None) -> pd.DataFrame:
    """Give a dataset, as `read_dataset` gives it, as it may be shown; `altered` is its `protection`, if known."""
    if altered is None:
        altered = protection(resource, rows)
    if not altered:
        return rows
    shown = rows.copy()
    of_rows = shown[LINE].isin(altered)
    new = [altered[line] for line in shown.loc[of_rows, LINE]]
    shown.loc[of_rows, "value"] = [float("nan") if value is None else float(value) for value, _ in new]
    shown.loc[of_rows, "symbol"] = [symbol for _, symbol in new]
    return shown


def protection(resource: Resource, rows: pd.DataFrame) -> dict[int, tuple[int | None, str]]:
    """Say which lines of a dataset's file get another value, None if it is hidden, and which symbol.

    Raises WrongInput if a count that is to be hidden follows from published figures.
    """
    rule = resource.disclosure
    if not rule.persons or rows["status"].isin([*PUBLIC, ILLUSTRATIVE]).all():
        return {}
    figures = [figure for figure in figures_of(resource, rows) if not figure.illustrative]
    hidden: set[int] = set()
    exposed: list[Figure] = []
    for group in _groups(resource, figures):
        if any(_is_small(figure.value, rule) and not figure.published for figure in group if figure.is_count):
            exposed += _follow_from_published(resource, group)
        hidden |= _hidden(resource, group)
    if exposed:
        what = f"this is fewer than {rule.threshold} people, and published figures give the number away"
        instead = "make its status published if it is public too; otherwise leave it out, with the symbol x"
        places = (Location(f"data/{resource.path}", figure.line, "value") for figure in exposed)
        raise WrongInput([Problem(what, place, instead) for place in places])
    altered: dict[int, tuple[int | None, str]] = {}
    counts_of = counts_behind(resource, [figure for figure in figures if figure.position not in hidden])
    for figure in figures:
        if figure.position in hidden:
            altered[figure.line] = (None, HIDDEN)
        elif figure.value is not None and rounding_of(resource, figure.statistic, figure.status):
            told = any(tells(pairs, left_by(name, figure.value, pairs, rule)) for name, pairs in counts_of(figure))
            shown_as = rounded(figure.statistic, figure.value, rule)
            altered[figure.line] = (None, HIDDEN) if told else (shown_as, figure.symbol)
    return altered


def _groups(resource: Resource, figures: Iterable[Figure]) -> list[list[Figure]]:
    """Separate what never adds up together: categories that differ in a field of which no value is a total."""
    groups: dict[Category, list[Figure]] = defaultdict(list)
    undivided = [position for position, field in enumerate(resource.category_fields) if not field.parts_of]
    for figure in figures:
        groups[tuple(figure.category[position] for position in undivided)].append(figure)
    return list(groups.values())


def _hidden(resource: Resource, figures: Sequence[Figure]) -> set[int]:
    """Give the positions of the figures of a group that are not shown.

    Counts are shown from the largest down, unless one would give away what is hidden. So the smallest are hidden,
    and none needlessly.
    """
    rule = resource.disclosure
    counts = [figure for figure in figures if figure.is_count]
    hidden = [figure for figure in counts if figure.symbol == HIDDEN]
    hidden += [figure for figure in counts if not figure.published and _is_small(figure.value, rule)]
    secret: list[Vector] = [counted(figure.statistic, figure.category, figure.period) for figure in hidden]
    secret += [vector for vector, value in implied(resource, figures) if _is_small(value, rule)]
    if not secret:
        return set()
    known = _Known(_public_knowledge(resource, figures), secret)
    positions = {figure.position for figure in hidden}
    due = [figure for figure in counts if not figure.published and figure.value is not None]
    for figure in sorted(due, key=_order):
        if figure.position not in positions and not known.may_reveal(revealed_by(figure) or {}):
            positions.add(figure.position)
            hidden.append(figure)
    places = {(figure.category, figure.period) for figure in hidden}
    for figure in figures:
        if figure.is_count or figure.published or figure.value is None or figure.statistic in _MEASURED:
            continue
        categories = {figure.category, *totals(resource, figure.category)}
        periods = {figure.period, figure.base}
        computed_from_hidden = any((category, period) in places for category in categories for period in periods)
        if computed_from_hidden or not known.may_reveal(revealed_by(figure) or {}):
            positions.add(figure.position)
    return positions


class _Known:
    """What a reader knows, and the secrets that do not follow from it yet."""

    def __init__(self, at_first: Iterable[Vector], secrets: Iterable[Vector]) -> None:
        self._span = _span_of(at_first)
        self._secrets = {direction(left): left for left in map(self._span.reduced, secrets) if left}

    def may_reveal(self, vector: Vector) -> bool:
        """Let the reader know this unless a secret would follow, and say whether that was done."""
        if direction(self._span.reduced(vector)) in self._secrets:
            return False
        pivot = self._span.add(vector)
        for name, secret in list(self._secrets.items()):
            if pivot in secret:
                del self._secrets[name]
                left = self._span.reduced(secret)
                self._secrets[direction(left)] = left
        return True


def _public_knowledge(resource: Resource, figures: Sequence[Figure]) -> Iterator[Vector]:
    """Write what a reader knows before any figure is shown that is not published."""
    yield from always_known(resource, figures)
    yield from filter(None, (revealed_by(figure) for figure in figures if figure.published))


def _span_of(vectors: Iterable[Vector]) -> Span:
    span = Span()
    for vector in vectors:
        span.add(vector)
    return span


def _follow_from_published(resource: Resource, figures: Sequence[Figure]) -> list[Figure]:
    """Give the small counts that their own source's published figures give away."""
    exposed: list[Figure] = []
    for source in sorted({figure.source for figure in figures}):
        own = [figure for figure in figures if figure.source == source]
        span = _span_of(_public_knowledge(resource, own))
        exposed += [
            figure
            for figure in own
            if figure.is_count and not figure.published and _is_small(figure.value, resource.disclosure)
            if not span.reduced(counted(figure.statistic, figure.category, figure.period))
        ]
    return exposed


def _order(figure: Figure) -> tuple[bool, Decimal, int]:
    """Order counts as they are shown: zeros first, because they protect least, then the largest."""
    return figure.amount != 0, -figure.amount, figure.position


def _is_small(value: Decimal | None, rule: Disclosure) -> bool:
    return value is not None and 0 < value < rule.threshold
