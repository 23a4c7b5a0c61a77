"""What the words of trend in a narrative leave wrong or open, and what measures were in earlier quarters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scrutiny.analysis.report import Report
from scrutiny.errors import Location, Problem
from scrutiny.narrative.carried_over import sentences
from scrutiny.narrative.section import Section
from scrutiny.review.numbers.passages import Passage
from scrutiny.review.numbers.quotable import Book, History, measure_of, statistic_of, var
from scrutiny.review.numbers.trends import doubts
from scrutiny.statistics.comparison import Comparison
from scrutiny.statistics.periods import (
    COMPLETE_YEARS,
    MONTHS_OF_QUARTER,
    MONTHS_OF_YEAR,
    SAME_PERIOD_A_YEAR_AGO,
    Quarter,
    add_months,
)


def history_of(report: Report) -> History:
    """Give the comparisons of measures as they were in earlier quarters, from the data that there are now."""

    def history(name: str, quarters: int) -> Comparison | None:
        measure, window, basis = measure_of(name), name.split(".")[2], statistic_of(name)[1]
        if measure not in report.project.measures:
            return None
        # A year that is over is the same one for four quarters.
        months = MONTHS_OF_YEAR if window in COMPLETE_YEARS else MONTHS_OF_QUARTER
        quarter = Quarter.containing(add_months(report.quarter.period.start, -months * quarters))
        reported = replace(report.measure(measure), quarter=quarter)
        if basis == "_on_previous_quarter":
            return reported.comparison_with_previous_quarter()
        return None if basis or window not in SAME_PERIOD_A_YEAR_AGO else reported.comparison(window)

    return history


def doubtful(
    section: Section, passage: Passage, book: Book, told: Sequence[Problem] = ()
) -> Iterator[tuple[Problem, bool]]:
    """Give what words of trend leave wrong or open in a passage of a section, and whether it is wrong.

    Words that nothing can judge are wrong in a sentence of an earlier quarter, and a question in a new one, until
    the text of their heading is confirmed. What contradicts a value in `told` is not told twice.
    """
    asked: set[int] = set()
    for doubt in doubts(passage, book):
        line = passage.line(doubt.at)
        place = Location(str(section.source), line)
        if doubt.evidence:
            if any(place == one.location and var(doubt.name) in one.message for one in told):
                continue
            yield (
                Problem(f'"{doubt.text}" does not hold: {doubt.evidence}', place, "write what the figures say"),
                True,
            )
        elif not section.is_confirmed_at(line):
            start, end = next(span for span in passage.sentences if span[0] <= doubt.at < span[1])
            quarter = section.earlier.quarter_of_all(sentences(_as_written(passage, start, end)))
            heading = section.heading_at(line)
            if not doubt.name:
                # Once for a sentence, and not where all of the text is asked for.
                if quarter is None or start in asked or heading in (one.name for one in section.carried_over):
                    continue
                asked.add(start)
            beside = f" beside {var(doubt.name)}" if doubt.name else ""
            since = f", which stands here since {quarter}" if quarter else ""
            what = f'no figure can judge "{doubt.text}"{beside}{since}'
            yield Problem(what, place, f"make sure that it holds: {to_confirm(section, heading)}"), bool(quarter)


def to_confirm(section: Section, name: str) -> str:
    """Write the command that confirms a heading or a stated number."""
    return f'scrutiny status {section.source.parent.name} --confirm "{name}" --by NAME'


def _as_written(passage: Passage, start: int, end: int) -> str:
    signs = (
        f"{{{{< var {passage.values[at]} >}}}}" if at in passage.values else passage.text[at]
        for at in range(start, end)
    )
    return "".join(signs)
