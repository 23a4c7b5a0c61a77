"""Checks beyond the types of the data: what is not wrong by itself, but has to be explained by someone."""

from scrutiny.inputs.questions.question import Question
from scrutiny.inputs.questions.run import CHECKS, Judgement, answer, judge

__all__ = ["CHECKS", "Judgement", "Question", "answer", "judge"]
