"""How a notebook shows a table, shows a figure and publishes values, so that the report can take them over."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import matplotlib.pyplot as plt
from IPython.display import display

from scrutiny.analysis import mime
from scrutiny.analysis.captions import caption
from scrutiny.analysis.charts import Chart
from scrutiny.analysis.charts import style as chart_style
from scrutiny.analysis.report import Report
from scrutiny.analysis.table import Table
from scrutiny.statistics.value import derivation, derivation_of

_CSS_PIXELS_PER_INCH = 96


def show_table(
    report: Report, table: Table, *, headline: str, subject: str, period: str, lag_months: int = 0
) -> None:
    """Show a table with its caption above, and its sources and the legend of its symbols beneath.

    One without rows is left out of the report.

    Parameters
    ----------
    headline, subject, period, lag_months
        See `captions.caption`.
    """
    if not table.rows:
        _leave_out(report)
        return
    text = caption(headline, subject, period, lag_months=lag_months)
    markdown = table.to_markdown()
    _display(
        report,
        {"text/markdown": markdown, "text/html": table_html(text, table), "text/plain": markdown},
        {
            "caption": text,
            "csv": table.to_csv(),
            "derivation": derivation_of(table.formula, table.origin),
        },
    )


def show_figure(report: Report, chart: Chart | None, *, subject: str, lag_months: int = 0) -> None:
    """Show a figure with its caption and alternative text.

    No chart is left out of the report.

    Parameters
    ----------
    chart : Chart or None
        It gives headline and period, and is closed afterwards.
    subject, lag_months
        See `captions.caption`.
    """
    if chart is None:
        _leave_out(report)
        return
    text = caption(
        chart.headline, subject, chart.period, chart.origin, lag_months=lag_months, mark=chart.illustrative_mark
    )
    picture = io.BytesIO()
    # Without the software's name in it the bytes do not change with Matplotlib's version number.
    chart.figure.savefig(picture, format="png", dpi=chart_style.DPI, metadata={"Software": None})
    width, height = (round(inches * _CSS_PIXELS_PER_INCH) for inches in chart.figure.get_size_inches())
    plt.close(chart.figure)
    _display(
        report,
        {
            "image/png": picture.getvalue(),
            "text/html": figure_html(text, picture.getvalue(), width, chart.alternative_text),
            "text/plain": chart.alternative_text,
        },
        {
            "caption": text,
            "alt": chart.alternative_text,
            "csv": chart.to_csv(),
            "derivation": derivation_of(chart.formula, chart.origin),
        },
        {"image/png": {"width": width, "height": height}},
    )


def publish(report: Report, values: Mapping[str, str]) -> None:
    """Publish values for the narrative; the cell that does it is never embedded.

    Parameters
    ----------
    values : mapping of str to str
        Name (``topic.measure.window.statistic``) to plain text; one that is `Derived` knows where it comes from.
    """
    listing = "\n".join(f"{name}: {text}" for name, text in values.items())
    derivations = {name: derivation(text) for name, text in values.items()}
    _display(report, {mime.VALUES: dict(values), "text/plain": listing}, {"derivations": derivations})


def _leave_out(report: Report) -> None:
    _display(report, {"text/plain": "Nothing to show: left out of this quarter's report"}, {"omitted": True})


def _display(
    report: Report,
    bundle: dict[str, Any],
    ours: dict[str, Any],
    metadata: dict[str, Any] | None = None,
) -> None:
    ours = {**ours, "datasets": list(report.datasets_read)}
    display(bundle, raw=True, metadata={**(metadata or {}), mime.METADATA: ours})


def table_html(caption: str, table: Table) -> str:
    """Show a table.

    Parameters
    ----------
    caption : str
        As `captions.caption` gives it.
    """
    # Imported late: only notebooks need it.
    from tabulate import tabulate

    rows = [[row.head, *(cell.text for cell in row.cells)] for row in table.rows]
    words = {0, *table.columns_of_words}
    shown = tabulate(
        rows,
        headers=table.columns,
        tablefmt="html",
        disable_numparse=True,
        colalign=["left" if column in words else "right" for column in range(len(table.columns))],
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f"<figure><figcaption>{_caption(caption)}</figcaption>{shown}{notes}</figure>"


def figure_html(caption: str, picture: bytes, width: int, alternative_text: str) -> str:
    """Show a picture, as PNG, so many CSS pixels wide."""
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    image = f'<img src="{source}" width="{width}" alt="{escape(alternative_text)}">'
    return f"<figure><figcaption>{_caption(caption)}</figcaption>{image}</figure>"


def _caption(text: str) -> str:
    """Write a caption in HTML: its headline is strong, and nothing else of it is Markdown but what is escaped."""
    headline, _, rest = text.removeprefix("**").partition("** ")
    return f"<strong>{_literal(headline)}</strong> {_literal(rest)}"


def _literal(text: str) -> str:
    return escape(re.sub(r"\\(.)", r"\1", text))
