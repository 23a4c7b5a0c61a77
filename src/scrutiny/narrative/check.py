"""Checks of the assembled narrative, because Quarto prints `?var:x` or raw text for a mistake and exits with 0."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scrutiny.cache import NOTHING, Cache
from scrutiny.errors import Location, Problem
from scrutiny.files import content_digest
from scrutiny.inputs.project import MAIN
from scrutiny.narrative.outline import OUTLINE_JSON, Columns, Heading, Named, Outline
from scrutiny.narrative.syntax import ALONE, Shortcode, footnotes, in_reading_order, shortcodes
from scrutiny.narrative.tables import width_problems
from scrutiny.suggest import instead_of, nearest

_KIND = "outlines"

SHORTCODES = ("embed", "include", "meta", "pagebreak", "var")

Locate = Callable[[str, int], Location]
"""Gives the place that the analyst edits for a file and line of the workspace."""


@dataclass(frozen=True)
class Known:
    """What narrative may name.

    Parameters
    ----------
    values : collection of str, or mapping of str to str
        Names of the values, with their texts where these are known.
    notebooks : mapping of str to collection of str
        Labels of the tables and figures of each executed notebook, by its path in the workspace.
    metadata : collection of str
        Keys for `meta`, dotted.
    files : collection of str
        Files of the workspace that may be pictured.
    omitted : collection of str
        Addresses of the tables and figures that this quarter's report lacks, ``notebooks/a.ipynb#fig-b``.
    tables : mapping of str to sequence of Columns
        What notebooks show, by address.
    """

    values: Collection[str] | Mapping[str, str]
    notebooks: Mapping[str, Collection[str]]
    metadata: Collection[str] = ()
    files: Collection[str] = ()
    omitted: Collection[str] = ()
    tables: Mapping[str, Sequence[Columns]] = field(default_factory=dict)


def check_narrative(
    texts: Mapping[str, str], known: Known, place: Locate = Location, cache: Cache = NOTHING
) -> list[Problem]:
    """Check narrative against everything that it names; gives all mistakes, by file and line.

    Parameters
    ----------
    texts : mapping of str to str
        Texts of the main document and of each file that may be included, by their path in the workspace.
    """
    codes = {file: shortcodes(text) for file, text in texts.items()}
    files, problems = _included(codes, place)
    outlines = outlines_of({file: texts[file] for file in files}, known.files, cache)
    for file, outline in outlines.items():
        mistakes = [(what, code.line, instead) for code in codes[file] for what, instead in _mistakes(code, known)]
        problems += [
            Problem(what, place(file, line), instead) for what, line, instead in mistakes + outline.problems
        ]
    problems += _label_problems(outlines, known.omitted, place)
    problems += _footnote_problems({file: footnotes(texts[file]) for file in files}, place)
    problems += _heading_problems(outlines, place)
    texts_of_values = known.values if isinstance(known.values, Mapping) else {}
    problems += width_problems(outlines, texts_of_values, known.tables, place)
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (
            (str(problem.location.file), problem.location.line or 0) if problem.location else ("", 0)
        ),
    )


def _included(codes: Mapping[str, Sequence[Shortcode]], place: Locate) -> tuple[list[str], list[Problem]]:
    """Follow the includes from the main document; gives the files and the mistakes."""
    files = [MAIN]
    problems = []
    for path, code in in_reading_order([MAIN], codes):
        if not (target := code.included):
            continue
        at = place(path[-1], code.line)
        if target.startswith(("/", "../")):
            problems.append(Problem(f"the include {target} leads out of the report", at, "begin with sections/"))
        elif target in path:
            problems.append(Problem(f"{target} includes itself", at, "take one of the includes out"))
        elif target not in codes:
            problems.append(Problem(f"the included file {target} is missing", at, nearest(target, codes)))
        elif target in files:
            problems.append(Problem(f"{target} is included twice", at, "keep one of the two"))
        else:
            files.append(target)
    return files, problems


def _mistakes(code: Shortcode, known: Known) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a shortcode, and what to write instead."""
    if code.name not in SHORTCODES:
        yield f"the shortcode {code.name} is not known", f"known: {', '.join(SHORTCODES)}"
        return
    expected = 0 if code.name == "pagebreak" else 1
    if len(code.arguments) != expected:
        # Perhaps the text of a value instead of its name, or a name with blanks between its parts.
        written = " ".join(code.arguments) if code.name == "var" else ""
        yield (
            f"{code.name} takes {expected or 'no'} name, not {len(code.arguments)}",
            instead_of(written, known.values) if written else f"see {code.name} in docs/reference/authoring.md",
        )
        return
    if code.name in ALONE and not code.alone:
        yield f"{code.name} has to stand alone on its line", "put it on a line of its own, blank lines around it"
    argument = code.argument
    if code.name == "var" and argument not in known.values:
        yield f"nothing publishes the value {argument}", instead_of(argument, known.values)
    elif code.name == "meta" and argument not in known.metadata:
        yield f"the metadata have no {argument}", nearest(argument, known.metadata)
    elif code.name == "embed":
        notebook, _, label = argument.partition("#")
        labels = known.notebooks.get(notebook)
        if labels is None:
            yield f"there is no notebook {notebook}", nearest(notebook, known.notebooks)
        elif label not in labels:
            yield f"{notebook} has no table or figure {label!r}", nearest(label, labels)


def _label_problems(outlines: Mapping[str, Outline], omitted: Collection[str], place: Locate) -> Iterator[Problem]:
    """Find labels that are defined twice, and references and links to what is not there, or not everywhere."""
    notebook_of = {label: notebook for notebook, _, label in (address.partition("#") for address in omitted)}
    defined: dict[str, Location] = {}
    for file, outline in outlines.items():
        automatic = [Named(heading.name, heading.line) for heading in outline.headings if not heading.own]
        for label in sorted([*outline.labels, *automatic], key=lambda label: label.line):
            at = place(file, label.line)
            first = defined.setdefault(label.name, at)
            if first is not at and label not in automatic:
                yield Problem(f"{label.name} is already defined in {first}", at, "give it another name")
    partly = {label.name for outline in outlines.values() for label in outline.labels if label.partly}
    headings = [heading for outline in outlines.values() for heading in outline.headings]
    unnumbered = {heading.name for heading in headings if not heading.numbered}
    referable = [name for name in defined if name.startswith(("fig-", "tbl-", "sec-"))]
    for file, outline in outlines.items():
        for what, used, known in (
            *((f"the link to #{link.name}", link, defined) for link in outline.links),
            *((f"the reference @{reference.name}", reference, referable) for reference in outline.references),
        ):
            at = place(file, used.line)
            if used.name in notebook_of and used.name not in defined:
                why = f"{what} leads to what {notebook_of[used.name]} omits: this quarter has no data for it"
                yield Problem(why, at, f'tie the sentence to it: [… @{used.name} …]{{when="{used.name}"}}')
            elif used.name not in defined:
                yield Problem(f"{what} leads nowhere", at, nearest(used.name, known))
            elif used.name in partly:
                instead = "show it in all of them, or put this beside it"
                yield Problem(f"{what} leads to what some formats do not show", at, instead)
            if known is referable and used.name in unnumbered:
                yield Problem(
                    f"@{used.name} is a heading without a number, so there is nothing to refer by",
                    at,
                    f"write a link: [Appendix A](#{used.name})",
                )


def _footnote_problems(footnotes_of: Mapping[str, list[tuple[str, int]]], place: Locate) -> Iterator[Problem]:
    """Find footnotes of the same name in two files: to both engines, the report is one text."""
    defined: dict[str, tuple[str, Location]] = {}
    for file, names in footnotes_of.items():
        for name, line in names:
            first, at = defined.setdefault(name, (file, place(file, line)))
            if first != file:
                what = f"the footnote {name} is already defined in {at}"
                yield Problem(what, place(file, line), "give it another name")


def _heading_problems(outlines: Mapping[str, Outline], place: Locate) -> Iterator[Problem]:
    """Find headings more than one level below the one before; PDF/UA allows none."""
    level = 0
    for path, part in in_reading_order([MAIN], {file: outline.parts for file, outline in outlines.items()}):
        if isinstance(part, Heading):
            if part.level > level + 1:
                what = f"a heading of level {part.level} follows one of level {level}"
                yield Problem(what, place(path[-1], part.line), f"begin it with {'#' * (level + 1)}")
            level = part.level


def outlines_of(texts: Mapping[str, str], files: Collection[str], cache: Cache) -> dict[str, Outline]:
    """Outline files of narrative, each by itself; `files` are those of the workspace that may be pictured."""
    pictures = content_digest(*sorted(files))
    keys = {name: cache.key(pictures, text) for name, text in texts.items()}
    cached = {name: cache.get(_KIND, key) for name, key in keys.items()}
    outlines = {name: OUTLINE_JSON.validate_python(content) for name, content in cached.items() if content}
    if missing := {name: text for name, text in texts.items() if name not in outlines}:
        # Imported late: when nothing is new, neither pandoc nor what walks through its reading is needed.
        from scrutiny.narrative.markup import outline
        from scrutiny.narrative.pandoc_ast import parse

        for name, parsed in parse(missing).items():
            outlines[name] = outline(parsed, files)
            cache.put(_KIND, keys[name], OUTLINE_JSON.dump_python(outlines[name], mode="json"))
    return {name: outlines[name] for name in texts}
