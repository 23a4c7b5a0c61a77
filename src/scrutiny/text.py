"""Texts on one line, as they stand in the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


def one_line(text: str) -> str:
    """Write a text on one line, as it stands in the report; no-break spaces stay."""
    return " ".join(text.replace("\N{NO-BREAK SPACE}", "\0").split()).replace("\0", "\N{NO-BREAK SPACE}")


def as_json(content: object) -> str:
    """Write JSON for other programs and for readers: indented, in UTF-8, with an end of line."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
