"""When an executed notebook ran, taken out of it: what is left is the same for the same inputs."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

_TIMES = ("duration", "start_time", "end_time")
"""What papermill writes of the whole notebook, and of each cell."""
_EXECUTION = "execution"
"""Metadata of a cell in which nbclient writes when the kernel took it up and answered: nothing but times."""


def without_times(notebook: Mapping[str, Any]) -> dict[str, Any]:
    """Copy an executed notebook without the times at which it ran.

    Parameters
    ----------
    notebook : mapping
        As nbformat or `json.loads` reads it; it stays as it is.
    """
    copy: dict[str, Any] = deepcopy(dict(notebook))
    _forget(copy["metadata"])
    for cell in copy["cells"]:
        _forget(cell["metadata"])
        cell["metadata"].pop(_EXECUTION, None)
    return copy


def _forget(metadata: dict[str, Any]) -> None:
    for name in _TIMES:
        metadata.get("papermill", {}).pop(name, None)
