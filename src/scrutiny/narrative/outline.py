"""What a file of narrative holds that other files refer to."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from scrutiny.narrative.syntax import Shortcode

Found = tuple[str, int, str]
"""What is wrong, on which line, and what to write instead."""


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
    """

    problems: list[Found] = field(default_factory=list)
    parts: list[Heading | Shortcode] = field(default_factory=list)
    labels: list[Named] = field(default_factory=list)
    references: list[Named] = field(default_factory=list)
    links: list[Named] = field(default_factory=list)

    @property
    def headings(self) -> list[Heading]:
        """The headings alone."""
        return [part for part in self.parts if isinstance(part, Heading)]


OUTLINE_JSON = TypeAdapter(Outline)
