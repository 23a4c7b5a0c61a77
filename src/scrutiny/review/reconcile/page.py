"""A reconciliation as a page to read: `docs/reconciliation.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.markdown import escape
from scrutiny.review.reconcile.coherence import held
from scrutiny.review.reconcile.grouping import groups
from scrutiny.review.reconcile.ours import Verdict
from scrutiny.review.reconcile.run import Reconciliation

MARK = "<!-- Written by scrutiny reconcile"
"""How each such page begins, so that no other is overwritten."""
CHECKS = {
    "difference": "a difference from the two figures",
    "percentage": "a percentage of change from the two figures",
    "share": "a share from its part and its whole",
    "sum": "a total from its parts",
    "parts": "a whole that has to hold the parts that are printed",
    "months": "a window from its months",
    "twice": "a fact in several places",
    "direction": "a word for a direction beside the change",
    "slight": "a change that is called slight: under 5%",
}
"""What each check recomputes, in words."""


def write_page(path: Path, found: Reconciliation) -> None:
    """Write the page, over one of its kind but over no other file.

    Raises
    ------
    WrongUse
        If another file is there, or the folder is missing.
    """
    try:
        ours = not path.exists() or path.read_text(encoding="utf-8").startswith(MARK)
        if ours:
            write_atomically(path, as_page(found))
            return
    except UnicodeDecodeError:
        pass
    except OSError as error:
        raise WrongUse(Problem(f"{path} cannot be written: {error.strerror}", instead="choose another")) from None
    raise WrongUse(
        Problem(f"{path} is another file, and would be lost", instead="name one that is not there, or delete it")
    )


def as_page(found: Reconciliation) -> str:
    """Write the page: summary, what differs, contradictions, what people found, and each line."""
    sections = [_head(found), _differing(found), _contradictions(found), _read(found), _shown(found), _all(found)]
    return "\n\n".join("\n".join(section) for section in sections) + "\n"


def _head(found: Reconciliation) -> Iterator[str]:
    reading, file = found.published.reading, found.published.file
    made, good = (sum(counts) for counts in zip(*held(found.findings).values(), strict=True))
    bad = made - good
    yield f"{MARK} {found.quarter}; do not edit it, but {file} and the .yaml beside that. -->"
    yield ""
    yield f"# {escape(reading.title)}: its figures and ours"
    yield ""
    yield f"{escape(reading.source)}."
    yield ""
    yield f"{len(found.lines):,} figures of it were put beside those of our report for {found.quarter}:"
    yield ""
    yield from _table(
        ("Ours is", "Figures", "Which means"),
        ([verdict, f"{number:,}", _MEANINGS[verdict]] for verdict, number in found.counts.items()),
    )
    yield ""
    yield (
        f"The published report was checked against itself as well, by arithmetic alone: of {made:,} recomputed "
        f"figures and comparisons of places that say the same, {good:,} hold and {bad:,} do not. "
        "The table below puts together those with one cause."
    )
    for note in reading.notes:
        yield ""
        yield escape(note)


_MEANINGS = {
    Verdict.EQUAL: "the same number, to the last printed digit",
    Verdict.ROUNDED: "ours is more exact, and rounds to what is printed (half away from zero)",
    Verdict.DIFFERS: "another number; each is told below, with the reason",
    Verdict.NOT_COMPARABLE: "our data have no such figure; the reason stands beside it",
}


def _differing(found: Reconciliation) -> Iterator[str]:
    yield "## Where ours differs"
    yield ""
    if not found.differing:
        yield "Nowhere."
        return
    yield from _table(
        ("Line", "Place", "Printed", "Ours", "Difference", "Why"),
        (
            (
                str(line.published.line),
                line.published.place,
                line.published.printed,
                line.shown,
                line.why,
                found.remarks[line.id].ours if line.id in found.remarks else "not explained yet",
            )
            for line in found.differing
        ),
    )


def _contradictions(found: Reconciliation) -> Iterator[str]:
    yield "## Where the published report contradicts itself"
    yield ""
    yield "Percentages are rounded half away from zero. What is printed rounded may be anything that rounds to it."
    yield ""
    yield from _table(
        ("Recomputed", "Figures", "Hold", "Do not"),
        (
            (CHECKS[name], str(made), str(good), str(made - good))
            for name, (made, good) in held(found.findings).items()
            if made
        ),
    )
    yield ""
    if not found.contradictions:
        yield "Nothing contradicts anything."
        return
    yield from _table(
        ("Lines", "Place", "Printed", "Recomputed, or elsewhere", "Arithmetic", "Beside lines", "In our report"),
        (
            (group.lines, group.place, group.printed, group.recomputed, group.arithmetic, group.others, group.said)
            for group in groups(found)
        ),
    )


def _read(found: Reconciliation) -> Iterator[str]:
    yield "## Found by reading"
    yield ""
    if not found.published.reading.read:
        yield "Nothing is noted."
        return
    yield "No arithmetic finds these: people noted them."
    yield ""
    yield from _table(
        ("Lines", "Place", "Printed", "Wrong, or open", "In our report"),
        ((read.lines, read.place, read.printed, read.open, read.ours) for read in found.published.reading.read),
    )


def _shown(found: Reconciliation) -> Iterator[str]:
    yield "## Shown with other decimal places"
    yield ""
    lines = [line for line in found.lines if line.shown_otherwise]
    if not lines:
        yield "None."
        return
    yield from _table(
        ("Line", "Place", "Printed", "In our report"),
        ((str(line.published.line), line.published.place, line.published.printed, line.shown) for line in lines),
    )


def _all(found: Reconciliation) -> Iterator[str]:
    yield "## Line by line"
    for part, lines in groupby(found.lines, key=lambda line: line.published.part):
        yield ""
        yield f"### {escape(part)}"
        yield ""
        yield from _table(
            ("Line", "What", "Printed", "Ours", "Result"),
            (
                (
                    str(line.published.line),
                    line.published.place.partition(": ")[2] or part,
                    line.published.printed,
                    line.shown,
                    f"{line.verdict}: {line.why}" if line.why else line.verdict,
                )
                for line in lines
            ),
        )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(escape(cell) for cell in row)} |"
