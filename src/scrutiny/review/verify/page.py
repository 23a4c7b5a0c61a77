"""A verification as a page to read: one file, no script, nothing loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from scrutiny.review.verify.findings import Compared, Difference, Part, Verdict, shortened, visible
from scrutiny.review.verify.run import Verification

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #8888; }
td { overflow-wrap: anywhere; }
.verdict { font-size: 1.25rem; border-left: .5rem solid; padding: .5rem 1rem; }
.scrolls { overflow-x: auto; }
:focus-visible { outline: 3px solid; }
"""
_TITLES = {
    Part.FILES: "Files and their sums",
    Part.NOTEBOOKS: "Notebooks, run again",
    Part.VALUES: "What the workspace holds of their results",
    Part.DOCUMENTS: "Documents, made again",
}
_SIGNS = {Verdict.AGREES: "✓ agrees", Verdict.DIFFERS: "✗ differs", Verdict.NOT_COMPARED: "– not compared"}


def as_page(verification: Verification) -> str:
    """Write the page."""
    title = f"Verification of {verification.manifest.quarter}"
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n{''.join(_body(verification))}</main>\n</body>\n</html>\n"
    )


def _body(verification: Verification) -> Iterator[str]:
    count = sum(len(one.differences) for one in verification.compared)
    verdict = (
        f"✗ {count:,} {'differences' if count > 1 else 'difference'} found."
        if verification.differs
        else "✓ Everything that was computed anew agrees with what is in the workspace."
    )
    if not_compared := sum(one.verdict is Verdict.NOT_COMPARED for one in verification.compared):
        verdict += f" Not compared: {not_compared:,}; see below why."
    yield f'<p class="verdict">{verdict}</p>\n'
    yield _table("What was verified, and with what", ("What", "In the manifest", "Here"), _facts(verification))
    for part in Part:
        compared = verification.of(part)
        if compared:
            yield f"<h2>{_TITLES[part]}</h2>\n"
            yield from _of_part(part, compared)


def _facts(verification: Verification) -> Iterator[Sequence[str]]:
    manifest, used = verification.manifest, verification.used
    source = manifest.source
    differing = f"; changed since: {', '.join(source.differing)}" if source.differing else ""
    yield "Commit of the inputs", f"{source.commit or 'not known'}{differing}", ""
    yield "content_hash", manifest.content_hash, ""
    yield "Built, verified", f"{manifest.finished:%Y-%m-%d %H:%M %Z}", f"{verification.finished:%Y-%m-%d %H:%M %Z}"
    yield "Engine", f"{manifest.engine.name} {manifest.engine.version}", verification.engine
    yield "Python", manifest.python, used["python"]
    yield "System", manifest.system, used["system"]
    for name in sorted({*manifest.packages, *used["packages"]}):
        yield name, manifest.packages.get(name, ""), used["packages"].get(name, "")


def _of_part(part: Part, compared: Sequence[Compared]) -> Iterator[str]:
    wrong = [(one, difference) for one in compared for difference in one.differences]
    if wrong:
        head = ("File", "Cell", "What", "In the workspace", "Computed anew")
        yield _table(
            f"{_TITLES[part]}: differences", head, (_difference(one, difference) for one, difference in wrong)
        )
    if part is Part.FILES:
        agreeing = sum(not one.differences for one in compared)
        yield f"<p>{agreeing:,} of {len(compared):,} comparisons agree.</p>\n"
        return
    rows = (
        (one.where, one.cell, one.what, f"{one.count:,}", f"{_SIGNS[one.verdict]}{_note(one)}") for one in compared
    )
    yield _table(f"{_TITLES[part]}: everything compared", ("File", "Cell", "What", "Count", "Verdict"), rows)


def _note(one: Compared) -> str:
    return f" ({one.note})" if one.note else ""


def _difference(one: Compared, difference: Difference) -> Sequence[str]:
    here, again = shortened(difference.here, difference.again)
    return one.where, one.cell, difference.what, here or "", again or ""


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    lines = (
        f'<tr><th scope="row">{_cell(row[0])}</th>{"".join(f"<td>{_cell(text)}</td>" for text in row[1:])}</tr>'
        for row in rows
    )
    return (
        f'<div class="scrolls" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(lines)
        + "\n</tbody></table></div>\n"
    )


def _cell(text: str) -> str:
    return "<br>".join(escape(visible(line)) for line in text.split("\n"))
