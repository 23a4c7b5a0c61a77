"""The Quarto engine: the installed program of that name, 1.9 or newer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrutiny.engines.documents import DOCUMENTS, environment, other_documents
from scrutiny.errors import EngineFailed, Location, Problem
from scrutiny.inputs.project import MAIN

OLDEST = (1, 9)
_RENDERED = "_output"
_LEFTOVERS = (".quarto", "report_files", "report.typ", ".gitignore")
_FORMATS = {"pdf": "typst", "docx": "docx", "html": "html"}
_COMPLAINT = re.compile(r"^\W*(WARN|WARNING|ERROR)\b|\?var:|\?@|\?meta:", re.MULTILINE)
# Says that the PDF was not checked a second time; Typst refuses what does not conform by itself.
_HARMLESS = re.compile(r"verapdf is not installed", re.IGNORECASE)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"(?P<file>[\w./-]+\.(?:qmd|ipynb|typ))[:\s]+(?:line )?(?P<line>\d+)")


@dataclass(frozen=True)
class FoundQuarto:
    """The Quarto of this machine, or why it cannot be used."""

    path: str | None
    version: str | None
    why_not: str = ""

    @property
    def usable(self) -> bool:
        """Whether it is there and new enough."""
        return not self.why_not


def find_quarto() -> FoundQuarto:
    """Look for Quarto at ``QUARTO_PATH``, which is the program or its folder, or else on the PATH."""
    given = os.environ.get("QUARTO_PATH")
    if given and Path(given).is_dir():
        given = str(Path(given) / "quarto")
    path = shutil.which(given) if given else shutil.which("quarto")
    if path is None:
        where = f"at QUARTO_PATH ({given})" if given else "on the PATH"
        return FoundQuarto(None, None, f"Quarto is not installed {where}")
    try:
        ran = subprocess.run([path, "--version"], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return FoundQuarto(path, None, f"{path} does not say its version")
    version = ran.stdout.strip()
    numbers = tuple(int(number) for number in re.findall(r"\d+", version)[:2])
    # A checkout of Quarto calls itself 99.9.9.
    if numbers < OLDEST:
        return FoundQuarto(path, version, f"Quarto {version} is too old; 1.9 is the oldest that will do")
    return FoundQuarto(path, version)


class QuartoEngine:
    """Makes the documents with ``quarto render``, by a usable Quarto."""

    name = "quarto"

    def __init__(self, found: FoundQuarto) -> None:
        assert found.path is not None and found.version is not None
        self._path = found.path
        self.version = found.version

    def render(
        self,
        workspace: Path,
        formats: Sequence[str],
        output: Path,
        started: Callable[[str], None] = lambda _: None,
        finished: Callable[[str], None] = lambda _: None,
        epoch: int | None = None,
    ) -> None:
        """Make documents; see `PandocEngine.render`."""
        output.mkdir(parents=True, exist_ok=True)
        for format_ in formats:
            started(format_)
            self._render(workspace, format_, formats, epoch)
            made = workspace / _RENDERED / DOCUMENTS[format_]
            if not made.is_file():
                raise EngineFailed(Problem(f"Quarto made no {DOCUMENTS[format_]}"))
            if made.parent.resolve() != output.resolve():
                shutil.move(made, output / made.name)
            finished(format_)
        _remove_others(workspace, output)

    def _render(self, workspace: Path, format_: str, formats: Sequence[str], epoch: int | None) -> None:
        ran = subprocess.run(
            [self._path, "render", MAIN, "--to", _FORMATS[format_], "--no-clean", *other_documents(formats)],
            cwd=workspace,
            env=environment(epoch),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        log = _COLOUR.sub("", ran.stderr + ran.stdout)
        complaints = [line for line in log.splitlines() if _COMPLAINT.search(line) and not _HARMLESS.search(line)]
        if ran.returncode or complaints:
            why = "\n".join(complaints) or log.strip()[-2000:]
            at = _LINE.search(why)
            place = Location(at["file"], int(at["line"])) if at else Location(MAIN)
            raise EngineFailed(Problem(f"Quarto could not make {DOCUMENTS[format_]}: {why}", place))


def _remove_others(workspace: Path, output: Path) -> None:
    """Remove what Quarto leaves beside the documents: pictures it copied, its own folders."""
    others = [path for path in output.iterdir() if path.name not in DOCUMENTS.values()]
    for path in (*others, *(workspace / name for name in _LEFTOVERS)):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
