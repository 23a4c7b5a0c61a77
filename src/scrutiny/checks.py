"""Checks of the assembled narrative, because Quarto prints `?var:x` or raw text for a mistake and exits with 0."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scrutiny.engines.interface import MAIN
from scrutiny.errors import Place, Problem
from scrutiny.markup import markup_problems
from scrutiny.syntax import (
    REFERENCE_KINDS,
    Heading,
    Shortcode,
    automatic_id,
    headings,
    labels,
    links,
    misplaced_values,
    references,
    shortcodes,
    shortcodes_in_code,
    unclosed_shortcodes,
)
from scrutiny.yaml_files import nearest

SHORTCODES = ("embed", "include", "meta", "pagebreak", "var")
_ALONE = ("embed", "include")


Placer = Callable[[str, int | None], Place]
"""Names a file and line as the analyst knows them."""


@dataclass(frozen=True)
class Known:
    """What narrative may name.

    Parameters
    ----------
    values : collection of str
        Names of the values.
    notebooks : mapping of str to collection of str
        Path of each executed notebook in the workspace, and the labels of its tables and figures.
    metadata : collection of str
        Keys for `meta`, dotted.
    files : collection of str
        Files of the workspace that may be pictured.
    """

    values: Collection[str]
    notebooks: Mapping[str, Collection[str]]
    metadata: Collection[str] = ()
    files: Collection[str] = ()


def check_narrative(texts: Mapping[str, str], known: Known, edited: Mapping[str, str]) -> list[Problem]:
    """Check narrative against everything that it names.

    Parameters
    ----------
    texts : mapping of str to str
        Path in the workspace of the main document and of each file that may be included, and its text.
    known : Known
    edited : mapping of str to str
        Path in the workspace to the file that the analyst edits; line numbers are the same in both.

    Returns
    -------
    list of Problem
        All mistakes, by file and line.
    """
    problems: list[Problem] = []

    def place(file: str, line: int | None) -> Place:
        return Place(edited.get(file, file), line)

    order, including = _reading_order(texts, place)
    problems += including
    for file in order:
        text = texts[file]
        problems += [
            Problem("a {{< is not closed", place(file, line), "close it with >}}, on the same line")
            for line in unclosed_shortcodes(text)
        ]
        problems += [
            Problem(
                f"the shortcode {code.name} stands inside code, where Quarto carries it out all the same",
                place(file, code.line),
                "to show it as text, write {{{< … >}}}",
            )
            for code in shortcodes_in_code(text)
        ]
        problems += [
            Problem(
                f"the shortcode {code.name} stands inside attributes or the address of a link",
                place(file, code.line),
                "a value may stand in running text, headings, captions, cells, link texts and footnotes",
            )
            for code in misplaced_values(text)
        ]
        for code in shortcodes(text):
            problems += [Problem(what, place(file, code.line), instead) for what, instead in _wrong(code, known)]
        problems += [
            Problem(
                "a heading with a value in it needs an id of its own",
                place(file, heading.line),
                "end the line with an id, such as {#sec-recorded-crime}",
            )
            for heading in headings(text)
            if "{{<" in heading.text and heading.label is None
        ]
        problems += [
            Problem(what, place(file, line), instead) for what, line, instead in markup_problems(text, known.files)
        ]
    problems += _wrong_labels(order, texts, place)
    problems += _jumping_headings(order, texts, place)
    return sorted(
        problems,
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
        yield (
            f"{code.name} takes {expected or 'no'} name, not {len(code.arguments)}",
            f"see {code.name} in docs/authoring.md",
        )
        return
    if code.name in _ALONE and not code.alone:
        yield f"{code.name} has to stand alone on its line", "put it on a line of its own, blank lines around it"
    argument = code.arguments[0] if code.arguments else ""
    if code.name == "var" and argument not in known.values:
        below = sorted(name for name in known.values if name.startswith(f"{argument}."))
        hint = f"below it there are {', '.join(below[:6])}" if below else nearest(argument, known.values)
        yield f"nothing publishes the value {argument}", hint
    elif code.name == "meta" and argument not in known.metadata:
        yield f"the metadata have no {argument}", nearest(argument, known.metadata)
    elif code.name == "embed":
        notebook, _, label = argument.partition("#")
        if notebook not in known.notebooks:
            yield f"there is no notebook {notebook}", nearest(notebook, known.notebooks)
        elif label not in known.notebooks[notebook]:
            yield f"{notebook} has no table or figure {label!r}", nearest(label, known.notebooks[notebook])


def _wrong_labels(order: list[str], texts: Mapping[str, str], place: Placer) -> Iterator[Problem]:
    """Find labels that are defined twice, and references to labels that are not defined."""
    defined: dict[str, Place] = {}
    unnumbered: set[str] = set()
    for file in order:
        text = texts[file]
        found = [(label.name, label.line) for label in labels(text)]
        for code in shortcodes(text):
            if code.name == "embed" and code.arguments:
                found.append((code.arguments[0].partition("#")[2], code.line))
        for name, line in found:
            if name in defined:
                yield Problem(
                    f"{name} is already defined in {defined[name]}", place(file, line), "give it another name"
                )
            defined.setdefault(name, place(file, line))
        unnumbered |= {heading.label for heading in headings(text) if heading.label and not heading.numbered}
    reachable = set(defined) | {
        automatic_id(heading.text) for file in order for heading in headings(texts[file]) if not heading.label
    }
    for file in order:
        for link in links(texts[file]):
            if link.name not in reachable:
                yield Problem(
                    f"the link to #{link.name} leads nowhere",
                    place(file, link.line),
                    nearest(link.name, reachable),
                )
    referable = [name for name in defined if name.startswith(tuple(f"{kind}-" for kind in REFERENCE_KINDS))]
    for file in order:
        for reference in references(texts[file]):
            if reference.label not in defined:
                yield Problem(
                    f"the reference @{reference.label} leads nowhere",
                    place(file, reference.line),
                    nearest(reference.label, referable),
                )
            elif reference.label in unnumbered:
                yield Problem(
                    f"@{reference.label} is a heading without a number, so there is nothing to refer by",
                    place(file, reference.line),
                    f"write a link: [Appendix A](#{reference.label})",
                )


def _jumping_headings(order: list[str], texts: Mapping[str, str], place: Placer) -> Iterator[Problem]:
    """Find headings more than one level below the one before; PDF/UA allows none."""
    level = 0
    for file, heading in _headings_as_read(MAIN, texts, set(order)):
        if heading.level > level + 1:
            yield Problem(
                f"a heading of level {heading.level} follows one of level {level}",
                place(file, heading.line),
                f"begin it with {'#' * (level + 1)}",
            )
        level = heading.level


def _headings_as_read(file: str, texts: Mapping[str, str], there: set[str]) -> Iterator[tuple[str, Heading]]:
    """Give the headings in the order in which the report has them."""
    text = texts[file]
    parts: list[tuple[int, Heading | str]] = [(heading.line, heading) for heading in headings(text)]
    parts += [
        (code.line, code.arguments[0])
        for code in shortcodes(text)
        if code.name == "include" and code.arguments and code.arguments[0] in there
    ]
    for _, part in sorted(parts, key=lambda part: part[0]):
        if isinstance(part, Heading):
            yield file, part
        elif part != file:
            yield from _headings_as_read(part, texts, there - {file})


def files_below(folder: Path) -> set[str]:
    """Give the files of a workspace as narrative names them."""
    return {PurePosixPath(path.relative_to(folder)).as_posix() for path in folder.rglob("*") if path.is_file()}
