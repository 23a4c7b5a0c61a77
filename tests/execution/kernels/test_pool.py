"""Kernels forked from one warm process: as the ordinary ones, each by itself, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from fixtures.notebook import without_times
from fixtures.projects import copy_project
from nbformat.v4 import new_code_cell, new_notebook

from scrutiny.analysis import mime
from scrutiny.errors import NotebookFailed
from scrutiny.execution.kernels import KernelPool
from scrutiny.execution.kernels import pool as warm
from scrutiny.execution.run import execute_notebooks

pytestmark = pytest.mark.skipif(not KernelPool().forks, reason="kernels cannot be forked here; only Linux can")

TELL = f"""
from IPython.display import display
def tell(value):
    display({{"{mime.VALUES}": {{"a.b.c.d": str(value)}}}}, raw=True)
"""


@pytest.fixture(scope="module")
def kernels():
    with KernelPool() as started:
        yield started


def write(path, *sources):
    cells = [new_code_cell(source) for source in ('quarter = "2020-21-Q1"', TELL, *sources)]
    cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def run(kernels, folder, *sources, at_once=2):
    executed = execute_notebooks(sources, folder, "2020-21-Q1", kernels=kernels, at_once=at_once)
    return [one.values.get("a.b.c.d") for one in executed]


def tell(kernels, tmp_path, source):
    """Run one cell in a forked kernel, and give what it tells."""
    (told,) = run(kernels, tmp_path, write(tmp_path / "tells.ipynb", source))
    return told


def test_an_ordinary_and_a_forked_kernel_give_the_same(kernels, tmp_path):
    copy_project(tmp_path)
    source = tmp_path / "notebooks" / "recorded_crime.ipynb"
    given = {}
    for name, pool in (("ordinary", KernelPool(fork=False)), ("forked", kernels)):
        folder = tmp_path / "build" / name
        (executed,) = execute_notebooks([source], folder, "2020-21-Q1", kernels=pool, at_once=1)
        given[name] = executed, without_times(nbformat.read(folder / source.name, as_version=4))
    executed, notebook = given["forked"]
    assert list(executed.csv) == ["tbl-recorded-crime", "fig-all-crime"]
    assert executed.values
    assert any(
        "image/png" in output.get("data", {}) for cell in notebook["cells"] for output in cell.get("outputs", [])
    )
    assert given["forked"] == given["ordinary"]


def test_a_figure_that_is_only_drawn_is_shown(kernels, tmp_path):
    path = write(tmp_path / "one.ipynb", "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])")
    run(kernels, tmp_path / "out", path)
    drawn = nbformat.read(tmp_path / "out" / "one.ipynb", as_version=4).cells[-1]
    assert [list(output.data) for output in drawn.outputs] == [["image/png", "text/plain"]]


def test_what_was_imported_was_imported_before_the_fork_and_names_do_not_leak(kernels, tmp_path):
    leaves = write(
        tmp_path / "leaves.ipynb", "import builtins, pandas\nbuiltins.left = pandas.left = left = 1\ntell(1)"
    )
    looks = write(
        tmp_path / "looks.ipynb",
        "import builtins, sys\nready = 'pandas' in sys.modules\nimport pandas\n"
        "tell((ready, [hasattr(builtins, 'left'), hasattr(pandas, 'left'), 'left' in globals()]))",
    )
    assert run(kernels, tmp_path, leaves, looks, at_once=1) == ["1", "(True, [False, False, False])"]


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os; tell(os.getpid() == os.getpgid(0))", "True"),
        ("import os; tell(os.environ.get('OPENBLAS_NUM_THREADS'))", "None"),
        ("import os; tell(os.environ['GIVEN'])", "late"),
        ("import os; tell(os.getcwd() == os.path.realpath(FOLDER))", "True"),
        ("import signal; tell(signal.getsignal(signal.SIGINT) is signal.default_int_handler)", "True"),
        ("import sys; tell(sys.argv[0].endswith('ipykernel_launcher.py'))", "True"),
        ("import logging; tell(logging.root.handlers)", "[]"),
        ("import sys; tell((sys.modules['__main__'].quarter, sys.stdin.read()))", "('2020-21-Q1', '')"),
        ("from IPython import get_ipython; tell(get_ipython().execution_count)", "5"),
    ],
    ids=["group", "threads", "environment", "folder", "Ctrl-C", "arguments", "logging", "main and stdin", "count"],
)
def test_a_kernel_does_not_notice_that_it_was_forked(kernels, tmp_path, monkeypatch, source, told):
    monkeypatch.setenv("GIVEN", "late")
    assert tell(kernels, tmp_path, source.replace("FOLDER", repr(str(tmp_path)))) == told


def test_kernels_draw_different_random_numbers(kernels, tmp_path):
    draw = "import random, uuid, numpy\ntell(f'{random.random()} {numpy.random.random()} {uuid.uuid4()}')"
    one, other = (tell(kernels, tmp_path, draw).split() for _ in range(2))
    assert not set(one) & set(other)


def test_a_kernel_holds_no_socket_of_the_warm_process(kernels, tmp_path):
    sockets = """
import os
def sockets(pid):
    folder = f"/proc/{pid}/fd"
    links = [os.readlink(f"{folder}/{name}") for name in os.listdir(folder) if os.path.exists(f"{folder}/{name}")]
    return {link for link in links if link.startswith("socket:")}
tell((bool(sockets(os.getppid())), sockets(os.getppid()) & sockets(os.getpid())))
"""
    assert tell(kernels, tmp_path, sockets) == "(True, set())"


def test_the_warm_process_has_one_thread(kernels, tmp_path):
    assert tell(kernels, tmp_path, "import os; tell(len(os.listdir(f'/proc/{os.getppid()}/task')))") == "1"


def test_one_warm_process_serves_several_runs(kernels, tmp_path):
    parent = "import os; tell(os.getppid())"
    one, other = (write(tmp_path / f"{name}.ipynb", parent) for name in ("one", "other"))
    told = {*run(kernels, tmp_path / "out", one, other), *run(kernels, tmp_path / "again", one)}
    assert len(told) == 1
    assert told != {str(os.getpid())}


def test_code_that_has_changed_is_imported_anew(kernels, tmp_path, monkeypatch):
    parent = "import os; tell(os.getppid())"
    before = tell(kernels, tmp_path, parent)
    monkeypatch.setattr(warm, "_sources", lambda: {Path("edited.py"): 1})
    assert tell(kernels, tmp_path, parent) != before


def test_a_killed_warm_process_takes_its_kernels_along_and_is_replaced(kernels, tmp_path):
    kill = "import os, signal, time; os.kill(os.getppid(), signal.SIGKILL); time.sleep(60)"
    with pytest.raises(NotebookFailed, match=r"notebooks/tells.ipynb \(cell \[4\]\): the kernel was killed"):
        tell(kernels, tmp_path, kill)
    assert tell(kernels, tmp_path, "tell(1)") == "1"


def test_a_kernel_ends_its_control_thread_before_its_output(kernels, tmp_path):
    """In the other order, which is ipykernel's own, the thread may wait for output that nobody sends any more."""
    late = """
import atexit, pathlib, sys, threading, time
control = get_ipython().kernel.control_thread
flush = type(sys.stdout).flush
def late(stream):
    if threading.current_thread() is control:
        time.sleep(0.5)
    flush(stream)
type(sys.stdout).flush = late
atexit.register(lambda: pathlib.Path("alive").write_text(str(control.is_alive())))
tell(control.is_alive())
"""
    assert tell(kernels, tmp_path, late) == "True"
    assert (tmp_path / "alive").read_text() == "False"


def test_kernels_started_at_once_take_no_port_that_another_took(kernels, tmp_path):
    bound = "tell(get_ipython().kernel.parent.transport + get_ipython().kernel.parent.ip[:9])"
    assert tell(kernels, tmp_path, bound) == "ipc@scrutiny"


@pytest.mark.parametrize("cell", ["import os; os._exit(1)", "import os; os.kill(os.getpid(), 9)"])
def test_a_killed_kernel_is_told(kernels, tmp_path, cell, capfd):
    with pytest.raises(
        NotebookFailed, match=r"notebooks/tells.ipynb \(cell \[4\]\): the kernel (was killed|ended itself)"
    ):
        tell(kernels, tmp_path, cell)
    assert capfd.readouterr() == ("", "")


def test_without_fork_ordinary_kernels_run(tmp_path, monkeypatch):
    monkeypatch.setattr(warm.sys, "platform", "darwin")
    with KernelPool() as kernels:
        assert not kernels.forks
        assert tell(kernels, tmp_path, "import os; tell(os.getppid())") == str(os.getpid())


def test_an_ordinary_kernel_runs_where_none_can_be_forked(kernels, tmp_path, monkeypatch):
    async def refuse(*request):
        raise warm.NoKernel

    monkeypatch.setattr(kernels, "fork", refuse)
    assert tell(kernels, tmp_path, "import os; tell(os.getppid())") == str(os.getpid())


BUILDS = """
    import signal
    import sys
    from pathlib import Path
    from scrutiny.errors import ScrutinyError
    from scrutiny.execution.run import execute_notebooks
    from scrutiny.execution.kernels import KernelPool

    # Tests that run in the background of a shell ignore it, and with them what they start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = Path(sys.argv[1])
    with KernelPool(fork=sys.argv[2] == "forked") as kernels:
        try:
            execute_notebooks(
                sorted(folder.glob("*.ipynb")), folder / "out", "2020-21-Q1", kernels=kernels, at_once=2
            )
        except ScrutinyError as error:
            sys.exit(error.exit_code)
"""


def descendants(pid):
    """Give the ids of the processes below one."""
    found = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, children.read_text(encoding="utf-8").split()):
                found |= {child, *descendants(child)}
    return found


def is_alive(pid):
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


@pytest.mark.parametrize("kind", ["forked", "ordinary"])
@pytest.mark.parametrize(
    ("cell", "signum", "exit_code"),
    [
        ("pass", None, 0),
        ("1 / 0", None, 4),
        ("import time; time.sleep(600)", signal.SIGINT, -signal.SIGINT),
        ("import time; time.sleep(600)", signal.SIGKILL, -signal.SIGKILL),
    ],
    ids=["success", "failure", "Ctrl-C", "killed"],
)
def test_nothing_is_left(tmp_path, kind, cell, signum, exit_code):
    runtime, temporary = tmp_path / "runtime", tmp_path / "temporary"
    for folder in (runtime, temporary):
        folder.mkdir()
    begun = [tmp_path / f"begun-{name}" for name in "ab"]
    # The third waits for one of the first two to end.
    for name, mark in zip("abc", [*begun, None], strict=True):
        write(tmp_path / f"{name}.ipynb", f"open({str(mark)!r}, 'w').close()" if mark else "pass", cell)
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(BUILDS), str(tmp_path), kind],
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(runtime), "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        text=True,
    )
    below = set()
    if signum is None:
        while process.poll() is None:
            below |= descendants(process.pid)
            time.sleep(0.05)
    else:
        while not all(mark.exists() for mark in begun):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        below = descendants(process.pid)
        process.send_signal(signum)
    _, error = process.communicate(timeout=60)
    assert process.returncode == exit_code, error
    assert below
    until = time.monotonic() + 10
    while any(map(is_alive, below)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in below if is_alive(pid)]
    # A build that is killed leaves its kernels' connection files in the temporary folder.
    if signum != signal.SIGKILL:
        assert not [*temporary.iterdir(), *runtime.iterdir()]
