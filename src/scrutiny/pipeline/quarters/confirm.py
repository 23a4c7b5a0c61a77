"""Confirming, by name, that what was written for an earlier quarter still holds."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import yaml

from scrutiny.errors import Problem, WrongUse
from scrutiny.files import write_atomically
from scrutiny.inputs.project import Project
from scrutiny.narrative.carried_over import digest_of
from scrutiny.narrative.section import Section
from scrutiny.narrative.sections import load_narrative
from scrutiny.narrative.syntax import split_front_matter
from scrutiny.suggest import nearest
from scrutiny.yaml_models import read_text

CONFIRMED = "confirmed"


def confirm(project: Project, quarter: str, names: Collection[str], by: str | None) -> list[str]:
    """Write into front matter who confirmed headings or stated numbers; gives what was confirmed.

    Parameters
    ----------
    names : collection of str
        The heading's words, its id, or its place as `status` lists it; or the text of a stated number.

    Raises
    ------
    WrongUse
        If nobody is named, or a name fits nothing or several; then nothing is written.
    """
    if not by or not by.strip():
        raise WrongUse(Problem("a confirmation needs a name", hint="add --by NAME"))
    narrative = load_narrative(project.sections, quarter, project.parameters(quarter).sections)
    known = [
        (section, name, line, digest, calls)
        for section in narrative.sections
        if not section.from_skeleton
        for name, line, digest, calls in _confirmable(section)
    ]
    chosen, problems = [], []
    for asked in names:
        found = [one for one in known if _plain(asked) in one[-1]]
        places = [f"{section.source}:{line}" for section, _, line, _, _ in found]
        if len({one[3] for one in found}) == 1:
            chosen += found
        elif found:
            problems.append(
                Problem(f"there are several {asked!r}", hint=f"name one by its place: {', '.join(places)}")
            )
        else:
            what = f"sections/{quarter} has no heading or stated number {asked!r}"
            problems.append(Problem(what, hint=nearest(asked, [one[1] for one in known])))
    if problems:
        raise WrongUse(problems)
    for section in dict.fromkeys(section.source for section, *_ in chosen):
        _write(project, [one for one in chosen if one[0].source == section], by.strip())
    return [f"{section.source}:{line}: {name} is confirmed by {by.strip()}" for section, name, line, *_ in chosen]


def _confirmable(section: Section) -> Iterator[tuple[str, int, str, set[str]]]:
    """Yield what may be confirmed in a section: its name, line and digest, and what it may be called."""
    for text in section.texts:
        if text.sentences:
            places = {f"{section.source}:{text.line}", f"{section.name}:{text.line}"}
            calls = {_plain(text.title), _plain(text.key), _plain(f"#{text.key}"), *map(_plain, places)}
            yield text.title, text.line, digest_of(text.sentences), calls - {"", "#"}
    for stated in section.front_matter.stated:
        yield stated.text, section.line_of(stated), stated.digest, {_plain(stated.text)}


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _write(project: Project, chosen: list[tuple[Section, str, int, str, set[str]]], by: str) -> None:
    section = chosen[0][0]
    kept = {one.text: one.model_dump() for one in section.front_matter.confirmed}
    kept |= {digest: {"name": name, "by": by, "text": digest} for _, name, _, digest, _ in chosen}
    written = yaml.safe_dump({CONFIRMED: list(kept.values())}, allow_unicode=True, sort_keys=False, width=1000)
    path = project.root / section.source
    write_atomically(path, with_key(read_text(path, str(section.source)), CONFIRMED, written))


def with_key(text: str, key: str, written: str) -> str:
    """Return a section's file with a key of its front matter written anew or taken out, and nothing else."""
    front_matter, _, body = split_front_matter(text)
    rest = written + _without(front_matter, key)
    return f"---\n{rest}---\n{body}" if rest else body


def _without(front_matter: str, key: str) -> str:
    node = yaml.compose(front_matter, yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        return front_matter
    if node.flow_style:
        content: dict[str, Any] = yaml.safe_load(front_matter)
        content.pop(key, None)
        return yaml.safe_dump(content, allow_unicode=True, sort_keys=False) if content else ""
    lines = front_matter.splitlines(keepends=True)
    starts = [one.start_mark.line for one, _ in node.value]
    for position, (name, value) in enumerate(node.value):
        if name.value == key:
            # A block ends where the next key begins, one in braces on the line of the closing brace.
            after = value.end_mark.line + (value.end_mark.column > 0)
            after = min([after, *starts[position + 1 : position + 2]])
            return "".join(lines[: name.start_mark.line] + lines[after:])
    return front_matter
