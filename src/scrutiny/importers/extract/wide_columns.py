"""Columns of figures of a wide table that cannot be what their names say: the same twice, or a year label lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby, pairwise
from operator import itemgetter

from scrutiny.errors import Problem
from scrutiny.importers.extract.header_names import guessed_spans
from scrutiny.importers.extract.labels import letters
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.files.cells import SourceTable
from scrutiny.statistics.periods import Period

_STEPS = {"month": (1,), "quarter": (3,), "financial_year": (12,), "calendar_year": (12,), "year_to": (1, 3, 12)}
"""Months from one period to the next, by how periods are written."""


def wrong_columns(
    table: SourceTable, first: int, names: Sequence[str], wide: Mapping[int, str | Period], mapping: MappingFile
) -> Iterator[Problem]:
    """Find columns of figures that are of the same, and those below a label that may not be theirs."""
    if doubtful := list(_doubtful_labels(table, first, names, wide, mapping)):
        yield from doubtful
        return
    line = table.rows[first + mapping.header_rows - 1][0]
    columns: dict[str | Period, list[int]] = defaultdict(list)
    for column, of in wide.items():
        columns[of].append(column)
    for of, same in columns.items():
        if len(same) > 1:
            shown = " and ".join(f"{names[column]!r} ({letters(column)})" for column in same)
            what = f"the columns {shown} are {'both' if len(same) == 2 else 'all'} {of}"
            yield Problem(what, table.place(line, names[same[0]]), "keep one, and correct the name of the other")


def _doubtful_labels(
    table: SourceTable, first: int, names: Sequence[str], wide: Mapping[int, str | Period], mapping: MappingFile
) -> Iterator[Problem]:
    """Find labels that seem to go on above columns of another year, whose own label has been lost.

    Periods below one label follow each other, in one direction in the whole table.
    """
    allowed = _STEPS.get(mapping.period or "", ())
    spans: list[tuple[str, list[int], list[int]]] = []
    for label, same in groupby(guessed_spans(table, first, mapping.header_rows), key=itemgetter(0)):
        # A label that is there again, or above each of its columns, is one label.
        columns = chain.from_iterable(span for _, span in same)
        dated = [(column, of) for column in columns if isinstance(of := wide.get(column), Period)]
        steps = [after.months_since(before) for (_, before), (_, after) in pairwise(dated)]
        spans.append((label, [column for column, _ in dated], steps))
    steps = [step for _, _, found in spans for step in found]
    backwards = len(steps) > 1 and all(step < 0 for step in steps)
    usual = {abs(step) for step in steps if abs(step) in allowed}
    for label, dated_columns, found in spans:
        for column, step in zip(dated_columns[1:], found, strict=True):
            if abs(step) not in usual or len(usual) > 1 or (step < 0) != backwards:
                before = dated_columns[dated_columns.index(column) - 1]
                what = f"below {label!r}, {names[column]!r} comes after {names[before]!r}"
                instead = "write the year above each month, or merge each year over its own months"
                place = table.place(table.rows[first][0], f"column {letters(column)}")
                yield Problem(what, place, instead)
                break
