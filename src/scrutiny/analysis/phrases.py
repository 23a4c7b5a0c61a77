"""Figures and changes in running text, where a symbol would need a legend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction

from scrutiny.analysis.report import Report, ReportedMeasure
from scrutiny.statistics import wording
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.datum import Datum, share
from scrutiny.statistics.periods import SAME_PERIOD_A_YEAR_AGO, long_date
from scrutiny.statistics.provenance import AS_SUPPLIED
from scrutiny.statistics.value import Value

ABSENT_IN_PROSE = {"x": "not supplied", "z": "not applicable", "c": "hidden to protect people"}
_BESIDE_IN_PROSE = {"p": "provisional", "r": "revised", "i": "illustrative"}

_INCOMPARABLE = "cannot be compared"
_MOVED = {
    wording.Direction.INCREASE: "rose",
    wording.Direction.DECREASE: "fell",
    wording.Direction.NO_CHANGE: "did not change",
}


def figure_cell(measure: ReportedMeasure, datum: Datum) -> str:
    """Show a figure in a table, symbols included: "134,069 [p]", "[x]"."""
    return datum.marked("" if datum.number is None else _figure(measure, datum))


def figure_phrase(measure: ReportedMeasure, datum: Datum) -> str:
    """Show a figure in a sentence: "134,069", "134,069 (illustrative)", "not supplied"."""
    return _phrase(datum, lambda _: _figure(measure, datum))


def movement(measure: ReportedMeasure, comparison: Comparison) -> str:
    """Put a change into the predicate of a sentence, which reads well whatever is known.

    Returns
    -------
    str
        "fell by 16%, from 159,838 to 134,069"; "fell by 23% (a difference of 8,739)"; "did not change, at 257";
        "cannot be compared, because a figure was not supplied", or "… because the figures are illustrative".
        Where a step lies between, "(comparable only from May 2018: Recorded in a new system)" follows.
    """
    if not comparison.known:
        return f"{_INCOMPARABLE}, because a figure was {ABSENT_IN_PROSE[comparison.change.symbol]}"
    if not comparison.conclusive:
        return f"{_INCOMPARABLE}, because the figures are illustrative"
    direction = comparison.direction
    assert direction is not None  # a known change has a direction
    before, after, change = comparison.before, comparison.after, comparison.change
    percentage = comparison.percent_change.number
    text = _MOVED[direction]
    if direction is wording.Direction.NO_CHANGE:
        text += f", at {_figure(measure, after)}" if after.number is not None else ""
    elif comparison.in_points and change.number is not None:
        text += f" by {wording.number(abs(change.number), change.places(1))} percentage points"
    elif percentage is not None and comparison.statistic not in wording.TIMES:
        text += f" by {wording.percent(abs(percentage), wording.visible_places(percentage, 0))}"
        if change.number is not None and before.number is None:
            text += f" (a difference of {_figure(measure, change, size=True)})"
    elif change.number is not None:
        text += f" by {_figure(measure, change, size=True)}"
    if direction is not wording.Direction.NO_CHANGE and before.number is not None and after.number is not None:
        text += f", from {_figure(measure, before)} to {_figure(measure, after)}"
    anew = f" (comparable only {comparison.anew})" if comparison.anew else ""
    return text + anew + _qualified(comparison.shown) + _rounded(before, after)


def headline(measure: ReportedMeasure, comparison: Comparison, what: str = "") -> str:
    """Write the headline of a table or figure of a change, about `what` or else the measure's title.

    Returns
    -------
    str
        "All crime fell by 16%, from 159,838 to 134,069", or "All crime beside an earlier period" where no change
        may be put into words.
    """
    predicate = movement(measure, comparison) if comparison.conclusive else "beside an earlier period"
    return f"{what or measure.title} {predicate}"


def values_of(report: Report, name: str, windows: Iterable[str] = ("year", "quarter")) -> dict[str, Value]:
    """Give the values that every measure publishes, for some of its windows.

    Parameters
    ----------
    name : str
        The measure.
    windows : iterable of str
        Windows that can be compared with a year before; see `SAME_PERIOD_A_YEAR_AGO`.

    Returns
    -------
    dict of str to Value
        For each window and the one a year before it: the figure, named by the measure's statistic, and
        the ``period`` and its ``end``. Of their change: ``change``, ``percent_change`` (not for
        percentages), ``direction``, ``in_brief`` and ``movement``.
    """
    measure = report.measure(name)
    values: dict[str, Value] = {}
    for window in windows:
        values |= figure_values(report, name, (window, SAME_PERIOD_A_YEAR_AGO[window]))
        values |= change_values(measure, f"{name}.{window}", measure.comparison(window))
    return values


def figure_values(report: Report, name: str, windows: Iterable[str]) -> dict[str, Value]:
    """Give the values of a measure's figures alone, for any windows.

    Returns
    -------
    dict of str to Value
        For each window: the figure, named by the measure's statistic, the ``period`` and its ``end``.
    """
    measure = report.measure(name)
    values: dict[str, Value] = {}
    for window in windows:
        period, datum = measure.period(window), measure.figure(window)
        formula = f"{measure.title}, {period.label}: {datum.formula}"
        when = _when(report, measure, window)
        values |= {
            f"{name}.{window}.{measure.measure.statistic}": Value.computed(
                figure_phrase(measure, datum), formula, datum, number=datum.number
            ),
            f"{name}.{window}.period": Value.computed(period.label, when),
            f"{name}.{window}.end": Value.computed(long_date(period.end), f"the last day of {when}"),
        }
    return values


def stated(values: Mapping[str, Value], otherwise: str) -> str:
    """Write the headline of a table from values by what they are, those without a figure left out.

    Returns
    -------
    str
        "Searches carried out: 7,510; individuals searched: 6,543"; or `otherwise`, where no value has a figure.
    """
    return "; ".join(f"{what}: {value}" for what, value in values.items() if not value.absent) or otherwise


def share_values(
    report: Report, parts: Iterable[str], whole: str, window: str, places: int = 1
) -> dict[str, Value]:
    """Give the value ``share`` of several measures: each in per cent of the measure `whole`."""
    total = report.measure(whole)
    base = total.figure(window)
    values: dict[str, Value] = {}
    for name in parts:
        part = report.measure(name)
        datum = share(part.figure(window), base)
        formula = (
            f"{part.title}: {_with_formula(part, part.figure(window))} in per cent of "
            f"{total.title}, {_with_formula(total, base)}"
        )
        text = percent_phrase(datum, places)
        values[f"{name}.{window}.share"] = Value.computed(text, formula, datum, number=datum.number)
    return values


def percent_phrase(datum: Datum, places: int) -> Value:
    """Show a percentage in a sentence: "4.39%", "not supplied"."""
    text = _phrase(datum, lambda number: wording.percent(number, datum.places(places)))
    return Value.computed(text, datum.formula, datum, number=datum.number)


def directions(comparisons: Sequence[Comparison], what: str) -> Value:
    """Tell in a sentence how many of several measures fell, rose or did not change.

    Parameters
    ----------
    what : str
        Plural of what is compared, such as "offences".

    Returns
    -------
    Value
        "all six offences fell"; "four of six offences fell, two rose"; or "none of the six offences can be
        compared", as made-up figures cannot. Qualified where one of the changes is provisional.
    """
    total = wording.in_words(len(comparisons))
    counts = Counter(
        _MOVED[one.direction] if one.direction and one.conclusive else _INCOMPARABLE for one in comparisons
    )
    (most, count), *others = counts.most_common()
    if others:
        rest = [f"{wording.in_words(number)} {moved}" for moved, number in others]
        text = ", ".join([f"{wording.in_words(count)} of {total} {what} {most}", *rest])
    elif most == _INCOMPARABLE:
        text = f"none of the {total} {what} can be compared"
    else:
        text = f"{'both' if len(comparisons) == 2 else f'all {total}'} {what} {most}"
    text += _qualified(part for one in comparisons if one.conclusive for part in one.shown)
    formula = f"how many of {len(comparisons)} changes are a rise, a fall, or none"
    value = Value.computed(text, formula, *(part for one in comparisons for part in one.shown))
    value.absent = not any(one.conclusive for one in comparisons)
    return value


def change_values(
    measure: ReportedMeasure, stem: str, comparison: Comparison, suffix: str = ""
) -> dict[str, Value]:
    """Give the values that tell a change, each named `stem`, what it says, and `suffix`."""
    difference, percentage, both = _formulas(measure, comparison)
    change, percent, direction = comparison.change, comparison.percent_change, comparison.direction
    places = comparison.places_of_change
    difference_phrase = _phrase(change, lambda number: wording.signed_amount(number, comparison.statistic, places))
    figures = {"change": (difference_phrase, difference, change)}
    if not comparison.in_points:
        figures["percent_change"] = (_phrase(percent, wording.signed_percent), percentage, percent)
    values = {
        what: Value.computed(text, formula, datum, number=datum.number, direction=direction)
        for what, (text, formula, datum) in figures.items()
    }
    for what, text, formula in (
        ("direction", str(direction).lower() if direction else "not known", f"the sign of {difference}"),
        ("in_brief", comparison.in_brief, both),
        ("movement", movement(measure, comparison), both),
    ):
        values[what] = Value.computed(text, formula, *comparison.shown, direction=direction)
    # Where nothing may be concluded, a sentence that is tied to it is left out.
    values["movement"].absent = not comparison.conclusive
    return {f"{stem}.{what}{suffix}": value for what, value in values.items()}


def _formulas(measure: ReportedMeasure, comparison: Comparison) -> tuple[str, str, str]:
    """Give the formulas of a difference, a percentage, and both; or, of published ones, as supplied."""
    before, after = comparison.before, comparison.after
    if before.number is None or after.number is None:
        supplied = [f"{measure.title}: {part.formula}" for part in (comparison.change, comparison.percent_change)]
        return supplied[0], supplied[1], supplied[comparison.change.number is None]
    exact = ", each before it was rounded" if comparison.change.rounding else ""
    difference = f"{measure.title}: {_with_formula(measure, after)} less {_with_formula(measure, before)}{exact}"
    base = f"in per cent of {'the earlier' if exact else figure_phrase(measure, before)}"
    if comparison.in_points:
        return difference, "", difference
    return difference, f"{difference}, {base}", f"{difference}, and that {base}"


def _with_formula(measure: ReportedMeasure, datum: Datum) -> str:
    """Name a figure in a formula: "134,069", "134,069 (the sum of 12 months)"."""
    text = figure_phrase(measure, datum)
    return text if datum.formula == AS_SUPPLIED else f"{text} ({datum.formula})"


def _when(report: Report, measure: ReportedMeasure, window: str) -> str:
    lag = measure.measure.lag_months
    behind = f", {wording.counted(lag, 'month')} behind" if lag else ""
    return f"the window {window} of {report.quarter}{behind}"


def _figure(measure: ReportedMeasure, datum: Datum, *, size: bool = False) -> str:
    """Write a figure, or with `size` how large a change is."""
    number = datum.number or Fraction(0)
    return wording.amount(
        abs(number) if size else number, measure.measure.statistic, datum.places(measure.measure.places)
    )


def _rounded(*data: Datum) -> str:
    """Say of figures beside their change that they are rounded: the change is not that of what is shown."""
    to = max(datum.rounding for datum in data)
    return f" (rounded to the nearest {to})" if to > 1 else ""


def _phrase(datum: Datum, write: Callable[[Fraction], str]) -> str:
    """Show a figure in a sentence: "134,069", "134,069 (illustrative)", "not supplied"."""
    if datum.number is None:
        return ABSENT_IN_PROSE[datum.symbol]
    return write(datum.number) + _qualified([datum])


def _qualified(data: Iterable[Datum]) -> str:
    symbols = {symbol for datum in data for symbol in datum.symbols}
    words = [word for symbol, word in _BESIDE_IN_PROSE.items() if symbol in symbols]
    return f" ({', '.join(words)})" if words else ""
