"""A verification as a few lines, as JSON, and as a page."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from errno import EISDIR
from pathlib import Path

from scrutiny.errors import Problem, WrongUse
from scrutiny.review.render import Html, html, html_page, html_table
from scrutiny.review.verify.documents import SAME_BYTES
from scrutiny.review.verify.findings import Compared, Part, Verdict, problems_of, shorten
from scrutiny.review.verify.run import Verification
from scrutiny.text import as_json
from scrutiny.workspace.manifest import VERIFICATION

SCHEMA_VERSION = 1
MOST_SHOWN = 40
"""The number of differences that a terminal shows."""
_TITLES = {
    Part.FILES: "Files and their digests",
    Part.NOTEBOOKS: "Notebooks, run again",
    Part.VALUES: "What the workspace holds of their results",
    Part.DOCUMENTS: "Documents, made again",
}
_VERDICTS = {
    Verdict.AGREES: "agrees with what comes out of it again",
    Verdict.DIFFERS: "differs; see below",
    Verdict.IN_PART: "is verified in part: what was compared agrees, and below is what was not compared",
}
UNSIGNED = "It is unsigned: who made it, and from the right data, is not verified."
_SIGNS = {Verdict.AGREES: "✓ agrees", Verdict.DIFFERS: "✗ differs", Verdict.NOT_COMPARED: "– not compared"}


def summary(verification: Verification) -> Iterator[str]:
    """Say what was compared, and how much of it agrees."""
    yield f"{verification.manifest.quarter} {_VERDICTS[verification.verdict]}."
    yield UNSIGNED
    for part in Part:
        if compared := verification.of(part):
            wrong = sum(len(one.differences) for one in compared)
            yield f"  {part:<11}{_coverage(part, compared)}{f'; {_count(wrong)}' if wrong else ''}"
    if others := verification.other_versions:
        named = ", ".join(f"{name} {here} (was {there})" for name, (there, here) in others.items())
        yield f"  other versions here: {named}"
    for one in verification.compared:
        if one.verdict is Verdict.NOT_COMPARED:
            yield f"  {one.file}{f' ({one.cell})' if one.cell else ''}: {one.note}"


def _count(differences: int) -> str:
    return f"{differences:,} {'difference' if differences == 1 else 'differences'}"


def _coverage(part: Part, compared: Sequence[Compared]) -> str:
    def count(what: str) -> str:
        return f"{sum(one.count for one in compared if one.what == what):,}"

    files = len({one.file for one in compared})
    match part:
        case Part.FILES:
            return f"{count('sum')} and their digests, content_hash, parameters"
        case Part.NOTEBOOKS:
            return (
                f"{files} run again: {count('source')} cells, {count('values')} values, "
                f"{count('table')} cells of tables, {count('picture')} pictures and their data"
            )
        case Part.VALUES:
            return f"{files} files made from them: values, origins, downloads, order of the sections"
    made = {one.file: one for one in compared if one.what in ("document", "text")}
    names = {Path(file).name: one for file, one in made.items() if not one.differences}
    same = [name for name, one in names.items() if one.note == SAME_BYTES]
    by_text = [name for name, one in names.items() if one.note != SAME_BYTES]
    results = [f"{', '.join(same)} byte for byte the same"] if same else []
    results += [f"{', '.join(by_text)} the same in text"] if by_text else []
    return "; ".join([f"{len(made)} made again", *results])


def problems(verification: Verification, page: Path) -> list[Problem]:
    """Give the differences for a terminal, of many only the first."""
    found = problems_of(verification.compared)
    if len(found) <= MOST_SHOWN:
        return found
    rest = Problem(f"and {len(found) - MOST_SHOWN:,} more differences", hint=f"{page} has them all")
    return [*found[:MOST_SHOWN], rest]


def to_json(verification: Verification) -> str:
    """Write JSON, whose keys docs/reference/json.md describes."""
    manifest = verification.manifest
    record = {
        "schema_version": SCHEMA_VERSION,
        "quarter": manifest.quarter,
        "verdict": verification.verdict,
        "signed": False,
        "content_hash": manifest.content_hash,
        "commit": manifest.source.commit,
        "engine": verification.engine,
        **verification.used,
        "other_versions": {
            name: {"manifest": there, "here": here} for name, (there, here) in verification.other_versions.items()
        },
        "compared": [one.as_record() for one in verification.compared],
        "started": verification.started.isoformat(timespec="seconds"),
        "finished": verification.finished.isoformat(timespec="seconds"),
    }
    return as_json(record, sort_keys=True)


def write(verification: Verification, workspace: Path, to: Path | None) -> tuple[Path, bool]:
    """Write JSON and page beside the documents or, if that is read-only, into the current folder.

    Gives the page, and whether it is where it was meant to be.
    """
    json_name, page_name = (Path(name).name for name in VERIFICATION)
    texts = {json_name: to_json(verification), page_name: as_page(verification)}
    meant = to or workspace / Path(VERIFICATION[0]).parent
    instead = Path(f"verification-{verification.manifest.quarter}")
    for folder in (meant,) if to else (meant, instead):
        try:
            _write_all(folder, texts)
        except OSError as error:
            reason = error.strerror
        else:
            return folder / page_name, folder == meant
    where = f"cannot be written to {to}" if to else f"can be written neither to {meant} nor to {instead}"
    raise WrongUse(Problem(f"the result {where}: {reason}", hint="name another folder: --to FOLDER"))


def _write_all(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files or none: nothing is moved into place before all are written."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".verification-", dir=folder) as staging:
        for name, text in texts.items():
            if (folder / name).is_dir():
                raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
            Path(staging, name).write_text(text, encoding="utf-8", newline="")
        for name in texts:
            Path(staging, name).replace(folder / name)


def as_page(verification: Verification) -> str:
    """Write the page."""
    title = f"Verification of {verification.manifest.quarter}"
    return html_page(title, _body(verification), generator="scrutiny verify")


def _body(verification: Verification) -> Iterator[Html]:
    count = sum(len(one.differences) for one in verification.compared)
    verdict = "✓ Everything that was computed anew agrees with what is in the workspace."
    if count:
        verdict = f"✗ {_count(count)} found."
    verdict += f" {UNSIGNED}"
    if not_compared := sum(one.verdict is Verdict.NOT_COMPARED for one in verification.compared):
        verdict += f" Not compared: {not_compared:,}; see below why."
    yield Html(f'<p class="verdict">{html(verdict)}</p>\n')
    heads = ("What", "In the manifest", "Here")
    yield html_table("What was verified, and with what", heads, _facts(verification))
    for part in Part:
        if compared := verification.of(part):
            yield Html(f"{html(_TITLES[part], 'h2')}\n")
            yield from _part(part, compared)


def _facts(verification: Verification) -> Iterator[Sequence[str]]:
    manifest, used = verification.manifest, verification.used
    changed = ", ".join(manifest.source.differing)
    commit = manifest.source.commit or "not known"
    yield "Commit of the inputs", f"{commit}; changed since: {changed}" if changed else commit, ""
    yield "content_hash", manifest.content_hash, ""
    yield "Built, verified", f"{manifest.finished:%Y-%m-%d %H:%M %Z}", f"{verification.finished:%Y-%m-%d %H:%M %Z}"
    yield "Engine", f"{manifest.engine.name} {manifest.engine.version}", verification.engine
    yield "Python", manifest.python, used["python"]
    yield "System", manifest.system, used["system"]
    for name in sorted({*manifest.packages, *used["packages"]}):
        yield name, manifest.packages.get(name, ""), used["packages"].get(name, "")


def _part(part: Part, compared: Sequence[Compared]) -> Iterator[Html]:
    title = _TITLES[part]
    wrong = [
        (one.file, one.cell, what, *(text or "" for text in shorten(before, after)))
        for one in compared
        for what, before, after, _ in one.differences
    ]
    if wrong:
        heads = ("File", "Cell", "What", "In the workspace", "Computed anew")
        yield html_table(f"{title}: differences", heads, wrong)
    if part is Part.FILES:
        agreeing = sum(not one.differences for one in compared)
        yield Html(f"<p>{agreeing:,} of {len(compared):,} comparisons agree.</p>\n")
        return
    rows = (
        (one.file, one.cell, one.what, f"{one.count:,}", f"{_SIGNS[one.verdict]}{one.note and f' ({one.note})'}")
        for one in compared
    )
    yield html_table(f"{title}: everything compared", ("File", "Cell", "What", "Count", "Verdict"), rows)
