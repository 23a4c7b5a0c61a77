"""PDF files read back with PDFium: their text, and whether their pages look alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Give the number of the page and the text of each line."""
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document, start=1):
            text = page.get_textpage().get_text_bounded()
            yield from ((number, line) for line in text.splitlines() if line.strip())


def pages_that_differ(here: Path, again: Path) -> list[int]:
    """Give the numbers of the pages of two files that look different."""
    with pypdfium2.PdfDocument(here) as one, pypdfium2.PdfDocument(again) as other:
        return [
            number
            for number, both in enumerate(zip(one, other, strict=False), start=1)
            if len({hashlib.sha256(page.render().buffer).digest() for page in both}) > 1
        ]
