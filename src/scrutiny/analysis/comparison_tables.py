"""Tables that set figures beside those of another period."""

from __future__ import annotations

from collections.abc import Sequence

from scrutiny.analysis.phrases import in_words
from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.analysis.table import Cell, Level, Row, Table
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
        A row each.
    row_head : str
        Head of the first column.
    """
    reported = [report.measure(name) for name in measures]
    columns = [
        row_head,
        *(f"Annual change to {long_date(report.period(window).end)}" for window in ("year_before", "year")),
        f"{report.period('quarter').short_label} on a year before",
    ]
    windows = ("year_before", "year", "quarter")
    rows = [Row(one.title, [Cell.change(one.comparison(window)) for window in windows]) for one in reported]
    return Table(columns, rows)


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

    A measure is seen over the window of its own; one that covers other months than the columns, or whose
    figures run behind, says so in the head of its row.

    Parameters
    ----------
    measures : sequence of str
        A row each.
    targets : bool
        Whether a last column tells each measure's target, and whether it was met.
    row_head : str
        Head of the first column.
    lag_months : int
        By how many months the figures of most rows run behind the report; moves the heads of the columns.
    total : str, optional
        The measure that the others add up to.
    """
    usual = report.period("year", lag_months)
    rows = []
    for name in measures:
        one = report.measure(name)
        window = one.measure.window
        cells = [
            Cell.figure(one, SAME_PERIOD_A_YEAR_AGO[window]),
            Cell.change(one.comparison(window)),
            Cell.figure(one, window),
        ]
        if targets:
            cells.append(Cell(target_in_brief(one, window)))
        rows.append(
            Row(
                head_with_months(one, window, usual),
                cells,
                Level.TOTAL if name == total else Level.ROW,
            )
        )
    columns = [row_head, _twelve_months(report.period("year_before", lag_months)), "Change", _twelve_months(usual)]
    return Table([*columns, "Target"] if targets else columns, rows)


def head_with_months(measure: ReportedMeasure, window: str, usual: Period) -> str:
    """Give a measure's title, with the months it covers where they are not those of the table's other rows."""
    period = measure.period(window)
    return measure.title if period == usual else f"{measure.title}, {period.short_label}"


def target_in_brief(measure: ReportedMeasure, window: str) -> str:
    """Tell a measure's target and whether its figure of a window meets it: "15 min or less: met"."""
    target = measure.measure.target
    if target is None:
        return NO_TARGET
    at_most = target.at_most is not None
    bound = target.at_most if target.at_most is not None else target.at_least
    assert bound is not None  # a target is one of the two
    # It may break before the verdict alone.
    text = f"{_bound(measure.measure, bound)} or {'less' if at_most else 'more'}".replace(
        " ", "\N{NO-BREAK SPACE}"
    )
    figure = measure.figure(window).number
    if figure is None:
        return text
    return f"{text}: {'met' if (figure <= bound if at_most else figure >= bound) else 'not met'}"


def targets_in_words(report: Report, measures: Sequence[str], window: str = "year") -> str:
    """Tell in a sentence how many of the targets were met: "all three targets were met"."""
    told = [target_in_brief(one, window) for one in map(report.measure, measures) if one.measure.target]
    met, missed = (sum(text.endswith(f": {verdict}") for text in told) for verdict in ("met", "not met"))
    if not met + missed:
        return "targets, and the figures beside them"
    total = in_words(len(told))
    if met == len(told):
        return f"all {total} targets were met"
    unknown = len(told) - met - missed
    text = f"{in_words(met)} of {total} targets {'was' if met == 1 else 'were'} met"
    return f"{text}, {in_words(unknown)} cannot be judged" if unknown else text


def by_window(measure: ReportedMeasure, compared: Sequence[tuple[str, Comparison]], row_head: str) -> Table:
    """Tabulate several comparisons of one measure, a row each.

    Parameters
    ----------
    compared : sequence of (str, Comparison)
        Head of the row, which says what is compared with what, and the comparison.
    row_head : str
        Head of the first column.
    """
    rows = [
        Row(head, [Cell.datum(measure, one.before), Cell.change(one), Cell.datum(measure, one.after)])
        for head, one in compared
    ]
    return Table([row_head, "Before", "Change", "Latest"], rows)


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
        Row(f"{months[0].start:%B}", [Cell.datum(measure, shown(month)) for month in months])
        for months in zip(*columns.values(), strict=True)
    ]
    totals = [shown(Period(months[0].start, months[-1].end)) for months in columns.values()]
    rows.append(Row("Year", [Cell.datum(measure, datum) for datum in totals], Level.TOTAL))
    return Table(["Month", *columns], rows)


def _twelve_months(period: Period) -> str:
    return f"12 months to {period.end:%B %Y}"


def _bound(measure: Measure, bound: float) -> str:
    if measure.statistic == "minutes" and bound >= 60 and bound % 60 == 0:
        return "1 hour" if bound == 60 else f"{round(bound / 60)} hours"
    places = 0 if bound == round(bound) else measure.places
    return wording.amount(bound, measure.statistic, places)
