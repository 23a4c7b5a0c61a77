"""Everything that a report is made from, judged before a notebook runs and before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Location, Problem, ScrutinyError, WrongInput
from scrutiny.files import file_digest
from scrutiny.inputs.datapackage import Resource
from scrutiny.inputs.events import Event
from scrutiny.inputs.imports import FILE as IMPORTS
from scrutiny.inputs.imports import load_imports
from scrutiny.inputs.measures import Measure
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions.answers import FILE as ANSWERS
from scrutiny.inputs.questions.answers import load_answers
from scrutiny.inputs.summary import Summary, shown_rows, summarise
from scrutiny.suggest import nearest

_MEASURES = Path("data/measures.yaml")
_KIND = "inputs"


@dataclass(frozen=True)
class Judged:
    """What a quarter's report may be made from, found to be right.

    Parameters
    ----------
    files : dict of str to str
        Dataset and the name of its file in `data/`.
    summaries : dict of str to Summary
        Dataset and what is in it.
    digests : dict of str to str
        What each file of `data/` was when it was judged, by name; empty if it cannot have changed since.
    """

    files: dict[str, str]
    summaries: dict[str, Summary]
    digests: dict[str, str] = field(default_factory=dict)

    def latest_figure(self, datasets: Collection[str], until: date) -> date | None:
        """Give the latest as-at date of some datasets' figures, but for those of later periods."""
        days = (self.summaries[name].latest_figure(until) for name in self.files if name in datasets)
        return max((day for day in days if day is not None), default=None)


def check_inputs(project: Project, parameters: Parameters, cache: Cache = NOTHING) -> Judged:
    """Judge datasets, events, measures, answers to questions, imports, and the sources that the parameters name.

    Raises
    ------
    WrongInput
        With the mistakes of all of them.
    """
    digests = _digests(project.data)
    judged = cache.remember(
        _KIND,
        key=lambda: inputs_key(project, parameters, cache),
        compute=lambda: _judge(project, parameters, cache),
        dump=asdict,
        load=lambda kept: Judged(kept["files"], {name: Summary(**one) for name, one in kept["summaries"].items()}),
    )
    require_same(project.data, digests)
    return replace(judged, digests=digests)


def require_same(data: Path, digests: Mapping[str, str]) -> None:
    """Raise WrongInput if a file of `data/` is not what it was when it was judged: it may hold what is hidden."""
    now = _digests(data)
    changed = sorted(name for name in {*now, *digests} if now.get(name) != digests.get(name))
    if changed:
        what, hint = "this file changed while the report was built from it", "build again"
        raise WrongInput([Problem(what, Location(f"data/{name}"), hint) for name in changed])


def are_judged(project: Project, parameters: Parameters, cache: Cache) -> bool:
    """Whether `check_inputs` need not read a dataset."""
    return cache.get(_KIND, inputs_key(project, parameters, cache)) is not None


def inputs_key(project: Project, parameters: Parameters, cache: Cache) -> str:
    """Return the key of what follows from the data and the parameters of a quarter."""
    return cache.key(
        *(part for entry in _digests(project.data).items() for part in entry),
        file_digest(project.params / f"{parameters.quarter}.yml"),
    )


def _digests(data: Path) -> dict[str, str]:
    files = sorted(path for path in data.iterdir() if path.suffix in (".csv", ".yaml"))
    return {path.name: file_digest(path) for path in files}


def _judge(project: Project, parameters: Parameters, cache: Cache) -> Judged:
    problems: list[Problem] = []
    measures = project.measures
    resources = {resource.name: resource for resource in project.datapackage.resources}
    events: tuple[Event, ...] = ()
    try:
        events = project.events
    except WrongInput as error:
        problems += error.problems
    for load, file in ((load_answers, ANSWERS), (load_imports, IMPORTS)):
        try:
            load(project.data / file)
        except WrongInput as error:
            problems += error.problems
    summaries: dict[str, Summary] = {}
    for name, resource in resources.items():
        try:
            summaries[name] = summarise(resource, project.data / resource.path, cache)
        except WrongInput as error:
            problems += error.problems
    topics = {name.partition(".")[0] for name in measures}
    problems += [
        Problem(
            f"no measure is of the topic {topic!r}",
            Location("data/events.csv", column=event.label),
            nearest(topic, topics),
        )
        for event in events
        for topic in event.topics
        if topic not in topics
    ]
    for name, measure in measures.items():
        wrong = list(_wrong_measure(name, measure, resources, summaries))
        problems += wrong
        if measure.baselines and not wrong and measure.dataset in summaries:
            problems += _wrong_baselines(project, parameters, name, cache)
    problems += _wrong_sources(parameters, resources, {name: one.dataset for name, one in measures.items()})
    if problems:
        raise WrongInput(problems)
    return Judged({name: resource.path for name, resource in resources.items()}, summaries)


def all_problems(*judges: Callable[[], object]) -> list[Problem]:
    """Call what may raise, one after another, and give all that they found."""
    problems: list[Problem] = []
    for judge in judges:
        try:
            judge()
        except ScrutinyError as error:
            problems += error.problems
    return problems


def _wrong_measure(
    name: str, measure: Measure, resources: Mapping[str, Resource], summaries: Mapping[str, Summary]
) -> Iterator[Problem]:
    def place(key: str) -> Location:
        return Location(_MEASURES, column=f"{name}.{key}")

    resource = resources.get(measure.dataset)
    if resource is None:
        what = f"datapackage.yaml has no dataset {measure.dataset!r}"
        yield Problem(what, place("dataset"), nearest(measure.dataset, resources))
        return
    if measure.source not in resource.source_names:
        what = f"{measure.source!r} is no source of {resource.name}"
        yield Problem(what, place("source"), nearest(measure.source, resource.source_names))
    fields = {field.name: field for field in resource.fields}
    for column, value in {"statistic": measure.statistic, **measure.where}.items():
        key = "statistic" if column == "statistic" else f"where.{column}"
        if column not in fields:
            yield Problem(f"{resource.name} has no column {column!r}", place(key), nearest(column, fields))
            continue
        known = fields[column].constraints.enum
        if known is None and resource.name in summaries:
            known = tuple(summaries[resource.name].texts.get(column, ()))
        if known is not None and value not in known:
            what = f"the column {column} of {resource.name} has no {value!r}"
            yield Problem(what, place(key), nearest(value, known))


def _wrong_baselines(project: Project, parameters: Parameters, name: str, cache: Cache) -> Iterator[Problem]:
    """Find baselines of a measure that begin where it has no figures, whichever quarter is reported."""
    from scrutiny.inputs.dataset import Dataset

    measure, place = project.measures[name], Location(_MEASURES, column=f"{name}.baselines")
    resource = project.datapackage.resource(measure.dataset)
    rows = shown_rows(resource, project.data / resource.path, cache)
    source = parameters.source_of(name, measure.dataset) or measure.source
    figures = Dataset(resource, rows).where(measure.where).of_source(source)
    months = figures.months_with_figures(measure.statistic)
    if not months:
        # They were not supplied: no chart has limits that could begin anew.
        return
    covered = f"from {months[0]} to {months[-1]}"
    starts = [one.start for one in measure.baselines]
    for one, until in zip(measure.baselines, [*starts[1:], date.max], strict=True):
        if not months[0].start <= one.start <= months[-1].start:
            what = f"limits cannot begin anew in {one.label}: the figures by month are {covered}"
            yield Problem(what, place, "write a month of these")
        elif not any(one.start <= month.start < until for month in months):
            what = f"there is no figure from {one.label} until limits begin anew once more"
            yield Problem(what, place, "take one of the two out, or put in the figures between")


def _wrong_sources(
    parameters: Parameters, resources: Mapping[str, Resource], dataset_of: Mapping[str, str]
) -> Iterator[Problem]:
    for name, source in parameters.sources.items():
        place = Location(f"params/{parameters.quarter}.yml", column=f"sources.{name}")
        dataset = dataset_of.get(name, name)
        if name not in resources and name not in dataset_of:
            what = f"there is no dataset or measure {name!r}"
            yield Problem(what, place, nearest(name, [*resources, *dataset_of]))
        elif dataset in resources and source not in resources[dataset].source_names:
            what = f"{source!r} is no source of {dataset}"
            yield Problem(what, place, nearest(source, resources[dataset].source_names))
