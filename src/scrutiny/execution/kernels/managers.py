"""The kernel managers of one run of notebooks."""

from __future__ import annotations

from typing import Any

from jupyter_client.manager import AsyncKernelManager

from scrutiny.execution.kernels.pool import WarmKernels


class KernelManagers:
    """Which kernels run, so that they can be killed from outside the threads that run them.

    Parameters
    ----------
    kernels : WarmKernels or None
        Where the kernels are forked; without it each is started anew.
    """

    def __init__(self, kernels: WarmKernels | None) -> None:
        managers: list[AsyncKernelManager] = []
        base: Any = kernels.manager_class if kernels else AsyncKernelManager

        class Tracked(base):  # type: ignore[misc]
            def __init__(self, **kwargs: Any) -> None:
                super().__init__(**kwargs)
                managers.append(self)

        self.manager_class: type[AsyncKernelManager] = Tracked
        """What nbclient takes as its `kernel_manager_class`."""
        self._managers = managers

    def kill(self) -> None:
        """Kill all kernels; each thread notices and clears up behind its own."""
        for manager in self._managers.copy():
            if process := getattr(manager.provisioner, "process", None):
                process.kill()
