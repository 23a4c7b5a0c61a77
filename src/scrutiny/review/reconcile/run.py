"""A quarter's published report beside ours, and beside itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.inputs.project import Project
from scrutiny.review.reconcile.coherence import Recomputation, recompute
from scrutiny.review.reconcile.compare import Agreement, ComparedFigure, compare_figures
from scrutiny.review.reconcile.published import PublishedReport, Remark, read_published
from scrutiny.review.reconcile.relations import relations
from scrutiny.statistics.ledger import Ledger
from scrutiny.suggest import nearest


@dataclass(frozen=True)
class Reconciliation:
    """A quarter's published figures beside ours, and all that was recomputed from them alone."""

    quarter: str
    published: PublishedReport
    figures: tuple[ComparedFigure, ...]
    recomputed: tuple[Recomputation, ...]

    @property
    def counts(self) -> dict[Agreement, int]:
        """How many figures there are of each agreement."""
        found = Counter(figure.agreement for figure in self.figures)
        return {agreement: found[agreement] for agreement in Agreement}

    @property
    def contradictions(self) -> tuple[Recomputation, ...]:
        """Recomputations that do not hold."""
        return tuple(made for made in self.recomputed if not made.holds)

    @property
    def differing(self) -> tuple[ComparedFigure, ...]:
        """Figures where ours differs."""
        return tuple(figure for figure in self.figures if figure.agreement is Agreement.DIFFERS)

    @cached_property
    def remarks(self) -> Mapping[str, Remark]:
        """The remarks, by the ids of what they explain."""
        return {name: remark for remark in self.published.commentary.remarks for name in remark.findings}

    def explanation(self, name: str) -> str | None:
        """Give what a remark says about a finding."""
        return self.remarks[name].ours if name in self.remarks else None

    @property
    def problems(self) -> list[Problem]:
        """Differences of ours that have to be corrected or explained."""
        return [
            Problem(
                f"ours says {figure.shown or 'nothing'} where {figure.published.printed!r} is printed "
                f"(line {figure.published.line}, {figure.published.place}): {figure.why}",
                Location(self.published.file, figure.published.row),
                f'correct ours, or say why in {self.published.commentary_file}: a remark on "{figure.id}"',
            )
            for figure in self.differing
            if figure.id not in self.remarks
        ]


def reconcile(project: Project, quarter: str) -> Reconciliation:
    """Compare the published figures of a quarter with ours, and with each other.

    Remarks on something that was not found are wrong input.
    """
    project.parameters(quarter)
    published = read_published(project, quarter)
    facts = {figure.fact for figure in published.figures}
    ledger = Ledger(published.figures, relations(published.commentary, facts, published.commentary_file))
    figures = compare_figures(project, quarter, published.figures, published.file)
    found = Reconciliation(quarter, published, figures, recompute(ledger))
    _refuse_stale_remarks(found)
    return found


def _refuse_stale_remarks(found: Reconciliation) -> None:
    """Refuse remarks on what is no longer found, and two on one thing."""
    known = {made.id for made in found.contradictions} | {figure.id for figure in found.differing}
    place = Location(found.published.commentary_file, column="remarks")
    problems = []
    mentioned = Counter(name for remark in found.published.commentary.remarks for name in remark.findings)
    for name, times in mentioned.items():
        if name not in known:
            instead = f"delete it, or correct its name; {nearest(name, known)}"
            problems.append(Problem(f"{name!r} is remarked on, and is not found", place, instead))
        elif times > 1:
            problems.append(Problem(f"{name!r} is remarked on {times} times", place, "keep one remark"))
    if problems:
        raise WrongInput(problems)
