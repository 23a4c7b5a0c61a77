"""Sections of a quarter's narrative: `sections/<quarter>/NN-slug.qmd` and the files they include.

A section that the quarter has not written is taken from `sections/_skeleton/`, whose sentences serve any quarter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from pydantic import Field

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.narrative.carried_over import CarriedOver, callout, lines_above_callout, text_digest
from scrutiny.narrative.syntax import PICTURES, Shortcode, in_reading_order, shortcodes, split_front_matter
from scrutiny.statistics.periods import Quarter
from scrutiny.suggest import nearest
from scrutiny.yaml_models import Strict, parse_yaml, read_text, validate_model

SKELETON = "_skeleton"
_TEXT = ".qmd"
_PICTURES = dict(zip(PICTURES, ("PNG", "JPEG", "JPEG"), strict=True))
_ORIENTATION = 0x0112


class Stated(Strict):
    """A number in the narrative that comes once, from a partner's text, and so is not data.

    Parameters
    ----------
    text : str
        As it stands in the section, such as "up to 60%".
    source : str
        Who says so.
    value : str, optional
        The value that says the same, with which it has to agree: see `docs/reference/numbers.md`.
    """

    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    value: str | None = Field(default=None, min_length=1)


class FrontMatter(Strict):
    """What may stand between the ``---`` at the head of a section."""

    carried_over: CarriedOver | None = Field(default=None, alias="carried-over")
    stated: tuple[Stated, ...] = ()


@dataclass(frozen=True)
class Section:
    """A file of narrative.

    Parameters
    ----------
    source : PurePosixPath
        The file that the analyst edits, from the project's folder.
    text : str
        The file with its front matter blanked out, so that lines keep their numbers.
    shown : str, optional
        What is left of it in this quarter, if part of it is tied to figures; see `conditions`.
    """

    source: PurePosixPath
    front_matter: FrontMatter
    text: str
    shown: str | None = None

    @property
    def name(self) -> str:
        """The file name, the same in the workspace's `sections/`."""
        return self.source.name

    @property
    def current(self) -> str:
        """The text of this quarter's report."""
        return self.text if self.shown is None else self.shown

    @property
    def from_skeleton(self) -> bool:
        """Whether the quarter has not written it."""
        return self.source.parent.name == SKELETON

    @cached_property
    def carried_over_from(self) -> Quarter | None:
        """The quarter for which its text was written, if it is another one's and nobody has edited it since."""
        mark = self.front_matter.carried_over
        return Quarter.parse(mark.quarter) if mark and mark.text == text_digest(self.text) else None

    @cached_property
    def generated(self) -> str:
        """The text as the workspace has it, with a note on where to edit it in the place of the front matter.

        Text that is carried over has a callout, below the heading if it begins with one.
        """
        note = f"<!-- generated: edit {self.source} -->"
        first, newline, rest = self.current.partition("\n")
        text = f"{self.current.rstrip()}\n\n{note}\n" if first.strip() else f"{note}{newline}{rest}"
        lines = text.split("\n")
        lines[self._above_callout : self._above_callout] = self._callout
        return "\n".join(lines)

    def edited_line(self, line: int) -> int:
        """Give the line of the edited file for one of `generated`."""
        above = self._above_callout
        return line if line <= above else max(line - len(self._callout), above, 1)

    @cached_property
    def _callout(self) -> list[str]:
        return callout(self.carried_over_from) if self.carried_over_from else []

    @cached_property
    def _above_callout(self) -> int:
        return lines_above_callout(self.text)


@dataclass(frozen=True)
class Narrative:
    """A quarter's narrative.

    Parameters
    ----------
    order : tuple of str
        File names of the sections, in the order of the report.
    sections : tuple of Section
        These, and the files they may include.
    pictures : tuple of Path
        Pictures that lie beside them.
    """

    order: tuple[str, ...]
    sections: tuple[Section, ...]
    pictures: tuple[Path, ...]

    def in_reading_order(self) -> Iterator[tuple[Section, Section, Section | Shortcode]]:
        """Go through the report's files in the order in which they are read, each once.

        Yields
        ------
        section, file, part : Section, Section, Section or Shortcode
            The section of the report; it, or the file it includes, in which the part stands; and the part: that
            file itself, then each of its shortcodes.
        """
        files = {f"sections/{section.name}": section for section in self.sections}
        parts: dict[str, list[Section | Shortcode]] = {
            name: [section, *shortcodes(section.current)] for name, section in files.items()
        }
        for path, part in in_reading_order([f"sections/{name}" for name in self.order], parts):
            yield files[path[0]], files[path[-1]], part


def load_narrative(folder: Path, quarter: str, order: list[str]) -> Narrative:
    """Read a quarter's sections; its own files take precedence over those of the skeleton.

    Parameters
    ----------
    folder : Path
        The folder `sections/`.
    order : list of str
        The sections of the report, without ``.qmd``.

    Raises
    ------
    WrongInput
        If a section is missing or not listed, or its front matter is wrong; with all mistakes.
    """
    names = tuple(f"{name}{_TEXT}" for name in order)
    skeleton = sorted((folder / SKELETON).glob("*"))
    files = {path.name: path for path in skeleton if path.name in names or path.name.startswith("_")}
    files |= {path.name: path for path in sorted((folder / quarter).glob("*"))}
    texts = {path.stem: path for path in files.values() if path.suffix == _TEXT}
    pictures = tuple(path for path in files.values() if path.suffix in _PICTURES)
    missing = Location(f"params/{quarter}.yml", column="sections")
    problems = [
        Problem(
            f"there is no section {name}: sections/{quarter}/{name}.qmd is missing", missing, nearest(name, texts)
        )
        for name in order
        if name not in texts
    ]
    problems += [
        Problem(
            f"this section is not in sections: of params/{quarter}.yml",
            Location(f"sections/{quarter}/{path.name}"),
            f"add {path.stem} there, or begin the name with _ if another file includes it",
        )
        for path in texts.values()
        if path.stem not in order and not path.name.startswith("_")
    ]
    sections = []
    for path in texts.values():
        try:
            sections.append(_section(path))
        except WrongInput as error:
            problems += error.problems
    problems += [
        Problem(what, Location(str(_source(path))), instead)
        for path in pictures
        for what, instead in _picture_mistakes(path)
    ]
    if problems:
        raise WrongInput(problems)
    return Narrative(names, tuple(sections), pictures)


def _picture_mistakes(path: Path) -> Iterator[tuple[str, str]]:
    """Give what keeps a picture from being shown alike everywhere, and what to do."""
    # Comes with Matplotlib; imported late, because few reports have pictures of their own.
    from PIL import Image

    kind = _PICTURES[path.suffix]
    try:
        with Image.open(path, formats=[kind]) as picture:
            picture.load()
    except Image.DecompressionBombError:
        yield "this picture has too many pixels to be read", "save it smaller"
    except (OSError, SyntaxError, ValueError):
        instead = "save it anew as PNG or JPEG under a name that says so"
        yield f"this is no picture of the kind {path.suffix}, or a part of it is missing", instead
    else:
        if picture.mode == "CMYK":
            yield (
                "this picture has the colours of a printing press, CMYK",
                "save it as RGB, which all formats show",
            )
        if picture.getexif().get(_ORIENTATION, 1) != 1:
            what = "this picture is turned by a note in its file (EXIF), which Word does not follow"
            yield what, "turn it, and save it without the note"
        if kind == "PNG" and getattr(picture, "is_animated", False):
            yield "this picture moves, which paper cannot", "save one of its frames"


def _source(path: Path) -> PurePosixPath:
    return PurePosixPath("sections", path.parent.name, path.name)


def _section(path: Path) -> Section:
    source = _source(path)
    shown_as = Path(source)
    text = read_text(path, shown_as)
    yaml_text, lines, body = split_front_matter(text)
    if not lines and re.match(r"---[ \t]*\n", text):
        what = "the front matter is not closed"
        raise WrongInput(Problem(what, Location(shown_as, 1), "end it with a line of three hyphens, ---"))
    front_matter = validate_model(parse_yaml(yaml_text, shown_as, first_line=2), FrontMatter, shown_as)
    problems = [
        Problem(
            f"the stated number {stated.text!r} does not stand in the section",
            Location(shown_as, column=f"stated.{position}.text"),
            "write it as it stands in the text, or remove it",
        )
        for position, stated in enumerate(front_matter.stated, 1)
        if " ".join(stated.text.split()) not in " ".join(body.split())
    ]
    if problems:
        raise WrongInput(problems)
    return Section(source, front_matter, "\n" * lines + body)
