"""Kernels for notebooks, forked from one warm process where that is possible, and started anew where not."""

from __future__ import annotations

import asyncio
import math
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

import scrutiny
from scrutiny.progress import log

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo
    from jupyter_client.manager import AsyncKernelManager

_LAUNCHER = "ipykernel_launcher"
_POLL_SECONDS = 0.005


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
                await asyncio.sleep(_POLL_SECONDS)
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


class KernelRun:
    """The kernels of one run of notebooks, which can be killed from outside the threads that run them."""

    def __init__(self, pool: KernelPool) -> None:
        self._managers: list[AsyncKernelManager] = []
        self.manager_class = _manager_class(pool, self._managers)
        """What nbclient takes as its `kernel_manager_class`."""

    def kill(self) -> None:
        """Kill all kernels; each thread notices and cleans up after its own."""
        for manager in self._managers.copy():
            if process := getattr(manager.provisioner, "process", None):
                process.kill()


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


def _manager_class(pool: KernelPool, managers: list[AsyncKernelManager]) -> type[AsyncKernelManager]:
    """Return a class of kernel managers that are listed, and whose kernels come from a pool."""
    # Imported late: a build in which no notebook runs does without.
    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning.local_provisioner import LocalProvisioner

    class Client(AsyncKernelClient):
        async def wait_for_ready(self, timeout: float | None = None) -> None:
            """Wait until the kernel has answered on both channels.

            Jupyter's own then waits another 0.2 seconds for messages that nbclient would pass over.
            """
            until = time.monotonic() + (timeout or math.inf)
            while time.monotonic() < until:
                self.kernel_info()
                with suppress(Empty):
                    await self.shell_channel.get_msg(timeout=1)
                    # What arrives here shows that the subscription stands; without it outputs would be lost.
                    await self.iopub_channel.get_msg(timeout=0.2)
                    return
                if not await self.is_alive():
                    break
            raise RuntimeError("the kernel did not answer")

    class Provisioner(LocalProvisioner):
        """Jupyter's own for local processes, except that the process is forked.

        `poll`, `wait`, `send_signal`, `terminate`, `kill` and `cleanup` are inherited: they work on `process`,
        which is a `ForkedProcess` instead of a `subprocess.Popen`.
        """

        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
            if cmd[0] != sys.executable or _LAUNCHER not in cmd:
                # The kernel of another Python.
                return await super().launch_kernel(cmd, **kwargs)
            folder = str(kwargs.get("cwd") or Path.cwd())
            try:
                process = await pool.fork(cmd[cmd.index(_LAUNCHER) + 1 :], kwargs["env"], folder)
            except NoKernel:
                if pool.closed:
                    # Ctrl-C: whoever closed the pool does not wait for another kernel.
                    raise
                if pool.forks:
                    log.info("no kernel could be forked; an ordinary one runs")
                return await super().launch_kernel(cmd, **kwargs)
            # Stands in for the process that Jupyter would have started.
            self.process: Any = process
            self.pid, self.cwd = process.pid, folder
            return self.connection_info

        async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002 - as Jupyter calls it
            # Wait here, because the kernel manager looks only ten times a second.
            until = time.monotonic() + self.get_shutdown_wait_time() / 2
            while await self.poll() is None and time.monotonic() < until:
                await asyncio.sleep(_POLL_SECONDS)

    class Manager(AsyncKernelManager):
        client_factory = Client

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            # The manager would look for a provisioner among the entry points that Jupyter knows.
            self.kernel_id = str(uuid.uuid4())
            if sys.platform == "linux":
                # A name of its own, in no folder. A TCP port would be released before the kernel takes it, and
                # another process may be quicker.
                self.transport, self.ip = "ipc", f"@scrutiny-{self.kernel_id}"
            self.provisioner = Provisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
            managers.append(self)

    return Manager


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
