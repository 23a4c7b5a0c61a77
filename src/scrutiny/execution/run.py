"""Running the notebooks of a report through papermill, and collecting what they show and publish."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from scrutiny.analysis import mime
from scrutiny.errors import Location, NotebookFailed, Problem, ScrutinyError, WrongInput
from scrutiny.execution.executed import ExecutedNotebook, labelled_cells
from scrutiny.execution.failures import died, quoted, raised, require_every_cell
from scrutiny.execution.kernels.manager import KernelRun
from scrutiny.execution.kernels.pool import KernelPool
from scrutiny.execution.sources import check_sources
from scrutiny.progress import log
from scrutiny.statistics.value import to_json

if TYPE_CHECKING:
    from scrutiny.execution.notebook_cache import NotebookCache

CELL_SECONDS = 600
"""How long a cell may run; the slowest of ours takes a few seconds."""
_KILL_SECONDS = 0.1
"""Between two checks that all killed kernels have ended."""
_CAPTION_KEYS = {"tbl": "tbl-cap", "fig": "fig-cap"}
_NOUN = {"tbl": "table", "fig": "figure"}
_SHOWN_BY = {"tbl": ("show_table", "text/markdown"), "fig": ("show_figure", "image/png")}


def execute_notebooks(
    sources: Sequence[Path],
    folder: Path,
    quarter: str,
    *,
    kernels: KernelPool,
    at_once: int,
    started: Callable[[str], None] = lambda _: None,
    finished: Callable[[str], None] = lambda _: None,
    memory: NotebookCache | None = None,
) -> list[ExecutedNotebook]:
    """Run notebooks for a quarter, several at a time.

    Parameters
    ----------
    sources : sequence of Path
        The notebooks, stored without outputs.
    folder : Path
        Where they run, and where the executed ones are written.
    at_once : int
        How many kernels run side by side.
    started, finished : callable
        Called with the notebook's name.
    memory : NotebookCache, optional
        Keeps what each gave.

    Returns
    -------
    list of ExecutedNotebook
        In the order of `sources`.

    Raises
    ------
    WrongInput
        If a file is not a notebook, has no parameters, or a labelled cell does not show one thing.
    NotebookFailed
        If a cell raised, with all notebooks that failed.
    """
    check_sources(sources)
    folder.mkdir(parents=True, exist_ok=True)
    kernel_run = KernelRun(kernels)

    def run(source: Path) -> ExecutedNotebook:
        started(source.stem)
        arguments = memory.arguments(source) if memory else []
        executed = _execute(source, folder / source.name, quarter, kernel_run, arguments)
        if memory:
            memory.keep(source, executed)
        finished(source.stem)
        return executed

    results: dict[Path, ExecutedNotebook] = {}
    failures: list[ScrutinyError] = []
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        running = {pool.submit(run, source): source for source in sources}
        try:
            for future in as_completed(running):
                try:
                    results[running[future]] = future.result()
                except ScrutinyError as error:
                    failures.append(error)
        except BaseException:
            # Above all Ctrl-C: the pool would first run all notebooks to their end.
            pool.shutdown(wait=False, cancel_futures=True)
            while unfinished := [future for future in running if not future.done()]:
                kernel_run.kill()
                wait(unfinished, timeout=_KILL_SECONDS)
            raise
    if failures:
        failures.sort(key=str)
        raise type(failures[0])([problem for error in failures for problem in error.problems])
    return [results[source] for source in sources]


def _execute(
    source: Path, target: Path, quarter: str, kernels: KernelRun, arguments: Sequence[str]
) -> ExecutedNotebook:
    shown_as = Path("notebooks") / source.name
    # Our own progress, log and errors say what papermill would log.
    logging.getLogger("papermill").setLevel(logging.CRITICAL)

    started: list[NotebookNode] = []
    manager_class, exit_code = kernels.kernel()

    def run() -> NotebookNode:
        ran: NotebookNode = papermill.execute_notebook(
            # Its own reading and writing shares one current folder among threads, and would take braces in a path
            # for parameters.
            nbformat.read(source, as_version=4),
            None,
            parameters={"quarter": quarter},
            kernel_name="python3",
            # A notebook that was never saved by JupyterLab does not name its own.
            language="python",
            execution_timeout=CELL_SECONDS,
            progress_bar=False,
            request_save_on_cell_execute=False,
            kernel_manager_class=manager_class,
            on_cell_start=lambda cell, cell_index: started.append(cell),  # noqa: ARG005 - as nbclient calls it
            # Papermill's own `cwd` changes that of the whole process, all threads at once.
            resources={"metadata": {"path": str(target.parent.resolve())}},
            # The kernel warns about its own transport, which concerns nobody here.
            extra_arguments=["--log-level=CRITICAL", *arguments],
        )
        return ran

    try:
        notebook = _with_second_start(run)
    except PapermillExecutionError as error:
        raise NotebookFailed(raised(error, shown_as)) from None
    except CellTimeoutError as error:
        cell = str(error).partition("-------------------\n")[2].partition("\n----")[0]
        what = f"a cell ran longer than {CELL_SECONDS} seconds"
        raise NotebookFailed(Problem(what, Location(shown_as), f"the cell is\n{quoted(cell)}")) from None
    except RuntimeError:  # of which DeadKernelError is one
        raise NotebookFailed(died(exit_code(), shown_as, started)) from None
    except NoSuchKernel:
        what = "Jupyter's kernel python3 is not installed"
        raise NotebookFailed(Problem(what, Location(shown_as), "run make, which installs ipykernel")) from None
    require_every_cell(notebook, shown_as)
    # Where it ran differs from machine to machine; what it is called does not.
    notebook.metadata.papermill.update(input_path=f"inputs/notebooks/{source.name}", output_path=str(shown_as))
    # The cell that papermill adds has a random id, and so has each of a notebook that was written without ids.
    given = {cell.get("id") for cell in nbformat.read(source, as_version=4).cells}
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.id not in given:
            cell.id = f"cell-{position}"
    executed = _take_over(notebook, shown_as)
    nbformat.write(notebook, target)
    return executed


def _with_second_start(run: Callable[[], NotebookNode]) -> NotebookNode:
    """Run a notebook, and once more if its kernel died before the first cell.

    Jupyter finds free ports and releases them before the kernel takes them: another process may be quicker.
    """
    try:
        return run()
    except DeadKernelError:
        raise
    except RuntimeError as error:
        log.info("a kernel could not start, and is started again: %s", error)
        return run()


def _take_over(notebook: NotebookNode, shown_as: Path) -> ExecutedNotebook:
    values: dict[str, str] = {}
    datasets: set[str] = set()
    provenance: dict[str, dict[str, Any]] = {}
    code: dict[str, str] = {}
    for position, output in _outputs(notebook):
        ours = output.get("metadata", {}).get(mime.METADATA)
        if ours:
            datasets.update(ours["datasets"])
        if mime.VALUES in output.get("data", {}):
            published = output.data[mime.VALUES]
            values |= published
            cell = f"cell {position}"
            code[cell] = notebook.cells[position - 1].source
            known = (ours or {}).get("provenance", {})
            provenance |= {
                name: _completed(known.get(name, {}), text, str(shown_as), cell)
                for name, text in published.items()
            }
    csv: dict[str, str] = {}
    omitted: dict[str, str] = {}
    problems = []
    for cell, label in labelled_cells(notebook):
        kind = label[:3]
        shown = [output for output in cell.outputs if output.get("name") != "stderr"]
        helper, needed = _SHOWN_BY[kind]
        if len(shown) == 1 and _is_omitted(shown[0]):
            omitted[label] = shown[0].metadata[mime.METADATA].get("lacking", "")
            continue
        if len(shown) != 1 or not _is_shown(shown[0], needed):
            problems.append(
                Problem(
                    f"the cell has to show one {_NOUN[kind]}, and nothing else",
                    Location(shown_as, column=f"cell {label}"),
                    f"let it call {helper} once, and print nothing",
                )
            )
            continue
        ours = shown[0].metadata[mime.METADATA]
        csv[label] = ours["csv"]
        code[label] = cell.source
        provenance[label] = _completed(ours.get("provenance", {}), ours["caption"], str(shown_as), label)
        # For JupyterLab alone; Quarto would prefer it.
        shown[0].data.pop("text/html", None)
        cell.metadata[_CAPTION_KEYS[kind]] = ours["caption"]
        if kind == "fig":
            cell.metadata["fig-alt"] = ours["alt"]
    problems += [
        Problem(
            f"the value {name} is no text, but {text!r}",
            Location(shown_as),
            "publish it as a phrase or figure in words",
        )
        for name, text in values.items()
        if not isinstance(text, str)
    ]
    if problems:
        raise WrongInput(problems)
    return ExecutedNotebook(str(shown_as), csv, omitted, values, frozenset(datasets), provenance, code)


def _completed(known: dict[str, Any], text: str, notebook: str, cell: str) -> dict[str, Any]:
    """Complete what an output says about itself, which is nothing if it was not published by our means."""
    return {**to_json(""), **known, "text": text, "notebook": notebook, "cell": cell}


def _is_omitted(output: NotebookNode) -> bool:
    return bool(output.get("metadata", {}).get(mime.METADATA, {}).get("omitted"))


def _is_shown(output: NotebookNode, mime_type: str) -> bool:
    return "caption" in output.get("metadata", {}).get(mime.METADATA, {}) and mime_type in output.data


def _outputs(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode]]:
    """Yield each output with the position of its cell, from 1."""
    for position, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            yield from ((position, output) for output in cell.outputs)
