"""The numbers of the narrative: each bound to a value, stated with its source, or loose."""

from __future__ import annotations

from scrutiny.review.numbers.judging import Finding, Judged, Kind, judge

__all__ = ["Finding", "Judged", "Kind", "judge"]
