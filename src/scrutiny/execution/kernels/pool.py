"""The build's side of the warm process: it is started when first needed, asked for kernels, and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import scrutiny

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

_POLL_SECONDS = 0.005


@contextmanager
def warm_kernels() -> Iterator[WarmKernels | None]:
    """Give kernels that are forked from one warm process, which ends with the context.

    Yields
    ------
    WarmKernels or None
        None where the ordinary kernels have to do: macOS frameworks do not survive a fork, and Windows has none.
    """
    if not can_fork():
        yield None
        return
    kernels = WarmKernels()
    try:
        yield kernels
    finally:
        kernels.close()


def can_fork() -> bool:
    """Say whether kernels can be forked here."""
    if sys.platform != "linux":
        return False
    try:
        # Since Linux 5.3, unless a container forbids it.
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


class NoKernel(RuntimeError):
    """The warm process could not fork a kernel, or is gone."""


class ForkedProcess:
    """A forked kernel, with those methods of a `subprocess.Popen` that Jupyter's own provisioner calls.

    Parameters
    ----------
    connection : Connection
        To the warm process, the parent of the kernel; closing it kills the kernel.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: Connection, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._connection = connection
        # A build that is interrupted kills its kernels from another thread than the one that runs them.
        self._lock = Lock()

    def poll(self) -> int | None:
        """Give the exit code, or None while the kernel runs."""
        with self._lock:
            if self.returncode is None and self._connection.poll():
                try:
                    self.returncode = int(self._connection.recv_bytes())
                except (EOFError, OSError):
                    # The warm process was killed, and its kernels with it.
                    self.returncode = -signal.SIGKILL
                self._connection.close()
            return self.returncode

    def wait(self) -> int:
        """Wait until the kernel has ended, and give its exit code."""
        while (returncode := self.poll()) is None:
            self._connection.poll(None)
        return returncode

    def send_signal(self, signum: int) -> None:
        """Let the warm process send a signal to the kernel and the processes that it started."""
        with self._lock, suppress(OSError):
            self._connection.send_bytes(str(int(signum)).encode())

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


@dataclass(frozen=True)
class _Server:
    process: subprocess.Popen[bytes]
    control: socket.socket
    sources: dict[Path, int]


class WarmKernels:
    """Kernels that are forked from one warm process; several threads may ask for them at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._server: _Server | None = None
        self.closed = False
        self._processes: list[subprocess.Popen[bytes]] = []

    @property
    def manager_class(self) -> type[AsyncKernelManager]:
        """What nbclient takes as its `kernel_manager_class`."""
        from scrutiny.execution.kernels.provisioner import forking_manager

        return forking_manager(self)

    def start(self) -> None:
        """Start the warm process beforehand, unless it runs; what it imports, it imports beside what follows."""
        with self._lock:
            self._current()

    async def fork(self, arguments: list[str], environment: dict[str, str], folder: str) -> ForkedProcess:
        """Fork a kernel.

        Parameters
        ----------
        arguments : list of str
            Of ``ipykernel_launcher``.
        folder : str
            Where it runs.

        Raises
        ------
        NoKernel
            If the warm process could not.
        """
        # Imported late: it is for Linux alone.
        from scrutiny.execution.kernels.forkserver import Request

        connection, theirs = Pipe()
        try:
            with theirs, self._lock:
                socket.send_fds(self._current().control, [b"\0"], [theirs.fileno(), 1, 2])
            connection.send_bytes(Request(arguments, environment, folder).to_bytes())
            while not connection.poll():
                await asyncio.sleep(_POLL_SECONDS)
            return ForkedProcess(connection, int(connection.recv_bytes()))
        except (EOFError, OSError) as error:
            connection.close()
            raise NoKernel from error

    def close(self) -> None:
        """End the warm process, and with it what kernels may be left."""
        with self._lock:
            self.closed = True
            self._retire()
            for process in self._processes:
                process.kill()
                process.wait()
            self._processes.clear()

    def _current(self) -> _Server:
        """Give the warm process, a new one if there is none or the code that it has imported has changed."""
        if self.closed:
            raise NoKernel
        sources = _sources()
        if not self._server or self._server.process.poll() is not None or self._server.sources != sources:
            self._retire()
            self._server = self._started(sources)
        return self._server

    def _started(self, sources: dict[Path, int]) -> _Server:
        from scrutiny.execution.kernels.forkserver import ENVIRONMENT, INLINE

        control, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "scrutiny.execution.kernels.forkserver", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env={**INLINE, **os.environ, **ENVIRONMENT},
                # Not where the build is: a matplotlibrc there is not the kernels'.
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Ctrl-C is for the build, which ends its kernels in order.
                start_new_session=True,
            )
        self._processes.append(process)
        return _Server(process, control, sources)

    def _retire(self) -> None:
        """Let the warm process end as soon as the last of its kernels has ended."""
        if self._server:
            self._server.control.close()
            self._server = None


def _sources() -> dict[Path, int]:
    """Give the time of the last change of each module of this package."""
    return {path: path.stat().st_mtime_ns for path in Path(scrutiny.__file__).parent.rglob("*.py")}
