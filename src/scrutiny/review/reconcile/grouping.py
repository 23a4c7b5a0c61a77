"""Findings put together that one remark explains, as a page and a terminal show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scrutiny.review.reconcile.coherence import Finding
from scrutiny.review.reconcile.reading import Remark
from scrutiny.review.reconcile.run import Reconciliation
from scrutiny.text import ranges


@dataclass(frozen=True)
class Group:
    """Contradictions of the published report with itself that have one reason.

    Parameters
    ----------
    remark : Remark, optional
        What people say of them.
    """

    findings: tuple[Finding, ...]
    remark: Remark | None

    @property
    def lines(self) -> str:
        """Lines of what does not hold: "27–31, 505"."""
        return ranges(finding.figure.line for finding in self.findings)

    @property
    def others(self) -> str:
        """Lines of what it was recomputed from."""
        own = {finding.figure.line for finding in self.findings}
        return ranges(line for finding in self.findings for line in finding.lines if line not in own)

    @property
    def place(self) -> str:
        """Where the first of them stands, and the parts of the others."""
        first, *rest = self.findings
        parts = dict.fromkeys(finding.figure.part for finding in rest if finding.figure.part != first.figure.part)
        return "; ".join([first.figure.place, *parts])

    @property
    def printed(self) -> str:
        """What is printed."""
        return _once(finding.figure.printed for finding in self.findings)

    @property
    def recomputed(self) -> str:
        """What it was to be."""
        return _once(finding.recomputed for finding in self.findings)

    @property
    def arithmetic(self) -> str:
        """How that was found."""
        steps = [step for finding in self.findings for step in finding.steps]
        return _once([*steps, *([self.remark.recomputed] if self.remark and self.remark.recomputed else [])])

    @property
    def said(self) -> str:
        """What our report says, and why; empty where nobody remarked."""
        return self.remark.ours if self.remark else ""


def groups(found: Reconciliation) -> list[Group]:
    """Group the contradictions by remark, in the order of the published report."""
    together: dict[str, list[Finding]] = {}
    for finding in found.contradictions:
        remark = found.remarks.get(finding.id)
        together.setdefault(remark.findings[0] if remark else finding.id, []).append(finding)
    return [Group(tuple(some), found.remarks.get(some[0].id)) for some in together.values()]


def _once(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))
