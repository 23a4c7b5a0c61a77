"""Figures and changes as they stand in running text, where a symbol would need a legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.statistics import wording
from scrutiny.statistics.comparison import PERCENTAGES, Comparison
from scrutiny.statistics.datum import AS_SUPPLIED, Datum, share
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, Period, long_date
from scrutiny.statistics.value import Derived

ABSENT_IN_PROSE = {
    "x": "not supplied",
    "z": "not applicable",
    "c": "hidden to protect people",
}
_BESIDE_IN_PROSE = {"p": "provisional", "r": "revised", "i": "illustrative"}

_INCOMPARABLE = "cannot be compared"
_MOVED = {
    wording.Direction.INCREASE: "rose",
    wording.Direction.DECREASE: "fell",
    wording.Direction.NO_CHANGE: "did not change",
}


def figure_cell(measure: ReportedMeasure, datum: Datum) -> str:
    """Show a figure in a table, symbols included: "134,069 [p]", "[x]"."""
    text = "" if datum.number is None else _figure(measure, datum.number)
    return datum.marked(text)


def figure_phrase(measure: ReportedMeasure, datum: Datum) -> str:
    """Show a figure in a sentence: "134,069", "134,069 (illustrative)", "not supplied"."""
    if datum.number is None:
        return ABSENT_IN_PROSE[datum.symbol]
    return _figure(measure, datum.number) + _qualified(datum.symbols)


def movement(measure: ReportedMeasure, comparison: Comparison) -> str:
    """Tell a change as the predicate of a sentence, which reads well whatever is known.

    Returns
    -------
    str
        Such as "fell by 16%, from 159,838 to 134,069", "fell by 23% (a difference of 8,739)", "did not
        change, at 257", "cannot be compared, because a figure was not supplied" or, since made-up figures
        decide nothing, "cannot be compared, because the figures are illustrative".
    """
    if not comparison.known:
        return f"{_INCOMPARABLE}, because a figure was {ABSENT_IN_PROSE[comparison.change.symbol]}"
    if not comparison.telling:
        return f"{_INCOMPARABLE}, because the figures are illustrative"
    direction = comparison.direction
    assert direction is not None  # a known change has a direction
    before, after, change = (part.number for part in (comparison.before, comparison.after, comparison.change))
    percentage = comparison.percent_change.number
    text = _MOVED[direction]
    if direction is wording.Direction.NO_CHANGE:
        text += f", at {_figure(measure, after)}" if after is not None else ""
    elif comparison.statistic in PERCENTAGES and change is not None:
        text += f" by {wording.number(abs(change), 1)} percentage points"
    elif percentage is not None and comparison.statistic not in wording.TIMES:
        text += f" by {wording.percent(abs(percentage), wording.visible_places(percentage, 0))}"
        if change is not None and before is None:
            text += f" (a difference of {_figure(measure, abs(change))})"
    elif change is not None:
        text += f" by {_figure(measure, abs(change))}"
    if direction is not wording.Direction.NO_CHANGE and before is not None and after is not None:
        text += f", from {_figure(measure, before)} to {_figure(measure, after)}"
    symbols = {symbol for part in comparison.shown for symbol in part.symbols}
    return text + _qualified(sorted(symbols))


def headline(measure: ReportedMeasure, comparison: Comparison, what: str = "") -> str:
    """Tell a change as the headline of a table or figure, or name what is compared where nothing is to be told.

    Parameters
    ----------
    what : str
        What the headline is about, by default the measure's title.

    Returns
    -------
    str
        Such as "All crime fell by 16%, from 159,838 to 134,069" or "All crime beside an earlier period".
    """
    subject = what or measure.title
    return (
        f"{subject} {movement(measure, comparison)}"
        if comparison.telling
        else f"{subject} beside an earlier period"
    )


def values_of(report: Report, name: str, windows: Iterable[str] = ("year", "quarter")) -> dict[str, str]:
    """Give the values that every measure publishes, for some of its windows.

    Parameters
    ----------
    name : str
        The measure.
    windows : iterable of str
        Windows that have the same period a year before, see `SAME_PERIOD_A_YEAR_AGO`.

    Returns
    -------
    dict of str to str
        For each window and the one a year before it: the figure, named by the measure's statistic, and
        the ``period`` and its ``end``. Of their change: ``change``, ``percent_change`` (not for
        percentages), ``direction``, ``in_brief`` and ``movement``.
    """
    measure = report.measure(name)
    values: dict[str, str] = {}
    for window in windows:
        values |= figure_values(report, name, (window, SAME_PERIOD_A_YEAR_AGO[window]))
        values |= change_values(measure, f"{name}.{window}", measure.comparison(window))
    return values


def figure_values(report: Report, name: str, windows: Iterable[str]) -> dict[str, str]:
    """Give the values of a measure's figures alone, for any windows.

    Returns
    -------
    dict of str to str
        For each window: the figure, named by the measure's statistic, the ``period`` and its ``end``.
    """
    measure = report.measure(name)
    values: dict[str, str] = {}
    for window in windows:
        period, datum = measure.period(window), measure.figure(window)
        values[f"{name}.{window}.{measure.measure.statistic}"] = Derived(
            figure_phrase(measure, datum), _of_period(measure, period, datum), (datum,), number=datum.number
        )
        when = _when(report, measure, window)
        values[f"{name}.{window}.period"] = Derived(period.label, when, ())
        values[f"{name}.{window}.end"] = Derived(long_date(period.end), f"the last day of {when}", ())
    return values


def share_values(report: Report, parts: Iterable[str], whole: str, window: str, places: int = 1) -> dict[str, str]:
    """Give the value ``share`` of several measures: what they are of another one, in per cent of it."""
    all_of_it = report.measure(whole)
    total = all_of_it.figure(window)
    values: dict[str, str] = {}
    for name in parts:
        part = report.measure(name)
        figure = part.figure(window)
        datum = share(figure, total)
        values[f"{name}.{window}.share"] = Derived(
            percent_phrase(datum, places),
            f"{part.title}: {_told(part, figure)} in per cent of {all_of_it.title}, {_told(all_of_it, total)}",
            (datum,),
            number=datum.number,
        )
    return values


def percent_phrase(datum: Datum, places: int) -> str:
    """Show a percentage in a sentence: "4.39%", "not supplied"."""
    if datum.number is None:
        text = ABSENT_IN_PROSE[datum.symbol]
    else:
        text = wording.percent(datum.number, places) + _qualified(datum.symbols)
    return Derived(text, datum.formula, (datum,), number=datum.number)


def directions(comparisons: Sequence[Comparison], what: str) -> str:
    """Tell in a sentence how many of several measures fell, rose or did not change.

    Parameters
    ----------
    what : str
        Plural of what is compared, such as "offences".

    Returns
    -------
    str
        Such as "all six offences fell", "four of six offences fell, two rose" or "none of the six
        offences can be compared", as made-up figures cannot; qualified where one of the changes is provisional.
    """
    shown = [part for one in comparisons for part in one.shown]
    formula = f"how many of {len(comparisons)} changes are a rise, a fall, or none"
    return Derived(_directions(comparisons, what), formula, shown)


def _directions(comparisons: Sequence[Comparison], what: str) -> str:
    total = in_words(len(comparisons))
    counts = Counter(
        _MOVED[comparison.direction] if comparison.direction and comparison.telling else _INCOMPARABLE
        for comparison in comparisons
    )
    (most, count), *others = counts.most_common()
    if most == _INCOMPARABLE and not others:
        return f"none of the {total} {what} can be compared"
    if others:
        rest = [f"{in_words(number)} {moved}" for moved, number in others]
        text = ", ".join([f"{in_words(count)} of {total} {what} {most}", *rest])
    else:
        text = f"{'both' if len(comparisons) == 2 else f'all {total}'} {what} {most}"
    symbols = {symbol for one in comparisons if one.telling for part in one.shown for symbol in part.symbols}
    return text + _qualified(sorted(symbols))


def change_values(measure: ReportedMeasure, stem: str, comparison: Comparison, suffix: str = "") -> dict[str, str]:
    """Give the values that tell a change, each named `stem`, what it says, and `suffix`."""
    difference, percentage, both = _formulas(measure, comparison)
    told = comparison.shown

    def derived(text: str, formula: str, data: Sequence[Datum], number: Fraction | None = None) -> Derived:
        return Derived(text, formula, data, number=number, direction=comparison.direction)

    change, percent = comparison.change, comparison.percent_change
    values = {
        "change": derived(_change_phrase(comparison), difference, (change,), change.number),
        "direction": derived(
            str(comparison.direction).lower() if comparison.direction else "not known",
            f"the sign of {difference}",
            told,
        ),
        "in_brief": derived(comparison.in_brief, both, told),
        "movement": derived(movement(measure, comparison), both, told),
    }
    if comparison.statistic not in PERCENTAGES:
        values["percent_change"] = derived(_percent_change_phrase(percent), percentage, (percent,), percent.number)
    return {f"{stem}.{what}{suffix}": text for what, text in values.items()}


def _formulas(measure: ReportedMeasure, comparison: Comparison) -> tuple[str, str, str]:
    """Say how a difference was computed, how a percentage, and how both; some were published as such."""
    before, after = comparison.before, comparison.after
    if before.number is None or after.number is None:
        supplied = [f"{measure.title}: {part.formula}" for part in (comparison.change, comparison.percent_change)]
        return supplied[0], supplied[1], supplied[comparison.change.number is None]
    difference = f"{measure.title}: {_told(measure, after)} less {_told(measure, before)}"
    base = f"in per cent of {figure_phrase(measure, before)}"
    if comparison.statistic in PERCENTAGES:
        return difference, "", difference
    return difference, f"{difference}, {base}", f"{difference}, and that {base}"


def _told(measure: ReportedMeasure, datum: Datum) -> str:
    """Name a figure in a formula: "134,069", "134,069 (the sum of 12 months)"."""
    text = figure_phrase(measure, datum)
    return text if datum.formula == AS_SUPPLIED else f"{text} ({datum.formula})"


def _of_period(measure: ReportedMeasure, period: Period, datum: Datum) -> str:
    return f"{measure.title}, {period.label}: {datum.formula}"


def _when(report: Report, measure: ReportedMeasure, window: str) -> str:
    lag = measure.measure.lag_months
    behind = f", {lag} {'month' if lag == 1 else 'months'} behind" if lag else ""
    return f"the window {window} of {report.quarter}{behind}"


def in_words(count: int) -> str:
    """Write a number up to ten as a word, as running text does."""
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[count] if count < len(words) else str(count)


def _figure(measure: ReportedMeasure, number: Fraction) -> str:
    return wording.amount(number, measure.measure.statistic, measure.measure.places)


def _change_phrase(comparison: Comparison) -> str:
    change = comparison.change
    if change.number is None:
        return ABSENT_IN_PROSE[change.symbol]
    # A change of percentages is told to one place at least: two that round alike may differ.
    places = max(1, comparison.places) if comparison.statistic in PERCENTAGES else comparison.places
    return wording.signed_amount(change.number, comparison.statistic, places) + _qualified(change.symbols)


def _percent_change_phrase(datum: Datum) -> str:
    if datum.number is None:
        return ABSENT_IN_PROSE[datum.symbol]
    return wording.signed_percent(datum.number) + _qualified(datum.symbols)


def _qualified(symbols: Iterable[str]) -> str:
    words = [_BESIDE_IN_PROSE[symbol] for symbol in symbols]
    return f" ({', '.join(words)})" if words else ""
