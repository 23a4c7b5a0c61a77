"""Checks of the assembled narrative, because Quarto prints `?var:x` or raw text for a mistake and exits with 0."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Place, Problem
from scrutiny.files import content_digest
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.outline import Heading, Named, Outline
from scrutiny.narrative.syntax import ALONE, Shortcode, footnotes, shortcodes
from scrutiny.suggest import instead_of
from scrutiny.yaml_models import nearest

_KIND = "outlines"

SHORTCODES = ("embed", "include", "meta", "pagebreak", "var")

Placer = Callable[[str, int | None], Place]
"""Names a file and line as the analyst knows them."""


@dataclass(frozen=True)
class Known:
    """What narrative may name.

    Parameters
    ----------
    values : collection of str, or mapping of str to str
        Names of the values, and what they say where that is known.
    notebooks : mapping of str to collection of str
        Path of each executed notebook in the workspace, and the labels of its tables and figures.
    metadata : collection of str
        Keys for `meta`, dotted.
    files : collection of str
        Files of the workspace that may be pictured.
    """

    values: Collection[str] | Mapping[str, str]
    notebooks: Mapping[str, Collection[str]]
    metadata: Collection[str] = ()
    files: Collection[str] = ()


def check_narrative(
    texts: Mapping[str, str], known: Known, edited: Mapping[str, str], cache: Cache = NOTHING
) -> list[Problem]:
    """Check narrative against everything that it names.

    Parameters
    ----------
    texts : mapping of str to str
        Path in the workspace of the main document and of each file that may be included, and its text.
    edited : mapping of str to str
        Path in the workspace to the file that the analyst edits; line numbers are the same in both.

    Returns
    -------
    list of Problem
        All mistakes, by file and line.
    """

    def place(file: str, line: int | None) -> Place:
        return Place(edited.get(file, file), line)

    order, problems = _reading_order(texts, place)
    outlines = outlines_of({file: texts[file] for file in order}, known.files, cache)
    for file, found in outlines.items():
        for code in shortcodes(texts[file]):
            problems += [Problem(what, place(file, code.line), instead) for what, instead in _wrong(code, known)]
        problems += [Problem(what, place(file, line), instead) for what, line, instead in found.problems]
    problems += _wrong_labels(outlines, place)
    problems += _repeated_footnotes({file: texts[file] for file in order}, place)
    problems += _jumping_headings(outlines, place)
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (str(problem.where.file), problem.where.line or 0) if problem.where else ("", 0),
    )


def _reading_order(texts: Mapping[str, str], place: Placer) -> tuple[list[str], list[Problem]]:
    """Follow the includes from the main document; tell missing files and circles."""
    order: list[str] = []
    problems: list[Problem] = []

    def follow(file: str, through: tuple[str, ...]) -> None:
        order.append(file)
        for code in shortcodes(texts[file]):
            if code.name != "include" or not code.arguments:
                continue
            target = code.arguments[0]
            at = place(file, code.line)
            if target.startswith(("/", "../")):
                problems.append(
                    Problem(f"the include {target} leads out of the report", at, "begin with sections/")
                )
            elif target in (*through, file):
                problems.append(Problem(f"{target} includes itself", at, "take one of the includes out"))
            elif target not in texts:
                problems.append(Problem(f"the included file {target} is missing", at, nearest(target, texts)))
            elif target in order:
                problems.append(Problem(f"{target} is included twice", at, "keep one of the two"))
            else:
                follow(target, (*through, file))

    follow(MAIN, ())
    return order, problems


def _wrong(code: Shortcode, known: Known) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a shortcode, and what to write instead."""
    if code.name not in SHORTCODES:
        yield f"the shortcode {code.name} is not known", f"known: {', '.join(SHORTCODES)}"
        return
    expected = 0 if code.name == "pagebreak" else 1
    if len(code.arguments) != expected:
        # What a value says was written instead of its name, or blanks between the parts of it.
        written = " ".join(code.arguments)
        yield (
            f"{code.name} takes {expected or 'no'} name, not {len(code.arguments)}",
            instead_of(written, known.values)
            if code.name == "var" and written
            else f"see {code.name} in docs/authoring.md",
        )
        return
    if code.name in ALONE and not code.alone:
        yield f"{code.name} has to stand alone on its line", "put it on a line of its own, blank lines around it"
    argument = code.arguments[0] if code.arguments else ""
    if code.name == "var" and argument not in known.values:
        yield f"nothing publishes the value {argument}", instead_of(argument, known.values)
    elif code.name == "meta" and argument not in known.metadata:
        yield f"the metadata have no {argument}", nearest(argument, known.metadata)
    elif code.name == "embed":
        notebook, _, label = argument.partition("#")
        if notebook not in known.notebooks:
            yield f"there is no notebook {notebook}", nearest(notebook, known.notebooks)
        elif label not in known.notebooks[notebook]:
            yield f"{notebook} has no table or figure {label!r}", nearest(label, known.notebooks[notebook])


def _wrong_labels(outlines: Mapping[str, Outline], place: Placer) -> Iterator[Problem]:
    """Find labels that are defined twice, and references and links to what is not there, or not everywhere."""
    defined: dict[str, Place] = {}
    partly: set[str] = set()
    for file, found in outlines.items():
        automatic = [Named(heading.name, heading.line) for heading in found.headings if not heading.own]
        for label in sorted([*found.labels, *automatic], key=lambda label: label.line):
            at = place(file, label.line)
            if label.name not in defined:
                defined[label.name] = at
            elif label not in automatic:
                yield Problem(
                    f"{label.name} is already defined in {defined[label.name]}", at, "give it another name"
                )
            if label.partly:
                partly.add(label.name)
    headings = [heading for found in outlines.values() for heading in found.headings]
    unnumbered = {heading.name for heading in headings if not heading.numbered}
    referable = [name for name in defined if name.startswith(("fig-", "tbl-", "sec-"))]
    for file, found in outlines.items():
        for what, used, known in (
            *((f"the link to #{link.name}", link, defined) for link in found.links),
            *((f"the reference @{reference.name}", reference, referable) for reference in found.references),
        ):
            at = place(file, used.line)
            if used.name not in defined:
                yield Problem(f"{what} leads nowhere", at, nearest(used.name, known))
            elif used.name in partly:
                yield Problem(
                    f"{what} leads to what some formats do not show",
                    at,
                    "show it in all of them, or put this beside it",
                )
        for reference in found.references:
            if reference.name in unnumbered:
                yield Problem(
                    f"@{reference.name} is a heading without a number, so there is nothing to refer by",
                    place(file, reference.line),
                    f"write a link: [Appendix A](#{reference.name})",
                )


def _repeated_footnotes(texts: Mapping[str, str], place: Placer) -> Iterator[Problem]:
    """Find names of footnotes that two files give: the report is one text to both engines."""
    defined: dict[str, tuple[str, Place]] = {}
    for file, text in texts.items():
        for name, line in footnotes(text):
            first, at = defined.setdefault(name, (file, place(file, line)))
            if first != file:
                yield Problem(
                    f"the footnote {name} is already defined in {at}", place(file, line), "give it another name"
                )


def _jumping_headings(outlines: Mapping[str, Outline], place: Placer) -> Iterator[Problem]:
    """Find headings more than one level below the one before; PDF/UA allows none."""
    level = 0
    for file, heading in _headings_as_read(MAIN, outlines, ()):
        if heading.level > level + 1:
            yield Problem(
                f"a heading of level {heading.level} follows one of level {level}",
                place(file, heading.line),
                f"begin it with {'#' * (level + 1)}",
            )
        level = heading.level


def _headings_as_read(
    file: str, outlines: Mapping[str, Outline], through: tuple[str, ...]
) -> Iterator[tuple[str, Heading]]:
    """Give the headings in the order in which the report has them."""
    for part in outlines[file].parts:
        if isinstance(part, Heading):
            yield file, part
        elif part.arguments and part.arguments[0] in outlines and part.arguments[0] not in (*through, file):
            yield from _headings_as_read(part.arguments[0], outlines, (*through, file))


def files_below(folder: Path) -> set[str]:
    """Give the files of a workspace as narrative names them."""
    return {PurePosixPath(path.relative_to(folder)).as_posix() for path in folder.rglob("*") if path.is_file()}


def outlines_of(texts: Mapping[str, str], files: Collection[str], cache: Cache) -> dict[str, Outline]:
    """Let pandoc read files of narrative, each by itself, and give what it finds in them.

    Parameters
    ----------
    texts : mapping of str to str
        Name of a file and its text, the values wrapped as in the workspace.
    files : collection of str
        Files of the workspace that may be pictured.
    """
    there = content_digest(*sorted(files))
    keys = {name: cache.key(there, text) for name, text in texts.items()}
    remembered = {name: cache.get(_KIND, key) for name, key in keys.items()}
    outlines = {name: Outline.from_json(content) for name, content in remembered.items() if content}
    if missing := {name: text for name, text in texts.items() if name not in outlines}:
        # Imported late: when nothing is new, neither pandoc nor what walks through its reading is needed.
        from scrutiny.narrative.markup import outline
        from scrutiny.narrative.pandoc_ast import parse

        for name, parsed in parse(missing).items():
            outlines[name] = outline(parsed, files)
            cache.put(_KIND, keys[name], outlines[name].to_json())
    return {name: outlines[name] for name in texts}
