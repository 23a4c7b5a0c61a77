"""Answers to the questions that the data raise: `data/answers.yaml`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from unicodedata import category

import yaml
from pydantic import AfterValidator, RootModel, StringConstraints

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.inputs.questions.question import Question
from scrutiny.yaml_models import Strict, load_model, read_text

FILE = "answers.yaml"
SHOWN_AS = Path("data") / FILE
_HEAD = """\
# Answers to the questions that `scrutiny check` asks about the data, each under the id of its question. An answer
# is valid until the figure that it is about changes, or those that it is compared with come to something else than
# `against` by more than a little. To add one: `scrutiny check QUARTER --answer ID --by NAME --reason TEXT`; see
# docs/reference/checks.md.
"""
_WIDTH = 110

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Categories of characters that a terminal obeys instead of showing."""


def _is_text(text: str) -> str:
    if any(category(character) in _UNSEEN and character != "\n" for character in text):
        raise ValueError("this text has an invisible character")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_is_text)]


class Answer(Strict):
    """Who explained something unusual, when and how; the question is kept for readers of the file."""

    question: Text
    by: Text
    date: datetime.date
    reason: Text
    against: Decimal | None = None
    """See `Question.against`, at the time of the answer."""

    def fits(self, question: Question) -> bool:
        """Whether it still answers the question of its id: what it compares with was revised a little at most."""
        if question.against is None:
            return True
        return self.against is not None and abs(question.against - self.against) <= question.little

    def to_yaml(self) -> dict[str, object]:
        """Give what the file holds."""
        content = self.model_dump(exclude_none=True)
        if self.against is not None:
            whole = self.against == self.against.to_integral_value()
            content["against"] = int(self.against) if whole else str(self.against)
        return content


class _Answers(RootModel[dict[str, Answer]]):
    pass


def load_answers(path: Path) -> dict[str, Answer]:
    """Read `data/answers.yaml`, if there is one, by question id; raises WrongInput with all mistakes."""
    return load_model(path, _Answers, SHOWN_AS).root if path.exists() else {}


def write_answers(path: Path, answers: Mapping[str, Answer]) -> None:
    """Write answers sorted by id, atomically, below the comment at the head; raises WrongUse if that fails."""
    head = _head(read_text(path, SHOWN_AS)) if path.exists() else _HEAD
    content = {key: answers[key].to_yaml() for key in sorted(answers)}
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_WIDTH) if content else ""
    try:
        write_atomically(path, head + body)
    except OSError as error:
        what = f"{SHOWN_AS} cannot be written: {error.strerror}"
        raise WrongUse(Problem(what, hint="make it and data/ writable")) from None


def _head(text: str) -> str:
    lines = text.splitlines(keepends=True)
    end = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    head = "".join(lines[:end])
    return head if not head or head.endswith("\n") else f"{head}\n"
