"""A reconciliation as tables, lines, JSON, and a page: `docs/reconciliation.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import RenderableType
from rich.text import Text

from scrutiny.review import render
from scrutiny.review.reconcile.coherence import CHECKS, Recomputation, held
from scrutiny.review.reconcile.compare import Agreement, ComparedFigure
from scrutiny.review.reconcile.run import Reconciliation
from scrutiny.text import ranges

_MARK = "<!-- Written by scrutiny reconcile"
_MEANINGS = {
    Agreement.EQUAL: "the same number, to the last printed digit",
    Agreement.ROUNDED: "ours is more exact, and rounds to what is printed (half away from zero)",
    Agreement.DIFFERS: "another number; each is listed below, with the reason",
    Agreement.NOT_COMPARABLE: "our data have no such figure; the reason stands beside it",
}


class Group(NamedTuple):
    """Contradictions of the published report with one cause, as a row of a table.

    Parameters
    ----------
    place : str
        Of the first of them, and the parts of the report of the others.
    others : str
        Lines of what was used to recompute: "27–31, 505".
    ours : str
        What our report says, and why, if there is a remark.
    """

    lines: str
    place: str
    printed: str
    recomputed: str
    arithmetic: str
    others: str
    ours: str


def groups(found: Reconciliation) -> list[Group]:
    """Group the contradictions by remark, in the order of the published report."""
    together: dict[str, list[Recomputation]] = {}
    for made in found.contradictions:
        remark = found.remarks.get(made.id)
        together.setdefault(remark.findings[0] if remark else made.id, []).append(made)
    return [_group(found, some) for some in together.values()]


def _group(found: Reconciliation, some: list[Recomputation]) -> Group:
    remark = found.remarks.get(some[0].id)
    first = some[0].figure
    own = {made.figure.line for made in some}
    parts = (made.figure.part for made in some if made.figure.part != first.part)
    steps = [step for made in some for step in made.steps]
    return Group(
        lines=ranges(own),
        place=_once([first.place, *parts]),
        printed=_once(made.figure.printed for made in some),
        recomputed=_once(made.recomputed for made in some),
        arithmetic=_once([*steps, (remark and remark.recomputed) or ""]),
        others=ranges({line for made in some for line in made.lines} - own),
        ours=remark.ours if remark else "",
    )


def _once(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def view(found: Reconciliation, *, every: bool = False) -> render.View:
    """Show what differs and what contradicts itself, and on a terminal each figure if asked."""
    return render.View(_lines(found), _tables(found, every=every), lambda: _record(found))


def _lines(found: Reconciliation) -> Iterator[str]:
    for one in found.figures:
        yield render.line(one.agreement, *_beside(one), one.why)
    for made in found.contradictions:
        figure, steps = made.figure, "; ".join(made.steps)
        place = figure.line, figure.place, figure.printed
        yield render.line(f"contradiction: {made.check}", *place, made.recomputed, steps)


def _tables(found: Reconciliation, *, every: bool) -> Iterator[RenderableType]:
    shown = {"Line by line": found.figures if every else (), "Where ours differs": found.differing}
    for title, figures in shown.items():
        if figures:
            yield Text(f"\n{title}", "bold")
            rows = ((*_beside(one), one.result) for one in figures)
            yield render.table(("Line", "Place", "Printed", "Ours", "Result"), rows)
    if found.contradictions:
        yield Text("\nWhere the published report contradicts itself", "bold")
        heads = ("Lines", "Place", "Printed", "Recomputed", "Arithmetic")
        yield render.table(heads, (group[: len(heads)] for group in groups(found)))
    counts = ", ".join(f"{agreement}: {number:,}" for agreement, number in found.counts.items())
    yield Text(f"\n{len(found.figures):,} published figures; {counts}")
    made, bad = len(found.recomputed), len(found.contradictions)
    yield Text(f"{made:,} recomputed from the published report alone: {made - bad:,} hold, {bad:,} do not")


def _beside(one: ComparedFigure) -> tuple[str, str, str, str]:
    """Give line, place and text of a published figure, and ours beside it."""
    return str(one.published.line), one.published.place, one.published.printed, one.shown


def _record(found: Reconciliation) -> dict[str, Any]:
    return {
        "quarter": found.quarter,
        "counts": found.counts,
        "lines": [_record_of_figure(found, one) for one in found.figures],
        "findings": [_record_of_recomputation(found, made) for made in found.recomputed],
    }


def _record_of_figure(found: Reconciliation, one: ComparedFigure) -> dict[str, Any]:
    published = one.published
    return {
        "line": published.line,
        "place": published.place,
        "printed": published.printed,
        "fact": published.fact,
        "period": {"start": published.period.start.isoformat(), "end": published.period.end.isoformat()},
        "statistic": published.statistic,
        "ours": one.shown,
        "verdict": one.agreement,
        "why": one.why,
        "remark": found.explanation(one.id),
    }


def _record_of_recomputation(found: Reconciliation, made: Recomputation) -> dict[str, Any]:
    return {
        "id": made.id,
        "check": made.check,
        "holds": made.holds,
        "lines": made.lines,
        "place": made.figure.place,
        "printed": made.figure.printed,
        "recomputed": made.recomputed,
        "arithmetic": made.steps,
        "remark": None if made.holds else found.explanation(made.id),
    }


def write_page(path: Path, found: Reconciliation) -> None:
    """Write the page, over one of its kind but over no other file."""
    render.write_page(path, as_page(found), _MARK)


def as_page(found: Reconciliation) -> str:
    """Write the page in Markdown: summary, differences, contradictions, observations, and each figure."""
    return "\n\n".join([*_summary(found), *_differing(found), *_contradictions(found), *_rest(found)]) + "\n"


def _summary(found: Reconciliation) -> Iterator[str]:
    commentary, file = found.published.commentary, found.published.file
    made, bad = len(found.recomputed), len(found.contradictions)
    yield f"{_MARK} {found.quarter}; do not edit it, but {file} and the .yaml beside that. -->"
    yield f"# {render.markdown(commentary.title)}: its figures and ours"
    yield f"{render.markdown(commentary.source)}."
    yield f"{len(found.figures):,} figures of it were compared with those of our report for {found.quarter}:"
    yield render.markdown_table(
        ("Ours is", "Figures", "Which means"),
        ((agreement, f"{number:,}", _MEANINGS[agreement]) for agreement, number in found.counts.items()),
    )
    yield (
        f"The published report was checked against itself as well, by arithmetic alone: of {made:,} recomputed "
        f"figures and comparisons of places that say the same, {made - bad:,} hold and {bad:,} do not. "
        "The table below puts together those with one cause."
    )
    yield from map(render.markdown, commentary.notes)


def _differing(found: Reconciliation) -> Iterator[str]:
    yield "## Where ours differs"
    if not found.differing:
        yield "Nowhere."
        return
    rows = ((*_beside(one), one.why, found.explanation(one.id) or "not explained yet") for one in found.differing)
    yield render.markdown_table(("Line", "Place", "Printed", "Ours", "Difference", "Why"), rows)


def _contradictions(found: Reconciliation) -> Iterator[str]:
    yield "## Where the published report contradicts itself"
    yield "Percentages are rounded half away from zero. What is printed rounded may be anything that rounds to it."
    yield render.markdown_table(
        ("Recomputed", "Figures", "Hold", "Do not"),
        (
            (CHECKS[name], str(made), str(good), str(made - good))
            for name, (made, good) in held(found.recomputed).items()
            if made
        ),
    )
    if not found.contradictions:
        yield "Nothing contradicts anything."
        return
    heads = (
        "Lines", "Place", "Printed", "Recomputed, or elsewhere", "Arithmetic", "Beside lines", "In our report"
    )  # fmt: skip
    yield render.markdown_table(heads, groups(found))


def _rest(found: Reconciliation) -> Iterator[str]:
    yield "## Found by reading"
    if read := found.published.commentary.read:
        yield "No arithmetic finds these: people noted them."
        noted = ((one.lines, one.place, one.printed, one.open, one.ours) for one in read)
        yield render.markdown_table(("Lines", "Place", "Printed", "Wrong, or open", "In our report"), noted)
    else:
        yield "Nothing is noted."
    yield "## Shown with other decimal places"
    if others := [_beside(one) for one in found.figures if one.other_places]:
        yield render.markdown_table(("Line", "Place", "Printed", "In our report"), others)
    else:
        yield "None."
    yield "## Line by line"
    for part, figures in groupby(found.figures, key=lambda one: one.published.part):
        yield f"### {render.markdown(part)}"
        rows = []
        for one in figures:
            line, place, printed, ours = _beside(one)
            rows.append((line, place.partition(": ")[2] or part, printed, ours, one.result))
        yield render.markdown_table(("Line", "What", "Printed", "Ours", "Result"), rows)
