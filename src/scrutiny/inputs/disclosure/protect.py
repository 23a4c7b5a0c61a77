"""Disclosure control: small counts of people are hidden, and with them what they could be worked out from.

The rule and its limits stand in `docs/disclosure.md`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

import pandas as pd

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.datapackage import LINE, Resource
from scrutiny.inputs.disclosure.additive import (
    PUBLIC,
    Figure,
    Unknown,
    Vector,
    always_known,
    counted,
    figures_of,
    implied,
    told_by,
)
from scrutiny.inputs.disclosure.copy import Protection
from scrutiny.inputs.disclosure.span import Span, direction
from scrutiny.inputs.disclosure_rule import Disclosure
from scrutiny.inputs.relations import Kind, kind_fields, totals

HIDDEN = "c"
"""The symbol that stands in place of a hidden figure."""
_MEASURED = ("minutes", "seconds", "fte", "gbp_million")
"""Statistics that neither count people nor are computed from such counts."""


def protected(resource: Resource, rows: pd.DataFrame, altered: Protection | None = None) -> pd.DataFrame:
    """Give a dataset as it may be shown.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `read_dataset` gives them.
    altered : Protection, optional
        What `protection` returned for these rows, where that is known.

    Raises
    ------
    WrongInput
        If a count that is to be hidden follows from figures that are published already.
    """
    if altered is None:
        altered = protection(resource, rows)
    if not altered:
        return rows
    shown = rows.copy()
    of_rows = shown[LINE].isin(altered)
    shown.loc[of_rows, "value"] = [
        float("nan") if altered[line][0] is None else float(str(altered[line][0]))
        for line in shown.loc[of_rows, LINE]
    ]
    shown.loc[of_rows, "symbol"] = [altered[line][1] for line in shown.loc[of_rows, LINE]]
    return shown


def protection(resource: Resource, rows: pd.DataFrame) -> dict[int, tuple[int | None, str]]:
    """Say what stands in place of which figures of a dataset.

    Returns
    -------
    dict of int to (int or None, str)
        Line of the file to the value shown, which is rounded, or None, and to its symbol.

    Raises
    ------
    WrongInput
        If a count that is to be hidden follows from figures that are published already.
    """
    rule = resource.disclosure
    if not rule.persons or rows["status"].isin([*PUBLIC, "illustrative"]).all():
        return {}
    figures = figures_of(resource, rows)
    hidden: set[int] = set()
    exposed: list[Figure] = []
    for group in _groups(resource, figures):
        if any(_is_small(figure.value, rule) and not figure.published for figure in group if figure.is_count):
            exposed += _follow_from_published(resource, group)
        hidden |= _hidden(resource, group)
    lines = rows[LINE]
    if exposed:
        file = f"data/{resource.path}"
        raise WrongInput(
            [
                Problem(
                    f"fewer than {rule.threshold} people, and published figures give the number away",
                    Place(file, int(lines.iloc[figure.position]), "value"),
                    "let its status be published if it is out as well; else leave it out, with the symbol x",
                )
                for figure in exposed
            ]
        )
    altered: dict[int, tuple[int | None, str]] = {}
    for figure in figures:
        line = int(lines.iloc[figure.position])
        if figure.position in hidden:
            altered[line] = (None, HIDDEN)
        elif figure.value is not None and not figure.published and rule.rounding > 1 and _is_number(figure):
            altered[line] = (rule.rounded(figure.value), figure.symbol)
    return altered


def _groups(resource: Resource, figures: Iterable[Figure]) -> list[list[Figure]]:
    """Tell apart what nothing adds up with: kinds that differ in a field of which no value is a total."""
    groups: dict[Kind, list[Figure]] = defaultdict(list)
    undivided = [position for position, field in enumerate(kind_fields(resource)) if not field.parts_of]
    for figure in figures:
        groups[tuple(figure.kind[position] for position in undivided)].append(figure)
    return list(groups.values())


def _hidden(resource: Resource, figures: Sequence[Figure]) -> set[int]:
    """Give the positions of the figures of a group that are not shown.

    Counts are shown from the largest down, unless one would give away what is hidden. So the smallest are hidden,
    and none without need.
    """
    rule = resource.disclosure
    counts = [figure for figure in figures if figure.is_count]
    hidden = [figure for figure in counts if figure.symbol == HIDDEN]
    hidden += [figure for figure in counts if not figure.published and _is_small(figure.value, rule)]
    secret: list[Vector] = [counted(figure.statistic, figure.kind, figure.period) for figure in hidden]
    secret += [vector for vector, value in implied(resource, figures) if _is_small(value, rule)]
    if not secret:
        return set()
    known = _Known(always_known(resource, figures), secret)
    for figure in figures:
        if figure.published and (told := told_by(figure)):
            known.tell(told)
    positions = {figure.position for figure in hidden}
    due = [figure for figure in counts if not figure.published and figure.value is not None]
    for figure in sorted(due, key=_order):
        if figure.position not in positions and not known.may_tell(told_by(figure) or {}):
            positions.add(figure.position)
            hidden.append(figure)
    places = {(figure.kind, figure.period) for figure in hidden}
    for figure in figures:
        if figure.is_count or figure.published or figure.value is None or figure.statistic in _MEASURED:
            continue
        kinds = {figure.kind, *totals(resource, figure.kind)}
        periods = {figure.period, figure.base}
        computed_from_hidden = any((kind, period) in places for kind in kinds for period in periods)
        if computed_from_hidden or not known.may_tell(told_by(figure) or {}):
            positions.add(figure.position)
    return positions


class _Known:
    """What a reader knows, and the secrets that do not follow from it."""

    def __init__(self, at_first: Iterable[Vector], secrets: Iterable[Vector]) -> None:
        self._span: Span[Unknown] = Span()
        for vector in at_first:
            self._span.add(vector)
        self._secrets = {direction(left): left for left in map(self._span.reduced, secrets) if left}

    def tell(self, vector: Vector) -> None:
        """Let the reader know, whatever follows: that can be a secret no more."""
        pivot = self._span.add(vector)
        for name, secret in list(self._secrets.items()):
            if pivot in secret:
                del self._secrets[name]
                if left := self._span.reduced(secret):
                    self._secrets[direction(left)] = left

    def may_tell(self, vector: Vector) -> bool:
        """Let the reader know unless a secret would follow, and say whether that was done."""
        if direction(self._span.reduced(vector)) in self._secrets:
            return False
        self.tell(vector)
        return True


def _follow_from_published(resource: Resource, figures: Sequence[Figure]) -> list[Figure]:
    """Give the small counts that their own source's published figures give away."""
    found = []
    for source in sorted({figure.source for figure in figures}):
        own = [figure for figure in figures if figure.source == source]
        span: Span[Unknown] = Span()
        for vector in always_known(resource, own):
            span.add(vector)
        for figure in own:
            if figure.published and (told := told_by(figure)):
                span.add(told)
        found += [
            figure
            for figure in own
            if figure.is_count and not figure.published and _is_small(figure.value, resource.disclosure)
            if not span.reduced(counted(figure.statistic, figure.kind, figure.period))
        ]
    return found


def _order(figure: Figure) -> tuple[bool, Fraction, int]:
    """Order counts as they are shown: nothing first, for it protects least, then the largest."""
    value = figure.value or Fraction(0)
    return value != 0, -value, figure.position


def _is_small(value: Fraction | None, rule: Disclosure) -> bool:
    return value is not None and 0 < value < rule.threshold


def _is_number(figure: Figure) -> bool:
    return figure.is_count or figure.statistic.startswith("change")
