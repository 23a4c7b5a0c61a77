"""Tables that divide a whole into its parts; a share always says what it is a share of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Level, Table, TableCell, TableRow
from scrutiny.inputs.dataset import Dataset
from scrutiny.statistics import wording
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
        A pair of columns each. Where the base was not published, a published share, of the measure ``…_share``,
        takes the place of the computed one.
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
            cells += [_plain(figure, 1), _share_cell(report, name, window, whole, outside)]
        rows.append(TableRow(one.title, cells, level, (one,)))
    return Table(columns, rows)


def _share_cell(report: Report, name: str, window: str, whole: str, outside: str) -> TableCell:
    if name == outside:
        return TableCell("not in the base")
    total, excluded = (report.measure(each).figure(window) for each in (whole, outside))
    number = None if total.number is None or excluded.number is None else total.number - excluded.number
    base = combine((total, excluded), number, "the whole less a part")
    part = base if name == whole else report.measure(name).figure(window)
    computed = share(part, base)
    published = f"{name}_share"
    if computed.number is None and published in report.project.measures:
        computed = report.measure(published).figure(window)
    return _plain(computed, 1)


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
        return TableRow(head, [_plain(datum, 2), _plain(share(datum, total), 2)], level)

    parts: dict[str, list[str]] = defaultdict(list)
    pairs = figures.rows[["function", "sub_function"]].drop_duplicates().astype(str)
    for function, part in pairs.itertuples(index=False):
        if function != ALL:
            parts[function] += [part] if part != ALL else []
    whole = {function: officers(function, ALL) for function in parts}
    rows = []
    for function in sorted(parts, key=lambda each: (-(whole[each].number or 0), each)):
        rows.append(row(function, whole[function], Level.TOTAL))
        rows += [
            row(part, officers(function, part), Level.PART) for part in sorted(parts[function], key=str.casefold)
        ]
    rows.append(row("All officers", total, Level.TOTAL))
    return Table(["Function", "Officers, FTE", "Share of all officers, %"], rows)


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
            _plain(datum, 0) if name is None else TableCell.datum(report.measure(name), datum)
            for name, datum in zip(names, data, strict=True)
        ]
        cells.insert(1, _plain(share(data[0], whole), 1))
        measures = tuple(report.measure(name) for name in names if name)
        rows.append(TableRow(group, cells, Level.TOTAL if group == share_of else Level.ROW, measures))
    first, second, *others = columns
    return Table([first, second, f"Share of {share_of[:1].lower()}{share_of[1:]}, %", *others], rows)


def _plain(datum: Datum, places: int) -> TableCell:
    """Show a figure without its unit, which is in the head of its column."""
    text = "" if datum.number is None else wording.number(datum.number, places)
    return TableCell(datum.marked(text), {"": datum})
