"""How JupyterLab and VS Code show a table or figure: with caption above and notes beneath, as the report has them.

They prefer HTML to what a report takes over, which has neither caption nor source; the build drops it.
"""

from __future__ import annotations

import base64
import re
from html import escape

from scrutiny.analysis.table import Table


def table_html(caption: str, table: Table) -> str:
    """Show a table.

    Parameters
    ----------
    caption : str
        As `captions.caption` gives it.
    table : Table
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
