"""What `scrutiny check` would ask about the figures of an import, asked before it is written."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from scrutiny.errors import WrongInput
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import Question
from scrutiny.inputs.questions.answers import FILE, load_answers
from scrutiny.inputs.questions.figures import Figures
from scrutiny.inputs.questions.series import check_jumps
from scrutiny.inputs.schema import read_dataset


def jumps(project: Project, resource: Resource, after: bytes, lines: Collection[int]) -> tuple[Question, ...]:
    """Give the unanswered questions about a month or quarter that departs from its neighbours.

    `after` is the dataset as the import would write it, and `lines` are those that it would add or change.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dataset.csv")
        path.write_bytes(after)
        try:
            frame = read_dataset(resource, path)
        except WrongInput:
            # Writing will say what is wrong.
            return ()
    dated = frame.dropna(subset=["period_start", "period_end"]).reset_index(drop=True)
    answers = load_answers(project.data / FILE)
    return tuple(
        question
        for question in check_jumps(Figures(resource, dated)).questions
        if question.id not in answers and not {question.line, *question.lines}.isdisjoint(lines)
    )
