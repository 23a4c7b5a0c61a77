"""Building: from a quarter's parameters to its documents."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrutiny.engines import DOCUMENTS, Engine, choose_engine
from scrutiny.engines.documents import source_date_epoch
from scrutiny.errors import ScrutinyError
from scrutiny.execution.compute import Computed, cores, kernels_at_once
from scrutiny.execution.kernels import KernelPool
from scrutiny.files import require_folders, staged
from scrutiny.inputs.check import are_judged
from scrutiny.inputs.project import Project
from scrutiny.inputs.questions import judge
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress, logged_to
from scrutiny.workspace.manifest import write_manifest

OUTPUT = "_output"


@dataclass(frozen=True)
class Built:
    """A built report.

    Parameters
    ----------
    computed : Computed
        What its notebooks gave.
    questions : int
        How many questions the data leave open; see docs/reference/checks.md.
    carried_over : tuple of str
        How many headings and stated numbers are, in words; none if none are.
    """

    documents: tuple[Path, ...]
    engine: Engine
    computed: Computed
    questions: int
    carried_over: tuple[str, ...] = ()


def build(
    project: Project,
    quarter: str,
    progress: BuildProgress,
    *,
    engine_name: str | None = None,
    formats: Sequence[str] = tuple(DOCUMENTS),
    fresh: bool = False,
    kernels: KernelPool | None = None,
    at_once: int | None = None,
    target: Path | None = None,
) -> Built:
    """Build a quarter's report in a temporary folder, which replaces `target` when all of it is done.

    Parameters
    ----------
    engine_name : {"quarto", "pandoc"}, optional
    fresh : bool
        Use nothing that earlier builds cached.
    kernels : KernelPool, optional
        By default one of this build's own.
    at_once : int, optional
        How many notebooks run side by side; see `kernels_at_once`.
    target : Path, optional
        The workspace, by default `build/<quarter>`.

    Raises
    ------
    ScrutinyError
        Of the kind that tells what went wrong; see `errors`.
    """
    started = datetime.now(UTC)
    engine = choose_engine(engine_name)
    stages = Stages.of(project, quarter, fresh=fresh)
    target = target or project.build / quarter
    with nullcontext(kernels) if kernels else KernelPool() as kernels:
        if not are_judged(project, stages.parameters, stages.cache):
            # Notebooks will probably run: the warm process imports what they need in the meantime.
            kernels.start()
        for check in stages.checks:
            check()
        questions = len(judge(project, stages.cache).open)
        with staged(target) as folder:
            computed = stages.compute(folder, progress, kernels, at_once)
            stages.assemble(folder, computed)
            with progress.step("Documents", len(formats)) as step:
                epoch = source_date_epoch(computed.latest_figure)
                engine.render(folder, formats, folder / OUTPUT, step.started, step.finished, epoch=epoch)
            write_manifest(
                folder,
                stages.parameters,
                project_root=project.root,
                engine=engine.name,
                engine_version=engine.version,
                dated=epoch,
                started=started,
            )
    stages.cache.prune()
    progress.log.info("%s built with %s %s", quarter, engine.name, engine.version)
    documents = tuple(target / OUTPUT / DOCUMENTS[format_] for format_ in formats)
    return Built(documents, engine, computed, questions, stages.narrative.carried_over)


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

    An error stops no other quarter: it is returned in the place of the report. For the options see `build`.
    """
    with KernelPool() as kernels:
        # Only forked kernels can be ended from here while other threads wait for them.
        side_by_side = min(cores(), len(quarters)) if kernels.forks else 1

        def attempt(quarter: str) -> Built | ScrutinyError:
            own = progress.of(quarter) if len(quarters) > 1 else progress
            try:
                # A quarter that does not exist gets no log.
                project.parameters(quarter)
                require_folders(project.root, "build", "build/logs", f"build/{quarter}")
            except ScrutinyError as error:
                return error
            with logged_to(project.build / "logs" / f"{quarter}.log", quarter):
                try:
                    return build(
                        project, quarter, own,
                        engine_name=engine_name, formats=formats, fresh=fresh, kernels=kernels,
                        at_once=kernels_at_once(side_by_side),
                    )  # fmt: skip
                except ScrutinyError as error:
                    own.log.error("%s", error)
                    return error

        if side_by_side == 1:
            return [(quarter, attempt(quarter)) for quarter in quarters]
        with ThreadPoolExecutor(max_workers=side_by_side) as pool:
            try:
                return list(zip(quarters, pool.map(attempt, quarters), strict=True))
            except BaseException:
                # Ctrl-C reaches this thread alone.
                progress.stop()
                kernels.close()
                pool.shutdown(wait=False, cancel_futures=True)
                raise
