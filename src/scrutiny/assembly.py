"""The report put together, and checked before an engine reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from scrutiny.cache import NOTHING, Cache
from scrutiny.checks import Known, check_narrative, files_below
from scrutiny.engines import MAIN
from scrutiny.errors import Problem, WrongInput
from scrutiny.narrative import Narrative
from scrutiny.typeface import lacking, named
from scrutiny.workspace import QUARTER_FILE, metadata_keys


def check_report(
    folder: Path,
    narrative: Narrative,
    values: Mapping[str, str],
    labels: Mapping[str, Sequence[str]],
    cache: Cache = NOTHING,
) -> None:
    """Check the assembled narrative; its mistakes are told by the files that the analyst edits.

    Parameters
    ----------
    folder : Path
        The workspace.
    narrative : Narrative
    values : mapping of str to str
    labels : mapping of str to sequence of str
        Each notebook's path in the workspace, and the labels of its tables and figures.
    cache : Cache, optional

    Raises
    ------
    WrongInput
        With all mistakes.
    """
    edited = {f"sections/{section.name}": str(section.source) for section in narrative.sections}
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in (MAIN, QUARTER_FILE, *edited)}
    known = Known(values, labels, metadata_keys(folder), files_below(folder))
    problems = check_narrative(texts, known, edited, cache)
    problems += [
        Problem(f"the typeface of the report has no {named(character)}, which stands in the value {name}")
        for name, text in values.items()
        for character in lacking(text)
    ]
    if problems:
        raise WrongInput(problems)
