"""How a notebook shows a table or figure and publishes values; the report takes them from its outputs."""

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
from scrutiny.statistics.provenance import PROVENANCE_UNKNOWN
from scrutiny.statistics.value import to_json

_CSS_PIXELS_PER_INCH = 96


def show_table(
    report: Report, table: Table, *, headline: str, subject: str, period: str, lag_months: int = 0
) -> None:
    """Show a table with its caption above, and its sources and the legend of its symbols beneath.

    Rows of measures that were not supplied are left out; without any other row, the table is omitted.

    Parameters
    ----------
    headline : str
        A sentence, without its full stop, that says what the table shows: the bold opening of the caption.
    subject : str
        Measure and area, such as "Police recorded crime, Lancashire".
    period : str
        The period covered, such as "July 2019 to June 2020".
    lag_months : int
        By how many months the figures run behind the report; the caption says so.
    """
    given, table = table, table.supplied
    if not table.rows:
        _omit(report, f"{subject} (table)" if given.rows else "")
        return
    text = caption(headline, subject, period, lag_months=lag_months)
    markdown = table.to_markdown()
    _display(
        report,
        {"text/markdown": markdown, "text/html": table_html(text, table), "text/plain": markdown},
        {"caption": text, "csv": table.to_csv(), "provenance": table.provenance.to_json()},
    )


def show_figure(report: Report, chart: Chart | None, *, subject: str, lag_months: int = 0) -> None:
    """Show a figure with its caption and alternative text.

    None, or one without a figure, is omitted from the report.

    Parameters
    ----------
    chart : Chart or None
        It gives headline and period, and is closed afterwards.
    subject : str
        Measure and area, such as "Police recorded crime, Lancashire".
    lag_months : int
        By how many months the figures run behind the report; the caption says so.
    """
    if chart is None:
        _omit(report)
        return
    if all(datum.number is None for datum in chart.figures):
        plt.close(chart.figure)
        _omit(report, f"{subject} (chart)")
        return
    mark = chart.illustrative_mark
    text = caption(
        chart.headline, subject, chart.period, chart.provenance, note=chart.note, lag_months=lag_months, mark=mark
    )
    buffer = io.BytesIO()
    # Without the software's name in it the bytes do not change with Matplotlib's version number.
    chart.figure.savefig(buffer, format="png", dpi=chart_style.DPI, metadata={"Software": None})
    picture = buffer.getvalue()
    width, height = (round(inches * _CSS_PIXELS_PER_INCH) for inches in chart.figure.get_size_inches())
    plt.close(chart.figure)
    alt = chart.alternative_text
    _display(
        report,
        {"image/png": picture, "text/html": figure_html(text, picture, width, alt), "text/plain": alt},
        {"caption": text, "alt": alt, "csv": chart.to_csv(), "provenance": chart.provenance.to_json()},
        {"image/png": {"width": width, "height": height}},
    )


def publish(report: Report, values: Mapping[str, str]) -> None:
    """Publish values for the narrative; the cell that does it is never embedded.

    Parameters
    ----------
    values : mapping of str to str
        Name (``topic.measure.window.statistic``) to text. A `Value` is published with its provenance; that of
        plain text, such as an f-string, is unknown, as the notebook's output and the report then say.
    """
    provenance = {name: to_json(text) for name, text in values.items()}
    unknown = {name for name, one in provenance.items() if PROVENANCE_UNKNOWN in one["formula"]}
    lines = [
        f"{name}: {text} ({PROVENANCE_UNKNOWN})" if name in unknown else f"{name}: {text}"
        for name, text in values.items()
    ]
    _display(report, {mime.VALUES: dict(values), "text/plain": "\n".join(lines)}, {"provenance": provenance})


def _omit(report: Report, lacking: str = "") -> None:
    """Omit a table or figure; `lacking` names one that was to be shown, but has no figures."""
    shown = {"text/plain": f"{lacking or 'Nothing to show'}: left out of this quarter's report"}
    _display(report, shown, {"omitted": True, "lacking": lacking})


def _display(
    report: Report, bundle: dict[str, Any], ours: dict[str, Any], sizes: dict[str, Any] | None = None
) -> None:
    ours = {**ours, "datasets": list(report.datasets_read)}
    display(bundle, raw=True, metadata={**(sizes or {}), mime.METADATA: ours})


def table_html(caption: str, table: Table) -> str:
    """Write a table in HTML, with a caption of `captions.caption`."""
    # Imported late: only notebooks need it.
    from tabulate import tabulate

    shown = tabulate(
        table.texts, headers=table.columns, tablefmt="html", disable_numparse=True, colalign=table.alignment
    )
    notes = "".join(f"<p>{escape(note)}</p>" for note in table.notes)
    return f"<figure><figcaption>{_caption(caption)}</figcaption>{shown}{notes}</figure>"


def figure_html(caption: str, picture: bytes, width: int, alternative_text: str) -> str:
    """Write a PNG picture in HTML, `width` CSS pixels wide, with a caption of `captions.caption`."""
    source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
    image = f'<img src="{source}" width="{width}" alt="{escape(alternative_text)}">'
    return f"<figure><figcaption>{_caption(caption)}</figcaption>{image}</figure>"


def _caption(text: str) -> str:
    """Write a caption in HTML: its headline is strong; all other Markdown in it is escaped text."""
    headline, rest = (escape(re.sub(r"\\(.)", r"\1", part)) for part in text.removeprefix("**").split("** ", 1))
    return f"<strong>{headline}</strong> {rest}"
