"""What `scrutiny check` does: a quarter judged without building, told to people or to other programs."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from scrutiny.errors import Place, Problem, WrongInput, WrongUse
from scrutiny.execution.sources import check_notebooks, notebooks_of
from scrutiny.files import content_digest
from scrutiny.inputs.check import all_problems, check_inputs
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import CHECKS, CheckResults, Question, judge
from scrutiny.inputs.questions import answer as record
from scrutiny.inputs.questions.answers import SHOWN_AS
from scrutiny.narrative.sections import load_narrative
from scrutiny.workspace.skeleton import check_skeleton

_ID_LENGTH = 10


@dataclass(frozen=True)
class Checked:
    """A quarter that was judged.

    Parameters
    ----------
    wrong : tuple of Problem
        As they are told to people: the first 20 of each dataset.
    judgement : CheckResults or None
        None if what the checks need to know is wrong.
    """

    project: Project
    quarter: str
    wrong: tuple[Problem, ...]
    judgement: CheckResults | None

    @cached_property
    def all_wrong(self) -> tuple[Problem, ...]:
        """All mistakes, however many a dataset has."""
        from scrutiny.inputs.schema import dataset_problems

        files = {str(one.where.file) for one in self.wrong if one.where}
        problems = list(self.wrong)
        for file, resource in _resources(self.project).items():
            # None of a dataset that can be read, of which published figures give a hidden count away.
            if file in files and (every := dataset_problems(resource, self.project.data / resource.path)):
                problems = [one for one in problems if not one.where or str(one.where.file) != file] + every
        return tuple(problems)


def check(project: Project, quarter: str) -> Checked:
    """Judge a quarter's parameters, data, measures, notebooks and sections, and ask what the data leave open.

    Raises
    ------
    WrongUse
        If there is no such quarter.
    """
    judgement: CheckResults | None = None
    try:
        parameters = project.parameters(quarter)
    except WrongInput as error:
        return Checked(project, quarter, error.problems, None)
    wrong = all_problems(
        lambda: check_inputs(project, parameters),
        lambda: check_skeleton(project.root),
        lambda: load_narrative(project.sections, quarter, parameters.sections),
        lambda: check_notebooks(notebooks_of(project)),
    )
    # What is wrong with what it reads is among the mistakes already.
    with suppress(WrongInput):
        judgement = judge(project)
    return Checked(project, quarter, tuple(wrong), judgement)


def answer(
    project: Project, quarter: str, question_ids: Collection[str], *, by: str | None, reason: str | None
) -> str:
    """Record one answer to some questions, dated today.

    Returns
    -------
    str
        What was recorded.

    Raises
    ------
    WrongUse
        If there is no such quarter or question, or name or reason is missing.
    """
    project.parameters(quarter)
    if not by or not reason:
        raise WrongUse(Problem("an answer needs a name and a reason", instead='add --by NAME and --reason "TEXT"'))
    questions = record(project, question_ids, by=by, reason=reason, on=datetime.now(UTC).date())
    return "\n".join(
        f"{question.id} is answered, in {SHOWN_AS}; it is asked no more until a figure of it changes:\n"
        f"  {question.problem.where}: {question.what}"
        for question in questions
    )


def as_text(checked: Checked) -> str:
    """Write for people what held, what is questioned and what is answered; what is wrong is told as an error."""
    lines = []
    if not checked.wrong:
        in_order = "parameters, data and notebooks are in order; build judges the text of the sections."
        lines.append(f"{checked.quarter}: {in_order}")
    judgement = checked.judgement
    if judgement is None:
        return "\n".join(lines)
    lines += ["", "Held:", *(f"{held:>7,}  {CHECKS[name]}" for name, held in judgement.held.items())]
    if judgement.answered:
        lines += ["", f"Answered: {len(judgement.answered)}"]
        for question, said in judgement.answered:
            asked = question.problem
            lines += _indented(f"{question.id}  {asked.where}", asked.what, f"{said.by}: {said.reason}")
    if judgement.unasked:
        lines += ["", "Answers in data/answers.yaml that fit no question any more; their figures have changed:"]
        for key, said in judgement.unasked.items():
            lines += _indented(key, said.question, f"{said.by}: {said.reason}")
    lines += ["", f"Questioned: {len(judgement.open) or 'nothing'}"]
    for question in judgement.open:
        problem = question.problem
        lines += _indented(f"{question.id}  {problem.where}", problem.what, problem.instead or "")
    if judgement.open:
        lines += ["", "Mend the figure, or answer the question:"]
        lines += [f'  scrutiny check {checked.quarter} --answer {judgement.open[0].id} --by NAME --reason "TEXT"']
    return "\n".join(lines).lstrip("\n")


def as_json(checked: Checked) -> str:
    """Write for other programs; the form stands in docs/check.md."""
    judgement = checked.judgement
    content = {
        "quarter": checked.quarter,
        "held": judgement.held if judgement else {},
        "wrong": list(_wrong(checked)),
        "questioned": [_question(one) for one in judgement.open] if judgement else [],
        "answered": [
            {**_question(one), "answer": said.model_dump(mode="json", include={"by", "date", "reason"})}
            for one, said in (judgement.answered if judgement else ())
        ],
        "unasked": sorted(judgement.unasked) if judgement else [],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _indented(head: str, *paragraphs: str) -> list[str]:
    lines = [f"  {head}"]
    for text in paragraphs:
        lines += textwrap.wrap(text, 115, initial_indent="      ", subsequent_indent="      ")
    return lines


def _question(question: Question) -> dict[str, Any]:
    kept = ("check", "dataset", "file", "line", "column", "value", "what", "expected", "lines")
    return {"id": question.id, **{name: getattr(question, name) for name in kept}}


def _wrong(checked: Checked) -> Iterator[dict[str, Any]]:
    resources = _resources(checked.project)
    cells: dict[str, dict[int, dict[str, str]]] = {}
    for problem in checked.all_wrong:
        place = problem.where or Place("")
        file = str(place.file).replace("\\", "/")
        resource = resources.get(file)
        if resource and file not in cells:
            cells[file] = _cells(checked.project, resource.path, [field.name for field in resource.fields])
        value = cells.get(file, {}).get(place.line or 0, {}).get(place.column or "")
        yield {
            "id": f"wrong-{content_digest(str(place), problem.what)[:_ID_LENGTH]}",
            "check": "wrong",
            "dataset": resource.name if resource else None,
            "file": file or None,
            "line": place.line,
            "column": place.column,
            "value": value,
            "what": problem.what,
            "expected": problem.instead,
            "lines": [],
        }


def _resources(project: Project) -> dict[str, Any]:
    """Give each dataset's description by the file that mistakes name; none where the data package is wrong."""
    with suppress(WrongInput):
        return {f"data/{resource.path}": resource for resource in project.datapackage.resources}
    return {}


def _cells(project: Project, path: str, columns: list[str]) -> dict[int, dict[str, str]]:
    """Give what stands in each cell, by line and column; nothing of a file that is no table."""
    with suppress(WrongInput):
        header, records, _ = read_records(project.data / path, f"data/{path}", columns)
        return {line: dict(zip(header, cells, strict=True)) for line, cells in records}
    return {}
