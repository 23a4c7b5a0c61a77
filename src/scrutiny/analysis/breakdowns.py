"""Tables that divide a whole into its parts; a share always says what it is a share of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest

from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Level, Table, TableCell, TableRow, by_column, totals_among
from scrutiny.inputs.dataset import Dataset
from scrutiny.statistics.datum import NOT_SUPPLIED, Datum, combine, share
from scrutiny.statistics.periods import Period

ALL = "All"
"""Value of a topic column in the rows of a total of the workforce census."""


def spend(
    report: Report,
    categories: Mapping[str, Level],
    *,
    whole: str,
    outside: str,
    windows: Sequence[str] = ("quarter_last_year", "quarter"),
) -> Table:
    """Tabulate spend by category, each with its share of the whole less the category outside the shares' base.

    Parameters
    ----------
    categories : mapping of str to Level
        Measures of spend, in the order of the rows, with their levels.
    whole, outside : str
        Measures: the total, and the category that has no share and is no part of the base.
    windows : sequence of str
        A pair of columns each. The share is that of the measure ``…_share``, if there is one.
    """
    columns = ["Category"]
    for window in windows:
        months = report.period(window).short_label
        columns += [f"{months}, £m", f"Share of spend without “{report.measure(outside).title}”, %"]
    rows = []
    for name, level in categories.items():
        one = report.measure(name)
        cells = []
        for window in windows:
            figure = one.figure(window)
            cells += [TableCell.plain(figure, 1), _share_cell(report, name, window, whole, outside)]
        rows.append(TableRow(one.title, cells, level, (one,)))
    return Table(columns, rows, by_column(rows, totals_among([report.measure(name) for name in categories])))


def _share_cell(report: Report, name: str, window: str, whole: str, outside: str) -> TableCell:
    if name == outside:
        return TableCell("not in the base", shown=Decimal(0))
    share_of_it = f"{name}_share"
    if share_of_it in report.project.measures:
        # Sentences quote this measure.
        return TableCell.plain(report.measure(share_of_it).figure(window), 1)
    total, excluded = (report.measure(each).figure(window) for each in (whole, outside))
    number = None if total.number is None or excluded.number is None else total.number - excluded.number
    base = combine((total, excluded), number, "the whole less a part")
    return TableCell.plain(share(base if name == whole else report.measure(name).figure(window), base), 1)


def workforce_census(figures: Dataset, period: Period) -> Table:
    """Tabulate officers by function and sub-function, with their share of all; the force's total comes last.

    Functions are in order of size, sub-functions in alphabetical order, as in the census.

    Parameters
    ----------
    figures : Dataset
        Full time equivalents (``fte``) by `function` and `sub_function`, columns in which ``All`` names a total.
    """

    def officers(function: str, part: str) -> Datum:
        chosen = figures.where({"function": function, "sub_function": part}, asked_by="the workforce census")
        return chosen.figure(period, "fte")

    total = officers(ALL, ALL)

    def row(head: str, datum: Datum, level: Level) -> TableRow:
        return TableRow(head, [TableCell.plain(datum, 2), TableCell.plain(share(datum, total), 2)], level)

    parts: dict[str, list[str]] = defaultdict(list)
    pairs = figures.rows[["function", "sub_function"]].drop_duplicates().astype(str)
    for function, part in pairs.itertuples(index=False):
        if function != ALL:
            parts[function] += [part] if part != ALL else []
    whole = {function: officers(function, ALL) for function in parts}
    rows: list[TableRow] = []
    totals: dict[int, list[int]] = {}
    for function in sorted(parts, key=lambda each: (-(whole[each].number or 0), each)):
        totals[len(rows)] = list(range(len(rows) + 1, len(rows) + 1 + len(parts[function])))
        rows.append(row(function, whole[function], Level.TOTAL))
        rows += [
            row(part, officers(function, part), Level.PART) for part in sorted(parts[function], key=str.casefold)
        ]
    totals[len(rows)] = list(totals)
    rows.append(row("All officers", total, Level.TOTAL))
    sums = by_column(rows, ((total, of) for total, of in totals.items() if of))
    return Table(["Function", "Officers, FTE", "Share of all officers, %"], rows, sums)


def by_group(
    report: Report,
    groups: Mapping[str, Sequence[str | None]],
    columns: Sequence[str],
    window: str,
    *,
    share_of: str,
) -> Table:
    """Tabulate several measures by group: a row a group, a column a measure, and each group's share of the first.

    Parameters
    ----------
    groups : mapping of str to sequence of (str or None)
        Head of the row to its measures; None where nothing was published.
    columns : sequence of str
        Heads: that of the groups, and of each measure.
    share_of : str
        Head of the row that is the whole of the shares.
    """

    def figures(names: Sequence[str | None]) -> list[Datum]:
        return [NOT_SUPPLIED if name is None else report.measure(name).figure(window) for name in names]

    whole = figures(groups[share_of])[0]
    rows = []
    for group, names in groups.items():
        data = figures(names)
        cells = [
            TableCell.plain(datum, 0) if name is None else TableCell.datum(report.measure(name), datum)
            for name, datum in zip(names, data, strict=True)
        ]
        cells.insert(1, TableCell.plain(share(data[0], whole), 1))
        measures = tuple(report.measure(name) for name in names if name)
        rows.append(TableRow(group, cells, Level.TOTAL if group == share_of else Level.ROW, measures))
    sums = [
        (rows[total].cells[place], [rows[part].cells[place] for part in parts])
        for place, names in enumerate(zip_longest(*groups.values()))
        for total, parts in totals_among([report.measure(name) if name else None for name in names])
        # The shares are of the first measure, and stand beside it.
        for place in ([0, 1] if place == 0 else [place + 1])
    ]
    first, second, *others = columns
    return Table([first, second, f"Share of {share_of[:1].lower()}{share_of[1:]}, %", *others], rows, sums)
