"""Where the figures of an import came from, for `data/imports.csv`."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable
from datetime import date
from functools import cache
from io import BufferedIOBase
from typing import cast

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.files import file_digest
from scrutiny.importers.files.archives import SourceName, stamp
from scrutiny.importers.files.cells import visible
from scrutiny.importers.offer import OfferedRow
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.imports import ImportedTable, Imports, Origin, figure_key, figure_text


def with_origins(
    imports: Imports, resource: Resource, after: bytes, taken: Iterable[OfferedRow], on: date
) -> Imports:
    """Add where the figures taken into a dataset came from; what its file no longer says so is left out.

    Parameters
    ----------
    after : bytes
        The dataset's file with them.
    on : date
        The day of the import.
    """
    rows = {figure_key(resource, row): row for row in csv.DictReader(io.StringIO(after.decode()))}
    kept = {
        key: origin
        for key, origin in imports.items()
        if key[0] != resource.name or (key in rows and origin.is_of(rows[key]))
    }
    table_of = cache(lambda name, kind: _table(name, kind, on))
    for row in taken:
        if isinstance(row.place.file, SourceName):
            rows_there = row.rows or str(row.place.line)
            key = figure_key(resource, row.cells)
            kept[key] = Origin(
                table_of(row.place.file, row.kind), rows_there, figure_text(row.cells), row.cells["as_at"]
            )
    return kept


def _table(name: SourceName, kind: str, on: date) -> ImportedTable:
    if name.stamp != stamp(name.path):
        what = "this file has changed since it was read"
        raise WrongInput(Problem(what, Location(name), "run the command again"))
    member, member_sha256 = "", ""
    if name.member:
        member = visible(name.member.filename)
        with zipfile.ZipFile(name.path) as archive, archive.open(name.member) as file:
            member_sha256 = hashlib.file_digest(cast(BufferedIOBase, file), "sha256").hexdigest()
    sha256 = file_digest(name.path)
    return ImportedTable(on.isoformat(), kind, visible(name.path.name), sha256, member, member_sha256, name.sheet)
