"""What source files offer for a dataset, before it is compared with what the dataset has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scrutiny.errors import Problem
from scrutiny.statistics.periods import Quarter

if TYPE_CHECKING:
    import pandas as pd

    from scrutiny.inputs.datapackage import Resource

FILE = "file"
"""Column of offered rows with the file they come from, as its user named it, with sheet or zip member."""
ROW = "row"
"""Column of offered rows with the row of that file, counted from 1, header included."""


@dataclass(frozen=True)
class Options:
    """What a user may specify besides kind and files.

    Parameters
    ----------
    mapping : Path, optional
        The mapping file of an extract.
    as_at : date, optional
        The day on which the figures were drawn.
    quarter : Quarter, optional
        The quarter for which they are imported; none of them is later.
    """

    mapping: Path | None = None
    as_at: date | None = None
    quarter: Quarter | None = None


@dataclass(frozen=True)
class Offer:
    """What source files offer for one dataset.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `offered_rows` makes them.
    refused : tuple of Problem
        Records that could not be taken.
    notes : tuple of str
        What was counted, skipped or merged, for the analyst to read.
    """

    dataset: str
    rows: pd.DataFrame
    refused: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def offered_rows(resource: Resource, records: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Make the rows of an offer, with all its columns even without a record.

    Parameters
    ----------
    records : iterable of dict
        Each with the dataset's columns as text, as its CSV file has them, and `FILE` and `ROW`; a column that a
        record lacks is empty.
    """
    import pandas as pd

    columns = [field.name for field in resource.fields]
    frame = pd.DataFrame(list(records), columns=[*columns, FILE, ROW])
    return frame.astype(dict.fromkeys([*columns, FILE], "str") | {ROW: "int64"}).fillna("")
