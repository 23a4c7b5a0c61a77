"""The assembled report, checked before an engine reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.check import Known, check_narrative, files_below
from scrutiny.narrative.fonts import lacking, named
from scrutiny.narrative.sections import Narrative, Section
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.skeleton import QUARTER_FILE, metadata_keys


def check_report(
    folder: Path,
    narrative: Narrative,
    values: Mapping[str, str],
    labels: Mapping[str, Sequence[str]],
    cache: Cache = NOTHING,
) -> None:
    """Check the assembled narrative; mistakes are located in the files that the analyst edits.

    Parameters
    ----------
    labels : mapping of str to sequence of str
        Each notebook's path in the workspace, and the labels of its tables and figures.

    Raises
    ------
    WrongInput
        With all mistakes.
    """
    sections = {str(section.source): section for section in narrative.sections}
    edited = {f"sections/{section.name}": source for source, section in sections.items()}
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in (MAIN, QUARTER_FILE, *edited)}
    if (folder / ANNEX).is_file():
        # It exists, and needs no check: the program wrote it.
        texts[ANNEX] = ""
    known = Known(values, labels, metadata_keys(folder), files_below(folder))
    problems = [_in_edited_line(problem, sections) for problem in check_narrative(texts, known, edited, cache)]
    problems += [
        Problem(f"the typeface of the report has no {named(character)}, which stands in the value {name}")
        for name, text in values.items()
        for character in lacking(text)
    ]
    if problems:
        raise WrongInput(problems)


def _in_edited_line(problem: Problem, sections: Mapping[str, Section]) -> Problem:
    """Locate a mistake in the line that the analyst edits: a callout may have moved the text down."""
    place = problem.where
    if place is None or place.line is None or str(place.file) not in sections:
        return problem
    line = sections[str(place.file)].edited_line(place.line)
    return replace(problem, where=Place(place.file, line, place.column))
