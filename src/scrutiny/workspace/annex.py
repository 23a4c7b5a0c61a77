"""The annex: where each value quoted, and each table and figure shown, comes from, as Markdown for the engines.

A section of the report includes it. `assets/filters/annex.lua` sets its tables in small type, and `origins.lua`
links the page's numbers to its entries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.markdown import escape
from scrutiny.narrative.citations import citations, title_of
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import Shortcode, replace_shortcodes
from scrutiny.statistics.datum import ILLUSTRATIVE, LEGEND
from scrutiny.statistics.periods import long_date
from scrutiny.statistics.wording import listed
from scrutiny.text import line_numbers

FILE = "sections/_origins.qmd"
"""The generated part that a section includes."""
ANCHOR = "origin-"
"""Before a value's name, or a label, it is the identifier of its entry."""
_HEADLINE = re.compile(r"\*\*(?P<text>.+?)\*\*")
_LINE_BREAK = "[]{.line-break}"
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_MADE_UP = "illustrative"
_MOST_RANGES = 8
"""With more ranges of lines than these, the annex gives their number only; the HTML page has them all."""


def annex(origins: ReportProvenance, narrative: Narrative, omitted: Collection[str] = ()) -> str:
    """Write the annex of a report.

    Parameters
    ----------
    omitted : collection of str
        Addresses of the tables and figures that are not in this quarter's report.

    Returns
    -------
    str
        Markdown: by section of the report, an entry for each value and label, where it is first cited.
    """
    known = {**origins.shown, **origins.values}
    sections: dict[str, list[ProvenanceRecord]] = {}
    names: set[str] = set()
    for citation in citations(narrative, omitted):
        if citation.name in known and citation.name not in names:
            names.add(citation.name)
            sections.setdefault(citation.section, []).append(known[citation.name])
    parts = [part for name, cited in sections.items() for part in _section(narrative, origins.values, name, cited)]
    entries = "\n\n".join(["::: {.origins}", *parts, ":::"])
    return f"{entries}\n\n```{{=html}}\n{_data_of_page(origins, names)}\n```\n"


def _data_of_page(origins: ReportProvenance, names: Collection[str]) -> str:
    """Write the element of the page that holds the same for `assets/html/origins.js`, in full and with the code.

    What could end the element, or be carried out by an engine, is escaped.
    """
    kinds = {"values": origins.values, "shown": origins.shown}
    chosen = {kind: {name: one for name, one in all_.items() if name in names} for kind, all_ in kinds.items()}
    cells: dict[str, dict[str, str]] = {}
    for one in (*chosen["values"].values(), *chosen["shown"].values()):
        if one.notebook:
            cells.setdefault(one.notebook, {})[one.cell] = one.code
    content = {kind: {name: one.to_json() for name, one in entries.items()} for kind, entries in chosen.items()}
    text = json.dumps({"cells": cells, **content}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="origins">{text}</script>'


def told_status(statuses: Sequence[str]) -> str:
    """Say what figures are: "published", and of made-up ones plainly that they are."""
    others = [status for status in statuses if status != _MADE_UP]
    return "; ".join([*others, LEGEND[ILLUSTRATIVE]] if _MADE_UP in statuses else others)


def _section(
    narrative: Narrative, values: Mapping[str, ProvenanceRecord], name: str, cited: Sequence[ProvenanceRecord]
) -> Iterator[str]:
    """Write the heading and the table of a section."""
    yield f"## {_title(narrative, values, name)} {{#origins-{name.removesuffix('.qmd')} .unnumbered .unlisted}}"
    groups: dict[str, dict[str, list[ProvenanceRecord]]] = {}
    for one in cited:
        # The values of one measure and window stand together; a table or figure stands by itself.
        stem = one.name.rpartition(".")[0] or one.name
        groups.setdefault(_source(one), {}).setdefault(stem, []).append(one)
    rows = [("Name", "It says", "How, and from which lines"), ("---", "---", "---")]
    for source, group in groups.items():
        # Across the whole width (annex.lua), in bold like all rows that head others.
        rows.append((f"**{escape(source)}**", "", ""))
        rows += map(_row, group.values())
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _title(narrative: Narrative, values: Mapping[str, ProvenanceRecord], name: str) -> str:
    """Give a section's title with its values; Quarto would put them in after annex.lua has named the table."""

    def text(code: Shortcode) -> str | None:
        quoted = values.get(code.argument) if code.name == "var" else None
        return escape(quoted.text) if quoted else None

    return replace_shortcodes(title_of(narrative, name), text)


def _source(traced: ProvenanceRecord) -> str:
    """Say what the entries of a group have in common: system, day, status, notebook and cell."""
    if not traced.notebook or traced.name.endswith((".period", ".end")):
        return "Names, days and periods, by the quarter's parameters"
    cell = f"{PurePosixPath(traced.notebook).name}, {traced.cell}"
    if not traced.sources:
        return f"No row of a dataset; {cell}"
    as_at = f"as at {long_date(traced.as_at)}" if traced.as_at else ""
    return "; ".join(filter(None, (listed(traced.sources), as_at, told_status(traced.statuses), cell)))


def _row(traced: Sequence[ProvenanceRecord]) -> tuple[str, str, str]:
    """Write the row of a table or figure, or of the values of a measure and window."""
    first = traced[0]
    stem, is_value, _ = first.name.rpartition(".")
    if not is_value:
        headline = _HEADLINE.match(first.text)
        says = headline["text"] if headline else first.text
        return f"[@{first.name}]{{#{ANCHOR}{first.name}}}", says, _how(first)
    says = _LINE_BREAK.join(f"[{_statistic(one)}:]{{#{ANCHOR}{one.name}}} {escape(one.text)}" for one in traced)
    names: dict[str, list[str]] = {}
    for one in traced:
        names.setdefault(_how(one), []).append(_statistic(one))
    # What is alike of several values is said once.
    how = list(names) if len(names) == 1 else [f"{', '.join(some)}: {text}" for text, some in names.items()]
    return _may_break(stem), says, _LINE_BREAK.join(how)


def _statistic(traced: ProvenanceRecord) -> str:
    return _may_break(traced.name.rpartition(".")[2])


def _how(traced: ProvenanceRecord) -> str:
    lines = "; ".join(f"{dataset} {_lines(lines)}" for dataset, lines in traced.rows.items())
    formula = traced.formula[:1].upper() + traced.formula[1:]
    return escape(". ".join(filter(None, (formula, lines))))


def _lines(lines: Sequence[int]) -> str:
    """Name the lines of a dataset, or give their number where they are scattered."""
    text = line_numbers(lines)
    if text.count(",") >= _MOST_RANGES:
        return f"{len(lines)} lines from {min(lines)} to {max(lines)}"
    return text


def _may_break(name: str) -> str:
    """Write a name so that a line may end after its dots and underscores."""
    return re.sub(r"(?<=[._])", _MAY_BREAK, escape(name))
