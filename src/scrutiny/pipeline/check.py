"""Checking a quarter without building it, and the result for people and for other programs."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrutiny import text
from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.files import content_digest
from scrutiny.inputs.check import all_problems
from scrutiny.inputs.csv_file import read_records
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import CHECKS, CheckResults, Question, judge
from scrutiny.inputs.questions import answer as record
from scrutiny.inputs.questions.answers import SHOWN_AS
from scrutiny.narrative.section import Section
from scrutiny.pipeline.stages import Stages

_ID_LENGTH = 10


@dataclass(frozen=True)
class Checked:
    """A quarter that was checked.

    Parameters
    ----------
    wrong : tuple of Problem
        As people read them: the first 20 of each dataset.
    judgement : CheckResults or None
        None if what the questions rest on is wrong.
    sections : tuple of Section
        Empty if they are wrong.
    """

    project: Project
    quarter: str
    wrong: tuple[Problem, ...]
    judgement: CheckResults | None
    sections: tuple[Section, ...] = ()


def check(project: Project, quarter: str) -> Checked:
    """Check a quarter's parameters, data, measures, notebooks and sections, and question the data.

    Raises
    ------
    WrongUse
        If there is no such quarter.
    """
    try:
        stages = Stages(project, project.parameters(quarter))
    except WrongInput as error:
        return Checked(project, quarter, error.problems, None)
    wrong = all_problems(*stages.checks)
    judgement = None
    # What is wrong with what it reads is among the mistakes already.
    with suppress(WrongInput):
        judgement = judge(project)
    sections: tuple[Section, ...] = ()
    with suppress(WrongInput):
        sections = stages.narrative.sections
    return Checked(project, quarter, tuple(wrong), judgement, sections)


def answer(
    project: Project, quarter: str, names: Collection[str], *, by: str | None, reason: str | None, yes: bool
) -> str:
    """Record one answer to some questions, dated today, and return what was recorded, or would be with `yes`.

    `names` are ids, checks, datasets and ``dataset/check``; what is not an id is recorded only with `yes`.

    Raises
    ------
    WrongUse
        If there is no such quarter or question, or name or reason is missing.
    """
    project.parameters(quarter)
    if not by or not reason:
        raise WrongUse(Problem("an answer needs a name and a reason", hint='add --by NAME and --reason "TEXT"'))
    recorded = record(project, names, by=by, reason=reason, on=datetime.now(UTC).date(), yes=yes)
    asked_no_more = "; it is asked no more until its figure changes"
    is_answered = f"is answered, in {SHOWN_AS}{asked_no_more}" if recorded.written else "would be answered"
    lines = [
        f"{question.id} {is_answered}:\n  {question.problem.location}: {question.what}"
        for question in recorded.questions
    ]
    if not recorded.written:
        lines.append("nothing is written; add --yes to write")
    return "\n".join(lines)


def as_text(checked: Checked) -> str:
    """Write for people what held, and what is questioned and answered; mistakes are reported as an error."""
    lines = []
    if not checked.wrong:
        in_order = "parameters, data and notebooks are in order; build judges the text of the sections."
        lines.append(f"{checked.quarter}: {in_order}")
    judgement = checked.judgement
    if judgement is None:
        return "\n".join([*lines, *_carried_over(checked)])
    lines += ["", "Held:", *(f"{held:>7,}  {CHECKS[name]}" for name, held in judgement.held.items())]
    if judgement.answered:
        lines += ["", f"Answered: {len(judgement.answered)}"]
        for question, said in judgement.answered:
            asked = question.problem
            lines += _indented(f"{question.id}  {asked.location}", asked.message, f"{said.by}: {said.reason}")
    if judgement.unasked:
        lines += ["", "Answers in data/answers.yaml that fit no question any more; their figures have changed:"]
        for key, said in judgement.unasked.items():
            lines += _indented(key, said.question, f"{said.by}: {said.reason}")
    lines += ["", f"Questioned: {len(judgement.open) or 'nothing'}"]
    for question in judgement.open:
        problem = question.problem
        lines += _indented(f"{question.id}  {problem.location}", problem.message, problem.hint or "")
    if judgement.open:
        lines += ["", "Mend the figure, or answer the question:"]
        lines += [f'  scrutiny check {checked.quarter} --answer {judgement.open[0].id} --by NAME --reason "TEXT"']
        if len(judgement.open) > 1:
            lines += [
                "or several for one reason: --answer again, or --answer with a check, a dataset, or DATASET/CHECK"
            ]
    return "\n".join([*lines, *_carried_over(checked)]).lstrip("\n")


def _carried_over(checked: Checked) -> list[str]:
    """Name what was written for an earlier quarter, and how to say that it still holds."""
    carried = [(section.source, one) for section in checked.sections for one in section.all_carried_over]
    if not carried:
        return []
    lines = ["", f"Carried over: {len(carried)}"]
    lines += [f"  {file}:{one.line}  {one.name}  ({one.quarter})" for file, one in carried]
    command = f'scrutiny status {checked.quarter} --confirm "{carried[0][1].name}" --by NAME'
    return [*lines, "", "Edit the text, or confirm it:", f"  {command}"]


def as_json(checked: Checked) -> str:
    """Write for other programs, as docs/reference/json.md specifies."""
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
        "carried_over": [
            {"file": str(section.source), "line": one.line, "name": one.name, "from": str(one.quarter)}
            for section in checked.sections
            for one in section.all_carried_over
        ],
    }
    return text.as_json(content)


def _indented(head: str, *paragraphs: str) -> list[str]:
    lines = [f"  {head}"]
    for paragraph in paragraphs:
        lines += textwrap.wrap(paragraph, 115, initial_indent="      ", subsequent_indent="      ")
    return lines


def _question(question: Question) -> dict[str, Any]:
    kept = ("check", "dataset", "file", "line", "column", "value", "what", "expected", "lines")
    return {"id": question.id, **{name: getattr(question, name) for name in kept}}


def _wrong(checked: Checked) -> Iterator[dict[str, Any]]:
    """Yield all mistakes, not only the first of each dataset."""
    from scrutiny.inputs.schema import dataset_problems

    data = checked.project.data
    resources: dict[str, Resource] = {}
    # Where the data package is wrong, there are no datasets.
    with suppress(WrongInput):
        resources = {f"data/{resource.path}": resource for resource in checked.project.datapackage.resources}
    problems = list(checked.wrong)
    cells: dict[str, dict[int, dict[str, str]]] = {}
    for file in dict.fromkeys(_file_of(problem) for problem in checked.wrong):
        if resource := resources.get(file):
            cells[file] = _cells(data / resource.path, file, [field.name for field in resource.fields])
            # There are none if the dataset can be read, but published figures give a hidden count away.
            if every := dataset_problems(resource, data / resource.path):
                problems = [one for one in problems if _file_of(one) != file] + every
    for problem in problems:
        place, file = problem.location or Location(""), _file_of(problem)
        resource = resources.get(file)
        value = cells.get(file, {}).get(place.line or 0, {}).get(place.column or "")
        yield {
            "id": f"wrong-{content_digest(str(place), problem.message)[:_ID_LENGTH]}",
            "check": "wrong",
            "dataset": resource.name if resource else None,
            "file": file or None,
            "line": place.line,
            "column": place.column,
            "value": value,
            "what": problem.message,
            "expected": problem.hint,
            "lines": [],
        }


def _file_of(problem: Problem) -> str:
    return str(problem.location.file).replace("\\", "/") if problem.location else ""


def _cells(path: Path, shown_as: str, columns: list[str]) -> dict[int, dict[str, str]]:
    """Return the cells of a file by line and column; none if it is no table."""
    with suppress(WrongInput):
        header, records, _ = read_records(path, shown_as, columns)
        return {line: dict(zip(header, cells, strict=True)) for line, cells in records}
    return {}
