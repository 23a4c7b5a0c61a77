"""The documents of a workspace compared with the same made again: bytes, text, pictures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

from scrutiny.engines import DOCUMENTS
from scrutiny.review.compare import Difference, align, changed, compare_excerpts, numbered_lines
from scrutiny.review.readback import (
    Document,
    Picture,
    Unreadable,
    digest_of_base64,
    has_picture,
    pages_that_differ,
    read_document,
    word_parts,
)
from scrutiny.review.verify.findings import Compared, Part, differing
from scrutiny.review.verify.notebooks import OTHER_VERSIONS, read_cells

SAME_BYTES = "byte for byte the same"
_EMBEDDED = re.compile(r"(?<=data:image/)[\w.+-]+;base64,[\w+/=]*")


@dataclass(frozen=True)
class Alike:
    """What was alike where a report was made and where it was made again.

    Parameters
    ----------
    engine : bool
        Its name and version: else no document has the same structure.
    drawing : bool
        Whatever a picture's bytes depend on.
    everything : bool
        Also all other packages: then each byte is the same.
    """

    engine: bool
    drawing: bool
    everything: bool


def compare_documents(here: Path, again: Path | None, formats: Sequence[str], alike: Alike) -> Iterator[Compared]:
    """Compare documents with the same made again, if they could be, and pictures with those of the notebooks."""
    if not formats:
        yield differing(Part.DOCUMENTS, "_output", "the manifest names no document")
    known = _known_pictures(here)
    drawn = _known_pictures(again) if again else {}
    for format_ in formats:
        file = f"_output/{DOCUMENTS[format_]}"
        report = partial(Compared, Part.DOCUMENTS, file, "")
        if not (here / file).is_file():
            yield differing(Part.DOCUMENTS, file, "this document is missing")
            continue
        try:
            document = read_document(here / file)
        except Unreadable as error:
            yield differing(Part.DOCUMENTS, file, str(error))
            continue
        if again is None:
            yield report("document", note="not compared: it could not be made again", done=False)
            pictures = _unknown(document.pictures, known)
        else:
            made = read_document(again / file)
            yield from _compare(report, here / file, again / file, document, made, alike)
            expected = [drawn.get(picture.digest, "") for picture in made.pictures]
            pictures = _misplaced(document.pictures, known, expected)
        if format_ != "pdf":
            wrong = tuple(map(Difference, pictures))
            note = "" if wrong else "those of the executed notebooks"
            yield report("pictures", len(document.pictures), wrong, note)


def _compare(
    report: Callable[..., Compared], path: Path, made_path: Path, document: Document, made: Document, alike: Alike
) -> Iterator[Compared]:
    """Compare two documents of one format: bytes, else text, else what is not text."""
    if path.read_bytes() == made_path.read_bytes():
        yield report("document", len(made.excerpts), note=SAME_BYTES)
        return
    by_text = tuple(compare_excerpts(document.excerpts, made.excerpts))
    yield report("text", len(made.excerpts), by_text)
    if by_text:
        return
    if not alike.engine:
        note = f"not compared but for its text: {OTHER_VERSIONS.format('engine')}"
        yield report("look", note=note, done=False)
        return
    elsewhere = {".pdf": _compare_pages, ".docx": _compare_parts, ".html": _compare_lines}[path.suffix]
    differences, not_compared = elsewhere(path, made_path, drawn_alike=alike.drawing)
    if not (differences or not_compared) and alike.everything:
        differences = [Difference("its bytes differ, though its text does not")]
    yield report("look", differences=tuple(differences))
    if not_compared:
        note = f"{not_compared}: {OTHER_VERSIONS.format('packages that draw')}"
        yield report("pictures", note=note, done=False)


def _compare_pages(pdf: Path, made: Path, *, drawn_alike: bool) -> tuple[list[Difference], str]:
    pages = pages_that_differ(pdf, made)
    drawn = [] if drawn_alike else [page for page in pages if has_picture(made, page)]
    what = "page {} looks different, though its text does not"
    numbers = ", ".join(map(str, drawn))
    return (
        [Difference(what.format(page)) for page in pages if page not in drawn],
        f"not compared: how its pages {numbers} with pictures look" if drawn else "",
    )


def _compare_parts(word: Path, made: Path, *, drawn_alike: bool) -> tuple[list[Difference], str]:
    differences = []
    for name, old, new in changed(word_parts(word), word_parts(made)):
        # Pictures are compared by themselves.
        if drawn_alike or not name.startswith("word/media/"):
            what = "has changed, though its text has not"
            if old is None or new is None:
                what = "is missing" if old is None else "is extra"
            differences.append(Difference(f"its part {name} {what}"))
    return differences, ""


def _compare_lines(html: Path, made: Path, *, drawn_alike: bool) -> tuple[list[Difference], str]:  # noqa: ARG001
    # Pictures are compared by themselves.
    texts = (_EMBEDDED.sub("", path.read_text(encoding="utf-8")) for path in (html, made))
    return list(compare_excerpts(*map(numbered_lines, texts))), ""


def _unknown(pictures: Sequence[Picture], known: dict[str, str]) -> Iterator[str]:
    for picture in pictures:
        if picture.digest not in known:
            yield f'the picture {picture.place}, "{picture.alternative}", is in no notebook and no section'


def _misplaced(pictures: Sequence[Picture], known: dict[str, str], expected: Sequence[str]) -> Iterator[str]:
    """Name the pictures that are not the expected ones, given by label or file; empty where that is not known."""
    found = [known.get(picture.digest, "") for picture in pictures]
    everything = [(False, slice(None), slice(None))]
    for same, one, other in everything if len(found) == len(expected) else align(found, expected):
        for picture, belongs in () if same else zip_longest(pictures[one], expected[other]):
            if picture is None:
                yield f"the picture of {belongs} is missing"
            elif belongs is None:
                yield f'the picture {picture.place}, "{picture.alternative}", does not belong there'
            elif not belongs or known.get(picture.digest) != belongs:
                label = known.get(picture.digest)
                but = f"but that of {label}" if label else "but one that is in no notebook and no section"
                yield f"the picture {picture.place} is not that of {belongs or 'a picture of a section'}, {but}"


def _known_pictures(workspace: Path) -> dict[str, str]:
    """Map the digest of each picture that documents may show to the label of its cell or the path of its file."""
    known = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.relative_to(workspace).as_posix()
        for folder in ("assets", "sections")
        for path in sorted((workspace / folder).rglob("*"))
        if path.suffix in (".png", ".jpg", ".jpeg", ".svg", ".gif")
    }
    for path in sorted((workspace / "notebooks").glob("*.ipynb")):
        # A damaged notebook is reported where notebooks are compared.
        with suppress(ValueError):
            for cell in read_cells(path):
                for output in cell.outputs:
                    stored = output.get("data", {}).get("image/png")
                    if cell.label and isinstance(stored, str) and (digest := digest_of_base64(stored)):
                        known.setdefault(digest, cell.label)
    return known
