"""Tables that divide a whole into its parts; a share always says what it is a share of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Cell, Level, Row, Table
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
    """Tabulate spend by category, each with its share of the whole less what lies outside it.

    Parameters
    ----------
    categories : mapping of str to Level
        Measures of spend, in the order of the rows, and what each is among them.
    whole, outside : str
        Measures: the total, and the category that has no share and is left out of the shares' base.
    windows : sequence of str
        A pair of columns each. A share published as such, of the measure ``…_share``, stands where the
        base was not published.
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
        rows.append(Row(one.title, cells, level))
    return Table(columns, rows)


def _share_cell(report: Report, name: str, window: str, whole: str, outside: str) -> Cell:
    if name == outside:
        return Cell("not in the base")
    total, left_out = (report.measure(each).figure(window) for each in (whole, outside))
    base = _difference(total, left_out)
    part = base if name == whole else report.measure(name).figure(window)
    computed = share(part, base)
    published = f"{name}_share"
    if computed.number is None and published in report.project.measures:
        computed = report.measure(published).figure(window)
    return _plain(computed, 1)


def workforce_census(figures: Dataset, period: Period) -> Table:
    """Tabulate officers by function and sub-function, largest function first, with their share of all.

    Parameters
    ----------
    figures : Dataset
        Full time equivalents (``fte``) by the columns `function` and `sub_function`, in which ``All``
        names a total.

    Returns
    -------
    Table
        With the force's total as its last row. Sub-functions are in alphabetical order, as in the census.
    """
    total = _officers(figures, period, ALL, ALL)
    rows = []
    named = figures.rows[["function", "sub_function"]].drop_duplicates()
    pairs = [(str(function), str(part)) for function, part in named.itertuples(index=False) if function != ALL]
    by_function = {
        function: sorted((part for _, part in group if part != ALL), key=str.casefold)
        for function, group in groupby(sorted(pairs), key=lambda pair: pair[0])
    }
    whole = {function: _officers(figures, period, function, ALL) for function in by_function}
    for function in sorted(by_function, key=lambda each: (-(whole[each].number or 0), each)):
        rows.append(_census_row(function, whole[function], total, Level.TOTAL))
        rows += [
            _census_row(part, _officers(figures, period, function, part), total, Level.PART)
            for part in by_function[function]
        ]
    rows.append(_census_row("All officers", total, total, Level.TOTAL))
    return Table(["Function", "Officers, FTE", "Share of all officers, %"], rows)


def _officers(figures: Dataset, period: Period, function: str, part: str) -> Datum:
    chosen = figures.where({"function": function, "sub_function": part}, asked_by="the workforce census")
    return chosen.figure(period, "fte")


def _census_row(head: str, officers: Datum, total: Datum, level: Level) -> Row:
    return Row(head, [_plain(officers, 2), _plain(share(officers, total), 2)], level)


def by_group(
    report: Report,
    groups: Mapping[str, Sequence[str | None]],
    columns: Sequence[str],
    window: str,
    *,
    share_of: str,
) -> Table:
    """Tabulate several measures by group: a row a group, a column a measure, and a share of the first.

    Parameters
    ----------
    groups : mapping of str to sequence of (str or None)
        Head of the row to its measures; None where nothing was published.
    columns : sequence of str
        Heads: that of the groups, and of each measure.
    share_of : str
        Head of the row that is the whole of which the first measure's share is shown beside it.
    """

    def figures(names: Sequence[str | None]) -> list[Datum]:
        return [NOT_SUPPLIED if name is None else report.measure(name).figure(window) for name in names]

    whole = figures(groups[share_of])[0]
    rows = []
    for group, names in groups.items():
        data = figures(names)
        cells = [
            Cell(datum.marked(""), {"": datum}) if name is None else Cell.datum(report.measure(name), datum)
            for name, datum in zip(names, data, strict=True)
        ]
        cells.insert(1, _plain(share(data[0], whole), 1))
        rows.append(Row(group, cells, Level.TOTAL if group == share_of else Level.ROW))
    first, second, *others = columns
    return Table([first, second, f"Share of {share_of[:1].lower()}{share_of[1:]}, %", *others], rows)


def _difference(whole: Datum, part: Datum) -> Datum:
    number = None if whole.number is None or part.number is None else whole.number - part.number
    return combine((whole, part), number, "the whole less a part")


def _plain(datum: Datum, places: int) -> Cell:
    """Show a figure without its unit, which the head of its column names."""
    text = "" if datum.number is None else wording.number(datum.number, places)
    return Cell(datum.marked(text), {"": datum})
