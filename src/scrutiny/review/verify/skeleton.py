"""Settings, main document and assets of a workspace held against those of the program and of the project."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from scrutiny.errors import Location, Problem, ScrutinyError, WrongInput
from scrutiny.files import file_digest
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import MAIN, Project
from scrutiny.workspace.skeleton import SETTINGS, shipped, write_skeleton


def lay_out(workspace: Path, parameters: Parameters, clean: Path, *, trust: bool) -> list[str]:
    """Write the skeleton that documents are made with into `clean`, and name the files that are not known.

    Filters run with the rights of whoever verifies, and can write any number into a document. So they are those of
    the program or, in a project's folder, of the project; with `trust`, the workspace's own.

    Raises WrongInput, before anything of the workspace has run, if a file is not known and there is no trust.
    """
    strange: list[str] | None = None
    with tempfile.TemporaryDirectory(prefix="scrutiny-skeleton-") as scratch:
        for number, root in enumerate(_roots()):
            filled = Path(scratch, str(number))
            filled.mkdir()
            # A project that is being changed may lack one of them.
            with suppress(ScrutinyError):
                write_skeleton(root, filled, parameters)
                found = _differing(workspace, filled)
                if strange is None or len(found) < len(strange):
                    strange = found
                    shutil.copytree(filled, clean, dirs_exist_ok=True)
    assert strange is not None, "the program has a skeleton"
    if strange and not trust:
        what = "this file is neither the program's nor the project's, and nothing of this workspace was run"
        hint = "read it, and add --trust if it may run with your rights and write into the documents"
        raise WrongInput([Problem(what, Location(name), hint) for name in strange])
    for name in strange:
        (clean / name).unlink(missing_ok=True)
        if (workspace / name).is_file():
            (clean / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(workspace / name, clean / name)
    return strange


def _roots() -> Iterator[Path]:
    yield shipped()
    with suppress(ScrutinyError):
        yield Project.to_build(Path.cwd()).root


def _differing(workspace: Path, filled: Path) -> list[str]:
    names = {
        path.relative_to(folder).as_posix()
        for folder in (workspace, filled)
        for path in (folder / SETTINGS, folder / MAIN, *(folder / "assets").rglob("*"))
        if path.is_symlink() or not path.is_dir()
    }
    return sorted(
        name
        for name in names
        if (workspace / name).is_symlink() or file_digest(workspace / name) != file_digest(filled / name)
    )
