"""Text that keeps its provenance, so that each number of a report can be traced to its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import wraps
from typing import Any, Self

from scrutiny.statistics.datum import Datum, provenance_of
from scrutiny.statistics.provenance import UNKNOWN, UNKNOWN_IN_PART, Provenance
from scrutiny.statistics.wording import Direction

_PUNCTUATION = " \N{NO-BREAK SPACE}\n,;:.()"
"""Plain text of these alone needs no provenance."""


class Value(str):
    """A text for the narrative, with its provenance.

    What ``+`` and string methods make of it is a `Value` again, with the provenance of all its parts; that of
    plain text among them is recorded as unknown. Where Python calls no method of it, as in an f-string of several
    parts, the result is plain text, whose provenance is unknown as a whole.

    Parameters
    ----------
    provenance : Provenance
        Several, where it was put together from several texts.
    number : Fraction, optional
        The unrounded number, where the text states one.
    direction : Direction, optional
        Which way the change went, where the text states one.
    absent : bool
        Whether the text says that there is no figure, or that nothing follows from those there are.
    """

    __slots__ = ("absent", "direction", "number", "parts")

    parts: tuple[Provenance, ...]
    number: Fraction | None
    direction: Direction | None
    absent: bool

    def __new__(
        cls,
        text: str,
        *provenance: Provenance,
        number: Fraction | None = None,
        direction: Direction | None = None,
        absent: bool = False,
    ) -> Self:
        """Attach its provenance to a text."""
        value = super().__new__(cls, text)
        value.parts = provenance or (text.parts if isinstance(text, Value) else (UNKNOWN,))
        value.number = number
        value.direction = direction
        value.absent = absent
        return value

    @classmethod
    def computed(
        cls,
        text: str,
        formula: str,
        *data: Datum,
        number: Fraction | None = None,
        direction: Direction | None = None,
    ) -> Self:
        """Make the text of what was computed from figures by a formula in words; without any it is absent."""
        absent = bool(data) and all(datum.number is None for datum in data)
        return cls(text, provenance_of(data, formula), number=number, direction=direction, absent=absent)

    @property
    def provenance(self) -> Provenance:
        """Where all of it comes from."""
        known = [part for part in self.parts if part.formula != UNKNOWN.formula]
        if not known:
            return UNKNOWN
        rest = [] if len(known) == len(self.parts) else [UNKNOWN_IN_PART]
        return Provenance.union([*known, *rest])

    def __str__(self) -> Value:
        return self

    def __format__(self, spec: str) -> str:
        text = super().__format__(spec)
        return self if text == self else text

    def __radd__(self, before: str) -> str:
        if not isinstance(before, str):
            return NotImplemented
        return Value(f"{before}{self}", *_parts(before), *self.parts)


def to_json(text: str) -> dict[str, Any]:
    """Convert the provenance of a published text, its number and direction, for the notebook's output."""
    value = text if isinstance(text, Value) else Value("")
    return {
        **value.provenance.to_json(),
        "number": None if value.number is None else str(value.number),
        "direction": None if value.direction is None else str(value.direction),
        "absent": value.absent,
    }


def _keeping(name: str, *, joins: bool) -> Callable[..., Any]:
    """Make a method of `str` give values; `joins` says whether its arguments become part of the result."""
    method = getattr(str, name)

    @wraps(method)
    def keep(self: Value, *arguments: Any, **named: Any) -> Any:
        arguments = tuple(list(one) if isinstance(one, Iterator) else one for one in arguments)
        result = method(self, *arguments, **named)
        parts = self.parts
        if joins and result is not NotImplemented:
            parts += tuple(part for text in _texts(arguments) for part in _parts(text))

        def kept(result: Any) -> Any:
            if isinstance(result, str):
                same = result == self and len(parts) == len(self.parts)
                return self if same else Value(result, *parts)
            return type(result)(map(kept, result)) if isinstance(result, (list, tuple)) else result

        return kept(result)

    return keep


def _texts(arguments: Iterable[Any]) -> Iterator[str]:
    for one in arguments:
        if isinstance(one, str):
            yield one
        elif isinstance(one, Iterable):
            yield from one


def _parts(text: str) -> tuple[Provenance, ...]:
    if isinstance(text, Value):
        return text.parts
    return (UNKNOWN,) if text.strip(_PUNCTUATION) else ()


for _name in ("__add__", "center", "join", "ljust", "replace", "rjust"):
    setattr(Value, _name, _keeping(_name, joins=True))
for _name in (
    "__getitem__", "__mul__", "__rmul__", "capitalize", "casefold", "expandtabs", "lower", "lstrip", "partition",
    "removeprefix", "removesuffix", "rpartition", "rsplit", "rstrip", "split", "splitlines", "strip", "swapcase",
    "title", "upper", "zfill",
):  # fmt: skip
    setattr(Value, _name, _keeping(_name, joins=False))
