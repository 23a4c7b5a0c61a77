"""What every engine does, and how the documents are named."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Protocol

from scrutiny.errors import Problem, WrongUse

DOCUMENTS = {"pdf": "report.pdf", "docx": "report.docx", "html": "report.html"}
"""Formats, and the names of their documents."""

_EPOCH = "SOURCE_DATE_EPOCH"


def other_documents(formats: Sequence[str]) -> list[str]:
    """Give the options that name, for the links of the HTML page, the documents made in the same run.

    Pandoc and Quarto take them alike; what is not made is said to be `false`, over the default of `_quarto.yml`.

    Parameters
    ----------
    formats : sequence of str
        Those that are made.
    """
    return [
        option
        for format_, name in DOCUMENTS.items()
        if format_ != "html"
        for option in ("--metadata", f"other-{format_}:{name if format_ in formats else 'false'}")
    ]


class Engine(Protocol):
    """Turns a workspace into documents.

    Attributes
    ----------
    name, version : str
        For the reader of the manifest.
    """

    name: str
    version: str

    def render(
        self,
        workspace: Path,
        formats: Sequence[str],
        output: Path,
        started: Callable[[str], None],
        finished: Callable[[str], None],
        epoch: int | None = None,
    ) -> None:
        """Make documents.

        Parameters
        ----------
        workspace : Path
            A complete one, whose syntax has been checked.
        formats : sequence of str
            Keys of `DOCUMENTS`.
        output : Path
            Folder of the documents.
        started, finished : callable
            Told each format.
        epoch : int, optional
            The time that the documents bear, in seconds since 1970; see `source_date_epoch`.

        Raises
        ------
        EngineFailed
            If a document could not be made; file and line are told where they are known.
        """
        ...


def source_date_epoch(dated: date | None) -> int | None:
    """Give the time that documents are to bear: what the environment says, or the beginning of a day.

    See https://reproducible-builds.org/specs/source-date-epoch/.

    Raises
    ------
    WrongUse
        If what the environment says is no time.
    """
    given = os.environ.get(_EPOCH)
    if not given:
        return None if dated is None else int(datetime.combine(dated, time(), UTC).timestamp())
    if not re.fullmatch("[0-9]{1,11}", given):
        what = f"{_EPOCH} is {given!r}, which is no time"
        raise WrongUse(Problem(what, instead="give it whole seconds since 1970, or remove it"))
    return int(given)


def environment(epoch: int | None) -> dict[str, str]:
    """Give the environment for a program that makes a document, in which names of files are UTF-8."""
    given = {name: value for name, value in os.environ.items() if name != _EPOCH}
    # The first that is set counts. Where that is C, pandoc would not find bücher.png.
    charset = next((given[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if given.get(name)), "")
    if "utf" not in charset.lower():
        given["LC_ALL"] = "C.UTF-8"
    return {**given, **({} if epoch is None else {_EPOCH: str(epoch)})}
