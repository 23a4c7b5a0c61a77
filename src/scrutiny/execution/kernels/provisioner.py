"""The kernel provisioner: Jupyter's own for local processes, but that the process is forked."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from scrutiny.execution.kernels.pool import NoKernel, WarmKernels
from scrutiny.progress import log

_LAUNCHER = "ipykernel_launcher"
_POLL_SECONDS = 0.005


class ForkingProvisioner(LocalProvisioner):
    """Has the kernel's process forked by the warm one; everything else is as with any local kernel.

    `poll`, `wait`, `send_signal`, `terminate`, `kill` and `cleanup` are inherited: they work on `process`,
    which is a `ForkedProcess` instead of a `subprocess.Popen`.
    """

    kernels: WarmKernels

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel, or start it if it is another Python's or cannot be forked."""
        if cmd[0] != sys.executable or _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        folder = str(kwargs.get("cwd") or Path.cwd())
        try:
            process = await self.kernels.fork(cmd[cmd.index(_LAUNCHER) + 1 :], kwargs["env"], folder)
        except NoKernel:
            if self.kernels.closed:
                # Ctrl-C: whoever closed them does not wait for another kernel.
                raise
            log.info("no kernel could be forked; an ordinary one runs")
            return await super().launch_kernel(cmd, **kwargs)
        # A stand-in for the process that Jupyter would have started.
        self.process: Any = process
        self.pid, self.cwd = process.pid, folder
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:  # noqa: ARG002 - as Jupyter calls it
        """Wait for the end here, because the kernel manager looks ten times a second only."""
        until = time.monotonic() + self.get_shutdown_wait_time() / 2
        while await self.poll() is None and time.monotonic() < until:
            await asyncio.sleep(_POLL_SECONDS)


def forking_manager(kernels: WarmKernels) -> type[AsyncKernelManager]:
    """Give the class of kernel managers whose kernels are forked from a warm process."""

    class ForkingKernelManager(AsyncKernelManager):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            # The manager would look for a provisioner among the entry points that Jupyter knows.
            self.kernel_id = str(uuid.uuid4())
            self.provisioner = ForkingProvisioner(
                kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
            )
            self.provisioner.kernels = kernels

    return ForkingKernelManager
