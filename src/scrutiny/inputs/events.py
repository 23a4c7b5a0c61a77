"""Events that charts mark, such as the first lockdown: `data/events.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.fonts import unprintable
from scrutiny.inputs.csv_file import read_records
from scrutiny.statistics.periods import Period

FILE = "events.csv"
COLUMNS = ("date", "label", "topics")
LONGEST_LABEL = 40


@dataclass(frozen=True)
class Event:
    """Something that a reader of a chart has to know, for the charts of some topics or, without topics, of all."""

    day: date
    label: str
    topics: tuple[str, ...]

    def concerns(self, measure: str, period: Period) -> bool:
        """Whether it belongs in a measure's chart of a period."""
        return period.start <= self.day <= period.end and (
            not self.topics or measure.partition(".")[0] in self.topics
        )


def load_events(path: Path) -> tuple[Event, ...]:
    """Read `data/events.csv` in the order of time, if there is one; raises WrongInput with all its mistakes."""
    if not path.is_file():
        return ()
    file = f"data/{FILE}"
    header, records, problems = read_records(path, file, COLUMNS)
    events = []
    for line, cells in records:
        cell = dict(zip(header, cells, strict=True))
        try:
            day, label, topics = date.fromisoformat(cell["date"]), _label(cell["label"]), cell["topics"].split()
        except ValueError as error:
            instead = "write 2020-03-23,Lockdown began, and after a second comma the topics, or nothing for all"
            problems.append(Problem(f"not an event: {error}", Location(file, line), instead))
        else:
            events.append(Event(day, label, tuple(topics)))
    if problems:
        raise WrongInput(problems)
    return tuple(sorted(events, key=lambda event: event.day))


def _label(text: str) -> str:
    text = " ".join(text.split())
    if not 0 < len(text) <= LONGEST_LABEL:
        raise ValueError(f"a label has 1 to {LONGEST_LABEL} characters")
    for why in unprintable(text).values():
        raise ValueError(why)
    return text
