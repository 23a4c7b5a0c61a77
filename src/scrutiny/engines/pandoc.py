"""The bundled engine: pandoc and Typst, both from PyPI, for machines without Quarto."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pypandoc
import typst
import yaml

from scrutiny.engines.documents import DOCUMENTS, environment, other_documents
from scrutiny.engines.expansion import Expansion
from scrutiny.errors import EngineFailed, Location, Problem
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.syntax import READER

_FILTERS = (
    "pandoc/conditional",
    "filters/pictures",
    "filters/callouts",
    "filters/blocks",
    "filters/annex",
    "pandoc/crossref",
    *(
        f"filters/{name}"
        for name in ("layout", "landscape", "finish", "word", "floats", "data", "origins", "page")
    ),
)
_SCRATCH = ".pandoc"
_WRITERS = {"pdf": "typst", "docx": "docx", "html": "html5"}
_OPTIONS = {
    "pdf": ("--template", "assets/typst/bundled.typ"),
    "docx": ("--reference-doc", "assets/reference.docx", "--syntax-highlighting", "none"),
    "html": (
        "--template", "assets/html/template.html", "--css", "assets/report.css", "--embed-resources",
        "--toc", "--toc-depth=3", "--strip-comments", "--syntax-highlighting", "none",
    ),
}  # fmt: skip
_FILTER_FAILED = re.compile(
    r"Error running filter [^\n]*:\n(?:[^\n]*\.lua:\d+: )?(?P<why>.*?)(?=\nstack traceback|\Z)", re.DOTALL
)
_HINT = "write it as docs/reference/authoring.md lists it"
_METADATA = ("title", "subtitle", "force", "running-head", "marking", "lang", "author", "description")


class PandocEngine:
    """Makes the documents with pandoc and Typst."""

    name = "pandoc"

    def __init__(self) -> None:
        self.version = f"{pypandoc.get_pandoc_version()} with Typst {version('typst')}"

    def render(
        self,
        workspace: Path,
        formats: Sequence[str],
        output: Path,
        started: Callable[[str], None] = lambda _: None,
        finished: Callable[[str], None] = lambda _: None,
        epoch: int | None = None,
    ) -> None:
        """Make documents.

        Parameters
        ----------
        workspace : Path
            A complete one, whose syntax has been checked.
        formats : sequence of str
            Keys of `DOCUMENTS`.
        output : Path
            Folder of the documents.
        started, finished : callable
            Called with each format.
        epoch : int, optional
            Timestamp of the documents, in seconds since 1970; see `source_date_epoch`.

        Raises
        ------
        EngineFailed
            If a document could not be made, with file and line where they are known.
        """
        output.mkdir(parents=True, exist_ok=True)
        # The name goes into the Word document, so it is always the same.
        scratch = workspace / _SCRATCH
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            expansion = Expansion(workspace, scratch / "figures")
            (scratch / "report.md").write_text(expansion.text(), encoding="utf-8")
            metadata = {key: text for key, text in expansion.metadata.items() if key in _METADATA}
            (scratch / "metadata.yml").write_text(yaml.safe_dump(metadata, allow_unicode=True), encoding="utf-8")

            def make(format_: str) -> None:
                started(format_)
                _make(format_, workspace, scratch, output, formats, epoch)
                finished(format_)

            # All at once even on fewer cores: the longest would otherwise begin last.
            with ThreadPoolExecutor(max_workers=len(formats)) as pool:
                list(pool.map(make, formats))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _make(
    format_: str, workspace: Path, scratch: Path, output: Path, formats: Sequence[str], epoch: int | None
) -> None:
    target = output / DOCUMENTS[format_]
    source = scratch / "report.typ"
    command = [
        pypandoc.get_pandoc_path(),
        str(scratch / "report.md"),
        "--from", READER,
        "--to", _WRITERS[format_],
        "--standalone",
        # A line of Typst that begins with "2020." would be an item of a list.
        "--wrap", "none",
        "--metadata-file", str(scratch / "metadata.yml"),
        "--output", str(source if format_ == "pdf" else target),
        *(argument for name in _FILTERS for argument in ("--lua-filter", f"assets/{name}.lua")),
        *_OPTIONS[format_],
        *(other_documents(formats) if format_ == "html" else ()),
    ]  # fmt: skip
    ran = subprocess.run(
        command, cwd=workspace, env=environment(epoch), capture_output=True, text=True, check=False
    )
    warnings = [line for line in ran.stderr.splitlines() if line.startswith("[WARNING]")]
    if ran.returncode or warnings:
        raise EngineFailed(_refusal("\n".join(warnings) or ran.stderr.strip(), workspace, DOCUMENTS[format_]))
    if format_ == "pdf":
        _typst(source, workspace, target, epoch)


def _refusal(why: str, workspace: Path, document: str) -> Problem:
    """Put what pandoc or a filter says in words, with the line of the label or reference that it names."""
    if filtered := _FILTER_FAILED.search(why):
        why = filtered["why"]
    what = f"pandoc could not make {document}: {why}"
    if label := re.search(r"[#@](\w+-[\w-]*\w)", why):
        for path in (workspace / MAIN, *sorted((workspace / "sections").glob("*.qmd"))):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if label[0] in line:
                    return Problem(what, Location(path.relative_to(workspace).as_posix(), number), _HINT)
    return Problem(what, hint=_HINT if filtered else None)


def _typst(source: Path, workspace: Path, target: Path, epoch: int | None) -> None:
    # Pictures are named from the workspace, so that is where the Typst source has to be.
    placed = source.rename(workspace / f"{source.parent.name}.typ")
    try:
        pdf = typst.compile(
            placed,
            root=workspace,
            font_paths=[workspace / "assets" / "fonts"],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=None if epoch is None else datetime.fromtimestamp(epoch, UTC),
        )
    except typst.TypstError as error:
        what = f"Typst could not make report.pdf: {error.message}"
        raise EngineFailed(Problem(what, Location(MAIN), "; ".join(error.hints) or None)) from None
    finally:
        placed.unlink(missing_ok=True)
    target.write_bytes(pdf)
