"""What a quarter's report lacks, as it is kept: a build in which nothing changed does without pandas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NOT_SUPPLIED = "report.not_supplied"
"""The value that says how many figures were not supplied; absent, as ties see it, where all were."""


@dataclass(frozen=True)
class Lacking:
    """Figures that a quarter's report lacks, for its readers.

    Parameters
    ----------
    measures : dict of str to str
        Their names and titles.
    dataset, title : str
        Name and title of their dataset.
    period : str
        What was asked for.
    source, supplier : str
        The system's title, and who supplies its figures; empty if that is not said.
    due : str
        The day, an ISO date.
    """

    measures: dict[str, str]
    dataset: str
    title: str
    period: str
    source: str
    supplier: str
    due: str


def in_words(lacking: Sequence[Lacking], needed: int) -> str:
    """Say how many of the figures needed were not supplied: "80 of the 119 figures of this report were …"."""
    count = sum(len(one.measures) for one in lacking)
    if not count:
        return f"all {needed} figures of this report were supplied"
    return f"{count} of the {needed} figures of this report {'was' if count == 1 else 'were'} not supplied"
