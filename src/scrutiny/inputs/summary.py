"""What the rest of a dataset's judgement needs to know of it, so that it is read once and remembered."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Self

from scrutiny.inputs.datapackage import FIGURE_FIELDS, Resource
from scrutiny.inputs.disclosure.copy import Protection


@dataclass(frozen=True)
class Summary:
    """A valid dataset in short, made of what JSON can hold.

    Parameters
    ----------
    texts : dict of str to list of str
        Column that a measure may select by, and the texts in it.
    drawn : dict of str to str
        End of a period, and the day on which the newest figure up to it was drawn; both as ISO dates.
    protected : list of (int, int or None, str)
        Lines of the file that are not shown as they stand, with the value and symbol shown in their place.
    """

    texts: dict[str, list[str]]
    drawn: dict[str, str]
    protected: list[tuple[int, int | None, str]]

    @classmethod
    def of(cls, resource: Resource, path: Path) -> Self:
        """Read a dataset; see `schema.read_dataset` and `disclosure.protection` for what they raise."""
        # Imported late: pandas and pandera take longer than a build in which nothing changed.
        from scrutiny.inputs.disclosure.protect import protection
        from scrutiny.inputs.schema import read_dataset

        frame = read_dataset(resource, path)
        texts = {
            field.name: sorted(frame[field.name].astype(str).unique())
            for field in resource.fields
            if field.type == "string" or field.name not in FIGURE_FIELDS
        }
        newest = frame.groupby("period_end")["as_at"].max().dropna()
        drawn = {f"{end:%Y-%m-%d}": f"{day:%Y-%m-%d}" for end, day in newest.items()}
        protected = [(line, *shown) for line, shown in sorted(protection(resource, frame).items())]
        return cls(texts, drawn, protected)

    def to_json(self) -> dict[str, Any]:
        """Give what the constructor takes."""
        return asdict(self)

    @property
    def protection(self) -> Protection:
        """What is shown in place of which lines."""
        return {line: (value, symbol) for line, value, symbol in self.protected}

    def latest_figure(self, until: date) -> date | None:
        """Give the latest as-at date of the figures whose period ends by a day."""
        days = [date.fromisoformat(day) for end, day in self.drawn.items() if date.fromisoformat(end) <= until]
        return max(days, default=None)
