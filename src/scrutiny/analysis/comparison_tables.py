"""Tables that set figures beside those of another period."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.analysis.table import (
    Level,
    Sum,
    Table,
    TableCell,
    TableRow,
    by_column,
    by_rounding,
    differs,
    totals_among,
)
from scrutiny.errors import Problem, WrongInput
from scrutiny.inputs.measures import Measure
from scrutiny.statistics import wording
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import NOT_APPLICABLE, Datum
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, Period, Quarter, long_date

NO_TARGET = "none set"


def annual_and_quarterly_changes(report: Report, measures: Sequence[str], row_head: str) -> Table:
    """Tabulate each measure's change over the year before, the last year, and the quarter.

    Parameters
    ----------
    measures : sequence of str
        One row each.
    row_head : str
        Head of the first column.
    """
    windows = ("year_before", "year", "quarter")
    columns = [
        row_head,
        *(f"Annual change to {long_date(report.period(window).end)}" for window in windows[:2]),
        f"{report.period('quarter').short_label} on a year before",
    ]
    rows = [
        TableRow(one.title, [TableCell.change(one.comparison(window)) for window in windows], measures=(one,))
        for one in map(report.measure, measures)
    ]
    return Table(columns, rows, by_column(rows, totals_among([report.measure(name) for name in measures])))


def performance(
    report: Report,
    measures: Sequence[str],
    *,
    targets: bool = False,
    row_head: str = "Measure",
    lag_months: int = 0,
    total: str | None = None,
) -> Table:
    """Tabulate each measure's previous 12 months, the change, and the latest 12 months.

    A measure is seen over its own window; the head of its row names the months where they are not those of the
    columns.

    Parameters
    ----------
    measures : sequence of str
        One row each.
    targets : bool
        Whether a last column gives each measure's target, and whether it was met, if any has one.
    row_head : str
        Head of the first column.
    lag_months : int
        By how many months the figures of most rows run behind the report; shifts the heads of the columns.
    total : str, optional
        The measure that the others add up to.

    Raises
    ------
    WrongInput
        If they add up to another figure than that of `total`, by more than rounding explains.
    """
    usual = report.period("year", lag_months)
    rows = []
    targets = targets and has_targets(map(report.measure, measures))
    for name in measures:
        one = report.measure(name)
        window = one.measure.window
        comparison = one.comparison(window)
        # It stands between the two figures, which say another.
        note = f"the change is as it was published; {comparison.otherwise}" if comparison.otherwise else ""
        cells = [
            TableCell.figure(one, SAME_PERIOD_A_YEAR_AGO[window]),
            replace(TableCell.change(comparison), note=note),
            TableCell.figure(one, window),
        ]
        if targets:
            cells.append(TableCell(target_in_brief(one, window)))
        level = Level.TOTAL if name == total else Level.ROW
        rows.append(TableRow(head_with_months(one, window, usual), cells, level, (one,)))
    before, latest = (
        f"12 months to {period.end:%B %Y}" for period in (report.period("year_before", lag_months), usual)
    )
    columns = [row_head, before, "Change", latest]
    totals = [*totals_among([report.measure(name) for name in measures])]
    if total is not None:
        totals.append((measures.index(total), [at for at, name in enumerate(measures) if name != total]))
        _check_total(total, by_column(rows, totals[-1:]))
    return Table([*columns, "Target"] if targets else columns, rows, by_column(rows, totals), _changes(rows))


def head_with_months(measure: ReportedMeasure, window: str, usual: Period) -> str:
    """Give a measure's title, with the months it covers where they are not those of the table's other rows."""
    period = measure.period(window)
    return measure.title if period == usual else f"{measure.title}, {period.short_label}"


def has_targets(measures: Iterable[ReportedMeasure]) -> bool:
    """Whether a column of targets would say more than that there are none."""
    return any(one.measure.target for one in measures)


def target_in_brief(measure: ReportedMeasure, window: str) -> str:
    """Tell a measure's target and whether its figure of a window meets it: "15 min or less: met"."""
    target = measure.measure.target
    if target is None:
        return NO_TARGET
    bound, word = (target.at_least, "more") if target.at_most is None else (target.at_most, "less")
    assert bound is not None  # a target is one of the two
    # It may break before the verdict alone.
    text = wording.unbroken(f"{_bound(measure.measure, bound)} or {word}")
    met = _target_met(measure, window)
    return text if met is None else f"{text}: {'met' if met else 'not met'}"


def _target_met(measure: ReportedMeasure, window: str) -> bool | None:
    target, figure = measure.measure.target, measure.figure(window)
    if target is None or figure.number is None:
        return None
    verdicts = {
        (target.at_least is None or number >= target.at_least)
        and (target.at_most is None or number <= target.at_most)
        for number in figure.bounds
    }
    # A rounded figure may lie on either side of its target.
    return verdicts.pop() if len(verdicts) == 1 else None


def targets_in_words(report: Report, measures: Sequence[str], window: str = "year") -> str:
    """Tell in a sentence how many of the targets were met: "all three targets were met"."""
    verdicts = [_target_met(one, window) for one in map(report.measure, measures) if one.measure.target]
    met, unknown = verdicts.count(True), verdicts.count(None)
    if unknown == len(verdicts):
        return "targets, and the figures beside them"
    total = wording.in_words(len(verdicts))
    if met == len(verdicts):
        return f"all {total} targets were met"
    text = f"{wording.in_words(met)} of {total} targets {'was' if met == 1 else 'were'} met"
    return f"{text}, {wording.in_words(unknown)} cannot be judged" if unknown else text


def by_window(measure: ReportedMeasure, compared: Sequence[tuple[str, Comparison]], row_head: str) -> Table:
    """Tabulate several comparisons of one measure, one row each.

    Parameters
    ----------
    compared : sequence of (str, Comparison)
        Head of the row, which says what is compared with what, and the comparison.
    row_head : str
        Head of the first column.
    """
    rows = [
        TableRow(
            head,
            [TableCell.datum(measure, one.before), TableCell.change(one), TableCell.datum(measure, one.after)],
        )
        for head, one in compared
    ]
    return Table([row_head, "Before", "Change", "Latest"], rows, changes=_changes(rows))


def _check_total(name: str, sums: Sequence[Sum]) -> None:
    for total, parts in sums:
        # One row beside a total is an example of its parts.
        if len(parts) > 1 and differs(total, parts) > by_rounding(total, parts):
            added = wording.listed([part.text for part in parts])
            what = f"{name} is not what the other rows of its table add up to: {total.text}, of {added}"
            raise WrongInput(Problem(what, hint="correct the data, or let the table have no `total`"))


def _changes(rows: Sequence[TableRow]) -> list[Sum]:
    """Say of rows of an earlier figure, the change and the later one that the first two make the last."""
    return [(later, (before, change)) for before, change, later in (row.cells[:3] for row in rows)]


def months_by_financial_year(measure: ReportedMeasure, years: int = 4) -> Table:
    """Tabulate a measure's months, a row a month and a column a financial year, with the years' totals.

    Parameters
    ----------
    measure : ReportedMeasure
        A count.
    years : int
        How many financial years, that of the quarter included. Its months to come are not yet due.
    """
    due = measure.period("quarter").end
    last = Quarter.containing(due).year
    # Years before the first figure say nothing.
    columns = {
        Quarter(year, 1).financial_year: months
        for year in range(last - years + 1, last + 1)
        for months in [Period(Quarter(year, 1).period.start, Quarter(year, 4).period.end).months]
        if year == last or any(measure.figure_of(month).number is not None for month in months)
    }

    def shown(period: Period) -> Datum:
        return measure.figure_of(period) if period.end <= due else NOT_APPLICABLE

    rows = [
        TableRow(f"{months[0].start:%B}", [TableCell.datum(measure, shown(month)) for month in months])
        for months in zip(*columns.values(), strict=True)
    ]
    totals = [shown(Period(months[0].start, months[-1].end)) for months in columns.values()]
    rows.append(TableRow("Year", [TableCell.datum(measure, datum) for datum in totals], Level.TOTAL))
    return Table(["Month", *columns], rows, by_column(rows, [(len(rows) - 1, range(len(rows) - 1))]))


def _bound(measure: Measure, bound: float) -> str:
    if measure.statistic == "minutes" and bound >= 60 and bound % 60 == 0:
        return "1 hour" if bound == 60 else f"{round(bound / 60)} hours"
    places = 0 if bound == round(bound) else measure.places
    return wording.amount(bound, measure.statistic, places)
