"""Where the narrative quotes values and shows tables and figures, in the order in which it is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from scrutiny.errors import Place
from scrutiny.narrative.sections import Narrative, Section
from scrutiny.narrative.syntax import shortcodes, without_code

_PREFIX = "sections/"
_HEADING = re.compile(r"^#[ \t]", re.MULTILINE)
_ATTRIBUTES = re.compile(r"[ \t]\{[#.][^{}]*\}[ \t]*$")


@dataclass(frozen=True)
class Mention:
    """A value that is quoted, or a table or figure that is shown.

    Parameters
    ----------
    name : str
        Of the value, or the label.
    section : str
        File name of the section that it stands in, or that includes the part in which it stands.
    place : Place
        File and line, as the analyst knows them.
    """

    name: str
    section: str
    place: Place


def mentions(narrative: Narrative, omitted: Collection[str] = ()) -> list[Mention]:
    """Find what the narrative quotes and shows.

    Parameters
    ----------
    omitted : collection of str
        Addresses of the tables and figures that are not in this quarter's report.
    """
    by_name = {section.name: section for section in narrative.sections}

    def follow(section: Section, within: str, through: tuple[str, ...]) -> Iterator[Mention]:
        for code in shortcodes(section.text):
            argument = code.arguments[0] if code.arguments else ""
            if code.name == "include":
                part = by_name.get(argument.removeprefix(_PREFIX))
                if part and part.name not in through:
                    yield from follow(part, within, (*through, part.name))
            elif code.name == "var" or (code.name == "embed" and argument not in omitted):
                name = argument if code.name == "var" else argument.partition("#")[2]
                yield Mention(name, within, Place(str(section.source), code.line))

    return [found for name in narrative.order for found in follow(by_name[name], name, (name,))]


def includes(narrative: Narrative, part: str) -> bool:
    """Whether any section includes a part, such as ``sections/_part.qmd``."""
    return any(
        code.name == "include" and code.arguments[:1] == (part,)
        for section in narrative.sections
        for code in shortcodes(section.text)
    )


def title_of(narrative: Narrative, name: str) -> str:
    """Give the title of a section in Markdown, or the file's name without one."""
    text = next(section.text for section in narrative.sections if section.name == name)
    # What stands in code is no heading, but a heading may hold code.
    if not (begins := _HEADING.search(without_code(text))):
        return name.removesuffix(".qmd")
    return _ATTRIBUTES.sub("", text[begins.end() :].partition("\n")[0]).strip()
