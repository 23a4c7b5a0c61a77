"""A workspace made again in another folder, from its own inputs, narrative and assets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import yaml

from scrutiny.cache import NOTHING
from scrutiny.engines import DOCUMENTS, Engine, choose_engine
from scrutiny.errors import Place, Problem, WrongInput, WrongUse
from scrutiny.execution.compute import Computed, compute, kernels_for
from scrutiny.execution.provenance import write_origins
from scrutiny.execution.sources import check_notebooks, notebooks_of
from scrutiny.inputs.check import Judged
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.inputs.summary import Summary
from scrutiny.narrative.citations import includes
from scrutiny.narrative.sections import FrontMatter, Narrative, Section
from scrutiny.narrative.syntax import unwrap_values
from scrutiny.progress import BuildProgress
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.annex import annex
from scrutiny.workspace.check import check_report
from scrutiny.workspace.manifest import Manifest
from scrutiny.workspace.skeleton import QUARTER_FILE, SECTIONS, check_skeleton
from scrutiny.workspace.write import DOWNLOADS, as_variables, write_values
from scrutiny.yaml_models import read_text

COMPUTED = ("_output", DOWNLOADS, INPUTS, "notebooks", "_variables.yml", "origins.json", "values.json")
"""Files and folders of a workspace that are not copied but made again."""
_EPOCH = "SOURCE_DATE_EPOCH"


def compute_again(workspace: Path, quarter: str, clean: Path, progress: BuildProgress) -> Computed:
    """Run the notebooks of a workspace from its own inputs, using nothing of before.

    Parameters
    ----------
    workspace : Path
        It is only read.
    clean : Path
        An empty folder, which becomes the workspace made again.

    Raises
    ------
    ScrutinyError
        If inputs are wrong or missing, or a notebook fails.
    """
    project = Project(workspace / INPUTS)
    parameters = project.parameters(quarter)
    # The workspace has only the datasets that were read.
    there = [resource for resource in project.datapackage.resources if (project.data / resource.path).is_file()]
    judged = Judged(
        {resource.name: resource.path for resource in there},
        {resource.name: Summary.of(resource, project.data / resource.path) for resource in there},
    )
    check_notebooks(notebooks_of(project))
    with kernels_for(None) as kernels:
        return compute(project, parameters, judged, clean, progress, NOTHING, kernels)


def assemble_again(workspace: Path, manifest: Manifest, computed: Computed, clean: Path) -> None:
    """Put the report together from what was computed again, and from the narrative and assets of the workspace.

    Parameters
    ----------
    manifest : Manifest
        Its own; what it does not name is left out.
    computed : Computed
        What `compute_again` gave.
    clean : Path
        The folder of that.
    """
    for name in manifest.sha256:
        source = workspace / name
        if name.partition("/")[0] not in COMPUTED and source.is_file() and not source.is_symlink():
            (clean / name).parent.mkdir(parents=True, exist_ok=True)
            # Not with its permissions: a workspace may be read-only.
            shutil.copyfile(source, clean / name)
    sections = clean / SECTIONS
    sections.mkdir(exist_ok=True)
    order = includes_of(computed.parameters)
    (clean / QUARTER_FILE).write_text("\n\n".join(f"{{{{< include {name} >}}}}" for name in order) + "\n", "utf-8")
    narrative = _narrative(sections, computed.parameters)
    if includes(narrative, ANNEX):
        (clean / ANNEX).write_text(annex(computed.origins, narrative, computed.omitted), "utf-8")
    write_values(clean, manifest.quarter, computed.values)
    write_origins(clean, manifest.quarter, computed.origins)
    variables = yaml.safe_dump(as_variables(computed.values), allow_unicode=True, sort_keys=True, width=10_000)
    (clean / "_variables.yml").write_text(variables, encoding="utf-8")
    (clean / DOWNLOADS).mkdir(exist_ok=True)
    for label, text in computed.csv.items():
        (clean / DOWNLOADS / f"{label}.csv").write_text(text, encoding="utf-8", newline="")


def includes_of(parameters: Parameters) -> list[str]:
    """Name the files that the report includes, in its order."""
    return [f"{SECTIONS}/{name}.qmd" for name in parameters.sections]


def engine_of(manifest: Manifest) -> Engine:
    """Give the engine with which the workspace was made, or the bundled one where that is not installed."""
    try:
        return choose_engine(manifest.engine.name)
    except WrongUse:
        return choose_engine("pandoc")


def documents_of(manifest: Manifest) -> list[str]:
    """Give the formats that the workspace has documents of."""
    return [format_ for format_, name in DOCUMENTS.items() if f"_output/{name}" in manifest.sha256]


def render_again(
    clean: Path, manifest: Manifest, computed: Computed, engine: Engine, progress: BuildProgress
) -> None:
    """Make the documents again, with the time that they bear in the workspace.

    Raises
    ------
    WrongInput, EngineFailed
        If the narrative names what is not there, or a document cannot be made.
    """
    check_skeleton(clean)
    narrative = _narrative(clean / SECTIONS, computed.parameters)
    if missing := [name for name in includes_of(computed.parameters) if not (clean / name).is_file()]:
        raise WrongInput([Problem("this section is missing", Place(name)) for name in missing])
    check_report(clean, narrative, computed.values, computed.labels)
    formats = documents_of(manifest)
    if formats:
        with _dated(manifest.source_date_epoch), progress.step("Documents", len(formats)) as step:
            engine.render(clean, formats, clean / "_output", step.started, step.finished)


@contextmanager
def _dated(epoch: int | None) -> Iterator[None]:
    """Set the time that documents bear, for the engine and the programs that it starts."""
    before = os.environ.pop(_EPOCH, None)
    if epoch is not None:
        os.environ[_EPOCH] = str(epoch)
    try:
        yield
    finally:
        os.environ.pop(_EPOCH, None)
        if before is not None:
            os.environ[_EPOCH] = before


def _narrative(sections: Path, parameters: Parameters) -> Narrative:
    generated = (Path(QUARTER_FILE).name, Path(ANNEX).name)
    texts = {
        # As it was before the workspace named each value: the annex quotes titles.
        path.name: unwrap_values(read_text(path, Path(SECTIONS, path.name)))
        for path in sorted(sections.glob("*.qmd"))
        if path.name not in generated
    }
    order = tuple(name for name in (f"{name}.qmd" for name in parameters.sections) if name in texts)
    written = [Section(PurePosixPath(SECTIONS, name), name, FrontMatter(), text) for name, text in texts.items()]
    return Narrative(order, tuple(written), ())
