"""How Jupyter starts and ends the kernels of a pool."""

from __future__ import annotations

import asyncio
import math
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from scrutiny.execution.kernels.pool import POLL_SECONDS, KernelPool, NoKernel
from scrutiny.progress import log

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo
    from jupyter_client.manager import AsyncKernelManager

_LAUNCHER = "ipykernel_launcher"


class KernelRun:
    """The kernels of one run of notebooks, which can be killed from outside the threads that run them."""

    def __init__(self, pool: KernelPool) -> None:
        self._pool = pool
        self._managers: list[AsyncKernelManager] = []

    def kernel(self) -> tuple[type[AsyncKernelManager], Callable[[], int | None]]:
        """Give what nbclient takes as its `kernel_manager_class`, and what tells how the kernel ended.

        That is the exit code, negative if it was a signal, and None if it has not ended.
        """
        own: list[AsyncKernelManager] = []

        def made(manager: AsyncKernelManager) -> None:
            own.append(manager)
            self._managers.append(manager)

        def exit_code() -> int | None:
            process = own and getattr(own[-1].provisioner, "launched", None)
            code: int | None = process.poll() if process else None
            return code

        return _manager_class(self._pool, made), exit_code

    def kill(self) -> None:
        """Kill all kernels; each thread notices and cleans up after its own."""
        for manager in self._managers.copy():
            if process := getattr(manager.provisioner, "process", None):
                process.kill()


def _manager_class(pool: KernelPool, made: Callable[[AsyncKernelManager], None]) -> type[AsyncKernelManager]:
    """Return a class of kernel managers that are told of, and whose kernels come from a pool."""
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
                return await self._ordinary(cmd, **kwargs)
            folder = str(kwargs.get("cwd") or Path.cwd())
            try:
                process = await pool.fork(cmd[cmd.index(_LAUNCHER) + 1 :], kwargs["env"], folder)
            except NoKernel:
                if pool.closed:
                    # Ctrl-C: whoever closed the pool does not wait for another kernel.
                    raise
                if pool.forks:
                    log.info("no kernel could be forked; an ordinary one runs")
                return await self._ordinary(cmd, **kwargs)
            # Stands in for the process that Jupyter would have started, and forgets once it has ended.
            self.process: Any = process
            self.launched = process
            self.pid, self.cwd = process.pid, folder
            return self.connection_info

        async def _ordinary(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
            connection = await super().launch_kernel(cmd, **kwargs)
            self.launched = self.process
            return connection

        async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002 - as Jupyter calls it
            # Wait here, because the kernel manager looks only ten times a second.
            until = time.monotonic() + self.get_shutdown_wait_time() / 2
            while await self.poll() is None and time.monotonic() < until:
                await asyncio.sleep(POLL_SECONDS)

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
            made(self)

    return Manager
