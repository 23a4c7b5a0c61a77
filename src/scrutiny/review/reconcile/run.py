"""A quarter's published report beside ours, and beside itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.inputs.project import Project
from scrutiny.review.reconcile.coherence import Finding, findings
from scrutiny.review.reconcile.ledger import Ledger
from scrutiny.review.reconcile.ours import Line, Verdict, compared
from scrutiny.review.reconcile.reading import PublishedReport, Remark, read_published
from scrutiny.review.reconcile.relations import relations
from scrutiny.suggest import nearest


@dataclass(frozen=True)
class Reconciliation:
    """What came of comparing.

    Parameters
    ----------
    lines : tuple of Line
        Each published figure beside ours.
    findings : tuple of Finding
        Whatever was recomputed from the published report alone, what holds included.
    """

    quarter: str
    published: PublishedReport
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many figures there are of each verdict."""
        found = Counter(line.verdict for line in self.lines)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        """What does not hold."""
        return tuple(finding for finding in self.findings if not finding.holds)

    @property
    def differing(self) -> tuple[Line, ...]:
        """Where ours differs."""
        return tuple(line for line in self.lines if line.verdict is Verdict.DIFFERS)

    @property
    def unexplained(self) -> tuple[Line, ...]:
        """Where ours differs, and nobody has said why."""
        return tuple(line for line in self.differing if line.id not in self.remarks)

    @cached_property
    def remarks(self) -> Mapping[str, Remark]:
        """What people said, by the ids of what they said it of."""
        return {name: remark for remark in self.published.reading.remarks for name in remark.findings}

    @property
    def complaints(self) -> list[Problem]:
        """What of ours has to be mended or explained."""
        return [
            Problem(
                f"ours says {line.shown or 'nothing'} where {line.published.printed!r} is printed "
                f"(line {line.published.line}, {line.published.place}): {line.why}",
                Place(self.published.file, line.published.row),
                f'mend ours, or say why in {self.published.reading_file}: a remark on "{line.id}"',
            )
            for line in self.unexplained
        ]


def reconcile(project: Project, quarter: str) -> Reconciliation:
    """Compare the published figures of a quarter with ours, and with each other.

    Raises
    ------
    WrongUse
        If there is no such quarter, or nothing published of it.
    WrongInput
        If parameters, data or the published figures are wrong, or a remark is on something that was not found.
    """
    project.parameters(quarter)
    published = read_published(project, quarter)
    facts = {figure.fact for figure in published.figures}
    ledger = Ledger(published.figures, relations(published.reading, facts, published.reading_file))
    lines = compared(project, quarter, published.figures, published.file)
    found = Reconciliation(quarter, published, lines, findings(ledger))
    _refuse_stale(found)
    return found


def _refuse_stale(found: Reconciliation) -> None:
    """Refuse remarks on what is not there any more, and two on one thing."""
    known = {finding.id for finding in found.contradictions} | {line.id for line in found.differing}
    problems = []
    told = Counter(name for remark in found.published.reading.remarks for name in remark.findings)
    for name, times in told.items():
        place = Place(found.published.reading_file, column="remarks")
        if name not in known:
            instead = f"delete it, or mend its name; {nearest(name, known)}"
            problems.append(Problem(f"{name!r} is remarked on, and is not found", place, instead))
        elif times > 1:
            problems.append(Problem(f"{name!r} is remarked on {times} times", place, "keep one remark"))
    if problems:
        raise WrongInput(problems)
