"""The documents of a workspace compared with those made again: bytes, text, pictures."""

from __future__ import annotations

import base64
import hashlib
import re
import zipfile
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from scrutiny.engines import DOCUMENTS
from scrutiny.review.verify.cells import read_cells
from scrutiny.review.verify.findings import Compared, Difference, Part
from scrutiny.review.verify.passages import passage_differences, passages_of_lines
from scrutiny.review.verify.reading import Picture, Read, Unreadable, read_document

_OUTPUT = "_output"
_EMBEDDED = re.compile(r"(?<=data:image/)[\w.+-]+;base64,[\w+/=]*")


def compare_documents(
    here: Path, again: Path | None, formats: Sequence[str], not_by_bytes: str
) -> Iterator[Compared]:
    """Compare documents with those made again, and their pictures with those of the executed notebooks.

    Parameters
    ----------
    here : Path
        The workspace.
    again : Path or None
        The one made again; None if it could not be made.
    not_by_bytes : str
        Why the bytes need not be the same; empty if they have to be.
    """
    for format_ in formats:
        where = f"{_OUTPUT}/{DOCUMENTS[format_]}"
        document = here / where
        if not document.is_file():
            yield Compared(Part.DOCUMENTS, where, differences=(Difference("this document is missing"),))
            continue
        try:
            read = read_document(document)
        except Unreadable as error:
            yield Compared(Part.DOCUMENTS, where, differences=(Difference(str(error)),))
            continue
        if again is None:
            note = "not compared: it could not be made again"
            yield Compared(Part.DOCUMENTS, where, what="document", note=note, done=False)
            anew = None
        else:
            anew = read_document(again / where)
            yield _compare(document, again / where, where, read, anew, not_by_bytes)
        if format_ != "pdf":
            yield _compare_pictures(here, again, where, read.pictures, anew.pictures if anew else None)


def _compare(document: Path, made: Path, where: str, read: Read, anew: Read, not_by_bytes: str) -> Compared:
    count = len(anew.passages)
    if document.read_bytes() == made.read_bytes():
        return Compared(Part.DOCUMENTS, where, what="document", count=count, note="byte for byte the same")
    differences = tuple(passage_differences(read.passages, anew.passages))
    if differences or not_by_bytes:
        note = f"compared by its text: {not_by_bytes}" if not_by_bytes else "compared by its text"
        return Compared(Part.DOCUMENTS, where, what="text", count=count, differences=differences, note=note)
    told = {".pdf": _in_pdf, ".docx": _in_word, ".html": _in_html}[document.suffix](document, made)
    what = "its bytes differ, though its text does not"
    differences = tuple(told) or (Difference(what),)
    return Compared(Part.DOCUMENTS, where, what="document", count=count, differences=differences)


def _in_pdf(document: Path, made: Path) -> Iterator[Difference]:
    # Imported late: only this format needs it.
    from scrutiny.review.verify.pdf import pages_that_differ

    for number in pages_that_differ(document, made):
        yield Difference(f"page {number} looks different, though its text does not")


def _in_word(document: Path, made: Path) -> Iterator[Difference]:
    with zipfile.ZipFile(document) as one, zipfile.ZipFile(made) as other:
        names = [set(archive.namelist()) for archive in (one, other)]
        for name in sorted(names[0] | names[1]):
            if not all(name in known for known in names):
                yield Difference(f"its part {name} is {'missing' if name in names[1] else 'extra'}")
            elif one.read(name) != other.read(name):
                yield Difference(f"its part {name} has changed, though its text has not")


def _in_html(document: Path, made: Path) -> Iterator[Difference]:
    # Pictures are compared by themselves.
    texts = (_EMBEDDED.sub("", path.read_text(encoding="utf-8")) for path in (document, made))
    lines, anew = map(passages_of_lines, texts)
    yield from passage_differences(lines, anew)


def _compare_pictures(
    here: Path, again: Path | None, where: str, pictures: Sequence[Picture], anew: Sequence[Picture] | None
) -> Compared:
    known = _known_pictures(here)
    differences = [
        Difference(f'the picture {picture.place}, "{picture.alternative}", is in no notebook and no section')
        for picture in pictures
        if picture.total not in known
    ]
    if again is not None and anew is not None:
        drawn = _known_pictures(again)
        differences = list(_exchanged(pictures, known, [drawn.get(one.total, "") for one in anew]))
    note = "those of the executed notebooks" if not differences else ""
    return Compared(Part.DOCUMENTS, where, "", "pictures", len(pictures), tuple(differences), note)


def _exchanged(
    pictures: Sequence[Picture], known: dict[str, str], expected: Sequence[str]
) -> Iterator[Difference]:
    """Name the pictures that are not those which belong there, by the labels of the figures."""
    found = [known.get(picture.total, "") for picture in pictures]
    matcher = SequenceMatcher(None, found, expected, autojunk=False)
    as_many = [("replace", 0, len(found), 0, len(found))]
    for tag, start, end, begin, stop in as_many if len(found) == len(expected) else matcher.get_opcodes():
        if tag == "equal":
            continue
        shared = min(end - start, stop - begin)
        for at in range(shared):
            if found[start + at] == expected[begin + at] != "":
                continue
            picture, belongs = pictures[start + at], expected[begin + at] or "a picture of a section"
            other = found[start + at]
            is_of = f"but that of {other}" if other else "but one that is in no notebook and no section"
            yield Difference(f"the picture {picture.place} is not that of {belongs}, {is_of}")
        for picture in pictures[start + shared : end]:
            yield Difference(f'the picture {picture.place}, "{picture.alternative}", does not belong there')
        for belongs in expected[begin + shared : stop]:
            yield Difference(f"the picture of {belongs} is missing")


def _known_pictures(workspace: Path) -> dict[str, str]:
    """Give the pictures that documents may show: SHA-256, and label or file."""
    known = {
        hashlib.sha256(path.read_bytes()).hexdigest(): path.relative_to(workspace).as_posix()
        for folder in ("assets", "sections")
        for path in sorted((workspace / folder).rglob("*"))
        if path.suffix in (".png", ".jpg", ".jpeg", ".svg", ".gif")
    }
    for path in sorted((workspace / "notebooks").glob("*.ipynb")):
        try:
            cells = read_cells(path)
        except ValueError:
            # Told where notebooks are compared.
            continue
        for cell in cells:
            for output in cell.outputs:
                stored = output.get("data", {}).get("image/png")
                if cell.label and isinstance(stored, str):
                    try:
                        total = hashlib.sha256(base64.b64decode(stored)).hexdigest()
                    except ValueError:
                        continue
                    known.setdefault(total, cell.label)
    return known
