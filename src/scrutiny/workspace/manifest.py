"""The manifest of a built report: what it was made from, with what, and the sums of its files (docs/verify.md)."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.files import file_digest, write_atomically
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import MAIN
from scrutiny.statistics.periods import Quarter
from scrutiny.workspace.git import Source, checkout_of
from scrutiny.yaml_models import Strict

_CONTENT_FOLDERS = ("downloads", "inputs", "sections")
_CONTENT_FILES = (MAIN, "values.json")

SCHEMA_VERSION = 2
FILE = "_output/manifest.json"
VERIFICATION = ("_output/verification.json", "_output/verification.html")
"""What `scrutiny verify` writes beside the documents."""
NOT_SUMMED = (FILE, *VERIFICATION)
PACKAGES = (
    "font-source-sans-pro",
    "fonttools",
    "ipykernel",
    "ipython",
    "matplotlib",
    "nbclient",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pillow",
    "pypandoc_binary",
    "pyyaml",
    "scrutiny",
    "seaborn",
    "tabulate",
    "typst",
)
"""Through which a byte of a notebook, a value, a picture or a document comes about."""
_MENDED = "build the report again, or ask for the workspace anew"


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    outside = pure.is_absolute() or ".." in pure.parts or "\\" in path or str(pure) != path or path == "."
    if outside:
        raise ValueError(f"{path!r} is no path inside the workspace")
    return path


def _is_quarter(text: str) -> str:
    return str(Quarter.parse(text))


_Sum = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Path = Annotated[str, AfterValidator(_inside)]


class EngineUsed(Strict):
    """The engine, and its version in words."""

    name: str
    version: str


class Manifest(Strict):
    """What `manifest.json` says.

    Parameters
    ----------
    parameters : dict
        What the quarter's parameters say.
    python, system : str
        Version of Python; operating system and processor.
    packages : dict of str to str
        Those of `PACKAGES`, and their versions.
    program : str
        Sum of the code of the scrutiny that built it.
    source_date_epoch : int or None
        The time that the documents bear.
    sha256 : dict of str to str
        Each file of the workspace but this one, and its sum.
    content_hash : str
        See `sums.content_hash`.
    """

    schema_version: int
    quarter: Annotated[str, AfterValidator(_is_quarter)]
    parameters: dict[str, Any]
    source: Source
    engine: EngineUsed
    python: str
    system: str
    packages: dict[str, str]
    program: _Sum
    source_date_epoch: int | None
    sha256: dict[_Path, _Sum]
    content_hash: _Sum
    started: datetime
    finished: datetime


def write_manifest(
    workspace: Path,
    parameters: Parameters,
    *,
    project_root: Path,
    engine: str,
    engine_version: str,
    dated: int | None,
    started: datetime,
) -> None:
    """Write `manifest.json` beside the documents, whole or not at all.

    Parameters
    ----------
    workspace : Path
        The complete workspace; every file of it is summed.
    project_root : Path
        Whose commit is recorded, if it is a git checkout.
    dated : int or None
        The time that the documents bear, as SOURCE_DATE_EPOCH has it.
    started : datetime
        When the build began, with its time zone.
    """
    sums = file_digests(workspace, NOT_SUMMED)
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        quarter=parameters.quarter,
        parameters=parameters.model_dump(mode="json"),
        source=checkout_of(project_root),
        engine=EngineUsed(name=engine, version=engine_version),
        source_date_epoch=dated,
        sha256=sums,
        content_hash=content_hash(sums),
        started=started,
        finished=datetime.now(UTC),
        **used(),
    )
    content = manifest.model_dump(mode="json")
    for name in ("started", "finished"):
        content[name] = getattr(manifest, name).isoformat(timespec="seconds")
    write_atomically(workspace / FILE, json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def read_manifest(workspace: Path) -> Manifest:
    """Read the manifest of a workspace.

    Raises
    ------
    WrongInput
        If there is none, it is damaged, or another version of the program wrote it.
    """
    try:
        text = (workspace / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise WrongInput(Problem("there is no manifest", Place(FILE), _MENDED)) from None
    except (OSError, UnicodeDecodeError):
        raise WrongInput(Problem("the manifest cannot be read", Place(FILE), _MENDED)) from None
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongInput(Problem(f"the manifest is damaged: {error}", Place(FILE), _MENDED)) from None
    schema_version = content.get("schema_version") if isinstance(content, dict) else None
    if type(schema_version) is not int:
        what = "the manifest is damaged: it does not say its schema_version"
        raise WrongInput(Problem(what, Place(FILE), _MENDED))
    if schema_version != SCHEMA_VERSION:
        age, instead = (
            ("a newer", "install the scrutiny that built it, or a newer one")
            if schema_version > SCHEMA_VERSION
            else ("an older", "build the report again, or install the scrutiny that built it")
        )
        what = f"{age} scrutiny wrote this manifest: its schema_version is {schema_version}, not {SCHEMA_VERSION}"
        raise WrongInput(Problem(what, Place(FILE, column="schema_version"), instead))
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        raise WrongInput(
            [
                Problem(
                    f"the manifest is damaged: {one['msg'].removeprefix('Value error, ')}",
                    Place(FILE, column=".".join(str(part) for part in one["loc"])),
                    _MENDED,
                )
                for one in error.errors()
            ]
        ) from None


def used() -> dict[str, Any]:
    """Give the keys of a manifest that say what this machine computes with."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "packages": {name: _version(name) for name in PACKAGES},
        "program": code_digest(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def file_digests(workspace: Path, omitted: Iterable[str]) -> dict[str, str]:
    """Sum each file of a workspace: path from it, with slashes, and SHA-256, sorted by path.

    Files and folders whose names begin with a dot are no part of it.

    Parameters
    ----------
    omitted : iterable of str
        Paths of files that are not summed.
    """
    names = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if not path.is_dir()}
    hidden = {name for name in names if any(part.startswith(".") for part in name.split("/"))}
    return {name: file_digest(workspace / name) for name in sorted(names - hidden - set(omitted))}


def content_hash(sums: Mapping[str, str]) -> str:
    """Sum what a report says, wherever and with whatever it was built; docs/verify.md defines it.

    Parameters
    ----------
    sums : mapping of str to str
        Path and SHA-256 of each file; those of inputs, values, tables' and figures' data and narrative count.
    """
    return _digest_of_lines(
        {
            path: total
            for path, total in sums.items()
            if path in _CONTENT_FILES or path.partition("/")[0] in _CONTENT_FOLDERS
        }
    )


def code_digest(code: Path = Path(__file__).parents[1]) -> str:
    """Sum the code of the program itself, so that two of one version number are told apart."""
    return _digest_of_lines({path.relative_to(code).as_posix(): file_digest(path) for path in code.rglob("*.py")})


def _digest_of_lines(sums: Mapping[str, str]) -> str:
    """Sum the lines that `sha256sum` writes."""
    return hashlib.sha256("".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()).hexdigest()
