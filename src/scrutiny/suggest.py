"""Hints for a wrong name: the nearest names, and for a value what its measure does have."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from functools import cache
from math import prod

_MOST = 4
"""Values suggested."""
_LISTED = 12
_ALL = " (scrutiny values lists all)"
_ALIKE = 0.6
"""From this ratio of difflib on, two words may be meant for each other."""
_VERY_ALIKE = 0.8
_MUCH_LESS = 0.25
"""A name whose score is this much below the best is not suggested."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Give the names nearest to a wrong one, or else some that exist: ``did you mean "quarter"?``.

    Capitals do not count. Of many names those come first that are least unlike it.
    """
    known = sorted(names)
    folded = {other.casefold(): other for other in reversed(known)}
    if question := _question([folded[other] for other in get_close_matches(name.casefold(), list(folded))]):
        return question
    if len(known) > _LISTED:
        least_unlike = get_close_matches(name.casefold(), list(folded), _LISTED, 0.3)
        known = [*(folded[other] for other in least_unlike), *known]
    return f"known: {_listed(list(dict.fromkeys(known)))}" if known else "there are none yet"


def instead_of(name: str, values: Collection[str] | Mapping[str, str]) -> str:
    """Guess which value a wrong name was meant for: ``did you mean "crime.all.year.count"? crime.all.year has …``.

    Parameters
    ----------
    name : str
        A name misspelt or cut short, or the text of a value.
    values : collection of str, or mapping of str to str
        The names, with their texts where these are known.
    """
    if not values:
        return "no notebook publishes a value yet"
    texts = values if isinstance(values, Mapping) else {}
    if names := _with_text(name, texts):
        return f"write the name of the value that says so: {_quoted(names)}"
    written = _as_names_are(name)
    if not written:
        return _topics(values)
    if below := _parts_below(written, values):
        names = [other for other in sorted(values) if other.startswith(f"{written}.")]
        return f"below it there are {_listed(names if len(names) <= _LISTED else below, _ALL)}"
    alike = _nearest_names(written, values)
    question = _question(alike)
    *known, wrong = _known_part(written, values)
    there = ".".join(known)
    if alike and (len(known) < 2 or written in values):
        # Where the measure itself is wrong, the other measures of its topic do not help.
        return question
    parts = _parts_below(there, values)
    rest = written.split(".")[len(known) + 1 :]
    fitting = [part for part in parts if rest and ".".join([*known, part, *rest]) in values]
    if fitting and not known:
        return _question([".".join([topic, *rest]) for topic in fitting[:_MOST]])
    if fitting:
        has = f"{there} has {'.'.join(rest)} for {_listed(fitting, _ALL)}"
    elif known:
        has = f"{there} has no {wrong}; it has {_listed(parts, _ALL)}"
    else:
        has = _topics(values)
    return " ".join(filter(None, (question, has)))


def _nearest_names(name: str, names: Collection[str]) -> list[str]:
    """Give the names nearest to a wrong one, the most alike and among these the shortest first."""
    found = _ranked(name, names, _likeness) or _ranked(name, names, _likeness_of_words)
    if not found and "." not in name:
        found = sorted((other for other in names if name in other), key=_by_length)
    return found[:_MOST]


def _ranked(name: str, names: Collection[str], alike: Callable[[str, str], float]) -> list[str]:
    parts = name.split(".")
    alike = cache(alike)

    def score(other: str) -> float:
        others = other.split(".")
        if sorted(parts) == sorted(others):
            return 1.0
        if len(parts) != len(others):
            return _with_parts_left_out(parts, others, alike)
        return prod(alike(one, another) for one, another in zip(parts, others, strict=True))

    scores = {other: score(other) for other in names}
    least = max(_ALIKE**2, max(scores.values(), default=0.0) - _MUCH_LESS)
    return sorted(
        (other for other in scores if scores[other] >= least),
        key=lambda other: (-scores[other], *_by_length(other)),
    )


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    ratio = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return ratio if ratio >= _ALIKE else 0.0


def _likeness_of_words(one: str, other: str) -> float:
    """Judge a word by the most alike of several: burglary is in burglary_residential."""
    best = max(_likeness(one, word) for word in other.split("_"))
    return 1.0 if one == other else best if best >= _VERY_ALIKE else 0.0


def _by_length(name: str) -> tuple[int, str]:
    return len(name), name


def _with_parts_left_out(parts: list[str], others: list[str], alike: Callable[[str, str], float]) -> float:
    """Judge a name that has a part too few or too many by the parts that both have, in their order."""
    shorter, longer = sorted((parts, others), key=len)
    product, at = 1.0, 0
    for part in shorter:
        scores = [alike(part, other) for other in longer[at:]]
        best = max(scores, default=0.0)
        if not best:
            return 0.0
        at += scores.index(best) + 1
        product *= best
    return product * len(shorter) / len(longer) if len(shorter) > 1 else 0.0


def _with_text(text: str, texts: Mapping[str, str]) -> list[str]:
    """Find the values whose text is this one, or else begins with it."""
    written = _plain(text)
    names = [name for name, other in texts.items() if _plain(other) == written]
    # What looks like a name is no beginning of a figure or phrase.
    if not names and len(written) > 2 and re.search(r"[^\w.-]", written):
        names = [name for name, other in texts.items() if _plain(other).startswith(written)]
    return sorted(names, key=_by_length)[:_MOST]


def _plain(text: str) -> str:
    """Write a text as it is typed: with hyphens for minus signs, single blanks and small letters."""
    return " ".join(text.replace("\N{MINUS SIGN}", "-").casefold().split())


def _as_names_are(name: str) -> str:
    """Write a name in small letters, with points between its parts and underscores within them."""
    small = name.strip(" .{}<>\"'").casefold()
    small = re.sub(r"[^a-z0-9_]+" if "." not in small else r"\s+", ".", small)
    return re.sub(r"[^a-z0-9_.]+", "_", small)


def _known_part(name: str, names: Collection[str]) -> list[str]:
    """Give the parts of a name as far as names begin so, and the first part that is wrong."""
    parts = name.split(".")
    for length in range(1, len(parts)):
        beginning = ".".join(parts[:length])
        if not any(other.startswith(f"{beginning}.") for other in names):
            return parts[:length]
    return parts


def _parts_below(beginning: str, names: Collection[str]) -> list[str]:
    """Give the parts with which names go on after a beginning, each once."""
    stem = f"{beginning}." if beginning else ""
    return sorted({name[len(stem) :].split(".")[0] for name in names if name.startswith(stem)})


def _topics(names: Collection[str]) -> str:
    return f"the topics are {_listed(_parts_below('', names), _ALL)}"


def _quoted(names: list[str]) -> str:
    *others, last = [f'"{name}"' for name in names]
    return f"{', '.join(others)} or {last}" if others else last


def _question(names: list[str]) -> str:
    return f"did you mean {_quoted(names)}?" if names else ""


def _listed(names: list[str], where_all_are: str = "") -> str:
    return ", ".join(names[:_LISTED]) + (f", …{where_all_are}" if len(names) > _LISTED else "")
