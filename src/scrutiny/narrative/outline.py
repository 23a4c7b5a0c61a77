"""What a file of narrative holds that other files refer to."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from scrutiny.narrative.syntax import Shortcode

Found = tuple[str, int, str]
"""What is wrong, on which line, and what to write instead."""

Columns = tuple[tuple[tuple[str, bool], ...], ...]
"""The cells of each column of a table, from its head: text, with `VALUE` around the names of values, and if it
is bold."""


@dataclass(frozen=True)
class Heading:
    """A heading of the report; `name` is its id, and `own` whether that is written there or made from the text."""

    level: int
    name: str
    own: bool
    numbered: bool
    line: int


@dataclass(frozen=True)
class Named:
    """A name that is defined or used, `partly` if not every format shows that part."""

    name: str
    line: int
    partly: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the narrative, or the embed of a table or figure.

    Parameters
    ----------
    name : str
        Its label, or the address of an embed; empty if it has none.
    columns : Columns
        None of an embed.
    across : bool
        Whether it stands on a landscape page.
    set_in : bool
        Whether it stands in a callout, list or quotation.
    """

    name: str
    line: int
    columns: Columns = ()
    across: bool = False
    set_in: bool = False


@dataclass
class Outline:
    """What pandoc's reading of a file holds.

    Parameters
    ----------
    problems : list of Found
        Markup that `docs/reference/authoring.md` does not list.
    parts : list of Heading or Shortcode
        Headings and includes, in order.
    labels, references, links : list of Named
        Ids defined; ids used by ``@fig-x`` and by ``[…](#x)``.
    tables : list of Table
    """

    problems: list[Found] = field(default_factory=list)
    parts: list[Heading | Shortcode] = field(default_factory=list)
    labels: list[Named] = field(default_factory=list)
    references: list[Named] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def headings(self) -> list[Heading]:
        """The headings alone."""
        return [part for part in self.parts if isinstance(part, Heading)]


OUTLINE_JSON = TypeAdapter(Outline)
