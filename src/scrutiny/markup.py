"""Markup of narrative that the two engines or the three formats would not show alike."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from scrutiny.syntax import split_front_matter, without_shortcodes

Found = tuple[str, int, str]
"""What is wrong, on which line, and what to write instead."""

FORMATS = ("html", "docx", "typst")
CALLOUTS = tuple(f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution"))
CONDITIONS = ("content-visible", "content-hidden")
DIV_CLASSES = (*CALLOUTS, *CONDITIONS, "contents", "heading-block", "notes")
SPAN_CLASSES = (*CONDITIONS, "value")
_KEYS = {
    **{callout: {"title"} for callout in CALLOUTS},
    **{condition: {"when-format", "unless-format"} for condition in CONDITIONS},
    "value": {"data-name"},
}

_DIV = re.compile(r"^[ \t>]*(?P<colons>:{3,})[ \t]*(?P<attributes>\{[^}]*\}|[\w-]+)?[ \t]*:*[ \t]*$", re.MULTILINE)
_SPAN = re.compile(r"\[[^\[\]]*\](?P<attributes>\{[^{}\n]*\})")
_IMAGE = re.compile(r"!\[(?P<caption>[^\]]*)\]\((?P<target>[^)\s]*)[^)]*\)(?P<attributes>\{[^}]*\})?")
_CLASS = re.compile(r"(?:^|\s)\.(?P<name>[\w-]+)")
_ID = re.compile(r"(?:^|\s)#(?P<name>[\w:.-]+)")
_PAIR = re.compile(r"(?P<key>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<plain>[^\s}]*))")
_TAG = re.compile(r"(?<!\\)</?[A-Za-z][\w-]*(?:\s[^<>]*)?/?>")
_ADDRESS = re.compile(r"^<(?:https?:|mailto:)|^<[^\s<>@]+@")
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\{(?P<kind>[^}]*)\}", re.MULTILINE)
_RAW_SPAN = re.compile(r"`\{=\w+\}")
_MATHS = re.compile(r"(?<![\\$])\$(?![\s$])(?:[^$\n\\]|\\.)*?(?<![\s\\])\$(?!\d)|(?<!\\)\$\$")
_LATEX = re.compile(r"(?<!\\)\\(?:\\\\)*[A-Za-z]+")
_UNLISTED = (
    # pattern, what it is, what to write instead
    (
        re.compile(r"^(?=[^|>\s\x00]).*\n(?:=+|-+)[ \t]*$", re.MULTILINE),
        "an underlined heading",
        "write it with #",
    ),
    (re.compile(r"(?:^|\n)[ \t]*\n[ \t]*(?:-[ \t]*){3,}(?=\n|$)"), "a rule across the page", "use a heading"),
    (re.compile(r"(?:^|\n)[ \t]*\n[ \t]*(?:[*_][ \t]*){3,}(?=\n|$)"), "a rule across the page", "use a heading"),
    (re.compile(r"^[ \t]*\+[-=:+]{3,}", re.MULTILINE), "a grid table", "write it with pipes: | a | b |"),
    (re.compile(r"^\|[ \t][^|\n]*$", re.MULTILINE), "a block of lines", "write a list, or paragraphs"),
    (
        re.compile(r"^[ \t]*(?:>[ \t]*|[-*+][ \t]+|\d+[.)][ \t]+)#{1,6}[ \t]", re.MULTILINE),
        "a heading inside a list or quotation",
        "put the heading outside",
    ),
)
_CITATION = re.compile(r"(?<![\w@\\./])@(?!(?:fig|tbl|sec)-\w)(?P<key>[A-Za-z_][\w:.-]*)")
_NOTE_USED = re.compile(r"\[\^(?P<name>[^\]\s]+)\](?!:)")
_NOTE_DEFINED = re.compile(r"^\[\^(?P<name>[^\]\s]+)\]:", re.MULTILINE)


def markup_problems(text: str, files: Collection[str]) -> Iterator[Found]:
    """Find markup that is not among what `docs/authoring.md` lists.

    Parameters
    ----------
    text : str
        A file of narrative.
    files : collection of str
        Files of the workspace that may be pictured.
    """
    _, lines, body = split_front_matter(text)
    text = "\n" * lines + body
    for fence in _FENCE.finditer(text):
        kind = fence["kind"].strip()
        if not kind.startswith("."):
            yield (
                f"a block of {{{kind}}} is not shown alike in all formats",
                _line(text, fence.start()),
                "code runs in notebooks; a block to be read is fenced as ``` or ```python",
            )
    for raw in _RAW_SPAN.finditer(text):
        yield "raw markup is not shown alike in all formats", _line(text, raw.start()), "write it as Markdown"
    prose = without_shortcodes(text)
    yield from _divs(prose)
    yield from _spans(prose)
    yield from _images(prose, files)
    yield from _footnotes(prose)
    for tag in _TAG.finditer(prose):
        if not _ADDRESS.match(tag[0]):
            yield f"the HTML {tag[0]} would show only in HTML", _line(text, tag.start()), "write it as Markdown"
    for maths in _MATHS.finditer(prose):
        yield f"{maths[0]} is read as mathematics", _line(text, maths.start()), "write \\$ for a dollar sign"
    for latex in _LATEX.finditer(prose):
        yield f"the LaTeX {latex[0]} would show nowhere", _line(text, latex.start()), "write \\\\ for a backslash"
    for pattern, what, instead in _UNLISTED:
        for found in pattern.finditer(prose):
            yield f"{what} is not among what docs/authoring.md lists", _line(text, found.end()), instead
    for citation in _CITATION.finditer(prose):
        yield (
            f"@{citation['key']} is read as a citation, which the report has none of",
            _line(text, citation.start()),
            "refer to @fig-…, @tbl-… or @sec-…, or write \\@ for the sign itself",
        )


def _divs(prose: str) -> Iterator[Found]:
    opened: list[tuple[int, str]] = []
    for fence in _DIV.finditer(prose):
        line = _line(prose, fence.start())
        if fence["attributes"] is None:
            if not opened:
                yield "::: closes a block that was not opened", line, "take it out, or open the block above it"
                continue
            start, attributes = opened.pop()
            if _is_float(attributes):
                yield from _float(prose, start, fence.start(), attributes)
        else:
            opened.append((fence.end(), fence["attributes"]))
            yield from _attributes(fence["attributes"], line, DIV_CLASSES, "block")
    for start, attributes in opened:
        yield (
            f"the block {attributes} is not closed",
            _line(prose, start),
            "close it with ::: on a line of its own",
        )


def _is_float(attributes: str) -> bool:
    return bool(re.search(r"#(fig|tbl)-", attributes))


def _float(prose: str, start: int, end: int, attributes: str) -> Iterator[Found]:
    """Find a figure or table block that does not end with a caption."""
    paragraphs = [paragraph for paragraph in re.split(r"\n[ \t]*\n", prose[start:end].strip()) if paragraph]
    last = paragraphs[-1].strip() if paragraphs else ""
    if len(paragraphs) < 2 or last.startswith(("|", "!", ":")) or not last.strip("\x00 "):
        yield (
            f"the block {attributes} has no caption",
            _line(prose, start),
            "let its last paragraph be the caption, a blank line before it",
        )


def _spans(prose: str) -> Iterator[Found]:
    for span in _SPAN.finditer(prose):
        yield from _attributes(span["attributes"], _line(prose, span.start()), SPAN_CLASSES, "span")


def _attributes(attributes: str, line: int, known: Collection[str], what: str) -> Iterator[Found]:
    inside = attributes.strip("{}") if attributes.startswith("{") else f".{attributes}"
    classes = [found["name"] for found in _CLASS.finditer(inside)]
    for name in classes:
        if name not in known:
            yield f"a {what} of the class {name} is not known", line, f"known: {', '.join(sorted(known))}"
    if what == "block" and not classes and not _is_float(inside):
        yield (
            f"the block {attributes} is of no known kind",
            line,
            f"known: {', '.join(sorted(known))}, #fig-…, #tbl-…",
        )
    allowed = set().union(*(_KEYS.get(name, set()) for name in classes))
    for pair in _PAIR.finditer(inside):
        key, text = pair["key"], pair["quoted"] if pair["quoted"] is not None else pair["plain"]
        if key not in allowed:
            yield f"the attribute {key} is not known here", line, f"known: {', '.join(sorted(allowed)) or 'none'}"
        elif key.endswith("-format") and text not in FORMATS:
            yield f"{key} names no format: {text}", line, "write html, docx or typst; the PDF is made by typst"


def _images(prose: str, files: Collection[str]) -> Iterator[Found]:
    for image in _IMAGE.finditer(prose):
        line = _line(prose, image.start())
        target = image["target"]
        if re.match(r"[a-z]+:|//", target, re.IGNORECASE):
            yield f"the picture {target} lies elsewhere", line, "put the file beside the sections"
        elif target not in files:
            yield f"the picture {target} is missing", line, "name it from the report: sections/picture.png"
        if not re.search(r"fig-alt=\"[^\"]+\"", image["attributes"] or ""):
            yield (
                "the picture has no alternative text",
                line,
                'add {fig-alt="what a reader who does not see it has to know"}',
            )


def _footnotes(prose: str) -> Iterator[Found]:
    defined = [(found["name"], _line(prose, found.start())) for found in _NOTE_DEFINED.finditer(prose)]
    used = [(found["name"], _line(prose, found.start())) for found in _NOTE_USED.finditer(prose)]
    names = [name for name, _ in defined]
    for position, (name, line) in enumerate(defined):
        if name in names[:position]:
            yield f"the footnote {name} is defined twice", line, "give one of the two another name"
        if name not in {name for name, _ in used}:
            yield f"the footnote {name} is never used", line, f"write [^{name}] where it belongs, or take it out"
    for name, line in used:
        if name not in names:
            yield f"the footnote {name} is not defined in this file", line, f"add a line [^{name}]: …"


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
