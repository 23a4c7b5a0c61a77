"""What a quarter's report lacks, as a part that a section includes.

It lists figures, with who supplies them and by when, and the sections, tables and charts left out for want of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from scrutiny.analysis.lacking import Lacking
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.markdown import escape
from scrutiny.narrative.citations import citations, includes, title_of
from scrutiny.narrative.conditions import resolved
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import without_code
from scrutiny.statistics.periods import long_date

if TYPE_CHECKING:
    from scrutiny.execution.compute import Computed

FILE = "sections/_not_supplied.qmd"
"""The generated part that a section includes."""
_HEADING = re.compile(
    r"^(?P<level>#+)[ \t]+(?P<title>.*?)[ \t]*(?:\{(?P<attributes>[#.][^{}]*)\})?[ \t]*$", re.MULTILINE
)
_HEADS = ("Figures, by who supplies them", "Period", "Due", "Section")


def with_what_is_there(narrative: Narrative, computed: Computed) -> tuple[Narrative, str]:
    """Resolve what is tied to figures, and write the part on what is lacking; empty if nothing is.

    Raises
    ------
    WrongInput
        See `conditions.resolved`; or if a table or chart has no figures, and no section includes the part.
    """
    values, absent, present = computed.values, computed.absent, computed.present
    without = resolved(narrative, values, absent, present)
    charts = _charts(without, computed)
    part = _written(narrative, without, computed, charts)
    if not includes(narrative, FILE):
        if charts:
            what = f"{'; '.join(charts)}: nothing was supplied for this, and no section says so"
            place = Location(f"params/{computed.parameters.quarter}.yml", column="sections")
            hint = f"add 92-not-supplied, or write {{{{< include {FILE} >}}}} in a section"
            raise WrongInput(Problem(what, place, hint))
        return without, ""
    if not part:
        return without, ""
    return resolved(narrative, values, absent, {*present, FILE}), part


def _charts(shown: Narrative, computed: Computed) -> list[str]:
    """Name the tables and charts for which there are no figures, and which a section was to show."""
    embedded = {citation.name for citation in citations(shown)}
    return [what for address, what in computed.omitted.items() if what and address.partition("#")[2] in embedded]


def _written(narrative: Narrative, shown: Narrative, computed: Computed, charts: Sequence[str]) -> str:
    by_supplier: dict[str, list[tuple[str, ...]]] = {}
    for one in computed.lacking:
        by_supplier.setdefault(one.supplier or one.source, []).append(_row(one, narrative, shown, computed))
    # annex.lua lets the rows that name a supplier span the table.
    rows = [row for name, group in by_supplier.items() for row in ((f"**{escape(name)}**", "", "", ""), *group)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in (_HEADS, ("---",) * len(_HEADS), *rows))
    parts = [f"::: {{.origins}}\n{table}\n:::"] if rows else []
    left_out = _left_out(narrative, shown)
    for what, named in (
        ("Sections left out for want of figures or text", left_out),
        ("Tables and charts left out for want of figures", [escape(chart) for chart in charts]),
    ):
        parts += [f"{what}: {'; '.join(named)}."] if named else []
    return "\n\n".join(parts)


def _row(one: Lacking, narrative: Narrative, shown: Narrative, computed: Computed) -> tuple[str, ...]:
    system = f" ({one.source})" if one.supplier else ""
    sections = [_link(narrative, shown, name) for name in _sections_of(one, narrative, computed)]
    return (
        f"{escape(one.title + system)}: {escape('; '.join(one.measures.values()))}",
        escape(one.period),
        long_date(date.fromisoformat(one.due)),
        "; ".join(dict.fromkeys(sections)),
    )


def _sections_of(one: Lacking, narrative: Narrative, computed: Computed) -> list[str]:
    """Name the sections that quote figures of the topics, or else show what a notebook made of the dataset."""
    topics = {name.partition(".")[0] for name in one.measures}
    labels = {
        label
        for notebook in computed.notebooks
        if one.dataset in notebook.datasets
        for label in (*notebook.csv, *notebook.omitted)
    }
    cited = list(citations(narrative))
    quoting = [found.section for found in cited if found.name.partition(".")[0] in topics]
    return list(dict.fromkeys(quoting or [found.section for found in cited if found.name in labels]))


def _link(narrative: Narrative, shown: Narrative, name: str) -> str:
    """Give a section's title up to a colon, with a link to it if it is not left out."""
    title = _short_title(narrative, name)
    attributes = next((heading["attributes"] or "" for file, heading in _headings(shown) if file == name), "")
    anchor = attributes.split()[0] if attributes.startswith("#") else ""
    return f"[{title}]({anchor})" if anchor else title


def _short_title(narrative: Narrative, name: str) -> str:
    return title_of(narrative, name).partition(":")[0]


def _left_out(narrative: Narrative, shown: Narrative) -> list[str]:
    """Give the titles of sections that are left out whole, but for those within them."""
    there = {(file, heading[0]) for file, heading in _headings(shown)}
    titles: list[str] = []
    within = 0
    for file, heading in _headings(narrative):
        level = len(heading["level"])
        if within and level > within:
            continue
        within = 0 if (file, heading[0]) in there else level
        if within:
            # Those of an appendix are named like sections of the report.
            unnumbered = "unnumbered" in (heading["attributes"] or "")
            of = f"{_short_title(narrative, file)}, " if unnumbered else ""
            titles.append(of + heading["title"])
    return titles


def _headings(narrative: Narrative) -> Iterator[tuple[str, re.Match[str]]]:
    """Find the headings of the report, but for those of the part itself, by file."""
    for _, file, part in narrative.in_reading_order():
        if part is file and FILE not in file.text:
            yield from ((file.name, heading) for heading in _HEADING.finditer(without_code(file.current)))
