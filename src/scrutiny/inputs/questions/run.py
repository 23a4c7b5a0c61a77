"""All checks of all datasets of a project: what held, what is questioned, and what is answered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from pydantic import TypeAdapter

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Problem, WrongInput, WrongUse
from scrutiny.files import file_digest
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions.answers import FILE, SHOWN_AS, Answer, load_answers, write_answers
from scrutiny.inputs.questions.question import Outcome, Question
from scrutiny.suggest import nearest
from scrutiny.yaml_models import validate_model

_KIND = "questions"
_OUTCOMES = TypeAdapter(dict[str, Outcome])

CHECKS = {
    "keys": "figures, each with a key of its own, of the right types and bounds",
    "percentages": "percentages from 0 to 100",
    "dates": "figures of a period that a report sees, over by the day on which each was drawn",
    "months": "series without a month or quarter missing",
    "sums": "totals that are the sum of their parts",
    "changes": "changes that follow from their two figures",
    "jumps": "series without a jump from one figure to the next",
    "sources": "figures alike in two sources",
}
"""The checks in the order in which they are reported, and what holds where nothing is questioned."""


@dataclass(frozen=True)
class CheckResults:
    """What the checks found."""

    held: dict[str, int]
    """How often the expectation of each check held."""
    open: tuple[Question, ...]
    answered: tuple[tuple[Question, Answer], ...]
    unasked: dict[str, Answer]
    """Answers that no longer belong to a question, by id."""


def judge(project: Project, cache: Cache = NOTHING) -> CheckResults:
    """Run all checks over the datasets that can be read; `check_inputs` reports what is wrong with the others."""
    answers = load_answers(project.data / FILE)
    held: Counter[str] = Counter(dict.fromkeys(CHECKS, 0))
    questions: list[Question] = []
    all_read = True
    for resource in project.datapackage.resources:
        try:
            outcomes = _outcomes(project, resource, cache)
        except WrongInput:
            all_read = False
            continue
        for name, outcome in outcomes.items():
            held[name] += outcome.held
            questions += outcome.questions
    order = list(CHECKS)
    questions.sort(key=lambda one: (one.file, one.line, order.index(one.check), one.id))
    asked = {question.id for question in questions}
    return CheckResults(
        dict(held),
        tuple(question for question in questions if question.id not in answers),
        tuple((question, answers[question.id]) for question in questions if question.id in answers),
        # The questions of a dataset that cannot be read are unknown.
        {key: answer for key, answer in answers.items() if all_read and key not in asked},
    )


def answer(project: Project, question_ids: Collection[str], *, by: str, reason: str, on: date) -> list[Question]:
    """Record one answer to some questions in `data/answers.yaml`, replacing earlier ones.

    Raises WrongUse, and records nothing, if there is no such question, or name or reason is empty.
    """
    results = judge(project)
    asked = {one.id: one for one in (*results.open, *(question for question, _ in results.answered))}
    if unknown := [one for one in question_ids if one not in asked]:
        what = "there is no question {!r}"
        raise WrongUse([Problem(what.format(one), hint=_instead(one, results)) for one in unknown])
    path = project.data / FILE
    answers = load_answers(path)
    questions = [asked[one] for one in question_ids]
    for question in questions:
        content = {"question": f"{question.file}: {question.what}", "by": by, "date": on, "reason": reason}
        try:
            answers[question.id] = validate_model(content, Answer, SHOWN_AS)
        except WrongInput as error:
            raise WrongUse(error.problems) from None
    write_answers(path, answers)
    return questions


def _instead(question_id: str, results: CheckResults) -> str:
    if question_id in results.unasked:
        return "its figures have changed since it was asked; scrutiny check QUARTER lists the questions asked now"
    if not results.open:
        return "no question is open"
    return nearest(question_id, (question.id for question in results.open))


def _outcomes(project: Project, resource: Resource, cache: Cache) -> dict[str, Outcome]:
    lags = sorted({one.lag_months for one in project.measures.values() if one.dataset == resource.name})
    path = project.data / resource.path

    def key() -> str:
        return cache.key(resource.model_dump_json(), json.dumps(lags), file_digest(path))

    return cache.remember(
        _KIND,
        key,
        compute=lambda: _check_dataset(project, resource, lags, cache),
        dump=lambda outcomes: _OUTCOMES.dump_python(outcomes, mode="json"),
        load=_OUTCOMES.validate_python,
    )


def _check_dataset(
    project: Project, resource: Resource, lags: Collection[int], cache: Cache
) -> dict[str, Outcome]:
    # Imported late: pandas and pandera take longer than a build in which nothing changed.
    from scrutiny.inputs.questions.changes import check_changes
    from scrutiny.inputs.questions.dates import check_dates
    from scrutiny.inputs.questions.figures import Figures
    from scrutiny.inputs.questions.series import check_jumps, check_months
    from scrutiny.inputs.questions.sources import check_sources
    from scrutiny.inputs.questions.totals import check_sums
    from scrutiny.inputs.schema import read_dataset

    frame = read_dataset(resource, project.data / resource.path, cache)
    # A data package need not require dates; a row without them belongs to no series.
    figures = Figures(resource, frame.dropna(subset=["period_start", "period_end"]).reset_index(drop=True))
    checks: dict[str, Callable[[Figures], Outcome]] = {
        # These two always hold, because a dataset that breaks them cannot be read.
        "keys": lambda these: Outcome(len(these.all)),
        "percentages": lambda these: Outcome(sum(figure.statistic == "percent" for figure in these.all)),
        "dates": lambda these: check_dates(these, lags),
        "months": check_months,
        "sums": check_sums,
        "changes": check_changes,
        "jumps": check_jumps,
        "sources": check_sources,
    }
    return {name: check(figures) for name, check in checks.items()}
