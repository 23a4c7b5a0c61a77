"""Sections of a quarter's narrative: `sections/<quarter>/NN-slug.qmd` and the files they include.

A section that the quarter has not written is taken from `sections/_skeleton/`, whose sentences serve any quarter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.narrative.carried_over import Earlier, Sentence, own_texts, sentences
from scrutiny.narrative.section import SKELETON, FrontMatter, Section
from scrutiny.narrative.syntax import PICTURES, Shortcode, in_reading_order, shortcodes, split_front_matter
from scrutiny.statistics.periods import Quarter
from scrutiny.statistics.wording import counted
from scrutiny.suggest import nearest
from scrutiny.yaml_models import parse_yaml, read_text, validate_model

_TEXT = ".qmd"
_PICTURES = dict(zip(PICTURES, ("PNG", "JPEG", "JPEG"), strict=True))
_ORIENTATION = 0x0112


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

    @property
    def carried_over(self) -> tuple[str, ...]:
        """How many headings and stated numbers are carried over, in words."""
        headings = sum(len(section.carried_over) for section in self.sections)
        stated = sum(len(section.stated_carried_over) for section in self.sections)
        counts = ((headings, "heading"), (stated, "stated number"))
        return tuple(counted(count, noun) for count, noun in counts if count)

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
    sections, wrong = _read(folder, texts.values())
    problems += wrong
    problems += [
        Problem(what, Location(str(_source(path))), instead)
        for path in pictures
        for what, instead in _picture_mistakes(path)
    ]
    if problems:
        raise WrongInput(problems)
    return Narrative(names, tuple(sections), pictures)


def _read(
    folder: Path, paths: Iterable[Path], before: frozenset[str] = frozenset()
) -> tuple[list[Section], list[Problem]]:
    """Read a quarter's files, each with what was written for earlier quarters; `before` are not read again."""
    sections: list[Section] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            sections.append(_section(path))
        except WrongInput as error:
            problems += error.problems
    written: dict[Sentence, Quarter] = {}
    stated: dict[str, Quarter] = {}
    marks = {section.front_matter.carried_over: section for section in sections}
    for quarter, section in marks.items():
        if quarter is None or quarter in before:
            continue
        if not (folder / quarter).is_dir():
            what = f"sections/{quarter} is missing, with which the text is compared"
            place = Location(str(section.source), column="carried-over")
            problems.append(Problem(what, place, "bring it back, or write from which quarter the text is"))
        files = sorted((folder / quarter).glob(f"*{_TEXT}"))
        others, wrong = _read(folder, files, before | {path.parent.name for path in paths} | {quarter})
        problems += wrong
        for other in others:
            older = {one.line: one.quarter for one in other.carried_over}
            for text in own_texts(other.text):
                for sentence in text.sentences:
                    written.setdefault(sentence, older.get(text.line, Quarter.parse(quarter)))
            older_stated = {one.name: one.quarter for one in other.stated_carried_over}
            for one in other.front_matter.stated:
                stated.setdefault(one.digest, older_stated.get(one.text, Quarter.parse(quarter)))
    if not written and not stated:
        return sections, problems
    skeleton = [path.read_text(encoding="utf-8") for path in (folder / SKELETON).glob(f"*{_TEXT}")]
    timeless = frozenset(sentence for text in skeleton for sentence in sentences(split_front_matter(text)[2]))
    earlier = Earlier(written, stated, timeless)
    return [one if one.from_skeleton else replace(one, earlier=earlier) for one in sections], problems


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
