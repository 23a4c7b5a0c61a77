"""Checks beyond the types of the data: what is not a mistake in itself, but has to be explained."""

from scrutiny.inputs.questions.question import Question
from scrutiny.inputs.questions.run import CHECKS, CheckResults, answer, judge

__all__ = ["CHECKS", "CheckResults", "Question", "answer", "judge"]
