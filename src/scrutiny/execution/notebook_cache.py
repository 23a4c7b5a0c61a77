"""Executed notebooks used again: one runs only if it, or something that it reads, has changed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache as memoized
from pathlib import Path
from typing import Any

from scrutiny.cache import Cache
from scrutiny.execution import reads
from scrutiny.execution.executed import ExecutedNotebook
from scrutiny.files import content_digest, file_digest
from scrutiny.inputs.events import FILE as EVENTS
from scrutiny.inputs.project import INPUTS, Project
from scrutiny.progress import log

_KIND = "notebooks"
_RECORDS = ".reads"
"""Folder of a workspace in which kernels write what they read."""
_INSIDE = f".{os.sep}"
"""Begins the name of what lies in the workspace, which is a new folder for each build."""
_EXECUTED = f"{_INSIDE}notebooks{os.sep}"


class NotebookCache:
    """What is known of a quarter's notebooks from earlier builds.

    Parameters
    ----------
    workspace : Path
        It holds `inputs/`, and receives `notebooks/`.
    """

    def __init__(self, cache: Cache, workspace: Path, quarter: str) -> None:
        self._cache = cache
        self._workspace = workspace
        self._begins = os.path.realpath(workspace) + os.sep
        inputs = Project(workspace / INPUTS)
        self._of_all = content_digest(
            quarter,
            file_digest(inputs.params / f"{quarter}.yml"),
            *(file_digest(inputs.data / name) for name in ("datapackage.yaml", "measures.yaml", EVENTS)),
        )
        # Summed once, however many notebooks read it.
        self._sum_of: Callable[[str], str] = memoized(reads.sum_of)

    def known(self, sources: Sequence[Path]) -> dict[Path, ExecutedNotebook]:
        """Give the notebooks that need not run, and write them into the workspace.

        Parameters
        ----------
        sources : sequence of Path
            In the workspace's `inputs/`.
        """
        found = {source: self._known(source) for source in sources}
        return {source: executed for source, executed in found.items() if executed}

    def arguments(self, source: Path) -> list[str]:
        """Give the arguments with which a notebook's kernel writes down what it reads."""
        record = self._record(source)
        record.parent.mkdir(exist_ok=True)
        return reads.arguments(record)

    def keep(self, source: Path, executed: ExecutedNotebook) -> None:
        """Remember what a notebook gave, unless what that rests on is not known."""
        try:
            said = json.loads(self._record(source).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = {"sums": {}, "unknowable": ["what it read is not known"]}
        sums = {self._named(name): given for name, given in said["sums"].items()}
        # Python looks for modules there.
        sums.pop(_EXECUTED, None)
        reasons = [*said["unknowable"], *(f"it reads {name}" for name in sums if name.startswith(_EXECUTED))]
        if reasons:
            log.info("%s will run again next time: %s", executed.name, "; ".join(reasons))
            return
        content = {
            "sums": sums,
            "executed": {**asdict(executed), "datasets": sorted(executed.datasets)},
            "notebook": (self._workspace / executed.name).read_text(encoding="utf-8"),
        }
        self._cache.put(_KIND, f"{self._key(source)}-{self._cache.key(json.dumps(sums, sort_keys=True))}", content)

    def forget_records(self) -> None:
        """Remove from the workspace what kernels wrote for `keep`."""
        shutil.rmtree(self._workspace / _RECORDS, ignore_errors=True)

    def _known(self, source: Path) -> ExecutedNotebook | None:
        for key in self._cache.keys(_KIND, self._key(source)):
            content = self._cache.get(_KIND, key)
            if content and self._is_same(content["sums"]):
                executed: dict[str, Any] = content["executed"]
                path = self._workspace / executed["name"]
                path.parent.mkdir(exist_ok=True)
                path.write_text(content["notebook"], encoding="utf-8")
                return ExecutedNotebook(
                    **{
                        **executed,
                        "omitted": tuple(executed["omitted"]),
                        "datasets": frozenset(executed["datasets"]),
                    }
                )
        return None

    def _is_same(self, sums: Mapping[str, str]) -> bool:
        return all(self._sum_of(self._path(name)) == given for name, given in sums.items())

    def _key(self, source: Path) -> str:
        return self._cache.key(source.name, file_digest(source), self._of_all)

    def _record(self, source: Path) -> Path:
        return self._workspace / _RECORDS / f"{source.stem}.json"

    def _named(self, path: str) -> str:
        return _INSIDE + path.removeprefix(self._begins) if path.startswith(self._begins) else path

    def _path(self, name: str) -> str:
        return self._begins + name.removeprefix(_INSIDE) if name.startswith(_INSIDE) else name
