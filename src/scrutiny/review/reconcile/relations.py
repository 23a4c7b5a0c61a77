"""The sums, parts and shares that relate the facts of a published report."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path

from scrutiny.errors import Location, Problem, WrongInput
from scrutiny.review.reconcile.published import Commentary
from scrutiny.statistics.ledger import Relations
from scrutiny.suggest import nearest

_WORD = "[a-z0-9_]+"


def relations(commentary: Commentary, facts: Collection[str], file: Path) -> Relations:
    """Resolve the declared relations to the facts of printed figures."""
    problems: list[Problem] = []

    def declared(key: str, rules: Mapping[str, str], operator: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        for whole, expression in rules.items():
            place = Location(file, column=f"{key}.{whole}")
            terms = [term.strip() for term in expression.split(operator)]
            found = _instances(whole, terms, facts)
            if operator == "/" and (len(terms) != 2 or any(len(operands) != 2 for _, operands in found)):
                problems.append(Problem(f"{expression!r} is no share", place, "write part / whole"))
                continue
            yield from found
            if found:
                continue
            unknown = [name for name in (whole, *terms) if "*" not in name and name not in facts]
            problems.extend(
                Problem(f"no figure of {name!r} is printed", place, nearest(name, facts)) for name in unknown
            )
            if not unknown:
                what = "no printed figures are related in this way"
                problems.append(Problem(what, place, "correct or delete it"))

    made = Relations(
        dict(declared("sums", commentary.sums, "+")),
        dict(declared("parts", commentary.parts, "+")),
        dict(declared("shares", commentary.shares, "/")),
    )
    if problems:
        raise WrongInput(problems)
    return made


def _instances(whole: str, terms: list[str], facts: Collection[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Give each fact that a relation is about, with the facts that it consists of.

    The first `*` of a term stands for the same word as the first of the whole, and so on; any further one stands
    for every word. A fact is left out if nothing matches one of the terms.
    """
    instances = []
    for fact in sorted(facts):
        if same := re.fullmatch(re.escape(whole).replace(r"\*", f"({_WORD})"), fact):
            found = []
            for term in terms:
                for word in same.groups():
                    term = term.replace("*", word, 1)
                named = re.escape(term).replace(r"\*", _WORD)
                found.append([other for other in sorted(facts) if other != fact and re.fullmatch(named, other)])
            if all(found):
                instances.append((fact, tuple(chain(*found))))
    return instances
