"""A force's own extract, CSV or workbook, read by a mapping file into rows of a dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.importers.extract.mapping import MappingFile, load_mapping
from scrutiny.importers.extract.reader import Reader
from scrutiny.importers.files.cells import SourceTable
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.importers.offer import Offer, Options
from scrutiny.inputs.project import Project


def read(project: Project, files: Sequence[Path], options: Options) -> list[Offer]:
    """Read extracts of one dataset.

    Raises WrongUse if no mapping is named, or a day or quarter that it needs, and WrongInput if a file or the
    mapping cannot be used at all; the offer has what is wrong with rows.
    """
    if options.mapping is None:
        instead = "add --mapping data/mappings/…; see docs/reference/import.md"
        raise WrongUse(Problem("an extract needs a mapping", hint=instead))
    mapping, resource = load_mapping(options.mapping, project.datapackage)
    _require_options(mapping, options)
    reader = Reader(mapping, resource, options)
    tables = list(read_tables(files, mapping.sheet))
    filled = [table for table in tables if table.rows]
    if not filled:
        place = tables[0].place() if tables else Location(files[0])
        raise WrongInput(Problem("this workbook is empty, or has only hidden sheets", place, "export it again"))
    _require_one_sheet_each(filled)
    problems: list[Problem] = []
    for table in filled:
        try:
            reader.read(table)
        except WrongInput as error:
            problems += error.problems
    if problems:
        raise WrongInput(problems)
    return [reader.offer(filled[0].place())]


def _require_options(mapping: MappingFile, options: Options) -> None:
    given = "as_at" in (*mapping.columns.values(), *mapping.constants) or mapping.as_at_cell
    if not given and options.as_at is None:
        what = "the date on which the figures were drawn is not given"
        raise WrongUse(Problem(what, hint="add --as-at 2020-10-05, or as_at to the mapping"))
    if given and options.as_at is not None:
        what = "the date on which the figures were drawn is given by the mapping and by --as-at"
        raise WrongUse(Problem(what, hint="leave one of the two out"))
    if mapping.window and options.quarter is None:
        what = f"the figures are of the window {mapping.window}, but its quarter is not given"
        raise WrongUse(Problem(what, hint="add --quarter 2020-21-Q2"))


def _require_one_sheet_each(tables: Sequence[SourceTable]) -> None:
    sheets: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if table.sheet is not None:
            sheets[table.name.removesuffix(f", sheet {table.sheet}")].append(table.sheet)
    instead = "name the one to read in the mapping, as sheet: …"
    if problems := [
        Problem(f"this workbook has {len(names)} sheets: {', '.join(names)}", Location(file), instead)
        for file, names in sheets.items()
        if len(names) > 1
    ]:
        raise WrongInput(problems)
