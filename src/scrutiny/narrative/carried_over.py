"""Narrative carried over from an earlier quarter: its mark in the front matter, and its callout."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from pydantic import AfterValidator, Field

from scrutiny.narrative.syntax import shortcodes, without_code
from scrutiny.statistics.periods import Quarter
from scrutiny.yaml_models import Strict

_DIGEST_LENGTH = 12
_CALLOUT = """
::: {{.callout-warning title="Carried over from {quarter}"}}
This text was written for {period}. It has not been edited since, and may no longer hold.
:::
"""


class CarriedOver(Strict):
    """The quarter for which the text of a section was written, and its `text_digest` then.

    While the text has the same digest, nobody has edited it.
    """

    quarter: Annotated[str, AfterValidator(lambda text: str(Quarter.parse(text)))] = Field(alias="from")
    text: str = Field(pattern=rf"^[0-9a-f]{{{_DIGEST_LENGTH}}}$")


def text_digest(body: str) -> str:
    """Give a short digest of a section's text; blanks at the end of a line, which editors remove, do not count."""
    lines = [line.rstrip() for line in body.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGEST_LENGTH]


def callout(quarter: Quarter) -> list[str]:
    """Give the lines that say for which quarter a text was written."""
    return _CALLOUT.format(quarter=quarter.label, period=quarter.period.label).split("\n")


def lines_above_callout(text: str) -> int:
    """Give the line of a section below which the callout belongs: its heading, if it begins with one."""
    breaks = {code.line for code in shortcodes(text) if code.name == "pagebreak"}
    for number, line in enumerate(without_code(text).split("\n"), start=1):
        if line.strip() and number not in breaks:
            return number if re.match(r"#{1,6}[ \t]", line) else number - 1
    return text.count("\n")
