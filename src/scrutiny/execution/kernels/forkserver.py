"""The warm process: it has imported what notebooks import, and forks a kernel on request.

Run as ``python -m scrutiny.execution.kernels.forkserver DESCRIPTOR`` by `pool.KernelPool`, which holds the other
end of the control socket with that descriptor. Each byte that arrives there brings three descriptors: a
connection for one kernel, and its standard output and standard error. The connection carries a `Request` and,
later, the numbers of signals to send; back come the kernel's process id and, when it ends, its exit code. Closing
a connection at the other end kills its kernel, and closing the control socket ends the process with its last
kernel: however a build dies, nothing outlives it.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import importlib
import io
import json
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

assert sys.platform == "linux"

PRELOADED = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
    "IPython.extensions.storemagic",
    "font_source_sans_pro",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "ipykernel_launcher",
    "psutil",
    "scrutiny.analysis.at_a_glance",
    "scrutiny.analysis.breakdowns",
    "scrutiny.analysis.show",
    "scrutiny.execution.reads",
    "scrutiny.inputs.disclosure.protect",
    "scrutiny.inputs.schema",
    "scrutiny.notebook",
    "sqlite3",
    "tabulate",
    "tornado.platform.asyncio",
    "zmq.utils.garbage",
)
"""What a kernel imports when it starts, and what notebooks import."""

ENVIRONMENT = {
    # Threads do not survive a fork, but the locks they hold do: BLAS must start none on import.
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}
"""What the warm process needs in its environment; its kernels do not see it."""

INLINE = {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
"""What a kernel puts into its own environment unless it is there. Matplotlib reads it on import, before the fork;
the backend itself is loaded with the first figure, after the fork, and so finds the kernel's shell."""

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Request:
    """What makes one kernel: arguments of ``ipykernel_launcher``, the whole environment, the current folder."""

    arguments: list[str]
    environment: dict[str, str]
    folder: str

    def to_bytes(self) -> bytes:
        """Return the request as it is sent."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, message: bytes) -> Request:
        """Read a request as it was sent."""
        return cls(**json.loads(message))


class _Kernel:
    """A forked kernel, as the warm process sees it."""

    def __init__(self, pid: int, connection: Connection) -> None:
        self.pid = pid
        self.connection = connection
        # Becomes readable when the process ends.
        self.ending = os.pidfd_open(pid)
        # The kernel does this too; whichever comes first, it can be signalled from here on.
        with suppress(OSError):
            os.setpgid(pid, pid)
        with suppress(OSError):
            connection.send_bytes(str(pid).encode())

    def obey(self) -> None:
        """Send the signal that was asked for, or kill the kernel if nobody is left to ask."""
        try:
            signum = int(self.connection.recv_bytes())
        except (EOFError, OSError):
            self.connection.close()
            signum = signal.SIGKILL
        # The process is not reaped yet, so its id is still its own.
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signum)

    def reap(self) -> None:
        """Report how the process ended."""
        _, status = os.waitpid(self.pid, 0)
        with suppress(OSError):
            self.connection.send_bytes(str(os.waitstatus_to_exitcode(status)).encode())
        self.close()

    def close(self) -> None:
        """Close what belongs to the kernel, in the warm process or in another of its kernels."""
        self.connection.close()
        os.close(self.ending)


def main() -> None:
    """Run the warm process, or one of the kernels that it forks."""
    # The current folder, unless Python was told otherwise; ipykernel_launcher removes it as well.
    if not sys.flags.safe_path:
        del sys.path[0]
    control = socket.socket(fileno=int(sys.argv[1]))
    _preload()
    # With threads it cannot fork safely: the control socket closes, and ordinary kernels run.
    if len(list(Path("/proc/self/task").iterdir())) == 1 and (request := _serve(control)):
        _become_kernel(request)


def _preload() -> None:
    # Hardly any of what is imported is ever freed.
    gc.disable()
    for module in PRELOADED:
        # What cannot be imported fails in the notebook that imports it, and is reported there.
        with suppress(Exception):
            importlib.import_module(module)
    with suppress(Exception):
        from matplotlib.figure import Figure

        # Matplotlib loads much only when it draws. Not with pyplot, which would choose the backend for good.
        for format_ in ("png", "svg"):
            Figure().savefig(io.BytesIO(), format=format_)
    gc.collect()
    # Garbage collection in a kernel would otherwise write to, and so copy, every page of these modules.
    gc.freeze()
    gc.enable()


def _serve(control: socket.socket) -> Request | None:
    """Fork kernels until nobody asks any more; return the request in a kernel, and None in the warm process."""
    kernels: list[_Kernel] = []
    listening = True
    while listening or kernels:
        connections = [kernel.connection for kernel in kernels if not kernel.connection.closed]
        ready = wait([*connections, *(kernel.ending for kernel in kernels), *([control] if listening else [])])
        for kernel in kernels.copy():
            if kernel.ending in ready:
                kernel.reap()
                kernels.remove(kernel)
            elif kernel.connection in ready:
                kernel.obey()
        if control in ready:
            byte, descriptors, _, _ = socket.recv_fds(control, 1, 3)
            if not byte:
                listening = False
                continue
            connection, outputs = Connection(descriptors[0]), descriptors[1:]
            try:
                request = Request.from_bytes(connection.recv_bytes())
                pid = os.fork()
            except (EOFError, OSError):
                # Whoever asked is gone, or there is no memory: closing the connection without an answer says so.
                connection.close()
            else:
                if pid == 0:
                    _detach(outputs)
                    control.close()
                    connection.close()
                    for kernel in kernels:
                        kernel.close()
                    return request
                kernels.append(_Kernel(pid, connection))
            for descriptor in outputs:
                os.close(descriptor)
    return None


def _detach(outputs: list[int]) -> None:
    """Detach the process that was just forked from the warm one."""
    # If the warm process is killed, so are its kernels.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)
    os.setpgid(0, 0)
    for descriptor, standard in zip(outputs, (1, 2), strict=True):
        os.dup2(descriptor, standard)
        os.close(descriptor)


def _become_kernel(request: Request) -> None:
    """Run an ordinary kernel, which must not notice that it was forked, and exit."""
    # Python's own random numbers are seeded anew after a fork, NumPy's are not.
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    os.environ.clear()
    # The kernel watches its parent; the launcher tells an ordinary one which that is.
    os.environ.update({**INLINE, **request.environment, "JPY_PARENT_PID": str(os.getppid())})
    time.tzset()
    os.chdir(request.folder)

    from ipykernel.kernelapp import IPKernelApp

    sys.argv = [str(importlib.import_module("ipykernel_launcher").__file__), *request.arguments]
    IPKernelApp.launch_instance(parent_handle=os.getppid())
    # The main thread ends while the control thread still flushes what was printed. Were the output closed now, the
    # control thread would wait for ten seconds, and Jupyter kills a kernel after five.
    control = IPKernelApp.instance().control_thread
    control.stop()
    control.join()
    # As Python ends, but without freeing every module, which would write to, and so copy, most of their pages.
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
