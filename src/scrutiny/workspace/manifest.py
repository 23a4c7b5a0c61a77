"""The manifest of a built report: what it was made from and with, and digests of its files.

Its keys are described in docs/reference/verify.md.
"""

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

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.files import file_digest, write_atomically
from scrutiny.inputs.parameters import Parameters
from scrutiny.inputs.project import MAIN
from scrutiny.statistics.periods import Quarter
from scrutiny.text import as_json
from scrutiny.workspace.git import Source, checkout_of
from scrutiny.yaml_models import Strict, in_words

_CONTENT_FOLDERS = ("downloads", "inputs", "sections")
_CONTENT_FILES = (MAIN, "values.json")

SCHEMA_VERSION = 2
FILE = "_output/manifest.json"
VERIFICATION = ("_output/verification.json", "_output/verification.html")
"""What `scrutiny verify` writes beside the documents."""
UNLISTED = (FILE, *VERIFICATION)
"""Files of a workspace that its manifest does not list."""
PACKAGES = (
    "font-source-sans-pro", "fonttools", "ipykernel", "ipython", "matplotlib", "nbclient", "nbformat", "numpy",
    "pandas", "papermill", "pillow", "pypandoc_binary", "pyyaml", "scrutiny", "seaborn", "tabulate", "typst",
)  # fmt: skip
"""Packages on which the bytes of notebooks, values, pictures and documents depend."""
_HINT = "build the report again, or ask for the workspace again"


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or str(pure) != path or path == ".":
        raise ValueError(f"{path!r} is no path inside the workspace")
    return path


_Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Path = Annotated[str, AfterValidator(_inside)]


class EngineUsed(Strict):
    """The engine, and the version it reports."""

    name: str
    version: str


class Manifest(Strict):
    """What `manifest.json` says.

    Parameters
    ----------
    parameters : dict
        As in the quarter's parameter file.
    system : str
        Operating system and processor.
    packages : dict of str to str
        Versions of `PACKAGES`.
    program : str
        See `code_digest`.
    source_date_epoch : int or None
        The timestamp in the documents.
    sha256 : dict of str to str
        Digest of each file of the workspace, but for `UNLISTED`.
    content_hash : str
        See the function `content_hash`.
    """

    schema_version: int
    quarter: Annotated[str, AfterValidator(lambda text: str(Quarter.parse(text)))]
    parameters: dict[str, Any]
    source: Source
    engine: EngineUsed
    python: str
    system: str
    packages: dict[str, str]
    program: _Digest
    source_date_epoch: int | None
    sha256: dict[_Path, _Digest]
    content_hash: _Digest
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
    """Write `manifest.json` beside the documents of a complete workspace, whole or not at all.

    Parameters
    ----------
    dated : int or None
        The timestamp in the documents, as SOURCE_DATE_EPOCH.
    started : datetime
        When the build began, with its time zone.
    """
    digests = file_digests(workspace, UNLISTED)
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        quarter=parameters.quarter,
        parameters=parameters.model_dump(mode="json"),
        source=checkout_of(project_root),
        engine=EngineUsed(name=engine, version=engine_version),
        source_date_epoch=dated,
        sha256=digests,
        content_hash=content_hash(digests),
        started=started,
        finished=datetime.now(UTC),
        **environment(),
    )
    content = manifest.model_dump(mode="json")
    for name in ("started", "finished"):
        content[name] = getattr(manifest, name).isoformat(timespec="seconds")
    write_atomically(workspace / FILE, as_json(content, sort_keys=True))


def read_manifest(workspace: Path) -> Manifest:
    """Read the manifest of a workspace.

    Raises WrongInput if there is none, it is damaged, or another version of the program wrote it.
    """
    try:
        content = json.loads((workspace / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WrongInput(Problem("there is no manifest", Location(FILE), _HINT)) from None
    except (OSError, UnicodeDecodeError):
        raise WrongInput(Problem("the manifest cannot be read", Location(FILE), _HINT)) from None
    except (ValueError, RecursionError) as error:
        raise WrongInput(_damage(str(error))) from None
    schema_version = content.get("schema_version") if isinstance(content, dict) else None
    if type(schema_version) is not int:
        raise WrongInput(_damage("it does not say its schema_version"))
    if schema_version != SCHEMA_VERSION:
        age, hint = (
            ("a newer", "install the scrutiny that built it, or a newer one")
            if schema_version > SCHEMA_VERSION
            else ("an older", "build the report again, or install the scrutiny that built it")
        )
        what = f"{age} scrutiny wrote this manifest: its schema_version is {schema_version}, not {SCHEMA_VERSION}"
        raise WrongInput(Problem(what, Location(FILE, column="schema_version"), hint))
    try:
        return Manifest.model_validate(content)
    except ValidationError as error:
        wrong = [(in_words(one), ".".join(map(str, one["loc"]))) for one in error.errors()]
        raise WrongInput([_damage(*one) for one in wrong]) from None


def _damage(what: str, key: str | None = None) -> Problem:
    return Problem(f"the manifest is damaged: {what}", Location(FILE, column=key), _HINT)


def environment() -> dict[str, Any]:
    """Return the keys of a manifest that describe this machine."""
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
    """Return the SHA-256 digest of each file of a workspace by its path from there, with slashes, sorted.

    Files and folders whose names begin with a dot are left out, and so are the paths in `omitted`.
    """
    names = {path.relative_to(workspace).as_posix() for path in workspace.rglob("*") if not path.is_dir()}
    hidden = {name for name in names if any(part.startswith(".") for part in name.split("/"))}
    return {name: file_digest(workspace / name) for name in sorted(names - hidden - set(omitted))}


def content_hash(digests: Mapping[str, str]) -> str:
    """Digest what a report says, independent of where and with what it was built; see docs/reference/verify.md.

    Only inputs, values, narrative, and data of tables and figures count.
    """
    paths = (path for path in digests if path in _CONTENT_FILES or path.partition("/")[0] in _CONTENT_FOLDERS)
    return _digest_of_lines({path: digests[path] for path in paths})


def code_digest(code: Path = Path(__file__).parents[1]) -> str:
    """Digest the program's own code, which tells two states of one version number apart."""
    return _digest_of_lines({path.relative_to(code).as_posix(): file_digest(path) for path in code.rglob("*.py")})


def _digest_of_lines(digests: Mapping[str, str]) -> str:
    """Digest the lines that `sha256sum` prints."""
    return hashlib.sha256("".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()).hexdigest()
