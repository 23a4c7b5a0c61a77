"""The annex: where each value quoted, and each table and figure shown, comes from, as Markdown for the engines.

A section of the report includes it. `assets/filters/annex.lua` sets its tables in small type, and `origins.lua`
links the page's numbers to its entries.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
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
"""Prefix of a value's name or a label in the identifier of its entry."""
_HEADLINE = re.compile(r"\*\*(?P<text>.+?)\*\*")
_LINE_BREAK = "[]{.line-break}"
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"
_MADE_UP = "illustrative"
_MOST_RANGES = 8
"""Of more ranges of lines, the annex gives only their number; the HTML page has them all."""


def annex(provenance: ReportProvenance, narrative: Narrative, omitted: Collection[str] = ()) -> str:
    """Write the annex in Markdown: an entry for each value and label, in the section where it is first cited.

    `omitted` has the addresses of the tables and figures that are not in this quarter's report.
    """
    known = {**provenance.shown, **provenance.values}
    cited: dict[str, ProvenanceRecord] = {}
    sections: dict[str, list[ProvenanceRecord]] = {}
    for citation in citations(narrative, omitted):
        if citation.name in known and citation.name not in cited:
            cited[citation.name] = known[citation.name]
            sections.setdefault(citation.section, []).append(known[citation.name])
    parts = [part for name, group in sections.items() for part in _section(narrative, provenance, name, group)]
    entries = "\n\n".join(["::: {.origins}", *parts, ":::"])
    shown = {name: cited[name] for name in cited if name in provenance.shown}
    values = {name: cited[name] for name in cited if name in provenance.values}
    return f"{entries}\n\n```{{=html}}\n{_script(ReportProvenance(values, shown))}\n```\n"


def _script(provenance: ReportProvenance) -> str:
    """Write the element of the page that `assets/html/origins.js` reads: the records in full, with their code.

    Anything that could close the element or be run by an engine is escaped.
    """
    text = json.dumps(provenance.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return f'<script type="application/json" id="origins">{text}</script>'


def status_in_words(statuses: Sequence[str]) -> str:
    """List the statuses of figures, saying plainly of illustrative ones that they are made up."""
    others = [status for status in statuses if status != _MADE_UP]
    return "; ".join([*others, LEGEND[ILLUSTRATIVE]] if _MADE_UP in statuses else others)


def _section(
    narrative: Narrative, provenance: ReportProvenance, name: str, records: Sequence[ProvenanceRecord]
) -> Iterator[str]:
    """Write the heading and the table of a section."""
    attributes = f"{{#origins-{name.removesuffix('.qmd')} .unnumbered .unlisted}}"
    yield f"## {_title(narrative, provenance, name)} {attributes}"
    groups: dict[str, dict[str, list[ProvenanceRecord]]] = {}
    for record in records:
        # The values of one measure and window share a row; a table or figure has its own.
        stem = record.name.rpartition(".")[0] or record.name
        groups.setdefault(_source(record), {}).setdefault(stem, []).append(record)
    rows = [("Name", "It says", "How, and from which lines"), ("---", "---", "---")]
    for source, group in groups.items():
        # annex.lua lets it span the table.
        rows.append((f"**{escape(source)}**", "", ""))
        rows += map(_row, group.values())
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _title(narrative: Narrative, provenance: ReportProvenance, name: str) -> str:
    """Give a section's title with its values; Quarto would put them in after annex.lua has named the table."""

    def text(code: Shortcode) -> str | None:
        value = provenance.values.get(code.argument) if code.name == "var" else None
        return escape(value.text) if value else None

    return replace_shortcodes(title_of(narrative, name), text)


def _source(record: ProvenanceRecord) -> str:
    """Say what the entries of a group have in common: system, day, status, notebook and cell."""
    if not record.notebook or record.name.endswith((".period", ".end")):
        return "Names, days and periods, by the quarter's parameters"
    cell = f"{PurePosixPath(record.notebook).name}, {record.cell}"
    if not record.sources:
        return f"No row of a dataset; {cell}"
    as_at = f"as at {long_date(record.as_at)}" if record.as_at else ""
    return "; ".join(filter(None, (listed(record.sources), as_at, status_in_words(record.statuses), cell)))


def _row(records: Sequence[ProvenanceRecord]) -> tuple[str, str, str]:
    """Write the row of a table or figure, or of the values of a measure and window."""
    first = records[0]
    stem, is_value, _ = first.name.rpartition(".")
    if not is_value:
        headline = _HEADLINE.match(first.text)
        says = headline["text"] if headline else first.text
        return f"[@{first.name}]{{#{ANCHOR}{first.name}}}", says, _how(first)
    says = _LINE_BREAK.join(f"[{_statistic(one)}:]{{#{ANCHOR}{one.name}}} {escape(one.text)}" for one in records)
    # What several values have in common is written once.
    statistics: dict[str, list[str]] = {}
    for record in records:
        statistics.setdefault(_how(record), []).append(_statistic(record))
    how = [f"{', '.join(names)}: {text}" if len(statistics) > 1 else text for text, names in statistics.items()]
    return _may_break(stem), says, _LINE_BREAK.join(how)


def _statistic(record: ProvenanceRecord) -> str:
    return _may_break(record.name.rpartition(".")[2])


def _how(record: ProvenanceRecord) -> str:
    lines = "; ".join(f"{dataset} {_lines(lines)}" for dataset, lines in record.rows.items())
    return escape(". ".join(filter(None, (record.formula[:1].upper() + record.formula[1:], lines))))


def _lines(lines: Sequence[int]) -> str:
    text = line_numbers(lines)
    return f"{len(lines)} lines from {min(lines)} to {max(lines)}" if text.count(",") >= _MOST_RANGES else text


def _may_break(name: str) -> str:
    """Let a name break after its dots and underscores."""
    return re.sub(r"(?<=[._])", _MAY_BREAK, escape(name))
