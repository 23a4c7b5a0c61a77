"""The whole chain, from a quarter's parameters to its documents."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from scrutiny.checks import Known, check_narrative, files_below
from scrutiny.datum import Origin
from scrutiny.engines import DOCUMENTS, MAIN, Engine, choose_engine
from scrutiny.errors import Problem, WrongInput
from scrutiny.execution import check_sources, execute_notebooks
from scrutiny.inputs import all_problems, check_inputs
from scrutiny.manifest import write_manifest
from scrutiny.narrative import Narrative, load_narrative
from scrutiny.parameters import Parameters
from scrutiny.progress import BuildProgress, log
from scrutiny.project import Project
from scrutiny.publishing import made_aside
from scrutiny.schema import read_dataset
from scrutiny.typeface import lacking, named
from scrutiny.values import collect
from scrutiny.workspace import (
    QUARTER_FILE,
    check_skeleton,
    copy_inputs,
    keep_datasets,
    metadata_keys,
    program_values,
    write_report,
)

OUTPUT = "_output"


@dataclass(frozen=True)
class Built:
    """A built report.

    Parameters
    ----------
    documents : tuple of Path
    engine : Engine
    """

    documents: tuple[Path, ...]
    engine: Engine


def build(
    project: Project,
    quarter: str,
    progress: BuildProgress,
    *,
    engine_name: str | None = None,
    formats: Sequence[str] = tuple(DOCUMENTS),
) -> Built:
    """Build a quarter's report.

    Everything is made aside; `build/<quarter>` changes only when all of it is done.

    Parameters
    ----------
    project : Project
    quarter : str
        Such as ``2020-21-Q1``.
    progress : BuildProgress
    engine_name : {"quarto", "pandoc"}, optional
    formats : sequence of str

    Raises
    ------
    ScrutinyError
        Of the kind that tells what went wrong; see `errors`.
    """
    started = datetime.now(UTC)
    engine = choose_engine(engine_name)
    parameters = project.parameters(quarter)
    check_inputs(project, parameters)
    check_skeleton(project.root)
    narrative = load_narrative(project.sections, quarter, parameters.sections)
    notebooks = _notebooks(project)
    check_sources(notebooks)
    target = project.build / quarter

    with made_aside(target) as folder:
        inputs = copy_inputs(project, quarter, notebooks, folder)
        with progress.step("Notebooks", len(notebooks)) as step:
            executed = execute_notebooks(
                sorted(inputs.notebooks.glob("*.ipynb")),
                folder / "notebooks",
                quarter,
                at_once=os.cpu_count() or 1,
                started=step.started,
                finished=step.finished,
            )
        keep_datasets(inputs, {name for notebook in executed for name in notebook.datasets})
        values = collect((notebook.name, notebook.values) for notebook in executed)
        values |= program_values(parameters)
        write_report(
            project,
            folder,
            parameters,
            narrative,
            values,
            csv={label: text for notebook in executed for label, text in notebook.csv.items()},
            left_out={f"{notebook.name}#{label}" for notebook in executed for label in notebook.left_out},
        )
        _check_narrative(folder, narrative, values, {one.name: tuple(one.csv) for one in executed})
        with (
            progress.step("Documents", len(formats)) as step,
            _dated(_latest_figure(inputs, parameters.reported.period.end)),
        ):
            engine.render(folder, formats, folder / OUTPUT, step.started, step.finished)
        write_manifest(
            folder,
            parameters,
            project_root=project.root,
            engine=engine.name,
            engine_version=engine.version,
            output=folder / OUTPUT,
            started=started,
        )
    log.info("%s built with %s %s", quarter, engine.name, engine.version)
    return Built(tuple(target / OUTPUT / DOCUMENTS[format_] for format_ in formats), engine)


def check(project: Project, quarter: str) -> Parameters:
    """Judge a quarter's parameters, data and sections without building.

    Raises
    ------
    ScrutinyError
        With everything that was found.
    """
    parameters = project.parameters(quarter)
    problems = all_problems(
        lambda: check_inputs(project, parameters),
        lambda: check_skeleton(project.root),
        lambda: load_narrative(project.sections, quarter, parameters.sections),
        lambda: check_sources(_notebooks(project)),
    )
    if problems:
        raise WrongInput(problems)
    return parameters


def _notebooks(project: Project) -> list[Path]:
    return sorted(project.notebooks.glob("*.ipynb"))


def _check_narrative(
    folder: Path, narrative: Narrative, values: Mapping[str, str], labels: Mapping[str, Sequence[str]]
) -> None:
    """Check the assembled narrative; its mistakes are told by the files that the analyst edits."""
    edited = {f"sections/{section.name}": str(section.source) for section in narrative.sections}
    texts = {file: (folder / file).read_text(encoding="utf-8") for file in (MAIN, QUARTER_FILE, *edited)}
    known = Known(set(values), labels, metadata_keys(folder), files_below(folder))
    problems = check_narrative(texts, known, edited)
    problems += [
        Problem(f"the typeface of the report has no {named(character)}, which stands in the value {name}")
        for name, text in values.items()
        for character in lacking(text)
    ]
    if problems:
        raise WrongInput(problems)


def _latest_figure(inputs: Project, until: date) -> date | None:
    """Give the latest as-at date of the figures that were read, but for those of later quarters."""
    origins = []
    for resource in inputs.datapackage.resources:
        path = inputs.data / resource.path
        if path.is_file():
            frame = read_dataset(resource, path)
            drawn = frame.loc[frame["period_end"].dt.date <= until, "as_at"]
            origins.append(Origin(as_at=None if drawn.empty else drawn.max().date()))
    return Origin.union(origins).as_at


@contextmanager
def _dated(day: date | None) -> Iterator[None]:
    """Let documents bear the data's as-at date as their time, unless SOURCE_DATE_EPOCH says another."""
    if day is None or "SOURCE_DATE_EPOCH" in os.environ:
        yield
        return
    os.environ["SOURCE_DATE_EPOCH"] = str(int(datetime.combine(day, time(), UTC).timestamp()))
    try:
        yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
