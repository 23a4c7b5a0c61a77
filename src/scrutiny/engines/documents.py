"""How documents are named, linked to each other and dated, whichever engine makes them."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from scrutiny.errors import Problem, WrongUse

DOCUMENTS = {"pdf": "report.pdf", "docx": "report.docx", "html": "report.html"}
"""Formats, and the names of their documents."""

_EPOCH = "SOURCE_DATE_EPOCH"


def other_documents(formats: Sequence[str]) -> list[str]:
    """Give the options by which the HTML page links to the documents made in the same run, in `formats`.

    Pandoc and Quarto take the same options; `false` overrides the default of `_quarto.yml` for what is not made.
    """
    return [
        option
        for format_, name in DOCUMENTS.items()
        if format_ != "html"
        for option in ("--metadata", f"other-{format_}:{name if format_ in formats else 'false'}")
    ]


def source_date_epoch(dated: date | None) -> int | None:
    """Give the timestamp of documents: SOURCE_DATE_EPOCH of the environment, or else the beginning of a day.

    See https://reproducible-builds.org/specs/source-date-epoch/. Raises WrongUse if the environment's is no time.
    """
    given = os.environ.get(_EPOCH)
    if not given:
        return None if dated is None else int(datetime.combine(dated, time(), UTC).timestamp())
    if not re.fullmatch("[0-9]{1,11}", given):
        what = f"{_EPOCH} is {given!r}, which is no time"
        raise WrongUse(Problem(what, hint="give it whole seconds since 1970, or remove it"))
    return int(given)


def environment(epoch: int | None) -> dict[str, str]:
    """Give the environment for a program that makes a document, with UTF-8 file names and the timestamp."""
    variables = {name: value for name, value in os.environ.items() if name != _EPOCH}
    # The first that is set counts. Where that is C, pandoc would not find bücher.png.
    charset = next((variables[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if variables.get(name)), "")
    if "utf" not in charset.lower():
        variables["LC_ALL"] = "C.UTF-8"
    if epoch is not None:
        variables[_EPOCH] = str(epoch)
    return variables
