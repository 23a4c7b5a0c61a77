"""A first mapping for a file, from its own heads and a dataset; what is not plain is left as TODO."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.importers.extract.draft_maker import Maker
from scrutiny.importers.extract.draft_text import Draft
from scrutiny.importers.extract.header import fits
from scrutiny.importers.extract.mapping import MappingFile
from scrutiny.importers.extract.shape import Shape, look_at
from scrutiny.importers.extract.todo import TODO
from scrutiny.importers.files.cells import SourceTable
from scrutiny.importers.files.workbooks import read_tables
from scrutiny.inputs.project import Project
from scrutiny.yaml_models import validate_model


@dataclass(frozen=True)
class Begun:
    """A mapping that was begun for a file."""

    file: Path
    draft: Draft
    text: str
    next_best: list[str]
    """Datasets that would fit less well."""

    def as_content(self, written: Path) -> dict[str, object]:
        """Describe it to programs."""
        left = [problem.location.column for problem in self.draft.left if problem.location]
        return {
            "written": written.as_posix(),
            "dataset": self.draft.dataset,
            "next_best": self.next_best,
            "to_do": left,
        }

    def as_lines(self, written: Path) -> Iterator[str]:
        """Describe it to people."""
        after = f" (then {', '.join(self.next_best)})" if self.next_best else ""
        yield f"{written}: begun for the dataset {self.draft.dataset}{after}"
        for problem in self.draft.left:
            key = problem.location.column if problem.location else ""
            comment = self.draft.comments.get(key or "")
            yield f"  to do    {key}{f': {comment}' if comment else ''}"
        yield f"compare it with the file, then: scrutiny import extract {self.file} --mapping {written}"


def begin(project: Project, file: Path, dataset: str | None) -> Begun:
    """Draft a mapping for the dataset named, or the one that fits best.

    Raises WrongUse if it is not clear which dataset is meant, and WrongInput if the file cannot be read.
    """
    tables = [table for table in read_tables([file]) if table.rows]
    shapes: list[Shape] = []
    problems: list[Problem] = []
    for table in tables:
        try:
            shapes.append(look_at(table))
        except WrongInput as error:
            problems += error.problems
    if not shapes:
        raise WrongInput(problems or Problem("there is no table here", Location(file), "export it again"))
    shape = max(shapes, key=lambda one: len(one.table.rows) * len(one.columns))
    package = project.datapackage
    resources = [package.resource(dataset)] if dataset else package.resources
    drafts = sorted((Maker(project, one, shape, file).make() for one in resources), key=lambda one: -one.score)
    if not dataset and (drafts[0].score <= 0 or (len(drafts) > 1 and drafts[0].score == drafts[1].score)):
        what = "it is not clear which dataset this file is for"
        raise WrongUse(Problem(what, Location(file), "add --dataset NAME, a name in data/datapackage.yaml"))
    best = drafts[0]
    if len(tables) > 1:
        best.keys = {"sheet": shape.table.sheet, **best.keys}
    head = [f"Begun from {file.name} by scrutiny mapping. Compare each line with the file."]
    if best.left:
        head.append(f"Replace each {TODO}; the mapping is refused while there is one.")
    else:
        head += _still_wrong(best, shape.table)
    return Begun(file, best, best.text(head), [one.dataset for one in drafts[1:3] if one.score > 0])


def write(project: Project, begun: Begun, to: Path | None) -> Path:
    """Write a mapping, by default beside the others; raises WrongUse if there is a file already."""
    folder = Path("data", "mappings")
    name = begun.draft.dataset
    if (project.root / folder / f"{name}.yaml").exists():
        name += f"-{re.sub('[^a-z0-9]+', '-', begun.file.stem.casefold()).strip('-')}"
    target = to or folder / f"{name}.yaml"
    path = project.root / target
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(begun.text)
    except FileExistsError:
        what = "there is such a file already, and it is not overwritten"
        raise WrongUse(Problem(what, Location(target), "give another name with --to")) from None
    except OSError as error:
        what = f"this file cannot be written ({error.strerror})"
        raise WrongUse(Problem(what, Location(target), "give another name with --to")) from None
    return target


def _still_wrong(draft: Draft, table: SourceTable) -> Iterator[str]:
    """Say what keeps a finished draft from reading its own file."""
    content = {"dataset": draft.dataset, **draft.keys}
    try:
        problems: Sequence[Problem] = fits(table, validate_model(content, MappingFile, Path()))
    except WrongInput as error:
        problems = error.problems
    yield from (f"Still to mend: {' '.join(problem.message.split())}" for problem in problems)
