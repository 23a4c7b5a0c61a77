"""Everything that a report is made from, judged before a notebook runs and before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from scrutiny.datapackage import Resource
from scrutiny.errors import Place, Problem, ScrutinyError, WrongInput
from scrutiny.measures import Measure
from scrutiny.parameters import Parameters
from scrutiny.project import Project
from scrutiny.schema import read_dataset
from scrutiny.yaml_files import nearest

_MEASURES = Path("data/measures.yaml")


def check_inputs(project: Project, parameters: Parameters) -> None:
    """Judge every dataset, the events, the measures, and the sources that the parameters name.

    Raises
    ------
    WrongInput
        With the mistakes of all of them.
    """
    problems: list[Problem] = []
    measures = project.measures
    resources = {resource.name: resource for resource in project.datapackage.resources}
    readings: dict[str, Callable[[], object]] = {
        name: partial(read_dataset, resource, project.data / resource.path) for name, resource in resources.items()
    }
    frames: dict[str, Any] = {}
    for name, reading in ({"": lambda: project.events} | readings).items():
        try:
            frames[name] = reading()
        except WrongInput as error:
            problems += error.problems
    topics = {name.partition(".")[0] for name in measures}
    problems += [
        Problem(
            f"no measure is of the topic {topic!r}",
            Place("data/events.csv", column=event.label),
            nearest(topic, topics),
        )
        for event in frames.get("", ())
        for topic in event.topics
        if topic not in topics
    ]
    for name, measure in measures.items():
        problems += _wrong_measure(name, measure, resources, frames)
    problems += _wrong_sources(parameters, resources, {name: one.dataset for name, one in measures.items()})
    if problems:
        raise WrongInput(problems)


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
    name: str, measure: Measure, resources: Mapping[str, Resource], frames: Mapping[str, pd.DataFrame]
) -> Iterator[Problem]:
    def place(key: str) -> Place:
        return Place(_MEASURES, column=f"{name}.{key}")

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
        if known is None and resource.name in frames:
            known = tuple(frames[resource.name][column].astype(str).unique())
        if known is not None and value not in known:
            what = f"the column {column} of {resource.name} has no {value!r}"
            yield Problem(what, place(key), nearest(value, known))


def _wrong_sources(
    parameters: Parameters, resources: Mapping[str, Resource], dataset_of: Mapping[str, str]
) -> Iterator[Problem]:
    for name, source in parameters.sources.items():
        place = Place(f"params/{parameters.quarter}.yml", column=f"sources.{name}")
        dataset = dataset_of.get(name, name)
        if name not in resources and name not in dataset_of:
            what = f"there is no dataset or measure {name!r}"
            yield Problem(what, place, nearest(name, [*resources, *dataset_of]))
        elif dataset in resources and source not in resources[dataset].source_names:
            what = f"{source!r} is no source of {dataset}"
            yield Problem(what, place, nearest(source, resources[dataset].source_names))
