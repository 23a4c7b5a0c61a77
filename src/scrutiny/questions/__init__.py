"""Checks beyond the types of the data: what is not wrong by itself, but has to be explained by someone."""

from scrutiny.questions.judging import CHECKS, Judgement, answer, judge
from scrutiny.questions.question import Question

__all__ = ["CHECKS", "Judgement", "Question", "answer", "judge"]
