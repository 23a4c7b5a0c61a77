"""How far a quarter has come: which figures it lacks, and which of its text is not its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scrutiny.analysis.report import Report
from scrutiny.analysis.supplies import State, Supply, supplies
from scrutiny.inputs.project import Project
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import load_narrative


class Writing(StrEnum):
    """Where the text of a section comes from."""

    WRITTEN = "written"
    CARRIED_OVER = "carried over"
    SKELETON = "from the skeleton"


@dataclass(frozen=True)
class Status:
    """How far a quarter has come.

    Parameters
    ----------
    sections : tuple of Section
        Those of the report, in its order, and then the parts that are carried over.
    carried_over : tuple of str
        How many headings and stated numbers are, in words.
    """

    quarter: str
    today: date
    supplies: tuple[Supply, ...]
    sections: tuple[Section, ...]
    carried_over: tuple[str, ...]

    @property
    def summary(self) -> tuple[str, ...]:
        """One line on the measures, one on the sections, and one on what of these is carried over."""
        states = [state for supply in self.supplies for state in supply.states]
        texts = [text_of(section) for section in self.sections]
        lines = (
            f"Measures ({len(self.supplies)}): {_counted(states, State)}",
            f"Sections ({len(self.sections)}): {_counted(texts, Writing)}",
        )
        return (*lines, f"Carried over: {', '.join(self.carried_over)}") if self.carried_over else lines


def status(project: Project, quarter: str, today: date) -> Status:
    """Find out how far a quarter has come by a day.

    Raises
    ------
    ScrutinyError
        If there is no such quarter, or its parameters, sections or data are wrong.
    """
    report = Report(quarter, project)
    narrative = load_narrative(project.sections, quarter, report.parameters.sections)
    by_name = {section.name: section for section in narrative.sections}
    sections = [by_name.pop(name) for name in narrative.order]
    sections += [part for part in by_name.values() if text_of(part) is Writing.CARRIED_OVER]
    return Status(quarter, today, supplies(report, today), tuple(sections), narrative.carried_over)


def text_of(section: Section) -> Writing:
    """Say where the text of a section comes from."""
    if section.from_skeleton:
        return Writing.SKELETON
    return Writing.CARRIED_OVER if section.all_carried_over else Writing.WRITTEN


def _counted(found: Sequence[StrEnum], kinds: Iterable[StrEnum]) -> str:
    return ", ".join(f"{found.count(kind)} {kind}" for kind in kinds if kind in found)
