"""Which facts of a published report hang together: sums, parts and shares, as the file beside it declares them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrutiny.errors import Place, Problem, WrongInput
from scrutiny.review.reconcile.reading import Reading
from scrutiny.suggest import nearest

_WORD = "[a-z0-9_]+"


@dataclass(frozen=True)
class Relations:
    """Facts by what they are computed from.

    Parameters
    ----------
    sums, parts : mapping of str to tuple of str
        A fact, and all the facts that add up to it, or some that are part of it.
    shares : mapping of str to tuple of str
        A fact, and the two of which it is the percentage.
    """

    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def relations(reading: Reading, facts: Collection[str], file: Path) -> Relations:
    """Find the facts that the declared relations name.

    Raises
    ------
    WrongInput
        If a relation names a fact of which no figure is printed.
    """
    problems: list[Problem] = []

    def declared(key: str, rules: Mapping[str, str], sign: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for whole, written in rules.items():
            place = Place(file, column=f"{key}.{whole}")
            terms = [term.strip() for term in written.split(sign)]
            if sign == "/" and len(terms) != 2:
                problems.append(Problem(f"{written!r} is no share", place, "write part / whole"))
                continue
            found = list(_instances(whole, terms, facts))
            for name in (whole, *terms):
                if not found and "*" not in name and name not in facts:
                    what = f"no figure of {name!r} is printed"
                    problems.append(Problem(what, place, nearest(name, facts)))
            if not found and all("*" in name or name in facts for name in (whole, *terms)):
                problems.append(Problem("no printed figures hang together so", place, "mend or delete it"))
            yield from found

    made = Relations(
        dict(declared("sums", reading.sums, "+")),
        dict(declared("parts", reading.parts, "+")),
        {fact: (part, whole) for fact, (part, whole) in declared("shares", reading.shares, "/")},
    )
    if problems:
        raise WrongInput(problems)
    return made


def _instances(whole: str, terms: list[str], facts: Collection[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each fact that a relation speaks of, with the facts of which it consists.

    What the first `*` of the fact stands for, the first of each term stands for too, and so the second; any
    further one stands for every word.
    """
    pattern = re.compile(re.escape(whole).replace(r"\*", f"({_WORD})"))
    for fact in sorted(facts):
        if (same := pattern.fullmatch(fact)) is None:
            continue
        found: list[str] = []
        for term in terms:
            for word in same.groups():
                term = term.replace("*", word, 1)
            named = re.compile(re.escape(term).replace(r"\*", _WORD))
            matching = [other for other in sorted(facts) if other != fact and named.fullmatch(other)]
            if not matching:
                break
            found += matching
        else:
            yield fact, tuple(found)
