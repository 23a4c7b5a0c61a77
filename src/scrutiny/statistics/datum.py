"""A figure with what must travel along: its symbol and its provenance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from scrutiny.statistics import arithmetic
from scrutiny.statistics.provenance import AS_SUPPLIED, Provenance

ILLUSTRATIVE = "i"
ABSENT = ("c", "z", "x")
"""Symbols in the place of a figure, in the order of precedence in a sum."""

LEGEND = {
    "x": "not supplied",
    "z": "not applicable or not yet due",
    "c": "hidden to protect people",
    "p": "provisional",
    "r": "revised",
    ILLUSTRATIVE: "illustrative: made up so that the report has a figure here, and not a police figure",
}
"""What each symbol of a table means, in the order in which a legend gives them."""

DIFFERENCE = "the later figure less the earlier"
PERCENTAGE_CHANGE = f"{DIFFERENCE}, in per cent of the earlier"
SHARE = "a part in per cent of its whole"
"""Formulas of computed figures."""
_NO_ROWS = Provenance()


@dataclass(frozen=True)
class Datum:
    """A figure, or the symbol that stands in its place.

    Parameters
    ----------
    number : Fraction or None
        Unrounded, in the unit of its statistic.
    symbol : str
        ``x``, ``z`` or ``c`` where there is no figure; ``p`` or ``r`` beside one; or empty.
    """

    number: Fraction | None
    symbol: str = ""
    provenance: Provenance = _NO_ROWS

    def __post_init__(self) -> None:
        if (self.number is None) != (self.symbol in ABSENT):
            raise ValueError(f"a figure {self.number!r} cannot have the symbol {self.symbol!r}")

    @property
    def formula(self) -> str:
        """How it was computed, in words that fit any figure."""
        return self.provenance.formula

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return self.provenance.illustrative

    @property
    def rounding(self) -> int:
        """The multiple to which disclosure control rounded it; 0 if it did not."""
        return self.provenance.rounding

    @property
    def withheld(self) -> bool:
        """Whether it could only be computed from rounded figures, which would be wrong by more than rounding."""
        return self.symbol == "c" and self.rounding > 0

    @property
    def bounds(self) -> tuple[Fraction, Fraction]:
        """The least and the most that a figure can have been before it was rounded."""
        number, either_way = self.number or Fraction(0), Fraction(self.rounding, 2)
        # Of counts, 0 is the only one that is shown as 0.
        if self.rounding > 1 and not number:
            return number, number
        return number - either_way, number + either_way

    def places(self, usual: int) -> int:
        """Give the decimal places with which it is shown: none of a rounded figure."""
        return 0 if self.rounding else usual

    def rounded_last(self, number: Fraction, symbol: str) -> Datum:
        """Give a withheld figure as it was computed from exact figures, and rounded then."""
        formula = f"{self.formula}, rounded last"
        return replace(self, number=number, symbol=symbol, provenance=replace(self.provenance, formula=formula))

    @property
    def as_float(self) -> float | None:
        """The figure as it is drawn and judged by process control."""
        return None if self.number is None else float(self.number)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Symbols shown beside or instead of the figure, ``i`` for an illustrative one included."""
        shown = (self.symbol,) if self.symbol else ()
        return (*shown, ILLUSTRATIVE) if self.number is not None and self.illustrative else shown

    def marked(self, text: str) -> str:
        """Give the text shown for the figure with its symbols, or the symbol alone: ``134,069 [p]``."""
        marks = " ".join(f"[{symbol}]" for symbol in self.symbols)
        return marks if self.number is None else f"{text} {marks}".rstrip()


NOT_SUPPLIED = Datum(None, "x", Provenance(formula="no row of the dataset gives it"))
NOT_APPLICABLE = Datum(None, "z", Provenance(formula="not applicable, or not yet due"))


def provenance_of(data: Iterable[Datum], formula: str = "") -> Provenance:
    """Combine the provenance of several figures; see `Provenance.union`."""
    return Provenance.union((datum.provenance for datum in data), formula)


def combine(data: Iterable[Datum], number: Fraction | None, formula: str) -> Datum:
    """Make the datum of a number computed from others by a formula in words, with their symbols and provenance.

    Parameters
    ----------
    data : iterable of Datum
        If one is absent, so is the result, with the first symbol of `ABSENT` that occurs. If disclosure control
        rounded one, the result is hidden: rounding comes last; see `analysis.rounded_last`.
    number : Fraction or None
        None where it does not apply, such as a percentage change from zero.
    """
    parts = list(data)
    provenance = provenance_of(parts, formula)
    if absent := [part.symbol for part in parts if part.number is None]:
        return Datum(None, min(absent, key=ABSENT.index), provenance)
    if number is None:
        return Datum(None, "z", provenance)
    if provenance.rounding:
        return Datum(None, "c", provenance)
    return Datum(number, _beside(parts), provenance)


def total(data: Iterable[Datum], of: str = "figures") -> Datum:
    """Add up figures of several parts, such as "months"; where one is absent, so is the sum."""
    parts = list(data)
    each = {part.formula for part in parts} - {AS_SUPPLIED}
    formula = ", each ".join([f"the sum of {len(parts)} {of}", *sorted(each)])
    return combine(parts, sum((part.number or Fraction(0) for part in parts), Fraction(0)), formula)


def share(part: Datum, whole: Datum, per: int = 100) -> Datum:
    """Give a figure in per cent of another, or `per` so many; absent where one of them is, not applicable of 0.

    Of rounded figures it is the whole per cent in which all lie that they can have been, or else hidden.
    """
    number = None
    if part.number is not None and whole.number is not None:
        number = arithmetic.share(part.number, whole.number, per)
    datum = combine((part, whole), number, SHARE if per == 100 else f"a figure in every {per:,} of another")
    if number is None or not datum.withheld or per != 100:
        return datum
    (least, most), (low, high) = part.bounds, whole.bounds
    shares = {arithmetic.share(least, high), arithmetic.share(most, low)} if low > 0 else set()
    if part == whole:
        shares = {Fraction(100)}
    whole_percents = {arithmetic.round_half_away(each) for each in shares if each is not None}
    if len(whole_percents) != 1:
        return datum
    shown = datum.rounded_last(Fraction(whole_percents.pop()), _beside((part, whole)))
    return replace(shown, provenance=replace(shown.provenance, rounding=1))


def _beside(data: Iterable[Datum]) -> str:
    """Give the symbol beside what is computed from figures."""
    symbols = {datum.symbol for datum in data}
    return next((symbol for symbol in ("p", "r") if symbol in symbols), "")
