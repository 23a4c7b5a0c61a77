"""What is due and how far a quarter has come, as lines, as tables and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from scrutiny import text
from scrutiny.analysis.supplies import Batch, Supply, batches
from scrutiny.pipeline.quarters.new import Begun
from scrutiny.pipeline.quarters.status import Status, Writing, text_of
from scrutiny.statistics.periods import Period, long_date

_MOST_TITLES = 4
"""Of more measures in a cell, only the number is given."""


def begun_lines(begun: Begun) -> Iterator[str]:
    """Say what was written, and from what."""
    quarter = begun.parameters.quarter
    yield f"{quarter} is begun, from {begun.earlier}:"
    yield f"  params/{quarter}.yml: the meeting is {begun.parameters.report.date_label}; mend it if it is another"
    if begun.sections:
        files = f"{len(begun.sections)} files" if len(begun.sections) > 1 else "1 file"
        yield f"  sections/{quarter}: {files}; text is carried over until it is edited or confirmed"
    else:
        yield f"  no sections: those of sections/_skeleton serve until you write sections/{quarter}/NN-name.qmd"


def due_lines(due: Sequence[Batch]) -> Iterator[str]:
    """Write what is due for other programs, tab-separated, the measures last."""
    for batch in due:
        yield "\t".join([*batch.cells, " ".join(supply.measure.name for supply in batch.supplies)])


def due_table(due: Sequence[Batch]) -> Table:
    """Tabulate what is due; measures are named where a dataset has several windows from one system."""
    table = _table("Dataset", "System", "Window", "Supplied by", "Due by")
    table.columns[0].width = max((len(batch.first.dataset) for batch in due), default=0)
    table.columns[-1].no_wrap = True
    windows = Counter((batch.first.dataset, batch.first.source.name) for batch in due)
    for batch in due:
        dataset, *cells = batch.cells
        measures = ""
        if windows[dataset, batch.first.source.name] > 1:
            titles = [supply.measure.title for supply in batch.supplies]
            measures = "\n" + ("; ".join(titles) if len(titles) <= _MOST_TITLES else f"{len(titles)} measures")
        table.add_row(Text.assemble(dataset, (measures, "dim")), *cells)
    return table


def status_lines(status: Status) -> Iterator[str]:
    """Write what is open for other programs, tab-separated."""
    for supply in status.supplies:
        if supply.open:
            dataset, system, window, supplier, due = Batch((supply,)).cells
            states, measure = ", ".join(supply.states), supply.measure.name
            yield "\t".join([states, dataset, measure, window, _newest(supply), system, supplier, due])
    for row in _unwritten(status):
        yield "\t".join(filter(None, row))


def status_tables(status: Status) -> Iterator[RenderableType]:
    """Tabulate what is open: measures by what is asked for in one go, then sections."""
    asked_for = batches(status.supplies)
    width = max((len(supply.measure.name) for batch in asked_for for supply in batch.supplies), default=0)
    for batch in asked_for:
        dataset, system, window, supplier, _ = batch.cells
        due = long_date(batch.first.due)
        yield Text.assemble("\n", (dataset, "bold"), f": {window}, by {due}\n", (f"{supplier}: {system}", "dim"))
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(width=width)
        table.add_column()
        for supply in batch.supplies:
            table.add_row(supply.measure.name, f"{', '.join(supply.states)}; newest: {_newest(supply)}")
        yield table
    if unwritten := list(_unwritten(status)):
        sections = _table("Section", "Is", "Heading or stated number", "Of")
        for is_, place, name, of in unwritten:
            sections.add_row(place, is_, Text(name), of)
        yield Text("")
        yield sections


def _unwritten(status: Status) -> Iterator[tuple[str, str, str, str]]:
    """Give what nobody has written for this quarter: what its text is, its place, its heading, its quarter."""
    for section in status.sections:
        if section.from_skeleton:
            yield Writing.SKELETON, str(section.source), "", ""
        for one in section.all_carried_over:
            yield Writing.CARRIED_OVER, f"{section.source}:{one.line}", one.name, str(one.quarter)


def _table(*heads: str) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def as_json(status: Status) -> str:
    """Write how far a quarter has come as JSON: every measure and section."""
    content: dict[str, Any] = {
        "quarter": status.quarter,
        "today": status.today.isoformat(),
        "measures": [
            {
                "dataset": supply.dataset,
                "measure": supply.measure.name,
                "title": supply.measure.title,
                "states": list(supply.states),
                "window": _ends(supply.period),
                "newest": _ends(supply.newest) if supply.newest else None,
                "source": supply.source.name,
                "system": supply.source.title,
                "supplier": supply.source.supplier,
                "due": supply.due.isoformat(),
            }
            for supply in status.supplies
        ],
        "sections": [
            {
                "file": str(section.source),
                "text": text_of(section),
                "carried_over": [
                    {"line": one.line, "name": one.name, "from": str(one.quarter)}
                    for one in section.all_carried_over
                ],
            }
            for section in status.sections
        ],
    }
    return text.as_json(content)


def _newest(supply: Supply) -> str:
    return supply.newest.short_label if supply.newest else "none yet"


def _ends(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat(), "label": period.label}
