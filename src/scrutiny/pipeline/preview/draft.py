"""The report while it is written: a workspace of the preview's own, in which only what changed is made anew."""

from __future__ import annotations

import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from threading import Lock
from typing import TYPE_CHECKING

from scrutiny.cache import cache_of
from scrutiny.engines import DOCUMENTS, choose_engine
from scrutiny.errors import Place, Problem, ScrutinyError, WrongInput
from scrutiny.execution.compute import Computed
from scrutiny.inputs.project import Project
from scrutiny.narrative.sections import load_narrative
from scrutiny.pipeline.build import OUTPUT, build
from scrutiny.pipeline.preview.partial_render import bodies, with_bodies, write_stand_ins
from scrutiny.progress import BuildProgress
from scrutiny.workspace.check import check_report
from scrutiny.workspace.write import SECTIONS, write_sections

if TYPE_CHECKING:
    from scrutiny.execution.kernels import WarmKernels

_HTML = "html"
_NARRATIVE = f"{SECTIONS}/"
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


class Draft:
    """Makes a quarter's page, whole at first and then what changed.

    Parameters
    ----------
    project : Project
    quarter : str
        Such as ``2020-21-Q1``.
    folder : Path
        For the preview's workspace, so that the last built report stays as it is.
    progress : BuildProgress
    engine_name : {"quarto", "pandoc"}, optional
    kernels : WarmKernels, optional
        Where the kernels of notebooks are forked.
    """

    def __init__(
        self,
        project: Project,
        quarter: str,
        folder: Path,
        progress: BuildProgress,
        engine_name: str | None = None,
        kernels: WarmKernels | None = None,
    ) -> None:
        self._root = project.root
        self._quarter = quarter
        self._folder = folder
        self._workspace = folder / quarter
        self._stand_ins = folder / "stand-ins"
        self._progress = progress
        self._engine = choose_engine(engine_name)
        self._kernels = kernels
        self._computed: Computed | None = None
        self._bodies: dict[str, tuple[str, str]] = {}
        self._is_sound = False
        self._others: set[str] = set()
        # Another document that is asked for and the page are made in the same workspace.
        self._lock = Lock()

    def update(self, changed: Collection[str]) -> bytes:
        """Make the page after a change.

        Parameters
        ----------
        changed : collection of str
            Files, from the project's folder.

        Returns
        -------
        bytes
            The HTML page.

        Raises
        ------
        ScrutinyError
            If anything is wrong; the next call makes what is missing.
        """
        with self._lock:
            self._is_sound = False
            self._others.clear()
            try:
                if self._computed and all(name.startswith(_NARRATIVE) for name in changed):
                    page = self._write_again(self._computed)
                else:
                    self._computed = None
                    self._computed = self._build()
                    write_stand_ins(self._workspace, self._stand_ins)
                    page = self._whole_page()
            except OSError as error:
                # An editor may take a file away for a moment.
                what = f"this could not be read: {error.strerror or error}"
                where = None if error.filename is None else Place(PurePath(error.filename).name)
                raise WrongInput(Problem(what, where, "save it again")) from None
            self._is_sound = True
            return page.encode()

    def other(self, format_: str) -> Path:
        """Give another document of what the page shows, made when it is first asked for.

        Raises
        ------
        ScrutinyError
            If it cannot be made, or the report is not in order.
        """
        with self._lock:
            if self._computed is None or not self._is_sound:
                what = "there is no report to make this of"
                raise ScrutinyError(Problem(what, instead="see what the preview says, and mend it"))
            if format_ not in self._others:
                self._render(self._workspace, self._computed, format_)
                self._others.add(format_)
            return self._workspace / OUTPUT / DOCUMENTS[format_]

    def _build(self) -> Computed:
        # Made anew: it keeps what it has read of the data.
        project = Project(self._root)
        project.build = self._folder
        return build(
            project,
            self._quarter,
            self._progress,
            engine_name=self._engine.name,
            formats=(_HTML,),
            kernels=self._kernels,
        ).computed

    def _write_again(self, computed: Computed) -> str:
        """Make the page with new narrative; checks and engine work side by side."""
        narrative = load_narrative(self._root / "sections", self._quarter, computed.parameters.sections)
        for workspace in (self._workspace, self._stand_ins):
            write_sections(workspace, narrative, computed.left_out, computed.origins)
        with ThreadPoolExecutor(1) as pool:
            rendering = pool.submit(self._render, self._stand_ins, computed, _HTML)
            # First, because it tells file and line.
            check_report(self._workspace, narrative, computed.values, computed.labels, cache_of(self._root))
            rendering.result()
        page = with_bodies(_page_of(self._stand_ins), self._bodies)
        if page is None:
            # A table or figure is shown that was not shown before.
            self._render(self._workspace, computed, _HTML)
            page = self._whole_page()
        return page

    def _whole_page(self) -> str:
        page = _page_of(self._workspace)
        self._bodies = bodies(page)
        return page

    def _render(self, workspace: Path, computed: Computed, format_: str) -> None:
        output = workspace / OUTPUT
        self._engine.render(workspace, (format_,), output, _silently, _silently, dated=computed.latest_figure)


def _page_of(workspace: Path) -> str:
    page = (workspace / OUTPUT / DOCUMENTS[_HTML]).read_text(encoding="utf-8")
    # The preview's policy lets no script of a page run; without it the page's links lead to the list of origins.
    return _SCRIPT.sub("", page)


def _silently(_: str) -> None:
    """Let a step pass without a word."""
