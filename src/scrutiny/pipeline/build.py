"""The whole chain, from a quarter's parameters to its documents."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrutiny.cache import cache_of
from scrutiny.engines import DOCUMENTS, Engine, choose_engine
from scrutiny.engines.interface import source_date_epoch
from scrutiny.errors import ScrutinyError
from scrutiny.execution.compute import Computed, Kernels, compute, cores, kernels_at_once, kernels_for
from scrutiny.execution.provenance import write_origins
from scrutiny.execution.sources import check_notebooks, notebooks_of
from scrutiny.files import require_folders, staged
from scrutiny.inputs.check import are_judged, check_inputs
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import judge
from scrutiny.narrative.sections import load_narrative
from scrutiny.progress import BuildProgress, logged_to
from scrutiny.workspace.check import check_report
from scrutiny.workspace.manifest import write_manifest
from scrutiny.workspace.skeleton import check_skeleton
from scrutiny.workspace.write import write_report, write_values

if TYPE_CHECKING:
    from scrutiny.execution.kernels import WarmKernels

OUTPUT = "_output"


@dataclass(frozen=True)
class Built:
    """A built report.

    Parameters
    ----------
    computed : Computed
        What its notebooks gave.
    questions : int
        How many questions the data leave open; see docs/check.md.
    """

    documents: tuple[Path, ...]
    engine: Engine
    computed: Computed
    questions: int


def build(
    project: Project,
    quarter: str,
    progress: BuildProgress,
    *,
    engine_name: str | None = None,
    formats: Sequence[str] = tuple(DOCUMENTS),
    fresh: bool = False,
    kernels: WarmKernels | None = None,
) -> Built:
    """Build a quarter's report.

    Everything is made aside; `build/<quarter>` changes only when all of it is done.

    Parameters
    ----------
    quarter : str
        Such as ``2020-21-Q1``.
    engine_name : {"quarto", "pandoc"}, optional
    fresh : bool
        Use nothing that earlier builds remember.
    kernels : WarmKernels, optional
        Where kernels are forked; by default by a process of this build's own.

    Raises
    ------
    ScrutinyError
        Of the kind that tells what went wrong; see `errors`.
    """
    with kernels_for(kernels) as warm:
        return _build(
            project, quarter, progress,
            engine_name=engine_name, formats=formats, fresh=fresh, kernels=warm, at_once=kernels_at_once(),
        )  # fmt: skip


def _build(
    project: Project,
    quarter: str,
    progress: BuildProgress,
    *,
    engine_name: str | None,
    formats: Sequence[str],
    fresh: bool,
    kernels: Kernels,
    at_once: int,
) -> Built:
    started = datetime.now(UTC)
    engine = choose_engine(engine_name)
    cache = cache_of(project.root, fresh=fresh)
    parameters = project.parameters(quarter)
    target = project.build / quarter
    if not are_judged(project, parameters, cache) and (warm := kernels()):
        # Notebooks will probably run: the warm process imports what they need beside what follows.
        warm.start()
    judged = check_inputs(project, parameters, cache)
    questions = len(judge(project, cache).open)
    check_skeleton(project.root)
    narrative = load_narrative(project.sections, quarter, parameters.sections)
    check_notebooks(notebooks_of(project), cache)
    with staged(target) as folder:
        computed = compute(project, parameters, judged, folder, progress, cache, kernels, at_once)
        write_report(
            project,
            folder,
            parameters,
            narrative,
            computed.values,
            csv=computed.csv,
            omitted=computed.omitted,
            origins=computed.origins,
            cache=cache,
        )
        write_origins(folder, quarter, computed.origins)
        write_values(folder, quarter, computed.values)
        check_report(folder, narrative, computed.values, computed.labels, cache)
        epoch = source_date_epoch(computed.latest_figure)
        with progress.step("Documents", len(formats)) as step:
            engine.render(folder, formats, folder / OUTPUT, step.started, step.finished, epoch=epoch)
        write_manifest(
            folder,
            parameters,
            project_root=project.root,
            engine=engine.name,
            engine_version=engine.version,
            dated=epoch,
            started=started,
        )
    cache.prune()
    progress.log.info("%s built with %s %s", quarter, engine.name, engine.version)
    documents = tuple(target / OUTPUT / DOCUMENTS[format_] for format_ in formats)
    return Built(documents, engine, computed, questions)


def build_all(
    project: Project,
    quarters: Sequence[str],
    progress: BuildProgress,
    *,
    engine_name: str | None = None,
    formats: Sequence[str] = tuple(DOCUMENTS),
    fresh: bool = False,
) -> list[tuple[str, Built | ScrutinyError]]:
    """Build the reports of several quarters, as many at once as there are cores; each writes its log.

    Parameters
    ----------
    engine_name, formats, fresh
        See `build`.

    Returns
    -------
    list of (str, Built or ScrutinyError)
        Each quarter, and its report or what went wrong: that stops no other.
    """
    with kernels_for(None) as kernels:
        # Only forked kernels can be ended from here while other threads wait for what they run.
        side_by_side = min(cores(), len(quarters)) if len(quarters) > 1 and kernels() else 1

        def attempt(quarter: str) -> Built | ScrutinyError:
            own = progress.of(quarter) if len(quarters) > 1 else progress
            try:
                return _build_logged(
                    project, quarter, own,
                    engine_name=engine_name, formats=formats, fresh=fresh, kernels=kernels,
                    at_once=kernels_at_once(side_by_side),
                )  # fmt: skip
            except ScrutinyError as error:
                return error

        if side_by_side == 1:
            return [(quarter, attempt(quarter)) for quarter in quarters]
        with ThreadPoolExecutor(max_workers=side_by_side) as pool:
            try:
                return list(zip(quarters, pool.map(attempt, quarters), strict=True))
            except BaseException:
                # Ctrl-C reaches this thread alone.
                progress.stop()
                if warm := kernels():
                    warm.close()
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _build_logged(project: Project, quarter: str, progress: BuildProgress, **options: Any) -> Built:
    # A quarter that does not exist gets no log.
    project.parameters(quarter)
    require_folders(project.root, "build", "build/logs", f"build/{quarter}")
    with logged_to(project.build / "logs" / f"{quarter}.log", quarter):
        try:
            return _build(project, quarter, progress, **options)
        except ScrutinyError as error:
            progress.log.error("%s", error)
            raise
