"""All checks of all datasets of a project: what held, what is questioned, and what is answered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

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

if TYPE_CHECKING:
    from scrutiny.inputs.questions.figures import Figures

_KIND = "questions"
_OUTCOMES = TypeAdapter(dict[str, Outcome])

CHECKS = {
    "keys": "figures, each with a key of its own, of the right types and bounds",
    "percentages": "percentages from 0 to 100",
    "dates": "figures of a period that a report sees, over by the day on which each was drawn",
    "months": "series without a month or quarter missing",
    "sums": "totals that are the sum of their parts",
    "changes": "changes that follow from their two figures",
    "shares": "shares, rates and averages that follow from their parts",
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
    try:
        ratios = _ratios(project, cache)
        held["shares"] += ratios.held
        questions += ratios.questions
    except WrongInput:
        all_read = False
    order = list(CHECKS)
    questions.sort(key=lambda one: (one.file, one.line, order.index(one.check), one.id))
    fits = {one.id for one in questions if one.id in answers and answers[one.id].fits(one)}
    return CheckResults(
        dict(held),
        tuple(question for question in questions if question.id not in fits),
        tuple((question, answers[question.id]) for question in questions if question.id in fits),
        # The questions of a dataset that cannot be read are unknown.
        {key: answer for key, answer in answers.items() if all_read and key not in fits},
    )


class Recorded(NamedTuple):
    """The questions that an answer is for, and whether it was written."""

    questions: list[Question]
    written: bool


def answer(
    project: Project, names: Collection[str], *, by: str, reason: str, on: date, yes: bool = False
) -> Recorded:
    """Record one answer to some questions in `data/answers.yaml`, replacing earlier ones.

    Parameters
    ----------
    names : collection of str
        Ids of questions, answered or not; or for all that are open: a check, a dataset, or ``dataset/check``.
    yes : bool
        Write even if a name stands for more than a question; otherwise only ids are written.

    Raises
    ------
    WrongUse
        And nothing is recorded, if there is no such question, or name or reason is empty.
    """
    results = judge(project)
    asked = {one.id: one for one in (*results.open, *(question for question, _ in results.answered))}
    datasets = [resource.name for resource in project.datapackage.resources]
    questions: dict[str, Question] = {}
    problems: list[Problem] = []
    for name in names:
        chosen = [asked[name]] if name in asked else [one for one in results.open if name in _groups(one)]
        questions |= {one.id: one for one in chosen}
        if not chosen:
            problems.append(_nothing_chosen(name, results, datasets))
    if problems:
        raise WrongUse(problems)
    path = project.data / FILE
    answers = load_answers(path)
    for question in questions.values():
        content = {"question": f"{question.file}: {question.what}", "by": by, "date": on, "reason": reason}
        try:
            answers[question.id] = validate_model({**content, "against": question.against}, Answer, SHOWN_AS)
        except WrongInput as error:
            raise WrongUse(error.problems) from None
    written = yes or all(name in asked for name in names)
    if written:
        write_answers(path, answers)
    return Recorded(list(questions.values()), written)


def _groups(question: Question) -> tuple[str, str, str]:
    """Name what a question belongs to, as a user may."""
    return question.check, question.dataset, f"{question.dataset}/{question.check}"


def _nothing_chosen(name: str, results: CheckResults, datasets: Sequence[str]) -> Problem:
    if name in results.unasked:
        what = "its figures have changed since it was asked; scrutiny check QUARTER lists the questions asked now"
        return Problem(f"there is no question {name!r}", hint=what)
    single = [*CHECKS, *datasets]
    pairs = [f"{dataset}/{check}" for dataset in datasets for check in CHECKS]
    if name in single or name in pairs:
        groups = dict.fromkeys(group for question in results.open for group in _groups(question))
        hint = f"there are open questions of {', '.join(groups)}" if groups else "no question is open"
        return Problem(f"no question of {name} is open", hint=hint)
    hint = nearest(name, pairs if "/" in name else [*(one.id for one in results.open), *single])
    return Problem(f"there is no question, check or dataset {name!r}", hint=hint)


def _outcomes(project: Project, resource: Resource, cache: Cache) -> dict[str, Outcome]:
    own = [one for one in project.measures.values() if one.dataset == resource.name]
    lags = sorted({one.lag_months for one in own})
    # Declared shares are judged with their parts, wherever these stand.
    declared = [{"statistic": one.statistic, **one.where} for one in own if one.ratio]

    def key() -> str:
        digest = file_digest(project.data / resource.path)
        return cache.key(resource.model_dump_json(), json.dumps([lags, declared]), digest)

    return cache.remember(
        _KIND,
        key,
        compute=lambda: _check_dataset(_figures(project, resource, cache), lags, declared),
        dump=lambda outcomes: _OUTCOMES.dump_python(outcomes, mode="json"),
        load=_OUTCOMES.validate_python,
    )


def _ratios(project: Project, cache: Cache) -> Outcome:
    """Judge what measures declare to follow from others."""
    declared = [one for one in project.measures.values() if one.ratio]
    if not declared:
        return Outcome(0)
    parts = {name for one in declared for names in one.ratio for name in names}
    parts |= {term for name in parts for term in project.measures[name].sum_of}
    read = {one.dataset for one in [*declared, *(project.measures[name] for name in parts)]}
    resources = [project.datapackage.resource(name) for name in sorted(read)]

    def key() -> str:
        own = [resource.key(project.data / resource.path, cache) for resource in resources]
        return cache.key("ratios", *own, *(f"{n} {m.model_dump_json()}" for n, m in project.measures.items()))

    def compute() -> dict[str, Outcome]:
        from scrutiny.inputs.questions.ratios import check_ratios

        figures = {resource.name: _figures(project, resource, cache) for resource in resources}
        return {"shares": check_ratios(project.measures, figures.__getitem__)}

    return cache.remember(
        _KIND,
        key,
        compute=compute,
        dump=lambda outcomes: _OUTCOMES.dump_python(outcomes, mode="json"),
        load=_OUTCOMES.validate_python,
    )["shares"]


def _figures(project: Project, resource: Resource, cache: Cache) -> Figures:
    # Imported late: pandas and pandera take longer than a build in which nothing changed.
    from scrutiny.inputs.questions.figures import Figures
    from scrutiny.inputs.schema import read_dataset

    frame = read_dataset(resource, project.data / resource.path, cache)
    # A data package need not require dates; a row without them belongs to no series.
    return Figures(resource, frame.dropna(subset=["period_start", "period_end"]).reset_index(drop=True))


def _check_dataset(
    figures: Figures, lags: Collection[int], declared: Sequence[Mapping[str, str]]
) -> dict[str, Outcome]:
    from scrutiny.inputs.questions.dates import check_dates
    from scrutiny.inputs.questions.parts import check_changes, check_shares
    from scrutiny.inputs.questions.series import check_jumps, check_months
    from scrutiny.inputs.questions.sources import check_sources
    from scrutiny.inputs.questions.totals import check_sums

    checks: dict[str, Callable[[Figures], Outcome]] = {
        # These two always hold, because a dataset that breaks them cannot be read.
        "keys": lambda these: Outcome(len(these.all)),
        "percentages": lambda these: Outcome(sum(figure.statistic == "percent" for figure in these.all)),
        "dates": lambda these: check_dates(these, lags),
        "months": check_months,
        "sums": check_sums,
        "changes": check_changes,
        "shares": lambda these: check_shares(these, declared),
        "jumps": check_jumps,
        "sources": check_sources,
    }
    return {name: check(figures) for name, check in checks.items()}
