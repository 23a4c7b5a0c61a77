"""From parameters, data and notebooks to tables, figures and values; what has not changed does not run again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scrutiny.analysis.lacking import NOT_SUPPLIED, Lacking, in_words
from scrutiny.cache import Cache
from scrutiny.errors import Location, NotebookFailed, Problem
from scrutiny.execution.executed import ExecutedNotebook
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.notebook_cache import NotebookCache
from scrutiny.execution.provenance import ProvenanceRecord, ReportProvenance
from scrutiny.execution.sources import notebooks_of
from scrutiny.execution.values import collect, program_values
from scrutiny.files import file_digest
from scrutiny.inputs.check import Judged, inputs_key, require_same
from scrutiny.inputs.disclosure.copy import Protection, copy_protected
from scrutiny.inputs.events import FILE as EVENTS
from scrutiny.inputs.imports import FILE as IMPORTS
from scrutiny.inputs.imports import imports_as_csv, load_imports, shown_imports
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.inputs.summary import summarise
from scrutiny.progress import BuildProgress

_KEPT = ".kept"
"""Folder of a workspace that stands in for the cache of a build that has none."""


@dataclass(frozen=True)
class Computed:
    """What the notebooks of a quarter gave.

    Parameters
    ----------
    values : dict of str to str
        Of all notebooks and of the program itself.
    latest_figure : date or None
        The latest as-at date of the figures that were read, except those of later quarters.
    lacking : tuple of Lacking
        What the quarter needs and was not supplied with.
    """

    parameters: Parameters
    notebooks: tuple[ExecutedNotebook, ...]
    values: dict[str, str]
    latest_figure: date | None
    lacking: tuple[Lacking, ...] = ()

    @property
    def csv(self) -> dict[str, str]:
        """Data of each table and figure by label."""
        return {label: text for notebook in self.notebooks for label, text in notebook.csv.items()}

    @property
    def provenance(self) -> ReportProvenance:
        """Where each value, table and figure comes from."""
        known = {
            name: ProvenanceRecord.from_json(name, record, notebook.code[record["cell"]])
            for notebook in self.notebooks
            for name, record in notebook.provenance.items()
        }
        values = {
            name: known.get(name, ProvenanceRecord(name, text, _own_formula(name, self.parameters.quarter)))
            for name, text in sorted(self.values.items())
        }
        return ReportProvenance(values, {label: known[label] for label in sorted(self.csv)})

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """Each notebook's path in the workspace, and the labels of its tables and figures."""
        return {notebook.name: tuple(notebook.csv) for notebook in self.notebooks}

    @property
    def absent(self) -> set[str]:
        """Values without a figure in this quarter, and labels of the tables and figures that its report lacks."""
        absent = {
            name
            for notebook in self.notebooks
            for name, record in notebook.provenance.items()
            if record.get("absent")
        }
        if not self.lacking:
            absent.add(NOT_SUPPLIED)
        return absent | {address.partition("#")[2] for address in self.omitted}

    @property
    def present(self) -> set[str]:
        """Values that do state one, and labels of the tables and figures."""
        records = (item for notebook in self.notebooks for item in notebook.provenance.items())
        return {name for name, record in records if record.get("rows") and not record.get("absent")} | {*self.csv}

    @property
    def omitted(self) -> dict[str, str]:
        """Addresses of the tables and figures that this quarter's report lacks; see `ExecutedNotebook.omitted`."""
        return {
            f"{notebook.name}#{label}": what
            for notebook in self.notebooks
            for label, what in notebook.omitted.items()
        }


def compute(
    project: Project,
    parameters: Parameters,
    judged: Judged,
    folder: Path,
    progress: BuildProgress,
    cache: Cache,
    kernels: KernelPool,
    at_once: int | None = None,
) -> Computed:
    """Copy the inputs of a quarter into a workspace, and run its notebooks there or reuse what they gave.

    Parameters
    ----------
    judged : Judged
        What `check_inputs` returned.
    folder : Path
        The workspace.
    at_once : int, optional
        How many notebooks run side by side; see `kernels_at_once`.

    Raises
    ------
    WrongInput, NotebookFailed
        See `execute_notebooks` and `values.collect`.
    """
    quarter = parameters.quarter
    datasets = {file: judged.summaries[name].protection for name, file in judged.files.items()}
    inputs = copy_inputs(project, quarter, notebooks_of(project), folder, datasets)
    if judged.digests:
        require_same(project.data, judged.digests)
    inputs.cache = cache if cache.folder else Cache(folder / _KEPT, cache.program)
    sources = notebooks_of(inputs)
    notebook_cache = NotebookCache(inputs.cache, folder, quarter)
    executed = notebook_cache.known(sources)
    progress.log.info("Notebooks: %d of %d are unchanged", len(executed), len(sources))
    if missing := [source for source in sources if source not in executed]:
        # Imported late: papermill takes longer than a build in which no notebook runs.
        from scrutiny.execution.run import execute_notebooks

        _keep_for_kernels(inputs, judged)
        before = _digests(inputs.root)
        with progress.step("Notebooks", len(missing)) as step:
            ran = execute_notebooks(
                missing,
                folder / "notebooks",
                quarter,
                kernels=kernels,
                at_once=at_once or kernels_at_once(),
                started=step.started,
                finished=step.finished,
                memory=notebook_cache,
            )
        _require_unchanged(before, _digests(inputs.root))
        executed |= dict(zip(missing, ran, strict=True))
        notebook_cache.forget_records()
        shutil.rmtree(folder / _KEPT, ignore_errors=True)
    notebooks = tuple(executed[source] for source in sources)
    read = {name for notebook in notebooks for name in notebook.datasets}
    for name, file in judged.files.items():
        if name not in read:
            (inputs.data / file).unlink()
    _copy_imports(project, inputs, {name: datasets[judged.files[name]] for name in judged.files if name in read})
    values = collect((notebook.name, notebook.values) for notebook in notebooks) | program_values(parameters)
    needed, lacking = cache.remember(
        "lacking",
        lambda: cache.key(inputs_key(project, parameters, cache), *sorted(read)),
        lambda: _lacking(inputs, quarter, read),
    )
    found = tuple(Lacking(**one) for one in lacking)
    values[NOT_SUPPLIED] = in_words(found, needed)
    latest = judged.latest_figure(read, parameters.reported.period.end)
    return Computed(parameters, notebooks, values, latest, found)


def _lacking(inputs: Project, quarter: str, datasets: Collection[str]) -> tuple[int, list[dict[str, Any]]]:
    # Imported late, as pandas is: what is known does not need it.
    from scrutiny.analysis.report import Report
    from scrutiny.analysis.supplies import lacking

    needed, found = lacking(Report(quarter, inputs), datasets)
    return needed, [asdict(one) for one in found]


def _digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if not path.is_dir() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in files}


def _require_unchanged(before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Raise NotebookFailed if inputs are not what they were: another notebook may have read either."""
    problems = [
        Problem(
            f"a notebook {'deleted' if name not in after else 'changed' if name in before else 'added'} this file",
            Location(f"{INPUTS}/{name}"),
            "let no notebook write into its inputs",
        )
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    if problems:
        raise NotebookFailed(problems)


def _keep_for_kernels(inputs: Project, judged: Judged) -> None:
    """Keep what each kernel would otherwise parse and validate for itself; most of it is kept already."""
    _ = inputs.measures
    for name, file in judged.files.items():
        # A copy without what may not be shown has other content than the dataset that was judged.
        summarise(inputs.datapackage.resource(name), inputs.data / file, inputs.cache)


def _copy_imports(project: Project, inputs: Project, datasets: Mapping[str, Protection]) -> None:
    """Copy where the figures of some datasets came from, if it is known, without what may not be shown."""
    if imports := load_imports(project.data / IMPORTS):
        of_datasets = ((project.datapackage.resource(name), hidden) for name, hidden in datasets.items())
        if shown := shown_imports(imports, project.data, of_datasets):
            (inputs.data / IMPORTS).write_bytes(imports_as_csv(shown))


def _own_formula(name: str, quarter: str) -> str:
    """Say where a value of the program itself comes from."""
    if name == NOT_SUPPLIED:
        return "how many measures have no figure of what the quarter needs"
    topic, _, rest = name.partition(".")
    if topic == "period":
        window, _, what = rest.partition(".")
        return f"{'the last day of ' if what == 'end' else ''}the window {window} of {quarter}"
    return f"as params/{quarter}.yml says"


def cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def kernels_at_once(builds: int = 1) -> int:
    """Return how many kernels each of some builds runs side by side.

    Two more in all than there are cores: a kernel that starts or ends mostly waits (benchmarks/kernels.py).
    """
    return max((cores() + 2) // builds, 1)


def copy_inputs(
    project: Project,
    quarter: str,
    notebooks: Iterable[Path],
    folder: Path,
    datasets: Mapping[str, Protection],
) -> Project:
    """Copy what a report is made from into a workspace laid out like the project, without what may not be shown.

    Parameters
    ----------
    folder : Path
        The workspace.
    datasets : mapping of str to Protection
        File of each dataset in `data/`, and what is shown instead of which of its lines.

    Returns
    -------
    Project
        The copy, from which the notebooks run, so that they read what the workspace holds.
    """
    inputs = folder / INPUTS
    (inputs / "data").mkdir(parents=True)
    for name in ("datapackage.yaml", "measures.yaml"):
        shutil.copyfile(project.data / name, inputs / "data" / name)
    for name, protection in datasets.items():
        copy_protected(project.data / name, inputs / "data" / name, protection)
    if any(resource.disclosure.rounds for resource in project.datapackage.resources):
        # Imported late: it takes longer than a build in which no notebook runs.
        from scrutiny.analysis.rounded_last import FILE, as_csv, rounded_last

        text = as_csv(rounded_last(project, quarter))
        (inputs / FILE).write_text(text, encoding="utf-8", newline="")
    if (project.data / EVENTS).is_file():
        shutil.copyfile(project.data / EVENTS, inputs / "data" / EVENTS)
    (inputs / "params").mkdir()
    shutil.copyfile(project.params / f"{quarter}.yml", inputs / "params" / f"{quarter}.yml")
    (inputs / "notebooks").mkdir()
    for notebook in notebooks:
        shutil.copyfile(notebook, inputs / "notebooks" / notebook.name)
    return Project(inputs)
