"""A section of narrative: its front matter, its text, and what of it was written for an earlier quarter."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, Field

from scrutiny.narrative.carried_over import (
    CarriedOver,
    Confirmed,
    Earlier,
    OwnText,
    callouts,
    digest_of,
    own_texts,
)
from scrutiny.narrative.syntax import line_at
from scrutiny.statistics.periods import Quarter
from scrutiny.yaml_models import Strict

SKELETON = "_skeleton"
NOTHING_EARLIER = Earlier()


class Stated(Strict):
    """A number in the narrative that comes once, from a partner's text, and so is not data.

    Parameters
    ----------
    text : str
        As it stands in the section, such as "up to 60%".
    source : str
        Who says so.
    value : str, optional
        The value that says the same, with which it has to agree: see `docs/reference/numbers.md`.
    """

    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    value: str | None = Field(default=None, min_length=1)

    @property
    def digest(self) -> str:
        """Of all that it says."""
        return digest_of([self.text.split(), [self.source], [self.value or ""]])


class FrontMatter(Strict):
    """What may stand between the ``---`` at the head of a section.

    Parameters
    ----------
    carried_over : str
        The quarter with whose narrative the section's is compared.
    """

    carried_over: Annotated[str, AfterValidator(lambda text: str(Quarter.parse(text)))] | None = Field(
        default=None, alias="carried-over"
    )
    confirmed: tuple[Confirmed, ...] = ()
    stated: tuple[Stated, ...] = ()


@dataclass(frozen=True)
class Section:
    """A file of narrative.

    Parameters
    ----------
    source : PurePosixPath
        The file that the analyst edits, from the project's folder.
    text : str
        The file with its front matter blanked out, so that lines keep their numbers.
    shown : str, optional
        What is left of it in this quarter, if part of it is tied to figures; see `conditions`.
    earlier : Earlier
        What was written before, for the quarter that this one was begun from.
    """

    source: PurePosixPath
    front_matter: FrontMatter
    text: str
    shown: str | None = None
    earlier: Earlier = NOTHING_EARLIER

    @property
    def name(self) -> str:
        """The file name, the same in the workspace's `sections/`."""
        return self.source.name

    @property
    def current(self) -> str:
        """The text of this quarter's report."""
        return self.text if self.shown is None else self.shown

    @property
    def from_skeleton(self) -> bool:
        """Whether the quarter has not written it."""
        return self.source.parent.name == SKELETON

    @cached_property
    def texts(self) -> list[OwnText]:
        """The texts of its headings."""
        return own_texts(self.text)

    @cached_property
    def carried_over(self) -> tuple[CarriedOver, ...]:
        """The headings whose text is still that of an earlier quarter, and is not confirmed."""
        return tuple(
            CarriedOver(text.title, text.line, quarter)
            for text in self.texts
            if not self.is_confirmed(digest_of(text.sentences))
            and (quarter := self.earlier.quarter_of_all(self.earlier.claims(text)))
        )

    @cached_property
    def stated_carried_over(self) -> tuple[CarriedOver, ...]:
        """The numbers stated before with the same source, unless they or their heading are confirmed."""
        return tuple(
            CarriedOver(one.text, line, self.earlier.stated[one.digest])
            for one in self.front_matter.stated
            if one.digest in self.earlier.stated
            and not self.is_confirmed(one.digest)
            and not self.is_confirmed_at(line := self.line_of(one))
        )

    @property
    def all_carried_over(self) -> tuple[CarriedOver, ...]:
        """Headings and stated numbers, in the order of the text."""
        return tuple(sorted([*self.carried_over, *self.stated_carried_over], key=lambda one: one.line))

    def is_confirmed(self, digest: str) -> bool:
        """Whether somebody has confirmed a text for this quarter."""
        return any(one.text == digest for one in self.front_matter.confirmed)

    def is_confirmed_at(self, line: int) -> bool:
        """Whether somebody has confirmed the text of the heading above a line."""
        above = self._text_at(line)
        return above is not None and self.is_confirmed(digest_of(above.sentences))

    def heading_at(self, line: int) -> str:
        """Give the heading above a line; the file's name if there is none."""
        above = self._text_at(line)
        return above.title if above else self.name

    def _text_at(self, line: int) -> OwnText | None:
        return next((text for text in reversed(self.texts) if text.line <= line), None)

    def line_of(self, stated: Stated) -> int:
        """Give the line on which a stated number stands first."""
        found = re.search(r"\s+".join(map(re.escape, stated.text.split())), self.text)
        return line_at(self.text, found.start()) if found else 1

    @cached_property
    def generated(self) -> str:
        """The text as the workspace has it, with a note on where to edit it in the place of the front matter.

        Text that is carried over has a callout, below its heading.
        """
        note = f"<!-- generated: edit {self.source} -->"
        first, newline, rest = self.current.partition("\n")
        text = f"{self.current.rstrip()}\n\n{note}\n" if first.strip() else f"{note}{newline}{rest}"
        lines = text.split("\n")
        for above, callout in reversed(self._callouts.items()):
            lines[above:above] = callout
        return "\n".join(lines)

    def edited_line(self, line: int) -> int:
        """Give the line of the edited file for one of `generated`."""
        for above, callout in self._callouts.items():
            line = line if line <= above else max(line - len(callout), above, 1)
        return line

    @cached_property
    def _callouts(self) -> dict[int, list[str]]:
        carried = {one.line: one.quarter for one in self.carried_over}
        if not carried:
            return {}
        # Of what is tied to figures, only what is left in this quarter.
        left = [replace(one, sentences=tuple(self.earlier.claims(one))) for one in own_texts(self.current)]
        return callouts(left, carried)
