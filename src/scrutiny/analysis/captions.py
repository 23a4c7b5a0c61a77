"""Captions: a headline that says what is to be seen, then the subject, period, source and status."""

from __future__ import annotations

from scrutiny import markdown
from scrutiny.statistics import wording
from scrutiny.statistics.periods import long_date
from scrutiny.statistics.provenance import Provenance


def caption(
    headline: str,
    subject: str,
    period: str,
    provenance: Provenance | None = None,
    *,
    note: str = "",
    lag_months: int = 0,
    mark: str = "Hatched bars",
) -> str:
    """Write the caption of a table or figure in Markdown.

    Parameters
    ----------
    headline : str
        A sentence, without its full stop, that says what the table or figure shows.
    subject : str
        Measure and area, such as "Police recorded crime, Lancashire".
    period : str
        The period covered, such as "July 2019 to June 2020".
    provenance : Provenance, optional
        Of a picture's figures. A table has its sources beneath, and marks its illustrative figures one by one.
    note : str
        What else a reader of a picture has to know, as a sentence.
    lag_months : int
        By how many months the figures run behind the report.
    mark : str
        How a picture distinguishes illustrative figures.
    """
    sentences = [f"{subject}, {period}.", *([note] if note else [])]
    if lag_months:
        sentences.append(f"These figures run {wording.counted(lag_months, 'month')} behind.")
    if provenance and provenance.statuses == {"illustrative"}:
        # They do not come from the system whose figures they stand in for.
        sentences.append("Illustrative figures, made up for this report so that there is a series to show.")
    elif provenance:
        sentences.append(source_note(provenance))
        if provenance.illustrative:
            sentences.append(f"{mark} are illustrative, made up so that there is a series to show.")
        sentences += rounding_note(provenance)
    headline = headline[:1].upper() + headline[1:]
    return f"**{markdown.escape(headline)}.** {markdown.escape(' '.join(sentences))}"


def rounding_note(provenance: Provenance) -> list[str]:
    """Say in a sentence that counts are rounded, if they are."""
    to = provenance.rounding
    return [f"Counts are rounded to the nearest {to} to protect people."] if to > 1 else []


def source_note(provenance: Provenance) -> str:
    """Name the sources and the latest as-at date, as a sentence."""
    if not provenance.sources:
        return "No figure was supplied."
    label = "Source" if len(provenance.sources) == 1 else "Sources"
    as_at = f", as at {long_date(provenance.as_at)}" if provenance.as_at else ""
    return f"{label}: {wording.listed(sorted(provenance.sources))}{as_at}."
