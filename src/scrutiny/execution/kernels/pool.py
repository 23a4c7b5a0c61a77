"""Kernels for notebooks, forked from one warm process where that is possible, and started anew where not."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Self

import scrutiny

if TYPE_CHECKING:
    pass

POLL_SECONDS = 0.005


class NoKernel(RuntimeError):
    """The warm process could not fork a kernel, or has ended."""


class KernelPool:
    """Kernels for any number of runs of notebooks; several threads may use it at a time.

    The warm process starts with the first kernel, or beforehand with `start`, and ends with the context.

    Parameters
    ----------
    fork : bool
        Whether to fork kernels where that is possible.
    """

    def __init__(self, *, fork: bool = True) -> None:
        self.forks = fork and _can_fork()
        self.closed = False
        self._lock = Lock()
        self._server: _Server | None = None
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the warm process, if kernels are forked; it imports what notebooks need in the meantime."""
        if self.forks:
            with self._lock:
                self._current()

    async def fork(self, arguments: list[str], environment: dict[str, str], folder: str) -> ForkedProcess:
        """Fork a kernel that runs in a folder; the arguments are those of ``ipykernel_launcher``.

        Raises
        ------
        NoKernel
            If kernels are not forked, or the warm process could not.
        """
        if not self.forks:
            raise NoKernel
        # Imported late: it is for Linux alone.
        from scrutiny.execution.kernels.forkserver import Request

        connection, theirs = Pipe()
        try:
            with theirs, self._lock:
                socket.send_fds(self._current().control, [b"\0"], [theirs.fileno(), 1, 2])
            connection.send_bytes(Request(arguments, environment, folder).to_bytes())
            while not connection.poll():
                await asyncio.sleep(POLL_SECONDS)
            return ForkedProcess(connection, int(connection.recv_bytes()))
        except (EOFError, OSError) as error:
            connection.close()
            raise NoKernel from error

    def close(self) -> None:
        """End the warm process, and with it any kernels that are left."""
        with self._lock:
            self.closed = True
            self._retire()
            for process in self._processes:
                process.kill()
                process.wait()
            self._processes.clear()

    def _current(self) -> _Server:
        """Return the warm process, a new one if it has ended or the code that it imported has changed."""
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
        """Let the warm process end with the last of its kernels."""
        if self._server:
            self._server.control.close()
            self._server = None


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
        # An interrupted build kills its kernels from another thread than the one that runs them.
        self._lock = Lock()

    def poll(self) -> int | None:
        """Return the exit code, or None while the kernel runs."""
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
        """Wait until the kernel has ended, and return its exit code."""
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


def _can_fork() -> bool:
    """Whether kernels can be forked here: Windows has no fork, and macOS frameworks do not survive one."""
    if sys.platform != "linux":
        return False
    try:
        # Since Linux 5.3, unless a container forbids it.
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


def _sources() -> dict[Path, int]:
    """Return the time of the last change of each module of this package."""
    return {path: path.stat().st_mtime_ns for path in Path(scrutiny.__file__).parent.rglob("*.py")}
