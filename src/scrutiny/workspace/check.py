"""The assembled report, checked before an engine reads it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.execution.executed import labelled_cells
from scrutiny.fonts import unprintable
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.check import Known, check_narrative
from scrutiny.narrative.outline import Columns
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.tables import tables_in
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.lacking import FILE as LACKING
from scrutiny.workspace.skeleton import QUARTER_FILE, metadata_keys

_KIND = "notebook-tables"


def check_report(
    folder: Path,
    narrative: Narrative,
    values: Mapping[str, str],
    labels: Mapping[str, Sequence[str]],
    cache: Cache = NOTHING,
    omitted: Collection[str] = (),
) -> None:
    """Raise WrongInput with all mistakes of the assembled narrative, located in the files that the analyst edits.

    Parameters
    ----------
    labels : mapping of str to sequence of str
        Of the tables and figures of each notebook, by its path in the workspace.
    omitted : collection of str
        Addresses of those that this quarter's report lacks.
    """
    sections = {f"sections/{section.name}": section for section in narrative.sections}
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in (MAIN, QUARTER_FILE, *sections)}
    # They exist, and need no check: the program wrote them.
    texts |= {part: "" for part in (ANNEX, LACKING) if (folder / part).is_file()}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    known = Known(values, labels, metadata_keys(folder), files, omitted, _tables(folder, labels, cache))

    def place(file: str, line: int) -> Location:
        """Locate a line in the file that the analyst edits: a callout may have moved the text down."""
        section = sections.get(file)
        return Location(str(section.source), section.edited_line(line)) if section else Location(file, line)

    problems = check_narrative(texts, known, place, cache)
    problems += [
        Problem(f"{what}, which stands in the value {name}")
        for name, text in values.items()
        for what in unprintable(text).values()
    ]
    if problems:
        raise WrongInput(problems)


def _tables(folder: Path, notebooks: Collection[str], cache: Cache) -> dict[str, list[Columns]]:
    """Give the tables that executed notebooks show, by address."""
    contents = {path: (folder / path).read_bytes() for path in notebooks}
    keys = {path: cache.key(content) for path, content in contents.items()}
    kept = {path: cache.get(_KIND, key) for path, key in keys.items()}
    new = {path: dict(_markdown(path, contents[path])) for path, tables in kept.items() if tables is None}
    read = tables_in({address: text for texts in new.values() for address, text in texts.items()})
    for path, texts in new.items():
        kept[path] = {address: read[address] for address in texts}
        cache.put(_KIND, keys[path], kept[path])
    return {address: columns for tables in kept.values() for address, columns in tables.items()}


def _markdown(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Give the Markdown that a notebook's labelled cells show, by address."""
    notebook = json.loads(content)
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    for cell, label in labelled_cells(notebook):
        shown = ["".join(output.get("data", {}).get("text/markdown", "")) for output in cell["outputs"]]
        yield f"{path}#{label}", "\n\n".join(shown)
