"""Outlines of the files of narrative; one that has not changed is not read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scrutiny.cache import Cache, content_sum
from scrutiny.narrative.outline import Outline

_KIND = "outlines"


def outlines_of(texts: Mapping[str, str], files: Collection[str], cache: Cache) -> dict[str, Outline]:
    """Let pandoc read files of narrative, each by itself, and give what it finds in them.

    Parameters
    ----------
    texts : mapping of str to str
        Name of a file and its text, the values wrapped as in the workspace.
    files : collection of str
        Files of the workspace that may be pictured.
    cache : Cache
    """
    there = content_sum(*sorted(files))
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
