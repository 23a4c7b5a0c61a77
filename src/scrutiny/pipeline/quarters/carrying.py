"""Sections of one quarter as the next begins with them: marked as carried over."""

from __future__ import annotations

from typing import Any

import yaml

from scrutiny.narrative.carried_over import text_sum
from scrutiny.narrative.sections import Section
from scrutiny.narrative.syntax import split_front_matter
from scrutiny.statistics.periods import Quarter

KEY = "carried-over"


def carried_over(section: Section, text: str, quarter: Quarter) -> str:
    """Mark a section as carried over from the quarter whose it is.

    Parameters
    ----------
    section : Section
        As it was read.
    text : str
        Its file.
    quarter : Quarter

    Returns
    -------
    str
        The file with the mark in its front matter. One that was carried over already, and not edited,
        stays as it is: it is still the text of the quarter before.
    """
    if section.carried_over_from:
        return text
    front_matter, _, body = split_front_matter(text)
    mark = f'{KEY}: {{from: {quarter}, text: "{text_sum(body)}"}}\n'
    return f"---\n{mark}{_without_mark(front_matter)}---\n{body}"


def _without_mark(front_matter: str) -> str:
    """Take an earlier quarter's mark out, and leave the rest as it is written."""
    node = yaml.compose(front_matter, yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return front_matter
    if node.flow_style:
        content: dict[str, Any] = yaml.safe_load(front_matter)
        content.pop(KEY, None)
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False) if content else ""
    for key, value in node.value:
        if key.value == KEY:
            lines = front_matter.splitlines(keepends=True)
            # A block ends where the next key begins, one in braces on the line of the closing brace.
            after = value.end_mark.line + (value.end_mark.column > 0)
            return "".join(lines[: key.start_mark.line] + lines[after:])
    return front_matter
