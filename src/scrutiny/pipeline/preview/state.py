"""What the preview shows, and the draft that it is made from."""

from __future__ import annotations

import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from threading import Condition, Lock
from typing import Any

from scrutiny.cache import cache_of
from scrutiny.engines import DOCUMENTS, choose_engine
from scrutiny.engines.documents import source_date_epoch
from scrutiny.errors import Location, Problem, ScrutinyError, WrongInput
from scrutiny.execution.compute import Computed
from scrutiny.execution.kernels import KernelPool
from scrutiny.inputs.project import Project
from scrutiny.pipeline.build import OUTPUT, build
from scrutiny.pipeline.preview.partial_render import bodies, with_bodies, write_stand_ins
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress
from scrutiny.workspace.skeleton import SECTIONS
from scrutiny.workspace.write import write_sections

_HTML = "html"
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)


@dataclass(frozen=True)
class Notice:
    """What there is to show.

    Parameters
    ----------
    serial : int
        Number of the notice.
    version : int
        Number of the page; 0 until there is one.
    page : bytes, optional
        The last good report.
    problems : tuple of Problem
        Why there is no newer one.
    working : bool
        Whether a newer one is being made.
    """

    serial: int = 0
    version: int = 0
    page: bytes | None = None
    problems: tuple[Problem, ...] = ()
    working: bool = True


class Board:
    """Holds the latest notice, and wakes those who wait for a newer one."""

    def __init__(self) -> None:
        self._changed = Condition()
        self.notice = Notice()
        self.closed = False

    def working(self) -> None:
        """Say that a new page is being made."""
        self._post(working=True)

    def built(self, page: bytes) -> None:
        """Show a new page, and no problems."""
        self._post(page=page, version=self.notice.version + 1, problems=(), working=False)

    def failed(self, problems: tuple[Problem, ...]) -> None:
        """Show what went wrong over the last good page."""
        self._post(problems=problems, working=False)

    def after(self, serial: int, seconds: float) -> Notice | None:
        """Wait for a notice newer than one; None if there was none in time, or the board is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self.notice.serial > serial, seconds)
            return None if self.closed or self.notice.serial <= serial else self.notice

    def close(self) -> None:
        """End the preview: wake all who wait."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _post(self, **changes: Any) -> None:
        with self._changed:
            self.notice = replace(self.notice, serial=self.notice.serial + 1, **changes)
            self._changed.notify_all()


class Draft:
    """Makes a quarter's page, whole at first and then what changed.

    Parameters
    ----------
    folder : Path
        For the preview's workspace, so that the last built report stays as it is.
    engine_name : {"quarto", "pandoc"}, optional
    kernels : KernelPool, optional
        See `build`.
    """

    def __init__(
        self,
        project: Project,
        quarter: str,
        folder: Path,
        progress: BuildProgress,
        engine_name: str | None = None,
        kernels: KernelPool | None = None,
    ) -> None:
        self._root = project.root
        self._quarter = quarter
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
        """Make the HTML page after files changed, named from the project's folder.

        Raises
        ------
        ScrutinyError
            If anything is wrong; the next call makes what is missing.
        """
        with self._lock:
            self._is_sound = False
            self._others.clear()
            try:
                if self._computed and all(name.startswith(f"{SECTIONS}/") for name in changed):
                    page = self._write_again(self._computed)
                else:
                    page = self._build()
            except OSError as error:
                # An editor may take a file away for a moment.
                what = f"this could not be read: {error.strerror or error}"
                where = None if error.filename is None else Location(PurePath(error.filename).name)
                raise WrongInput(Problem(what, where, "save it again")) from None
            self._is_sound = True
            return page.encode()

    def other(self, format_: str) -> Path:
        """Return another document of what the page shows, made when it is first asked for.

        Raises
        ------
        ScrutinyError
            If it cannot be made, or the report is wrong.
        """
        with self._lock:
            if self._computed is None or not self._is_sound:
                what = "there is no report to make this from"
                raise ScrutinyError(Problem(what, hint="see what the preview says, and mend it"))
            if format_ not in self._others:
                self._render(self._workspace, self._computed, format_)
                self._others.add(format_)
            return self._workspace / OUTPUT / DOCUMENTS[format_]

    def _build(self) -> str:
        self._computed = None
        self._computed = build(
            # A new one, because a project keeps what it has read.
            Project(self._root),
            self._quarter,
            self._progress,
            engine_name=self._engine.name,
            formats=(_HTML,),
            kernels=self._kernels,
            target=self._workspace,
        ).computed
        write_stand_ins(self._workspace, self._stand_ins)
        return self._whole_page()

    def _write_again(self, computed: Computed) -> str:
        """Make the page with new narrative; checks and engine work side by side."""
        stages = Stages(Project(self._root), computed.parameters, cache_of(self._root))
        for workspace in (self._workspace, self._stand_ins):
            write_sections(workspace, stages.narrative, computed)
        with ThreadPoolExecutor(1) as pool:
            rendering = pool.submit(self._render, self._stand_ins, computed, _HTML)
            # First, because its errors name file and line.
            stages.check_report(self._workspace, computed)
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
        epoch = source_date_epoch(computed.latest_figure)
        self._engine.render(workspace, (format_,), workspace / OUTPUT, _silently, _silently, epoch=epoch)


def _page_of(workspace: Path) -> str:
    page = (workspace / OUTPUT / DOCUMENTS[_HTML]).read_text(encoding="utf-8")
    # The preview's policy runs no script of a page; without it the page's links lead to the list of origins.
    return _SCRIPT.sub("", page)


def _silently(_: str) -> None:
    pass
