"""What was compared in a verification, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scrutiny.errors import Place, Problem

LONGEST = 160
"""Characters of a text that a terminal shows of each side."""


class Part(StrEnum):
    """Of what a comparison is."""

    FILES = "files"
    NOTEBOOKS = "notebooks"
    VALUES = "values"
    DOCUMENTS = "documents"


class Verdict(StrEnum):
    """How a comparison went."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be.

    Parameters
    ----------
    what : str
        What differs, such as "row Burglary, column Change", or all that there is to say.
    here : str or None
        As the workspace has it; None if it has none, or there is nothing to quote.
    again : str or None
        As it came out again.
    """

    what: str
    here: str | None = None
    again: str | None = None

    def __str__(self) -> str:
        """Write it on one line, long texts shortened around where they part."""
        if self.here is None and self.again is None:
            return visible(self.what)
        here, again = shortened(self.here, self.again)
        return f"{visible(self.what)}: here {_quoted(here)}, computed anew {_quoted(again)}"


@dataclass(frozen=True)
class Compared:
    """One comparison.

    Parameters
    ----------
    where : str
        File of the workspace.
    cell : str
        Label or position of the notebook's cell; empty where it is of none.
    what : str
        What was compared, such as "source" or "table".
    count : int
        How many things that is: cells of a table, values, lines.
    note : str
        How it was compared, where that is worth a word, or why it was not.
    done : bool
        Whether it could be compared.
    """

    part: Part
    where: str
    cell: str = ""
    what: str = ""
    count: int = 1
    differences: tuple[Difference, ...] = ()
    note: str = ""
    done: bool = True

    @property
    def verdict(self) -> Verdict:
        """How it went."""
        if self.differences:
            return Verdict.DIFFERS
        return Verdict.AGREES if self.done else Verdict.NOT_COMPARED

    @property
    def problems(self) -> Iterator[Problem]:
        """Tell each difference as a mistake, with its place."""
        place = Place(visible(self.where), column=f"cell {self.cell.removeprefix('cell ')}" if self.cell else None)
        for difference in self.differences:
            yield Problem(str(difference), place)


def differences_of(compared: Iterable[Compared]) -> list[Problem]:
    """Tell the differences of all comparisons."""
    return [problem for one in compared for problem in one.problems]


def shortened(here: str | None, again: str | None) -> tuple[str | None, str | None]:
    """Shorten two texts to what stands around the place where they first part."""
    if max(len(here or ""), len(again or "")) <= LONGEST:
        return here, again
    together = zip(here or "", again or "", strict=False)
    parting = next((at for at, (one, other) in enumerate(together) if one != other), 0)
    begin = max(parting - LONGEST // 3, 0)

    def cut(text: str | None) -> str | None:
        if text is None:
            return None
        piece = text[begin : begin + LONGEST]
        return f"{'…' if begin else ''}{piece}{'…' if len(text) > begin + LONGEST else ''}"

    return cut(here), cut(again)


def visible(text: str) -> str:
    """Write a text on one line; a control character becomes its picture, so that a terminal does not obey it."""
    return "".join(
        chr(0x2400 + ord(sign)) if ord(sign) < 0x20 else "\N{SYMBOL FOR DELETE}" if sign == "\x7f" else sign
        for sign in " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split(" "))
        if not 0x80 <= ord(sign) < 0xA0
    )


def _quoted(text: str | None) -> str:
    return "nothing" if text is None else f'"{visible(text)}"'
