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
"""Folder of a workspace into which kernels write what they read."""
_INSIDE = f".{os.sep}"
"""Replaces the workspace at the beginning of a path, because it is a new folder for each build."""
_EXECUTED = f"{_INSIDE}notebooks{os.sep}"


class NotebookCache:
    """A quarter's notebooks as earlier builds ran them.

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
        self._common = content_digest(
            quarter,
            file_digest(inputs.params / f"{quarter}.yml"),
            *(file_digest(inputs.data / name) for name in ("datapackage.yaml", "measures.yaml", EVENTS)),
        )
        # Once for each file, however many notebooks read it.
        self._digest_of: Callable[[str], str] = memoized(reads.digest_of)

    def known(self, sources: Sequence[Path]) -> dict[Path, ExecutedNotebook]:
        """Return those of the workspace's notebooks that need not run, and write them into the workspace."""
        found = {source: self._known(source) for source in sources}
        return {source: executed for source, executed in found.items() if executed}

    def arguments(self, source: Path) -> list[str]:
        """Return the arguments with which a notebook's kernel starts."""
        record = self._record(source)
        record.parent.mkdir(exist_ok=True)
        return reads.arguments(record, self._cache)

    def keep(self, source: Path, executed: ExecutedNotebook) -> None:
        """Keep what a notebook gave, if everything that it depends on is known."""
        try:
            record = json.loads(self._record(source).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            record = {"digests": {}, "unknowable": ["what it read is not known"]}
        digests = {self._named(name): digest for name, digest in record["digests"].items()}
        # Python looks for modules there.
        digests.pop(_EXECUTED, None)
        reasons = [
            *record["unknowable"],
            *(f"it reads {name}" for name in digests if name.startswith(_EXECUTED)),
        ]
        if reasons:
            log.info("%s will run again next time: %s", executed.name, "; ".join(reasons))
            return
        content = {
            "digests": digests,
            "executed": {**asdict(executed), "datasets": sorted(executed.datasets)},
            "notebook": (self._workspace / executed.name).read_text(encoding="utf-8"),
        }
        read = self._cache.key(json.dumps(digests, sort_keys=True))
        self._cache.put(_KIND, f"{self._key(source)}-{read}", content)

    def forget_records(self) -> None:
        """Remove from the workspace what kernels wrote for `keep`."""
        shutil.rmtree(self._workspace / _RECORDS, ignore_errors=True)

    def _known(self, source: Path) -> ExecutedNotebook | None:
        for key in self._cache.keys(_KIND, self._key(source)):
            content = self._cache.get(_KIND, key)
            if content and self._is_same(content["digests"]):
                executed: dict[str, Any] = content["executed"]
                path = self._workspace / executed["name"]
                path.parent.mkdir(exist_ok=True)
                path.write_text(content["notebook"], encoding="utf-8")
                executed["datasets"] = frozenset(executed["datasets"])
                return ExecutedNotebook(**executed)
        return None

    def _is_same(self, digests: Mapping[str, str]) -> bool:
        return all(self._digest_of(self._path(name)) == digest for name, digest in digests.items())

    def _key(self, source: Path) -> str:
        return self._cache.key(source.name, file_digest(source), self._common)

    def _record(self, source: Path) -> Path:
        return self._workspace / _RECORDS / f"{source.stem}.json"

    def _named(self, path: str) -> str:
        return _INSIDE + path.removeprefix(self._begins) if path.startswith(self._begins) else path

    def _path(self, name: str) -> str:
        return self._begins + name.removeprefix(_INSIDE) if name.startswith(_INSIDE) else name
