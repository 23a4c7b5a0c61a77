"""Classes, keys and ids that blocks, spans, headings, tables and pictures of the narrative may have."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from scrutiny.narrative.pandoc_ast import STAND_INS, Node, plain
from scrutiny.narrative.syntax import PICTURES

Attr = tuple[str, list[str], list[list[str]]]
Mistakes = Iterator[tuple[str, str]]
"""What is wrong, and what to write instead."""

NOT_LISTED = "is not among what docs/reference/authoring.md lists"
FORMATS = ("html", "docx", "typst")
CALLOUTS = tuple(f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution"))
CONDITIONS = ("content-visible", "content-hidden")
LANDSCAPE = "landscape"
"""Class of what stands on a page that lies across."""
ABSENT = "absent"
"""Class of what `conditions` emptied."""
_CONDITION_KEYS = ("when-format", "unless-format")
_BLOCKS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(CALLOUTS, ("title",)),
    **dict.fromkeys(CONDITIONS, _CONDITION_KEYS),
    "contents": (),
    "heading-block": (),
    LANDSCAPE: (),
    "notes": (),
}
_SPANS: dict[str, tuple[str, ...]] = {ABSENT: (), **dict.fromkeys(CONDITIONS, _CONDITION_KEYS)}
_DEEPEST = 6
_PLAIN = re.compile(r"(?=\s*\S)[^<>{}@$\\`^\[\]]+")


def is_float(name: str) -> bool:
    """Whether an id is that of a figure or table."""
    return name.startswith(("fig-", "tbl-"))


def block(attr: Attr, content: Sequence[Node]) -> Mistakes:
    """Check a fenced block."""
    name, classes, pairs = attr
    if is_float(name):
        if set(classes) - {LANDSCAPE} or pairs:
            yield f"the block #{name} has other attributes", "an id is all it has, and .landscape"
        yield from _float(name, content)
        return
    if name:
        yield f"a block has no id, and not #{name}", "headings, tables and figures have ids"
    if not classes:
        yield "the block is of no known kind", f"known: {', '.join(_BLOCKS)}, #fig-…, #tbl-…"
        return
    yield from _classes("block", classes, pairs, _BLOCKS)
    if "contents" in classes and content:
        yield "the block contents holds nothing: the list of contents is put there", "empty it"
    if "heading-block" in classes and not all(map(_is_plain_definitions, content)):
        what = "the heading block holds terms and their definitions, and nothing else"
        yield what, "write each as a term, a blank line, and : with its text"


def span(attr: Attr) -> Mistakes:
    """Check a span that is not a value."""
    name, classes, pairs = attr
    if name:
        yield f"a span has no id, and not #{name}", "headings, tables and figures have ids"
    if not classes:
        yield "the span is of no known kind", f"known: {', '.join(_SPANS)}"
    yield from _classes("span", classes, pairs, _SPANS)


def heading(level: int, attr: Attr) -> Mistakes:
    """Check a heading."""
    name, classes, pairs = attr
    if is_float(name):
        yield "the id of a heading does not begin with fig- or tbl-", f"write #sec-{name[4:]}"
    if level > _DEEPEST:
        yield f"a heading has at most {_DEEPEST} levels, not {level}", "write fewer #"
    if pairs or set(classes) - {"unnumbered"}:
        yield "a heading has an id and .unnumbered at most", "take the other attributes out"


def captioned(what: str, attr: Attr, has_caption: bool, in_block: bool) -> Mistakes:
    """Check a table, or a picture with a caption."""
    name, classes, pairs = attr
    kind = {"table": "tbl", "picture": "fig"}[what]
    if set(classes) - ({LANDSCAPE} if what == "table" else set()) or pairs:
        also = " but for .landscape" if what == "table" else ""
        instead = f"an id, {{#{kind}-…}}, is all it has behind its caption{also}"
        yield f"a {what} has no such attributes", instead
    if name and not name.startswith(f"{kind}-"):
        yield f"the id of a {what} begins with {kind}-, and is not {name}", f"write #{kind}-…"
    if name and not has_caption:
        yield f"the {what} {name} has no caption", "write it before the {…}"
    if in_block and (name or has_caption):
        yield f"the {what} has a caption, and so has the block round it", "keep one of the two"


def picture(attr: Attr, address: str, files: Collection[str]) -> Mistakes:
    """Check a picture and its address."""
    _, classes, pairs = attr
    given: dict[str, str] = dict(pairs)
    if re.match(r"[a-z]+:|//", address, re.IGNORECASE):
        yield f"the picture {address} lies elsewhere", "put the file beside the sections"
    elif " " in address:
        yield f"the name of the picture {address!r} has a blank in it", "rename the file, with - for the blank"
    elif not address.endswith(PICTURES):
        yield f"the picture {address} is neither PNG nor JPEG, and Word shows no other", "save it as PNG"
    elif address not in files:
        yield f"the picture {address} is missing", "name it from the report: sections/picture.png"
    if not given.get("fig-alt", "").strip():
        instead = 'add {fig-alt="what a reader who does not see it has to know"}'
        yield "the picture has no alternative text", instead
    if classes or set(given) - {"fig-alt", "width"}:
        yield "a picture has fig-alt and width at most", "take the other attributes out"
    if not re.fullmatch(r"\d+(\.\d+)?(px|in|cm|mm|%)?", given.get("width", "1")):
        yield f"{given['width']} is no width", "write it as 40px, 6cm or 50%"


def _classes(what: str, classes: list[str], pairs: list[list[str]], known: dict[str, tuple[str, ...]]) -> Mistakes:
    for name in classes:
        if name not in known:
            yield f"a {what} of the class {name} is not known", f"known: {', '.join(sorted(known))}"
    if len(classes) > 1:
        yield f"the {what} is of two kinds at once: {', '.join(classes)}", "put one inside the other"
    allowed = {key for name in classes for key in known.get(name, ())}
    for key, text in pairs:
        if key not in allowed:
            yield f"the attribute {key} is not known here", f"known: {', '.join(sorted(allowed)) or 'none'}"
        elif key in _CONDITION_KEYS and text not in FORMATS:
            yield f"{key} names no format: {text}", "write html, docx or typst; the PDF is made by typst"
        elif key == "title" and not STAND_INS.search(text) and not _PLAIN.fullmatch(text):
            yield f"the title {text!r} is empty or not plain text", "write it as a heading that opens the block"
    if set(classes) & set(CONDITIONS) and not pairs:
        yield f"the {what} does not say for which format it is", 'add when-format="html", "docx" or "typst"'


def _float(name: str, content: Sequence[Node]) -> Mistakes:
    """Check a block whose last paragraph is the caption of the table or the pictures in it."""
    *others, last = content or [{"t": "Null"}]
    if last["t"] != "Para" or _is_pictures(last) or not plain(last["c"]).strip():
        yield f"the block #{name} has no caption", "let its last paragraph be the caption, a blank line before it"
        return
    tables = sum(one["t"] == "Table" for one in others)
    pictures = sum(_is_pictures(one) or one["t"] == "Figure" for one in others)
    notes = sum(one["t"] == "Div" and "notes" in one["c"][0][1] for one in others)
    if name.startswith("tbl-") and (tables != 1 or tables + notes != len(others)):
        yield f"the block #{name} holds one table and its caption", "put anything else outside"
    if name.startswith("fig-") and (not pictures or pictures != len(others)):
        yield f"the block #{name} holds pictures and their caption", "put anything else outside"
    elif any(sum(inline["t"] == "Image" for inline in one["c"]) > 1 for one in others if _is_pictures(one)):
        # Quarto would show the first alone.
        yield f"the block #{name} has two pictures in one paragraph", "put a blank line between them"


def _is_pictures(one: Node) -> bool:
    return one["t"] in ("Para", "Plain") and {inline["t"] for inline in one["c"]} <= {
        "Image",
        "Space",
        "SoftBreak",
    }


def _is_plain_definitions(one: Node) -> bool:
    items: Any = one.get("c")
    return one["t"] == "DefinitionList" and all(
        len(definitions) == 1 and len(definitions[0]) == 1 and definitions[0][0]["t"] in ("Para", "Plain")
        for _, definitions in items
    )
