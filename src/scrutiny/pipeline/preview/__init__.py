"""`scrutiny preview`: a quarter's report in the browser while it is written."""

from __future__ import annotations

import signal
import tempfile
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from rich.console import Console

from scrutiny.errors import ScrutinyError, WrongUse
from scrutiny.execution.kernels import KernelPool
from scrutiny.files import PREVIEW
from scrutiny.inputs.project import Project
from scrutiny.pipeline.preview.server import ADDRESS, serving
from scrutiny.pipeline.preview.state import Board, Draft
from scrutiny.pipeline.preview.watch import Inputs, changes
from scrutiny.progress import BuildProgress


def preview(
    project: Project, quarter: str, *, engine_name: str | None = None, port: int = 0, open_browser: bool = True
) -> None:
    """Show a quarter's report in the browser, and update it whenever something it is made from changes.

    Ctrl-C ends it. For options and errors see `run`.
    """
    console = Console(stderr=True)

    def ready(address: str) -> None:
        opened = open_browser and _open(address)
        console.print(f"Preview of {quarter}: {address}", highlight=False, soft_wrap=True)
        console.print("The browser shows it. Ctrl-C ends it." if opened else "Open it there. Ctrl-C ends it.")

    with suppress(KeyboardInterrupt), _ended_as_by_ctrl_c():
        run(project, quarter, console, Event(), ready, engine_name=engine_name, port=port)
    console.print("The preview has ended.")


def run(
    project: Project,
    quarter: str,
    console: Console,
    stop: Event,
    ready: Callable[[str], None],
    *,
    engine_name: str | None = None,
    port: int = 0,
) -> None:
    """Build, serve and watch until `stop` is set.

    Parameters
    ----------
    console : Console
        Where builds show their progress.
    ready : callable
        Called with the address as soon as a browser can open it, before the first build.
    engine_name : {"quarto", "pandoc"}, optional
    port : int
        0 takes a free one.

    Raises
    ------
    WrongUse
        If there is no such quarter or engine, or the port is in use. Any other mistake is shown in the page.
    """
    try:
        project.parameters(quarter)
    except WrongUse:
        raise
    except ScrutinyError:
        pass  # the first build reports it, in the page
    project.build.mkdir(exist_ok=True)
    board = Board()
    with (
        tempfile.TemporaryDirectory(prefix=f"{PREVIEW}{quarter}-", dir=project.build) as folder,
        KernelPool() as kernels,
    ):
        draft = Draft(project, quarter, Path(folder), BuildProgress(console), engine_name, kernels)
        inputs = Inputs(project.root, quarter)
        with serving(board, draft, quarter, port) as server:
            ready(f"http://{ADDRESS}:{server.port}/")
            _update(board, draft, frozenset())
            for changed in changes(inputs, stop):
                _update(board, draft, changed)


def _update(board: Board, draft: Draft, changed: frozenset[str]) -> None:
    board.working()
    try:
        board.built(draft.update(changed))
    except ScrutinyError as error:
        board.failed(error.problems)


@contextmanager
def _ended_as_by_ctrl_c() -> Iterator[None]:
    """Let a closed terminal or SIGTERM end the preview as Ctrl-C does, so that it leaves nothing behind."""
    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, signal.default_int_handler) for number in ends}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _open(address: str) -> bool:
    """Open the browser, unless it would take over the terminal."""
    try:
        browser = webbrowser.get()
        return type(browser) is not webbrowser.GenericBrowser and browser.open(address)
    except webbrowser.Error:
        return False
