"""A verification told: in a few lines for the terminal, and as JSON."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from errno import EISDIR
from pathlib import Path
from typing import Any

from scrutiny.errors import Problem, WrongUse
from scrutiny.review.verify.findings import Compared, Part, Verdict, differences_of
from scrutiny.review.verify.page import as_page
from scrutiny.review.verify.run import Verification
from scrutiny.workspace.manifest import VERIFICATION

SCHEMA_VERSION = 1
MOST_TOLD = 40
"""How many differences a terminal tells; the page has all."""


def summary(verification: Verification) -> list[str]:
    """Say in a few lines what was compared, and how much of it agrees."""
    manifest = verification.manifest
    verdict = "differs; see below" if verification.differs else "agrees with what comes out of it again"
    lines = [f"{manifest.quarter} {verdict}.", *(f"  {text}" for text in _parts(verification))]
    if others := verification.other_versions:
        named = ", ".join(f"{name} {here} (was {there})" for name, (there, here) in others.items())
        lines.append(f"  other versions here: {named}")
    for one in verification.compared:
        if one.verdict is Verdict.NOT_COMPARED:
            lines.append(f"  {_at(one)}: {one.note}")
    return lines


def problems(verification: Verification, page: Path) -> list[Problem]:
    """Tell the differences, the first ones where there are many."""
    found = differences_of(verification.compared)
    if len(found) > MOST_TOLD:
        more = f"and {len(found) - MOST_TOLD:,} more differences"
        return [*found[:MOST_TOLD], Problem(more, instead=f"all of them stand in {page}")]
    return found


def as_json(verification: Verification) -> str:
    """Write it for other programs; docs/verify.md tells the form."""
    manifest = verification.manifest
    content = {
        "schema_version": SCHEMA_VERSION,
        "quarter": manifest.quarter,
        "verdict": "differs" if verification.differs else "agrees",
        "content_hash": manifest.content_hash,
        "commit": manifest.source.commit,
        "engine": verification.engine,
        **verification.used,
        "other_versions": {
            name: {"manifest": there, "here": here} for name, (there, here) in verification.other_versions.items()
        },
        "compared": [_record(one) for one in verification.compared],
        "started": verification.started.isoformat(timespec="seconds"),
        "finished": verification.finished.isoformat(timespec="seconds"),
    }
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def write(verification: Verification, workspace: Path, to: Path | None) -> tuple[Path, bool]:
    """Write JSON and page, by default beside the documents, or in the current folder if that is read-only.

    Returns
    -------
    tuple of (Path, bool)
        The page, and whether it is where it was to be.

    Raises
    ------
    WrongUse
        If they can be written nowhere.
    """
    names = [Path(name).name for name in VERIFICATION]
    texts = dict(zip(names, (as_json(verification), as_page(verification)), strict=True))
    first = to or workspace / Path(VERIFICATION[0]).parent
    other = Path(f"verification-{verification.manifest.quarter}")
    try:
        _write_all(first, texts)
    except OSError as error:
        if to:
            what = f"the result cannot be written to {to}: {error.strerror}"
            raise WrongUse(Problem(what, instead="name another folder: --to FOLDER")) from None
    else:
        return first / names[1], True
    try:
        _write_all(other, texts)
    except OSError as error:
        what = f"the result can be written neither to {first} nor to {other}: {error.strerror}"
        raise WrongUse(Problem(what, instead="name another folder: --to FOLDER")) from None
    return other / names[1], False


def _write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files or none: nothing is moved into place before all are written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".verification-", dir=folder) as aside:
        for name, text in texts.items():
            if (folder / name).is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            Path(aside, name).write_text(text, encoding="utf-8", newline="")
        for name in texts:
            Path(aside, name).replace(folder / name)


def _parts(verification: Verification) -> Iterator[str]:
    for part in Part:
        of_part = verification.of(part)
        if not of_part:
            continue
        counted = _counted(part, of_part)
        wrong = sum(len(one.differences) for one in of_part)
        yield f"{part:<11}{counted}" + (
            f"; {wrong:,} {'differences' if wrong > 1 else 'difference'}" if wrong else ""
        )


def _counted(part: Part, compared: list[Compared]) -> str:
    def count(*names: str) -> int:
        return sum(one.count for one in compared if one.what in names)

    if part is Part.FILES:
        return f"{count('sum'):,} and their sums, content_hash, parameters"
    if part is Part.NOTEBOOKS:
        notebooks = len({one.where for one in compared})
        return (
            f"{notebooks} run again: {count('source'):,} cells, {count('values'):,} values, "
            f"{count('table'):,} cells of tables, {count('picture'):,} pictures and their data"
        )
    if part is Part.VALUES:
        files = len({one.where for one in compared})
        return f"{files} files made from them: values, origins, downloads, order of the sections"
    same = [one.where for one in compared if one.note == "byte for byte the same"]
    documents = {one.where for one in compared if one.what in ("document", "text") and one.done}
    text = f"{len(documents)} made again"
    if same and len(same) == len(documents):
        return f"{text}: byte for byte the same"
    told = [f"{Path(name).name} byte for byte the same" for name in same]
    told += [
        f"{Path(one.where).name} the same in its text"
        for one in compared
        if one.what == "text" and one.verdict is Verdict.AGREES
    ]
    return ", ".join([text, *told])


def _at(one: Compared) -> str:
    return f"{one.where} ({one.cell})" if one.cell else one.where


def _record(one: Compared) -> dict[str, Any]:
    return {
        "part": str(one.part),
        "file": one.where,
        "cell": one.cell or None,
        "what": one.what,
        "count": one.count,
        "verdict": str(one.verdict),
        "note": one.note or None,
        "differences": [
            {"what": difference.what, "here": difference.here, "again": difference.again}
            for difference in one.differences
        ],
    }
