"""Answers to the questions that the data raise: `data/answers.yaml`."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from unicodedata import category

import yaml
from pydantic import AfterValidator, RootModel, StringConstraints

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.yaml_models import Strict, load_model, read_text

FILE = "answers.yaml"
SHOWN_AS = Path("data") / FILE
_HEAD = """\
# Answers to the questions that `scrutiny check` asks of the data, each under the name of its question. An answer
# holds until a figure of its question changes. `scrutiny check QUARTER --answer ID --by NAME --reason TEXT` adds
# one; see docs/check.md.
"""
_WIDTH = 110

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of characters that a terminal obeys instead of showing them."""


def _is_text(text: str) -> str:
    if any(category(character) in _UNSEEN and character != "\n" for character in text):
        raise ValueError("a sign that cannot be seen stands in this text")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_is_text)]


class Answer(Strict):
    """Why something striking is so.

    Parameters
    ----------
    question : str
        The question as it was asked, so that a reader of the file knows it.
    by : str
        Who answered it.
    date : date
        When.
    """

    question: Text
    by: Text
    date: datetime.date
    reason: Text


class _Answers(RootModel[dict[str, Answer]]):
    pass


def load_answers(path: Path, shown_as: Path = SHOWN_AS) -> dict[str, Answer]:
    """Read `data/answers.yaml`, answers by the id of their question; a project without one has none.

    Raises
    ------
    WrongInput
        With all that is wrong with it.
    """
    if not path.exists():
        return {}
    return load_model(path, _Answers, shown_as).root


def write_answers(path: Path, answers: Mapping[str, Answer], shown_as: Path = SHOWN_AS) -> None:
    """Write answers sorted by id, whole or not at all, below the comment that the file begins with.

    Raises
    ------
    WrongUse
        If it cannot be written.
    """
    head = _head(read_text(path, shown_as)) if path.exists() else _HEAD
    content = {key: answers[key].model_dump() for key in sorted(answers)}
    body = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=_WIDTH) if content else ""
    try:
        write_atomically(path, head + body)
    except OSError as error:
        raise WrongUse(
            Problem(f"{shown_as} cannot be written: {error.strerror}", instead="make data/ and it writable")
        ) from None


def _head(text: str) -> str:
    lines = text.splitlines(keepends=True)
    end = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    head = "".join(lines[:end])
    return head if not head or head.endswith("\n") else f"{head}\n"
