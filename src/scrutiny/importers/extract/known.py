"""Labels of a file beside the values that a dataset knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_NO_MATTER = {"of", "on", "in", "and", "the", "a", "by", "with", "for", "to", "number", "total", "figures"}
_GENERAL = {"offence", "crime", "record", "incident", "recorded", "data", "number"}
_SHORTEST_ACRONYM = 3


def words(text: str) -> list[str]:
    """Give the words of a text as they are compared: without plurals, marks and capitals."""
    found = re.findall(r"[a-z0-9]+", text.casefold())
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in found
    ]


def plain_match(label: str, known: Iterable[str], about: str = "") -> str | None:
    """Give the known value that a label plainly is; None if none, or more than one, could be meant.

    It is one if both have the same words or letters, it is an acronym of it, or it says "all" of what the dataset,
    `about`, is of anyway.
    """
    own = words(label)
    topic = {*words(about), *_GENERAL}
    ways = (
        lambda value: label.casefold() == value.casefold(),
        lambda value: re.sub(r"\W|_", "", label.casefold()) == re.sub(r"\W|_", "", value.casefold()),
        lambda value: set() != set(own) - _NO_MATTER == set(words(value)) - _NO_MATTER,
        lambda value: (
            len(own) == 1
            and len(label) >= _SHORTEST_ACRONYM
            and label.casefold() == "".join(word[0] for word in re.findall("[a-z0-9]+", value.casefold()))
        ),
        lambda value: value in ("all", "other") and value in own and set(own) - {value} <= topic,
        lambda value: bool(re.search(r"_\d+$", value)) and set(words(value)) <= set(own),
    )
    values = list(known)
    for is_meant in ways:
        found = [value for value in values if is_meant(value)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def suggestion(label: str, known: Sequence[str]) -> str:
    """Give the known value that shares the most words with a label; empty if none shares one."""
    own = set(words(label)) - _NO_MATTER

    def shared(value: str) -> float:
        theirs = set(words(value))
        return len(own & theirs) / len(own | theirs) if own else 0

    best = max(known, key=shared, default="")
    return best if best and shared(best) else ""
