"""Where the narrative quotes values and shows tables and figures, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scrutiny.errors import Location
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import shortcodes, without_code

_HEADING = re.compile(r"^#[ \t]", re.MULTILINE)
_ATTRIBUTES = re.compile(r"[ \t]\{[#.][^{}]*\}[ \t]*$")


@dataclass(frozen=True)
class Citation:
    """A value that is quoted, or a table or figure that is shown.

    Parameters
    ----------
    name : str
        Of the value, or the label.
    section : str
        File name of the section that contains it, directly or by an include.
    place : Location
        In the files that the analyst edits.
    """

    name: str
    section: str
    place: Location


def citations(narrative: Narrative, omitted: Collection[str] = ()) -> Iterator[Citation]:
    """Find what the narrative quotes and shows; `omitted` has the addresses of tables and figures left out."""
    for section, file, code in narrative.in_reading_order():
        if isinstance(code, Section):
            continue
        at = Location(str(file.source), code.line)
        if code.name == "var":
            yield Citation(code.argument, section.name, at)
        elif code.name == "embed" and code.argument not in omitted:
            yield Citation(code.argument.partition("#")[2], section.name, at)


def includes(narrative: Narrative, part: str) -> bool:
    """Whether any section includes a part, such as ``sections/_part.qmd``."""
    return any(code.included == part for section in narrative.sections for code in shortcodes(section.current))


def title_of(narrative: Narrative, name: str) -> str:
    """Give the title of a section in Markdown, or the file's name without one."""
    text = next(section.text for section in narrative.sections if section.name == name)
    # A line of code is not a heading, but a heading may contain code.
    if not (begins := _HEADING.search(without_code(text))):
        return name.removesuffix(".qmd")
    return _ATTRIBUTES.sub("", text[begins.end() :].partition("\n")[0]).strip()
