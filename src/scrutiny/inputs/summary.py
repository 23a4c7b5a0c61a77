"""What builds keep of a dataset, so that it is read and judged once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scrutiny.cache import NOTHING, Cache
from scrutiny.inputs.datapackage import FIGURE_FIELDS, Disclosure, Resource
from scrutiny.inputs.disclosure.copy import Protection
from scrutiny.inputs.project import INPUTS

if TYPE_CHECKING:
    import pandas as pd

_KIND = "datasets"


@dataclass(frozen=True)
class Summary:
    """A valid dataset in brief, made of what JSON can hold.

    Parameters
    ----------
    texts : dict of str to list of str
        Column that a measure may select by, and the texts in it.
    drawn : dict of str to str
        End of a period, and the day on which its newest figure was drawn; both as ISO dates.
    protected : list of (int, int or None, str)
        Lines of the file that are not shown as they stand, with the value and symbol shown instead.
    """

    texts: dict[str, list[str]]
    drawn: dict[str, str]
    protected: list[tuple[int, int | None, str]]

    @classmethod
    def of(cls, resource: Resource, rows: pd.DataFrame) -> Self:
        """Summarise what `read_dataset` returns; see `disclosure.protection` for what it raises."""
        from scrutiny.inputs.disclosure.protect import protection

        texts = {
            field.name: sorted(rows[field.name].astype(str).unique())
            for field in resource.fields
            if field.type == "string" or field.name not in FIGURE_FIELDS
        }
        newest = rows.groupby("period_end")["as_at"].max().dropna()
        drawn = {f"{end:%Y-%m-%d}": f"{day:%Y-%m-%d}" for end, day in newest.items()}
        protected = [(line, *shown) for line, shown in sorted(protection(resource, rows).items())]
        return cls(texts, drawn, protected)

    @property
    def protection(self) -> Protection:
        """What is shown instead of which lines."""
        return {line: (value, symbol) for line, value, symbol in self.protected}

    def latest_figure(self, until: date) -> date | None:
        """Return the latest as-at date of the figures whose period ends by a day."""
        days = [date.fromisoformat(day) for end, day in self.drawn.items() if date.fromisoformat(end) <= until]
        return max(days, default=None)


def summarise(resource: Resource, path: Path, cache: Cache = NOTHING) -> Summary:
    """Read and summarise a dataset; see `read_dataset` and `disclosure.protection` for what they raise."""
    resource = _unless_copied(resource, path)

    def compute() -> Summary:
        # Imported late: pandas and pandera take longer than a build in which nothing changed.
        from scrutiny.inputs.schema import read_dataset

        return Summary.of(resource, read_dataset(resource, path, cache))

    return cache.remember(_KIND, lambda: resource.key(path, cache), compute, asdict, lambda kept: Summary(**kept))


def shown_rows(resource: Resource, path: Path, cache: Cache = NOTHING) -> pd.DataFrame:
    """Read a dataset as it may be shown, without small counts of people; see `summarise` for what it raises."""
    from scrutiny.inputs.disclosure.protect import protected
    from scrutiny.inputs.schema import read_dataset

    resource = _unless_copied(resource, path)
    rows = read_dataset(resource, path, cache)
    kept = cache.get(_KIND, resource.key(path, cache))
    return protected(resource, rows, kept and Summary(**kept).protection)


def _unless_copied(resource: Resource, path: Path) -> Resource:
    """Leave a workspace's copy as it is: of rounded figures others would follow than of the exact ones."""
    if path.parent.parent.name != INPUTS:
        return resource
    return resource.model_copy(update={"disclosure": Disclosure(persons=False)})
