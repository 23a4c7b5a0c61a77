"""A workspace made again in another folder, from its own inputs and narrative."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from scrutiny.cache import NOTHING
from scrutiny.engines import DOCUMENTS, Engine, choose_engine
from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.execution.compute import Computed, compute
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.sources import check_notebooks, notebooks_of
from scrutiny.inputs.check import Judged
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.inputs.summary import summarise
from scrutiny.narrative.citations import includes
from scrutiny.narrative.section import FrontMatter, Section
from scrutiny.narrative.sections import Narrative
from scrutiny.narrative.syntax import unwrap_values
from scrutiny.progress import BuildProgress
from scrutiny.workspace.annex import FILE as ANNEX
from scrutiny.workspace.annex import annex
from scrutiny.workspace.check import check_report
from scrutiny.workspace.lacking import FILE as LACKING
from scrutiny.workspace.manifest import Manifest
from scrutiny.workspace.skeleton import QUARTER_FILE, SECTIONS, check_skeleton
from scrutiny.workspace.write import write_computed
from scrutiny.yaml_models import read_text

VARIABLES = "_variables.yml"


def compute_again(workspace: Path, quarter: str, clean: Path, progress: BuildProgress) -> Computed:
    """Run the notebooks of a workspace from its own inputs, without any cache, in the empty folder `clean`."""
    project = Project(workspace / INPUTS)
    parameters = project.parameters(quarter)
    # A workspace has only the datasets that its notebooks read.
    there = [resource for resource in project.datapackage.resources if (project.data / resource.path).is_file()]
    judged = Judged(
        {resource.name: resource.path for resource in there},
        {resource.name: summarise(resource, project.data / resource.path) for resource in there},
    )
    check_notebooks(notebooks_of(project))
    with KernelPool() as kernels:
        return compute(project, parameters, judged, clean, progress, NOTHING, kernels)


def assemble_again(workspace: Path, manifest: Manifest, computed: Computed, clean: Path) -> None:
    """Assemble the report in `clean` from what was computed there, and from the workspace's narrative.

    Files that the manifest does not name are left out.
    """
    for name in manifest.sha256:
        source = workspace / name
        if name.startswith(f"{SECTIONS}/") and source.is_file() and not source.is_symlink():
            (clean / name).parent.mkdir(parents=True, exist_ok=True)
            # Without its permissions: a workspace may be read-only.
            shutil.copyfile(source, clean / name)
    (clean / SECTIONS).mkdir(exist_ok=True)
    order = "\n\n".join(f"{{{{< include {name} >}}}}" for name in included_sections(computed.parameters))
    (clean / QUARTER_FILE).write_text(f"{order}\n", "utf-8")
    narrative = _narrative(clean / SECTIONS, computed.parameters)
    if includes(narrative, ANNEX):
        (clean / ANNEX).write_text(annex(computed.provenance, narrative, computed.omitted), "utf-8")
    write_computed(clean, computed)


def included_sections(parameters: Parameters) -> list[str]:
    """Give the files of narrative that the report includes, in order."""
    return [f"{SECTIONS}/{name}.qmd" for name in parameters.sections]


def engine_of(manifest: Manifest) -> Engine:
    """Choose the engine that made the workspace, or the bundled one if that is not installed."""
    try:
        return choose_engine(manifest.engine.name)
    except WrongUse:
        return choose_engine("pandoc")


def formats_of(manifest: Manifest) -> list[str]:
    """Give the formats of the workspace's documents."""
    return [format_ for format_, name in DOCUMENTS.items() if f"_output/{name}" in manifest.sha256]


def render_again(
    clean: Path, manifest: Manifest, computed: Computed, engine: Engine, progress: BuildProgress
) -> None:
    """Make the documents again, with the timestamp that they have in the workspace."""
    check_skeleton(clean)
    narrative = _narrative(clean / SECTIONS, computed.parameters)
    missing = [name for name in included_sections(computed.parameters) if not (clean / name).is_file()]
    if missing:
        raise WrongInput([Problem("this section is missing", Location(name)) for name in missing])
    check_report(clean, narrative, computed.values, computed.labels, omitted=computed.omitted)
    if formats := formats_of(manifest):
        epoch = manifest.source_date_epoch
        with progress.step("Documents", len(formats)) as step:
            engine.render(clean, formats, clean / "_output", step.started, step.finished, epoch=epoch)


def _narrative(sections: Path, parameters: Parameters) -> Narrative:
    files = {PurePosixPath(SECTIONS, path.name): path for path in sorted(sections.glob("*.qmd"))}
    written = {
        # Without the wrapping of values, because the annex quotes titles.
        file.name: Section(file, FrontMatter(), unwrap_values(read_text(path, Path(file))))
        for file, path in files.items()
        if str(file) not in (QUARTER_FILE, ANNEX, LACKING)
    }
    order = tuple(f"{name}.qmd" for name in parameters.sections if f"{name}.qmd" in written)
    return Narrative(order, tuple(written.values()), ())
